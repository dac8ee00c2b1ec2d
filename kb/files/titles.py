"""Titles of a document: what of one is the question, and what its number, its emphasis and its links."""

import re
from collections.abc import Iterable

_TAG = re.compile(r"</?[a-zA-Z][^>\n]{0,200}>")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
_SIGNED = re.compile(r"^(?:(?:№ ?)?\d{1,3}(?:\.\d{1,3}){0,3}[.)]|[IVX]{1,4}\.)\s+(?=\S)")
_COUNTED = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){0,3})\s+(?=[^\W\d_])")
_QUESTION_WORDS = re.compile(
    r"^(how|what|why|when|where|who|can|do|does|is|are|which|i |як|що|чому|коли|де|чи|хто|скільки|який|яка|яке|які|"
    r"как|что|почему|когда|где|кто|сколько|какой|какая|какие|можно|не )\b",
    re.IGNORECASE,
)


def is_question(title: str) -> bool:
    """Return whether a title asks something."""
    return "?" in title or bool(_QUESTION_WORDS.match(_COUNTED.sub("", _SIGNED.sub("", title))))


def clean_title(title: str, *, counted: bool = False) -> str:
    """Return a question without signs of emphasis and without its number; a bare one goes only where they are ``counted``."""
    said = _SIGNED.sub("", plain_text(title).strip("*_ ")).strip()
    number = _COUNTED.match(said)
    if number and "." in number[1] and said[number.end()].isupper() and _QUESTION_WORDS.match(said[number.end() :]):
        counted = True  # 2.1 Як …?
    return (_COUNTED.sub("", said) if counted else said) or plain_text(title)


def are_counted(titles: Iterable[str]) -> bool:
    """Return whether bare numbers only count these titles: 1, 2, 3 before capitals; «691 помилка» is what it says."""
    said = [plain_text(title).strip("*_ ") for title in titles]
    found = [
        (tuple(map(int, number[1].split("."))), one[number.end() :]) for one in said if (number := _COUNTED.match(one))
    ]
    if (
        len(found) < 2
        or len({rest for _, rest in found}) < len(found)
        or not all(rest[0].isupper() for _, rest in found)
    ):
        return False
    numbers = [number for number, _ in found]
    return all(part == 1 for part in numbers[0]) and all(map(_follows, numbers, numbers[1:]))


def _follows(before: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """Return whether one number comes after another: 2 or 1.1 after 1, 2 or 2.1 after 1.3."""
    return number == (*before, 1) or any(
        number[:at] == before[:at]
        and number[at:] in ((before[at] + 1,), (before[at] + 1, *[1] * (len(before) - at - 1)))
        for at in range(len(before))
    )


def plain_text(text: str) -> str:
    """Return a line without tags, links and emphasis."""
    text = _LINK.sub(r"\1", _TAG.sub("", text)).rstrip()
    if text.endswith("}"):
        text = re.sub(r"\{#[\w-]{1,80}\}$", "", text)
    return re.sub(r"(\*\*|__|`)", "", text).strip()
