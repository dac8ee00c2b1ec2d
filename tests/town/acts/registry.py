"""The acts of the town: each is a function of the town and of its own chance."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from tests.town.town import Town

AT_ONCE_AFTER = 0.4  # how often what an act makes possible follows at once
T = TypeVar("T")
Do = Callable[[Town, Random], Awaitable[None]]


class Impossible(Exception):
    """There is nobody, or nothing, to do this with now."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of act, and how often it is drawn among all."""

    name: str
    weight: int
    do: Do


ACTS: dict[str, Kind] = {}


def act(name: str, weight: int) -> Callable[[Do], Do]:
    """Let this happen in the town, so often."""

    def add(do: Do) -> Do:
        assert name not in ACTS, name
        ACTS[name] = Kind(name, weight, do)
        return do

    return add


def choose(random: Random, among: list[T]) -> T:
    """Return one of them, or say that there is none."""
    if not among:
        raise Impossible
    return random.choice(among)


def possible(do: Callable[[], T]) -> T:
    """Return what an act of a person brings; what the messenger's own app would not let them do is impossible."""
    try:
        return do()
    except (ValueError, LookupError, AssertionError) as error:
        raise Impossible(str(error)) from None


async def follow(town: Town, random: Random, *names: str) -> None:
    """Let one of these acts, which seldom is possible, come at once after what makes it so."""
    if random.random() < AT_ONCE_AFTER:
        await town.settle()
        name = random.choice(names)
        town.note(f"-- then: {name}")
        try:
            await ACTS[name].do(town, random)
        except Impossible:
            town.history.pop()
        else:
            town.tally.count("act", name)
