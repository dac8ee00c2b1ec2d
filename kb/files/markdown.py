"""Articles as one readable document, ours or anybody's.

Ours has ``# Section``, ``## Question``, at once below it ``> another way to ask`` lines and, in a comment, what else there is:
``<!-- id: 7; language: uk; keywords: router, wifi -->``; after an empty line the answer. In others' documents the questions
may be headings of any level, lines in bold, lines that begin with ``Q:``, or summaries that unfold: whichever of them holds
the most texts, the deepest of equals; but where they ask nothing and the titles above them do, it is these. What stands above
the questions are sections; what is below belongs to the answer.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, takewhile

import yaml

from kb.article import Article
from kb.files.fences import code_lines
from kb.files.fields import FIELDS, Draft, Value, draft_of, unknown_field
from kb.files.levels import are_questions, asking_outline, joined_blocks, shown_inside
from kb.files.notes import Notes, Row
from kb.files.outline import LISTED, Block, heading_of, is_rule, read_own_outline, unfolded_lines
from kb.files.tables import question_tables, read_tables, without_tables
from kb.files.titles import are_counted, clean_title, is_question, plain_text
from kb.files.validation import Problem

Front = Mapping[str, object]  # front matter as its author wrote it: any names; those of _OF_FRONT and "title" are read
_NONE = LISTED + 1  # a level that nothing of a document stands on
_ESCAPED = re.compile(r"\\(#{1,2}\s)")
# What is quoted so is no way to ask.
_SENTENCE = re.compile(r"[.!…:]\W{0,3}$|[.!…:] +[A-ZА-ЯІЇЄҐ]|^>\s{0,3}(\W{0,3}\*\*|\[!)")
_OWN = re.compile(r"^<!--[^\n]*\bid:[^\n]*-->\s*$", re.MULTILINE)


def read_markdown(text: str, notes: Notes, *, name: str = "", page: bool = False) -> Iterator[Row]:
    """Yield (line, draft or refusal, characters read). A ``page`` is one article, unless it is full of questions."""
    front, begins, text = _front(text)
    shared, lines = _of_front(front), text.split("\n")
    if _OWN.search(text):
        yield from _articles(read_own_outline(lines, begins), 2, shared, notes, own=True)
        return
    lines = unfolded_lines(lines)
    blocks, level = asking_outline(lines, begins, str(front.get("title") or ""), page=page)
    asked = sum(block.level == level and block.told and is_question(block.title) for block in blocks)
    tables = question_tables(lines)
    if sum(len(table) - 1 for table in tables) > asked:
        yield from read_tables(lines, tables, begins, notes, draft_of(shared | {"question": ""}))
        blocks = _beside(blocks, without_tables(lines, tables), begins, level)
        level = level if asked else _NONE
    elif level == 0 or (page and not are_questions(blocks, level)):
        yield from _whole(blocks, shared, front, name if page else "", notes, len(text))
        return
    if page and blocks[1:] and blocks[1].level < level < _NONE and "section" not in shared:
        shared |= {} if _is_article(blocks[1], level) else {"section": blocks[1].title}
    yield from _articles(joined_blocks(blocks, level), level, shared, notes, own=False)


def _beside(blocks: Sequence[Block], lines: Sequence[str], begins: int, level: int) -> list[Block]:
    """Return what a document says beside its tables: a question that was answered by one alone is none any more."""
    told = {block.line for block in blocks if block.told}
    left, _ = asking_outline(lines, begins, "", page=False)
    return [block for block in left if block.told or block.level < level or block.line not in told]


def _articles(
    blocks: Sequence[Block], level: int, shared: dict[str, Value], notes: Notes, *, own: bool
) -> Iterator[Row]:
    above: dict[int, str] = {}
    counted = are_counted(block.title for block in blocks if block.level == level)
    done = 0
    for block in blocks:
        done += len(block.title) + sum(len(line) + 1 for _, line in block.body)
        itself = not own and _is_article(block, level)
        if block.level == level or itself:
            section = "" if not above else above[max(above)]
            given = shared | ({"section": section} if section else {})
            yield block.line, _article(block, given, own=own, counted=counted), done
        elif block.told:
            first = next(number for number, line in block.body if line.strip())
            words = " ".join(line.strip() for _, line in block.body)[:60]
            notes.leave("text_before" if not block.level else "text_of_section", first, text=block.title[:60] or words)
        if 0 < block.level < level:
            above = {higher: title for higher, title in above.items() if higher < block.level}
            title = plain_text(block.title)
            first_of_all = not above and not any(one.level == block.level for one in blocks if one is not block)
            if own or not (itself or (first_of_all and _is_above(blocks, block, level))):
                above[block.level] = title


def _is_article(block: Block, level: int) -> bool:
    """Return whether a title above the questions is one itself: it asks, and its text stands right below it."""
    return 0 < block.level < level and block.told and is_question(block.title)


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
        lines += ([shown_inside(block)] if block.level and block is not first else []) + [
            line for _, line in block.body
        ]
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
    while kept and (not kept[-1].strip() or is_rule(kept[-1])):
        kept.pop()
    return "\n".join(kept).strip()


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
    lines = answer.split("\n")
    for line, code in zip(lines, code_lines(lines), strict=True):
        yield f"\\{line}" if not code and heading_of(line)[0] in (1, 2) else line
