"""All that is a person's as one archive: a page to read, the same as JSON, and the files; nothing of anybody else, no notes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.agent.history import HistoryView, history_events, ticket_facts
from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.tickets import request_types
from handlers.tickets.readable import readable_messages, readable_ticket
from handlers.turns import form_view, pages
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.forms import load_form
from handlers.vocabulary.messages import Event, File, Kind, Phrase, phrase
from handlers.vocabulary.stored_text import files_of
from handlers.vocabulary.translations import Locale, Translator
from storage.engine.database import Connection
from storage.retention.export import person_rows
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket
from storage.transaction import Transaction
from storage.types import Columns

EACH = 20  # requests of one look: a read has an end


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some of their requests: as data, drawn, and the files by the name they have in the archive."""

    requests: Sequence[Mapping[str, Any]]
    drawn: Sequence[str]
    files: Sequence[tuple[str, File]]


@dataclass(frozen=True, slots=True)
class Archive:
    """What goes into it: the page, the data, and files by the name they have there."""

    page: str
    data: Mapping[str, Any]
    files: Sequence[tuple[str, File]]


def read_only_turn(connection: Connection, now: datetime) -> Turn:
    """Return a turn in which nothing happens, to read in."""
    tx = Transaction(connection)
    newest = tx.rules.newest()
    rules = read_document(newest.data if newest else {}, Rules())[0]
    return Turn(Event(Kind.TIMER, "", "", "", now), tx, now, rules, Translator(rules.texts), Knowledge())


def gather_chapter(
    connection: Connection, person: int, after: int, reader: Locale, now: datetime
) -> tuple[Chapter, int | None]:
    """Return some of a person's requests behind a number, as they read them; and behind which it goes on, None at the end."""
    turn = read_only_turn(connection, now)
    numbers = turn.tx.erasure.requests(person, after, EACH)
    tickets = [turn.tx.tickets.get(number) for number in numbers]
    seen, drawn = HistoryView(turn, reader, whole=False), list[str]()
    for ticket in tickets:
        title = f"#{ticket.id} · {request_types.type_title(turn, ticket.request_type_id, reader)}"
        drawn += [pages.html_element("h1", title), pages.html_block("dl", ticket_facts(seen, ticket))]
        drawn += [draw() for _, draw in sorted(history_events(seen, ticket), key=lambda event: event[0])]
    files = dict(_files(turn, tickets))
    chapter = Chapter([request_data(turn, ticket, reader) for ticket in tickets], drawn, list(files.items()))
    return chapter, numbers[-1] if len(numbers) == EACH else None


def assemble_archive(
    connection: Connection, person: int, chapters: Sequence[Chapter], reader: Locale, now: datetime
) -> Archive:
    """Return all that is a person's: their requests, and what else there is."""
    turn = read_only_turn(connection, now)
    elsewhere = [
        {"at": said.at.isoformat(), "request": said.ticket_id, "text": said.words["text"],
         "files": [name_of(said.id, place, file) for place, file in enumerate(files_of(said.files))]}
        for said in turn.tx.talk.said_elsewhere(person)
    ]  # fmt: skip
    data = {
        "made_at": now.isoformat(),
        "requests": [each for chapter in chapters for each in chapter.requests],
        "said_elsewhere": elsewhere,
        **person_rows(connection, person),
    }
    files = dict(each for chapter in chapters for each in chapter.files)
    for said in turn.tx.talk.said_elsewhere(person):
        files |= dict(_files_of(said))
    told = [told for chapter in chapters for told in chapter.drawn]
    return Archive(draw_archive_page(turn, data, told, reader), data, list(files.items()))


def _files(turn: Turn, tickets: Sequence[Ticket]) -> Iterator[tuple[str, File]]:
    """Yield the files of what they said and were answered, each under a name of its own."""
    for ticket in tickets:
        for said, _ in readable_messages(turn, ticket):
            yield from _files_of(said)


def _files_of(said: TicketMessage) -> Iterator[tuple[str, File]]:
    for place, file in enumerate(files_of(said.files)):
        if file.ref and file.source and file.kind != "link":
            yield name_of(said.id, place, file), file


def name_of(message: int, place: int, file: File) -> str:
    """Return the name of a file in the archive: nothing in it leads out of its folder."""
    plain = "".join(c if c.isalnum() or c in "._- " else "_" for c in file.name or file.kind).strip(". ")
    return f"files/{message}-{place + 1}-{plain or file.kind}"[:120]


def request_data(turn: Turn, ticket: Ticket, reader: Locale) -> dict[str, Any]:
    """Return a request of theirs as data."""
    view, form = readable_ticket(turn, ticket), load_form(turn.tx.requests.form(ticket.form_id))
    status = view.status
    called = (
        turn.text(status, reader) if isinstance(status, str | Phrase) else form_view.label_text(status, reader, turn)
    )
    return {
        "number": view.number,
        "type": request_types.type_title(turn, view.type_id, reader),
        "status": called,
        "created_at": view.created_at.isoformat(),
        "summary": view.summary,
        "answers": {
            field.name: view.answers[field.name]
            for field in form.visible(view.answers)
            if field.kind != "file" and view.answers.get(field.name) not in (None, "")
        },
        "rating": view.rating,
        "rating_comment": ticket.rating_comment,
        "messages": [
            {
                "at": said.at.isoformat(),
                "by": name,
                "text": said.words["text"],
                "files": [name_of(said.id, place, file) for place, file in enumerate(files_of(said.files))],
            }
            for said, name in readable_messages(turn, ticket)
        ],
    }


def draw_archive_page(turn: Turn, data: Mapping[str, Any], requests: Sequence[str], reader: Locale) -> str:
    """Draw the page.

    ``data`` are the rows of the person in each table by its name, beside {"made_at", "requests", "said_elsewhere"}.
    """
    seen = HistoryView(turn, reader, whole=False)
    say = seen.say
    body = [pages.html_element("h1", say(phrase("privacy.page")))]
    for name, rows in data.items():
        if name in ("person", "account"):
            body += [pages.html_block("dl", _pairs(row)) for row in rows]
    body += requests
    if elsewhere := data["said_elsewhere"]:
        body.append(pages.html_element("h1", say(phrase("privacy.elsewhere"))))
        body += [
            pages.html_element("p", f"{seen.at(datetime.fromisoformat(row['at']))} · #{row['request']} · {row['text']}")
            for row in elsewhere
        ]
    if asked := data.get("verdict"):
        body.append(pages.html_element("h1", say(phrase("privacy.asked"))))
        body += [
            pages.html_element("p", f"{seen.at(datetime.fromisoformat(row['at']))} · {row['question']}")
            for row in asked
        ]
    body.append(pages.html_element("p", say(phrase("privacy.rest")), "did"))
    return pages.html_page(reader.language, say(phrase("privacy.page")), body)


def _pairs(row: Columns) -> list[str]:
    given = [(name, value) for name, value in row.items() if value not in (None, "", {})]
    return [pages.html_element("dt", name) + pages.html_element("dd", str(value)) for name, value in given]
