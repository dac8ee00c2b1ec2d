"""What programs do with requests: the same acts as in the chat, by the same handlers. Answers hold nobody's words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import BaseModel, Field

from bot.api.calls import Call
from bot.api.operations import Act, Operation, Sent, Told
from bot.api.problems import Problem, Wrong
from bot.api.scopes import Scope
from bot.api.shapes import Number
from bot.api.tickets import TicketPlace
from bot.api.turns import ProgramTurn
from handlers.tickets import cards, replies, request_types
from handlers.turns import permissions
from handlers.turns.asset_search import judge_own_answer
from handlers.turns.choice_lists import with_lists
from handlers.vocabulary import presses
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.forms import Form
from handlers.vocabulary.messages import Kind, Phrase, RichText
from handlers.vocabulary.payloads import Submission
from handlers.vocabulary.presses import ButtonData
from handlers.vocabulary.translations import Locale
from storage.desk.request_types import RequestType
from storage.lifecycle import Action, StatusKind
from storage.models import Priority
from storage.people.erased import is_erased
from storage.people.people import Person
from storage.people.tokens import is_program
from storage.tickets.happened import Moved, what_happened
from storage.tickets.tickets import Ticket

Text = Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"\S")]
Tag = Annotated[str, Field(min_length=1, max_length=32)]


class TicketSent(Sent):
    """A request to open for somebody."""

    type: Annotated[str, Field(min_length=1, max_length=32, description="The name of a request type.")]
    requester: Annotated[Number, Field(description="The person it is for: `id` of `/people`.")]
    answers: Annotated[
        dict[str, str],
        Field(max_length=50, description="Of the type's form, by the names of its fields, as one types them."),
    ] = Field(default_factory=dict)


class MessageKindSent(StrEnum):
    """Who is to read it."""

    REPLY = "reply"
    NOTE = "note"


class MessageSent(Sent):
    """Words on a request."""

    kind: Annotated[MessageKindSent, Field(description="A reply to the requester, or a note that only the team reads.")]
    text: Text
    wait: Annotated[bool, Field(description="Of a reply: the request waits for its requester then.")] = False


class Assigned(Sent):
    """Whom it is given to."""

    agent: Annotated[Number, Field(description="One of the team: `id` of `/people`.")]


class Resolved(Sent):
    """A last word, if there is one."""

    text: Annotated[
        Text | None, Field(description="A last word to the requester; of a task, to the request's team.")
    ] = None


class PrioritySent(Sent):
    """How urgent it is."""

    priority: Priority


class TagsSent(Sent):
    """Tags to put on and to take off."""

    add: Annotated[list[Tag], Field(max_length=20)] = Field(default_factory=list)
    remove: Annotated[list[Tag], Field(max_length=20)] = Field(default_factory=list)


class StatusSent(Sent):
    """Where it goes on."""

    status: Annotated[
        str, Field(min_length=1, max_length=64, description="A status of its workflow, by name or title.")
    ]


class MovedTold(Told):
    """A request as it stands now."""

    id: int
    status: str
    kind: StatusKind
    priority: Priority
    agent: Annotated[int | None, Field(description="The number of whoever has it.")]
    updated_at: datetime


class PostedTold(Told):
    """What was said."""

    id: int
    ticket: int
    kind: MessageKindSent
    status: Annotated[str, Field(description="Of the request, as it is now.")]
    at: datetime


def moved_ticket(turn: ProgramTurn, number: int) -> MovedTold:
    """Return a request as it stands now."""
    ticket = turn.tx.tickets.get(number)
    return MovedTold(
        id=ticket.id,
        status=ticket.status,
        kind=ticket.kind,
        priority=ticket.priority,
        agent=ticket.agent_id,
        updated_at=ticket.updated_at,
    )


# Opening


def open_ticket(turn: ProgramTurn, call: Call) -> MovedTold:
    """Register a request for somebody, as one of the team does for whoever has called."""
    sent: TicketSent = call.body
    permissions.must_may(turn, "new")
    person = requester_meant(turn, sent.requester)
    kind = next((one for one in request_types.offered_types(turn) if one.name == sent.type), None)
    if kind is None:
        known = ", ".join(one.name for one in request_types.offered_types(turn))
        raise field_problem("type", f"There is no such request type; there are {known}.")
    form = with_lists(turn, request_types.form_of([kind]), {})
    answers = judged_answers(turn, form, kind, person, sent.answers)
    form_id = turn.tx.requests.form_id(form.name, form.digest, form.dump(), turn.now)
    given = Submission(answers, form_id, None, DraftFacts(requester=person.account_id))
    turn.act(form.name, kind=Kind.SUBMIT, submission=given)
    happened = what_happened(turn.tx.connection)
    made = [one.ticket.id for one in happened if isinstance(one, Moved) and one.action is Action.REGISTER]
    return moved_ticket(turn, made[0])


def requester_meant(turn: ProgramTurn, number: int) -> Person:
    """Return whom a request is for: somebody who may be written to, or may come to be."""
    person = turn.tx.people.reachable(number) or turn.tx.people.known(number)
    if person is None or is_erased(person.native) or is_program(person.source):
        raise field_problem("requester", "Nobody is known by this number who can have a request.")
    return person


def judged_answers(
    turn: ProgramTurn, form: Form, kind: RequestType, person: Person, sent: Mapping[str, str]
) -> dict[str, Any]:
    """Return a person's answers as a form keeps them, by its fields' names; ``sent`` has them by those of the type's own."""
    answers: dict[str, Any] = {"type": kind.name, **{f"{kind.name}.{name}": value for name, value in sent.items()}}
    wrong = [
        Wrong(where=f"answers.{name}", what="This request type does not ask that.")
        for name in sent
        if form.field(f"{kind.name}.{name}") is None
    ]
    for field in form.fields:  # what depends on an answer is asked by what that is kept as
        if field in form.visible(answers) and field.name != "type":
            answers[field.name], why = judge_own_answer(turn, person, field, answers.get(field.name, ""))
            if why is not None:
                name = field.name.removeprefix(f"{kind.name}.")
                wrong.append(Wrong(where=f"answers.{name}", what=_in_english(turn, why)))
    if wrong:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{wrong[0].where}: {wrong[0].what}", wrong=wrong)
    asked = {field.name for field in form.visible(answers)}
    return {name: value for name, value in answers.items() if name in asked}


def _in_english(turn: ProgramTurn, said: Phrase) -> str:
    return " ".join(turn.text(said, Locale("en", turn.rules.zone)).split())


def field_problem(where: str, what: str) -> Problem:
    """Return what is said of one field that does not fit."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}: {what}", wrong=[Wrong(where=where, what=what)])


# Saying


def post_message(turn: ProgramTurn, call: Call) -> PostedTold:
    """Reply to the requester, or leave a note for the team."""
    sent: MessageSent = call.body
    words, ticket = RichText(sent.text.strip()), turn.tx.tickets.get(call.place.ticket)
    speaking = turn.on("r", words=words)
    if sent.kind is MessageKindSent.NOTE:
        kept = replies.keep_note(speaking, ticket, words)
        cards.refresh_cards(turn, ticket)
    else:
        permissions.must_may(turn, "r?" if sent.wait else "r")
        ticket = replies.send_words(speaking, ticket, words, wait=sent.wait)
        last = turn.tx.talk.last_word(ticket.id)
        assert last is not None
        kept = last.id
    return PostedTold(id=kept, ticket=ticket.id, kind=sent.kind, status=ticket.status, at=turn.now)


# Moving


def act_of_button(button: Callable[[int], ButtonData]) -> Act:
    """Return what does with a request what pressing a button of its card does."""

    def act(turn: ProgramTurn, call: Call) -> BaseModel:
        press_button(turn, button(call.place.ticket))
        return moved_ticket(turn, call.place.ticket)

    return act


def press_button(turn: ProgramTurn, button: ButtonData) -> None:
    """Do what pressing a button does."""
    turn.act(button.name, button.value, kind=Kind.PRESS)


def assign_ticket(turn: ProgramTurn, call: Call) -> MovedTold:
    """Give a request to one of the team."""
    press_button(turn, presses.Give(call.place.ticket, call.body.agent))
    return moved_ticket(turn, call.place.ticket)


def resolve_ticket(turn: ProgramTurn, call: Call) -> MovedTold:
    """Say that it is done, with a last word if there is one; the requester confirms or reopens."""
    if call.body.text is not None:
        ticket, words = _ticket(turn, call), RichText(call.body.text.strip())
        if ticket.task_of is None:
            permissions.must_may(turn, "r")
        replies.say_last_word(turn.on("r", words=words), ticket, words)
    press_button(turn, presses.ResolveNow(call.place.ticket))
    return moved_ticket(turn, call.place.ticket)


def _ticket(turn: ProgramTurn, call: Call) -> Ticket:
    return permissions.must_work_on(turn, turn.tx.tickets.get(call.place.ticket))


def set_priority(turn: ProgramTurn, call: Call) -> MovedTold:
    """Let a request be more or less urgent."""
    press_button(turn, presses.SetPriority(call.place.ticket, call.body.priority))
    return moved_ticket(turn, call.place.ticket)


def change_tags(turn: ProgramTurn, call: Call) -> MovedTold:
    """Put tags on a request, and take others off."""
    words = [*call.body.add, *(f"-{tag}" for tag in call.body.remove)]
    for tag in (*call.body.add, *call.body.remove):
        if len(tag.split()) != 1 or tag[0] in "-−–+":
            raise field_problem("add", f"{tag!r} is no tag: one word, without a sign before it.")
    turn.act("tag", " ".join([str(call.place.ticket), *words]))
    return moved_ticket(turn, call.place.ticket)


def move_by_name(turn: ProgramTurn, call: Call) -> MovedTold:
    """Let a request go on in a status of its workflow."""
    turn.act("move", f"{call.place.ticket} {call.body.status}")
    return moved_ticket(turn, call.place.ticket)


def _move(name: str, summary: str, does: Act, body: type[Sent] | None = None) -> Operation:
    """Return a move of a request, called by a path of its own name."""
    path = f"/tickets/{{ticket}}/{name}"
    return Operation(
        f"{name}Ticket", "POST", path, Scope.TICKETS_WRITE, summary, MovedTold, does, place=TicketPlace, body=body
    )


OPERATIONS = (
    Operation(
        "openTicket",
        "POST",
        "/tickets",
        Scope.TICKETS_WRITE,
        "Open a request for somebody",
        MovedTold,
        open_ticket,
        status=HTTPStatus.CREATED,
        body=TicketSent,
    ),
    Operation(
        "postMessage",
        "POST",
        "/tickets/{ticket}/messages",
        Scope.TICKETS_WRITE,
        "Reply to the requester, or leave a note for the team",
        PostedTold,
        post_message,
        status=HTTPStatus.CREATED,
        place=TicketPlace,
        body=MessageSent,
    ),
    _move("claim", "Take a waiting request: whoever the token acts as has it then", act_of_button(presses.Claim)),
    _move("release", "Put a request back into the queue", act_of_button(presses.Release)),
    _move("assign", "Give a request to one of the team", assign_ticket, Assigned),
    _move("hold", "Let a request wait for something else than its requester", act_of_button(presses.Hold)),
    _move("resume", "Go on with a request that was on hold", act_of_button(presses.Unhold)),
    _move("resolve", "Say that a request is done; its requester confirms or reopens", resolve_ticket, Resolved),
    _move("close", "Close a request without asking its requester", act_of_button(presses.Close)),
    _move("reopen", "Take up again a request that was over", act_of_button(presses.Reopen)),
    _move("priority", "Let a request be more or less urgent", set_priority, PrioritySent),
    _move("tags", "Put tags on a request, and take others off", change_tags, TagsSent),
    _move("move", "Let a request go on in a status of its workflow", move_by_name, StatusSent),
)
