"""An immutable piece of the index: phrasings, and for each key the phrasings that hold it, in flat arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from kb.article import Article
from kb.matching.features import Keys, pairs_of
from kb.matching.query import bag_of
from kb.text.courtesy import content_words
from kb.text.normalize import text_tokens

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
_CHUNK = 1 << 20  # postings weighed at a time, so that readers get their turn
_STEM_WEIGHT = 2.0  # a stem counts as two grams: matching.md's best on dev, kept


@dataclass(frozen=True)
class Segment:
    """Articles with their phrasings; ``postings[starts[i]:starts[i + 1]]`` are the phrasings that hold ``keys[i]``."""

    articles: list[Article]
    texts: list[str]
    bags: list[str]  # the stems of each phrasing, sorted: what token_sort compares
    rows: Ints  # the article of each phrasing
    counts: Ints  # the phrasings of each article
    keys: Keys
    starts: NDArray[np.int64]
    postings: Ints

    @cached_property
    def firsts(self) -> list[int]:
        """Return where the phrasings of each article begin, and where the last ends."""
        return [0, *np.cumsum(self.counts).tolist()]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of the articles."""
        return tuple(sorted({article.language for article in self.articles}))

    @cached_property
    def _language(self) -> NDArray[np.int64]:
        number = {language: at for at, language in enumerate(self.languages)}
        return np.array([number[article.language] for article in self.articles])

    def speaks(self, language: str) -> NDArray[np.bool_]:
        """Return which articles are in a language."""
        number = self.languages.index(language) if language in self.languages else -1
        spoken: NDArray[np.bool_] = self._language == number
        return spoken

    def find(self, keys: Keys) -> NDArray[np.int64]:
        """Return the place of each key in ``self.keys``, -1 where it is not."""
        if not self.keys.size:
            return np.full(keys.size, -1)
        place = self.keys.searchsorted(keys)
        np.minimum(place, self.keys.size - 1, out=place)
        place[self.keys[place] != keys] = -1
        return place

    def frequency(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many phrasings hold the key at each place; 0 for -1."""
        if not self.keys.size:
            return np.zeros(places.size, np.int64)
        found = self.starts[places + 1] - self.starts[places]  # of place -1: starts[0] - starts[-1], put right below
        found[places < 0] = 0
        return found


def phrase_words(text: str) -> list[str]:
    """Return the words of a phrasing that count."""
    return list(_phrase_words(text))


@lru_cache(maxsize=1 << 13)
def _phrase_words(text: str) -> tuple[str, ...]:
    return tuple(content_words(text_tokens(text)))


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with the words of each of its phrasings, and of its keywords last where it has any."""

    article: Article
    lines: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """Return the words of the phrasings alone."""
        return self.lines[: 1 + len(self.article.aliases)]

    def holds(self, words: list[str]) -> bool:
        """Return whether some line of it holds any of these words."""
        return any(word in line.split() for line in self.lines for word in words)


def prepare_article(article: Article) -> Prepared:
    """Return an article whose words are read once for all that need them."""
    texts = [*article.phrasings, *([" ".join(article.keywords)] if article.keywords else [])]
    return Prepared(article, tuple(" ".join(phrase_words(text)) for text in texts))


def build_segment(prepared: Sequence[Prepared]) -> Segment:
    """Return the segment of some articles."""
    lines = [line for one in prepared for line in one.lines]
    counts = np.array([len(one.lines) for one in prepared])
    pairs = np.concatenate([_numbered(lines[at : at + _BATCH], at) for at in range(0, len(lines), _BATCH)] or [_NONE])
    pairs.sort()
    rows = np.arange(len(prepared), dtype=np.int32).repeat(counts)
    texts = [text for one in prepared for text in (*one.article.phrasings, one.article.question)[: len(one.lines)]]
    bags = [bag_of(line.split()) for line in lines]
    return _from_pairs([one.article for one in prepared], texts, bags, rows, pairs)


_BATCH = 8192  # phrasings hashed at a time
_NONE = np.empty(0, np.uint64)


def _numbered(lines: list[str], start: int) -> NDArray[np.uint64]:
    return pairs_of([line.split() for line in lines]) + np.uint64(start)


def _from_pairs(articles: list[Article], texts: list[str], bags: list[str], rows: Ints,
                pairs: NDArray[np.uint64]) -> Segment:  # fmt: skip
    postings = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int32)
    keys = (pairs >> np.uint64(32)).astype(np.uint32)
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if keys.size else np.empty(0, np.int64)
    starts = np.append(first, keys.size).astype(np.int64)
    counts = np.bincount(rows, minlength=len(articles)).astype(np.int32)
    return Segment(articles, texts, bags, rows, counts, keys[first], starts, postings)


def merge_segments(parts: Iterable[tuple[Segment, NDArray[np.bool_]]]) -> Segment:
    """Return one segment of the living articles of several; no text is read again."""
    articles: list[Article] = []
    texts: list[str] = []
    bags: list[str] = []
    rows: list[Ints] = []
    pairs: list[NDArray[np.uint64]] = []
    for segment, alive in parts:
        number = np.cumsum(alive) - 1 + len(articles)
        kept = alive[segment.rows]
        phrase = np.cumsum(kept) - 1 + len(texts)
        rows.append(number[segment.rows[kept]].astype(np.int32))
        articles += [a for a, lives in zip(segment.articles, alive.tolist(), strict=True) if lives]
        texts += [t for t, lives in zip(segment.texts, kept.tolist(), strict=True) if lives]
        bags += [b for b, lives in zip(segment.bags, kept.tolist(), strict=True) if lives]
        stays = kept[segment.postings]
        keys = np.repeat(segment.keys.astype(np.uint64), np.diff(segment.starts))[stays]
        pairs.append(keys << np.uint64(32) | phrase[segment.postings[stays]].astype(np.uint64))
    joined = np.concatenate(pairs)
    joined.sort()
    return _from_pairs(articles, texts, bags, np.concatenate(rows), joined)


def key_weights(keys: Keys, frequency: NDArray[np.int64], total: int) -> Floats:
    """Return the weight of each key: its rarity (smooth idf), stems twice."""
    idf = np.log((1.0 + total) / (1.0 + frequency)) + 1.0
    weight: Floats = (idf * np.where(keys & np.uint32(1), _STEM_WEIGHT, 1.0)).astype(np.float32)
    return weight


def inverse_norms(segment: Segment, weight: Floats) -> Floats:
    """Return one over the length of each phrasing's vector, given the weight of each key of the segment."""
    squares = np.zeros(len(segment.texts))
    lengths = np.diff(segment.starts)
    for at in range(0, segment.keys.size, 1 << 15):
        end = min(at + (1 << 15), segment.keys.size)
        inside = segment.postings[segment.starts[at] : segment.starts[end]]
        each = np.repeat(weight[at:end] ** 2, lengths[at:end])
        squares += np.bincount(inside, each, len(squares))
    return (1.0 / np.sqrt(np.maximum(squares, 1e-9))).astype(np.float32)


def centroid_norms(segment: Segment, weight: Floats, inverse: Floats) -> Floats:
    """Return one over the length of each article's vector: the sum of its phrasings' unit vectors."""
    squares = np.zeros(len(segment.articles))
    for at in range(0, segment.keys.size, 1 << 15):
        end = min(at + (1 << 15), segment.keys.size)
        inside = segment.postings[segment.starts[at] : segment.starts[end]]
        key = np.repeat(np.arange(at, end, dtype=np.int32), np.diff(segment.starts[at : end + 1]))
        row = segment.rows[inside]
        # Within a key phrasings ascend, so those of one article stand side by side.
        first = np.flatnonzero(np.concatenate([[True], (key[1:] != key[:-1]) | (row[1:] != row[:-1])]))
        sums = np.add.reduceat(inverse[inside], first) * weight[key[first]]
        squares += np.bincount(row[first], sums**2, squares.size)
    return (1.0 / np.sqrt(np.maximum(squares, 1e-9))).astype(np.float32)
