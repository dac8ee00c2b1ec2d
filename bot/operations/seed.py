"""What a new desk starts with: the operator's desk.yaml, or the example rules."""

from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from bot.errors import OperatorError
from bot.operations.rules_file import BadDeskFile, load_desk_file
from bot.operations.rules_yaml import read_text
from handlers.rules import Rules
from handlers.rules.change import put_document
from handlers.rules.document import Document
from storage.engine.database import Connection
from storage.transaction import Transaction


def seed_document(desk_file: Path | None, base: Rules) -> Document:
    """Return the rules of a desk that has none yet; raise OperatorError naming the first mistake of the operator's file."""
    if desk_file is None:
        return example_rules()
    try:
        return load_desk_file(desk_file, base)
    except BadDeskFile as bad:
        raise OperatorError("DESK_FILE", f"{bad.lines[0]} (`frontdesk desk check` tells all of them)") from None


@cache
def example_rules() -> Document:
    """Return the example rules."""
    text = files("handlers").joinpath("examples", "desk.yaml").read_text("utf-8")
    found: Document = read_text(text)[0]  # our own, so it needs no process of its own
    return found


def seed_rules(connection: Connection, *, document: Document, base: Rules, now: datetime) -> None:
    """Put the first rules in force, in a desk that has none."""
    tx = Transaction(connection)
    if tx.rules.mark() is None:
        put_document(tx, document, base, act="first", by=None, at=now)
