"""An export of a MediaWiki: its pages as Markdown."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from kb.files.validation import BadFile, Problem

_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{1,300}\|)?([^\[\]|\n]{1,300})\]\]")
_OUTSIDE = re.compile(r"\[(https?://[^\s\]]{1,500})(?: ([^\]\n]{1,300}))?\]")
_INNERMOST = re.compile(r"\{\{[^{}]{0,5000}\}\}|\{\|[^{}]{0,20000}\|\}")
_NOTE = re.compile(
    r"<ref[^>]{0,200}/>|<ref[^>]{0,200}>.{0,2000}?</ref>|<!--[^<]{0,5000}?-->|__[A-Z]{3,20}__", re.DOTALL
)
_CATEGORY = re.compile(
    r"\[\[(?:category|категорія|категория)\s*:\s*([^\[\]|\n]{1,100})(?:\|[^\[\]\n]{0,100})?\]\]", re.IGNORECASE
)
_MEDIA = re.compile(r"\[\[(?:file|image|файл|зображення|изображение)\s*:[^\[\]\n]{0,500}\]\]", re.IGNORECASE)
_REDIRECT = re.compile(r"^\s*#(redirect|перенаправлення|перенаправление)", re.IGNORECASE)


def is_wiki(text: str) -> bool:
    """Return whether a text is an export of a MediaWiki."""
    return "<mediawiki" in text[:2000]


def wiki_pages(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (title, category, Markdown) of each page of the export that is an article and no redirection."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadFile([Problem("unsafe_xml", 1)])
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise BadFile([Problem("unreadable", error.position[0], {"why": str(error)})]) from None
    for page in (element for element in root if _name(element) == "page"):
        facts = {_name(element): (element.text or "") for element in page.iter()}
        if facts.get("ns", "0").strip() in ("0", "") and not _REDIRECT.match(facts.get("text", "")):
            category = _CATEGORY.search(facts.get("text", ""))
            yield (
                facts.get("title", "").strip(),
                category[1].strip() if category else "",
                markdown_of(facts.get("text", "")),
            )


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def markdown_of(text: str) -> str:
    """Return a wiki's text as Markdown; templates, notes and pictures are left out."""
    text = _MEDIA.sub("", _CATEGORY.sub("", _NOTE.sub("", text)))
    for _ in range(8):  # templates inside templates
        text, found = _INNERMOST.subn("", text)
        if not found:
            break
    text = _OUTSIDE.sub(lambda link: f"[{link[2]}]({link[1]})" if link[2] else link[1], _LINK.sub(r"\1", text))
    text = re.sub(
        r"<(?:nowiki|syntaxhighlight|source|pre)[^>\n]{0,200}>|</(?:nowiki|syntaxhighlight|source|pre)>", "", text
    )
    text = "\n".join(_line(line) for line in text.split("\n"))  # before emphasis is: a star begins an item
    return text.replace("'''''", "**").replace("'''", "**").replace("''", "*").strip()


def _line(line: str) -> str:
    said = line.strip()
    level = len(said) - len(said.lstrip("="))
    if 0 < level <= 6 and said.endswith("=" * level) and len(said) > 2 * level:
        return f"{'#' * level} {said.strip('= ')}"
    marks = len(line) - len(line.lstrip("*#:;"))
    if not marks:
        return line
    sign = line[marks - 1]
    rest = line[marks:].strip()
    if sign == ";":
        return f"**{rest}**"
    return f"{'   ' * (marks - 1)}{ {'*': '-', '#': '1.'}.get(sign, '') } {rest}".rstrip() if sign != ":" else rest
