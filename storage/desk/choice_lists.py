"""Lists of choices that other programs give for a form's questions, as they were last fetched, and how each source stands.

They are no part of the rules, which say only where a list comes from: they stand among what the desk itself remembers.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TypedDict

from sqlalchemy import Connection, bindparam, delete, or_, select

from storage.engine.compiled import Prepared
from storage.engine.setting_table import SettingTable
from storage.models import setting

LIST, STATE = "choices:", "choices_state:"  # of the settings that have a source's list, and how it stands

Choices = Mapping[str, Mapping[str, str]]  # {value: {language: label}}

_GET = Prepared(select(setting.c.value).where(setting.c.name == bindparam("of_name")), once=True)  # a list may be long


class SourceState(TypedDict):
    """How a source stands; times are ISO 8601, "" for none."""

    next: str  # when it is asked again
    at: str  # when it last gave a list
    since: str  # when it began to give none
    tries: int  # in a row that gave none
    why: str
    told: bool  # admins have heard that it gives none


FRESH = SourceState(next="", at="", since="", tries=0, why="", told=False)


class ChoiceLists:
    """The lists, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._settings = SettingTable(connection)

    def get(self, source: str) -> Choices:
        """Return what a source last offered; empty where it never did."""
        found: Choices | None = _GET.scalar(self._connection, {"of_name": LIST + source})
        return found or {}

    def state(self, source: str) -> SourceState:
        """Return how a source stands."""
        found: SourceState | None = self._settings.get(STATE + source)
        return found or FRESH

    def put(self, source: str, choices: Choices) -> None:
        """Keep what a source offers now; the same as before is not written again."""
        if self.get(source) != choices:
            self._settings.put(LIST + source, dict(choices))

    def put_state(self, source: str, state: SourceState) -> None:
        """Keep how a source stands."""
        self._settings.put(STATE + source, state)

    def has_others(self, sources: Collection[str]) -> bool:
        """Return whether lists are kept of sources that the rules name no more."""
        return bool(self._others(sources))

    def forget_others(self, sources: Collection[str]) -> None:
        """Forget the lists of sources that the rules name no more."""
        self._connection.execute(delete(setting).where(setting.c.name.in_(self._others(sources))))

    def _others(self, sources: Collection[str]) -> list[str]:
        its = (setting.c.name.startswith(kept, autoescape=True) for kept in (LIST, STATE))
        known = self._connection.scalars(select(setting.c.name).where(or_(*its))).all()
        return [name for name in known if name.partition(":")[2] not in sources]


def is_due(state: SourceState, now: datetime, every: timedelta) -> bool:
    """Return whether a source is asked now; one that waits longer than its term has a clock or rules that were changed."""
    return not state["next"] or not timedelta(0) < datetime.fromisoformat(state["next"]) - now <= every
