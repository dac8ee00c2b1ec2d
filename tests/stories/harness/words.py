"""The desk's own words, for stories that are told in several languages."""

from typing import Any

from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator

__all__ = ["LANGUAGES", "said_in"]


def said_in(language: str, key: str, **facts: Any) -> str:
    """Return what the desk says by this key in a language."""
    return Translator().say(phrase(key, **facts), Locale(language))
