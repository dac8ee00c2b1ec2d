"""What the town has found and nobody has mended yet: each is tied to a seed in which it still occurs, or its line goes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of the desk: what is seen of it, and one run that shows it."""

    name: str
    seen: str  # a pattern
    stage: str
    seed: int
    then: str = "(?!)"  # a pattern of what may come of it, in a run where it was seen before


FINDINGS: tuple[Finding, ...] = ()


def sorted_out(problems: Iterable[str], known: set[str]) -> tuple[list[str], set[str]]:
    """Return what nobody knows yet, and the names of the findings that were seen again."""
    fresh, again = [], set(known)
    for problem in problems:
        seen = {finding.name for finding in FINDINGS if re.search(finding.seen, problem)}
        after = any(finding.name in again and re.search(finding.then, problem) for finding in FINDINGS)
        again |= seen
        if not seen and not after:
            fresh.append(problem)
    return fresh, again
