"""What follows when a request is said to be solved: its requester is asked, reminded, and at last taken at their silence."""

from handlers.rules.notify import TicketEvent
from handlers.tickets import notifications
from handlers.tickets.parties import confirm_or_reopen_buttons
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from storage.tickets.tickets import Ticket


def ask_whether_solved(turn: Turn, ticket: Ticket, *, told: str = "") -> list[notifications.Sent]:
    """Ask the requester of a resolved ticket whether it is, and return what asks; nobody's answer closes it after a reminder.

    ``told`` names another phrase for it than that of a resolution.
    """
    sent = notifications.notify_of_event(
        turn, ticket, TicketEvent.RESOLVED, buttons=confirm_or_reopen_buttons, told_as=told
    )
    for timer, length in (
        (timers.Remind(turn.now), turn.rules.reminder),
        (timers.AutoClose(turn.now), turn.rules.auto_close),
    ):
        turn.tx.timers.cancel(timer.name, ticket=ticket.id)  # those of an earlier time
        turn.schedule(timer, length, ticket=ticket.id)
    return sent
