"""What is begun in a team channel and is nobody else's to read goes on in the person's own chat with the bot."""

from handlers.messages import phrase
from handlers.turn import Turn, event_with
from storage.lifecycle import Refused


def privately(turn: Turn) -> Turn:
    """Return the turn as if it happened in the person's own chat with the bot: a long dialog is nobody else's to read."""
    if turn.event.private:
        return turn
    window = bool(turn.event.facts.get("modal"))  # it may open at once, whoever has never written to the bot
    if not turn.person.chat and not window:
        raise Refused("start_first")
    turn.toast(phrase("article.in_private"))
    interaction = turn.event.interaction if window else ""
    there = {"private": True, "thread": "", "message": "", "reply_to": "", "interaction": interaction}
    return event_with(turn, chat=turn.person.home, **there)
