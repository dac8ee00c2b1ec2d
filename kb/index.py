"""The index: articles in, verdicts out, while anybody puts and drops."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kb.article import Article
from kb.courtesy import content, courtesy
from kb.decide import Asked, confidences, verdict
from kb.exact import Exact
from kb.junk import says_nothing
from kb.meaning import Encoder, encode, installed
from kb.rank import Evidence, gather
from kb.repair import repair
from kb.segment import Prepared, phrase_words, prepare
from kb.store import Store
from kb.text import sentences, tokens
from kb.verdict import Candidate, Sure, Verdict
from kb.vocabulary import Vocabulary

_LONG = 40  # words from which a question may hide in one sentence (shorter texts: whole is better on dev)
_OWN = 0.6  # an article in the person's language is shown down to this share of a foreign one's confidence
_ALONE = 0.95  # what a sentence's confidence is worth beside the whole text's


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text was read, and what was found by it: data for ``kb match``."""

    how: str  # "exact", "typed", "layout:…", "translit", "sentence", or "" where there is nothing to read
    words: tuple[str, ...]
    evidence: Evidence | None
    candidates: tuple[Candidate, ...]


class Index:
    """A knowledge base that answers questions.

    Where the optional sentence encoder is installed, it is asked too whenever likeness alone is not sure;
    ``encoder=None`` does without.

    ``find`` may be called from any thread while another puts or drops; puts and drops wait for each other.
    """

    def __init__(
        self, articles: Iterable[Article] = (), *, encoder: Encoder | Literal["installed"] | None = "installed"
    ) -> None:
        self._vocabulary = Vocabulary()
        self._exact = Exact()
        self._articles: dict[int | str, Prepared] = {}
        for article in articles:
            self._articles[article.id] = prepare(article)
        for prepared in self._articles.values():
            self._learn(prepared)
        self._encoder = installed() if encoder == "installed" else encoder
        self._store = Store(list(self._articles.values()), self._encoder)

    def __len__(self) -> int:
        return len(self._articles)

    def find(self, text: str, language: str | None = None) -> Verdict:
        """Return what answers a text; articles in ``language`` come first where they answer as well.

        Only the first 4,000 characters and 64 words are read; nothing in a text raises.
        """
        return verdict(self.explain(text, language).candidates)

    def explain(self, text: str, language: str | None = None) -> Reading:
        """Return how a text was read and what speaks for each candidate."""
        typed = content(tokens(text))
        if exact := self._exact.find(typed, language):
            return Reading("exact", tuple(typed), None, _named(exact, typed))
        if says_nothing(typed) or courtesy(text):
            return Reading("", tuple(typed), None, ())
        how, words = repair(text, typed, self._store.snapshot.coverage, self._vocabulary)
        if how != "typed" and (exact := self._exact.find(words, language)):
            return Reading(how, tuple(words), None, _named(exact, words))
        whole = self._read(how, words, language, _plain(text, typed) if how == "typed" else " ".join(words))
        if len(typed) < _LONG or isinstance(verdict(whole.candidates), Sure):
            return whole
        return max([whole, *self._parts(text, language)], key=_confidence)

    def put(self, article: Article) -> None:
        """Add an article or replace the one of the same id; the next ``find`` knows it."""
        self.put_all((article,))

    def put_all(self, articles: Iterable[Article]) -> None:
        """Put several at once: one pause for weighing instead of many."""
        with self._store.writing:
            for article in articles:
                self._forget(article.id)
                prepared = prepare(article)
                self._learn(prepared)
                self._articles[article.id] = prepared
                self._store.put(prepared)
            self._store.settle_soon()

    def drop(self, article_id: int | str) -> None:
        """Remove an article; one that is not there is no error."""
        with self._store.writing:
            self._forget(article_id)
            self._store.settle_soon()

    def settle(self) -> None:
        """Wait until all that was put and dropped is weighed as in a fresh index; ``find`` never needs it."""
        self._store.settle()

    def evidence(self, words: list[str], meant: str = "", language: str | None = None) -> tuple[Evidence, Asked]:
        """Return the candidates for some words, with what their probability depends on.

        ``meant`` is the text to encode: where it is given and the base is encoded, meaning is evidence too. With a
        ``language`` articles in others do not exist.
        """
        now = self._store.snapshot
        asked, scores, known = now.ask(words)
        if meant and self._encoder and now.meant:
            vector = encode(self._encoder, [meant])[0]
            scores = [score.with_meaning(vector) for score in scores]
        if language:
            scores = [score.only(language) for score in scores]
        return gather(scores, asked), Asked(known, len(words), len(self._articles))

    def _read(self, how: str, words: list[str], language: str | None, text: str) -> Reading:
        """Return what is found by likeness, and where that is not sure, by meaning as well."""
        found = self._weigh(how, words, language, "")
        if self._encoder is None or isinstance(verdict(found.candidates), Sure):
            return found
        return self._weigh(how, words, language, text)

    def _weigh(self, how: str, words: list[str], language: str | None, meant: str) -> Reading:
        """Return what is found in the person's language, or in all where that is clearly better."""
        own = None
        if language and self._store.snapshot.speaks_others(language):
            own = self._reading(how, words, *self.evidence(words, meant, language))
            if isinstance(verdict(own.candidates), Sure):
                return own
        found = self._reading(how, words, *self.evidence(words, meant))
        return own if own and _confidence(own) >= _OWN * _confidence(found) else found

    def _reading(self, how: str, words: list[str], evidence: Evidence, asked: Asked) -> Reading:
        return Reading(how, tuple(words), evidence, _candidates(evidence, asked) if evidence.articles else ())

    def _parts(self, text: str, language: str | None) -> list[Reading]:
        found: list[Reading] = []
        said = sentences(text)
        for sentence in said if len(said) > 1 else ():
            words = content(tokens(sentence))
            if len(words) > 1 and not says_nothing(words):
                part = self._read("sentence", words, language, " ".join(words))
                less = tuple(
                    Candidate(c.article_id, round(c.confidence * _ALONE, 4), c.phrasing) for c in part.candidates
                )
                found.append(Reading("sentence", part.words, part.evidence, less))
        return found

    def _learn(self, prepared: Prepared) -> None:
        self._vocabulary.add(prepared.lines)
        self._exact.add(prepared)

    def _forget(self, article_id: int | str) -> None:
        old = self._articles.pop(article_id, None)
        if old is not None:
            self._vocabulary.remove(old.lines)
            self._exact.remove(old)
            self._store.drop(article_id)


def _named(found: tuple[Article, ...], words: list[str]) -> tuple[Candidate, ...]:
    """Return the articles that are asked in exactly these words: certain, or as many times less as they are more."""
    share = round(1.0 / len(found), 4)
    return tuple(Candidate(article.id, share, _as_written(article, words)) for article in found[:3])


def _as_written(article: Article, words: list[str]) -> str:
    return next((text for text in article.phrasings if phrase_words(text) == words), article.question)


def _plain(text: str, typed: list[str]) -> str:
    """Return a text as it was typed, without the politeness around it where there was some."""
    return text if len(tokens(text)) == len(typed) else " ".join(typed)


def _confidence(reading: Reading) -> float:
    return reading.candidates[0].confidence if reading.candidates else -1.0


def _candidates(evidence: Evidence, asked: Asked) -> tuple[Candidate, ...]:
    chance, places = confidences(evidence, asked)
    return tuple(
        Candidate(evidence.articles[at].id, round(float(p), 4), evidence.phrasings[at])
        for at, p in zip(places, chance, strict=True)
    )
