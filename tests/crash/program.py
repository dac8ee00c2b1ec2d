"""What must be true of what another program is told by its webhook: all of it, each under one id, and in order."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from storage.desk.webhooks import SOURCE
from storage.lifecycle import Action
from storage.models import MessageKind
from tests.crash.checks import Look
from tests.crash.rows import Rows
from tests.crash.town import Town

# What is told once for each entry of a request's history, and for each message.
ENTRIES = {
    "ticket.opened": Action.REGISTER,
    "ticket.resolved": Action.RESOLVE,
    "ticket.closed": Action.CLOSE,
}
MESSAGES = {"ticket.replied": MessageKind.REPLY, "ticket.noted": MessageKind.NOTE}


def problems_of_program(town: Town, rows: Rows) -> Iterator[str]:
    """Yield what the program should not have been told, or not so, once all is quiet."""
    program = town.program
    if "refused" in program.verdicts:
        yield "webhook: what the desk signed is not known for its own"
    order = list(dict.fromkeys(number for number, _ in program.calls))
    again = [order.index(number) for number, _ in program.calls]
    if again != sorted(again):
        yield "webhook: what came later was told before what came earlier was taken"
    promised = [row for row in rows.outgoing.values() if row.lane.startswith(SOURCE)]
    if len(promised) != len(order):
        yield f"webhook: {len(promised)} messages were promised, and {len(order)} came"
    look, told = Look(town, rows), Counter((said["type"], _number(said)) for said in program.taken)
    for request in town.requests.values():
        kept = Counter(row.kind for row in look.said[request.number])
        wanted = {name: look.entries[request.number, action] for name, action in ENTRIES.items()}
        wanted |= {name: kept[kind] for name, kind in MESSAGES.items()}
        wanted["ticket.message"] = kept[MessageKind.FOLLOW_UP] - 1
        for name, times in wanted.items():
            if told[name, request.number] != times:
                yield f"#{request.number}: {name} was told {told[name, request.number]} times, not {times}"


def _number(said: dict[str, Any]) -> int | None:
    return said["data"].get("ticket", {}).get("number") if "data" in said else None
