"""The section ``canned``: replies that agents send by name, in each language; placeholders are checked when they are written."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.rules.node import Node
from handlers.rules.texts import check_placeholders

PLACEHOLDERS = ["requester", "ticket", "agent"]
LONGEST = 2000  # characters of one text


@dataclass(frozen=True, slots=True)
class Canned:
    """A prepared reply."""

    name: str
    text: Mapping[str, str]  # by language

    def in_language(self, *languages: str) -> str:
        """Return the text in the first of these languages that it has, else in any."""
        return next((self.text[code] for code in languages if code in self.text), next(iter(self.text.values())))


def read_canned(node: Node) -> dict[str, Canned]:
    """Return the canned replies by name."""
    found = {name: _canned(name, inner) for name, inner in node.entries().items()}
    return {name: canned for name, canned in found.items() if canned.text}


def _canned(name: str, node: Node) -> Canned:
    """Read one reply; a text alone stands for ``text`` in every language."""
    given = node.fields("text")["text"] if isinstance(node.value, Mapping) else node
    texts = given.words(limit=LONGEST)
    for text in dict.fromkeys(texts.values()):
        check_placeholders(given, text, PLACEHOLDERS)
    return Canned(name, texts)
