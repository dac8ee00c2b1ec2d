"""The outline of a document: it is cut at everything that may be a heading, of whatever kind."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kb.files.fences import code_lines
from kb.files.marks import marked_lines
from kb.files.titles import plain_text

# Levels below the six of headings: a line in bold, one that begins with Q:, a summary, an item of a list or the like.
BOLD, MARKED, FOLDED, LISTED = 7, 8, 9, 10
_BOLD = re.compile(r"^\s{0,3}(?:\d{1,3}[.)]\s+)?(\*\*|__)(?=\S)(.{3,300}?)\1:?\s*$")
_TALLEST = 6  # lines of a summary
_DETAILS = re.compile(r"</details>\s{0,9}$", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.IGNORECASE)

Listed = Mapping[int, tuple[str, str]]


@dataclass(slots=True)
class Block:
    """A heading of some kind with the lines below it, up to the next one; level 0 is what stands before the first."""

    line: int
    level: int
    title: str
    body: list[tuple[int, str]] = field(default_factory=list)

    @property
    def told(self) -> bool:
        """Return whether there is any text below it."""
        return any(plain_text(line) and not line.lstrip().startswith("<!--") for _, line in self.body)


@dataclass(frozen=True, slots=True)
class _Signs:
    """What is known of lines by their places before they are cut: what asks, what answers, what is listed on which level."""

    asking: Mapping[int, str]
    answering: Mapping[int, str]
    listed: Listed
    level: int


def read_outline(
    lines: Sequence[str], begins: int, *, listed: Listed | None = None, level: int = LISTED
) -> list[Block]:
    """Return a document cut at everything that may be a heading; inside a code fence nothing is.

    ``listed`` are places of questions that look like none, each with what follows it on its line, and ``level`` is theirs.
    """
    blocks = [Block(begins, 0, "")]
    signs = _Signs(*marked_lines(lines), listed or {}, level)
    for at, (line, code) in enumerate(zip(lines, code_lines(lines), strict=True)):
        block = None if code else _begun(line, at, begins + at, blocks[-1], signs)
        if block is not None:
            blocks.append(block)
        else:
            blocks[-1].body.append((begins + at, line if code else signs.answering.get(at, line)))
    for block in blocks:
        if block.level == LISTED:
            block.body = _dedented(block.body)
    return blocks


def _begun(line: str, at: int, number: int, before: Block, signs: _Signs) -> Block | None:
    """Return the block that begins with a line, None where none does; a line of signs makes a heading of the one above it."""
    level, title = heading_of(line)
    if level:
        return Block(number, level, title)
    if before.body and (under := _underlined(line, before.body)):
        return Block(number - 1, under, before.body.pop()[1].strip())
    if at in signs.asking:
        return Block(number, MARKED, signs.asking[at])
    if at in signs.listed:
        title, rest = signs.listed[at]
        return Block(number, signs.level, title, [(number, rest)] if rest else [])
    if found := _SUMMARY.search(line):
        rest = _DETAILS.sub("", line[found.end() :]).strip()
        return Block(number, FOLDED, plain_text(found[1]), [(number, rest)] if plain_text(rest) else [])
    if (bold := _BOLD.match(line)) and not is_rule(bold[2]):  # a line to write on is none
        return Block(number, BOLD, bold[2].strip())
    return None


def read_own_outline(lines: Sequence[str], begins: int) -> list[Block]:
    """Return a document of ours cut at its sections and questions."""
    blocks = [Block(begins, 0, "")]
    for number, (line, code) in enumerate(zip(lines, code_lines(lines), strict=True), begins):
        level, title = (0, "") if code else heading_of(line)
        if 0 < level <= 2:
            blocks.append(Block(number, level, title))
        else:
            blocks[-1].body.append((number, line))
    return blocks


def _dedented(body: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the lines below an item of a list without the space that only shows that they belong to it.

    Code has as much of it as its fence.
    """
    codes = [*code_lines(line for _, line in body)]
    inside = [before and code for before, code in zip([False, *codes], codes, strict=False)]
    outside = (_indent(line) for (_, line), within in zip(body, inside, strict=True) if line.strip() and not within)
    least, cut = min(filter(None, outside), default=0), 0
    out: list[tuple[int, str]] = []
    for (number, line), within in zip(body, inside, strict=True):
        cut = cut if within else min(least, _indent(line))
        out.append((number, line[min(cut, _indent(line)) :]))
    return out


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def unfolded_lines(lines: list[str]) -> list[str]:
    """Return the lines with each summary on one line, and with no end of what it folds behind a text."""
    for at, line in enumerate(lines):
        if "<summary" in line.lower() and "</summary>" not in line.lower():
            below = lines[at + 1 : at + _TALLEST]
            ends = next((n for n, one in enumerate(below, 1) if "</summary>" in one.lower()), 0)
            lines[at] = " ".join(one.strip() for one in lines[at : at + ends + 1])
            lines[at + 1 : at + ends + 1] = [""] * ends
        elif _DETAILS.search(line) and plain_text(line):
            lines[at] = _DETAILS.sub("", line)
    return lines


def heading_of(line: str) -> tuple[int, str]:
    """Return the level of a heading and its text; 0 where a line is none. No pattern: one would be cubic on spaces."""
    level = len(line) - len(line.lstrip("#"))
    if not 0 < level <= 6 or not line[level : level + 1].isspace():
        return 0, ""
    return level, line[level:].strip().rstrip("#").rstrip()


def _underlined(line: str, body: Sequence[tuple[int, str]]) -> int:
    """Return the level of the heading that a line of ``===`` or ``---`` makes of the line above it."""
    said, before = line.strip(), body[-1][1]
    alone = len(body) == 1 or not body[-2][1].strip()
    if len(said) < 3 or not alone or not before.strip() or before.lstrip()[:1] in "-*+>|<#" or "|" in before:
        return 0
    return 1 if not said.strip("=") else 2 if not said.strip("-") else 0


def is_rule(line: str) -> bool:
    """Return whether a line is drawn across the page."""
    said = "".join(line.split())
    return len(said) > 2 and said[0] in "-*_" and not said.strip(said[0])
