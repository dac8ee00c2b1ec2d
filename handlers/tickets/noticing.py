"""Noticing: whether unusually many people ask alike just now, by this desk's own measure. Pure: questions in, what they share.

A word is unusual where more people say it than the same hour of earlier weeks, and its share of everything that is asked, let one
expect: load that rises as a whole is no fault, one person's flood counts once, the people of one company count as one unless most
who ask here are of it, and few are never many.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from math import sqrt

from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator
from storage.care.outages import Asked
from storage.tickets.search_terms import search_words

WINDOW = timedelta(minutes=10)
LEAST = 6  # people, fewer never ring
YOUNG = timedelta(days=7)  # a desk with less of a past needs twice as many
SIGMAS, MARGIN = 6.0, 4.0  # by how much more than expected: so that a month of ordinary days rings no bell
WEEKS = 4  # that are looked back at
PAST = timedelta(days=14)  # of which the share of each word is known
SHORT = 3  # letters of a word that is too short to tell anything
SHOWN = 3  # examples
_FORM = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Alike:
    """What many ask just now."""

    core: tuple[str, ...]  # the words that they share, as they are said most, the most telling first
    people: int
    expected: float
    examples: tuple[int, ...]  # of the questions
    tickets: tuple[int, ...]  # of the requests
    first: datetime  # when the first of them was asked


def notice_alike_questions(
    recent: Sequence[Asked],
    past: Sequence[Asked],
    weeks: Sequence[Sequence[Asked]],
    *,
    least: int = LEAST,
    young: bool = False,
) -> Alike | None:
    """Return what unusually many of the recent questions share, None where there is nothing of the kind.

    ``past`` is what was asked before, ``weeks`` what was asked at the same time of earlier weeks.
    """
    recent = _voices(recent, past)
    now, needed = _people(recent), least * 2 if young else least
    many = [word for word, people in now.items() if len(people) >= max(needed, MARGIN)]
    if not many:
        return None
    before, earlier = _people(past), [_people(week) for week in weeks]
    asking, asked = (
        len({one.person_id for one in recent}),
        max(len({(one.person_id, one.at.date()) for one in past}), 1),
    )
    found: list[tuple[float, str, float]] = []
    for word in many:
        people = now[word]
        share = len(before.get(word, ())) / asked * asking
        hour = sum(len(week.get(word, ())) for week in earlier) / max(len(earlier), 1)
        expected = max(share, hour)
        if len(people) >= expected + SIGMAS * sqrt(expected) + MARGIN:
            found.append((len(people) - expected, word, expected))
    if not found:
        return None
    _, first, expected = max(found)
    core = [word for _, word, _ in sorted(found, reverse=True) if len(now[word] & now[first]) * 2 >= len(now[first])]
    return _told_of([one for one in recent if first in search_words(one.question)], core[:8], len(now[first]), expected)


def _told_of(its: Sequence[Asked], core: Sequence[str], people: int, expected: float) -> Alike:
    """Return what these ask: its words as they are said most, and examples, of requests where questions do not suffice."""
    questions = _apart([one for one in its if one.ticket is None])[:SHOWN]
    requests = [one for one in _apart([one for one in its if one.ticket]) if one.person_id not in _askers(questions)]
    return Alike(
        tuple(_as_said(word, its) for word in core),
        people,
        expected,
        tuple(one.id for one in questions),
        tuple(one.ticket for one in requests[: SHOWN - len(questions)] if one.ticket),
        min(one.at for one in its),
    )


def _askers(asked: Iterable[Asked]) -> set[int]:
    return {one.person_id for one in asked}


def _as_said(word: str, asked: Iterable[Asked]) -> str:
    """Return a word in the form in which it is said most."""
    forms = Counter(
        form for one in asked for form in _FORM.findall(one.question.lower()) if search_words(form) == [word]
    )
    return next((form for form, _ in forms.most_common(1)), word)


def with_words(asked: Sequence[Asked]) -> list[Asked]:
    """Return what says anything: the summary of a request that came as a file alone is the desk's own word."""
    return [one for one in asked if one.ticket is None or one.question not in _wordless()]


@cache
def _wordless() -> Collection[str]:
    said = phrase("request.without_words")
    return frozenset(Translator().say(said, Locale(language)) for language in LANGUAGES)


def _voices(recent: Sequence[Asked], past: Sequence[Asked]) -> Sequence[Asked]:
    """Return the questions of each company as if one person asked them all: its own network is down, and nobody else's.

    A company to which most who ask here belong is the desk's own house: its people are counted one by one.
    """
    of = {one.person_id: one.company for one in past or recent}
    homes = Counter(of.values())
    house = {company for company, people in homes.items() if company is None or people * 2 > len(of)}
    first: dict[int, int] = {}
    for one in recent:
        if one.company is not None:
            first.setdefault(one.company, one.person_id)
    return [
        one if one.company is None or one.company in house else replace(one, person_id=first[one.company])
        for one in recent
    ]


def _people(asked: Iterable[Asked]) -> Mapping[str, set[int]]:
    """Return who said each word, however often."""
    found: dict[str, set[int]] = defaultdict(set)
    for one in asked:
        for word in _telling(one.question):
            found[word].add(one.person_id)
    return found


@lru_cache(maxsize=1 << 14)
def _telling(question: str) -> frozenset[str]:
    """Return the words of a question that can tell anything."""
    return frozenset(word for word in search_words(question) if len(word) >= SHORT and not word.isdigit())


def _apart(asked: Sequence[Asked]) -> list[Asked]:
    """Return one question of each person, the shortest first: they read best."""
    each = {one.person_id: one for one in reversed(asked)}
    return sorted(each.values(), key=lambda one: (len(one.question), one.id, one.ticket or 0))


def keywords_match_question(keywords: str, question: str) -> bool:
    """Return whether a question is about what some words name: two of them, or the only one there is."""
    core = set(search_words(keywords))
    return bool(core) and len(core & set(search_words(question))) >= min(2, len(core))


def core_of(text: str) -> tuple[str, ...]:
    """Return the words by which a text is found again."""
    return tuple(dict.fromkeys(form for form in _FORM.findall(text.lower()) if len(form) >= SHORT))[:12]


def notices_over_history(
    asked: Sequence[Asked], *, step: timedelta = timedelta(minutes=5), least: int = LEAST, window: timedelta = WINDOW
) -> list[tuple[datetime, Alike]]:
    """Return when the rule would have rung over a history, the oldest first; the same within six hours rings once."""
    found: list[tuple[datetime, Alike]] = []
    if not asked:
        return found
    first, at, last = asked[0].at, asked[0].at, asked[-1].at
    while at <= last + step:
        recent = _between(asked, at - window, at)
        if len(recent) >= least:
            past = _between(asked, at - PAST, at - window)[-2000:]
            weeks = [
                _between(asked, at - window - week, at - week)
                for number in range(1, WEEKS + 1)
                if at - (week := timedelta(weeks=number)) > first
            ]
            heard = notice_alike_questions(recent, past, weeks, least=least, young=at - first < YOUNG)
            if heard is not None and not any(
                at - when < SAME and set(heard.core) & set(was.core) for when, was in found
            ):
                found.append((at, heard))
        at += step
    return found


SAME = timedelta(hours=6)  # within which the same is asked about once


def _between(asked: Sequence[Asked], since: datetime, until: datetime) -> Sequence[Asked]:
    return asked[bisect_left(asked, since, key=lambda one: one.at) : bisect_left(asked, until, key=lambda one: one.at)]
