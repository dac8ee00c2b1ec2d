"""A page of HTML that needs nothing beside itself: what people wrote is escaped, and nothing in it is fetched from anywhere."""

from collections.abc import Iterable
from html import escape
from itertools import pairwise
from urllib.parse import urlsplit

from handlers.vocabulary.messages import RichText, Span

TAGS = {"bold": "b", "italic": "i", "underline": "u", "strike": "s", "code": "code", "pre": "code", "quote": "q"}
SCHEMES = ("http", "https", "mailto", "tel")
STYLE = """
:root { color-scheme: light dark; --line: #8883; --quiet: #888; --note: #fc03; --ours: #49f2; }
* { box-sizing: border-box; }
body { font: 16px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 46rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; margin: 0 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .75rem; margin: 0 0 1rem; }
dt, .at, .did { color: var(--quiet); }
dd { margin: 0; white-space: pre-wrap; }
article { border: 1px solid var(--line); border-radius: .6rem; padding: .5rem .75rem; margin: .5rem 0; }
article.reply { background: var(--ours); } article.note { background: var(--note); }
header { display: flex; justify-content: space-between; gap: 1rem; font-size: .85rem; margin-bottom: .25rem; }
.words { white-space: pre-wrap; } .gone, del { text-decoration: line-through; opacity: .7; }
.did { font-size: .85rem; margin: .4rem .75rem; } code { font-family: ui-monospace, monospace; }
"""


def html_page(language: str, title: str, body: Iterable[str]) -> str:
    """Return a whole document; ``body`` is HTML already."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = (
        "<!doctype html>",
        f'<html lang="{escape(language)}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
    )
    return "\n".join((*head, *body, "</body></html>\n"))


def html_element(tag: str, text: str, kind: str = "") -> str:
    """Return text in an element, perhaps of a class."""
    return f"<{tag}{_class(kind)}>{escape(text)}</{tag}>"


def html_block(tag: str, inner: Iterable[str], kind: str = "") -> str:
    """Return HTML in an element, perhaps of a class."""
    return f"<{tag}{_class(kind)}>{''.join(inner)}</{tag}>"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def html_words(said: RichText) -> str:
    """Return words with their formatting; a link leads only where a person would go."""
    edges = sorted({0, len(said.text), *(edge for span in said.spans for edge in (span.start, span.end))})
    pieces = []
    for start, end in pairwise(edges):
        piece = escape(said.text[start:end])
        for span in said.spans:
            if span.start <= start and end <= span.end:
                piece = _marked(piece, span)
        pieces.append(piece)
    return "".join(pieces)


def _marked(piece: str, span: Span) -> str:
    if span.kind == "link":
        safe = _scheme(span.url) in SCHEMES
        return f'<a href="{escape(span.url)}" rel="noreferrer noopener">{piece}</a>' if safe else piece
    tag = TAGS.get(span.kind)
    return f"<{tag}>{piece}</{tag}>" if tag else piece


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme.lower()
    except ValueError:
        return ""
