"""``tasks`` of a request type: the parts that a request of it always has.

types:
  newcomer:
    title: A newcomer
    tasks:
      - {title: Prepare a laptop, group: hardware, due: 2d}
      - {title: Open the accounts, group: access}
"""

from dataclasses import dataclass
from datetime import timedelta

from handlers.rules.node import Node

MOST = 10  # of a type
TITLE = 140  # characters: what lists show of a task


@dataclass(frozen=True, slots=True)
class TypeTask:
    """A part: what is to be done, whose work it is ("" the request's own group's), and within which working time."""

    title: str
    group: str = ""
    due: timedelta | None = None


def read_type_tasks(node: Node) -> tuple[TypeTask, ...]:
    """Return the tasks of a type, in their order."""
    found: list[TypeTask] = []
    for inner in node.items():
        given = inner.fields("title", "group", "due")
        title = " ".join(given["title"].text(limit=TITLE, required=True).split())
        if title.casefold() in {one.title.casefold() for one in found}:
            given["title"].refuse("twice", word=title)
        found.append(TypeTask(title, given["group"].reference("groups"), given["due"].duration()))
    if len(found) > MOST:
        node.refuse("type_tasks", most=MOST)
    return tuple(found)
