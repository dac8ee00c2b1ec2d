"""The section ``texts``: what the desk says in its own words instead of the catalogue's, by language and key."""

import re
from collections.abc import Mapping
from string import Formatter

from handlers.rules.node import Node
from handlers.vocabulary.translations import LANGUAGES, Texts, load_catalogue

LONGEST = 2000  # characters of one text


def read_texts(node: Node) -> dict[str, Texts]:
    """Return ``{language: {key: text}}``; a text may use only what the catalogue's own uses."""
    return {language: _language(inner, language) for language, inner in node.fields(*LANGUAGES).items() if inner.given}


def _language(node: Node, language: str) -> dict[str, str | tuple[str, ...]]:
    known = load_catalogue(language).texts
    given = node.value if isinstance(node.value, Mapping) else {}
    found: dict[str, str | tuple[str, ...]] = {}
    for key in given:
        inner = node.at(key, given[key])
        if str(key) not in known:
            inner.unknown(str(key), known)
        elif isinstance(known[str(key)], tuple):
            inner.refuse("plural")
        elif text := inner.text(limit=LONGEST, required=True):
            found[str(key)] = text
            check_placeholders(inner, text, text_placeholders(str(known[str(key)])))
    if given == {} and node.given and not isinstance(node.value, Mapping):
        node.refuse("mapping")
    return found


def text_placeholders(text: str) -> list[str]:
    """Return the names in braces; raise ValueError where the braces are no names."""
    names = []
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if spec or conversion or not re.fullmatch(r"[a-z_]+", name):
            raise ValueError(name)
        names.append(name)
    return list(dict.fromkeys(names))


def check_placeholders(node: Node, text: str, known: list[str]) -> None:
    """Refuse a text with a placeholder that nothing would fill."""
    try:
        used = text_placeholders(text)
    except ValueError:
        node.refuse("braces")
        return
    for name in used:
        if name not in known:
            told = ", ".join(f"{{{one}}}" for one in known) or "—"
            node.refuse("placeholder", word=f"{{{name}}}", known=told)
