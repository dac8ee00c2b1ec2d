"""The team channel that the settings name, as the records know it."""

from datetime import datetime

from bot.inbox import inbox_arrival
from bot.messengers.protocol import Team
from handlers.agent import digest
from handlers.articles import answer_review
from handlers.rules.book import RulesCache
from handlers.rules.change import keep_channels
from handlers.vocabulary.messages import Chat, Event, Kind
from handlers.vocabulary.payloads import ChatMoved
from storage.desk.rules import RulesRevisions
from storage.engine.database import Connection
from storage.people.people import Channels
from storage.queues import inbox
from storage.transaction import Transaction


def keep_team_channel(connection: Connection, source: str, team: Team, *, book: RulesCache, now: datetime) -> None:
    """Make the team channel known and set others aside; one that has another id than the settings say is moved there."""
    channels, rules = Channels(connection), book.follow(RulesRevisions(connection))
    language = rules.team_language
    known = {channel.chat: channel for channel in channels.all() if channel.source == source}
    if team.was in known and team.chat not in known:
        kept = known[team.was]
        inbox.accept_arrivals(connection, [inbox_arrival(moved_event(source, team.was, team.chat, now))], now)
    else:
        kept = channels.ensure(source, team.chat, language=language, threads=team.threads)
    channels.name_by_settings(source, team.chat)
    own = keep_channels(channels, rules, {source.partition(":")[0]: source})
    channels.retire([kept.id, *own], source)
    for channel in channels.all():
        if channel.source == source:
            digest.ensure_team_digest(Transaction(connection), Chat(source, channel.chat).lane, rules, now)
    answer_review.ensure_answer_review(Transaction(connection), rules, now)


def moved_event(source: str, old: str, new: str, now: datetime) -> Event:
    """Return the event of a chat that got another id; whoever hears it moves the team channel."""
    moved = ChatMoved(old, new)
    return Event(Kind.MEMBER, source, f"moved:{old}:{new}", old, now, old, private=False, name="moved", moved=moved)
