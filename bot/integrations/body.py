"""What a webhook says: what was promised, with people's words and names as they are when it is sent, where it reads them."""

import json
from collections.abc import Mapping
from typing import Any

from handlers.vocabulary.stored_text import files_of
from storage.engine.database import Connection
from storage.transaction import Transaction


def webhook_body(connection: Connection, facts: Mapping[str, Any], *, words: bool) -> bytes:
    """Return the JSON that is sent; ``facts`` are {"body", "ids"} as handlers/tickets/webhooks.py promises them."""
    told: dict[str, Any] = dict(facts["body"])
    data = dict(told.get("data") or {})
    if words:
        data |= _words(Transaction(connection), facts["ids"])
    return json.dumps({**told, "data": data}, ensure_ascii=False, separators=(",", ":")).encode()


def _words(tx: Transaction, ids: Mapping[str, int | None]) -> dict[str, Any]:
    """Return what people wrote and are called; of what was erased or taken back meanwhile there is nothing."""
    found: dict[str, Any] = {}
    if (number := ids.get("ticket")) is not None and (ticket := tx.tickets.find(number)) is not None:
        found["summary"] = ticket.summary
        found["requester"] = tx.tickets.name(ticket.requester_id)
    if (said := ids.get("message")) is not None:
        message = tx.talk.get(said)
        there = message is not None and message.deleted_at is None
        found["text"] = message.words["text"] if message is not None and there else ""
        found["files"] = [file.name for file in files_of(message.files)] if message is not None and there else []
    for role in ("agent", "by"):
        if (person := ids.get(role)) is not None:
            found[f"{role}_name"] = tx.tickets.name(person)
    if (number := ids.get("outage")) is not None and (outage := tx.outages.get(number)) is not None:
        found["text"] = outage.words
    return found
