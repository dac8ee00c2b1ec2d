"""Alarms: what only an admin can mend is told to the admins, wherever they can still be reached."""

from handlers.messages import Chat, Message, Phrase, phrase
from handlers.turn import Turn


def removed(turn: Turn) -> None:
    """The bot was taken out of a team channel: requests still come in, and nobody sees them."""
    if turn.channel is not None:
        alarm(turn, phrase("alarm.removed"))
        turn.audit("bot_removed", chat=turn.event.chat)


def revoked(turn: Turn) -> None:
    """A messenger does not take our token any more: nobody is served there."""
    messenger = turn.event.source.partition(":")[0]
    alarm(turn, phrase("alarm.revoked", messenger=messenger.capitalize()), but=turn.event.source)
    turn.audit("revoked", messenger=messenger)


def refused(turn: Turn) -> None:
    """A messenger cannot be served as it is set up: it answered only after the others were served already."""
    messenger = turn.event.source.partition(":")[0]
    alarm(turn, phrase("alarm.refused", messenger=messenger.capitalize(), why=turn.event.facts["why"]))
    turn.audit("messenger_refused", messenger=messenger)


def alarm(turn: Turn, said: Phrase, *, but: str = "") -> None:
    """Tell every admin whose private chat is open to us."""
    for admin in turn.tx.people.admins(turn.rules.all_admins):
        if admin.chat and not admin.blocked_at and admin.source != but:
            turn.send(Chat(admin.source, admin.chat), turn.reader(admin), Message((said,)))
