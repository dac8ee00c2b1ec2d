"""What agents do with a ticket, and what its requester hears of it."""

from datetime import datetime, timedelta

from handlers.rules.notify import TicketEvent
from handlers.tickets import cards, companies, notifications, relay, resolution, tasks, undoing
from handlers.tickets.parties import confirm_or_reopen_buttons, must_be_author, rejoin_part
from handlers.tickets.readable import own_ticket
from handlers.tickets.replies import say_last_word
from handlers.tickets.ticket_service import change_ticket, move_ticket
from handlers.turns import naming, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_number, after_ticket_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.audience import ANYWHERE
from handlers.vocabulary.messages import Kind, RichText, button_column, button_row, phrase
from storage.lifecycle import Action, Refused, StatusKind
from storage.models import MessageKind, Priority, Role
from storage.people.people import Person
from storage.people.tokens import is_program
from storage.tickets.tickets import Ticket

on = Routes()


def refresh_and_confirm(turn: Turn, ticket: Ticket, said: str) -> None:
    """Show the ticket as it is now, and tell the actor what was done; in the thread's log it stands by itself."""
    cards.refresh_cards(turn, ticket)
    turn.toast(phrase(said, ticket=ticket.id))


@on.press(presses.Claim, role=Role.AGENT)
@on.command("claim", role=Role.AGENT)
def claim(turn: Turn) -> None:
    """An agent takes a waiting ticket, and its requester hears who it is."""
    ticket = move_ticket(turn, ticket_argument(turn), Action.CLAIM, by=turn.person.id)
    cards.open_threads(turn, ticket)
    notifications.notify_of_event(turn, ticket, TicketEvent.CLAIMED)
    companies.warn_of_contract(turn, ticket)
    refresh_and_confirm(turn, ticket, "done.claimed")


@on.press(presses.Release, role=Role.AGENT)
@on.command("release", role=Role.AGENT)
def release(turn: Turn) -> None:
    """An agent puts a ticket back into the queue."""
    ticket = ticket_argument(turn)
    if ticket.agent_id != turn.person.id and not turn.person.may(Role.SENIOR):
        raise Refused("not_its_agent", ticket=ticket.id)
    was = ticket.agent_id
    ticket = move_ticket(turn, ticket, Action.RELEASE, by=turn.person.id)
    notifications.notify_of_event(turn, ticket, TicketEvent.RELEASED)
    notifications.taken_from(turn, ticket, was)
    refresh_and_confirm(turn, ticket, "done.released")


@on.command("assign", role=Role.AGENT)
def assign(turn: Turn) -> None:
    """An agent gives a ticket to somebody of the team: /assign 42 @anna."""
    ticket, to = ticket_argument(turn), naming.teammate_named(turn, after_number(naming.command_value(turn)))
    if to.id == turn.person.id and ticket.agent_id not in (None, to.id):
        ask_whether_to_take_over(turn, ticket)
        return
    give_ticket(turn, ticket, to)


def ask_whether_to_take_over(turn: Turn, ticket: Ticket) -> None:
    """Ask an agent whether they mean to take what a colleague has."""
    assert ticket.agent_id is not None
    owner = turn.tx.tickets.name(ticket.agent_id)
    sure = presses.TakeOver(ticket.id, ticket.agent_id).button(phrase("button.take_over"))
    turn.whisper(phrase("assign.take_over", ticket=ticket.id, agent=owner), buttons=button_row(sure))


@on.press(presses.TakeOver, role=Role.AGENT, act="assign")
def take_over(turn: Turn) -> None:
    """It is meant: the actor has it now, unless somebody else has taken it meanwhile."""
    pressed = turn.pressed(presses.TakeOver)
    ticket = permissions.must_work_on(turn, turn.tx.tickets.get(pressed.ticket))
    if ticket.agent_id not in (pressed.owner, turn.person.id):
        raise Refused("expired")
    give_ticket(turn, ticket, turn.person)


@on.press(presses.Assign, role=Role.AGENT)
def choose(turn: Turn) -> None:
    """The card asks whom to give it to: everyone else of the team who is not away."""
    ticket = ticket_argument(turn)
    team = [p for p in turn.tx.people.team() if p.away_since is None and p.id != ticket.agent_id]
    names = button_column(*(presses.Give(ticket.id, person.id).button(person.name) for person in team[:20]))
    cards.redraw_pressed_card(turn, ticket, (*names, *button_row(presses.Less(ticket.id).button(phrase("form.back")))))
    turn.toast(phrase("assign.whom" if team else "assign.nobody", ticket=ticket.id))


@on.press(presses.Give, role=Role.AGENT, act="assign")
def give_to(turn: Turn) -> None:
    """The agent who was chosen has it now."""
    chosen = turn.pressed(presses.Give)
    give_ticket(
        turn, permissions.must_work_on(turn, turn.tx.tickets.get(chosen.ticket)), team_member(turn, chosen.person)
    )


def team_member(turn: Turn, person_id: int) -> Person:
    """Return one of the team, or refuse: whoever has left since the button was shown, or a button that nobody was shown."""
    team = {person.id: person for person in turn.tx.people.team()}
    if person_id not in team:
        raise Refused("who", name="—", team=", ".join(sorted(p.name for p in team.values())) or "—")
    return team[person_id]


def give_ticket(turn: Turn, ticket: Ticket, to: Person) -> None:
    """Give a ticket to an agent; both hear of it, and so do the requester and whoever had it; that one is away is said."""
    was = ticket.agent_id
    ticket = move_ticket(turn, ticket, Action.ASSIGN, by=turn.person.id, to=to.id)
    cards.open_threads(turn, ticket)
    notifications.notify_of_event(turn, ticket, TicketEvent.ASSIGNED)
    notifications.taken_from(turn, ticket, was)
    cards.refresh_cards(turn, ticket)
    if to.id == turn.person.id:
        turn.toast(phrase("done.claimed", ticket=ticket.id))
        return
    said = "done.assigned_away" if to.away_since is not None else "done.assigned"
    turn.toast(phrase(said, ticket=ticket.id, agent=to.name))


@on.press(presses.Resolve, role=Role.AGENT)
@on.command("resolve", role=Role.AGENT)
def resolve(turn: Turn) -> None:
    """An agent says it is done, with a last word if they like; the requester confirms or reopens.

    Where nobody has answered the requester yet, or tasks of it are open, it is asked once whether that is meant; the last word
    has gone out by then: it is lost by no answer.
    """
    ticket = ticket_argument(turn)
    word = turn.event.kind is Kind.COMMAND and after_ticket_number(turn)
    if word:
        ticket = say_last_word(turn, ticket, command_words(turn))
    if tasks.open_tasks(turn, ticket) or (not word and has_no_reply_yet(turn, ticket)):
        ask_whether_meant(turn, ticket, said=bool(word))
    else:
        resolve_ticket(turn, ticket)


def command_words(turn: Turn) -> RichText:
    """Return what follows a ticket's number in a command, as it was formatted."""
    words = turn.event.words
    return words.cut(len(words.text) - len(after_ticket_number(turn)), len(words.text))


@on.press(presses.ResolveNow, role=Role.AGENT, act="resolve")
def resolve_now(turn: Turn) -> None:
    """It is meant: what nobody has answered is done all the same."""
    resolve_ticket(turn, ticket_argument(turn))


def resolve_ticket(turn: Turn, ticket: Ticket) -> None:
    """Resolve a ticket; whoever did it by mistake takes it back by reopening it at once."""
    was = undoing.facts_before_ending(turn, ticket)
    ticket = move_ticket(turn, ticket, Action.RESOLVE, by=turn.person.id)
    cards.open_threads(turn, ticket)
    resolution.ask_whether_solved(turn, ticket)
    undoing.remember_before_ending(turn, ticket, was)
    refresh_and_confirm(turn, ticket, "done.resolved")


def has_no_reply_yet(turn: Turn, ticket: Ticket) -> bool:
    """Return whether nobody has said a word to the requester of a ticket that can be resolved; a program waits for none."""
    possible = turn.tx.tickets.workflow(ticket).possible(ticket.status)
    if Action.RESOLVE not in possible or not ticket.asked_for or turn.tx.talk.last(ticket.id, MessageKind.REPLY):
        return False
    return not is_program(turn.tx.people.of_account(ticket.account_id).source)


def ask_whether_meant(turn: Turn, ticket: Ticket, *, said: bool) -> None:
    """Ask an agent whether a request is done that nobody has answered, or that has open tasks: on its card, or of them alone.

    ``said``: their last word has gone to the requester already.
    """
    name = turn.tx.people.of_account(ticket.account_id).name
    sure = presses.ResolveNow(ticket.id).button(phrase("button.resolve_now"))
    reply = presses.Reply(ticket.id).button(phrase("button.reply"))
    asked = phrase("resolve.unanswered", ticket=ticket.id, name=name)
    if left := tasks.open_tasks(turn, ticket):
        key, numbers = "resolve.tasks_said" if said else "resolve.tasks", [f"#{task.id}" for task in left]
        asked = phrase(key, ticket=ticket.id, tasks=numbers, name=name)
    if turn.event.kind is Kind.PRESS:
        back = presses.Less(ticket.id).button(phrase("form.back"))
        cards.redraw_pressed_card(turn, ticket, ((sure,), (reply, back)))
        turn.toast(asked)
    else:
        turn.whisper(asked, buttons=button_row(sure, reply))


@on.press(presses.Close, role=Role.AGENT)
@on.command("close", role=Role.AGENT)
def close(turn: Turn) -> None:
    """An agent closes a ticket without asking; its requester is told."""
    ticket = ticket_argument(turn)
    was = undoing.facts_before_ending(turn, ticket)
    ticket = move_ticket(turn, ticket, Action.CLOSE, by=turn.person.id)
    notifications.notify_of_event(turn, ticket, TicketEvent.CLOSED)
    undoing.remember_before_ending(turn, ticket, was)
    refresh_and_confirm(turn, ticket, "done.closed")


@on.press(presses.Reopen, role=Role.AGENT)
@on.command("reopen", role=Role.AGENT)
def reopen(turn: Turn) -> None:
    """An agent takes a ticket up again that was over; its requester is told, unless it was ended by mistake just now."""
    ticket = ticket_argument(turn)
    if (undone := undoing.undo_ending(turn, ticket)) is not None:
        refresh_and_confirm(turn, undone, "done.undone")
        return
    ticket = move_ticket(turn, ticket, Action.REOPEN, by=turn.person.id)
    notifications.notify_of_event(turn, ticket, TicketEvent.REOPENED)
    refresh_and_confirm(turn, ticket, "done.reopened")


@on.press(presses.Hold, role=Role.AGENT)
def hold(turn: Turn) -> None:
    """A ticket waits for something else than its requester."""
    ticket = move_ticket(turn, ticket_argument(turn), Action.HOLD, by=turn.person.id)
    notifications.notify_of_event(turn, ticket, TicketEvent.HELD)
    refresh_and_confirm(turn, ticket, "done.held")


@on.press(presses.Unhold, role=Role.AGENT, act="hold")
def unhold(turn: Turn) -> None:
    """What a ticket waited for is there."""
    ticket = move_ticket(turn, ticket_argument(turn), Action.RESUME, by=turn.person.id)
    notifications.notify_of_event(turn, ticket, TicketEvent.RESUMED)
    refresh_and_confirm(turn, ticket, "done.resumed")


@on.press(presses.SetPriority, role=Role.AGENT)
def set_priority(turn: Turn) -> None:
    """A ticket becomes more or less urgent by a button."""
    change_priority(turn, ticket_argument(turn), turn.pressed(presses.SetPriority).priority)


@on.command("priority", role=Role.AGENT)
def priority(turn: Turn) -> None:
    """A ticket becomes more or less urgent: /priority 42 high."""
    change_priority(turn, ticket_argument(turn), after_ticket_number(turn).lower())


def change_priority(turn: Turn, ticket: Ticket, word: str) -> None:
    """Set a priority, or name the ones there are."""
    if word not in {p.value for p in Priority}:
        raise Refused("priority", word=word or "—", known=", ".join(Priority))
    ticket = change_ticket(turn, ticket, action=Action.SET_PRIORITY, by=turn.person.id, priority=Priority(word))
    cards.refresh_cards(turn, ticket)
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
    resolved, left = turn.due(timers.Remind).resolved, turn.rules.auto_close - turn.rules.reminder
    if turn.event.late:
        left = resolved + turn.rules.auto_close - turn.now
    ticket = still_resolved(turn, resolved)
    if ticket and left > timedelta(0):
        notifications.notify_of_event(turn, ticket, TicketEvent.REMINDER, buttons=confirm_or_reopen_buttons, left=left)


@on.timer(timers.AutoClose)
def auto_close(turn: Turn) -> None:
    """Nobody objected: the ticket is closed."""
    if ticket := still_resolved(turn, turn.due(timers.AutoClose).resolved):
        ticket = move_ticket(turn, ticket, Action.CLOSE, by=None)
        notifications.notify_of_event(turn, ticket, TicketEvent.CLOSED)
        cards.refresh_cards(turn, ticket)


def still_resolved(turn: Turn, resolved: datetime) -> Ticket | None:
    """Return the timer's ticket if it is resolved as it was when the timer was set."""
    ticket = turn.tx.tickets.find(turn.event.ticket or 0)
    return ticket if ticket and ticket.kind is StatusKind.RESOLVED and ticket.resolved_at == resolved else None
