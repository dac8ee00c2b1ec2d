"""Deferred attachments: files that a turn promises by what makes them, and that are made when they are delivered."""

from collections.abc import Mapping
from typing import Any

from handlers.vocabulary.messages import File

FILES = "~files"  # ends the lane of messages with such files: what is said at the same address does not wait for them


def deferred_attachment(
    kind: str, name: str, mime: str, producer: str, args: Mapping[str, Any], *, waiting: str = ""
) -> File:
    """Return a file of a producer's (``bot/deferred/producers.py``); its arguments are JSON.

    ``waiting`` is what its reader is told while it takes long, with ``{percent}`` in it.
    """
    facts = {"produce": producer, "args": dict(args), **({"waiting": waiting} if waiting else {})}
    return File(kind, name=name, mime=mime, facts=facts)


def is_deferred(file: File) -> bool:
    """Return whether a file is made when it is delivered."""
    return not file.source and "produce" in file.facts
