"""How much of the tests a run tells: FRONTDESK_TESTS is one of these words, and each holds what the one before it holds."""

import os
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T", bound=Hashable)
K = TypeVar("K", bound=Hashable)


class Length(StrEnum):
    """Which tests a run tells."""

    FAST = "fast"  # each quick test in its first case, on SQLite; of what needs a messenger the first of a file, the main stories
    TEST = "test"  # each story once, in each of its languages; every file on every stage; no benches, races and towns
    CHECK = "check"  # each story on every stage, and all the rest
    ALL = "all"  # both databases, either way round, and at full length

    @property
    def at_least_check(self) -> bool:
        """Return whether each story is told on every stage."""
        return self in (Length.CHECK, Length.ALL)


LENGTH = Length(os.environ.get("FRONTDESK_TESTS", Length.TEST))
FULL = LENGTH is Length.ALL


def rotated(tellable: Mapping[K, Sequence[T]]) -> dict[K, list[T]]:
    """Return where each story of a file is told: once, by turns, and the first again where a stage would not be met at all.

    ``tellable`` is where each can be told, in order of the stages.
    """
    used: Counter[T] = Counter()
    chosen: dict[K, list[T]] = {}
    for story, places in tellable.items():
        place = min(places, key=lambda each: used[each])  # of several equal ones the first
        used[place] += 1
        chosen[story] = [place]
    for story, places in tellable.items():
        for place in places:
            if not used[place]:
                used[place] += 1
                chosen[story].append(place)
    return chosen
