"""What an element of a page stands for: a site's own ways to write a question, a form around all of a page, a button."""

import re
from collections.abc import Collection, Mapping, Sequence

Facts = Mapping[str, str]
QUESTION, BUTTON, FORM, NOTHING = "summary", "button", "form", "script"  # the roles, beside the names of tags
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"})
_OF_BUTTON = frozenset({"button", "div", "a", "span", "p", "label"})
_UNFOLDS = re.compile(r"(^|[-_])(q|question|faq|accordion|collaps(e|ed|ible)|toggle|panel)([-_]|$)")
_ASKED_OF_READER = re.compile(r"search|comment|feedback|contact|subscribe|newsletter|login|sign|vote|helpful|rating")
_ENOUGH = 80  # letters of a form: less, and it only asks its reader for something


def role_of(tag: str, facts: Facts, around: Collection[str]) -> str:
    """Return the tag that an element is read as; ``around`` are the roles of those it stands in."""
    if tag == "form":
        signs = f"{facts.get('id', '')} {facts.get('class', '')} {facts.get('role', '')}".lower()
        return NOTHING if _ASKED_OF_READER.search(signs) else "div" if FORM in around else FORM
    if tag in _OF_BUTTON and not _HEADINGS.isdisjoint(around):
        return "span" if tag == "button" else tag
    if tag == "button" or (tag in _OF_BUTTON and _is_unfolding(facts)):
        return "span" if BUTTON in around or QUESTION in around else QUESTION if _unfolds(facts) else BUTTON
    return tag


def _is_unfolding(facts: Facts) -> bool:
    """Return whether an element says of itself that it opens and shuts what is below it."""
    toggles = facts.get("data-bs-toggle") or facts.get("data-toggle")
    return toggles == "collapse" or ("aria-expanded" in facts and "aria-haspopup" not in facts)


def _unfolds(facts: Facts) -> bool:
    named = any(_UNFOLDS.search(name) for name in facts.get("class", "").lower().split())
    return named or _is_unfolding(facts) or ("aria-controls" in facts and "aria-haspopup" not in facts)


def is_kept(written: Sequence[str]) -> bool:
    """Return whether a form holds what a page says: a heading, a question, or many words."""
    said = "".join(written)
    return "\n#" in said or "<summary>" in said or len("".join(said.split())) >= _ENOUGH
