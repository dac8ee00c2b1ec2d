"""What is begun where others read and is nobody else's to read goes on in the person's own chat with the bot."""

from handlers.turns.router import Route
from handlers.turns.turn import Turn, event_with
from handlers.vocabulary.audience import Audience
from handlers.vocabulary.messages import Kind, phrase
from storage.lifecycle import Refused

SAID = (Kind.COMMAND, Kind.PRESS, Kind.SUBMIT)  # what can go on elsewhere


def continue_in_private(turn: Turn, said: str = "article.in_private") -> Turn:
    """Return the turn as if it happened in the person's own chat with the bot, and say so where they look."""
    if turn.event.private:
        return turn
    if not turn.person.chat and not _window(turn):
        raise Refused("start_first")
    turn.toast(phrase(said))
    return in_own_chat(turn)


def in_own_chat(turn: Turn) -> Turn:
    """Return the turn as if it happened in the person's own chat with the bot."""
    interaction = turn.event.interaction if _window(turn) else ""
    there = {"private": True, "thread": "", "message": "", "reply_to": "", "passing": False, "menu": False}
    return event_with(turn, chat=turn.person.home, interaction=interaction, **there)


def _window(turn: Turn) -> bool:
    """Return whether a window may open at once, whoever has never written to the bot."""
    return turn.event.modal


def for_audience(turn: Turn, route: Route | None) -> Turn:
    """Return the turn where its route may be answered: here, or in the person's own chat.

    Raises Refused ``only_private`` for a command that is given among people who are not of the team, and where the person
    cannot be written to yet.
    """
    if turn.event.kind not in SAID or (route is not None and turn.audience in route.audiences):
        return turn
    public = turn.audience is Audience.PUBLIC and turn.event.kind is Kind.COMMAND
    if not public and (turn.audience is Audience.ALONE or route is None):
        return turn
    if public or not (turn.person.chat or _window(turn)):
        raise Refused("only_private")
    return continue_in_private(turn, "private.answered")
