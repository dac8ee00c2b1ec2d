"""Who is on duty otherwise than by the rules: instead of whoever is, besides them, or not, for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from storage.models import DutyChange, duty_override, person
from storage.types import made_id


@dataclass(frozen=True, slots=True)
class Override:
    """A change of who is on duty, in the columns' order, and whose name it has."""

    id: int
    rota: str
    change: DutyChange
    person_id: int
    begins_at: datetime
    ends_at: datetime
    by_id: int
    at: datetime
    agreed_at: datetime | None
    ended_at: datetime | None
    swapped_for: int | None
    card: int | None
    name: str

    @property
    def over_at(self) -> datetime:
        """Return when it holds no more: at its end, or when it was taken back."""
        return min(self.ends_at, self.ended_at or self.ends_at)


class Duty:
    """The overrides, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, **values: Any) -> int:
        """Keep an override; ``values`` are its columns. Until it is agreed to it changes nothing."""
        return made_id(self._connection.execute(insert(duty_override).values(values)))

    def change(self, number: int, **values: Any) -> None:
        """Let an override be otherwise; ``values`` are its columns."""
        self._connection.execute(update(duty_override).where(duty_override.c.id == number).values(values))

    def get(self, number: int) -> Override | None:
        """Return an override, if there is one of this number."""
        found = self._found(duty_override.c.id == number) if 0 < number < 2**31 else []
        return found[0] if found else None

    def between(self, rota: str, begins_at: datetime, ends_at: datetime) -> Sequence[Override]:
        """Return a rota's overrides that hold between two moments, the first agreed to first: of two a later one counts."""
        return self._found(
            duty_override.c.rota == rota,
            duty_override.c.agreed_at.is_not(None),
            or_(duty_override.c.ended_at.is_(None), duty_override.c.ended_at > begins_at),
            duty_override.c.ends_at > begins_at,
            duty_override.c.begins_at < ends_at,
        )

    def agree(self, number: int, at: datetime) -> bool:
        """Let an override hold; return False where it does already, or is off."""
        waits = (
            duty_override.c.id == number,
            duty_override.c.agreed_at.is_(None),
            duty_override.c.ended_at.is_(None),
        )
        return self._connection.execute(update(duty_override).where(*waits).values(agreed_at=at)).rowcount > 0

    def end(self, number: int, at: datetime, *, asked: bool = False) -> bool:
        """Let an override hold no more, or (``asked``) one that nobody has agreed to; return whether it was not off before."""
        holds = [duty_override.c.id == number, duty_override.c.ended_at.is_(None)]
        holds += [duty_override.c.agreed_at.is_(None)] if asked else []
        return self._connection.execute(update(duty_override).where(*holds).values(ended_at=at)).rowcount > 0

    def asked(self, person_id: int) -> list[Override]:
        """Return the halves of swaps that somebody would have, and that nobody has answered."""
        return self._found(
            duty_override.c.person_id == person_id,
            duty_override.c.swapped_for.is_not(None),
            duty_override.c.agreed_at.is_(None),
            duty_override.c.ended_at.is_(None),
        )

    def _found(self, *conditions: Any) -> list[Override]:
        query = select(duty_override, person.c.name).join(person, person.c.id == duty_override.c.person_id)
        rows = self._connection.execute(
            query.where(*conditions).order_by(duty_override.c.agreed_at, duty_override.c.id)
        ).all()
        return [Override(*row) for row in rows]
