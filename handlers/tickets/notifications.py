"""Who hears that something happened to a ticket: requester, agent and helpers, watchers, group, team channels."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.rules.notify import DEFAULT, UNTOLD, TicketEvent, Who, hears_of
from handlers.tickets import which_request
from handlers.turns import permissions
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Button, Chat, Message, Phrase, RichText, Span, phrase
from storage.models import Role
from storage.people.people import Channel, Person
from storage.tickets.tickets import Ticket

NAMED = {
    TicketEvent.RESOLVED: "resolved_as",
    TicketEvent.CLOSED: "closed_as",
}  # where the workflow has its own name for it
LATE = "late"  # what was due while the desk was down is folded by this name
Sent = tuple[str, int, int]  # the lane it goes to, our id for it, the requester's own number
Buttons = Callable[[int, Ticket], tuple[tuple[Button, ...], ...]]  # by the requester's own number and what goes on


def notify_of_event(
    turn: Turn,
    ticket: Ticket,
    occasion: TicketEvent,
    *,
    buttons: Buttons | None = None,
    own: bool = False,
    fold: str = "",
    carries: int | None = None,
    but: Collection[int] = (),
    told_as: str = "",
    **facts: Any,
) -> list[Sent]:
    """Tell whomever the desk's rules and they themselves want told; of the team nobody hears of what they have just done.

    The requester reads ``hears_of.<occasion>`` with the buttons, the team ``notice.<occasion>``; ``own``: it was the requester
    who did it, and knows. What has a ``fold`` comes together with what waits under that name; what is late, with all that is;
    ``carries`` is the message whose words the notice quotes, ``told_as`` another phrase for the requester. Return what is sent.
    """
    fold = fold or late_fold(turn)
    agent = turn.tx.tickets.name(ticket.agent_id) if ticket.agent_id is not None else ""
    status = turn.tx.tickets.workflow(ticket).called(ticket.status)
    as_ = told_as or (NAMED.get(occasion, occasion) if isinstance(status, Mapping) else occasion)
    known: dict[str, Any] = {"ticket": ticket.id, "summary": ticket.summary, "agent": agent, "status": status, **facts}
    kind = turn.tx.requests.type_name(ticket.request_type_id)
    actor = turn.actor.id if turn.actor is not None else None
    sent: list[Sent] = []
    for party in waiting_parties(turn, ticket) if occasion not in UNTOLD else ():
        person = turn.tx.people.of_account(party.account_id)
        if not (own and person.id == actor) and is_notified_of_event(turn, occasion, Who.REQUESTER, kind, person):
            sent.append(notify_requester(turn, party, as_, known, buttons, ticket))
    name = turn.actor.name if turn.actor is not None else phrase("notice.desk")
    said = phrase(f"notice.{occasion}", **{**known, "name": name})
    ready_at = turn.now + turn.rules.fold if fold else None
    for person in team_to_notify(turn, ticket, occasion, kind, {actor, asker_of(ticket), *but}):
        address, reader = Chat(person.source, person.chat), turn.reader(person)
        turn.send(address, reader, Message((said,)), ticket=ticket.id, fold=fold, ready_at=ready_at, carries=carries)
    if hears_of(turn.rules.notify, occasion, Who.CHANNEL, kind=kind):
        to_channels(turn, said, turn.channels_of(ticket), fold=fold or f"notice.{occasion}", ticket=ticket.id)
    return sent


def asker_of(ticket: Ticket) -> int | None:
    """Return whose request it is, who reads of it as that; None of a task, whose asker is one of the team."""
    return None if ticket.task_of else ticket.requester_id


def waiting_parties(turn: Turn, ticket: Ticket) -> list[Ticket]:
    """Return the requests that go on in a ticket and somebody has asked for: not those of the team's own schedule."""
    return [party for party in turn.tx.related.parties(ticket) if not party.recurring]


def late_fold(turn: Turn) -> str:
    """Return what folds the words of timers that ring late, "" for all others: they ring with many, and are one message."""
    return LATE if turn.event.late else ""


def notify_requester(
    turn: Turn, party: Ticket, as_: str, known: Mapping[str, Any], buttons: Buttons | None, goes_on: Ticket
) -> Sent:
    """Tell one requester of their own request, and return what they are sent.

    ``known`` fills the phrase: {"ticket", "summary", "agent", "status"} of the ticket that goes on, and the occasion's own.
    """
    theirs = {**known, "ticket": party.id, "summary": party.summary}
    person = turn.tx.people.of_account(party.account_id)
    called = which_request.request_reference(turn, party, f"told.{as_}", theirs, turn.reader(person))
    said = phrase(f"told.{as_}", **{**theirs, "ticket": called})
    told_ = turn.tell(party, said, buttons=buttons(party.id, goes_on) if buttons else ())
    return turn.home_of(party)[0].lane, told_, party.id


@dataclass(frozen=True, slots=True)
class Mention:
    """Whoever has a ticket or helps with it, called by name in one of its threads."""

    person: int
    channel: int
    words: RichText


def hands_mentions(turn: Turn, ticket: Ticket, threads: Sequence[Channel]) -> list[Mention]:
    """Return how whoever has a ticket, and who helps, are called where new words on it are posted, as far as they want it.

    Who has no account on a messenger of these threads is told in private.
    """
    hands = [number for number in (ticket.agent_id, *turn.tx.helpers.of(ticket.id)) if number is not None]
    found = (agent_mention(turn, ticket, number, threads) for number in hands)
    return [each for each in found if each is not None]


def agent_mention(turn: Turn, ticket: Ticket, agent: int, threads: Sequence[Channel]) -> Mention | None:
    """Return how an agent is called in the threads of a ticket; None where they want or need no call."""
    if turn.actor is not None and turn.actor.id == agent:
        return None
    kind = turn.tx.requests.type_name(ticket.request_type_id)
    for person in turn.tx.people.by_account(agent):
        channel = next((each for each in threads if each.source == person.source), None)
        if channel is not None and is_notified_of_event(turn, TicketEvent.FOLLOW_UP, Who.ASSIGNEE, kind, person):
            words = RichText(f"@{person.name}", (Span("notify", 0, len(person.name) + 1, person.native),))
            return Mention(person.id, channel.id, words)
    return None


def taken_from(turn: Turn, ticket: Ticket, was: int | None) -> None:
    """Tell whoever had a ticket until now that somebody else has taken it from them."""
    if was is None or was == ticket.agent_id or (turn.actor is not None and was == turn.actor.id):
        return
    person = turn.tx.people.reachable(was)
    if person is not None and turn.tx.hearing.chosen(was).get(TicketEvent.ASSIGNED, True):
        name = turn.actor.name if turn.actor is not None else phrase("notice.desk")
        said = phrase("notice.taken_from", ticket=ticket.id, summary=ticket.summary, name=name)
        turn.send(Chat(person.source, person.chat), turn.reader(person), Message((said,)), ticket=ticket.id)


def to_channels(turn: Turn, said: Phrase, channels: Sequence[Channel], *, fold: str, ticket: int | None = None) -> None:
    """Say a line in team channels, before what waits there: many of a fold are one post, so that they flood nobody.

    ``ticket`` is whose words it quotes: by that it is found when they are taken back, blacked out or erased.
    """
    for channel in channels:
        reader, ready_at = turn.reading(channel), turn.now + turn.rules.fold
        where = Chat(channel.source, channel.chat)
        turn.send(where, reader, Message((said,)), ticket=ticket, fold=fold, ready_at=ready_at, ahead=True)


def is_notified_of_event(turn: Turn, occasion: TicketEvent, who: Who, kind: str, person: Person) -> bool:
    """Return whether a person hears of an event in this capacity."""
    role, chosen = permissions.with_standing(turn, person).role, turn.tx.hearing.chosen(person.id)
    return hears_of(turn.rules.notify, occasion, who, kind=kind, role=role, chosen=chosen)


def team_to_notify(
    turn: Turn, ticket: Ticket, occasion: TicketEvent, kind: str, but: "set[int | None]"
) -> Iterator[Person]:
    """Return those of the team who hear of it and can be written to, each once."""
    heard = set(but)
    for who, number in concerned_agents(turn, ticket, occasion):
        if number in heard:
            continue
        person = turn.tx.people.reachable(number)
        if person is None or not permissions.strongest_account(turn, person).may(Role.AGENT):
            continue  # whoever has left the team reads nothing of it any more
        if is_notified_of_event(turn, occasion, who, kind, person):
            heard.add(number)
            yield person


def concerned_agents(turn: Turn, ticket: Ticket, occasion: TicketEvent) -> list[tuple[Who, int]]:
    """Return who of the team is concerned with a ticket, and as what."""
    assignee = [(Who.ASSIGNEE, ticket.agent_id)] if ticket.agent_id is not None else []
    helpers = [(Who.ASSIGNEE, number) for number in turn.tx.helpers.of(ticket.id)]  # they hear what its agent does
    watchers = [(Who.WATCHERS, number) for number in turn.tx.hearing.watchers(ticket.id)]
    heard_of = {who for rule in turn.rules.notify if rule.occasion is occasion for who in rule.tell} | DEFAULT[occasion]
    fellows = group_members(turn, ticket) if Who.GROUP in heard_of else []
    return [*assignee, *helpers, *watchers, *((Who.GROUP, number) for number in fellows)]


def group_members(turn: Turn, ticket: Ticket) -> list[int]:
    """Return who is of a ticket's group, as far as they are known here: named in it, or in its own channels."""
    return members_of_group(turn, ticket.group_name or "")


def members_of_group(turn: Turn, name: str) -> list[int]:
    """Return who is of a group, as far as they are known here."""
    group = turn.rules.groups.get(name)
    own = [each.id for each in turn.channels if group is not None and each.word in group.channels]
    sources = {channel.source.partition(":")[0]: channel.source for channel in turn.channels}
    named = [account.partition(":") for account in group.members] if group else []
    found = (turn.tx.people.find(sources[where], native) for where, _, native in named if where in sources)
    named_here = [person.id for person in found if person is not None]
    return list(dict.fromkeys((*named_here, *(turn.tx.channels.members(own) if own else ()))))
