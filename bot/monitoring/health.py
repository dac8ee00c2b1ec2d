"""Health is what happened lately: when something last went well, when it last did not, and why. Never what is under way now."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.engine.database import DatabaseDamaged, DatabaseUnavailable

log = logging.getLogger("frontdesk")

LATELY = timedelta(seconds=60)  # what did not go well longer ago, and was not tried since, says nothing of now
REMINDED = timedelta(minutes=1)  # between two lines that say the same
SILENT = timedelta(seconds=90)  # without a word of a messenger: it is asked every half minute


Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Failure:
    """That something did not go well."""

    at: datetime
    trouble: DatabaseUnavailable


class Health:
    """Whether the database serves those who work with it, each by what they do: reads go well on a full disk."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._failures: dict[str, Failure] = {}
        self._said: tuple[str, datetime] | None = None
        # Called when a damage is first seen, and each time the log has it again.
        self.on_damage: Callable[[], None] = lambda: None

    def went(self, about: str) -> None:
        """Say that it went well."""
        if self._failures.pop(about, None) is not None and not self._failures and self._said is not None:
            self._said = None
            log.info("the database serves again", extra={"event": "database_serves"})

    def failed(self, about: str, trouble: DatabaseUnavailable) -> None:
        """Say that the database could not serve; the log has it once, and once a minute from then on."""
        now, why = self._now(), str(trouble)
        self._failures[about] = Failure(now, trouble)
        if self._said is None or self._said[0] != why or not timedelta(0) <= now - self._said[1] < REMINDED:
            self._said = (why, now)
            log.log(
                logging.ERROR if isinstance(trouble, DatabaseDamaged) else logging.WARNING,
                "the database cannot serve: %s",
                why,
                extra={"event": "database_trouble", "about": about},
            )
            if isinstance(trouble, DatabaseDamaged):
                self.on_damage()

    @property
    def trouble(self) -> DatabaseUnavailable | None:
        """Return what keeps the database from serving lately; what an operator has to mend comes first."""
        now = self._now()
        lately = [failure.trouble for failure in self._failures.values() if abs(now - failure.at) <= LATELY]
        return next((each for each in lately if isinstance(each, DatabaseDamaged)), lately[-1] if lately else None)


class Contact:
    """Whether a messenger answers, by each way that leads to it or from it."""

    def __init__(self, now: Now) -> None:
        self.heard: datetime | None = None  # it called, answered, or kept its line alive
        self.answered: datetime | None = None  # it took our token
        self.spoke: datetime | None = None  # it took something that we had to say
        self.refused = ""  # why it is not served any more
        self._now = now
        self._failing: dict[str, str] = {}

    def hear(self, way: str) -> None:
        """Say that a word of it came this way."""
        self.heard = self._now()
        self._failing.pop(way, None)

    def answer(self, way: str = "calls") -> None:
        """Say that it answered a call of ours, and took its token."""
        self.hear(way)
        self.answered = self.heard

    def speak(self) -> None:
        """Say that it took something we had to say."""
        self.answer()
        self.spoke = self.heard

    def fail(self, way: str, why: str) -> None:
        """Say that nothing comes this way now."""
        self._failing[way] = why

    def expect_nothing(self, way: str) -> None:
        """Say that nothing has to come this way now: another process hears it."""
        self._failing.pop(way, None)

    def refuse(self, why: str) -> None:
        """Say that it is not served any more, until somebody mends what keeps it."""
        self.refused = why

    @property
    def problem(self) -> str:
        """Return what is wrong, "" where all is well."""
        if self.refused:
            return f"no contact: {self.refused}"
        now = self._now()
        silent = self.heard is None or abs(now - self.heard) > SILENT
        return "no contact" if silent or self._failing else ""

    def quiet(self, period: timedelta) -> bool:
        """Return whether it has not taken our token for so long."""
        return self.answered is None or abs(self._now() - self.answered) >= period
