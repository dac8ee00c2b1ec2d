"""What is seen equals what is drawn from nothing: each card says what it would say if it were drawn anew."""

import asyncio
from collections.abc import Iterator

from handlers.tickets import cards
from handlers.vocabulary.messages import Event, Kind
from storage.engine.database import Connection
from tests.stories.harness.crossed import CARD, words
from tests.stories.harness.places import QUEUE
from tests.town.oracle.rota import BELL, calls
from tests.town.rooms import GROUP
from tests.town.town import Town

OVER = "SELECT id FROM ticket WHERE kind IN ('resolved', 'closed')"
MOVED = "➡️"  # begins the line in place of a card that stands elsewhere


def shown(town: Town) -> dict[tuple[str, str], str]:
    """Return what each request's card says in each team's channel."""
    found: dict[tuple[str, str], str] = {}
    seen = [(side, QUEUE) for side in town.sides] + [(room.side, room.place) for room in town.of_kind(GROUP)]
    for side, place in seen:
        for line in side.lines(side.founder, place):
            number = CARD.match(line.text)
            if line.by_desk and number is not None:
                found.setdefault((line.room, number[1]), without_call(words(line)))
    return found


def without_call(said: str) -> str:
    """Leave out who is called: somebody who is seen for the first time, or erased, is counted when a card is drawn next."""
    return "\n".join(line for line in said.splitlines() if not line.startswith(BELL))


async def problems(town: Town) -> list[str]:
    """Let every card be drawn anew, and return those that say something else then."""
    app = town.life.process.app
    if app is None or town.life.process.dead:
        return []
    before, numbers = shown(town), town.tickets()

    def anew(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE card SET look = ''")
        event = Event(Kind.TIMER, "desk", "anew", "anew", app.clock.now(), name="anew")
        turn = app.desk._turning.turn(connection, event)
        for number in numbers:
            cards.refresh_cards(turn, turn.tx.tickets.get(number))

    await asyncio.get_running_loop().create_task(app.database.run(anew))
    app.outbox.bell.set()
    await town.settle()
    return [*_differing(town, before, shown(town)), *calls(town)]


def _differing(town: Town, before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]) -> Iterator[str]:
    """Yield cards that say something else; what ended while a group's channel was lost goes there when it is drawn next."""
    lost = any(room.lost for room in town.of_kind(GROUP))
    over = {str(row["id"]) for row in town.life.reader.rows(OVER)} if lost else set()
    for key, was in before.items():
        if key in after and after[key] != was and not (key[1] in over and after[key].startswith(MOVED)):
            yield f"drawn: the card of #{key[1]} says {was!r}, drawn anew {after[key]!r}"
