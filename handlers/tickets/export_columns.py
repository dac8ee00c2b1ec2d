"""The columns of an exported list: what each is called, what kind of value it holds, and how it is read from a row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handlers.rules import Rules
from handlers.tickets import status_names
from handlers.vocabulary.messages import Phrase, phrase
from handlers.vocabulary.tables import CellKind
from handlers.vocabulary.translations import Locale, Translator
from storage.lifecycle import built_workflow
from storage.tickets.listing import Row

Say = Callable[[Phrase | Mapping[str, str] | str], str]


@dataclass(frozen=True, slots=True)
class Exported:
    """A column of a list as a file has it."""

    name: str
    kind: CellKind
    value: Callable[[Row, "Desk"], Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a row's values are told with."""

    rules: Rules
    speech: Translator
    reader: Locale

    def say(self, said: Phrase | Mapping[str, str] | str) -> str:
        """Return a phrase, or titles by language, in the reader's words."""
        return self.speech.say(said, self.reader)


def _status(row: Row, desk: Desk) -> str:
    return desk.say(status_names.status_title(built_workflow(row.workflow).called(row.status)))


def _group(row: Row, desk: Desk) -> str | None:
    group = desk.rules.groups.get(row.group_name or "")
    return desk.say(group.title) if group and group.title else row.group_name


def _answers(row: Row, _: Desk) -> str:
    given = (f"{name}: {_plain(value)}" for name, value in row.answers.items() if value not in (None, "", []))
    return "\n".join(given)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return str(value.get("name", "")) if isinstance(value, Mapping) else str(value)


def _spent(row: Row, _: Desk) -> timedelta | None:
    return timedelta(minutes=row.minutes) if row.minutes else None


def _after(at: Any, row: Row) -> timedelta | None:
    return at - row.created_at if at is not None else None


EXPORTED: Mapping[str, Exported] = {
    one.name: one
    for one in (
        Exported("number", CellKind.NUMBER, lambda row, _: row.id),
        Exported("status", CellKind.TEXT, _status),
        Exported("priority", CellKind.TEXT, lambda row, desk: desk.say(phrase(f"priority.{row.priority}"))),
        Exported(
            "type", CellKind.TEXT, lambda row, desk: desk.say(row.type_title) if row.type_title else row.request_type
        ),
        Exported("kind", CellKind.TEXT, lambda row, desk: desk.say(phrase(f"request_kind.{row.request_kind}"))),
        Exported("group", CellKind.TEXT, _group),
        Exported("summary", CellKind.TEXT, lambda row, _: row.summary),
        Exported("requester", CellKind.TEXT, lambda row, _: row.requester),
        Exported("messenger", CellKind.TEXT, lambda row, _: row.source.partition(":")[0].capitalize()),
        Exported("agent", CellKind.TEXT, lambda row, _: row.agent),
        Exported("tags", CellKind.TEXT, lambda row, _: " ".join(f"#{tag}" for tag in row.tags) or None),
        Exported("asset", CellKind.TEXT, lambda row, _: ", ".join(row.assets) or None),
        Exported("created", CellKind.TIME, lambda row, _: row.created_at),
        Exported("answered", CellKind.TIME, lambda row, _: row.first_response_at),
        Exported("answered_after", CellKind.LENGTH, lambda row, _: _after(row.first_response_at, row)),
        Exported("due", CellKind.TIME, lambda row, _: row.first_response_due),
        Exported("resolution_due", CellKind.TIME, lambda row, _: row.resolution_due),
        Exported("resolved", CellKind.TIME, lambda row, _: row.resolved_at),
        Exported("resolved_after", CellKind.LENGTH, lambda row, _: _after(row.resolved_at, row)),
        Exported("resolver", CellKind.TEXT, lambda row, _: row.resolver),
        Exported("closed", CellKind.TIME, lambda row, _: row.closed_at),
        Exported("talked", CellKind.TIME, lambda row, _: row.talked_at),
        Exported("unread", CellKind.NUMBER, lambda row, _: row.unread),
        Exported("spent", CellKind.LENGTH, _spent),
        Exported("rating", CellKind.NUMBER, lambda row, _: row.rating),
        Exported("comment", CellKind.TEXT, lambda row, _: row.rating_comment),
        Exported("merged", CellKind.NUMBER, lambda row, _: row.merged_into),
        Exported("language", CellKind.TEXT, lambda row, _: row.language),
        Exported("answers", CellKind.TEXT, _answers),
    )
}


def chosen_columns(names: Sequence[str]) -> list[Exported]:
    """Return the columns of these names in their order; all of them where none is named."""
    return [EXPORTED[name] for name in names if name in EXPORTED] or list(EXPORTED.values())


def column_title(column: Exported) -> Phrase:
    """Return what a column's header says."""
    return phrase(f"column.{column.name}")
