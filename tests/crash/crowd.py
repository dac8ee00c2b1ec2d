"""Many who are all told the same while desks come and go: each once, or once more where nobody could know, and then by name."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from handlers.vocabulary.timers import AnnouncementDue, AnnouncementWatch
from storage.care.announcements import Stage
from storage.models import Sending, account, announced, announcement, outgoing, person, timer
from storage.transaction import Transaction
from tests.crash.rows import Reader
from tests.crash.side import Side

SAID = "We move on Monday."
DOUBT, LOST = "Perhaps twice", "Could not be reached"


@dataclass(frozen=True, slots=True)
class Told:
    """What the rows say of one person's announcement."""

    source: str
    native: str
    name: str
    state: str
    uncertain: bool
    error: str | None

    @property
    def given_up(self) -> bool:
        """Whether its sender died twice, so that nobody knows whether it came once, twice, or not."""
        return self.state == Sending.FAILED and self.error == "uncertain"


class Crowd:
    """So many people, by turns on each side."""

    def __init__(self, sides: Sequence[Side], count: int) -> None:
        self._people: list[tuple[Side, Any, str, str, str]] = []
        for number in range(count):
            side = sides[number % len(sides)]
            self._people.append((side, *side.wrote_before(f"Guest{number}"), f"Guest{number}"))
        self._sides = sides

    async def is_known(self, reader: Reader, now: datetime) -> None:
        """Let them be known to the desk, and an admin have sent off an announcement whose time is now."""

        def work(connection: Connection) -> None:
            tx = Transaction(connection)
            for side, _, native, chat, name in self._people:
                facts: dict[str, Any] = {"name": name, "username": "", "language": "en", "chat": chat}
                writer = tx.people.meet(side.source, native, at=now, **facts)
            side = self._sides[0]
            number = tx.announcements.add(
                by_id=writer.id,
                stage=Stage.WAITING,
                words={"en": {"text": SAID, "spans": []}},
                files=[],
                segment={"to": "everybody"},
                place={"lane": f"{side.source}:{side.team_chat}", "language": "en", "zone": "UTC"},
                created_at=now,
            )
            due = AnnouncementDue(number, "")
            tx.timers.schedule(due.name, now, facts=due.facts)

        await reader.run(work)

    async def is_told(self, reader: Reader) -> bool:
        """Return whether everybody was promised it."""
        return await reader.run(lambda connection: connection.scalar(select(announcement.c.stage)) == Stage.DONE)

    async def is_looked_after(self, reader: Reader) -> bool:
        """Return whether its card is to be looked at again: something was on its way when that was done last."""
        its = select(timer.c.id).where(timer.c.name == AnnouncementWatch.name, timer.c.fired_at.is_(None)).limit(1)
        return await reader.run(lambda connection: connection.scalar(its) is not None)

    async def wrong(self, reader: Reader) -> list[str]:
        """Return who was told never, or twice without a doubt, and who is not named though nobody can know."""
        told = {(row.source, row.native): row for row in await reader.run(_told)}
        return [*self._each(told), *self._card(list(told.values()))]

    def _each(self, told: Mapping[tuple[str, str], Told]) -> Iterator[str]:
        for side, who, native, _, name in self._people:
            row, times = told.get((side.source, native)), sum(SAID in text for text in side.private(who))
            if row is None or not (row.state == Sending.SENT or row.given_up):
                yield f"{name} on {side.source} was promised it as {row}"
                continue
            least, most = int(not row.given_up), 2 if row.uncertain and not side.certain else 1
            if not least <= times <= most:
                yield f"{name} on {side.source} was told {times} times, not {least} to {most}"

    def _card(self, told: Collection[Told]) -> Iterator[str]:
        cards = [text for text in self._sides[0].team_reads() if SAID in text]
        sent = [row for row in told if row.state == Sending.SENT]
        if not cards or f"Sent: {len(sent)} of {len(told)}" not in cards[-1]:
            yield f"the card does not say that {len(sent)} of {len(told)} were told: {cards}"
            return
        for words, named in (
            (DOUBT, [row.name for row in sent if row.uncertain]),
            (LOST, [row.name for row in told if row.given_up]),
        ):
            if bool(named) != (words in cards[-1]) or (named and not any(name in cards[-1] for name in named)):
                yield f"the card names others than {named}: {cards[-1]}"


def _told(connection: Connection) -> list[Told]:
    columns = (
        account.c.source,
        account.c.native,
        person.c.name,
        outgoing.c.state,
        outgoing.c.uncertain,
        outgoing.c.error,
    )
    joined = announced.join(person, person.c.id == announced.c.person_id).join(
        account, account.c.person_id == person.c.id
    )
    query = select(*columns).select_from(joined.outerjoin(outgoing, outgoing.c.id == announced.c.outgoing_id))
    return [Told(*row) for row in connection.execute(query).all()]
