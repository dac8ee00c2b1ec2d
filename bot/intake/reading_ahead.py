"""What people say is encoded between its arrival and its turn, beside the writer, where the sentence encoder is installed."""

import asyncio
import logging
from collections.abc import Sequence

from handlers.turns.knowledge import Knowledge
from handlers.vocabulary.messages import Event, Kind

log = logging.getLogger("frontdesk.ahead")

LONGEST = 0.15  # seconds that an event waits for it; what is not ready then is answered by likeness
LETTERS = 3  # of a text worth it


class ReadingAhead:
    """Encodes the words of events, one batch at a time."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    async def __call__(self, events: Sequence[Event]) -> None:
        """Encode what was said, for as long as somebody may wait for that; what goes wrong is no reason not to go on."""
        texts = [event.asked for event in events if event.kind is Kind.TEXT and len(event.asked) > LETTERS]
        if not texts or not self._knowledge.meant:
            return
        work = asyncio.ensure_future(asyncio.to_thread(self._encode, texts))
        await asyncio.wait([work], timeout=LONGEST)

    def _encode(self, texts: Sequence[str]) -> None:
        try:
            for text in texts:
                self._knowledge.read_ahead(text)
        except Exception:
            log.exception("a text could not be encoded; it is answered by likeness", extra={"event": "not_encoded"})
