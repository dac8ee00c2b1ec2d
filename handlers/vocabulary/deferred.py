"""Deferred attachments: files that a turn promises by what makes them, and that are made when they are delivered."""

from collections.abc import Mapping
from typing import Any, TypedDict

from handlers.vocabulary.messages import File

FILES = "~files"  # ends the lane of messages with such files: what is said at the same address does not wait for them


class ReaderArgs(TypedDict):
    """Who reads what is made; a producer's own arguments stand beside it."""

    language: str
    zone: str


class ListArgs(ReaderArgs):
    """A file of tickets."""

    filter: Mapping[str, Any]  # handlers/vocabulary/filters.py, part by part


class StoryArgs(ReaderArgs):
    """The story of a ticket."""

    ticket: int
    person: int  # who asked for it
    whole: bool  # as the team reads it, notes included


class ReportArgs(ReaderArgs):
    """A report."""

    asked: Mapping[str, Any]  # handlers/reports/asked.py, part by part


class WhyArgs(ReaderArgs):
    """How a ticket's times add up."""

    ticket: int


class WorkflowGraph(TypedDict):
    """A workflow to be drawn, in its reader's words."""

    title: str
    columns: list[list[str]]  # each a kind of status and what it is called
    statuses: list[list[Any]]  # each a name, its kind, what it is called, whether tickets start there
    arrows: list[list[Any]]  # each from where, to where, a list of what leads along it
    notes: list[str]  # lines below the picture


class PictureArgs(ReaderArgs):
    """The picture of a workflow."""

    graph: WorkflowGraph


def deferred_attachment(
    kind: str, name: str, mime: str, producer: str, args: Mapping[str, Any], *, waiting: str = ""
) -> File:
    """Return a file of a producer's (``bot/deferred/producers.py``); ``args`` are what that producer takes, as JSON.

    ``waiting`` is what its reader is told while it takes long, with ``{percent}`` in it.
    """
    facts = {"produce": producer, "args": dict(args), **({"waiting": waiting} if waiting else {})}
    return File(kind, name=name, mime=mime, facts=facts)


def is_deferred(file: File) -> bool:
    """Return whether a file is made when it is delivered."""
    return not file.source and "produce" in file.facts
