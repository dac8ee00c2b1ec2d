"""Many tickets at once: what the queue shows is resolved, closed, assigned or tagged, after a question that names how many.

The work goes on by a timer, some tickets a turn, so that nobody waits for it; what could not be done is told ticket by ticket.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.agent import export, problems, tags_and_time, ticket_actions
from handlers.rules.notify import TicketEvent
from handlers.tickets import cards, notifications, queue_filter, replies, resolution, undoing
from handlers.tickets.ticket_service import move_ticket
from handlers.turns import naming, permissions, recent_queries
from handlers.turns.progress import asked_by, tell_progress
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Button, Part, Phrase, RichText, button_column, button_row, phrase
from handlers.vocabulary.text import beginning_of
from storage.lifecycle import Action, Refused
from storage.models import Role, StateKind
from storage.tickets.queue import Filter

on = Routes()

MOST = 500  # tickets at once
EACH = 10  # tickets a turn
VALID = timedelta(days=1)  # of the question whether it is meant
TOLD = 20  # tickets that could not be done, by number
ACTS = ("resolve", "close", "assign", "tag", "reply", "problem")
ENDINGS = ("resolve", "close")  # what can be taken back as a whole, for half a minute
SAMPLE = 3  # tickets that are shown with the question
ACT_OF = {"reply": "r"}  # whose permission it asks for, where that is not its own name
USAGE = "/bulk resolve · /bulk close · /bulk assign @name · /bulk tag word · /bulk reply … · /bulk problem 40 · /bulk export"


@on.press(presses.Bulk, role=Role.AGENT)
def offer(turn: Turn) -> None:
    """The queue asks what is to be done with all it shows."""
    token = turn.pressed(presses.Bulk).query
    _, asked = recent_queries.recall_query(turn, StateKind.QUEUE, token)
    acts = (presses.BulkAct(act, token).button(phrase(f"bulk.{act}")) for act in ("resolve", "close", "assign"))
    back = presses.QueuePage(0, token).button(phrase("form.back"))
    said = (phrase("bulk.what"), *_said(turn, asked), phrase("bulk.hint", usage="/bulk tag …"))
    turn.say(*said, buttons=button_column(*acts, back), edits=turn.shown.outgoing_id if turn.shown else None)


@on.press(presses.BulkAct, role=Role.AGENT, act="bulk")
def chosen(turn: Turn) -> None:
    """What is to be done was chosen: whom to give them to is asked first, then whether it is meant."""
    meant = turn.pressed(presses.BulkAct)
    act, token = meant.act, meant.query
    asker, asked = recent_queries.recall_query(turn, StateKind.QUEUE, token)
    if act != "assign":
        ask_for_confirmation(turn, asker, asked, act)
        return
    team = [person for person in turn.tx.people.team() if person.away_since is None][:20]
    names = button_column(*(presses.BulkAssign(person.id, token).button(person.name) for person in team))
    back = button_row(presses.Bulk(token).button(phrase("form.back")))
    shown = turn.shown.outgoing_id if turn.shown else None
    turn.say(phrase("bulk.whom"), *_said(turn, asked), buttons=(*names, *back), edits=shown)


@on.press(presses.BulkAssign, role=Role.AGENT, act="bulk")
def to(turn: Turn) -> None:
    """The agent who gets them all was chosen."""
    meant = turn.pressed(presses.BulkAssign)
    asker, asked = recent_queries.recall_query(turn, StateKind.QUEUE, meant.query)
    ask_for_confirmation(turn, asker, asked, "assign", ticket_actions.team_member(turn, meant.person).id)


@on.command("bulk", role=Role.AGENT)
def bulk(turn: Turn) -> None:
    """All that the agent's last /queue shows: /bulk resolve, /bulk close, /bulk assign @anna, /bulk tag vip, /bulk reply …"""
    act, _, rest = naming.command_value(turn).strip().partition(" ")
    asked = recent_queries.latest_query(turn, StateKind.QUEUE)
    if act == "export":
        export.export_latest(turn, rest)
        return
    if act not in ACTS or (act in ("assign", "tag", "reply", "problem") and not rest.strip()):
        raise Refused("bulk_how", usage=USAGE)
    if asked is None:
        raise Refused("bulk_of_what")
    arg: Any = None
    if act == "assign":
        arg = naming.teammate_named(turn, rest).id
    elif act == "tag":
        arg = rest.replace(",", " ").split()
        for word in arg:
            tags_and_time.parse_tag(word)
    elif act == "reply":
        arg = rest.strip()
    elif act == "problem":
        arg = number_in(rest.strip())
        if arg is None:
            raise Refused("bulk_how", usage=USAGE)
        turn.tx.tickets.get(arg)
    ask_for_confirmation(turn, turn.person.id, asked, act, arg, edits=False)


def ask_for_confirmation(turn: Turn, asker: int, asked: str, act: str, arg: Any = None, *, edits: bool = True) -> None:
    """Ask whether it is meant, and name how many tickets; they are the ones that the queue shows now."""
    permissions.must_may(turn, ACT_OF.get(act, act))
    numbers = matching_tickets(turn, queue_filter.parse_filter(turn, asked, me=asker))
    shown = turn.shown.outgoing_id if edits and turn.shown else None
    if not numbers:
        turn.say(phrase("queue.empty"), *_said(turn, asked), edits=shown)
        return
    pending = {"act": act, "arg": arg, "asker": asker, "asked": asked, "tickets": numbers}
    turn.tx.states.put(turn.person.id, StateKind.BULK, turn.now + VALID, value=pending)
    key = f"{turn.person.id}.{_digest(pending)}"
    yes = presses.BulkConfirm(key).button(
        phrase(f"bulk_yes.{act}", n=len(numbers)), danger=act not in ("tag", "problem")
    )
    no = presses.BulkCancel(key).button(phrase("form.cancel"))
    sure = _sure(turn, act, arg, len(numbers))
    turn.say(sure, *_said(turn, asked), *_sample(turn, act, arg, numbers), buttons=button_row(yes, no), edits=shown)


def matching_tickets(turn: Turn, wanted: Filter) -> list[int]:
    """Return the tickets meant by number, or refuse: they are too many to be done at once."""
    found = [ticket.id for ticket in turn.tx.queue.page(wanted, limit=MOST + 1)]
    if len(found) > MOST:
        raise Refused("bulk_many", limit=MOST)
    return found


def _sure(turn: Turn, act: str, arg: Any, n: int) -> Phrase:
    if act == "assign":
        return phrase("bulk_sure.assign", n=n, agent=turn.tx.tickets.name(arg))
    if act == "tag":
        return phrase("bulk_sure.tag", n=n, tags=" ".join(arg))
    if act == "problem":
        return phrase("bulk_sure.problem", n=n, ticket=arg)
    return phrase(f"bulk_sure.{act}", n=n)


def _sample(turn: Turn, act: str, arg: Any, numbers: Sequence[int]) -> list[Part]:
    """Return what would be said, and the first of those it is done to."""
    found = [turn.tx.tickets.get(number) for number in numbers[:SAMPLE]]
    more = [RichText(f"… +{len(numbers) - SAMPLE}")] if len(numbers) > SAMPLE else []
    return [
        *([RichText(arg)] if act == "reply" else []),
        *(RichText(f"#{t.id} {beginning_of(t.summary, 80)}") for t in found),
        *more,
    ]


@on.press(presses.BulkCancel, role=Role.AGENT, act="bulk")
def dropped(turn: Turn) -> None:
    """It was not meant: nothing is done."""
    _mine(turn)
    turn.say(phrase("bulk.dropped"), edits=turn.shown.outgoing_id if turn.shown else None)


@on.press(presses.BulkConfirm, role=Role.AGENT, act="bulk")
def go(turn: Turn) -> None:
    """It is meant: if the queue still shows the same tickets, the first are done now and the rest by and by."""
    pending = _mine(turn)
    permissions.must_may(turn, ACT_OF.get(pending["act"], pending["act"]))
    wanted = queue_filter.parse_filter(turn, pending["asked"], me=pending["asker"])
    if sorted(matching_tickets(turn, wanted)) != sorted(pending["tickets"]):
        raise Refused("bulk_changed", n=len(pending["tickets"]))
    turn.audit(Deed.BULK, done=pending["act"], tickets=len(pending["tickets"]))
    numbers = tuple(pending["tickets"])
    work_on_next(turn, timers.BulkAct(**asked_by(turn), act=pending["act"], arg=pending["arg"], left=numbers))


def _mine(turn: Turn) -> Mapping[str, Any]:
    """Return what the actor was asked about, once; somebody else's question, or an older one, is not for them to answer."""
    owner, _, digest = turn.pressed(presses.BulkConfirm).query.partition(".")
    if int(owner) != turn.person.id:
        raise Refused("bulk_not_yours")
    pending = turn.tx.states.take(turn.person.id, StateKind.BULK, turn.now)
    if pending is None or _digest(pending) != digest:
        raise Refused("list_gone")
    found: Mapping[str, Any] = pending
    return found


@on.timer(timers.BulkAct)
def go_on(turn: Turn) -> None:
    """Some more are done, if whoever asked for it still is an agent."""
    work = turn.due(timers.BulkAct)
    turn.actor = permissions.with_standing(turn, turn.tx.people.of_account(work.account))
    if not turn.actor.may(Role.AGENT):
        tell_progress(turn, work, phrase("bulk.stopped", n=work.done))
        return
    work_on_next(turn, work)


def work_on_next(turn: Turn, work: timers.BulkAct) -> None:
    """Do a turn's share of the work, and say how far it is."""
    now, left = work.left[:EACH], work.left[EACH:]
    undone = [number for number in now if not act_on_one(turn, number, work.act, work.arg, time_to_undo(turn, work))]
    ended = tuple(number for number in now if number not in undone and work.act in ENDINGS)
    work = replace(
        work,
        left=left,
        done=work.done + len(now) - len(undone),
        undone=(*work.undone, *undone),
        ended=(*work.ended, *ended),
    )
    if left:
        whole = work.done + len(work.undone) + len(left)
        tell_progress(turn, work, phrase("bulk.progress", done=whole - len(left), whole=whole))
        turn.schedule(work, turn.rules.fold)
        return
    said = (phrase(f"bulk_done.{work.act}", n=work.done), *_undone(work.undone))
    tell_progress(turn, work, *said, buttons=undo_buttons(turn, work))


def time_to_undo(turn: Turn, work: timers.BulkAct) -> timedelta:
    """Return how long it is remembered how a ticket of a list stood: until all are ended, half a minute, until all are back."""
    turns = 2 * (len(work.left) + len(work.ended)) // EACH + 2
    return undoing.WITHIN + turns * max(turn.rules.fold, timedelta(seconds=2))


def undo_buttons(turn: Turn, work: timers.BulkAct) -> tuple[tuple[Button, ...], ...]:
    """Return the button that takes a list back which was just ended, for half a minute."""
    if not work.ended:
        return ()
    key = hashlib.sha1(repr(work.ended).encode(), usedforsecurity=False).hexdigest()[:8]
    turn.tx.states.put(
        turn.person.id, StateKind.UNDO, turn.now + undoing.WITHIN, value=list(work.ended), key=f"bulk.{key}"
    )
    return button_row(presses.BulkUndo(f"{turn.person.id}.{key}").button(phrase("button.undo")))


@on.press(presses.BulkUndo, role=Role.AGENT, act="bulk")
def undo(turn: Turn) -> None:
    """It was a mistake: each of them stands as it stood, and what its requester was told is taken away."""
    owner, _, key = turn.pressed(presses.BulkUndo).query.partition(".")
    if int(owner) != turn.person.id:
        raise Refused("bulk_not_yours")
    ended = turn.tx.states.take(turn.person.id, StateKind.UNDO, turn.now, key=f"bulk.{key}")
    if not ended:
        raise Refused("expired")
    turn.audit(Deed.BULK, done="undo", tickets=len(ended))
    undo_next(turn, timers.UndoBulk(**asked_by(turn), left=tuple(ended)))


@on.timer(timers.UndoBulk)
def undo_more(turn: Turn) -> None:
    """Some more are taken back, for whoever asked for it."""
    work = turn.due(timers.UndoBulk)
    turn.actor = permissions.with_standing(turn, turn.tx.people.of_account(work.account))
    undo_next(turn, work)


def undo_next(turn: Turn, work: timers.UndoBulk) -> None:
    """Take a turn's share back; what somebody has touched since stays as it is, and is told."""
    now, left = work.left[:EACH], work.left[EACH:]
    back = [number for number in now if undo_one(turn, number)]
    stays = tuple(number for number in now if number not in back)
    work = replace(work, left=left, done=work.done + len(back), undone=(*work.undone, *stays))
    if left:
        turn.schedule(work, turn.rules.fold)
        return
    tell_progress(turn, work, phrase("bulk.undone", n=work.done), *_undone(work.undone))


def undo_one(turn: Turn, number: int) -> bool:
    """Put one ticket back as it stood; return whether that was possible."""
    try:
        ticket = undoing.undo_ending(turn, permissions.must_work_on(turn, turn.tx.tickets.get(number)))
    except Refused:
        return False
    if ticket is not None:
        cards.refresh_cards(turn, ticket)
    return ticket is not None


def _undone(numbers: Sequence[int]) -> list[Part]:
    more = [f"… +{len(numbers) - TOLD}"] if len(numbers) > TOLD else []
    told = [*(f"#{number}" for number in numbers[:TOLD]), *more]
    return [phrase("bulk.not_done", n=len(numbers), tickets=told)] if numbers else []


def act_on_one(turn: Turn, number: int, act: str, arg: Any, within: timedelta) -> bool:
    """Do it to one ticket, and tell whom it concerns; return whether it was possible."""
    try:
        ticket = permissions.must_work_on(turn, turn.tx.tickets.get(number))
        match act:
            case "resolve" | "close":
                was = undoing.facts_before_ending(turn, ticket)
                ticket = move_ticket(turn, ticket, Action(act), by=turn.person.id)
                if act == "resolve":
                    resolution.ask_whether_solved(turn, ticket)
                else:
                    notifications.notify_of_event(turn, ticket, TicketEvent.CLOSED)
                undoing.remember_before_ending(turn, ticket, was, within)
            case "assign":
                had = ticket.agent_id
                ticket = move_ticket(turn, ticket, Action.ASSIGN, by=turn.person.id, to=arg)
                cards.open_threads(turn, ticket)
                notifications.notify_of_event(turn, ticket, TicketEvent.ASSIGNED)
                notifications.taken_from(turn, ticket, had)
            case "reply":
                ticket = replies.send_words(turn, ticket, RichText(arg), files=())
            case "problem":
                problems.link_ticket_to_cause(turn, ticket, turn.tx.tickets.get(arg))
                ticket = turn.tx.tickets.get(number)
            case _:
                tags_and_time.apply_tags(turn, ticket, list(arg))
    except Refused:
        return False
    cards.refresh_cards(turn, ticket)
    return True


def _said(turn: Turn, asked: str) -> list[Part]:
    return [RichText(naming.with_names_shown(turn, asked))] if asked else []


def _digest(pending: Mapping[str, Any]) -> str:
    """Return what tells a question from another; ``pending`` is {"act", "arg", "asker", "asked", "tickets"}."""
    told = repr((pending["act"], pending["arg"], pending["asked"], pending["tickets"]))
    return hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()[:8]
