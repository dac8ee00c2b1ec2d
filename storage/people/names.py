"""What somebody is called: the one way a messenger's name becomes one that can be read, on one line, and pretends nothing."""

import unicodedata
from collections.abc import Iterator

LONGEST = 256
NAMELESS = {"uk": "без імені", "ru": "без имени"}  # in the person's own language; else in English
_BLANK = frozenset("\u3164\u115f\u1160\uffa0\u2800\u034f\u17b4\u17b5")  # letters and signs that show nothing
_JOINERS = frozenset("\u200d\ufe0f")  # between and after emoji they are part of one


def shown_name(name: str, *, username: str = "", native: str = "", language: str = "") -> str:
    """Return a name as people read it: composed, on one line, with nothing that is unseen or turns the text around.

    Where nothing is left that can be seen it is the @username, else "no name" and the last four digits of the account.
    """
    seen = readable_name(name)
    if seen:
        return seen[:LONGEST]
    if readable_name(username):
        return f"@{readable_name(username)}"[:LONGEST]
    return f"{NAMELESS.get(language.partition('-')[0], 'no name')} · {native[-4:]}"


def readable_name(name: str) -> str:
    """Return what can be seen of a name, on one line; empty where that is nothing."""
    composed = unicodedata.normalize("NFC", name)
    line = " ".join("".join(_kept(composed)).split())
    return line if any(unicodedata.category(sign)[0] in "LNPS" for sign in line) else ""


def _kept(text: str) -> Iterator[str]:
    before = ""
    for sign in text:
        kind = unicodedata.category(sign)
        if sign in _JOINERS:
            joins = bool(before) and unicodedata.category(before) in ("So", "Sk", "Mn")
            yield from [sign] if joins else []
        elif sign in _BLANK or kind in ("Cf", "Cs", "Co", "Cn"):
            continue
        elif kind in ("Cc", "Zl", "Zp", "Zs"):
            yield " "
        else:
            yield sign
        before = sign if sign not in _JOINERS else before
