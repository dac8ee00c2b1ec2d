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


FINDINGS = (
    Finding(
        "who types a stranger's code shares a role with them",
        r"^readers: .*\(stranger\)|^book: .* by [\w ]+\(stranger\), whose it is not$",
        "slack",
        10,
        r"^lost: .* does not see the reply",  # it is signed with the other's name
    ),
    Finding(
        "an id that is still remembered is given again",
        r"^book: .*(was given before|which never was)",
        "telegram",
        69,
        r"^(cards|drawn|lost|twice): ",
    ),
    Finding(
        "a loop sleeps on after the clock was put right or forward",
        r"^stuck: .* (timer \w+ is due|waits)$",
        "slack",
        25,
    ),
    Finding(
        "a start beside a command that writes is refused with the wrong advice",
        r"^fell: .*database is locked",
        "telegram",
        87,
    ),
)


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
