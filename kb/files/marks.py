"""Questions and answers that a document marks as such: ``Q: … A: …``, ``Питання №1: … Відповідь: …``, ``❓ … ✅ …``."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from kb.files.titles import is_question

_MARK = re.compile(
    r"^\s{0,3}(?:[-*+]\s{1,3})?[*_]{0,2}(?:([a-zа-яі]{1,10}) ?(?:№ ?|# ?)?(?:\d{1,3})?[.)]? ?([:.)\-–—])(?!\d) ?[*_]{0,2}"
    r"|([❓❔✅✔☑💬💡👉➡])\ufe0f? ?[:.)\-–—]?) *(.*)$",
    re.IGNORECASE,
)
_LETTERS = ((("q",), ("a",)), (("з", "п"), ("в",)), (("в",), ("о",)))
_WORDS = (
    (("question",), ("answer",)),
    (("питання", "запитання"), ("відповідь",)),
    (("вопрос",), ("ответ",)),
)
_MIXED = tuple((one[0] + other[0], one[1] + other[1]) for one, other in zip(_WORDS, _LETTERS, strict=True))
_STYLES = (*_WORDS, *_LETTERS, ("❓❔", "✅✔☑💬💡👉➡"), *_MIXED)  # in each: what asks, what answers


@dataclass(frozen=True, slots=True)
class _Mark:
    at: int
    sign: str
    sure: bool  # a word, or a letter with a colon; «В.» begins a name as well, «в)» a line of a list
    text: str


def marked_lines(lines: Sequence[str]) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Return the questions of a document that marks them and the first lines of their answers, by their places.

    «В:» begins an answer in Ukrainian and a question in Russian: the style that has both its signs here most often is taken.
    """
    found = [_mark_of(at, mark) for at, line in enumerate(lines) if (mark := _MARK.match(line))]
    styles = [([*_kept(found, *style)], style[0]) for style in _STYLES]
    kept, asking = max(styles, key=lambda one: _pairs(*one))
    if not _pairs(kept, asking):
        return {}, {}
    asked = {one.at: one.text.strip(" *_") for one in kept if one.sign in asking}
    told = {one.at: one.text for one in kept if one.sign not in asking}
    for at in [at for at, text in asked.items() if not text]:  # the question stands on the next line
        below = next((place for place in range(at + 1, len(lines)) if lines[place].strip()), at)
        if below not in told and below != at:
            del asked[at]
            asked[below], told[at] = lines[below].strip(" *_"), ""
    return asked, told


def _mark_of(at: int, mark: re.Match[str]) -> _Mark:
    sign = (mark[1] or mark[3]).lower()
    return _Mark(at, sign, len(sign) > 1 or mark[2] in (":", None), mark[4])


def _kept(found: Sequence[_Mark], asking: Collection[str], answering: Collection[str]) -> Iterator[_Mark]:
    """Yield those marks of a style that are meant so: an answer comes after a question, a doubtful question before an answer."""
    ours = [one for one in found if one.sign in asking or one.sign in answering]
    asked = False
    for one, following in zip_longest(ours, ours[1:]):
        if one.sign not in asking:
            if asked:
                yield one
            asked = False
        elif one.sure or (is_question(one.text) and following and following.sign in answering):
            asked = True
            yield one


def _pairs(kept: Sequence[_Mark], asking: Collection[str]) -> int:
    return sum(one.sign not in asking for one in kept)
