"""Articles as one readable document, ours or anybody's.

Ours has ``# Section``, ``## Question``, at once below it ``> another way to ask`` lines and, in a comment, what else there is:
``<!-- id: 7; language: uk; keywords: router, wifi -->``; after an empty line the answer. In others' documents the questions
may be headings of any level, lines in bold, lines that begin with ``Q:``, or summaries that unfold: whichever of them holds
the most texts, the deepest of equals. What stands above them are sections; what is below belongs to the answer.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile

import yaml

from kb.article import Article
from kb.files.fields import FIELDS, Draft, Value, draft_of, unknown_field
from kb.files.marks import marked_lines
from kb.files.notes import Notes, Row
from kb.files.titles import are_counted, clean_title, is_question, plain_text
from kb.files.validation import Problem

Front = Mapping[str, object]  # front matter as its author wrote it: any names; those of _OF_FRONT and "title" are read
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_ESCAPED = re.compile(r"\\(#{1,2}\s)")
BOLD, MARKED, FOLDED = 7, 8, 9  # levels below the six of headings: a line in bold, one that begins with Q:, a summary
_SENTENCE = re.compile(
    r"[.!…:]\W{0,3}$|[.!…:] +[A-ZА-ЯІЇЄҐ]|^>\s{0,3}(\W{0,3}\*\*|\[!)"
)  # what is quoted is no way to ask
_OWN = re.compile(r"^<!--[^\n]*\bid:[^\n]*-->\s*$", re.MULTILINE)
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


def read_markdown(text: str, notes: Notes, *, name: str = "", page: bool = False) -> Iterator[Row]:
    """Yield (line, draft or refusal, characters read). A ``page`` is one article, unless it is full of questions."""
    front, begins, text = _front(text)
    own = bool(_OWN.search(text))
    blocks = _blocks(text, begins, own=own)
    level = 2 if own else _level(blocks)
    shared = _of_front(front)
    if level == 0 or (page and not _asks(blocks, level)):
        yield from _whole(blocks, shared, front, name if page else "", notes, len(text))
        return
    if page and blocks[1].level < level and "section" not in shared:
        shared["section"] = blocks[1].title
    yield from _articles(_joined(blocks, level), level, shared, notes, own=own)


def _blocks(text: str, begins: int, *, own: bool) -> list[Block]:
    """Return the document cut at everything that may be a heading; inside a code fence nothing is."""
    blocks, fence = [Block(begins, 0, "")], ""
    lines = text.split("\n") if own else _unfolded(text.split("\n"))
    asking, answering = ({}, {}) if own else marked_lines(lines)
    for number, line in enumerate(lines, begins):
        if mark := _FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        level, title = (0, "") if fence else _heading(line)
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
            if (bold := _BOLD.match(line)) and not _is_rule(bold[2]):  # a line to write on is none
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


def _heading(line: str) -> tuple[int, str]:
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


def _level(blocks: Sequence[Block]) -> int:
    """Return the level of the questions: that which holds most texts, the deepest of equals; 0 where nothing has a text."""
    told = Counter(block.level for block in blocks if block.level and block.told)
    asked = Counter(block.level for block in blocks if block.level and block.told and is_question(block.title))
    if told[BOLD] and asked[BOLD] * 2 < told[BOLD]:  # what is bold inside answers is seldom a question
        told[BOLD] = 0
    weight = {level: count + asked[level] for level, count in told.items() if count}
    return max(weight, key=lambda level: (weight[level], level), default=0)


def _asks(blocks: Sequence[Block], level: int) -> bool:
    inside = [block for block in blocks if block.level == level and block.told]
    return len(inside) > 1 and sum(is_question(block.title) for block in inside) * 2 > len(inside)


def _joined(blocks: Sequence[Block], level: int) -> list[Block]:
    """Return the blocks with those below the questions' level as part of what they stand in."""
    out: list[Block] = []
    for block in blocks:
        if block.level <= level and not (out and _answers(block, out[-1])):
            out.append(block)
        else:
            out[-1].body += [(block.line, _inside(block)), *block.body]
    return out


def _answers(block: Block, before: Block) -> bool:
    """Return whether a line in bold is the answer to the one above it: that one asks, and has none."""
    bold = block.level == before.level == BOLD
    return bold and not before.told and is_question(before.title) and not is_question(block.title)


def _inside(block: Block) -> str:
    """Return a deeper heading as the answer shows it."""
    return f"**{plain_text(block.title)}**"


def _articles(
    blocks: Sequence[Block], level: int, shared: dict[str, Value], notes: Notes, *, own: bool
) -> Iterator[Row]:
    above: dict[int, str] = {}
    counted = are_counted(block.title for block in blocks if block.level == level)
    done = 0
    for block in blocks:
        done += len(block.title) + sum(len(line) + 1 for _, line in block.body)
        if block.level == level:
            section = "" if not above else above[max(above)]
            given = shared | ({"section": section} if section else {})
            yield block.line, _article(block, given, own=own, counted=counted), done
            continue
        if block.told:
            first = next(number for number, line in block.body if line.strip())
            words = " ".join(line.strip() for _, line in block.body)[:60]
            notes.leave("text_before" if not block.level else "text_of_section", first, text=block.title[:60] or words)
        if block.level:
            above = {higher: title for higher, title in above.items() if higher < block.level}
            title = plain_text(block.title)
            first_of_all = not above and not any(one.level == block.level for one in blocks if one is not block)
            if own or not (first_of_all and _is_above(blocks, block, level)):
                above[block.level] = title


def _is_above(blocks: Sequence[Block], block: Block, level: int) -> bool:
    """Return whether a heading is the document's own title: sections stand between it and the questions."""
    return any(block.level < other.level < level for other in blocks)


def _whole(blocks: Sequence[Block], shared: dict[str, Value], front: Front, name: str,
           notes: Notes, total: int) -> Iterator[Row]:  # fmt: skip
    """Yield a page as one article: its title is the question; a text without any is left out."""
    headed = next((block for block in blocks[1:] if block.level <= 6), None)
    title = str(front.get("title") or "") or (headed.title if headed else "") or name
    first = headed if headed is not None and headed.title == title else None
    lines = []
    for block in blocks:
        lines += ([_inside(block)] if block.level and block is not first else []) + [line for _, line in block.body]
    answer = _body(lines)
    if answer.strip() and not title:
        notes.leave("text_before", 1, text=" ".join(answer.split())[:60])
    elif answer.strip():
        at = headed.line if headed else 1
        yield at, draft_of(shared | {"question": clean_title(title), "answer": answer}), total


def _article(block: Block, shared: Mapping[str, Value], *, own: bool, counted: bool) -> Draft | Problem:
    fields: dict[str, Value] = {
        **shared,
        "question": block.title if own else clean_title(block.title, counted=counted),
    }
    aliases: list[str] = []
    lines = [line for _, line in block.body]
    at, quoted = 0, any(_SENTENCE.search(line) for line in takewhile(lambda line: line.startswith(">"), lines))
    for at, line in enumerate([*lines, ""]):
        said = line.strip()
        if said.startswith("<!--") and said.endswith("-->") and len(said) > 6:
            for pair in said[4:-3].split(";") if ":" in said else ():
                name, _, value = pair.partition(":")
                known = name.strip().lower()
                if known and known not in FIELDS:
                    if own:
                        return unknown_field(name.strip(), block.line + 1 + at)
                    continue
                fields[known] = value.split(",") if known == "keywords" else value
        elif line.startswith(">") and (own or not quoted):
            aliases.append(line[1:])
        else:
            break
    if own or aliases:
        fields["aliases"] = aliases
    if own:
        fields.setdefault("keywords", [])
        fields.setdefault("section", "")
    rest = [_ESCAPED.sub(r"\1", line, count=1) if line.startswith("\\") else line for line in lines[at:]]
    fields["answer"] = "\n".join(rest) if own else _body(rest)
    return draft_of(fields, own=own)


_ITEM = re.compile(r"^\s{0,3}</?(details|summary|div|p)[^>]{0,200}>\s*$", re.IGNORECASE)


def _body(lines: Sequence[str]) -> str:
    """Return an answer without the tags that only fold it, and without the rules between questions."""
    kept = [line for line in lines if not _ITEM.match(line)]
    while kept and (not kept[-1].strip() or _is_rule(kept[-1])):
        kept.pop()
    return "\n".join(kept).strip()


def _is_rule(line: str) -> bool:
    """Return whether a line is drawn across the page."""
    said = "".join(line.split())
    return len(said) > 2 and said[0] in "-*_" and not said.strip(said[0])


def _front(text: str) -> tuple[Front, int, str]:
    """Return a document's front matter, the line after it, and the rest; what is no mapping is left where it stands."""
    text = text.lstrip("\ufeff")
    if not text.startswith("---\n"):
        return {}, 1, text
    head, end, rest = text[4:].partition("\n---\n")
    if not end or len(head) > 20_000:
        return {}, 1, text
    try:
        found = yaml.safe_load(head)
    except yaml.YAMLError:
        return {}, 1, text
    return (found, head.count("\n") + 4, rest) if isinstance(found, dict) else ({}, 1, text)


_OF_FRONT = {
    "section": ("section", "category", "categories", "group"),
    "keywords": ("keywords", "tags"),
    "language": ("language", "lang", "locale"),
    "aliases": ("aliases", "synonyms"),
}


def _of_front(front: Front) -> dict[str, Value]:
    told: dict[str, Value] = {}
    for name, words in _OF_FRONT.items():
        found = next((front[word] for word in words if front.get(word)), None)
        if isinstance(found, list):
            items = [str(item) for item in found]
            told[name] = items if name in ("aliases", "keywords") else items[0] if items else ""
        elif isinstance(found, str):
            told[name] = found.split(",") if name in ("aliases", "keywords") else found
    return told


def write_markdown(articles: Iterable[Article]) -> str:
    """Return the articles as one document, section by section."""
    out: list[str] = []
    for section, inside in groupby(sorted(articles, key=lambda article: article.section), lambda a: a.section):
        out += [f"# {section}", ""] if section else []
        for article in inside:
            out += [f"## {article.question}", *(f"> {alias}" for alias in article.aliases)]
            keywords = f"; keywords: {', '.join(article.keywords)}" if article.keywords else ""
            tied = f"; translates: {article.original}" if article.original else ""
            out += [f"<!-- id: {article.id}; language: {article.language}{keywords}{tied} -->", ""]
            out += [*_escaped(article.answer), ""]
    return "\n".join(out)


def _escaped(answer: str) -> Iterator[str]:
    fence = ""
    for line in answer.split("\n"):
        if mark := _FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        yield f"\\{line}" if not fence and _heading(line)[0] in (1, 2) else line
