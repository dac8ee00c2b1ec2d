"""Where deferred attachments are made: a database to read, the desk's rules, the time, and whom to tell how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.vocabulary.deferred import ReaderArgs
from handlers.vocabulary.messages import RichText
from handlers.vocabulary.translations import Locale, Translator
from storage.desk.rules import RulesRevisions
from storage.engine.database import Reads

Tell = Callable[[int, int], None]  # how much is done, of how much


def _nobody(done: int, of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Produced:
    """What a producer has made: the content of its file, and what is said besides; no content where only words are."""

    content: bytes | None
    words: RichText | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a producer may use. It reads in pieces (``read_document``), and works on what it has read in a thread."""

    database: Reads
    base: Rules  # as the settings have them
    now: Callable[[], datetime]
    takes: int = 0  # bytes of a file that its messenger takes; 0: any number
    tell: Tell = field(default=_nobody)

    async def rules(self) -> Rules:
        """Return the rules in force."""
        newest = await self.database.read(lambda connection: RulesRevisions(connection).newest())
        return read_document(newest.data if newest else {}, self.base)[0]


def reader_of(args: ReaderArgs) -> Locale:
    """Return who reads what is made."""
    return Locale(str(args["language"]), str(args["zone"]))


def speech_of(rules: Rules) -> Translator:
    """Return what turns phrases into words at a desk of these rules."""
    return Translator(rules.texts)
