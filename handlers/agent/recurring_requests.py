"""A recurrence's time has come: its requests are made, once each; what the desk missed while it was down is told in one line."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.rules.calendars import Calendar
from handlers.rules.sla import Target
from handlers.tickets import assignment, cards, notifications, relay, request_types
from handlers.tickets.occurrences import Holidays, next_occurrence
from handlers.tickets.registration import assign_by_rules, write_down
from handlers.tickets.sla_terms import policy_and_calendar
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.forms import Field
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.schedules import load_schedule
from storage.desk.request_types import RequestType
from storage.models import MessageKind
from storage.people.assets import Asset
from storage.people.companies import Company
from storage.queues.spoken import StoredWords
from storage.tickets.recurrences import Recurrence, Stage
from storage.tickets.tickets import Ticket

on = Routes()

SOME = 10  # companies whose requests are made in one turn
EACH = (0,)  # instead of companies: one request for each there is
AIMED = 50  # recurrences that are aimed anew in one turn
MOVED = timedelta(hours=12)  # by which a time comes sooner or later when the desk's clock is another one, at the most
COUNTED = 1000  # occurrences that were missed
OTHER = "other"  # the type of a request, where none is chosen


class Again(StrEnum):
    """What becomes of a request whose last one is still open."""

    NOTE = "note"  # the last one is reminded of
    MAKE = "make"  # there is another one


@on.timer(timers.Recurs)
def recurs(turn: Turn) -> None:
    """Requests are made for the newest time that has come; one that was paused, changed or made elsewhere finds nothing to do."""
    due = turn.due(timers.Recurs)
    one = turn.tx.recurrences.get(due.recurrence)
    if one is None:
        return
    if one.stage != Stage.ACTIVE:
        return
    if due.behind:  # the rest of the companies or assets, unless it is for others meanwhile
        if one.companies if due.behind > 0 else one.assets:
            make_some(turn, one, due.due, due.behind)
        return
    if one.next_at != due.due:
        return
    missed, newest, following = passed_times(turn, one, due.due)
    stage = Stage.ACTIVE if following is not None else Stage.PAUSED
    turn.tx.recurrences.change(one.id, next_at=following, last_at=newest, stage=stage)
    if following is not None:
        turn.schedule(timers.Recurs(one.id, following), following - turn.now)
    if missed:
        said = phrase("recurring.missed", n=missed, recurrence=one.id, summary=one.summary, since=due.due)
        notifications.to_channels(turn, said, turn.channels_of_group(one.group_name), fold="recurring")
    make_some(turn, one, newest, 0)


@on.timer(timers.RecursAnew)
def recurs_anew(turn: Turn) -> None:
    """The desk's clock or a calendar is another one: what comes next comes by it, the next few recurrences a turn."""
    some = turn.tx.recurrences.active(turn.due(timers.RecursAnew).behind, AIMED)
    for one in some:
        aim_anew(turn, one)
    if len(some) == AIMED:
        turn.schedule(timers.RecursAnew(some[-1].id), timedelta(0))


def aim_anew(turn: Turn, one: Recurrence) -> None:
    """Aim a recurrence by the rules as they are now: a time that these let pass just now comes at once, and none comes twice."""
    if one.next_at is None or one.next_at <= turn.now:  # that one is being made
        return
    after = min(turn.now, one.next_at - MOVED)
    following = following_time(turn, one, after if one.last_at is None else max(after, one.last_at + MOVED))
    if following is not None and following != one.next_at:
        turn.tx.recurrences.change(one.id, next_at=following)
        turn.schedule(timers.Recurs(one.id, following), max(following - turn.now, timedelta(0)))


def passed_times(turn: Turn, one: Recurrence, due: datetime) -> tuple[int, datetime, datetime | None]:
    """Return how many times were missed before the newest that has come, that time, and when the next one comes."""
    missed, newest, following = 0, due, following_time(turn, one, due)
    while following is not None and following <= turn.now and missed < COUNTED:
        missed, newest, following = missed + 1, following, following_time(turn, one, following)
    if missed == COUNTED:
        following = following_time(turn, one, turn.now)
    return missed, newest, following


def following_time(turn: Turn, one: Recurrence, after: datetime) -> datetime | None:
    """Return when a recurrence comes next after a moment, by the desk's clock and the calendar of whose work it is."""
    zone = turn.rules.zone
    return next_occurrence(load_schedule(one.schedule), Holidays(one.holidays), calendar_of(turn, one), zone, after)


def calendar_of(turn: Turn, one: Recurrence) -> Calendar:
    """Return the calendar of whose work a recurrence's requests are."""
    return policy_and_calendar(turn, one.type_name, one.group_name)[1]


def today_of(turn: Turn) -> date:
    """Return what day it is at the desk."""
    return turn.now.astimezone(ZoneInfo(turn.rules.zone)).date()


# Making them


def make_some(turn: Turn, one: Recurrence, due: datetime, behind: int) -> None:
    """Make a recurrence's request, or those for the next few companies or assets; the rest have turns of their own.

    ``behind`` is the last company that has its own, or, below nothing, the last asset.
    """
    if one.assets:
        make_for_assets(turn, one, due, -behind)
        return
    if not one.companies:
        make_request(turn, one, None, due)
        return
    found = turn.tx.companies.under_contract(one.companies, today_of(turn), after=behind, limit=SOME + 1)
    for company in found[:SOME]:
        make_request(turn, one, company, due)
    if len(found) > SOME:
        turn.schedule(timers.Recurs(one.id, due, found[SOME - 1].id), timedelta(0))


def make_for_assets(turn: Turn, one: Recurrence, due: datetime, behind: int) -> None:
    """Make the requests for the next few assets: each is of whose company the asset is."""
    found = assets_after(turn, one, behind, SOME + 1)
    for asset in found[:SOME]:
        company = turn.tx.companies.get(asset.company_id) if asset.company_id is not None else None
        make_request(turn, one, company, due, asset)
    if len(found) > SOME:
        turn.schedule(timers.Recurs(one.id, due, -found[SOME - 1].id), timedelta(0))


def assets_after(turn: Turn, one: Recurrence, behind: int, limit: int) -> list[Asset]:
    """Return the assets for which a recurrence makes requests, in their order, behind one."""
    meant = one.assets or {}
    return turn.tx.assets.meant(meant.get("kind", ""), meant.get("words", ()), after=behind, limit=limit)


def make_request(
    turn: Turn, one: Recurrence, company: Company | None, due: datetime, asset: Asset | None = None
) -> None:
    """Make one request, or remind of the last one, where that is still open and another is not wanted then."""
    of = company.id if company is not None else None
    last = turn.tx.recurrences.still_open(one.id, of, asset.id if asset is not None else None)
    if last is not None and one.again == Again.NOTE:
        ticket = turn.tx.tickets.get(last)
        cards.open_threads(turn, ticket)
        relay.in_threads(turn, last, phrase("recurring.due_again", at=due))
        return
    ticket = register_request(turn, one, company, asset)
    words: StoredWords = {"text": one.summary, "spans": []}
    turn.tx.talk.add(ticket.id, ticket.requester_id, MessageKind.FOLLOW_UP, words=words, files=[], at=turn.now)
    cards.refresh_cards(turn, ticket)
    assign_by_rules(turn, ticket)


def register_request(turn: Turn, one: Recurrence, company: Company | None, asset: Asset | None) -> Ticket:
    """Write a request of the team's own down: whose work it is, and by when it is to be done; nobody waits for an answer."""
    kind = type_of(turn, one.type_name)
    form = request_types.form_of([kind])
    own = company.group_name if company is not None else ""
    named = [name for name in (one.group_name, own) if name and name in turn.rules.groups]
    group = named[0] if named else assignment.group_of(turn, kind.name, one.summary)
    priority = one.priority or kind.priority
    policy, calendar = policy_and_calendar(turn, kind.name, group, company)
    length = policy.target(Target.RESOLUTION, priority)
    due = calendar.add(turn.now, length) if length else None
    summary, field = one.summary.partition("\n")[0], asset_field(kind, asset) if asset is not None else None
    ticket = write_down(
        turn,
        turn.tx.people.of_account(one.account_id),
        kind,
        form,
        {"type": kind.name, **({field.name: asset.number} if field is not None and asset is not None else {})},
        summary=summary[:140] if asset is None else f"{asset.number} · {summary}"[:140],
        group=group,
        priority=priority,
        language=turn.rules.team_language,
        dues={"first_response_due": None, "resolution_due": due},
        company_id=company.id if company is not None else None,
        recurrence_id=one.id,
    )
    if asset is not None:
        turn.tx.assets.tie(ticket.id, [asset.id])
    return ticket


def asset_field(kind: RequestType, asset: Asset) -> Field | None:
    """Return the question of a request type that an asset answers, whatever else was answered; None where it has none."""
    asked = (field for field in request_types.fields_of_type(kind) if field.kind == "asset")
    fits = (field for field in asked if set(field.when or {}) == {"type"} and (not field.of or asset.kind in field.of))
    return next(fits, None)


def type_of(turn: Turn, name: str) -> RequestType:
    """Return the request type of a name; where it is gone or none was named, "other" or the last of the list."""
    types = {kind.name: kind for kind in turn.tx.requests.types()}
    return types.get(name) or types.get(OTHER) or list(types.values())[-1]
