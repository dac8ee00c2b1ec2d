"""Numbers of a file that articles here have too: whether they mean these, or are a stranger's."""

from collections.abc import Iterable, Mapping

from rapidfuzz.distance import Indel

from kb.article import Article
from kb.files.fields import Draft
from kb.matching.query import bag_of
from kb.matching.segment import phrase_words

_ALIKE = 0.55  # likeness of the letters of two questions' stems from which one may be the other, edited
_ANSWERS_ALIKE = 0.6  # the same of two answers; of those to different questions one pair in a hundred is as alike


def are_ours(drafts: Iterable[Draft], there: Mapping[int | str, Article]) -> bool:
    """Return whether the numbers of a file may be the desk's: half of those that are here ask or answer just the same."""
    numbered = [
        (draft, there[draft.id]) for draft in drafts if draft.own and draft.id is not None and draft.id in there
    ]
    same = sum(_agrees(draft, article) for draft, article in numbered)
    return same * 2 >= len(numbered)


def is_edited(draft: Draft, there: Article, *, ours: bool) -> bool:
    """Return whether a draft may be the article that has its number, edited.

    It answers the same, or asks alike; in a file whose numbers are not known to be ``ours`` it has to answer alike, too: most
    questions of one form are alike, «Як оплатити …?».
    """
    if draft.answer and draft.answer == there.answer:
        return True
    if not any(_likeness(draft.question, text) >= _ALIKE for text in there.phrasings):
        return False
    return ours or not draft.answer or _likeness(draft.answer, there.answer) >= _ANSWERS_ALIKE


def _agrees(draft: Draft, there: Article) -> bool:
    if draft.answer and draft.answer == there.answer:
        return True
    asked = phrase_words(draft.question)
    return any(asked == phrase_words(text) for text in there.phrasings)


def _likeness(one: str, other: str) -> float:
    return Indel.normalized_similarity(bag_of(phrase_words(one)), bag_of(phrase_words(other)))
