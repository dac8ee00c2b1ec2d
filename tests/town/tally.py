"""How often everything struck: what never did was not tested, and that fails a run."""

from collections import Counter
from collections.abc import Iterable, Mapping


class Tally:
    """Counts by kind and name, over all seeds of a run."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}

    def expect(self, kind: str, names: Iterable[str]) -> None:
        """Say what must strike at least once."""
        known = self.counts.setdefault(kind, Counter())
        for name in names:
            known[name] += 0

    def count(self, kind: str, name: str, times: int = 1) -> None:
        """Note that something struck."""
        self.counts.setdefault(kind, Counter())[name] += times

    def never(self) -> list[str]:
        """Return what never struck."""
        return [f"{kind} {name}" for kind, found in self.counts.items() for name, n in found.items() if not n]

    def lines(self) -> list[str]:
        """Return the counts, a line for each kind."""
        return [f"{kind}: {_told(found)}" for kind, found in self.counts.items()]


def _told(found: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(found.items(), key=lambda pair: -pair[1]))
