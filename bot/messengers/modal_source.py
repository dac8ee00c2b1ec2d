"""What a messenger with windows asks about a draft, between its events: how it looks now, and what is wrong with it."""

from collections.abc import Callable
from typing import TypeVar

from bot.clock import Clock
from handlers.contents import CONTENTS
from handlers.rules.book import RulesCache
from handlers.turns import modal_dialog
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.modals import Modal
from storage.desk.request_types import Draft
from storage.engine.database import Connection, Database
from storage.transaction import Transaction
from storage.types import Answers

T = TypeVar("T")


class DraftForms:
    """Reads drafts; writes nothing."""

    def __init__(self, database: Database, clock: Clock, book: RulesCache) -> None:
        self._database = database
        self._clock = clock
        self._book = book

    async def draw(self, draft: int, answers: Answers) -> Modal | None:
        """Return the window of a draft with these answers in it; None where the draft is over."""
        return await self._read(draft, lambda turn, found: modal_dialog.draw_modal(turn, found, answers))

    async def wrong(self, draft: int, answers: Answers) -> dict[str, str]:
        """Return what is wrong with the answers, by field, in the filler's words."""
        return await self._read(draft, lambda turn, found: modal_dialog.modal_problems(turn, found, answers)) or {}

    async def _read(self, number: int, look: Callable[[Turn, Draft], T]) -> T | None:
        def work(connection: Connection) -> T | None:
            tx = Transaction(connection)
            draft = tx.drafts.get(number)
            if draft is None:
                return None
            person, now = tx.people.get(draft.person_id), self._clock.now()
            event = Event(Kind.HOME, person.source, "", "", now, chat=person.chat)
            rules = self._book.follow(tx.rules)
            return look(Turn(event, tx, now, rules, self._book.speech, Knowledge(), person, CONTENTS), draft)

        return await self._database.run(work)
