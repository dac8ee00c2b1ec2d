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


FINDINGS = (
    Finding(
        "who types a stranger's code shares a role with them",
        r"^readers: .*\(stranger\)|^readers: .* name \w+ of [\w ]+\(stranger\)",
        "telegram",
        18,
    ),
    Finding(
        "an id that is still remembered is given again", r"^book: .*(was given before|which never was)", "slack", 4
    ),
    Finding(
        "a loop sleeps on after the clock was put right or forward",
        r"^stuck: .* (timer \w+ is due|waits)$",
        "slack",
        25,
    ),
    Finding(
        "a window asked for by a command is forgotten with the process that was to open it",
        r"^lost: nothing came of '/.* death at after_commit then$",
        "crossed",
        29,
    ),
    Finding(
        "a start beside a command that writes is refused with the wrong advice",
        r"^fell: .*database is locked",
        "crossed",
        26,
    ),
)


def sorted_out(problems: Iterable[str]) -> tuple[list[str], set[str]]:
    """Return what nobody knows yet, and the names of the findings that were seen again."""
    fresh, again = [], set[str]()
    for problem in problems:
        found = next((finding for finding in FINDINGS if re.search(finding.seen, problem)), None)
        if found is None:
            fresh.append(problem)
        else:
            again.add(found.name)
    return fresh, again
