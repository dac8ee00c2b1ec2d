"""Which letters the bytes of a file stand for: said by the file, found by what its words look like, or refused by name."""

from collections import Counter
from functools import lru_cache
from itertools import pairwise
from math import log
from operator import ne
from unicodedata import name

from kb.files.validation import BadFile, Problem

# What files of Ukrainian, Russian and English offices are saved in, the likeliest first.
CHARSETS = ("utf-8", "cp1251", "koi8-u", "cp866", "mac-cyrillic", "iso8859-5", "cp1252", "cp1125")
_SINGLE = CHARSETS[1:]
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LOOKED_AT = 200_000  # bytes that are weighed
_BROKEN = 0.02  # of the bytes beyond ASCII: fewer wrong ones, and it is UTF-8 with a slip in it
_CLEAR = 0.35  # nats by which the likeliest must lead, for each letter that is another one otherwise
_ENOUGH = 8.0  # and in all: few letters tell little
_SIGNS = frozenset("«»‹›—–…’‘‚№°€₴£§©®±×“”„•\xa0")  # that are usual in a text
_IN_WORDS = frozenset("’‘—–…")
_SIGN = -6.0  # what one of them is worth, in nats


def decode_file(raw: bytes, charset: str | None = None) -> tuple[str, str]:
    """Return the text of a file with plain line ends, and the charset it was read in.

    ``charset`` is what somebody says it is. Raises ``BadFile`` where the bytes are none of it, and where none is likely.
    """
    for mark, marked in _MARKS:
        if charset is None and raw.startswith(mark):
            charset = marked
    chosen = charset or _found(raw)
    try:
        text = raw.decode(chosen)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadFile([Problem("bad_letter", line, {"charset": chosen.removesuffix("-sig")})]) from None
    except LookupError:
        raise BadFile([Problem("no_charset", 0, {"charset": chosen[:20], "charsets": ", ".join(CHARSETS)})]) from None
    return text.replace("\r\n", "\n").replace("\r", "\n"), chosen.removesuffix("-sig")


def _found(raw: bytes) -> str:
    """Return the likeliest charset, or raise BadFile: it has to be named."""
    seen = raw[:_LOOKED_AT]
    if _wide(seen):
        return "utf-16-le" if seen[1:2] == b"\0" else "utf-16-be"
    beyond = sum(byte > 127 for byte in seen)
    if not beyond:
        return "utf-8"
    broken = seen.decode("utf-8", "replace").count("\ufffd") - seen.count(b"\xef\xbf\xbd")
    if broken <= max(1.0, _BROKEN * beyond) and beyond > 2 * broken + 1:
        return "utf-8"
    scores = {one: _likeness(seen, one) for one in _SINGLE}
    likeliest = max(_SINGLE, key=lambda one: scores[one])
    text = seen.decode(likeliest, "replace")
    for other in _SINGLE:
        strange = sum(map(ne, text, seen.decode(other, "replace")))
        if strange and scores[likeliest] - scores[other] < max(_ENOUGH, _CLEAR * strange):
            raise BadFile([Problem("unsure_charset", 0, {"charsets": ", ".join(CHARSETS)})])
    return likeliest


def _wide(seen: bytes) -> bool:
    """Return whether every other byte of a file without a mark is nothing: UTF-16 of mostly Latin letters."""
    return len(seen) > 3 and max(seen[0::2].count(0), seen[1::2].count(0)) * 2.5 > len(seen) / 2


def _likeness(raw: bytes, charset: str) -> float:
    """Return how likely the letters beyond ASCII follow each other, in nats; a sign that is no letter costs most."""
    chances, rarest = _pairs()
    text = raw.decode(charset, "replace")
    told = 0.0
    before, after = " ", [*text[1:], " "]
    for letter, following in zip(text, after, strict=True):
        if letter > "\x7f" or before > "\x7f":
            if _is_odd(before, letter, following):
                told += rarest * 2
            else:
                pair = "".join(one.lower() if one.isalpha() else " " for one in (before, letter))
                told += chances.get(pair, rarest) if not pair.isascii() else _SIGN
        before = letter
    return told


def _is_odd(before: str, letter: str, following: str) -> bool:
    """Return whether a letter stands where it does only when one charset is read as another: kOI, Кwе, з€б, ╫."""
    if not letter.isalpha():
        inside = before.isalpha() and following.isalpha() and letter not in _IN_WORDS
        return letter > "\x7f" and (inside or letter not in _SIGNS)
    if not before.isalpha():
        return False
    mixed = before.isascii() != letter.isascii() and "CYRILLIC" in name(max(before, letter), "")
    return mixed or (letter.isupper() and before.islower())


@lru_cache(maxsize=1)
def _pairs() -> tuple[dict[str, float], float]:
    """Return how likely each pair of letters is in the example articles, and what a pair that none of them has is worth."""
    from kb.files.examples import LANGUAGES, example_text

    text = " ".join(example_text(language) for language in LANGUAGES).lower()
    plain = "".join(letter if letter.isalpha() else " " for letter in text)
    counted = Counter(a + b for a, b in pairwise(plain) if a > "\x7f" or b > "\x7f")
    total = counted.total()
    return {pair: log(n / total) for pair, n in counted.items()}, log(0.1 / total)
