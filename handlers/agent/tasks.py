"""Sub-tasks: ``/task`` hands a part of a request to another agent or group."""

import re
from dataclasses import dataclass
from datetime import datetime

from handlers.agent.snooze import agent_time_zone
from handlers.rules.groups import Take
from handlers.rules.notify import TicketEvent
from handlers.tickets import assignment, cards, notifications, relay, tasks, ticket_service
from handlers.turns import naming
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.dates import read_when
from handlers.vocabulary.messages import Part, RichText, button_column, phrase
from handlers.vocabulary.stored_text import as_data
from handlers.vocabulary.text import beginning_of
from storage.lifecycle import Action
from storage.models import MessageKind, Role
from storage.people.people import Person
from storage.tickets.tickets import Ticket

on = Routes()

SUMMARY = 140  # characters of a task as lists show it
DUE = re.compile(r"(?:^|\s)(?:due|by|до)\s+", re.IGNORECASE)  # before when it is to be done, at the end


@dataclass(frozen=True, slots=True)
class Asked:
    """What a task was asked as: whose it is to be, what is to be done, and until when."""

    words: str
    agent: Person | None = None
    group: str | None = None
    due: datetime | None = None


@on.command("task", role=Role.AGENT)
def task(turn: Turn) -> None:
    """A part of a request goes to somebody else: /task 42 @bob check the cable due tomorrow; /task 42 tells which there are."""
    parent = ticket_argument(turn)
    asked = read_task(turn, after_number(naming.command_value(turn)), parent)
    if not asked.words:
        tell_tasks(turn, parent)
        return
    made = add_task(turn, parent, asked)
    turn.toast(phrase("done.task", ticket=made.id, parent=parent.id))


def read_task(turn: Turn, said: str, parent: Ticket) -> Asked:
    """Return what is asked: a name or #group first, a time last; without either it is the group's that has the request."""
    agent, group = None, parent.group_name
    first = said.split(maxsplit=1)[0] if said else ""
    if first.startswith("@") or naming.is_account(turn, first):
        agent, left = naming.teammate_first(turn, said, turn.tx.people.team())
        said = " ".join(left)
    elif first.startswith("#") and len(first) > 1:
        group, said = assignment.group_by_name(turn, first[1:]).name, said[len(first) :].strip()
    for found in reversed(list(DUE.finditer(said))):
        due = read_when(said[found.end() :], turn.now, agent_time_zone(turn))
        if due is not None and said[: found.start()].strip():
            return Asked(said[: found.start()].strip(), agent, group, due)
    return Asked(said.strip(), agent, group)


def add_task(turn: Turn, parent: Ticket, asked: Asked) -> Ticket:
    """Make a task, with its own card; it is somebody's at once where one was named, and the thread of its request says so."""
    summary = beginning_of(" ".join(asked.words.split()), SUMMARY)
    made = tasks.new_task(turn, parent, summary, turn.person, group=asked.group, due=asked.due)
    ticket_service.start_clocks(turn, made)
    words, files = as_data(turn.event)
    words = {**words, "text": asked.words, "spans": []}
    kept = turn.tx.talk.add(
        made.id, turn.person.id, MessageKind.FOLLOW_UP, words=words, files=files, at=turn.now, anchor=None
    )
    for native in turn.event.parts or [turn.event.message]:
        if native and not turn.event.interaction:
            turn.tx.talk.written(turn.event.place, native, kept, turn.now)
    made = hand_out(turn, made, asked)
    group = turn.rules.groups.get(made.group_name or "")
    whose = asked.agent.name if asked.agent is not None else group.title if group else "–"
    said = phrase("thread.task", ticket=made.id, name=turn.person.name, whose=whose)
    relay.in_threads(turn, parent.id, said, RichText(asked.words), carries=kept)
    return made


def hand_out(turn: Turn, made: Ticket, asked: Asked) -> Ticket:
    """Show a new task to its group, and give it to whom it is for; its cards say whose it is then."""
    cards.refresh_cards(turn, made)
    made = give_task(turn, made, asked)
    cards.refresh_cards(turn, made)
    return made


def give_task(turn: Turn, made: Ticket, asked: Asked) -> Ticket:
    """Give a task to whoever was named, or to whom its group gives its requests."""
    if asked.agent is None:
        group = turn.rules.groups.get(made.group_name or "")
        waits = group is None or group.take is Take.MANUAL
        return made if waits else assignment.find_agent(turn, made)
    made = ticket_service.move_ticket(turn, made, Action.ASSIGN, by=turn.person.id, to=asked.agent.id)
    cards.open_threads(turn, made)
    notifications.notify_of_event(turn, made, TicketEvent.ASSIGNED)
    return made


def tell_tasks(turn: Turn, parent: Ticket) -> None:
    """Tell which tasks a request has; each is a button that brings its card."""
    found = turn.tx.related.tasks(parent.id)
    buttons = (
        presses.OpenCard(one.id).button(beginning_of(tasks.task_line(turn, one, turn.here[1]).text, 60))
        for one in found
    )
    done = sum(not one.active for one in found)
    title: Part = phrase("task.of", ticket=parent.id, done=done, all=len(found))
    turn.say(title if found else phrase("task.none", ticket=parent.id), buttons=button_column(*buttons))
