"""``/audit``: who did what to whom when, by person, act, request and time; refusals apart; page by page, and as a spreadsheet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.tickets.filter_words import catalogue_text, normalized_word
from handlers.turns import naming, recent_queries
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import OWN
from handlers.vocabulary.dates import read_day
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import File, Part, Phrase, RichText, phrase
from handlers.vocabulary.translations import LANGUAGES, moment_text
from kb import nearest
from storage.desk.audit import Audit, Line, Wanted
from storage.lifecycle import Refused
from storage.models import Role, StateKind

on = Routes()

PAGE = 15
SPANS = {"today": 1, "yesterday": 1, "week": 7, "month": 31}
USAGE = "/audit · /audit @anna · /audit #42 · /audit week role · /audit refused · /audit 01.10 31.10"


@on.command("audit", role=Role.ADMIN, audiences=OWN)
def audit(turn: Turn) -> None:
    """What was done, the newest first: /audit, /audit @anna week, /audit #42, /audit refused."""
    show_audit_page(turn, naming.command_value(turn).strip(), 0)


@on.press(presses.AuditPage, role=Role.ADMIN, audiences=OWN)
def turned(turn: Turn) -> None:
    """Another page of the same."""
    pressed = turn.pressed(presses.AuditPage)
    _, asked = recent_queries.recall_query(turn, StateKind.AUDIT, pressed.query)
    show_audit_page(turn, asked, pressed.offset, edits=turn.shown.outgoing_id if turn.shown else None)


@on.press(presses.AuditSheet, role=Role.ADMIN, act="audit", audiences=OWN)
def sheet(turn: Turn) -> None:
    """All of it as a spreadsheet."""
    _, asked = recent_queries.recall_query(turn, StateKind.AUDIT, turn.pressed(presses.AuditSheet).query)
    wanted, reader = read_audit_filter(turn, asked), turn.here[1]
    when = {
        name: value.isoformat() if value else None for name, value in (("since", wanted.since), ("until", wanted.until))
    }
    meant = {
        "person": wanted.person,
        "acts": list(wanted.acts),
        "ticket": wanted.ticket,
        "refused": wanted.refused,
        **when,
    }
    facts = {"audit": meant, "language": reader.language, "zone": reader.zone}
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    turn.say(phrase("audit.sheet"), files=(File("document", name="audit.xlsx", mime=mime, facts=facts),))


def show_audit_page(turn: Turn, asked: str, offset: int, *, edits: int | None = None) -> None:
    """Show a page of what is meant."""
    wanted = read_audit_filter(turn, asked)
    found = Audit(turn.tx.connection).page(wanted, offset=offset, limit=PAGE + 1)
    if not found and not offset:
        turn.say(phrase("audit.none"), edits=edits)
        return
    token = recent_queries.remember_query(turn, StateKind.AUDIT, asked)
    names = names_in(turn, found)
    told: list[Part] = [audit_line(turn, one, names) for one in found[:PAGE]]
    moves = [presses.AuditPage(max(offset - PAGE, 0), token).button("‹")] if offset else []
    moves += [presses.AuditPage(offset + PAGE, token).button("›")] if len(found) > PAGE else []
    buttons = (tuple(moves), (presses.AuditSheet(token).button(phrase("audit.as_sheet")),))
    title = phrase("audit.refusals" if wanted.refused else "audit.title")
    turn.say(*told, title=title, buttons=tuple(row for row in buttons if row), edits=edits)


def audit_line(turn: Turn, one: Line, names: dict[int, str]) -> RichText:
    """Return one thing that was done, on one line."""
    reader = turn.here[1]
    who = one.name or turn.text(phrase("history.desk"), reader)
    number = f" #{one.ticket_id}" if one.ticket_id is not None else ""
    about = deed_details(one, names)
    return RichText(
        f"{moment_text(one.at, reader, turn.now)} · {who}: {turn.text(deed_title(one.act), reader)}{number}{about}"
    )


def deed_title(act: str) -> Phrase | str:
    """Return what an act is called; one that only another version knows has its bare name."""
    return phrase(f"deed.{act}") if act in tuple(Deed) else act


def deed_details(one: Line, names: dict[int, str]) -> str:
    """Return whom or what it was about."""
    facts = dict(one.facts)
    whom = facts.pop("who", None)
    told = [names.get(int(whom), f"person {whom}")] if whom is not None else []
    told += [f"{name}: {value}" for name, value in facts.items() if value not in (None, "", [], {})]
    return f" ({'; '.join(told)})" if told else ""


def names_in(turn: Turn, found: Sequence[Line]) -> dict[int, str]:
    """Return the names of those whom these lines are about."""
    numbers = {int(one.facts["who"]) for one in found if one.facts.get("who") is not None}
    return Audit(turn.tx.connection).names(sorted(numbers)) if numbers else {}


def read_audit_filter(turn: Turn, asked: str) -> Wanted:
    """Return what is meant: people by @name, requests by #number, a stretch of time, acts by their words in any language."""
    wanted, days = Wanted(), list[datetime]()
    zone = turn.here[1].zone
    for word in asked.split():
        if word.startswith("@") or naming.is_account(turn, word):
            wanted = replace(wanted, person=naming.person_named(turn, word, whole=True, part=True)[0].id)
        elif (number := number_in(word)) is not None:
            wanted = replace(wanted, ticket=number)
        elif (day := read_day(word, turn.now, zone)) is not None:
            days.append(day)
        else:
            wanted = by_word(turn, wanted, word, zone)
    if days:
        wanted = replace(wanted, since=min(days), until=max(days) + timedelta(days=1))
    return wanted


def by_word(turn: Turn, wanted: Wanted, word: str, zone: str) -> Wanted:
    """Return what is meant with one more word: a stretch of time, refusals, or an act."""
    spans = _known("report_word", SPANS)
    deeds = {**_known("deed", Deed), **{deed.value: deed.value for deed in Deed}}
    meant = normalized_word(word)
    if span := spans.get(meant):
        today = datetime.combine(turn.now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
        until = today if span == "yesterday" else None
        return replace(wanted, since=today - timedelta(days=SPANS[span] - (span != "yesterday")), until=until)
    if meant in (
        Deed.REFUSED,
        *(normalized_word(catalogue_text(phrase("audit.refusals"), language)) for language in LANGUAGES),
    ):
        return replace(wanted, refused=True)
    found = [deed for text, deed in deeds.items() if meant in text.split("_") or meant == text]
    close = nearest(meant, deeds)
    if not found and close is None:
        raise Refused("usage", usage=USAGE)
    return replace(wanted, acts=(*wanted.acts, *(dict.fromkeys(found) or (deeds[str(close)],))))


def _known(prefix: str, names: Any) -> dict[str, str]:
    """Return names by their words in each language."""
    return {
        normalized_word(catalogue_text(phrase(f"{prefix}.{name}"), language)): str(name)
        for name in names
        for language in LANGUAGES
    }
