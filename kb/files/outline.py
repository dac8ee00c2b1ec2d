"""The outline of a document: it is cut at everything that may be a heading, of whatever kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.files.marks import marked_lines
from kb.files.titles import plain_text

FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
BOLD, MARKED, FOLDED = 7, 8, 9  # levels below the six of headings: a line in bold, one that begins with Q:, a summary
_BOLD = re.compile(r"^\s{0,3}(?:\d{1,3}[.)]\s+)?(\*\*|__)(?=\S)(.{3,300}?)\1:?\s*$")
_TALLEST = 6  # lines of a summary
_DETAILS = re.compile(r"</details>\s{0,9}$", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.IGNORECASE)


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


def read_outline(text: str, begins: int, *, own: bool) -> list[Block]:
    """Return the document cut at everything that may be a heading; inside a code fence nothing is."""
    blocks, fence = [Block(begins, 0, "")], ""
    lines = text.split("\n") if own else _unfolded(text.split("\n"))
    asking, answering = ({}, {}) if own else marked_lines(lines)
    for number, line in enumerate(lines, begins):
        if mark := FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        level, title = (0, "") if fence else heading_of(line)
        if own and level > 2:
            level = 0
        if level:
            blocks.append(Block(number, level, title))
            continue
        if not fence and not own:
            if blocks[-1].body and (under := _underlined(line, blocks[-1].body)):
                title = blocks[-1].body.pop()[1].strip()
                blocks.append(Block(number - 1, under, title))
                continue
            if number - begins in asking:
                blocks.append(Block(number, MARKED, asking[number - begins]))
                continue
            if found := _SUMMARY.search(line):
                blocks.append(Block(number, FOLDED, plain_text(found[1])))
                rest = _DETAILS.sub("", line[found.end() :]).strip()
                blocks[-1].body += [(number, rest)] if plain_text(rest) else []
                continue
            if (bold := _BOLD.match(line)) and not is_rule(bold[2]):  # a line to write on is none
                blocks.append(Block(number, BOLD, bold[2].strip()))
                continue
            line = answering.get(number - begins, line)
        blocks[-1].body.append((number, line))
    return blocks


def _unfolded(lines: list[str]) -> list[str]:
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
