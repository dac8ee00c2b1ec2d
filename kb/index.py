"""The index: articles in, verdicts out, while anybody puts and drops."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kb.article import Article
from kb.courtesy import content, courtesy
from kb.decide import MAYBE, RANKER, SURE, confidences
from kb.grams import keys_of
from kb.junk import says_nothing
from kb.rank import gather
from kb.repair import repair
from kb.segment import build, phrase_words
from kb.snapshot import Snapshot, part_of
from kb.text import tokens
from kb.verdict import Candidate, Maybe, Sure, Unknown, Verdict
from kb.vocabulary import Vocabulary

_OPEN = 16  # articles rewritten with each put
_SMALL = 400  # phrasings up to which a put weighs everything anew: a few milliseconds


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article lives: the part's segment and its row there."""

    segment: int
    row: int


class Index:
    """A knowledge base that answers questions.

    ``find`` may be called from any thread while another puts or drops; puts and drops wait for each other.
    """

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self._writing = threading.RLock()
        self._articles: dict[int | str, Article] = {article.id: article for article in articles}
        self._vocabulary = Vocabulary()
        self._exact: dict[str, tuple[int | str, ...]] = {}
        for article in self._articles.values():
            self._learn(article)
        self._snapshot = Snapshot()
        self._refresh()

    def __len__(self) -> int:
        return len(self._articles)

    def find(self, text: str, language: str | None = None) -> Verdict:
        """Return what answers a text; articles in ``language`` come first where they answer as well."""
        typed = content(tokens(text))
        exact = self._exactly(typed, text, language)
        if exact:
            return Sure(exact)
        if says_nothing(typed) or courtesy(text):
            return Unknown()
        _, words = repair(text, typed, self._vocabulary)
        candidates = self._candidates(words, language)
        if not candidates:
            return Unknown()
        top = candidates[0].confidence
        return Sure(candidates) if top >= SURE else Maybe(candidates) if top >= MAYBE else Unknown(candidates)

    def put(self, article: Article) -> None:
        """Add an article or replace the one of the same id; the next ``find`` knows it."""
        with self._writing:
            self._forget(article.id)
            self._articles[article.id] = article
            self._learn(article)
            self._refresh()

    def drop(self, article_id: int | str) -> None:
        """Remove an article; one that is not there is no error."""
        with self._writing:
            if article_id in self._articles:
                self._forget(article_id)
                self._refresh()

    def _candidates(self, words: list[str], language: str | None) -> tuple[Candidate, ...]:
        scores, known = self._snapshot.score(keys_of(words))
        evidence = gather(scores, " ".join(sorted(words)))
        if not evidence.articles:
            return ()
        ranks = evidence.features @ RANKER
        order = np.argsort(-ranks, kind="stable")[:3]
        sure = confidences(ranks[order], evidence.features[order], known)
        return tuple(
            Candidate(evidence.articles[at].id, round(float(p), 4), evidence.phrasings[at])
            for at, p in zip(order.tolist(), sure, strict=True)
        )

    def _exactly(self, typed: list[str], text: str, language: str | None) -> tuple[Candidate, ...]:
        ids = self._exact.get(" ".join(typed), ()) if typed else ()
        found = [article for article in (self._articles.get(i) for i in ids) if article]
        found.sort(key=lambda article: article.language != language)
        share = 1.0 / len(found) if found else 0.0
        return tuple(Candidate(a.id, round(share, 4), text.strip()[:200]) for a in found[:3])

    def _learn(self, article: Article) -> None:
        bags = [phrase_words(text) for text in (*article.phrasings, *article.keywords)]
        self._vocabulary.add(" ".join(bag) for bag in bags)
        for bag in bags[: len(article.phrasings)]:
            known = self._exact.get(" ".join(bag), ())
            if bag and article.id not in known:
                self._exact[" ".join(bag)] = (*known, article.id)

    def _forget(self, article_id: int | str) -> None:
        old = self._articles.pop(article_id, None)
        if old is None:
            return
        for text in old.phrasings:
            bag = " ".join(phrase_words(text))
            left = tuple(i for i in self._exact.get(bag, ()) if i != article_id)
            if left:
                self._exact[bag] = left
            else:
                self._exact.pop(bag, None)

    def _refresh(self) -> None:
        segment = build(list(self._articles.values()))
        self._snapshot = Snapshot((part_of(segment),)) if segment.articles else Snapshot()
