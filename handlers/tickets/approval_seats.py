"""Who is asked for a yes, as the rules name them, and what their answers come to."""

from collections.abc import Collection, Sequence

from handlers.rules.approvals import COMPANY, NAMED, Need
from handlers.tickets import notifications
from handlers.turns import naming, permissions
from handlers.turns.turn import Turn
from storage.lifecycle import ApprovalData, RoundData
from storage.models import Answer, ApprovalState, Role
from storage.people.erased import is_erased
from storage.people.people import Person
from storage.tickets import approvals
from storage.tickets.approvals import Approval, Seat
from storage.tickets.tickets import Ticket

MOST = 20  # people of one round


def rule_of(turn: Turn, approval: Approval) -> ApprovalData:
    """Return what the workflow says of a yes; of one that was asked for once, what goes without saying."""
    once: ApprovalData = {"rounds": [{"ask": [NAMED], "need": approval.need}]}
    return turn.tx.tickets.workflow_of(approval.request_type_id).approvals.get(approval.status, once)


def round_of(turn: Turn, approval: Approval) -> RoundData:
    """Return the round that is asked."""
    return rule_of(turn, approval)["rounds"][approval.round]


def is_open(approval: Approval | None) -> bool:
    """Return whether a yes is still asked for."""
    return approval is not None and approval.ended_at is None


def latest_approval(turn: Turn, ticket: Ticket) -> Approval | None:
    """Return the yes that was asked for last."""
    return turn.tx.approvals.get(ticket.approval_id) if ticket.approval_id is not None else None


def people_asked(turn: Turn, ticket: Ticket, approval: Approval) -> list[int]:
    """Return who is asked in the round that comes: nobody twice, and no requester of it unless the rule says so."""
    named = [seat.person_id for seat in turn.tx.approvals.seats(approval.id, approvals.NAMED)]
    found = [person for word in round_of(turn, approval)["ask"] for person in people_of_word(turn, ticket, word, named)]
    own = barred_people(turn, approval, ticket)
    return [person for person in dict.fromkeys(found) if person not in own]


def people_of_word(turn: Turn, ticket: Ticket, word: str, named: Sequence[int]) -> Sequence[int]:
    """Return whom a word of the rules means."""
    what, _, name = word.partition(":")
    if word == COMPANY:
        return turn.tx.approvals.of_company(ticket.company_id) if ticket.company_id is not None else ()
    if word == NAMED:
        return named
    if what == "role":
        return people_of_role(turn, Role(name))
    if what == "group":
        return notifications.members_of_group(turn, name)
    person = naming.of_account(turn, word)
    return [person.id] if person is not None else []


def people_of_role(turn: Turn, role: Role) -> list[int]:
    """Return those of the team who have at least this role."""
    known = [*turn.tx.people.team(), *turn.tx.people.admins(turn.rules.all_admins)]
    strong = [each for each in known if permissions.strongest_account(turn, each).may(role) and not each.left]
    return [person.id for person in naming.distinct_people(strong)]


def requesters_of(turn: Turn, ticket: Ticket) -> Collection[int]:
    """Return whose request it is."""
    return {each.requester_id for each in turn.tx.related.whole(ticket)}


def barred_people(turn: Turn, approval: Approval, ticket: Ticket) -> Collection[int]:
    """Return who may not say yes, as it is their own request; nobody where the rule says that they may."""
    return () if rule_of(turn, approval).get("own") else requesters_of(turn, ticket)


def is_of_team(turn: Turn, person: Person) -> bool:
    """Return whether somebody is of the team now."""
    return not person.left and permissions.strongest_account(turn, person).may(Role.AGENT)


def stands_in(turn: Turn, person_id: int, but: Collection[int]) -> int | None:
    """Return who is asked besides somebody who is away: whoever stands in for them, or for who does while they are away too.

    That is never somebody who is not of the team any more.
    """
    seen = {person_id}
    person = turn.tx.people.known(person_id)
    while person is not None and person.away_since is not None:
        other = turn.tx.approvals.stand_in(person.id)
        if other is None or other in seen:
            return None
        seen.add(other)
        person = turn.tx.people.known(other)
    if person is None or person.id == person_id or person.id in but or not is_of_team(turn, person):
        return None
    return person.id


def reachable_person(turn: Turn, person_id: int | None) -> Person | None:
    """Return somebody by an account on which they can be asked; on some messengers the bot may write first."""
    if person_id is None:
        return None
    accounts = [each for each in turn.tx.people.by_account(person_id) if each.blocked_at is None]
    first = (each for each in accounts if turn.can(each.source).rooted and not is_erased(each.native))
    return next((each for each in accounts if each.chat), None) or next(first, None)


def reader_of_words(turn: Turn, person_id: int | None) -> Person | None:
    """Return somebody who can be written to and may be shown words of a request: nobody who is kept out, or left the team."""
    person = reachable_person(turn, person_id)
    out = person is None or person.left or turn.tx.bans.of(person.id, turn.now) is not None
    return None if out else person


def entitled_people(turn: Turn, approval: Approval, ticket: Ticket) -> Collection[int]:
    """Return whose yes counts in the round that is asked: those whom the rules name now, and those named in others' place."""
    instead = [seat.person_id for seat in turn.tx.approvals.named_instead(approval.id)]
    return {*people_asked(turn, ticket, approval), *instead}


def people_in_place(turn: Turn, ticket: Ticket, approval: Approval) -> list[int]:
    """Return who is asked in the round that comes, with whoever was named in others' place when it was asked before."""
    named = turn.tx.approvals.named_instead(approval.id, approval.round)
    return with_newcomers(people_asked(turn, ticket, approval), named)


def with_newcomers(asked: Sequence[int], named: Sequence[Seat]) -> list[int]:
    """Return who is asked, each newcomer in the place of whoever they replaced, in the order in which they were named. Pure.

    Whoever was replaced may have been named again later; where nobody is replaced who is asked, a newcomer is asked besides.
    """
    people = [*asked]
    for seat in named:
        if seat.stand_in_id in people:
            people = [seat.person_id if person == seat.stand_in_id else person for person in people]
        else:
            people.append(seat.person_id)
    return [*dict.fromkeys(people)]


def why_not(
    turn: Turn, approval: Approval, ticket: Ticket, seat: Seat, person_id: int, entitled: Collection[int]
) -> str:
    """Return why somebody can neither be asked nor answer at a seat, as it is refused; "" where they can.

    Who is kept out cannot, nor whose own request it has become, nor who left the team: as one of it, or standing in; nor whoever
    asked for it, in the place of somebody else.
    """
    person = reachable_person(turn, person_id)
    if person is None or turn.tx.bans.of(person_id, turn.now) is not None:
        return "approval_not_asked"
    if person_id in barred_people(turn, approval, ticket):
        return "approval_own_now"
    if person_id != seat.person_id and person_id == approval.by_id:
        return "approval_not_asked"
    if person_id != seat.person_id:
        return "" if is_of_team(turn, person) else "approval_left"
    if person.left and any(word not in (COMPANY, NAMED) for word in round_of(turn, approval)["ask"]):
        return "approval_left"
    return "" if person_id in entitled else "approval_not_asked"


def able_people(turn: Turn, approval: Approval, ticket: Ticket, seats: Sequence[Seat]) -> set[tuple[int, int]]:
    """Return who can be asked and answer at which of these seats now, as (seat, person)."""
    entitled = entitled_people(turn, approval, ticket)
    pairs = [(seat, who) for seat in seats for who in (seat.person_id, seat.stand_in_id) if who is not None]
    return {(seat.id, who) for seat, who in pairs if not why_not(turn, approval, ticket, seat, who, entitled)}


def lost_seats(turn: Turn, approval: Approval, ticket: Ticket, seats: Sequence[Seat]) -> list[Seat]:
    """Return the seats that nobody has answered, and nobody can."""
    open_ = [seat for seat in seats if seat.answer is None]
    able = {number for number, _ in able_people(turn, approval, ticket, open_)}
    return [seat for seat in open_ if seat.id not in able]


def counted_seats(seats: Sequence[Seat]) -> list[Seat]:
    """Return the seats that count: nobody else is asked in their place."""
    return [seat for seat in seats if seat.answer is not Answer.REPLACED]


def outcome_of(need: str, seats: Sequence[Seat]) -> ApprovalState | None:
    """Return what the answers of a round come to; None while that is not known. Pure."""
    said = [seat.answer for seat in counted_seats(seats)]
    yes, no, everybody = said.count(Answer.YES), said.count(Answer.NO), len(said)
    if Answer.CHANGES in said:
        return ApprovalState.CHANGES
    enough = {Need.ANY: yes > 0, Need.ALL: 0 < everybody == yes, Need.MAJORITY: yes * 2 > everybody}[Need(need)]
    if enough:
        return ApprovalState.APPROVED
    left = everybody - no  # who could still say yes
    hopeless = {Need.ANY: left == 0, Need.ALL: no > 0, Need.MAJORITY: left * 2 <= everybody}[Need(need)]
    return ApprovalState.DECLINED if hopeless and everybody else None


def with_own_seats(seats: Sequence[Seat], person_id: int) -> list[Seat]:
    """Return the seats that somebody may answer and nobody has: their own, and those for which they stand in."""
    return [seat for seat in seats if seat.is_of(person_id) and seat.answer is None]
