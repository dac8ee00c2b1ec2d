"""What became of questions to the knowledge base. Honest: silence counts as helped only where nothing speaks against it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from storage.reports.facts import Asked, tried_articles

SILENCE = 24 * 3600 * 1_000_000  # microseconds, as all moments here
Alike = Callable[[str, str], bool]


@dataclass(slots=True)
class Questions:
    """What became of the questions of a stretch of time; each is one of helped, silent, handed and open."""

    asked: int = 0
    answered: int = 0  # an article was shown
    helped: int = 0  # "It helped" was pressed
    silent: int = 0  # shown an article, no request and no like question by the same person for a day
    handed: int = 0  # a request came of it, or it joined one
    unanswered: int = 0  # no article was shown
    helped_by: Counter[int] = field(default_factory=Counter)  # by article
    failed_by: Counter[int] = field(default_factory=Counter)

    def __iadd__(self, other: "Questions") -> "Questions":
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def deflected(self) -> int:
        """Return how many were answered without a request."""
        return self.helped + self.silent


def count_question_outcomes(
    questions: Sequence[Asked],
    later: Iterable[Asked],
    requests: Iterable[tuple[int, int]],
    *,
    now: int,
    alike: Alike,
) -> Questions:
    """Return what became of questions; ``later`` are those asked up to a day after them, ``requests`` who asked for help when."""
    asked_by: dict[int, list[Asked]] = defaultdict(list)
    for each in (*questions, *later):
        asked_by[each.person].append(each)
    requested: dict[int, list[int]] = defaultdict(list)
    for person, at in requests:
        requested[person].append(at)
    found = Questions()
    for one in questions:
        if one.outcome == "outage":
            continue  # told what is known: counted with the outage
        tried = tried_articles(one.tried)
        found.asked += 1
        found.answered += bool(tried)
        found.unanswered += not tried
        if one.outcome == "helped":
            found.helped += 1
            found.helped_by.update(tried[-1:])
        elif one.outcome in ("handoff", "joined") or one.ticket is not None:
            found.handed += 1
            found.failed_by.update(tried[-1:])
        elif tried and _silent(one, asked_by[one.person], requested[one.person], now, alike):
            found.silent += 1
            found.helped_by.update(tried[-1:])
        elif tried:
            found.failed_by.update(tried[-1:])
    return found


def _silent(one: Asked, others: Sequence[Asked], requests: Sequence[int], now: int, alike: Alike) -> bool:
    """Return whether nothing was heard of a question for a day that says it was not answered."""
    end = one.at + SILENCE
    if end > now or any(one.at <= at < end for at in requests):
        return False
    again = (other for other in others if other is not one and one.at <= other.at < end)
    tried = set(tried_articles(one.tried))
    return not any(tried & set(tried_articles(other.tried)) or alike(one.question, other.question) for other in again)
