"""What a seed stands for: a list of acts, each with a seed of its own, so that one can be left out and the others stay."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to happen: which, and what it draws its details from."""

    number: int
    name: str
    seed: int

    def __str__(self) -> str:
        return f"{self.number}:{self.name}"


def plan(seed: int, length: int, weights: Mapping[str, int]) -> list[Act]:
    """Return what happens in the town of a seed."""
    random = Random(seed)
    names, odds = list(weights), list(weights.values())
    return [Act(n, random.choices(names, odds)[0], random.getrandbits(32)) for n in range(length)]


def shrink(acts: Sequence[Act], fails: Callable[[Sequence[Act]], bool], tries: int) -> list[Act]:
    """Return as few of the acts as were found that still fail: halves, quarters … single ones are left out."""
    kept, size = list(acts), max(1, len(acts) // 2)
    while tries > 0 and kept:
        smaller, start = False, 0
        while start < len(kept) and tries > 0:
            tried = kept[:start] + kept[start + size :]
            tries -= 1
            if tried and fails(tried):
                kept, smaller = tried, True
            else:
                start += size
        if size == 1 and not smaller:
            break
        size = max(1, size // 2)
    return kept
