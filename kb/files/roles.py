"""What an element of a page stands for: a site's own ways to write a question, a form around all of a page, a button."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

Facts = Mapping[str, str]
# The roles, beside the names of tags.
QUESTION, ASKED, BUTTON, FORM, NOTHING, BOLD = "summary", "asked", "button", "form", "script", "b"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"})
_OF_BUTTON = frozenset({"button", "div", "a", "span", "p", "label"})
_UNFOLDS = re.compile(r"(^|[-_])(q|question|faq|accordion|collaps(e|ed|ible)|toggle|panel)([-_]|$)")
_ASKED_OF_READER = re.compile(r"search|comment|feedback|contact|subscribe|newsletter|login|sign|vote|helpful|rating")
_OF_TEXT = frozenset({"div", "p", "span", "li"})
_NAMED = re.compile(  # how sites call a question; in words of their own, such as «q», only where it has its sign
    r"^(faq|faqs|accordion|qa|qna)[\w-]*?[-_](q|question|title|header|heading|head)$|^(?:[\w-]+[-_])?(question|q)([-_](title|text))?$"
)
_WEIGHT = re.compile(r"font-weight\s*:\s*(\w+)")
_BY_GOOGLE = ("https://www.google.com/url?", "http://www.google.com/url?")
_LONGEST = 300  # letters of a question; what is longer holds more than one
_RULES = 200_000  # letters of a style sheet; those of a word processor have few
_ENOUGH = 80  # letters of a form: less, and it only asks its reader for something


class Styles:
    """Which classes of a page are bold: word processors know no other way."""

    def __init__(self) -> None:
        self._bold: dict[str, bool] = {}  # in the order of the page's rules, the last of which holds

    def learn(self, rules: str) -> None:
        """Take the rules of a style sheet."""
        for rule in rules[:_RULES].split("}"):
            names, _, body = rule.rpartition("{")
            if weight := _WEIGHT.search(body):
                for name in re.findall(r"\.([\w-]+)\s*(?:,|$)", names[-_LONGEST:]):
                    self._bold.pop(name, None)
                    self._bold[name] = _is_heavy(weight[1])

    def is_bold(self, facts: Facts) -> bool:
        """Return whether the words of an element are bold."""
        if weight := _WEIGHT.search(facts.get("style", "").lower()):
            return _is_heavy(weight[1])
        classes = facts.get("class", "").split()
        return (
            bool(classes and self._bold)
            and ([self._bold[name] for name in self._bold if name in classes] or [False])[-1]
        )


def _is_heavy(weight: str) -> bool:
    return weight in ("bold", "bolder") or (weight.isascii() and weight.isdigit() and int(weight) >= 600)


def role_of(tag: str, facts: Facts, around: Mapping[str, int], styles: Styles) -> str:
    """Return the tag that an element is read as; ``around`` counts the roles of those it stands in."""
    if tag == "a" and facts.get("href", "").startswith("#cmnt"):
        return NOTHING
    if tag == "span" and styles.is_bold(facts):
        return "span" if around.get(BOLD) or around.get("strong") else BOLD
    if tag == "form":
        signs = f"{facts.get('id', '')} {facts.get('class', '')} {facts.get('role', '')}".lower()
        return NOTHING if _ASKED_OF_READER.search(signs) else "div" if around.get(FORM) else FORM
    if tag in _OF_BUTTON and any(map(around.get, _HEADINGS)):
        return "span" if tag == "button" else tag
    if tag == "button" or (tag in _OF_BUTTON and _is_unfolding(facts)):
        return "span" if around.get(BUTTON) else QUESTION if _unfolds(facts) else BUTTON
    if tag in _OF_TEXT and not around.get(ASKED) and any(map(_NAMED.match, _classes(facts))):
        return ASKED
    return tag


def _classes(facts: Facts) -> list[str]:
    return facts.get("class", "").lower().split()


def _is_unfolding(facts: Facts) -> bool:
    """Return whether an element says of itself that it opens and shuts what is below it."""
    toggles = facts.get("data-bs-toggle") or facts.get("data-toggle")
    return toggles == "collapse" or ("aria-expanded" in facts and "aria-haspopup" not in facts)


def _unfolds(facts: Facts) -> bool:
    named = any(map(_UNFOLDS.search, _classes(facts)))
    return named or _is_unfolding(facts) or ("aria-controls" in facts and "aria-haspopup" not in facts)


def is_remark(facts: Facts) -> bool:
    """Return whether an element leads from a remark in the margin to the words it is about, as Google Docs exports it."""
    return facts.get("href", "").startswith("#cmnt_ref")


def link_of(address: str) -> str:
    """Return where a link leads, without the page of Google's that an export leads by."""
    parts = urlsplit(address[:2000]) if address.startswith(_BY_GOOGLE) else None
    return (parse_qs(parts.query).get("q") or [address])[0] if parts else address


def question_of(role: str, written: str) -> str:
    """Return what is written for an element that may be a question: it, what it holds where it is more, or nothing."""
    plain = " ".join(written.split()).strip("*_# ")
    if role == ASKED and (re.search(r"\n\s*\n|\n#|<summary>", written.strip()) or "?" not in plain):
        return f"{written}\n\n"
    if role == BUTTON and "?" not in plain:
        return ""
    return f"<summary>{plain}</summary>\n\n" if plain and len(plain) <= _LONGEST else written


def is_kept(written: Sequence[str]) -> bool:
    """Return whether a form holds what a page says: a heading, a question, or many words."""
    said = "".join(written)
    return "\n#" in said or "<summary>" in said or len("".join(said.split())) >= _ENOUGH
