"""Who is in the team's channels, asked of the messengers: when somebody unknown acts there, at the start, after a gap, daily."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.inbox import Inbox
from bot.messengers.protocol import Messenger, Revoked, Undelivered
from bot.monitoring.health import Health
from bot.retry import retry_until_served
from handlers.system.membership import Proof, membership_proof
from handlers.vocabulary.messages import Event, Kind, Sender
from storage.engine.database import Connection, Database
from storage.people.membership import member_natives
from storage.people.people import Channel, Channels

log = logging.getLogger("frontdesk.roster")

DAILY = timedelta(days=1)
LEAD = "roster"
AGAIN = timedelta(minutes=5)  # after a comparison that could not be made
PATIENCE = 1.5  # seconds an arrival waits for an answer: Slack wants its own within three
# For which an answer goes ahead in every lane, and who was not there is not asked for again.
FRESH = timedelta(minutes=1)
ACTS = (Kind.TEXT, Kind.COMMAND, Kind.PRESS, Kind.SUBMIT, Kind.REACTION)


@dataclass(slots=True)
class Answer:
    """What a messenger said of somebody, and the lanes it was told in. Lanes have no order among themselves."""

    here: bool
    at: datetime
    lanes: set[str] = field(default_factory=set)


class Roster:
    """Asks, and lets the answers come in as events like all others; what nobody answers changes nothing."""

    def __init__(
        self, database: Database, clock: Clock, messengers: Mapping[str, Messenger], inbox: Inbox, health: Health
    ) -> None:
        self.bell = asyncio.Event()  # rings after a time in which nothing was heard
        self._database, self._clock, self._messengers, self._inbox = database, clock, messengers, inbox
        self._health = health
        self._seen: set[tuple[str, str]] = set()  # place and native id: whose membership this process has heard of
        self._answers: dict[tuple[str, str], Answer] = {}

    async def complete(self, events: Sequence[Event]) -> list[Event]:
        """Return events, each behind what the messenger says of an actor whose membership nobody has told of yet."""
        self._forget()
        self._seen.difference_update(_who(event) for event in events if membership_proof(event) is Proof.LEFT)
        asked = {who for event in events if (who := self._unknown(event))}
        said = dict(zip(asked, await asyncio.gather(*(self._ask(*who) for who in asked)), strict=True))
        now = self._clock.now()
        fresh = {who: Answer(here, now) for who, here in said.items() if here is not None}
        found: list[Event] = []
        told: set[tuple[str, str, str]] = set()
        for event in events:
            ahead = self._ahead(event, fresh)
            lane = (*_who(event), event.conversation)
            if ahead is not None and lane not in told:
                told.add(lane)
                found.append(ahead)
            found.append(event)
        return found

    def _ahead(self, event: Event, fresh: Mapping[tuple[str, str, str], Answer]) -> Event | None:
        """Return what has to be known before an act; in its own lane, as another may be behind."""
        actor = _actor(event)
        if actor is None or event.sender is None:
            return None
        answer = fresh.get(actor) or self._answers.get(_who(event))
        if answer is None or event.conversation in answer.lanes:
            return None
        return self._told(event, event.sender, here=answer.here, at=answer.at)

    def learn(self, events: Sequence[Event]) -> None:
        """Remember what events told that are stored now; whoever has left is asked about at their next act."""
        for event in events:
            self._learn(event)

    def _unknown(self, event: Event) -> tuple[str, str, str] | None:
        """Return whom to ask about: source, chat and native id; None where an event asks for no membership, or it is known."""
        who = _who(event)
        return None if who in self._seen or who in self._answers else _actor(event)

    def _forget(self) -> None:
        """Forget what was said a while ago: who was not there may have come since."""
        now = self._clock.now()
        self._answers = {who: said for who, said in self._answers.items() if timedelta(0) <= now - said.at < FRESH}

    def _learn(self, event: Event) -> None:
        said = membership_proof(event)
        if said is Proof.NOTHING:
            return
        who, here = _who(event), said is not Proof.LEFT
        if here:
            self._seen.add(who)
        else:
            self._seen.discard(who)
        answer = self._answers.get(who)
        if event.verified:
            if answer is None or (answer.here, answer.at) != (here, event.at):
                answer = self._answers[who] = Answer(here, event.at)
            answer.lanes.add(event.conversation)
        elif answer is not None and answer.here != here:
            del self._answers[who]

    async def _ask(self, source: str, chat: str, native: str) -> bool | None:
        """Return whether somebody is in a chat; None where it is no team's, or nobody says."""
        messenger = self._messengers.get(source)
        if messenger is None:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                return (await messenger.present(chat, [native])).get(native)
        except (TimeoutError, Undelivered, Revoked) as error:
            log.info("who acted could not be asked about: %s", type(error).__name__, extra={"event": "roster_unasked"})
            return None

    def _told(self, act: Event, sender: Sender, *, here: bool, at: datetime) -> Event:
        """Return what the messenger answered, as an event that comes before the act it was asked about."""
        key = f"{'present' if here else 'absent'}:{act.key}"
        return Event(
            Kind.MEMBER, act.source, key, act.conversation, at, chat=act.chat, private=False, sender=sender,
            name="joined" if here else "left", verified=True,
        )  # fmt: skip

    # All who are known

    async def serve(self) -> None:
        """Compare for ever: now, whenever the bell rings here, and once a day, which of several processes one does."""
        compare = self._compare
        while True:
            wait = DAILY if await retry_until_served(compare, self._health, "roster") else AGAIN
            due, rang = self._clock.now() + wait, False
            while timedelta(0) < due - self._clock.now() <= wait and not rang:
                rang = await self._clock.wait(self.bell, due)
            compare = self._compare if rang or wait is AGAIN else self._compare_for_all

    async def _compare_for_all(self) -> bool:
        """Compare if this process is the one that does."""
        return await self._compare() if await self._database.lead(LEAD) else True

    async def _compare(self) -> bool:
        """Compare the known members of every team channel with who is there; return whether all of them could be asked about."""
        whole = True
        for channel, natives in await self._database.read(_known):
            whole &= await self._look(channel, natives)
        return whole

    async def _look(self, channel: Channel, natives: Collection[str]) -> bool:
        messenger = self._messengers.get(channel.source)
        if messenger is None or not natives:
            return True
        asked = self._clock.now()
        try:
            answers = await messenger.present(channel.chat, natives)
        except (Undelivered, Revoked) as error:
            log.warning(
                "who is in the team's channel could not be asked: %s",
                type(error).__name__,
                extra={"event": "roster_unasked"},
            )
            return False
        gone = [native for native, here in answers.items() if not here]
        events = [self._absent(channel, native, asked) for native in gone]
        await self._inbox.accept(events)
        self.learn(events)
        if gone:
            log.info("%d of the team had left unheard", len(gone), extra={"event": "roster_left", "gone": len(gone)})
        return len(answers) == len(natives)

    def _absent(self, channel: Channel, native: str, at: datetime) -> Event:
        act = Event(
            Kind.MEMBER,
            channel.source,
            f"{channel.chat}:{native}:{at:%Y%m%d%H%M%S}",
            channel.chat,
            at,
            chat=channel.chat,
        )
        return self._told(act, Sender(native, ""), here=False, at=at)


def _actor(event: Event) -> tuple[str, str, str] | None:
    """Return who does what a member may do, and does not prove to be one by it: source, chat and native id."""
    sender = event.sender
    if event.private or event.kind not in ACTS or sender is None or not sender.native or sender.outsider:
        return None
    if event.passing:  # it is no place of the team's
        return None
    return (event.source, event.chat, sender.native) if membership_proof(event) is Proof.NOTHING else None


def _who(event: Event) -> tuple[str, str]:
    """Return whose membership an event tells of."""
    return event.place, event.sender.native if event.sender is not None else ""


def _known(connection: Connection) -> list[tuple[Channel, Sequence[str]]]:
    """Return the team channels, each with the native ids of its known members."""
    return [(each, member_natives(connection, each.source, each.chat)) for each in Channels(connection).all()]
