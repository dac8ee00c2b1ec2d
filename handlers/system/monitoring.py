"""Monitoring: what it says is broken is a request of the team's; what breaks with it joins, and it is resolved when all is well.

However many alerts there are, a group of them is one card, and what it has to say since is one line now and then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from handlers.channels.opening import answers_of
from handlers.requester import new_request
from handlers.rules.notify import TicketEvent
from handlers.tickets import assignment, cards, notifications, relay, request_types, resolution, ticket_service
from handlers.tickets.registration import assign_by_rules, write_down
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.messages import Part, Phrase, phrase
from handlers.vocabulary.translations import Locale
from storage.care.alerts import AlertGroup, key_digest
from storage.desk.request_types import RequestType
from storage.lifecycle import Action, Refused
from storage.models import MessageKind, Priority
from storage.people.tokens import is_program
from storage.queues.spoken import StoredWords
from storage.tickets.tickets import Ticket

on = Routes()

OTHER = "other"
ALONE = 20  # groups of one call that open a request each; what is more of them is one request
PIECE = 3000  # characters of a message that lists them
SOON, LATER = (
    timedelta(minutes=1),
    timedelta(minutes=30),
)  # until the first line of what joined, and between two of them


class Outcome(StrEnum):
    """What came of a group of alerts."""

    OPENED = "opened"
    JOINED = "joined"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that fires or is well again, as its program tells it."""

    key: str
    firing: bool
    title: str
    text: str = ""
    url: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    priority: Priority | None = None
    type: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a group: the request that stands for it, None where there is none."""

    outcome: Outcome
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class Fresh:
    """A group that fires and has no request to join; ``before`` is the one that it had."""

    key: str
    before: Ticket | None
    states: Mapping[str, bool]
    firing: Sequence[Alert]


def receive_alerts(turn: Turn, told: Sequence[Alert], *, whole: str = "", over: bool = False) -> list[Came]:
    """Open, join, reopen or resolve what alerts stand for, group by group.

    ``whole`` is the program's own key for all of them as a group, which the rules' labels outdo; ``over``: none of it fires.
    What fires stays in the group that it fired in first, whatever the rules say by now: else that would never be over.
    """
    groups: dict[str, list[Alert]] = {}
    stands = turn.tx.alerts.keys_of(turn.person.id, [key_digest(one.key) for one in told])
    for one in told:
        groups.setdefault(stands.get(key_digest(one.key)) or group_key(turn, one, whole), []).append(one)
    over_key = whole_key(turn, whole) if over else ""
    came = {key: _receive(turn, key, some, over=key == over_key) for key, some in groups.items()}
    fresh = [one for one in came.values() if isinstance(one, Fresh)]
    alone = fresh if len(fresh) <= ALONE + 1 else fresh[:ALONE]
    opened = {one.key: _open(turn, one) for one in alone} | _open_together(turn, fresh[len(alone) :])
    return [opened[one.key] if isinstance(one, Fresh) else one for one in came.values()]


def group_key(turn: Turn, one: Alert, whole: str) -> str:
    """Return what alerts have in common that are one request: the rules' labels, else the program's group, else the key alone."""
    labels = turn.rules.monitoring.group_by
    if labels and any(label in one.labels for label in labels):
        return key_digest(turn.person.id, "labels", *(f"{label}={one.labels.get(label, '')}" for label in labels))
    return whole_key(turn, whole) if whole else key_digest(turn.person.id, "key", one.key)


def whole_key(turn: Turn, whole: str) -> str:
    """Return the key of what its program calls a group."""
    return key_digest(turn.person.id, "group", whole)


def _receive(turn: Turn, key: str, told: Sequence[Alert], *, over: bool) -> Came | Fresh:
    states = {key_digest(one.key): one.firing for one in told}
    firing = [one for one in told if one.firing]
    group = turn.tx.alerts.current(key)
    ticket = turn.tx.related.heir(turn.tx.tickets.get(group.ticket_id)) if group is not None else None
    if group is None or ticket is None or group.over_at is not None or not ticket.active:
        return _begin(turn, key, group, ticket, states, firing, over=over)
    turn.tx.alerts.put(group.id, states)
    turn.tx.alerts.change(group.id, firings=group.firings + len(firing), last_at=turn.now)
    if over or not turn.tx.alerts.firing(group.id):
        return _resolve(turn, group, ticket)
    if firing:
        _note_soon(turn, group)
    return Came(Outcome.JOINED, ticket.id)


def _begin(
    turn: Turn,
    key: str,
    group: AlertGroup | None,
    ticket: Ticket | None,
    states: Mapping[str, bool],
    firing: Sequence[Alert],
    *,
    over: bool,
) -> Came | Fresh:
    """Let what fires stand in the request before, where that is not long over; else it wants a new one.

    What is well again after its request was ended by hand is well there, too: else it would fire for ever once that is taken up.
    """
    if not firing:
        if group is not None and group.over_at is None:
            turn.tx.alerts.put(group.id, states)
            if over or not turn.tx.alerts.firing(group.id):
                turn.tx.alerts.end(group.id, turn.now)
                if ticket is not None:
                    cards.refresh_cards(turn, ticket)
        return Came(Outcome.NOTHING, ticket.id if ticket is not None else None)
    if group is not None and ticket is not None and (again := _taken_up(turn, group, ticket)) is not None:
        turn.tx.alerts.put(group.id, states)
        turn.tx.alerts.change(group.id, firings=group.firings + len(firing), last_at=turn.now, over_at=None)
        _note_soon(turn, group)
        cards.refresh_cards(turn, again)  # which says now that it fires
        return Came(Outcome.JOINED if ticket.active else Outcome.REOPENED, again.id)
    return Fresh(key, ticket, states, firing)


def _open(turn: Turn, one: Fresh) -> Came:
    """Open a request for a group, which names the one before."""
    opened = open_for_alert(turn, one.firing[0], one.before)
    _stand_for(turn, opened, one)
    cards.refresh_cards(turn, opened)
    return Came(Outcome.OPENED, opened.id)


def _open_together(turn: Turn, rest: Sequence[Fresh]) -> dict[str, Came]:
    """Open one request for many groups, which lists them: nobody reads hundreds of cards of one moment."""
    if not rest:
        return {}
    title = turn.text(phrase("alert.more", n=len(rest)), Locale(turn.rules.team_language, turn.rules.zone))
    worst = min(
        (one.priority for each in rest for one in each.firing if one.priority), key=list(Priority).index, default=None
    )
    lines = [" ".join(filter(None, (f"• {one.title}", one.url))) for each in rest for one in each.firing]
    first, *further = in_pieces(lines)
    opened = open_for_alert(turn, Alert("", firing=True, title=title, text=first, priority=worst), None)
    for text in further:
        turn.tx.talk.add(
            opened.id, turn.person.id, MessageKind.FOLLOW_UP, words=stored_words(text), files=[], at=turn.now
        )
    for one in rest:
        _stand_for(turn, opened, one)
    cards.refresh_cards(turn, opened)
    return {one.key: Came(Outcome.OPENED, opened.id) for one in rest}


def in_pieces(lines: Sequence[str]) -> list[str]:
    """Return lines as texts that a message holds."""
    pieces: list[str] = []
    for line in lines:
        if pieces and len(pieces[-1]) + len(line) < PIECE:
            pieces[-1] += f"\n{line}"
        else:
            pieces.append(line)
    return pieces


def _stand_for(turn: Turn, ticket: Ticket, one: Fresh) -> None:
    made = turn.tx.alerts.begin(one.key, ticket.id, turn.now)
    turn.tx.alerts.put(made, one.states)
    turn.tx.alerts.change(made, firings=len(one.firing), noted=len(one.firing))


def _taken_up(turn: Turn, group: AlertGroup, ticket: Ticket) -> Ticket | None:
    """Return the request of a group that fires again, taken up where it is over; None where that is too long ago or cannot be.

    A person's, which the group's own was merged into, is joined while it is active, and never taken up.
    """
    if ticket.active and is_ruled(turn, ticket):  # its workflow had no way to resolve it
        return ticket
    ended = max(
        each for each in (group.over_at, ticket.closed_at, ticket.resolved_at, group.began_at) if each is not None
    )
    if turn.now - ended > turn.rules.monitoring.reopen:
        return None
    if not is_ruled(turn, ticket):
        return ticket if ticket.active else None
    try:
        ticket = ticket_service.move_ticket(turn, ticket, Action.REOPEN, by=None)
    except Refused:
        return None
    notifications.notify_of_event(turn, ticket, TicketEvent.REOPENED)
    return ticket


def _resolve(turn: Turn, group: AlertGroup, ticket: Ticket) -> Came:
    """Resolve the request of a group of which nothing fires any more, where nothing would hold one of the team back."""
    turn.tx.alerts.end(group.id, turn.now)
    count = turn.tx.alerts.of_tickets(tickets_of(turn, ticket))
    if count is not None and count.firing:  # of other groups that the request stands for
        cards.refresh_cards(turn, ticket)
        return Came(Outcome.JOINED, ticket.id)
    if not is_ruled(turn, ticket):
        say_on_request(turn, group, ticket, phrase("alert.well"))
        return Came(Outcome.JOINED, ticket.id)
    try:
        ticket = ticket_service.resolve_for_team(turn, ticket)
    except Refused:
        say_on_request(turn, group, ticket, phrase("alert.well_by_hand"))
        cards.refresh_cards(turn, ticket)
        return Came(Outcome.JOINED, ticket.id)
    say_on_request(turn, group, ticket, phrase("alert.well"))
    resolution.ask_whether_solved(turn, ticket)
    cards.refresh_cards(turn, ticket)
    return Came(Outcome.RESOLVED, ticket.id)


def open_for_alert(turn: Turn, one: Alert, before: Ticket | None) -> Ticket:
    """Register a request for an alert: its author is the program, whom nobody has to answer."""
    kind, author = type_of_alert(turn, one), turn.person
    form = request_types.form_of([kind])
    text = "\n".join(filter(None, (one.title, one.text, one.url)))
    known = {name for name in (one.group, turn.rules.monitoring.group) if name in turn.rules.groups}
    named = one.group if one.group in known else turn.rules.monitoring.group
    group = named or assignment.group_of(turn, kind.name, text, author.id)
    priority = one.priority or kind.priority
    ticket = write_down(
        turn,
        author,
        kind,
        form,
        answers_of(kind, form, text),
        summary=new_request.one_line(one.title),
        group=group,
        priority=priority,
        language=turn.rules.team_language,
        previous_id=before.id if before is not None else None,
    )
    turn.tx.talk.add(ticket.id, author.id, MessageKind.FOLLOW_UP, words=stored_words(text), files=[], at=turn.now)
    cards.refresh_cards(turn, ticket)
    assign_by_rules(turn, ticket)
    return turn.tx.tickets.get(ticket.id)


def type_of_alert(turn: Turn, one: Alert) -> RequestType:
    """Return the type of a request that an alert opens: its own, the rules', "other", or the last of the list."""
    types = {kind.name: kind for kind in turn.tx.requests.types()}
    wanted = (one.type, turn.rules.monitoring.type, OTHER)
    return next((types[name] for name in wanted if name in types), list(types.values())[-1])


def stored_words(text: str) -> StoredWords:
    """Return a text as words are kept."""
    return {"text": text, "spans": []}


def is_ruled(turn: Turn, ticket: Ticket) -> bool:
    """Return whether monitoring may resolve a request and take it up again: a program's is, a person's is not."""
    return is_program(turn.tx.people.of_account(ticket.account_id).source)


def tickets_of(turn: Turn, ticket: Ticket) -> list[int]:
    """Return a request and those that were merged into it, by number."""
    return [ticket.id, *(one.id for one in turn.tx.related.merged(ticket.id))]


# What joined since


def _note_soon(turn: Turn, group: AlertGroup) -> None:
    """See to it that the team reads how often it fired: soon the first time, from then on once in a while."""
    group = turn.tx.alerts.first_of(group.ticket_id) or group  # one line, of however many groups a request stands for
    if group.note_at is not None and group.note_at > turn.now:
        return
    after = SOON if group.noted <= 1 or group.note_at is None else LATER
    turn.tx.alerts.change(group.id, note_at=turn.now + after)
    turn.schedule(timers.AlertNote(group.id), after)


@on.timer(timers.AlertNote)
def note_firings(turn: Turn) -> None:
    """One line tells how often it has fired since the line before."""
    group = turn.tx.alerts.get(turn.due(timers.AlertNote).group)
    if group is None:
        return
    ticket = turn.tx.related.heir(turn.tx.tickets.get(group.ticket_id))
    count = turn.tx.alerts.of_tickets(tickets_of(turn, ticket))
    if count is None or count.firings <= count.noted:
        return
    more = count.firings - count.noted
    turn.tx.alerts.change(group.id, noted=group.noted + more)
    say_on_request(turn, group, ticket, phrase("alert.fired", n=more, firing=count.firing))
    cards.refresh_cards(turn, ticket)


def say_on_request(turn: Turn, group: AlertGroup, ticket: Ticket, line: Phrase) -> None:
    """Keep a line of monitoring's as a note of the program's, and show it in the request's threads, where it has any."""
    text = turn.text(line, Locale(turn.rules.team_language, turn.rules.zone))
    whose = turn.tx.tickets.get(group.ticket_id).requester_id  # the request that goes on may be a person's
    kept = turn.tx.talk.add(ticket.id, whose, MessageKind.NOTE, words=stored_words(text), files=[], at=turn.now)
    relay.in_threads(turn, ticket.id, line, fold=f"alert:{ticket.id}", carries=kept)


def alert_line(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say on a card how many alerts a request stands for, and since when."""
    if not is_ruled(turn, ticket):
        return ()
    count = turn.tx.alerts.of_tickets(tickets_of(turn, ticket))
    if count is None:
        return ()
    if count.over == count.groups:
        return (phrase("alert.line_over"),)
    return (phrase("alert.line", n=count.firing, firings=count.firings),)
