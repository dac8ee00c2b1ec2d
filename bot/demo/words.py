"""What people say in the story, in each language; what the desk says is its own, from its catalogues."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import Locale, Translator


@dataclass(frozen=True, slots=True)
class Words:
    """The story in one language."""

    language: str
    names: dict[str, str]  # handle → name
    team: str
    scenes: list[str]
    said: dict[str, str]
    dialog: list[str]  # what is pressed or written in the request's dialog
    places: dict[str, str]

    def desk(self, key: str, **facts: Any) -> str:
        """Return what the desk says by this key."""
        return Translator().say(phrase(key, **facts), Locale(self.language))


def words(language: str) -> Words:
    """Return the story in a language."""
    text = files("bot.demo").joinpath("words.yaml").read_text("utf-8")
    return Words(language, **yaml.safe_load(text)[language])
