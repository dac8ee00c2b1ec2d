"""What the knowledge base holds: articles."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """One question with its answer (Markdown), the other ways people ask it, and words that point to it.

    ``language`` is a two-letter code, ``section`` is where people browse for it, ``id`` is whatever its owner calls it.
    Articles of one ``group`` say the same in different languages.
    """

    id: int | str
    question: str
    answer: str
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str = "en"
    section: str = ""
    group: int | str | None = None

    @property
    def phrasings(self) -> tuple[str, ...]:
        """Return the question and its aliases, the question first."""
        return (self.question, *self.aliases)

    @property
    def original(self) -> int | str | None:
        """Return the article that this one is tied to as its translation, None where it stands for itself."""
        return None if self.group == self.id else self.group
