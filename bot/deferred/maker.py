"""Makes deferred attachments: tells how far it is, refuses what a messenger does not take, and owns up where it fails."""

import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.deferred.producers import produce_file
from bot.deferred.progress import Progress
from bot.deferred.workshop import Produced, Workshop, reader_of, speech_of
from bot.messengers.protocol import Delivery, Messenger
from handlers.rules import Rules
from handlers.turns.crossing import MEGABYTE
from handlers.vocabulary.deferred import ReaderArgs
from handlers.vocabulary.messages import File, RichText, phrase
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
            return await self._instead(workshop, file, "deferred.too_long")
        except DatabaseUnavailable:
            raise
        except Exception as error:
            incident = secrets.token_hex(4)
            facts = {"event": "incident", "incident": incident, "producer": file.facts["produce"]}
            log.error("incident %s", incident, exc_info=error, extra=facts)
            return await self._instead(workshop, file, "incident", incident=incident)
        if made.content is not None and takes and len(made.content) > takes:
            size = -(-len(made.content) // MEGABYTE)
            facts = {"name": file.name, "size": size, "limit": takes // MEGABYTE}
            return await self._instead(workshop, file, "deferred.too_big", **facts)
        return made

    async def _instead(self, workshop: Workshop, file: File, key: str, **facts: object) -> Produced:
        """Return what is said in a file's place, as this desk says it; what an older version promised names no reader."""
        given = file.facts["args"]
        language, zone = (str(given.get(name) or getattr(self._base, name)) for name in ("language", "zone"))
        args: ReaderArgs = {"language": language, "zone": zone}
        said = speech_of(await workshop.rules()).say(phrase(key, **facts), reader_of(args))
        return Produced(None, RichText(said))
