"""The desk's records as the drawer shows them: who, what, when, and what became of it, in plain values."""

import json
from dataclasses import asdict
from typing import Any

from handlers.vocabulary.messages import RENDERED_MESSAGE, Event, read_event
from storage.engine import schema
from storage.engine.database import Connection
from storage.queues import inbox
from storage.reports import overview
from storage.reports.overview import CameIn, Promised
from storage.tickets.history import Story
from storage.tickets.messages import Talk

SHORT = 140  # characters of a text that a list shows


def records(connection: Connection) -> dict[str, Any] | None:
    """Return all lists of the drawer; None while the desk has not laid its tables yet."""
    if not schema.schema_fits(connection):
        return None
    return {
        "tickets": [asdict(line) for line in overview.ticket_lines(connection)],
        "inbox": {
            "waiting": inbox.inbox_backlog(connection),
            "dead": inbox.dead_count(connection),
            "rows": [_came_in(row) for row in overview.came_in(connection)],
        },
        "outbox": {
            "fates": overview.outbox_state_counts(connection),
            "rows": [_promised(row) for row in overview.outbox_messages(connection)],
        },
        "replies": [asdict(reply) for reply in overview.agent_replies(connection)],
    }


def ticket(connection: Connection, number: int) -> dict[str, Any] | None:
    """Return a ticket with its history, what was said on it and what was sent because of it."""
    known = schema.schema_fits(connection)
    line = next(iter(overview.ticket_lines(connection, number=number)), None) if known else None
    if line is None:
        return None
    return {
        "ticket": asdict(line),
        "history": [asdict(entry) for entry in Story(connection).entries(number)],
        "said": [
            {"kind": said.kind, "name": name, "text": said.words.get("text", ""), "files": len(said.files),
             "at": said.at, "edited": said.edited_at is not None, "deleted": said.deleted_at is not None}
            for said, name in Talk(connection).of(number)
        ],
        "replies": [asdict(reply) for reply in overview.agent_replies(connection, 50, number=number)],
    }  # fmt: skip


def _came_in(row: CameIn) -> dict[str, Any]:
    told = asdict(row)
    del told["payload"]
    return {**told, **_event(row.payload)}


def _event(payload: str) -> dict[str, str]:
    """Return what kind of event it was, who did it, and its words."""
    try:
        event: Event = read_event(payload)
    except ValueError:  # emptied long after it was handled
        return {"kind": "", "who": "", "text": ""}
    words = event.words.text or " ".join(filter(None, (event.name, event.value)))
    return {"kind": event.kind, "who": event.sender.name if event.sender else "", "text": _short(words)}


def _promised(row: Promised) -> dict[str, Any]:
    told = asdict(row)
    del told["payload"]
    return {**told, "text": _said(row)}


def _said(row: Promised) -> str:
    if not row.payload:
        return ""
    try:
        drawn = RENDERED_MESSAGE.validate_json(row.payload)
    except ValueError:
        return _short(json.dumps(row.payload))
    return _short(drawn.words.text or ", ".join(file.kind for file in drawn.files))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"
