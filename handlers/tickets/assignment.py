"""Where a request goes: its type or its words name a group, the group finds an agent; what takes too long goes on to the next."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from handlers.rules.groups import Group, Take
from handlers.rules.notify import TicketEvent
from handlers.tickets import cards, notifications, on_duty
from handlers.tickets.ticket_service import change_ticket, move_ticket
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_ticket_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Chat, Kind, Message, Part, button_row, phrase
from handlers.vocabulary.subcommands import read_subcommand
from handlers.vocabulary.translations import Locale
from kb import nearest
from storage.lifecycle import Action, Refused
from storage.models import Role, StateKind
from storage.people.people import Person
from storage.tickets import search_terms
from storage.tickets.tickets import Ticket

on = Routes()

READ = 120  # words of a request that are looked at
REMEMBERED = timedelta(days=90)  # whoever had no turn for longer is the next
FUZZY = 4  # letters of a keyword from which a slip in it is forgiven


def group_of(turn: Turn, kind: str, text: str, requester: int | None = None) -> str | None:
    """Return the group of a new request: its requester's company's, its type's, or that whose keywords it has most often."""
    company = turn.tx.companies.of(requester) if requester is not None else None
    if company is not None and company.group_name in turn.rules.groups:
        return company.group_name
    rule = turn.rules.types.get(kind)
    if rule is not None and rule.group:
        return rule.group
    said = search_terms.search_words(text)[:READ]
    hits = _hits(turn, said)
    best = max(hits, key=lambda name: hits[name], default="")
    return best if hits.get(best) else None


def is_of_another_group(turn: Turn, own: str | None, said: Sequence[str]) -> bool:
    """Return whether words are those of another group than this, and none of its own."""
    hits = {name for name, met in _hits(turn, said).items() if met}
    return own is not None and bool(hits) and own not in hits


def _hits(turn: Turn, said: Sequence[str]) -> dict[str, int]:
    """Return how many of its keywords are among words, by group."""
    return {group.name: sum(_said(keyword, said) for keyword in group.keywords) for group in turn.rules.groups.values()}


def _said(keyword: str, said: Sequence[str]) -> bool:
    """Return whether a keyword is among words, in any of their forms and with a slip in a long one."""
    wanted = search_terms.search_words(keyword)
    return bool(wanted) and all(word in said or (len(word) >= FUZZY and _slipped(word, said)) for word in wanted)


def _slipped(word: str, said: Iterable[str]) -> bool:
    return any(abs(len(other) - len(word)) <= 1 and other[:1] == word[:1] and nearest(other, (word,)) for other in said)


def find_agent(turn: Turn, ticket: Ticket) -> Ticket:
    """Give a ticket to an agent of its group, where the group does not wait for somebody to claim it."""
    group = turn.rules.groups.get(ticket.group_name or "")
    if ticket.agent_id is not None:
        return ticket
    if group is None or group.take is Take.MANUAL:
        offer_to_last_agent(turn, ticket)
        return ticket
    free = available_agents(turn, group)
    if not free:
        return ticket
    to = choose_assignee(turn, ticket, group, free)
    ticket = move_ticket(turn, ticket, Action.ASSIGN, by=None, to=to.id)
    cards.open_threads(turn, ticket)
    notifications.notify_of_event(turn, ticket, TicketEvent.ASSIGNED)
    return ticket


def offer_to_last_agent(turn: Turn, ticket: Ticket) -> None:
    """Offer a request that waits to be claimed to whoever helped its requester last, in private: they know each other."""
    last = turn.tx.queue.last_agent(ticket.requester_id) if not ticket.recurring else None
    team = {person.id: person for person in turn.tx.people.team() if person.away_since is None} if last else {}
    person = turn.tx.people.reachable(last) if last in team else None
    if person is None or person.id == ticket.requester_id or not permissions.works_on(turn, person, ticket):
        return
    name = turn.tx.people.of_account(ticket.account_id).name
    said = phrase("offer.again", ticket=ticket.id, name=name, summary=ticket.summary)
    take = button_row(presses.Claim(ticket.id).button(phrase("button.claim")))
    turn.send(Chat(person.source, person.chat), turn.reader(person), Message((said,), buttons=take), ticket=ticket.id)


def available_agents(turn: Turn, group: Group) -> list[Person]:
    """Return the group's agents who are there and have room for another request, in the group's order."""
    team = [person for person in turn.tx.people.team() if person.away_since is None]
    ours = sorted(
        (person for person in team if is_in_group(turn, person, group)),
        key=lambda one: place_in_group(turn, one, group),
    )
    if group.take is Take.ON_DUTY:
        on = {person.id for person in on_duty.duty_of_group(turn, group.name, turn.now).people}
        ours = [person for person in ours if person.id in on]
    if not group.capacity:
        return ours
    busy = turn.tx.queue.active_of([person.id for person in ours])
    return [person for person in ours if busy.get(person.id, 0) < group.capacity]


def place_in_group(turn: Turn, person: Person, group: Group) -> int:
    """Return where in its group somebody stands; whoever is not named comes last."""
    named_at = {account: position for position, account in enumerate(group.members)}
    accounts = turn.tx.people.accounts(person.id)
    return min((named_at.get(account, len(named_at)) for account in accounts), default=len(named_at))


def is_in_group(turn: Turn, person: Person, group: Group) -> bool:
    """Return whether somebody is in a group; a group of nobody is everybody's."""
    return permissions.is_of(turn, person, group)


def choose_assignee(turn: Turn, ticket: Ticket, group: Group, free: Sequence[Person]) -> Person:
    """Return who gets a ticket: whoever helped this requester last, else whose turn it is, or who has least to do."""
    last = turn.tx.queue.last_agent(ticket.requester_id) if not ticket.recurring else None
    known = next((person for person in free if person.id == last), None)
    if known is not None:
        return known
    turns = {one.person_id: one.value for one in turn.tx.states.all(StateKind.TURN, turn.now, key=group.name)}
    if group.take is Take.LEAST_BUSY:
        busy = turn.tx.queue.active_of([person.id for person in free])
        to = min(free, key=lambda person: (busy.get(person.id, 0), turns.get(person.id, 0)))
    else:
        to = min(free, key=lambda person: turns.get(person.id, 0))
    latest = max(turns.values(), default=0) + 1
    turn.tx.states.put(to.id, StateKind.TURN, turn.now + REMEMBERED, value=latest, key=group.name)
    return to


@on.press(presses.Escalate, role=Role.AGENT)
@on.command("escalate", role=Role.AGENT)
def escalate(turn: Turn) -> None:
    """An agent raises a ticket to the next line, to a group by name, or back: /escalate 42 network, /escalate 42 back."""
    ticket = permissions.must_work_on(turn, ticket_argument(turn))
    word = after_ticket_number(turn) if turn.event.kind is Kind.COMMAND else ""
    if read_subcommand(word) == "back" and word.casefold() not in turn.rules.groups:
        send_back(turn, ticket)
        return
    to = group_by_name(turn, word) if word else next_line(turn, ticket)
    if to is None:
        others = [group.title for group in turn.rules.groups.values() if group.name != ticket.group_name]
        raise Refused("no_next_line", ticket=ticket.id, known=others or "—")
    ticket = hand_over(turn, ticket, to, by=turn.person.id)
    turn.toast(phrase("done.escalated", ticket=ticket.id, group=to.title))


def send_back(turn: Turn, ticket: Ticket) -> None:
    """An escalated ticket goes back to the group that had it before, or to the whole team."""
    had = [
        str(entry.facts.get("group_name", entry.facts.get("group")) or "")
        for entry in turn.tx.story.entries(ticket.id)
        if "group_name" in entry.facts or "group" in entry.facts
    ]
    if not had or had[-1] != (ticket.group_name or "") or len(had) == 1:
        raise Refused("never_escalated", ticket=ticket.id)
    to = turn.rules.groups.get(had[-2])
    ticket = hand_over(turn, ticket, to, by=turn.person.id)
    said = phrase("done.escalated", ticket=ticket.id, group=to.title) if to else phrase("done.back", ticket=ticket.id)
    turn.toast(said)


def hand_over(turn: Turn, ticket: Ticket, to: Group | None, *, by: int | None) -> Ticket:
    """Put a ticket into another group's hands, or (None) into the whole team's; its status stays, its agent does not."""
    if not ticket.active:
        move_ticket(turn, ticket, Action.ESCALATE, by=by)  # refused: it is over
    if to is not None and ticket.group_name == to.name:
        raise Refused("in_group", ticket=ticket.id, group=to.title)
    was, name = ticket.agent_id, to.name if to is not None else None
    facts = {"group_name": name or "", "agent_id": "None"}
    ticket = change_ticket(turn, ticket, action=Action.ESCALATE, by=by, facts=facts, group_name=name, agent_id=None)
    notifications.notify_of_event(turn, ticket, TicketEvent.ESCALATED, group=to.title if to is not None else "")
    notifications.taken_from(turn, ticket, was)
    ticket = find_agent(turn, ticket)
    cards.refresh_cards(turn, ticket)
    return ticket


def escalate_overdue(turn: Turn, ticket: Ticket) -> Ticket:
    """Raise a ticket that takes too long, where its group names the next line; nobody is asked."""
    to = next_line(turn, ticket)
    return hand_over(turn, ticket, to, by=None) if to is not None and ticket.active else ticket


def next_line(turn: Turn, ticket: Ticket) -> Group | None:
    """Return the group that a ticket's own group names for what it cannot do."""
    group = turn.rules.groups.get(ticket.group_name or "")
    return turn.rules.groups.get(group.escalate_to) if group else None


def group_line(turn: Turn, ticket: Ticket, _: Locale) -> Sequence[Part]:
    """Say which group's a ticket is."""
    group = turn.rules.groups.get(ticket.group_name or "")
    return [phrase("card.group", group=group.title)] if group else []


def escalate_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer the next line, where there is one."""
    to = next_line(turn, ticket)
    return [presses.Escalate(ticket.id).button(phrase("button.escalate"))] if to else []


def group_by_name(turn: Turn, word: str) -> Group:
    """Return a group by its name or title in any language."""
    by_title = {title.casefold(): group for group in turn.rules.groups.values() for title in group.title.values()}
    by_name = {name.casefold(): group for name, group in turn.rules.groups.items()}
    known = {**by_title, **by_name}
    meant_word = nearest(word, known)
    if meant_word is None:
        raise Refused("group", word=word, known=group_titles(turn) or "—")
    return known[meant_word]


def group_titles(turn: Turn) -> list[object]:
    """Return what the groups are called."""
    return [group.title for group in turn.rules.groups.values()]
