"""Pages of a help centre, a wiki or a word processor as Markdown: what is said on them, without what stands around it."""

import re
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser

from kb.files.grid import Grid
from kb.files.roles import ASKED, BUTTON, FORM, NOTHING, Styles, is_kept, is_remark, link_of, question_of, role_of


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NEVER = _tags("script style nav footer aside noscript template svg iframe select head")
_PARAGRAPHS = _tags(
    "p div section header figure figcaption blockquote dl dd address center main article fieldset body html"
)
_VOID = _tags("br hr img input meta link wbr area base col embed source track param")
_MAIN_TAGS = frozenset({"main", "article"})
_MAIN_IDS = frozenset({"main-content", "content", "mw-content-text", "bodycontent", "main"})
_ENOUGH = 80  # letters of a main part: less, and the whole page is taken
_DEEPEST = 400  # elements inside one another; deeper ones are read as if they stood at this depth


class _Page(HTMLParser):
    """Writes Markdown while it reads; nothing is nested in memory but the names of the open elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.title = ""
        self.heading = ""
        self.crumbs: list[str] = []
        self.main: tuple[int, int] | None = None
        self._open: list[tuple[str, str]] = []  # tag, and what it is read as
        self._around = Counter[str]()  # how many there are of each role
        self._never = 0
        self._titled = False
        self._crumbed = 0
        self._lists: list[int | None] = []
        self._links: list[str] = []
        self._marks: list[int] = []
        self._pre = 0
        self._form = 0
        self._styles = Styles()
        self._rows: list[list[str]] = []  # under way, of tables inside one another
        self._grids: list[Grid] = []
        self._main: tuple[int, int] | None = None

    # Reading

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Begin an element."""
        facts = {name: value or "" for name, value in attrs}
        if tag == "title":
            self._titled = True
        if tag in _VOID:
            self._void(tag, facts)
            return
        if is_remark(facts) and self._open and self._open[-1][1] == "p":
            self._drop()
        role = role_of(tag, facts, self._around, self._styles)
        if len(self._open) < _DEEPEST:
            self._open.append((tag, role))
            self._around[role] += 1
        if role in _NEVER:
            self._never += 1
            return
        if self._never:
            return
        if self._main is None and (
            tag in _MAIN_TAGS or facts.get("role") == "main" or facts.get("id", "").lower() in _MAIN_IDS
        ):
            self._main = (len(self._open), len(self.out))
        if "breadcrumb" in facts.get("class", "").lower() + facts.get("id", "").lower() and not self._crumbed:
            self._crumbed = len(self._open)
        self._begin(role, facts)

    def handle_endtag(self, tag: str) -> None:
        """End an element, and those inside it that nobody ended."""
        if tag == "title":
            self._titled = False
        if all(tag != one for one, _ in self._open):
            return
        while self._open:
            ended, role = self._open.pop()
            self._around[role] -= 1
            if role in _NEVER:
                self._never = max(0, self._never - 1)
            elif not self._never:
                self._end(role)
            if self._main is not None and len(self._open) < self._main[0] and self.main is None:
                self.main = (self._main[1], len(self.out))
            if len(self._open) < self._crumbed:
                self._crumbed = 0
            if ended == tag:
                return

    def handle_data(self, data: str) -> None:
        """Take words."""
        if self._titled:
            self.title += data
        elif self._crumbed:
            self.crumbs += [data.strip()] if len(data.strip()) > 1 else []
        elif self._open and self._open[-1][0] == "style":
            self._styles.learn(data)
        elif not self._never:
            self.out.append(data if self._pre else re.sub(r"\s+", " ", data))

    # Writing

    def _void(self, tag: str, facts: dict[str, str]) -> None:
        if self._never:
            return
        if tag == "br":
            self.out.append("\n" if self._pre else "  \n")
        elif tag == "hr":
            self.out.append("\n\n")
        elif tag == "img" and facts.get("alt"):
            self.out.append(facts["alt"])

    def _begin(self, tag: str, facts: dict[str, str]) -> None:
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self.out.append(f"\n\n{'#' * int(tag[1])} ")
            self._marks.append(len(self.out))
        elif tag in _PARAGRAPHS:
            self.out.append("\n\n")
        elif tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)
            self.out.append("\n" if len(self._lists) > 1 else "\n\n")
        elif tag == "li":
            self._item()
        elif tag in ("b", "strong", "dt", "summary", "i", "em", "code", "pre", "a", BUTTON, ASKED):
            self._mark(tag, facts)
        elif tag == FORM:
            self._form = len(self.out)
            self.out.append("\n\n")
        elif tag == "table":
            self._grids.append(Grid())
            self.out.append("\n\n")
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._marks.append(len(self.out))

    def _mark(self, tag: str, facts: dict[str, str]) -> None:
        if tag == "a":
            self._links.append(link_of(facts.get("href", "")))
        elif tag == "pre":
            self._pre += 1
            self.out.append("\n\n```\n")
            return
        elif tag in ("dt", "summary", BUTTON, ASKED):
            self.out.append("\n\n")
        self._marks.append(len(self.out))

    def _drop(self) -> None:
        """Pass over the rest of the paragraph under way, and of the box that it begins: a remark on the page, not of it."""
        boxed = len(self._open) > 1 and self._open[-2][1] == "div" and self.out[-2:] == ["\n\n", "\n\n"]
        tag, role = self._open[at := -2 if boxed else -1]
        self._open[at] = (tag, NOTHING)
        self._around.update({role: -1, NOTHING: 1})
        self._never += 1

    def _item(self) -> None:
        number = self._lists[-1] if self._lists else None
        sign = "-" if number is None else f"{number}."
        if self._lists and number is not None:
            self._lists[-1] = number + 1
        self.out.append(f"\n{'   ' * (len(self._lists) - 1)}{sign} ")

    def _end(self, tag: str) -> None:
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            said = " ".join(self._taken().split())
            self.heading = self.heading or said
            self.out.append(f"{said}\n\n" if said else "\n\n")
        elif tag in _PARAGRAPHS or tag == "table":
            self._grids = self._grids[:-1] if tag == "table" else self._grids
            self.out.append("\n\n")
        elif tag in ("ul", "ol"):
            self._lists = self._lists[:-1]
            self.out.append("\n" if self._lists else "\n\n")
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
            self.out.append("\n```\n\n")
        elif tag in ("b", "strong", "dt", "summary", "i", "em", "code", "a", BUTTON, ASKED):
            self._marked(tag)
        elif tag == FORM and not is_kept(self.out[self._form :]):
            del self.out[self._form :]
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append(self._taken())
        elif tag == "tr" and self._rows and (cells := self._rows.pop()):
            self._grids = self._grids or [Grid()]
            self.out.append(self._grids[-1].write_row(cells))

    def _marked(self, tag: str) -> None:
        raw = self._taken()
        said = raw.strip()
        if tag == "a":
            link = self._links.pop() if self._links else ""
            linked = link.startswith(("http://", "https://", "mailto:", "tel:")) and said
            self.out.append(f"[{said}]({link})" if linked and said != link else raw)
        elif tag in ("dt", "summary", BUTTON, ASKED):
            self.out.append(question_of(tag, raw))
        elif not said or "\n" in said:
            self.out.append(raw)
        else:
            sign = "`" if tag == "code" else "**" if tag in ("b", "strong") else "*"
            inside = said if said.startswith(sign) or self._pre else f"{sign}{said}{sign}"
            self.out.append(f"{' ' if raw[:1] == ' ' else ''}{inside}{' ' if raw[-1:] == ' ' else ''}")

    def _taken(self) -> str:
        """Return what was written since an element began, and take it back."""
        at = self._marks.pop() if self._marks else len(self.out)
        if self._main is not None and at <= self._main[1]:  # it was inside, and has no place of its own any more
            self._main = self.main = None
        said = "".join(self.out[at:])
        del self.out[at:]
        return said


def page_of(source: str) -> tuple[str, str, str]:
    """Return a page's title, the section its breadcrumbs name ("" for none), and its text as Markdown."""
    page = _Page()
    page.feed(source)
    page.close()
    first, last = page.main or (page._main[1] if page._main else 0, len(page.out))
    text = tidy_markdown("".join(page.out[first:last]))
    if len(text) < _ENOUGH:
        text = tidy_markdown("".join(page.out))
    title = " ".join(page.title.split())
    return title or page.heading, page.crumbs[-1] if page.crumbs else "", text


def tidy_markdown(text: str) -> str:
    """Return Markdown without spaces at line ends (two that end a line stay) and without runs of empty lines."""
    text = text.replace("\xa0", " ")
    lines = [line.rstrip() + ("  " if line.endswith("  ") and line.strip() else "") for line in text.split("\n")]
    fenced, out = False, list[str]()
    for line in lines:
        fenced ^= line.strip() == "```"
        if not fenced and re.fullmatch(r"\s{0,40}(-|#{1,6})\s*", line):
            continue  # an item or a heading of which nothing is left
        out.append(line if fenced or re.match(r"\s*([-]|\d+\.) ", line) else line.lstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip()
