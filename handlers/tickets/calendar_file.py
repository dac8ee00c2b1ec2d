"""A calendar file of planned times (RFC 5545): what a calendar has of a plan is changed by the file of its next change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from handlers.vocabulary.messages import File
from storage.tickets.plans import Plan

MIME = "text/calendar"
FOLD = 73  # bytes of a line, but for the space with which the next one begins
SECOND = 1_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A plan, and what its reader may know of it."""

    plan: Plan
    title: str
    note: str = ""
    place: str = ""


def calendar_file(name: str, entries: Sequence[CalendarEntry], now: datetime) -> File:
    """Return a file that puts plans into a calendar, or into the place of what it has of them, or takes them out."""
    over = [entry.plan.ended_at is not None for entry in entries]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Frontdesk//Frontdesk//EN",
        f"METHOD:{'CANCEL' if over and all(over) else 'PUBLISH'}",
        *(line for entry in entries for line in _entry_lines(entry, now)),
        "END:VCALENDAR",
    ]
    text = "".join(f"{folded}\r\n" for line in lines for folded in folded_line(line))
    return File("document", name=name, mime=MIME, facts={"text": text})


def entry_uid(plan: Plan) -> str:
    """Return by what calendars know a plan: the same for each of its changes, and no other desk's."""
    return f"plan-{plan.id}-{int(plan.at.timestamp() * SECOND)}@frontdesk"


def _entry_lines(entry: CalendarEntry, now: datetime) -> list[str]:
    plan = entry.plan
    return [
        "BEGIN:VEVENT",
        f"UID:{entry_uid(plan)}",
        f"SEQUENCE:{plan.sequence}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(plan.begins_at)}",
        f"DTEND:{_moment(plan.ends_at)}",
        f"SUMMARY:{escaped_text(entry.title)}",
        *([f"LOCATION:{escaped_text(entry.place)}"] if entry.place else []),
        *([f"DESCRIPTION:{escaped_text(entry.note)}"] if entry.note else []),
        f"STATUS:{'CANCELLED' if plan.ended_at is not None else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped_text(text: str) -> str:
    """Return a text as it stands in a calendar file: in one line, whatever people write."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = "\\n".join(plain.splitlines())
    return "".join(letter for letter in lines if letter == "\t" or letter.isprintable())


def folded_line(line: str) -> list[str]:
    """Return a line in pieces of at most 75 bytes, of whole letters; all but the first begin with a space."""
    pieces, piece = list[str](), ""
    for letter in line:
        if len((piece + letter).encode()) > FOLD:
            pieces.append(piece)
            piece = ""
        piece += letter
    pieces.append(piece)
    return [pieces[0], *(f" {each}" for each in pieces[1:])]
