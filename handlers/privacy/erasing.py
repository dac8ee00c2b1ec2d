"""Erasing a person: after a day to change one's mind, some of it a turn, until nothing of theirs is left but the hash.

The order: no name, account or role any more, and nothing that waits is sent; their requests are closed or left; what they wrote
goes message by message, from the team's threads too; then what only rows know
(storage/retention/erasure.py); then the admins hear what to look at.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from handlers.agent.queue import release_tickets
from handlers.tickets import (
    approval_guard,
    approval_stand_ins,
    cards,
    guesting,
    helping,
    outage_question,
    redaction,
    relay,
    visits,
)
from handlers.tickets.parties import end_for
from handlers.tickets.ticket_service import change_ticket
from handlers.turns.router import Routes
from handlers.turns.turn import Turn, dump_rendered
from handlers.vocabulary import timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import RENDERED_MESSAGE, Chat, Message, Operation, RenderedMessage, phrase
from storage.lifecycle import Refused
from storage.models import MessageKind, StateKind
from storage.people.people import Person
from storage.retention import deletion
from storage.retention.erasure import NOBODY, PIECES, Sought
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket

on = Routes()

MIND = timedelta(days=1)  # in which whoever wanted it may change their mind
REQUESTS, WORDS, SENT, APPROVALS, DONE = "requests", "words", "sent", "approvals", "done"
PHASES = (REQUESTS, WORDS, SENT, *PIECES, DONE)
EACH = {REQUESTS: 5, WORDS: 5, APPROVALS: 5}  # a turn
BREATH = timedelta(seconds=15)  # after messages were taken away: the messengers' pace is everybody's
WAIT, PATIENCE = timedelta(seconds=5), 60  # for what is being sent to them, and how often that is looked at


def schedule_erase(turn: Turn, person: int, *, by: int | None, after: timedelta = MIND) -> None:
    """Let a person be erased later; what was decided before gives way."""
    call_off(turn, person)
    timer = timers.Erase(by=by)
    turn.scheduled.append(turn.tx.timers.schedule(timer.name, turn.now + after, person=person, facts=timer.facts))


def call_off(turn: Turn, person: int) -> bool:
    """Let everything be kept after all; return whether it was to be erased."""
    return turn.tx.timers.call_off(timers.Erase.name, person=person)


def in_the_team(turn: Turn, person: Person) -> bool:
    """Return whether somebody is in a team channel now: they would be back with their next word."""
    return any(each.id == person.id for each in turn.tx.people.team())


@on.timer(timers.Erase)
def erase_due(turn: Turn) -> None:
    """The day is over: it begins, unless they have come into the team meanwhile."""
    person = turn.tx.people.known(turn.event.person) if turn.event.person is not None else None
    timer = turn.due(timers.Erase)
    forced = timer.force  # by the operator: after a restore, also whoever was erased before
    if person is None or (turn.tx.erasure.erased_at(person.id) is not None and not forced):
        return
    if in_the_team(turn, person) and not forced:
        turn.audit(Deed.ERASE_REFUSED, who=person.id)
        return
    if timer.idle and person.id in {admin.id for admin in turn.tx.people.admins(turn.rules.all_admins)}:
        return
    begin_erase(turn, person.id, by=timer.by, silent=timer.idle)


def begin_erase(turn: Turn, person: int, *, by: int | None, silent: bool = False) -> None:
    """Let a person be nobody from now on, say the last word to them unless it is to be silent, and see to the rest by steps."""
    accounts = turn.tx.people.by_account(person)
    pages = turn.tx.states.get(person, StateKind.HOME, turn.now) is not None
    if not turn.tx.erasure.erased_at(person):
        release_tickets(turn, person)
        helping.end_help(turn, person)
        guesting.end_visits(turn, person)
    turn.tx.erasure.begin(person, turn.now)
    turn.erased = True
    approval_stand_ins.refresh_waiting(turn, person)
    for account in accounts:
        reader = turn.reader(account)
        if account.chat and account.blocked_at is None:
            if not silent:
                turn.send(Chat(account.source, account.chat), reader, Message((phrase("privacy.gone"),)))
            if pages:
                empty_page(turn, account)
    turn.tx.records.audit(Deed.ERASED, turn.now, person=by, facts={"who": person})
    continue_erase(turn, person, REQUESTS, 0)


def empty_page(turn: Turn, account: Person) -> None:
    """Let their front page show nothing of theirs."""
    said = turn.draw(Message((phrase("privacy.gone"),)), turn.reader(account))
    sections = [RENDERED_MESSAGE.dump_python(said, mode="json", exclude_defaults=True)]
    values = {"operation": Operation.HOME, "payload": dump_rendered(RenderedMessage(facts={"sections": sections}))}
    turn.promise(Chat(account.source, f"home@{account.native}"), values)


def continue_erase(
    turn: Turn, person: int, phase: str, behind: int, pause: timedelta = timedelta(0), tries: int = 0
) -> None:
    """Go on in a turn of its own."""
    turn.schedule(timers.EraseStep(person, phase, behind, tries), pause)


@on.timer(timers.EraseStep)
def step(turn: Turn) -> None:
    """The next piece of the work."""
    due = turn.due(timers.EraseStep)
    following = next_step(turn, due)
    if following is not None:
        continue_erase(turn, due.whom, *following)


Step = tuple[str, int, timedelta, int]


def next_step(turn: Turn, due: timers.EraseStep) -> Step | None:
    """Do a piece of the work; return which is next, from where and after how long; None where all is done."""
    person, phase, after = due.whom, due.phase, due.behind
    sought = turn.tx.erasure.sought(person)
    if sought is None:
        return None
    begun = (phase, after, timedelta(0), 0)
    if phase == REQUESTS:
        found = turn.tx.erasure.requests(person, after, EACH[phase])
        for number in found:
            forget_request(turn, person, turn.tx.tickets.get(number))
        return (phase, found[-1], *begun[2:]) if found else next_erase_phase(phase)
    if phase == WORDS:
        ids = turn.tx.erasure.said(person, after, EACH[phase])
        said = [each for each in map(turn.tx.talk.get, ids) if each is not None]
        shown = [forget_message(turn, each, sought) for each in said]
        for number in dict.fromkeys(each.ticket_id for each in said):
            cards.refresh_cards(turn, turn.tx.related.heir(turn.tx.tickets.get(number)))
        return (phase, ids[-1], BREATH if any(shown) else timedelta(0), 0) if ids else next_erase_phase(phase)
    if phase == APPROVALS and (behind := forget_planned(turn, person, after)):
        return phase, behind, *begun[2:]  # no phase of its own: a process of the version before knows none
    if phase == APPROVALS and forget_asked(turn, person):
        return begun
    if phase == SENT:
        return erase_from_outbox(turn, person, sought, after, due.tries)
    if phase == DONE:
        finish_erase(turn, person, sought)
        return None
    goes_on = turn.tx.erasure.piece(phase, person, sought, after, turn.now)
    return next_erase_phase(phase) if goes_on is None else (phase, goes_on, *begun[2:])


def next_erase_phase(phase: str) -> Step:
    """Return the phase behind one, from its beginning."""
    return PHASES[PHASES.index(phase) + 1], 0, timedelta(0), 0


def forget_request(turn: Turn, person: int, ticket: Ticket) -> None:
    """Leave of a request its number, times and states: it is closed, or goes on for the others alone.

    A task that they asked for as one of the team stays whose who does it.
    """
    if ticket.task_of is not None:
        show_unnamed(turn, ticket)
        return
    heir = turn.tx.related.heir(ticket)
    if heir.active and ticket.ended_at is None:
        heir = close_unshared_request(turn, person, heir)
        relay.in_threads(turn, heir.id, phrase("thread.erased", ticket=ticket.id))
    ticket = turn.tx.tickets.get(ticket.id)
    gone: Mapping[str, Any] = {"summary": NOBODY, "answers": {}, "rating_comment": None, "form_card": None}
    change_ticket(turn, ticket, **gone)
    turn.tx.secrets.drop_all([ticket.id])
    turn.tx.erasure.forget_entries(ticket.id)
    turn.tx.approvals.forget(ticket.id)
    turn.tx.plans.forget([ticket.id, heir.id])  # where to go is theirs, also where it goes on for others
    approval_guard.show_as_now(turn, turn.tx.tickets.get(ticket.id))
    visits.take_forms_away(turn, ticket)
    turn.tx.search.renew(ticket.id, 0)
    redaction.take_corrections_away(turn, ticket)
    redaction.blot_unsent(turn, [ticket.id, heir.id], ticket.summary)
    for number in dict.fromkeys((heir.id, ticket.id)):
        show_unnamed(turn, turn.tx.tickets.get(number))


def show_unnamed(turn: Turn, ticket: Ticket) -> None:
    """Let the cards and the titles of a request's threads name the erased no more."""
    cards.refresh_cards(turn, ticket)
    turn.tx.erasure.forget_titles(ticket.id, cards.thread_title(turn, ticket))


def forget_planned(turn: Turn, person: int, after: int) -> int | None:
    """Keep no word of theirs beside planned times, a few at once, and draw the cards without; return how far that is."""
    written = turn.tx.plans.written_by(person, after, EACH[APPROVALS])
    for plan in written:
        turn.tx.plans.forget_written(plan.id, person)
        cards.refresh_cards(turn, turn.tx.tickets.get(plan.ticket_id))
    return written[-1].id if written else None


def forget_asked(turn: Turn, person: int) -> bool:
    """Keep no word of theirs beside a yes that was asked for, a few at once, nor show any; return whether there was one."""
    written = turn.tx.approvals.written_by(person, EACH[APPROVALS])
    for approval in written:
        turn.tx.approvals.forget_written(approval.id, person)
        ticket = turn.tx.tickets.get(approval.ticket_id)
        approval_guard.show_as_now(turn, ticket)
        cards.refresh_cards(turn, ticket)
    return bool(written)


def close_unshared_request(turn: Turn, person: int, heir: Ticket) -> Ticket:
    """Close what goes on for them alone; leave what goes on for others too."""
    try:
        return end_for(turn, person, heir)
    except Refused:  # its workflow has no way to the end from here: the team ends it
        return heir


def forget_message(turn: Turn, said: TicketMessage, sought: Sought) -> bool:
    """Empty a message, and take away what shows it to the team, in threads and privately; return whether there was any such post.

    What they said as an agent stays with those whom they answered.
    """
    connection = turn.tx.connection
    shown = [*deletion.shown_by(connection, said.id), *deletion.under_way(connection, said.id)]
    deletion.withhold_message(connection, said.id, turn.now)
    answered = turn.tx.approvals.forget_answered(said.ticket_id, str(said.words["text"]))
    turn.tx.talk.delete(said.id, turn.now)
    if answered:
        approval_guard.show_as_now(turn, turn.tx.tickets.get(said.ticket_id))
    theirs = said.kind is MessageKind.FOLLOW_UP or guesting.may_be_of_guest(turn, said)
    there = [each for each in shown if redaction.ticket_at(each.lane) or (theirs and each.lane not in sought.places)]
    for each in there:
        redaction.show_without(turn, said, each)
    return bool(there)


def erase_from_outbox(turn: Turn, person: int, sought: Sought, after: int, tries: int) -> Step:
    """Wait until nothing is on its way to them, and take their names out of what waits to be told to others."""
    named, goes_on = turn.tx.erasure.naming(person, sought, after)
    for outgoing_id, payload in named:
        drawn = RENDERED_MESSAGE.validate_json(payload)
        for word in sought.called:
            drawn = redaction.without_text(drawn, word)
        deletion.put_payload(turn.tx.connection, outgoing_id, dump_rendered(drawn))
    if goes_on is not None:
        return SENT, goes_on, timedelta(0), tries
    if turn.tx.erasure.under_way(sought):
        if tries < PATIENCE:
            return SENT, after, WAIT, tries + 1
        turn.tx.erasure.give_up(sought, turn.now)
    return next_erase_phase(SENT)


def finish_erase(turn: Turn, person: int, sought: Sought) -> None:
    """Forget by what they were found; the admins hear which words of others may name them."""
    outage_question.forget_quotes(turn, person)
    articles = turn.tx.articles.naming(sought.names)
    turn.tx.erasure.finish(person)
    turn.erased = True
    turn.audit(Deed.ERASE_DONE, who=person, articles=articles)
    if articles:
        told = phrase("privacy.review", articles=[f"#{number}" for number in articles[:20]])
        tell_admins(turn, told)


def tell_admins(turn: Turn, *said: Any) -> None:
    """Tell every admin whose private chat is open to us."""
    for admin in turn.tx.people.admins(turn.rules.all_admins):
        if admin.chat and admin.blocked_at is None:
            turn.send(Chat(admin.source, admin.chat), turn.reader(admin), Message(tuple(said)))


def remaining_erase_phases(turn: Turn, person: int) -> Sequence[str]:
    """Return what is still to be done of an erase; empty where it is done or was never begun."""
    return PHASES if turn.tx.erasure.sought(person) is not None else ()
