"""What another program was told by its webhook: all of it, each once by its id, in order, and nobody's words."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.town.town import Town
from tests.town.words import tokens

TOLD = {"reply": "ticket.replied", "note": "ticket.noted"}


def problems(town: Town) -> Iterator[str]:
    """Yield what the program should not have been told, or not so."""
    said: dict[str, Any] = {}
    for number, body in town.program.calls:
        if said.setdefault(number, body) != body:
            yield f"webhook: {number} said two things"
    for body in said.values():
        if found := list(tokens(str(body))):
            yield f"readers: the program reads {found[0]}"
    if "refused" in town.program.verdicts:
        yield "webhook: what the desk signed is not known for its own"
    order = [number for number, _ in town.program.calls]
    latest = list(dict.fromkeys(order))
    seen = [latest.index(number) for number in order]
    if seen != sorted(seen):
        yield "webhook: what came later was told before what came earlier was taken"


def at_the_end(town: Town) -> Iterator[str]:
    """Yield what the program was not told, or was told under two ids."""
    opened: Counter[int] = Counter()
    told: Counter[str] = Counter()
    for body in town.program.taken:
        told[body["type"]] += 1
        if body["type"] == "ticket.opened":
            opened[body["data"]["ticket"]["number"]] += 1
    for row in town.life.reader.rows("SELECT id FROM ticket"):
        if opened[row["id"]] != 1:
            yield f"webhook: request {row['id']} was told {opened[row['id']]} times"
    for kind, name in TOLD.items():
        there = town.life.reader.one(f"SELECT count(*) FROM message WHERE kind = '{kind}'")
        after_all = told["ticket.replied"] if kind == "note" else 0  # a note that was sent after all was told as both
        if not there <= told[name] <= there + after_all:
            yield f"webhook: {there} messages are a {kind}, and {told[name]} were told"
