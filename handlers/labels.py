"""What agents stick to a ticket: tags, and the time they spent on it. Both stand on its card."""

from datetime import timedelta

from handlers import card_lines, cards
from handlers.durations import read_duration, write_duration
from handlers.filters import TAG
from handlers.meant import meant, number_in, rest
from handlers.messages import Part, Words, phrase
from handlers.phrases import Reader
from handlers.router import on
from handlers.turn import Turn
from storage.lifecycle import Refused
from storage.models import Role
from storage.tickets import Ticket

MOST = 20  # tags on one ticket
DAY = timedelta(days=1)


@on.command("tag", role=Role.AGENT)
def tag(turn: Turn) -> None:
    """An agent puts tags on a ticket, or takes them off: /tag 42 vip refund -new."""
    ticket = meant(turn)
    words = rest(turn).replace(",", " ").split()
    if words:
        retag(turn, ticket, words)
        cards.refresh(turn, ticket)
    tags = turn.tx.labelled.of(ticket.id).tags
    said = " ".join(f"#{one}" for one in tags)
    turn.say(phrase("tag.are", ticket=ticket.id, tags=said) if tags else phrase("tag.none", ticket=ticket.id))


def retag(turn: Turn, ticket: Ticket, words: list[str]) -> None:
    """Put tags on a ticket and take off those with a minus."""
    meant_ = [read(word) for word in words]
    on_, off = [tag for tag, more in meant_ if more], [tag for tag, more in meant_ if not more]
    if len({*turn.tx.labelled.of(ticket.id).tags, *on_} - {*off}) > MOST:
        raise Refused("tags_full", ticket=ticket.id, limit=MOST)
    turn.tx.labelled.tag(ticket.id, on_)
    if off:
        turn.tx.labelled.untag(ticket.id, off)


def read(word: str) -> tuple[str, bool]:
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
    length = read_duration(said.lstrip("-−–")) if said else None
    if length is None or not timedelta(minutes=1) <= length <= DAY or len(numbers) > 1:
        raise Refused("time", word=said or "—")
    number = numbers[0] if numbers else turn.number
    if number is None:
        raise Refused("which", command="time 30m")
    ticket = turn.tx.tickets.get(number)
    minutes = int(length.total_seconds()) // 60 * (-1 if said[0] in "-−–" else 1)
    if turn.tx.labelled.of(ticket.id).minutes + minutes < 0:
        raise Refused("time_back", ticket=ticket.id)
    turn.tx.labelled.spend(ticket.id, turn.person.id, minutes, turn.now)
    cards.refresh(turn, ticket)
    turn.say(phrase("time.is", ticket=ticket.id, time=spent(turn.tx.labelled.of(ticket.id).minutes)))


def spent(minutes: int) -> str:
    """Return minutes as people write them."""
    return write_duration(timedelta(minutes=minutes))


@card_lines.line
def line(turn: Turn, ticket: Ticket, reader: Reader) -> list[Part]:
    """Add a ticket's tags and the time spent on it to its card."""
    labels = turn.tx.labelled.of(ticket.id)
    told = [*(f"#{tag}" for tag in labels.tags), *([f"⏱ {spent(labels.minutes)}"] if labels.minutes else [])]
    return [Words(" ".join(told))] if told else []
