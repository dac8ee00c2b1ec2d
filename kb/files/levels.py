"""Which headings of a document are its questions: one level of them, and whatever else asks where none of them stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kb.files.lists import listed_questions
from kb.files.outline import BOLD, LISTED, MARKED, Block, read_outline
from kb.files.titles import is_question, plain_text


def asking_outline(lines: Sequence[str], begins: int, title: str, *, page: bool) -> tuple[list[Block], int]:
    """Return the outline of somebody's document and the level of its questions: headings, or else what is listed."""
    blocks = read_outline(lines, begins)
    level = _question_level(blocks, title)
    told = [block.title for block in blocks if block.level == level and block.told and level]
    if level == MARKED or (level != BOLD and sum(map(is_question, told)) > 1):
        return blocks, level
    listed = listed_questions(lines, alone=level != BOLD)
    if level == BOLD and listed:
        return read_outline(lines, begins, listed=listed, level=BOLD), BOLD
    if len(listed) > max(len(told), int(page or bool(title))):
        return read_outline(lines, begins, listed=listed), LISTED
    return blocks, level


def _question_level(blocks: Sequence[Block], title: str) -> int:
    """Return the level of the questions: that which holds most texts, the deepest of equals; 0 where nothing has a text.

    Where the titles above ask and those below do not, the upper level is meant: what is below are steps, or variants. So it is
    with the ``title`` of the whole document, which is 0, too.
    """
    level = _fullest(blocks)
    while level not in (0, MARKED) and not _mostly_ask(
        [block.title for block in blocks if block.level == level and block.told]
    ):
        upper, above = _above(blocks, level, title)
        if not _mostly_ask(above) or (len(above) == 1 and "?" not in above[0]):
            break
        level = upper
    return level


def are_questions(blocks: Sequence[Block], level: int) -> bool:
    """Return whether there are several titles of a level, and most of them ask."""
    inside = [block.title for block in blocks if block.level == level and block.told]
    return len(inside) > 1 and _mostly_ask(inside)


def joined_blocks(blocks: Sequence[Block], level: int) -> list[Block]:
    """Return the blocks with those below the questions' level as part of what they stand in.

    What asks below a section that has no question of that level is a question, too.
    """
    out: list[Block] = []
    beside = 0
    for block in blocks:
        if block.level <= level and not (out and _answers(block, out[-1])):
            beside = 0
            out.append(block)
        elif block.told and is_question(block.title) and (out[-1].level < level or block.level == beside):
            beside = block.level
            out.append(replace(block, level=level))
        else:
            out[-1].body += [(block.line, shown_inside(block)), *block.body]
    return out


def shown_inside(block: Block) -> str:
    """Return a deeper heading as the answer shows it."""
    return f"**{plain_text(block.title)}**"


def _fullest(blocks: Sequence[Block]) -> int:
    told, asked = Counter[int](), Counter[int]()
    below = set[int]()  # levels of those that follow, up to the next of the same level, and have a text
    for block in reversed(blocks):
        asks = is_question(block.title)
        whole = block.told or any(level > block.level for level in below)
        told[block.level] += block.told or (whole and asks)
        asked[block.level] += whole and asks
        below = {level for level in below if level <= block.level} | ({block.level} if whole else set())
    if asked[BOLD] * 2 < told[BOLD]:  # what is bold inside answers is seldom a question
        told[BOLD] = 0
    weight = {level: count + asked[level] for level, count in told.items() if count and level}
    return max(weight, key=lambda level: (weight[level], level), default=0)


def _above(blocks: Sequence[Block], level: int, title: str) -> tuple[int, list[str]]:
    """Return the level above one at which most of its blocks stand, and the titles there."""
    under: list[Block] = []
    found: dict[int, Block] = {}
    for block in blocks[1:]:
        under = [one for one in under if one.level < block.level]
        if block.level == level and block.told and under:
            found[under[-1].line] = under[-1]
        under.append(block)
    if not found:
        return 0, [title]
    upper, _ = Counter(one.level for one in found.values()).most_common(1)[0]
    return upper, [one.title for one in found.values() if one.level == upper]


def _mostly_ask(titles: Sequence[str]) -> bool:
    return sum(map(is_question, titles)) * 2 > len(titles)


def _answers(block: Block, before: Block) -> bool:
    """Return whether a line in bold is the answer to the one above it: that one asks, and has none."""
    bold = block.level == before.level == BOLD
    return bold and not before.told and is_question(before.title) and not is_question(block.title)
