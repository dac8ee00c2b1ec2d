"""Questions of a document that stand in a list, at the head of a paragraph or before their answers on one line."""

import re
from collections.abc import Mapping, Sequence

from kb.files.fences import code_lines
from kb.files.titles import plain_text

_SIGN = re.compile(r"^(\s{0,3})(?:([-*+•])|\d{1,3}[.)])\s+(?=\S)")
_BOLD = re.compile(r"^(\*\*|__)(?=\S)(.{2,300}?\?)\s?\1(?=\W)\s*[:—–-]?\s*(?=\S)")
_DASHED = re.compile(r"^(.{2,200}?\?)\s+[—–-]\s+(?=\S)")
_LONGEST = 300


def listed_questions(lines: Sequence[str], *, alone: bool) -> Mapping[int, tuple[str, str]]:
    """Return the questions by their places, each with what follows it on its line; those that stand ``alone`` on one too."""
    found: dict[int, tuple[str, str]] = {}
    for at, (line, code) in enumerate(zip(lines, code_lines(lines), strict=True)):
        sign = _SIGN.match(line)
        said = line[sign.end() :] if sign else line.strip()
        if code or not said or len(line) > 20 * _LONGEST:
            continue
        if bold := _BOLD.match(said):
            found[at] = (bold[2], said[bold.end() :])
        elif alone and sign and (dashed := _DASHED.match(said)):
            found[at] = (dashed[1], said[dashed.end() :])
        elif alone and _is_alone(said) and (sign or not at or not lines[at - 1].strip()) and _is_followed(lines, at):
            found[at] = (said, "")
    return found


def _is_alone(said: str) -> bool:
    return len(said) <= _LONGEST and plain_text(said).endswith("?") and said[0] not in "#>|<"


def _is_followed(lines: Sequence[str], at: int) -> bool:
    """Return whether a text comes below a line that is no heading, no other question and no next item of its list."""
    below = next((lines[place] for place in range(at + 1, len(lines)) if lines[place].strip()), "#")
    one, other = _SIGN.match(lines[at]), _SIGN.match(below)
    if one and other and one[2] == other[2] and len(other[1]) <= len(one[1]):
        return False
    return not below.startswith("#") and not _is_alone(below[other.end() :] if other else below.strip())
