"""Makes deferred attachments: tells how far it is, refuses what a messenger does not take, and owns up where it fails."""

import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.deferred.producers import produce_file
from bot.deferred.progress import Progress
from bot.deferred.workshop import Produced, Workshop
from bot.messengers.protocol import Delivery, Messenger
from handlers.rules import Rules
from handlers.turns.crossing import MEGABYTE
from handlers.vocabulary.messages import File, RichText, phrase
from handlers.vocabulary.translations import Locale, Translator
from storage.engine.database import Database, DatabaseUnavailable, WorkTimedOut

log = logging.getLogger("frontdesk.deferred")


class Maker:
    """Makes what deliveries carry."""

    def __init__(
        self, database: Database, base: Rules, now: Callable[[], datetime], messengers: Mapping[str, Messenger]
    ) -> None:
        self.database, self._base, self._now, self._messengers = database, base, now, messengers

    async def make(self, file: File, delivery: Delivery) -> Produced:
        """Return what comes of a file; raise DatabaseUnavailable where the database does not serve now."""
        progress = Progress(self.database, self._now, delivery, str(file.facts.get("waiting", "")))
        takes = self._messengers[delivery.source].able.takes
        workshop = Workshop(self.database, self._base, self._now, takes, progress.tell)
        try:
            async with progress.shown():
                made = await produce_file(workshop, file)
        except WorkTimedOut:
            return self._instead(file, "deferred.too_long")
        except DatabaseUnavailable:
            raise
        except Exception as error:
            incident = secrets.token_hex(4)
            facts = {"event": "incident", "incident": incident, "producer": file.facts["produce"]}
            log.error("incident %s", incident, exc_info=error, extra=facts)
            return self._instead(file, "incident", incident=incident)
        if made.content is not None and takes and len(made.content) > takes:
            size = -(-len(made.content) // MEGABYTE)
            return self._instead(file, "deferred.too_big", name=file.name, size=size, limit=takes // MEGABYTE)
        return made

    def _instead(self, file: File, key: str, **facts: object) -> Produced:
        args = file.facts["args"]
        reader = Locale(str(args.get("language", self._base.language)), self._base.zone)
        return Produced(None, RichText(Translator(self._base.texts).say(phrase(key, **facts), reader)))
