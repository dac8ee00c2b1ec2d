"""Code in a document: between two fences nothing is a heading, a question or a table."""

import re
from collections.abc import Iterable, Iterator

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")


def code_lines(lines: Iterable[str]) -> Iterator[bool]:
    """Return of each line whether it is code or one of its fences; a shorter fence, or one of other signs, closes none."""
    fence = ""
    for line in lines:
        inside = bool(fence)
        if mark := _FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        yield inside or bool(fence)
