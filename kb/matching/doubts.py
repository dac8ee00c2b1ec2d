"""What keeps a likely answer from being a sure one: the question asks another thing in the same frame, or is one word alone.

Likeness weighs what two texts share. Here it is looked at what they do not share; measured by ``tests/bench/sets/frames.yaml``.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import JaroWinkler

from kb.article import Article
from kb.matching.facts import asks_to_undo, numbers_in_words
from kb.matching.query import Question
from kb.matching.segment import phrase_words
from kb.text.stems import word_stem
from kb.text.stopwords import EMPTY

_MOSTLY = 2 / 3  # of an article's phrasings: the words in so many of them are its own
_ALIKE = 0.86  # Jaro-Winkler of two stems that are one word inflected or mistyped
_PART = 4  # letters from which a stem within another is the same word: "плат" in "заплат"
_NUMBER = 3  # characters from which a number is a name of something, not a quantity


def asks_another_thing(question: Question, nearest: str, article: Article) -> bool:
    """Return whether a question has a telling word of its own, undoes what an article does, or is one word alone.

    ``nearest`` is the article's phrasing that is most like the question.
    """
    words = [word for word in dict.fromkeys(question.words) if word not in EMPTY]
    phrasings = [phrase_words(text) for text in article.phrasings]
    held = [word for said in (*phrasings, phrase_words(" ".join(article.keywords))) for word in said]
    numbers = numbers_in_words(words)
    if numbers & set(held):
        return False  # what the question names is what the article is about
    if any(len(number) >= _NUMBER for number in numbers):
        return True
    asked, said = _stems(words), [*map(_stems, phrasings)]
    if _is_one_word(question.words) and not any(_are_all_among(stems, asked) for stems in said):
        return True
    if asks_to_undo(question.words) and not asks_to_undo(held):
        return True
    return _has_another_word(question, asked, _stems(phrase_words(nearest)), said, _stems(held))


def _has_another_word(
    question: Question, asked: set[str], nearest: set[str], phrasings: Sequence[set[str]], held: set[str]
) -> bool:
    """Return whether the heaviest word of a question is none of an article's, which has another one in most of its phrasings."""
    strange = [stem for stem in asked if not _is_among(stem, held)]
    if not strange or max(question.stems[stem] for stem in strange) < max(question.stems.values()):
        return False
    own = [stem for stem in nearest if not _is_among(stem, asked)]
    if len(strange) == len(own) == 1 and _are_all_among(asked.difference(strange), nearest):
        return True  # the phrasing itself, with another word in one place
    most = max(2, _MOSTLY * len(phrasings))  # of one phrasing alone it cannot be told which words are the article's own
    return any(sum(_is_among(stem, said) for said in phrasings) >= most for stem in own)


def _is_one_word(words: Sequence[str]) -> bool:
    """Return whether some words are one, with the word that it was mistyped for beside it."""
    return all(JaroWinkler.similarity(words[0], word) >= _ALIKE for word in words)


def _stems(words: Iterable[str]) -> set[str]:
    """Return the stems of the words that tell; a small number is a quantity."""
    return {word_stem(word) for word in words if word not in EMPTY and not (len(word) < _NUMBER and word.isdigit())}


def _is_among(stem: str, others: Iterable[str]) -> bool:
    """Return whether a stem is one of others, inflected or mistyped as it may be."""
    return stem in others or any(_are_one(stem, other) for other in others)


def _are_all_among(stems: set[str], others: set[str]) -> bool:
    return all(_is_among(stem, others) for stem in stems)


def _are_one(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (len(short) >= _PART and short in long) or JaroWinkler.similarity(one, other) >= _ALIKE
