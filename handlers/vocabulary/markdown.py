"""Articles are written in Markdown; here it becomes words with formatting as data, by walking markdown-it-py's tokens."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from handlers.vocabulary.messages import RichText, Span

Style = Literal["bold", "italic", "strike", "code", "pre", "quote", "link"]
STYLES: dict[str, Style] = {"strong": "bold", "em": "italic", "s": "strike", "link": "link", "blockquote": "quote"}
DEPTH = 60  # levels of quotes, lists and marks, one in another, below which the parser reads nothing
_ARTICLE = re.compile(r"#[1-9][0-9]{0,14}")
_STEP = re.compile(r"(?m)^[ \t]*\+\+\+[ \t]*$")
STEPS_APART = "\n· · ·\n"
SCHEMES = ("http://", "https://", "tel:", "mailto:", "tg://")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEPTH}).enable(["strikethrough", "table"])
    parser.inline.ruler.at("emphasis", _read_emphasis)
    return parser


def _read_emphasis(state: StateInline, silent: bool) -> bool:
    """Read marks of emphasis as markdown-it-py does, but around whole words alone: in a number (``*100*1#``) they are signs."""
    mark = state.src[state.pos]
    if silent or mark not in ("_", "*"):
        return False
    found = state.scanDelims(state.pos, canSplitWord=False)
    for _ in range(found.length):
        state.push("text", "", 0).content = mark
        at = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord(mark), found.length, at, -1, found.can_open, found.can_close))
    state.pos += found.length
    return True


def markdown_text(text: str) -> RichText:
    """Return Markdown as words; what is no Markdown stays as it was written, broken marks included; steps stand apart."""
    writer = _Writer()
    writer.blocks(_parser().parse(_STEP.sub(STEPS_APART, text)))
    return writer.done()


def steps_of(text: str) -> list[str]:
    """Return the steps of an answer, at least one: a line of ``+++`` alone stands between them."""
    return [step for part in _STEP.split(text) if (step := part.strip())] or [text]


def linked_articles(text: str) -> list[int]:
    """Return the articles that an answer leads on to, in their order, each once: it names them as ``[words](#12)``."""
    spans = (token for block in _parser().parse(text) for token in block.children or ())
    targets = (str(token.attrs.get("href", "")) for token in spans if token.type == "link_open")
    return list(dict.fromkeys(int(target[1:]) for target in targets if _ARTICLE.fullmatch(target)))


def reads_as_typed(text: str) -> bool:
    """Return whether people read every sign of a text: none of them is a mark of Markdown."""
    return _signs(markdown_text(text).text) == _signs(text)


def _signs(text: str) -> str:
    return "".join(text.replace("•", "-").split())


def escaped_markdown(text: str) -> str:
    """Return Markdown that reads as this text does, sign by sign."""
    marked = re.sub(r"[\\`*_\[\]<>~&|!]", r"\\\g<0>", text)
    marked = re.sub(r"(?m)^[ \t]+", "", marked)
    marked = re.sub(r"(?m)^([-+=#])", r"\\\1", marked)
    return re.sub(r"(?m)^(\d+)([.)])", r"\1\\\2", marked)


class _Writer:
    """Walks the tokens once, writing text and remembering where each formatting began."""

    def __init__(self) -> None:
        self._text = ""
        self._spans: list[Span] = []
        self._open: list[tuple[str, int, str]] = []
        self._lists: list[int | None] = []

    def done(self) -> RichText:
        """Return what was written."""
        return RichText(self._text, tuple(sorted(self._spans, key=lambda s: (s.start, -s.end)))).strip()

    def blocks(self, tokens: Iterable[Token]) -> None:
        """Write paragraphs, headings, lists, quotes, code and tables."""
        for token in tokens:
            self._block(token)

    def _block(self, token: Token) -> None:
        match token.type:
            case "inline":
                self.inline(token.children or [])
            case "fence" | "code_block" | "hr":
                self._gap(2)
                self._mark("pre", len(self._text), token.content.rstrip("\n") or "———")
            case "paragraph_open" | "blockquote_open":
                self._paragraph(token)
            case "blockquote_close":
                self._end("blockquote")
            case _ if "list" in token.type:
                self._list(token)
            case _:
                self._heading_or_table(token)

    def _list(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._item()

    def _heading_or_table(self, token: Token) -> None:
        match token.type:
            case "heading_open" | "th_open":
                self._gap(2 if token.type == "heading_open" else 0)
                self._begin("strong")
            case "heading_close" | "th_close":
                self._end("strong", cell=token.type == "th_close")
            case "tr_open":
                self._gap(1)
            case "td_close":
                self._text += " · "
            case "tr_close":
                self._text = self._text.removesuffix(" · ")

    def _paragraph(self, token: Token) -> None:
        if not token.hidden and not self._text.endswith(("• ", ". ")):
            self._gap(2)
        if token.type == "blockquote_open":
            self._begin("blockquote")

    def _item(self) -> None:
        self._gap(1)
        number = self._lists[-1]
        self._text += "  " * (len(self._lists) - 1)
        if number is None:
            self._text += "• "
        else:
            self._text += f"{number}. "
            self._lists[-1] = number + 1

    def inline(self, tokens: Sequence[Token]) -> None:
        """Write the text of one paragraph."""
        for token in tokens:
            match token.type:
                case "text":
                    self._text += token.content
                case "softbreak" | "hardbreak":
                    self._text += "\n"
                case "code_inline":
                    self._mark("code", len(self._text), token.content)
                case "image":
                    self._image(token)
                case _ if token.nesting == 1:
                    self._begin(token.tag if token.tag != "a" else "link", str(token.attrs.get("href", "")))
                case _ if token.nesting == -1:
                    self._end(token.tag if token.tag != "a" else "link")

    def _image(self, token: Token) -> None:
        """Write an image as a link to it: pictures that belong to an answer are attached to it as files."""
        self._begin("link", str(token.attrs.get("src", "")))
        self._text += token.content or str(token.attrs.get("src", ""))
        self._end("link")

    def _begin(self, tag: str, url: str = "") -> None:
        self._open.append((tag, len(self._text), url))

    def _end(self, tag: str, *, cell: bool = False) -> None:
        name, start, url = self._open.pop()
        style = STYLES.get(name)
        if style is not None and start < len(self._text) and (style != "link" or url.startswith(SCHEMES)):
            self._spans.append(Span(style, start, len(self._text), url if style == "link" else ""))
        if cell:
            self._text += " · "

    def _mark(self, style: Style, start: int, text: str) -> None:
        self._text += text
        if text:
            self._spans.append(Span(style, start, len(self._text)))

    def _gap(self, lines: int) -> None:
        """End what stands before with as many line ends, unless nothing does."""
        if self._text:
            self._text += "\n" * max(0, lines - (len(self._text) - len(self._text.rstrip("\n"))))
