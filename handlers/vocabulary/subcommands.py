"""The second words of commands, in any of our languages: ``/faq додати`` is ``/faq add``."""

from functools import cache

from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator

WORDS = (
    *(
        "add",
        "alias",
        "back",
        "company",
        "delete",
        "drop",
        "edit",
        "export",
        "gaps",
        "history",
        "import",
        "list",
        "notify",
        "off",
        "on",
        "override",
    ),
    *(
        "proposed",
        "roles",
        "save",
        "share",
        "show",
        "subscribe",
        "subscriptions",
        "swap",
        "test",
        "text",
        "withdraw",
        "workflow",
    ),
)


def read_subcommand(word: str) -> str:
    """Return a word as commands spell it: "add" for "додати" and "добавить"; others as they are, in small letters."""
    plain = word.casefold()
    return plain if plain in WORDS else _spoken().get(plain, plain)


@cache
def _spoken() -> dict[str, str]:
    catalogues = Translator()  # whatever the desk's own texts are
    return {
        said.strip(): word
        for language in LANGUAGES
        for word in WORDS
        for said in catalogues.say(phrase(f"subcommand.{word}"), Locale(language)).split(",")
    }
