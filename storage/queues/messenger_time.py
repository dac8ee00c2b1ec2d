"""What a messenger's clock says: what is written there has that clock's time, and ours may be ahead of it by a day."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from storage.models import inbox

NEWEST = 200  # events among which one is looked for that says when it happened
DELAY = timedelta(minutes=1)  # what was heard within this came at once


def messenger_time(connection: Connection, source: str, now: datetime) -> datetime:
    """Return what the clock of a messenger says now, where ours is ahead of it as the newest event from there shows."""
    newest = connection.scalar(select(func.max(inbox.c.id))) or 0
    query = (
        select(inbox.c.payload, inbox.c.received_at)
        .where(inbox.c.id > newest - NEWEST, inbox.c.source == source, inbox.c.payload != "")
        .order_by(inbox.c.id.desc())
    )
    for payload, received_at in connection.execute(query).all():
        event = json.loads(payload)
        if _says_when(event.get("kind"), slack=source.startswith("slack:"), at_once=bool(event.get("interaction"))):
            ahead = received_at - datetime.fromisoformat(event["at"])
            return now - ahead if ahead > DELAY else now
    return now


def _says_when(kind: object, *, slack: bool, at_once: bool) -> bool:
    """Return whether an event has its messenger's time, not ours.

    Telegram does not say when a button was pressed, nor Slack when a command was given that is to be answered ``at_once``.
    """
    match kind:
        case "text":
            return True
        case "command":
            return not at_once
        case "press":
            return slack
    return False
