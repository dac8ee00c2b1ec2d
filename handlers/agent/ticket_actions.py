"""What agents do with a ticket, and what its requester hears of it."""

from datetime import datetime

from handlers.rules.notify import Occasion
from handlers.tickets import cards, notifications, relay
from handlers.tickets.parties import confirm_or_reopen_buttons, must_be_author, rejoin_part
from handlers.tickets.readable import own_ticket
from handlers.tickets.replies import send_words
from handlers.turns import naming, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_number, meant, rest
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.audience import ANYWHERE
from handlers.vocabulary.messages import Kind, column, phrase, row
from storage.lifecycle import Action, Refused, StatusKind
from storage.models import Priority, Role
from storage.people import Person
from storage.tickets import Ticket

on = Routes()


def did(turn: Turn, ticket: Ticket, said: str) -> None:
    """Show the ticket as it is now, and tell the actor what was done; in the thread's log it stands by itself."""
    cards.refresh(turn, ticket)
    turn.toast(phrase(said, ticket=ticket.id))


@on.press(presses.Claim, role=Role.AGENT)
@on.command("claim", role=Role.AGENT)
def claim(turn: Turn) -> None:
    """An agent takes a waiting ticket, and its requester hears who it is."""
    ticket = turn.tx.tickets.act(meant(turn), Action.CLAIM, by=turn.person.id, at=turn.now)
    cards.open_threads(turn, ticket)
    notifications.announce(turn, ticket, Occasion.CLAIMED)
    did(turn, ticket, "done.claimed")


@on.press(presses.Release, role=Role.AGENT)
@on.command("release", role=Role.AGENT)
def release(turn: Turn) -> None:
    """An agent puts a ticket back into the queue."""
    ticket = meant(turn)
    if ticket.agent_id != turn.person.id and not turn.person.may(Role.SENIOR):
        raise Refused("not_its_agent", ticket=ticket.id)
    ticket = turn.tx.tickets.act(ticket, Action.RELEASE, by=turn.person.id, at=turn.now)
    notifications.announce(turn, ticket, Occasion.RELEASED)
    did(turn, ticket, "done.released")


@on.command("assign", role=Role.AGENT)
def assign(turn: Turn) -> None:
    """An agent gives a ticket to somebody of the team: /assign 42 @anna."""
    give(turn, meant(turn), naming.teammate(turn, after_number(naming.value(turn))))


@on.press(presses.Assign, role=Role.AGENT)
def choose(turn: Turn) -> None:
    """The card asks whom to give it to: everyone else of the team who is not away."""
    ticket = meant(turn)
    team = [p for p in turn.tx.people.team() if p.away_since is None and p.id != ticket.agent_id]
    names = column(*(presses.Give(ticket.id, person.id).button(person.name) for person in team[:20]))
    cards.redraw(turn, ticket, (*names, *row(presses.Less(ticket.id).button(phrase("form.back")))))
    turn.toast(phrase("assign.whom" if team else "assign.nobody", ticket=ticket.id))


@on.press(presses.Give, role=Role.AGENT, act="assign")
def give_to(turn: Turn) -> None:
    """The agent who was chosen has it now."""
    chosen = turn.pressed(presses.Give)
    give(turn, permissions.must_work_on(turn, turn.tx.tickets.get(chosen.ticket)), member(turn, chosen.person))


def member(turn: Turn, person_id: int) -> Person:
    """Return one of the team, or refuse: whoever has left since the button was shown, or a button that nobody was shown."""
    team = {person.id: person for person in turn.tx.people.team()}
    if person_id not in team:
        raise Refused("who", name="—", team=", ".join(sorted(p.name for p in team.values())) or "—")
    return team[person_id]


def give(turn: Turn, ticket: Ticket, to: Person) -> None:
    """Give a ticket to an agent; both hear of it, and so does the requester."""
    ticket = turn.tx.tickets.act(ticket, Action.ASSIGN, by=turn.person.id, at=turn.now, to=to.id)
    cards.open_threads(turn, ticket)
    notifications.announce(turn, ticket, Occasion.ASSIGNED)
    cards.refresh(turn, ticket)
    turn.toast(phrase("done.assigned", ticket=ticket.id, agent=to.name))


@on.press(presses.Resolve, role=Role.AGENT)
@on.command("resolve", role=Role.AGENT)
def resolve(turn: Turn) -> None:
    """An agent says it is done, with a last word if they like; the requester confirms or reopens."""
    ticket = meant(turn)
    if turn.event.kind is Kind.COMMAND and rest(turn):
        ticket = send_words(
            turn, ticket, turn.event.words.cut(len(turn.event.words.text) - len(rest(turn)), len(turn.event.words.text))
        )
    ticket = turn.tx.tickets.act(ticket, Action.RESOLVE, by=turn.person.id, at=turn.now)
    cards.open_threads(turn, ticket)
    ask_whether_solved(turn, ticket)
    did(turn, ticket, "done.resolved")


def ask_whether_solved(turn: Turn, ticket: Ticket) -> None:
    """Ask the requester of a resolved ticket whether it is; nobody's answer closes it after a reminder."""
    notifications.announce(turn, ticket, Occasion.RESOLVED, buttons=confirm_or_reopen_buttons)
    for timer, length in (
        (timers.Remind(turn.now), turn.rules.reminder),
        (timers.AutoClose(turn.now), turn.rules.auto_close),
    ):
        turn.tx.timers.cancel(timer.name, ticket=ticket.id, at=turn.now)  # those of an earlier time
        turn.schedule(timer, length, ticket=ticket.id)


@on.press(presses.Close, role=Role.AGENT)
@on.command("close", role=Role.AGENT)
def close(turn: Turn) -> None:
    """An agent closes a ticket without asking; its requester is told."""
    ticket = turn.tx.tickets.act(meant(turn), Action.CLOSE, by=turn.person.id, at=turn.now)
    notifications.announce(turn, ticket, Occasion.CLOSED)
    did(turn, ticket, "done.closed")


@on.press(presses.Reopen, role=Role.AGENT)
@on.command("reopen", role=Role.AGENT)
def reopen(turn: Turn) -> None:
    """An agent takes a resolved ticket up again; its requester is told."""
    ticket = turn.tx.tickets.act(meant(turn), Action.REOPEN, by=turn.person.id, at=turn.now)
    notifications.announce(turn, ticket, Occasion.REOPENED)
    did(turn, ticket, "done.reopened")


@on.press(presses.Hold, role=Role.AGENT)
def hold(turn: Turn) -> None:
    """A ticket waits for something else than its requester."""
    ticket = turn.tx.tickets.act(meant(turn), Action.HOLD, by=turn.person.id, at=turn.now)
    notifications.announce(turn, ticket, Occasion.HELD)
    did(turn, ticket, "done.held")


@on.press(presses.Unhold, role=Role.AGENT, act="hold")
def unhold(turn: Turn) -> None:
    """What a ticket waited for is there."""
    ticket = turn.tx.tickets.act(meant(turn), Action.RESUME, by=turn.person.id, at=turn.now)
    notifications.announce(turn, ticket, Occasion.RESUMED)
    did(turn, ticket, "done.resumed")


@on.press(presses.SetPriority, role=Role.AGENT)
def set_priority(turn: Turn) -> None:
    """A ticket becomes more or less urgent by a button."""
    urge(turn, meant(turn), turn.pressed(presses.SetPriority).priority)


@on.command("priority", role=Role.AGENT)
def priority(turn: Turn) -> None:
    """A ticket becomes more or less urgent: /priority 42 high."""
    urge(turn, meant(turn), rest(turn).lower())


def urge(turn: Turn, ticket: Ticket, word: str) -> None:
    """Set a priority, or name the ones there are."""
    if word not in {p.value for p in Priority}:
        raise Refused("priority", word=word or "—", known=", ".join(Priority))
    ticket = turn.tx.tickets.change(
        ticket, at=turn.now, action=Action.SET_PRIORITY, by=turn.person.id, priority=Priority(word)
    )
    cards.refresh(turn, ticket)
    turn.toast(phrase("done.priority", ticket=ticket.id, priority=phrase(f"priority.{word}")))


# The requester's side


@on.press(presses.StillNotSolved, audiences=ANYWHERE)
def again(turn: Turn) -> None:
    """The requester says it is not done: the ticket is open again, and its thread hears it."""
    number = turn.pressed(presses.StillNotSolved).ticket
    must_be_author(turn, number)
    ticket = rejoin_part(turn, own_ticket(turn, number))
    turn.say(phrase("own.reopened", ticket=number), edits=turn.shown.outgoing_id if turn.shown else None, ticket=number)
    relay.to_threads(turn, ticket, "thread.reopened")


@on.timer(timers.Remind)
def remind(turn: Turn) -> None:
    """Nobody confirmed: the requester is reminded once, before it closes by itself."""
    if ticket := still_resolved(turn, turn.due(timers.Remind).resolved):
        left = turn.rules.auto_close - turn.rules.reminder
        notifications.announce(turn, ticket, Occasion.REMINDER, buttons=confirm_or_reopen_buttons, left=left)


@on.timer(timers.AutoClose)
def auto_close(turn: Turn) -> None:
    """Nobody objected: the ticket is closed."""
    if ticket := still_resolved(turn, turn.due(timers.AutoClose).resolved):
        ticket = turn.tx.tickets.act(ticket, Action.CLOSE, by=None, at=turn.now)
        notifications.announce(turn, ticket, Occasion.CLOSED)
        cards.refresh(turn, ticket)


def still_resolved(turn: Turn, resolved: datetime) -> Ticket | None:
    """Return the timer's ticket if it is resolved as it was when the timer was set."""
    ticket = turn.tx.tickets.find(turn.event.ticket or 0)
    return ticket if ticket and ticket.kind is StatusKind.RESOLVED and ticket.resolved_at == resolved else None
