"""Undoing a merge: each request is itself again, with what hung on it, while nothing else has happened on either."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from handlers.tickets import guest_endings, guesting, merged_plans, plans, relay
from handlers.tickets.notifications import Sent
from handlers.tickets.ticket_service import change_ticket, restore_ticket, snooze_as_data
from handlers.turns.turn import Turn
from storage.lifecycle import Action, Refused
from storage.models import StateKind
from storage.tickets.tickets import Ticket

WITHIN = timedelta(days=1)
LINKED = 200  # tickets that come of one problem and are linked back


def facts_before_merge(turn: Turn, gone: Ticket, kept: Ticket) -> Mapping[str, Any]:
    """Return how two tickets stand before one goes on in the other, as JSON."""
    return {
        "status": gone.status,
        "unread": gone.unread,
        "snoozed": snooze_as_data(gone),
        "problem": kept.problem_id,
        "merged": [each.id for each in turn.tx.related.merged(gone.id)],
        "linked": [each.id for each in turn.tx.related.next_linked(gone.id, after=0, most=LINKED)],
        "helped": {str(each.id): list(turn.tx.helpers.of(each.id)) for each in (gone, kept)},
        "plan": plans.number_ahead(turn, gone),
        "guests": {str(each.id): list(turn.tx.guests.of(each.id)) for each in (gone, kept)},
        "watched": {str(each.id): list(turn.tx.hearing.watchers(each.id)) for each in (gone, kept)},
    }


def remember_merge(turn: Turn, gone: Ticket, kept: Ticket, was: Mapping[str, Any], sent: Sequence[Sent]) -> None:
    """Keep for a day how they stood (``was``: ``facts_before_merge``), how they stand now, and what was told of it."""
    versions = [turn.tx.tickets.get(each.id).version for each in (gone, kept)]
    value = {**was, "versions": versions, "sent": [list(each) for each in sent]}
    turn.tx.states.put(turn.person.id, StateKind.UNDO, turn.now + WITHIN, value=value, key=f"{gone.id}.{kept.id}")


def undo_merge(turn: Turn, gone_id: int, kept_id: int) -> list[Ticket]:
    """Take two tickets apart again, and return all that changed.

    Raises Refused ``unmerge`` where the actor did not merge them within a day, or something has happened on one since.
    """
    was = turn.tx.states.take(turn.person.id, StateKind.UNDO, turn.now, key=f"{gone_id}.{kept_id}")
    gone, kept = turn.tx.tickets.get(gone_id), turn.tx.tickets.get(kept_id)
    if not was or [gone.version, kept.version] != was["versions"]:
        raise Refused("unmerge", ticket=gone_id, into=kept_id)
    by = turn.person.id
    facts = {"undo": kept_id}
    gone = change_ticket(
        turn, gone, action=Action.MERGE, by=by, facts=facts, merged_into=None, closed_at=None, unread=was["unread"]
    )
    gone = restore_ticket(turn, gone, was["status"], gone.agent_id, snoozed=was.get("snoozed"), by=by)
    changed = [change_ticket(turn, turn.tx.tickets.get(n), merged_into=gone_id) for n in was["merged"]]
    changed += [change_ticket(turn, turn.tx.tickets.get(n), problem_id=gone_id) for n in was["linked"]]
    kept = turn.tx.tickets.get(kept_id)
    if kept.problem_id != was["problem"]:
        kept = change_ticket(turn, kept, problem_id=was["problem"])
    watched_again(turn, was["watched"])
    helped_again(turn, was.get("helped", {}), gone, kept)  # the version before kept none
    merged_plans.give_back_plan(turn, gone, was.get("plan"))  # the version before kept none
    let_in_again(turn, was.get("guests", {}), gone, kept)  # nor whose guests
    for lane, outgoing, number in was["sent"]:
        reader = turn.reader(turn.tx.people.of_account(turn.tx.tickets.get(number).account_id))
        relay.take_away(turn, reader, lane, outgoing, number)
    return [gone, kept, *(each for each in changed if each.id not in (gone_id, kept_id))]


def watched_again(turn: Turn, watched: Mapping[str, Sequence[int]]) -> None:
    """Let tickets be watched by whoever watched them before."""
    for number, people in watched.items():
        for person in {*turn.tx.hearing.watchers(int(number))} ^ {*people}:
            turn.tx.hearing.watch(int(number), person)


def let_in_again(turn: Turn, let_in: Mapping[str, Sequence[int]], gone: Ticket, kept: Ticket) -> None:
    """Let those be guests of a ticket who went along in the merge, and hear its number.

    Whose visit has ended since (banned, erased, one of the team now) is let in nowhere again; whoever was a guest of what was
    their own request while the two were one, is one again.
    """
    theirs, own = let_in.get(str(gone.id), ()), let_in.get(str(kept.id), ())
    now = turn.tx.guests.of(kept.id)
    askers = {each.requester_id for ticket in (gone, kept) for each in turn.tx.related.whole(ticket)}.difference(now)
    for ticket, people in ((gone, theirs), (kept, own)):
        for person in askers.intersection(people):
            guesting.let_in_again(turn, ticket, person)
    for person in now:
        if person not in own:
            turn.tx.guests.leave(kept.id, person, turn.now)
        if person in theirs:
            turn.tx.guests.return_to(gone.id, person)
            guest_endings.tell_number(turn, kept, gone, person)


def helped_again(turn: Turn, helped: Mapping[str, Sequence[int]], gone: Ticket, kept: Ticket) -> None:
    """Let those help with a ticket again who went along in the merge; nobody who has left the team since."""
    theirs, own = helped.get(str(gone.id), ()), helped.get(str(kept.id), ())
    now = turn.tx.helpers.of(kept.id)
    for person in (each for each in now if each not in own):
        turn.tx.helpers.leave(kept.id, person, turn.now)
    for person in (each for each in theirs if each in now or each == kept.agent_id):
        turn.tx.helpers.return_to(gone.id, person)
