"""Alarms: what only an admin can mend is told to the admins, wherever they can still be reached."""

from datetime import timedelta

from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Chat, Kind, Message, Phrase, phrase
from storage.queues import standstill

on = Routes()

# What a team place refuses with, where the desk knows the setting that mends it: phrase keys after "standstill.".
MENDED = frozenset({"archived", "no_chat", "no_rights", "no_scope", "no_topics", "removed", "topic_closed"})


OF_PROGRAMS = frozenset(  # what other programs keep the desk from
    ("webhook_silent", "webhook_dead", "webhook_refused", "choices_none", "choices_old", "choices_well")
)


def alert_bot_removed(turn: Turn) -> None:
    """The bot was taken out of a team channel: requests still come in, and nobody sees them."""
    if turn.request_channel is not None:
        turn.tx.request_channels.lose(turn.request_channel.id, turn.now)
        alert_admins(turn, phrase("alarm.removed_requests", title=turn.request_channel.title))
        turn.audit(Deed.BOT_REMOVED, chat=turn.event.chat)
    if turn.channel is not None and (own := turn.groups_of(turn.channel)) and turn.channel not in turn.first_channels:
        titles = [turn.rules.groups[name].title for name in own]
        alert_admins(turn, phrase("alarm.removed_group", groups=titles))
        turn.audit(Deed.BOT_REMOVED, chat=turn.event.chat)
        turn.tx.channels.lose(turn.channel.id, turn.now)
        for name in own:
            turn.schedule(timers.MoveGroup(name), timedelta(0))
    elif turn.channel is not None:
        alert_admins(turn, phrase("alarm.removed"))
        turn.audit(Deed.BOT_REMOVED, chat=turn.event.chat)
        address, place = Chat(turn.event.source, turn.event.chat).lane, turn.channel.place
        # What is refused from now on is no news any more.
        standstill.begin_standstill(
            turn.tx.connection, address, place=place, reason="removed", word="removed", now=turn.now, told=True
        )


def alert_bot_added(turn: Turn) -> None:
    """The bot was let into a channel again: what waited for it goes on, and a group's tickets come back to it."""
    lost = turn.tx.channels.known(turn.event.source, turn.event.chat)
    if lost is not None and lost.lost_at is not None and (own := turn.groups_of(lost)):
        turn.tx.channels.lose(lost.id, None)
        alert_admins(turn, phrase("alarm.added_group", groups=[turn.rules.groups[name].title for name in own]))
        for name in own:
            turn.schedule(timers.MoveGroup(name), timedelta(0))
    known = turn.request_channel
    if known is not None and known.lost_at is not None:
        turn.tx.request_channels.lose(known.id, None)
        alert_admins(turn, phrase("alarm.added_requests", title=known.title))
        standstill.end_place(turn.tx.connection, known.place, turn.now)


def alert_token_revoked(turn: Turn) -> None:
    """A messenger does not take our token any more: nobody is served there."""
    messenger = turn.event.source.partition(":")[0]
    alert_admins(turn, phrase("alarm.revoked", messenger=messenger.capitalize()), but=turn.event.source)
    turn.audit(Deed.REVOKED, messenger=messenger)


def alert_messenger_refused(turn: Turn) -> None:
    """A messenger cannot be served as it is set up: it answered only after the others were served already."""
    messenger = turn.event.source.partition(":")[0]
    alert_admins(turn, phrase("alarm.refused", messenger=messenger.capitalize(), why=turn.event.why))
    turn.audit(Deed.MESSENGER_REFUSED, messenger=messenger)


@on.kind(Kind.STANDSTILL)
def stands(turn: Turn) -> None:
    """A team channel takes nothing, or will never show one message: who can change that hears how, wherever they are."""
    if (refusal := turn.event.refusal) is None:
        return
    if turn.event.name in OF_PROGRAMS:
        alert_admins(turn, phrase(f"alarm.{turn.event.name}", name=refusal.word, why=refusal.reason))
        return
    if turn.event.name == "duty_group":
        rota = turn.rules.rota.get(refusal.word)
        alert_admins(turn, phrase("alarm.duty_group", name=rota.title if rota else refusal.word, why=refusal.reason))
        return
    reason, word = refusal.reason, refusal.word or "—"
    deed = Deed.STANDS if turn.event.name == "stands" else Deed.UNSHOWN
    name = turn.event.name
    about = (phrase("alarm.about", ticket=refusal.ticket),) if refusal.ticket else ()
    messenger = turn.event.source.partition(":")[0].capitalize()
    if turn.request_channel is not None:
        if name == "bare":
            return  # its agent's receipt says so
        why = word if name == "stands" else phrase(f"undelivered.{reason}", word=word)
        alert_admins(turn, phrase("alarm.stands_requests", title=turn.request_channel.title, word=why), *about)
        turn.audit(deed, chat=turn.event.chat, reason=reason, word=word)
        return
    if name == "stands":
        said = phrase("alarm.stands", messenger=messenger, fix=fix_of(reason), word=word)
    elif name == "bare":
        said = phrase("alarm.bare", messenger=messenger, word=word)
    else:
        said = phrase("alarm.unshown", messenger=messenger, why=phrase(f"undelivered.{reason}", word=word))
    alert_admins(turn, said, *about)
    in_other_channels(turn, said, *about)
    turn.audit(deed, chat=turn.event.chat, reason=reason, word=word)


def fix_of(reason: str) -> Phrase:
    """Return what is to be changed where a team place refuses for this reason."""
    return phrase(f"standstill.{reason if reason in MENDED else 'refused'}")


def alert_admins(turn: Turn, *said: Phrase, but: str = "") -> None:
    """Tell every admin whose private chat is open to us."""
    for admin in turn.tx.people.admins(turn.rules.all_admins):
        if admin.chat and not admin.blocked_at and admin.source != but:
            turn.send(Chat(admin.source, admin.chat), turn.reader(admin), Message(said))


def in_other_channels(turn: Turn, *said: Phrase) -> None:
    """Tell the team where it is reached on other messengers."""
    for channel in turn.channels:
        if channel.source != turn.event.source:
            reader = turn.reading(channel)
            turn.send(Chat(channel.source, channel.chat), reader, Message(said))
