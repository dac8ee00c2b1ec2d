"""The tasks of a request's type are opened: once each, for whoever has the request."""

from collections.abc import Sequence

from handlers.agent.tasks import Asked, hand_out
from handlers.rules.type_tasks import TypeTask
from handlers.tickets import cards, relay, tasks, ticket_service
from handlers.tickets.sla_terms import policy_and_calendar
from handlers.tickets.type_tasks import is_worked_on, tasks_of_type
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.messages import join_lines, phrase
from storage.tickets.tickets import Ticket

on = Routes()


@on.timer(timers.OpenTasks)
def open_tasks(turn: Turn) -> None:
    """Those that it does not have yet; whoever lost the request meanwhile leaves them to whoever has it next."""
    ticket = turn.tx.tickets.find(turn.event.ticket or 0)
    if ticket is None or not is_worked_on(ticket):
        return
    made = [make_typed(turn, ticket, one) for one in missing_tasks(turn, ticket)]
    if not made:
        return
    cards.refresh_cards(turn, ticket)
    for channel in turn.channels_of(ticket):
        if turn.tx.talk.thread(ticket.id, channel.id):
            lines = (tasks.task_line(turn, one, turn.reading(channel)) for one in made)
            relay.in_thread(turn, ticket.id, channel, phrase("thread.type_tasks", n=len(made)), join_lines(*lines))


def missing_tasks(turn: Turn, ticket: Ticket) -> Sequence[TypeTask]:
    """Return which of its type's tasks a request was never given, as many as it may have."""
    there = turn.tx.related.tasks(ticket.id)
    titles = {one.summary.casefold() for one in there}
    missing = [one for one in tasks_of_type(turn, ticket) if one.title.casefold() not in titles]
    return missing[: max(0, tasks.MOST - len(there))]


def make_typed(turn: Turn, ticket: Ticket, one: TypeTask) -> Ticket:
    """Make one of them; what it is due within is counted in the working time of whose work it is."""
    assert ticket.agent_id is not None
    group = one.group or ticket.group_name
    calendar = policy_and_calendar(turn, turn.tx.requests.type_name(ticket.request_type_id), group)[1]
    due = calendar.add(turn.now, one.due) if one.due is not None else None
    made = tasks.new_task(turn, ticket, one.title, turn.tx.people.get(ticket.agent_id), group=group, due=due)
    ticket_service.start_clocks(turn, made)
    return hand_out(turn, made, Asked(one.title))
