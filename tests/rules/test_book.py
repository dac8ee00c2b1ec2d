"""The rules as those who read beside the turns know them: apart, and aware of newer ones that they cannot see yet."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from handlers.rules import Rules
from handlers.rules.book import RulesBeside, RulesCache
from tests.clock import MONDAY


@dataclass
class Seen:
    """The revisions as one transaction sees them: so many, the newest with a group of that name."""

    number: int

    def mark(self) -> Any:
        """Return what tells the newest."""
        return (self.number, MONDAY) if self.number else None

    def newest(self) -> Any:
        """Return the newest."""
        return SimpleNamespace(data={"groups": {f"group_{self.number}": {"title": "A group"}}})


def seen(number: int) -> Any:
    """Return the revisions as a transaction sees them in which so many are there."""
    return Seen(number)


def test_whoever_reads_knows_that_turns_have_seen_what_is_not_committed_yet():
    book, told = RulesCache(Rules()), list[int]()
    beside = RulesBeside(book)

    def behind() -> bool:
        return beside.is_behind

    book.on_change.append(lambda: told.append(book.revision))
    assert not behind()
    book.follow(seen(1))
    assert told == [1]
    assert behind()
    assert set(beside.follow(seen(1)).groups) == {"group_1"}
    assert not behind()
    book.follow(seen(2))
    assert set(beside.follow(seen(1)).groups) == {"group_1"}
    assert behind()  # the bell rang before the commit: it is looked again
    beside.follow(seen(3))
    assert not behind()
    book.base = Rules(zone="Europe/Kyiv")
    assert beside.cache.rules.zone == "Europe/Kyiv"
