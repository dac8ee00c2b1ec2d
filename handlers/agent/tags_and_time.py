"""What agents stick to a ticket: tags, and the time they spent on it. Both stand on its card."""

from datetime import timedelta

from handlers.tickets import cards, relay
from handlers.tickets.queue_filter import TAG
from handlers.turns import form_dialog, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_ticket_number, number_in, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.durations import read_duration, write_duration
from handlers.vocabulary.forms import Field, Form
from handlers.vocabulary.messages import Button, Kind, Message, Part, Phrase, RichText, phrase
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Refused
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()

MOST = 20  # tags on one ticket
DAY = timedelta(days=1)
TAGS = Form("tag", {"": "tag.title"}, (Field("tags", {"": "tag.ask"}, hint={"": "tag.hint"}),), review=False)
SPENT = Form("time", {"": "time.title"}, (Field("spent", {"": "time.ask"}, hint={"": "time.hint"}),), review=False)


@on.command("tag", role=Role.AGENT)
def tag(turn: Turn) -> None:
    """An agent puts tags on a ticket, or takes them off: /tag 42 vip refund -new."""
    change_tags(turn, ticket_argument(turn), after_ticket_number(turn))


@on.press(presses.Tag, role=Role.AGENT)
def ask_tags(turn: Turn) -> None:
    """The card asks for tags."""
    form_dialog.open_form(turn, TAGS, about=DraftFacts(ticket=ticket_argument(turn).id))


@on.submit("tag", role=Role.AGENT)
def tags_said(turn: Turn) -> None:
    """The tags that were asked for are put on, or taken off."""
    change_tags(turn, asked_about(turn), str(turn.event.answers["tags"]))


def asked_about(turn: Turn) -> Ticket:
    """Return the ticket that a form was opened for, if it still is the actor's to work on."""
    return permissions.must_work_on(turn, turn.tx.tickets.get(of_draft(turn.event.about.ticket)))


def change_tags(turn: Turn, ticket: Ticket, said: str) -> None:
    """Put tags on a ticket and take others off, as said, and tell which it has."""
    words = said.replace(",", " ").split()
    if words:
        apply_tags(turn, ticket, words)
        cards.refresh_cards(turn, ticket)
    tags = turn.tx.labelled.of(ticket.id).tags
    told = " ".join(f"#{one}" for one in tags)
    answer_in_place(
        turn, ticket, phrase("tag.are", ticket=ticket.id, tags=told) if tags else phrase("tag.none", ticket=ticket.id)
    )


def answer_in_place(turn: Turn, ticket: Ticket, said: Phrase) -> None:
    """Say something where it was asked for; what was asked for by a button in the ticket's thread, where it has one."""
    channel = turn.channel
    if turn.event.kind is Kind.SUBMIT and channel is not None and turn.tx.talk.thread(ticket.id, channel.id):
        reader, where = relay.reader_of(turn, channel), turn.where(channel, ticket.id)
        turn.send(where, reader, Message((said,)), ticket=ticket.id)
    else:
        turn.say(said)


def apply_tags(turn: Turn, ticket: Ticket, words: list[str]) -> None:
    """Put tags on a ticket and take off those with a minus."""
    meant_ = [parse_tag(word) for word in words]
    on_, off = [tag for tag, more in meant_ if more], [tag for tag, more in meant_ if not more]
    if len({*turn.tx.labelled.of(ticket.id).tags, *on_} - {*off}) > MOST:
        raise Refused("tags_full", ticket=ticket.id, limit=MOST)
    turn.tx.labelled.tag(ticket.id, on_)
    if off:
        turn.tx.labelled.untag(ticket.id, off)


def parse_tag(word: str) -> tuple[str, bool]:
    """Return a tag, and whether it is put on (or taken off)."""
    more = word[0] not in "-−–"
    plain = word.lstrip("+-−–").removeprefix("#").casefold()
    if not TAG.fullmatch(plain):
        raise Refused("tag", tag=word)
    return plain, more


@on.command("time", role=Role.AGENT)
def time(turn: Turn) -> None:
    """An agent writes down the time spent on a ticket: /time 30m, /time 1h30m 42; -10m takes some back."""
    words = turn.event.value.split()
    numbers = [number for word in words if (number := number_in(word)) is not None]
    said = "".join(word for word in words if number_in(word) is None)
    number = numbers[0] if numbers else turn.number
    if number is None:
        raise Refused("which", command="time 30m")
    if len(numbers) > 1:
        raise Refused("time", word=turn.event.value.strip())
    log_time(turn, permissions.must_work_on(turn, turn.tx.tickets.get(number)), said)


@on.press(presses.LogTime, role=Role.AGENT)
def ask_time(turn: Turn) -> None:
    """The card asks for the time that was spent."""
    form_dialog.open_form(turn, SPENT, about=DraftFacts(ticket=ticket_argument(turn).id))


@on.submit("time", role=Role.AGENT)
def time_said(turn: Turn) -> None:
    """The time that was asked for is written down."""
    log_time(turn, asked_about(turn), "".join(str(turn.event.answers["spent"]).split()))


def log_time(turn: Turn, ticket: Ticket, said: str) -> None:
    """Write down time spent on a ticket, or take some back, and tell how much it is."""
    length = read_duration(said.lstrip("-−–")) if said else None
    if length is None or not timedelta(minutes=1) <= length <= DAY:
        raise Refused("time", word=said or "—")
    minutes = int(length.total_seconds()) // 60 * (-1 if said[0] in "-−–" else 1)
    if turn.tx.labelled.of(ticket.id).minutes + minutes < 0:
        raise Refused("time_back", ticket=ticket.id)
    turn.tx.labelled.spend(ticket.id, turn.person.id, minutes, turn.now)
    cards.refresh_cards(turn, ticket)
    answer_in_place(
        turn, ticket, phrase("time.is", ticket=ticket.id, time=minutes_in_words(turn.tx.labelled.of(ticket.id).minutes))
    )


def minutes_in_words(minutes: int) -> str:
    """Return minutes as people write them."""
    return write_duration(timedelta(minutes=minutes))


def tags_line(turn: Turn, ticket: Ticket, reader: Locale) -> list[Part]:
    """Add a ticket's tags and the time spent on it to its card."""
    labels = turn.tx.labelled.of(ticket.id)
    told = [*(f"#{tag}" for tag in labels.tags), *([f"⏱ {minutes_in_words(labels.minutes)}"] if labels.minutes else [])]
    return [RichText(" ".join(told))] if told else []


def tag_buttons(turn: Turn, ticket: Ticket) -> list[Button]:
    """Offer both among the rarer buttons."""
    return [
        presses.Tag(ticket.id).button(phrase("button.tag")),
        presses.LogTime(ticket.id).button(phrase("button.time")),
    ]
