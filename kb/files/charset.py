"""Which letters the bytes of a file stand for: said by the file, found by what its words look like, or refused by name."""

from collections import Counter
from functools import lru_cache
from itertools import pairwise
from math import log

from kb.files.validation import BadFile, Problem

# What files of Ukrainian, Russian and English offices are saved in, the likeliest first.
CHARSETS = ("utf-8", "cp1251", "koi8-u", "cp866", "mac-cyrillic", "iso8859-5", "cp1252")
_SINGLE = CHARSETS[1:]
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LOOKED_AT = 200_000  # bytes that are weighed
_BROKEN = 0.02  # of the bytes beyond ASCII: fewer wrong ones, and it is UTF-8 with a slip in it
_CLEAR = 0.35  # nats a letter by which the likeliest must lead


def decode_file(raw: bytes, charset: str | None = None) -> tuple[str, str]:
    """Return the text of a file with plain line ends, and the charset it was read in.

    ``charset`` is what somebody says it is. Raises ``BadFile`` where the bytes are none of it, and where none is likely.
    """
    for mark, name in _MARKS:
        if charset is None and raw.startswith(mark):
            charset = name
    name = charset or _found(raw)
    try:
        text = raw.decode(name)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadFile([Problem("bad_letter", line, {"charset": name.removesuffix("-sig")})]) from None
    except LookupError:
        raise BadFile([Problem("no_charset", 0, {"charset": name[:20], "charsets": ", ".join(CHARSETS)})]) from None
    return text.replace("\r\n", "\n").replace("\r", "\n"), name.removesuffix("-sig")


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
    scores = sorted(((_likeness(seen, name), name) for name in _SINGLE), reverse=True)
    if scores[0][0] - scores[1][0] < _CLEAR:
        names = ", ".join(CHARSETS)
        raise BadFile([Problem("unsure_charset", 0, {"charsets": names})])
    return scores[0][1]


def _wide(seen: bytes) -> bool:
    """Return whether every other byte of a file without a mark is nothing: UTF-16 of mostly Latin letters."""
    return len(seen) > 3 and max(seen[0::2].count(0), seen[1::2].count(0)) * 2.5 > len(seen) / 2


def _likeness(raw: bytes, charset: str) -> float:
    """Return how likely the letters beyond ASCII follow each other, in nats a letter; a sign that is no letter costs most."""
    chances, rarest = _pairs()
    text = raw.decode(charset, "replace")
    told: list[float] = []
    before = " "
    for letter in text:
        if letter > "\x7f" or before > "\x7f":
            low = letter.lower()
            pair = (before if before.isalpha() else " ") + (low if low.isalpha() else " ")
            # A capital inside a word is what one charset read as another looks like.
            odd = letter != low and before.isalpha() and before == before.lower()
            strange = letter > "\x7f" and not letter.isalpha() and letter not in "«»—–…’№°€₴“”„•\xa0"
            told.append(rarest * (2 if odd or strange else 1) if odd or strange else chances.get(pair, rarest))
        before = letter.lower() if letter.isalpha() and letter == letter.lower() else letter
    return sum(told) / max(len(told), 1)


@lru_cache(maxsize=1)
def _pairs() -> tuple[dict[str, float], float]:
    """Return how likely each pair of letters is in the example articles, and what a pair that none of them has is worth."""
    from kb.files.examples import LANGUAGES, example_text

    text = " ".join(example_text(language) for language in LANGUAGES).lower()
    plain = "".join(letter if letter.isalpha() else " " for letter in text)
    counted = Counter(a + b for a, b in pairwise(plain) if a > "\x7f" or b > "\x7f")
    total = counted.total()
    return {pair: log(n / total) for pair, n in counted.items()}, log(0.1 / total)
