"""Problems: several requests come of one cause; they are linked to the one that is about it, and resolved with it at once."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.rules.notify import TicketEvent
from handlers.tickets import cards, notifications, relay, resolution
from handlers.tickets.ticket_service import change_ticket, move_ticket
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn, event_with
from handlers.vocabulary import markdown, presses, timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Button, Part, button_row, phrase
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Action, Refused
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()

EACH = 10  # tickets resolved a turn: nobody waits for hundreds
NONE = ("none", "off", "-", "ні", "нет")


@on.command("problem", role=Role.AGENT)
def problem(turn: Turn) -> None:
    """A request comes of a problem: /problem 42 40, or in the thread of the first /problem 40; /problem 42 none takes it back."""
    words = turn.event.value.split()
    if len(words) == 1 and turn.number is not None:
        words.insert(0, str(turn.number))
    numbers = [number_in(word) for word in words]
    if len(words) == 2 and numbers[0] is not None and words[1].lower() in NONE:
        unlink_from_problem(turn, turn.tx.tickets.get(numbers[0]))
        return
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        raise Refused("usage", usage="/problem 42 40 · /problem 42 none")
    link_to_problem(turn, turn.tx.tickets.get(numbers[0]), turn.tx.tickets.get(numbers[1]))


def link_to_problem(turn: Turn, ticket: Ticket, cause: Ticket) -> None:
    """Link a ticket to a problem, and say so."""
    link_ticket_to_cause(turn, ticket, cause)
    turn.toast(phrase("done.linked", ticket=ticket.id, problem=cause.id))


def link_ticket_to_cause(turn: Turn, ticket: Ticket, cause: Ticket) -> None:
    """Link a ticket to a problem; a problem comes of nothing else, and what is over is linked to nothing."""
    for each in (ticket, cause):
        permissions.must_work_on(turn, each)
        if each.merged_into is not None:
            raise Refused("merged", ticket=each.id, into=each.merged_into)
        if not each.active:
            raise Refused("link_over", ticket=each.id)
    if ticket.id == cause.id:
        raise Refused("link_itself", ticket=ticket.id)
    if cause.problem_id is not None:
        raise Refused("link_chain", ticket=cause.id, problem=cause.problem_id)
    if turn.tx.related.linked(ticket.id):
        raise Refused("link_cause", ticket=ticket.id)
    if ticket.problem_id == cause.id:
        raise Refused("linked_already", ticket=ticket.id, problem=cause.id)
    ticket = change_ticket(turn, ticket, action=Action.LINK, by=turn.person.id, problem_id=cause.id)
    notifications.notify_of_event(turn, ticket, TicketEvent.LINKED, problem=cause.id)
    tell_workaround(turn, ticket, cause)
    for each in (ticket, cause):
        cards.refresh_cards(turn, each)


def tell_workaround(turn: Turn, ticket: Ticket, cause: Ticket) -> None:
    """Tell whoever waits for a problem what helps meanwhile, where that is known."""
    known = turn.tx.known_errors.of(cause.id)
    for article in turn.tx.articles.of([known.article_id] if known and known.article_id else []):
        if article.live:
            turn.tell(ticket, phrase("known.meanwhile", ticket=ticket.id), markdown.markdown_text(article.answer))


def unlink_from_problem(turn: Turn, ticket: Ticket) -> None:
    """Take a link back; nothing is told to the requester, who still waits."""
    cause = ticket.problem_id
    if cause is None:
        raise Refused("not_linked", ticket=ticket.id)
    ticket = change_ticket(turn, ticket, action=Action.LINK, by=turn.person.id, problem_id=None)
    for each in (ticket, turn.tx.tickets.get(cause)):
        cards.refresh_cards(turn, each)
    turn.toast(phrase("done.unlinked", ticket=ticket.id, problem=cause))


@on.press(presses.ShowLinked, role=Role.AGENT, act="resolve")
def ask(turn: Turn) -> None:
    """Resolve all that come of a problem? The question names how many."""
    cause = permissions.must_work_on(turn, turn.tx.tickets.get(turn.pressed(presses.ShowLinked).ticket))
    count = turn.tx.related.linked(cause.id)
    if not count:
        raise Refused("none_linked", ticket=cause.id)
    buttons = button_row(
        presses.ResolveLinked(cause.id, count).button(phrase("button.resolve_linked", n=count), danger=True),
        presses.Less(cause.id).button(phrase("form.back")),
    )
    cards.redraw_pressed_card(turn, cause, buttons)
    turn.toast(phrase("linked.sure", n=count, ticket=cause.id))


@on.press(presses.ResolveLinked, role=Role.AGENT, act="resolve")
def sure(turn: Turn) -> None:
    """They are resolved, a few a turn; where their number has changed since the question, it is asked again."""
    meant = turn.pressed(presses.ResolveLinked)
    cause = permissions.must_work_on(turn, turn.tx.tickets.get(meant.cause))
    if turn.tx.related.linked(cause.id) != meant.count:
        ask(event_with(turn, value=presses.ShowLinked(cause.id).value))
        return
    turn.audit(Deed.RESOLVED_LINKED, ticket=cause.id, count=meant.count)
    cards.refresh_cards(turn, cause)
    cards.redraw_pressed_card(turn, cause)
    turn.toast(phrase("linked.begun", n=meant.count, ticket=cause.id))
    turn.schedule(timers.ResolveLinked(turn.person.id), timedelta(0), ticket=cause.id)


@on.timer(timers.ResolveLinked)
def go_on(turn: Turn) -> None:
    """The next few are resolved, each as its own workflow allows; at the end the thread hears how many, and which were not."""
    cause, work = turn.event.ticket or 0, turn.due(timers.ResolveLinked)
    turn.actor = permissions.strongest_account(turn, turn.tx.people.get(work.by))
    done, left = work.done, list(work.left)
    some = turn.tx.related.next_linked(cause, after=work.behind, most=EACH)
    for ticket in some:
        try:
            resolve_linked_ticket(turn, ticket)
            done += 1
        except Refused:
            left.append(ticket.id)
    if len(some) == EACH:
        turn.schedule(timers.ResolveLinked(work.by, some[-1].id, done, tuple(left)), timedelta(0), ticket=cause)
        return
    cards.refresh_cards(turn, turn.tx.tickets.get(cause))
    relay.in_threads(turn, cause, phrase("linked.done", n=done))
    if left:
        relay.in_threads(
            turn, cause, phrase("linked.left", n=len(left), tickets=[f"#{number}" for number in left[:20]])
        )


def resolve_linked_ticket(turn: Turn, ticket: Ticket) -> None:
    """Resolve a ticket as if its own card had been pressed."""
    ticket = move_ticket(turn, ticket, Action.RESOLVE, by=turn.person.id)
    resolution.ask_whether_solved(turn, ticket)
    cards.refresh_cards(turn, ticket)


def problem_line(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say on a card of which problem it comes, or how many come of it."""
    if ticket.problem_id is not None:
        return [phrase("card.problem", problem=ticket.problem_id)]
    count = turn.tx.related.linked(ticket.id)
    return [phrase("card.linked", n=count)] if count else []


def resolve_linked_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer to resolve all at once, where there are any."""
    count = turn.tx.related.linked(ticket.id)
    return [presses.ShowLinked(ticket.id).button(phrase("button.linked", n=count))] if count else []
