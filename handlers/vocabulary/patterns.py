"""Patterns that admins write and strangers' words meet: matched in linear time, whatever either of them says.

RE2 never backtracks, so no answer can make a pattern slow; what it cannot do in linear time (looking ahead or back, a group
meant again) it refuses when the pattern is written. A time-out would have been the other way: it bounds the harm and not the
cause, and on a busy machine it refuses good answers.
"""

import re
from functools import lru_cache
from time import thread_time
from typing import Protocol, cast

import re2

MEMORY = 1 << 20  # bytes a pattern may take; one that needs more would also be slow
SLOW = 0.05  # seconds of this thread's own time that a match may take
LONGEST = 3000  # characters of an answer
_IDIOMS = (("[^\\W\\d_]", "\\p{L}"), ("[^\\W_]", "[\\p{L}\\p{N}]"))  # letters; letters and digits
# What Python's classes mean in every alphabet; RE2's own know ASCII alone. Within brackets, and by themselves.
_CLASSES = {"w": "\\p{L}\\p{N}_", "d": "\\p{Nd}", "s": "\\s\\v\\p{Z}"}
_OUTSIDE = {
    **{name: f"[{inner}]" for name, inner in _CLASSES.items()},
    **{name.upper(): f"[^{inner}]" for name, inner in _CLASSES.items()},
    "Z": "\\z",
}
_INSIDE = {**_CLASSES, "D": "\\P{Nd}"}
_TOKEN = re.compile(r"\\u([0-9a-fA-F]{4})|\\(.)|\{,(\d)|(\[\^?\]?)|(\])|([^\\\[\]{]+)|(.)", re.DOTALL)


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_SAME = ("АВЕКМНОРСТУХІЈЅаекморстухіјѕ", "ABEKMHOPCTYXIJSaekmopctyxijs")  # what looks the same in both alphabets
_LATIN, _CYRILLIC = str.maketrans(*_SAME), str.maketrans(_SAME[1], _SAME[0])


class Unfit(ValueError):
    """A pattern that cannot be used; ``slow`` where it could be read, and would take too long."""

    def __init__(self, why: str, *, slow: bool = False) -> None:
        super().__init__(why)
        self.slow = slow


class _Compiled(Protocol):
    def fullmatch(self, text: str) -> object | None: ...


def pattern_matches(pattern: str, text: str) -> bool:
    """Return whether the whole of a text is what a pattern describes; raise Unfit where it is no pattern."""
    return _compiled(pattern).fullmatch(text) is not None


def text_fitting_pattern(pattern: str, text: str) -> str | None:
    """Return a text as a pattern takes it, None where it does not: as it was typed, else with plain dashes, without spaces, and
    with letters of another alphabet that look the same in the place of its own.
    """
    plain = text.translate(_DASHES)
    tight = "".join(plain.split())
    as_read = (text, plain, tight, tight.translate(_LATIN), tight.translate(_CYRILLIC), plain.translate(_LATIN))
    return next((each for each in dict.fromkeys(as_read) if each and pattern_matches(pattern, each)), None)


def check_speed(pattern: str) -> None:
    """Try a pattern on words that make patterns slow; raise Unfit where it cannot be used."""
    if not pattern:
        return
    compiled = _compiled(pattern)
    for hostile in _hostile(pattern):
        begun = thread_time()
        compiled.fullmatch(hostile)
        if thread_time() - begun > SLOW:
            raise Unfit("it takes too long on a long answer", slow=True)


@lru_cache(maxsize=512)
def why_unfit(pattern: str) -> str:
    """Return why a pattern cannot be used, "" where it can; each is tried once in a process."""
    try:
        check_speed(pattern)
    except Unfit as error:
        return str(error)
    return ""


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> _Compiled:
    options = re2.Options()
    options.log_errors, options.max_mem = False, MEMORY
    try:
        return cast("_Compiled", re2.compile(_translated(pattern), options))
    except re2.error as error:
        why = _reason(error)
        raise Unfit(why, slow="too large" in why) from None


def _reason(error: Exception) -> str:
    """Return RE2's own words, which name the part it could not read."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _translated(pattern: str) -> str:
    """Return a pattern as RE2 writes what Python's means."""
    for python, ours in _IDIOMS:
        pattern = pattern.replace(python, ours)
    found: list[str] = []
    inside = False
    for code, escaped, most, opens, closes, plain, other in _TOKEN.findall(pattern):
        if code:
            found.append(f"\\x{{{code}}}")
        elif escaped:
            if inside and escaped == "W":
                raise Unfit("\\W within brackets; write \\p{L} for letters and \\p{N} for digits")
            found.append((_INSIDE if inside else _OUTSIDE).get(escaped, f"\\{escaped}"))
        elif most:
            found.append(f"{{{',' if inside else '0,'}{most}")
        elif opens and not inside:
            found.append(opens)
            inside = True
        elif opens:
            found.append("\\" + opens if opens == "[" else opens)
            inside = not opens.endswith("]")
        else:
            found.append(closes or plain or other)
            inside = inside and not closes
    return "".join(found)


def _hostile(pattern: str) -> list[str]:
    """Return long words that almost fit: one character again and again, what the pattern itself says, and a wrong end."""
    own = "".join(dict.fromkeys(letter for letter in pattern if letter.isalnum()))[:40]
    runs = ["a", "0", " ", "я", "A1-", "ab", own or "x", *own[:8]]
    return [(run * LONGEST)[: LONGEST - 1] + end for run in runs for end in ("", "\x00")]
