"""Opening a request in a channel: from somebody's own words, without a form, with the message they stand in as its thread."""

from dataclasses import dataclass
from typing import Any

from handlers.channels import private_details
from handlers.channels.chosen import channel_setting, in_quiet_hours
from handlers.requester import beside_request, new_request
from handlers.tickets import assignment, cards, expected_response, notices, request_types
from handlers.tickets.registration import assign_by_rules, write_down
from handlers.turns.permissions import with_standing
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.forms import Form
from handlers.vocabulary.messages import Message, Part, button_row, phrase
from handlers.vocabulary.stored_text import whole_message
from storage.desk.request_channels import Overheard, RequestChannel
from storage.desk.request_types import RequestType
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.people import Person
from storage.queues.spoken import Said
from storage.tickets.tickets import Ticket

OTHER = "other"  # the type of a request whose channel names none
RECENT = 5  # of an author's requests, among which another one of the same channel is looked for


@dataclass(frozen=True, slots=True)
class Seed:
    """What a request is made of: whose words, in which message, in which topic; what the knowledge base said of them.

    ``parted``: the id of the message, where it was part of another request until now.
    """

    author: Person
    said: Said
    native: str
    topic: str = ""
    verdict: int | None = None
    parted: int | None = None


def seed_of(turn: Turn) -> Seed:
    """Return what the actor says now as that of which a request is made."""
    event = turn.event
    topmost = event.chat.partition("/")[2] if turn.can(event.source).rooted else event.message
    return Seed(turn.person, whole_message(event), topmost or event.message, event.thread)


def seed_heard(turn: Turn, heard: Overheard) -> Seed:
    """Return what was said before as that of which a request is made; what was said in a thread is its thread's."""
    author = with_standing(turn, turn.tx.people.of_account(heard.account_id))
    root = str(heard.said.get("place") or "").partition("/")[2] if turn.can(turn.event.source).rooted else ""
    return Seed(author, heard.said, root or heard.native, heard.topic, heard.verdict_id)


def is_served(turn: Turn, author: Person) -> bool:
    """Return whether requests are made of somebody's words, whoever asks for it: nobody's who is on the stop-list."""
    return turn.tx.bans.of(author.id, turn.now) is None


def open_request(turn: Turn, channel: RequestChannel, seed: Seed) -> Ticket:
    """Register a request from what somebody said in a channel, and say so in its thread; refuse it of who is not served."""
    if not is_served(turn, seed.author):
        raise Refused("not_served", name=seed.author.name)
    add_author_to_company(turn, channel, seed.author)
    kind, text = type_of(turn, channel), str(seed.said["words"]["text"]).strip()
    form = request_types.form_of([kind])
    answers = answers_of(kind, form, text)
    group = str(channel_setting(turn, channel, "group")) or assignment.group_of(turn, kind.name, text, seed.author.id)
    of_channel: dict[str, Any] = {"company_id": channel.company_id} if channel.company_id is not None else {}
    ticket = write_down(
        turn,
        seed.author,
        kind,
        form,
        answers,
        summary=new_request.one_line(text) or turn.text(phrase("request.without_words"), turn.reader(seed.author)),
        group=group,
        priority=kind.priority,
        **of_channel,
    )
    requests = turn.tx.request_channels
    requests.begin(ticket.id, channel.id, root=seed.native, topic=seed.topic, author=seed.author.id, at=turn.now)
    requests.take_part(ticket.id, seed.author.id)
    for native in {seed.native, str(seed.said.get("native") or "")}:
        requests.forget(channel.id, native)
    if seed.parted is None or beside_request.move_apart(turn, seed.parted, ticket) is None:
        new_request.keep_first_words(turn, ticket, seed.said, text, seed.said["files"])
    if seed.verdict is not None:
        turn.tx.records.outcome(seed.verdict, "handoff", ticket.id)
    cards.refresh_cards(turn, ticket)
    tell_opened(turn, channel, ticket, seed)
    assign_by_rules(turn, ticket)
    return turn.tx.tickets.get(ticket.id)


def add_author_to_company(turn: Turn, channel: RequestChannel, author: Person) -> None:
    """Whoever asks in a company's channel belongs to the company, unless they are of the team or of another one."""
    if channel.company_id is None or author.may(Role.AGENT):
        return
    if turn.tx.companies.id_of(author.id) is None:
        turn.tx.companies.join(channel.company_id, author.id)


def type_of(turn: Turn, channel: RequestChannel) -> RequestType:
    """Return the type of requests that are opened in a channel: the chosen one, "other", or the last of the list."""
    types = {kind.name: kind for kind in turn.tx.requests.types()}
    wanted = str(channel_setting(turn, channel, "type"))
    return types.get(wanted) or types.get(OTHER) or list(types.values())[-1]


def answers_of(kind: RequestType, form: Form, text: str) -> dict[str, Any]:
    """Return what somebody's words already answer of a form: what the matter is."""
    asked = [field.name for field in form.fields if field.kind == "long_text" and field.required]
    return {"type": kind.name, **dict.fromkeys(asked[:1] if text else (), text)}


def tell_opened(turn: Turn, channel: RequestChannel, ticket: Ticket, seed: Seed) -> None:
    """Say in its thread that a request is registered, and whether it is broken for many; nothing in quiet hours."""
    if in_quiet_hours(turn, channel):
        notices.schedule_notice_check(turn)
        return
    say_registered(turn, ticket, seed)
    notices.request_notice(turn, ticket)


def say_registered(turn: Turn, ticket: Ticket, seed: Seed) -> None:
    """Say in its thread that a request is registered."""
    turn.send(*turn.home_of(ticket), registered_message(turn, ticket, seed.author), ticket=ticket.id)


def registered_message(turn: Turn, ticket: Ticket, author: Person) -> Message:
    """Return the line that a request is registered, when to expect an answer, and what its author may do about it."""
    _, reader = turn.home_of(ticket)
    parts: list[Part] = [phrase("channel.registered", ticket=ticket.id, name=author.name)]
    if ticket.first_response_due is not None:
        parts.append(
            phrase(
                "request.expect", when=expected_response.by_day_and_hour(ticket.first_response_due, reader, turn.now)
            )
        )
    ways = [presses.NotRequest(ticket.id).button(phrase("button.not_request"))]
    if private_details.asks_in_private(private_details.unanswered_fields(turn, ticket)):
        parts.append(phrase("channel.details", name=author.name))
        ways.insert(0, presses.FillInPrivate(ticket.id).button(phrase("button.fill_private")))
    other = other_own_request(turn, ticket)
    if other is not None:
        ways.insert(0, presses.JoinOwn(ticket.id, other.id).button(phrase("button.join_own", ticket=other.id)))
    return Message(tuple(parts), buttons=button_row(*ways))


def other_own_request(turn: Turn, ticket: Ticket) -> Ticket | None:
    """Return the request of the same author and channel that was talked on last, if that is not long ago and it is under way."""
    threads, since = turn.tx.request_channels, turn.now - turn.rules.conversation_window
    here = threads.thread_of(ticket.id)
    for other in turn.tx.tickets.of_requester(ticket.requester_id, RECENT):
        if other.id == ticket.id or not other.active or other.merged_into is not None or other.talked_at < since:
            continue
        if (there := threads.thread_of(other.id)) and here and there.channel_id == here.channel_id:
            return other
    return None
