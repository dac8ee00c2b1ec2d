"""The index: articles in, verdicts out, while anybody puts and drops."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from kb.article import Article
from kb.matching.calibration import verdict_by_confidence
from kb.matching.encoders import Encoder, installed_encoder
from kb.matching.exact import Exact
from kb.matching.facts import opposes_phrasings
from kb.matching.query_reading import Heard, Reading, read_question_text, score_words
from kb.matching.segment import Prepared, phrase_words, prepare_article
from kb.matching.store import Store
from kb.text.courtesy import content_words, courtesy
from kb.text.input_repair import repair_input
from kb.text.normalize import is_number, split_sentences, text_tokens
from kb.text.spelling import Spelling
from kb.text.stopwords import EMPTY, says_nothing
from kb.text.vocabulary import Vocabulary
from kb.verdict import Candidate, Verdict

_LONG = 40  # words from which a question may hide in one sentence (shorter texts: whole is better on dev)
_NAMED = 0.5  # confidence in an article that is named by a number alone: offered, not answered
_ALONE = 0.95  # what a sentence's confidence is worth beside the whole text's


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
        self._spelling = Spelling()
        self._exact = Exact()
        self._articles: dict[int | str, Prepared] = {}
        self._told: dict[tuple[int | str, str], int | str] = {}  # the article of each group in each language
        for article in articles:
            self._articles[article.id] = prepare_article(article)
        for prepared in self._articles.values():
            self._learn(prepared)
        self._encoder = installed_encoder() if encoder == "installed" else encoder
        self._store = Store(list(self._articles.values()), self._encoder)

    def __len__(self) -> int:
        return len(self._articles)

    @property
    def meant(self) -> bool:
        """Return whether there is an encoder, and every article is encoded."""
        return self._encoder is not None and self._store.snapshot.meant

    def find(self, text: str, language: str | None = None, *, waiting: bool = True) -> Verdict:
        """Return what answers a text; articles in ``language`` come first where they answer as well.

        What is found in another language is answered by its translation into this one, where there is one.
        Only the first 4,000 characters and 64 words are read; nothing in a text raises. Unless it is ``waiting`` for the
        encoder, what a text means counts only where ``find`` has met the text before.
        """
        found = self.explain(text, language, waiting=waiting).candidates
        return verdict_by_confidence(self._told_in(language, found) if language else found)

    def explain(self, text: str, language: str | None = None, *, waiting: bool = True) -> Reading:
        """Return how a text was read and what speaks for each candidate."""
        read = text_tokens(text)
        typed = content_words(read)
        if exact := self._exact.find(typed, language):
            return Reading("exact", tuple(typed), None, _named(exact, typed))
        if courtesy(text, read):
            return Reading("", tuple(typed), None, ())
        if says_nothing(typed):
            return self._numbered(typed, language, waiting=waiting)
        # a text is encoded as it was typed, without the politeness around it where there was some
        how, words, meant = self._heard(text, typed, text if len(read) == len(typed) else " ".join(typed))
        if how != "typed" and (exact := self._exact.find(words, language)):
            return Reading(how, tuple(words), None, _named(exact, words))
        whole = self._read(how, words, language, meant, waiting=waiting)
        if len(typed) < _LONG or whole.sure:
            return whole
        return max([whole, *self._parts(text, language, waiting=waiting)], key=lambda reading: reading.confidence)

    def _told_in(self, language: str, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Return candidates in a language, as far as they are translated into it, each article once."""
        told: dict[int | str, Candidate] = {}
        for one in found:
            known = self._articles.get(one.article_id)
            group = known.article.group if known is not None else None
            own = self._told.get((group, language), one.article_id) if group is not None else one.article_id
            told.setdefault(own, one if own == one.article_id else replace(one, article_id=own))
        return tuple(told.values())

    def _heard(self, text: str, typed: list[str], plain: str) -> tuple[str, list[str], str]:
        """Return how a text is read, its words, and what is encoded of it; a word mistyped stands beside the one it means."""
        coverage = self._store.snapshot.coverage
        how, words = repair_input(text, typed, coverage, self._vocabulary)
        if how != "typed":
            return how, words, " ".join(words)
        mended = self._spelling.mended(words, lambda word: coverage([word]) == 1.0)
        mended = {word: meant for word, meant in mended.items() if not opposes_phrasings([word], [[meant]])}
        both = [one for word in words for one in ((word, mended[word]) if word in mended else (word,))]
        return how, both, plain  # as it was typed: a fourth of clean questions have a word that looks mistyped

    def put(self, article: Article) -> None:
        """Add an article or replace the one of the same id; the next ``find`` knows it."""
        self.put_all((article,))

    def put_all(self, articles: Iterable[Article]) -> None:
        """Put several at once: one pause for weighing instead of many."""
        with self._store.writing:
            put = {article.id: prepare_article(article) for article in articles}  # the last of one id is meant
            for prepared in put.values():
                self._forget(prepared.article.id)
                self._learn(prepared)
                self._articles[prepared.article.id] = prepared
            if put:
                self._store.put(list(put.values()))
            self._store.settle_soon()

    def drop(self, article_id: int | str) -> None:
        """Remove an article; one that is not there is no error."""
        with self._store.writing:
            self._forget(article_id)
            self._store.settle_soon()

    def settle(self) -> None:
        """Wait until all that was put and dropped is weighed as in a fresh index; ``find`` never needs it."""
        self._store.settle()

    def hear(self, words: list[str]) -> Heard:
        """Return the scores of everything for some words."""
        return score_words(self._store.snapshot, words, len(self._articles))

    def _read(self, how: str, words: list[str], language: str | None, text: str, *, waiting: bool) -> Reading:
        now = self._store.snapshot
        mine = language if language and now.speaks_others(language) else None
        encoder = self._encoder if now.meant else None
        return read_question_text(
            how, score_words(now, words, len(self._articles)), mine, encoder, text, waiting=waiting
        )

    def _numbered(self, words: list[str], language: str | None, *, waiting: bool) -> Reading:
        """Return what a bare number names: an error code, a form, a model that some phrasing holds; nothing else is read."""
        told = [
            word for word in words if word not in EMPTY and is_number(word) and (len(word) > 2 or not word.isdigit())
        ]
        if not told or self._store.snapshot.coverage(told) < 1.0:
            return Reading("", tuple(words), None, ())
        found = self._read("typed", told, language, " ".join(told), waiting=waiting)
        held = [c for c in found.candidates if self._articles[c.article_id].holds(told)]
        return replace(found, candidates=tuple(replace(c, confidence=max(c.confidence, _NAMED)) for c in held))

    def _parts(self, text: str, language: str | None, *, waiting: bool) -> list[Reading]:
        """Return what the sentences of a long text say, each worth a little less than the whole."""
        found: list[Reading] = []
        said = split_sentences(text)
        for sentence in said if len(said) > 1 else ():
            words = content_words(text_tokens(sentence))
            if len(words) > 1 and not says_nothing(words):
                part = self._read("sentence", words, language, " ".join(words), waiting=waiting)
                less = tuple(replace(c, confidence=round(c.confidence * _ALONE, 4)) for c in part.candidates)
                found.append(replace(part, candidates=less))
        return found

    def _learn(self, prepared: Prepared) -> None:
        self._vocabulary.add(prepared.lines)
        self._spelling.add(prepared.lines)
        self._exact.add(prepared)
        if prepared.article.group is not None:
            self._told[prepared.article.group, prepared.article.language] = prepared.article.id

    def _forget(self, article_id: int | str) -> None:
        old = self._articles.pop(article_id, None)
        if old is not None:
            self._vocabulary.remove(old.lines)
            self._spelling.remove(old.lines)
            self._exact.remove(old)
            if (
                old.article.group is not None
                and self._told.get(place := (old.article.group, old.article.language)) == article_id
            ):
                del self._told[place]
            self._store.drop(article_id)


def _named(found: tuple[Article, ...], words: list[str]) -> tuple[Candidate, ...]:
    """Return the articles that are asked in exactly these words: certain, or as many times less as they are more."""
    share = round(1.0 / len(found), 4)
    return tuple(Candidate(article.id, share, _as_written(article, words)) for article in found[:3])


def _as_written(article: Article, words: list[str]) -> str:
    return next((text for text in article.phrasings if phrase_words(text) == words), article.question)
