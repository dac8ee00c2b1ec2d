"""The town on Slack: events come again until they are acknowledged; a press that nobody heard is made again by who made it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

from bot.sandbox.slack import Delivery, Person, Room, Seen, SlackSandbox, deliveries, viewing
from tests.crash.clock import FastClock
from tests.crash.side import APPROVE, PATIENCE, REFUSED, WORDS, Shown, Side

OPENING = 8.0  # seconds after which a window does not open any more: whoever was to open it is dead
AGAIN = 0.1  # seconds until a person presses once more
TYPE = "Billing question"
WINDOWS = 3  # in so many dialogs one goes step by step, the others by a window


class SlackSide(Side):
    """A workspace with a team channel, by Socket Mode."""

    sandbox: SlackSandbox
    certain = lasting = True

    def __init__(self, sandbox: SlackSandbox, team: Room, agents: list[Person]) -> None:
        self.sandbox, self.team, self.agents = sandbox, team, agents
        self.source = f"slack:{sandbox.team_id}"
        self.team_chat = team.id
        self.clients = sandbox.channel("clients", members=agents[:1])
        self._posts: dict[str, Seen] = {}  # of those who asked there, by person
        self._roots: dict[int, Seen] = {}
        self._cards: dict[int, Seen] = {}
        self._threads: dict[str, list[Seen]] = {}
        self._dialogs = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, seed: int, names: Collection[str], clock: FastClock) -> AsyncIterator["SlackSide"]:
        """Yield a side with these agents, where a tenth of all posts is refused, by the clock of the desks."""
        with patient(clock.factor):
            async with await SlackSandbox.start(seed=seed, clock=clock) as sandbox:
                agents = [sandbox.person(name) for name in names]
                team = sandbox.channel("helpdesk", members=agents)
                sandbox.faults.ratelimited(1, method="chat.postMessage", times=None, share=REFUSED)
                yield cls(sandbox, team, agents)

    @property
    def settings(self) -> Mapping[str, str]:  # type: ignore[override]
        """The environment of a desk that serves it, all rates lifted."""
        return {
            "SLACK_BOT_TOKEN": self.sandbox.token,
            "SLACK_APP_TOKEN": self.sandbox.app_token,
            "SLACK_API_URL": self.sandbox.api_url,
            "SLACK_TEAM_CHANNEL": self.team.id,
            "SLACK_PER_CHANNEL_PER_SECOND": "10000",
        }

    # The desk

    @property
    def listening(self) -> int:
        return self.sandbox.sockets.opened

    @property
    def introduced(self) -> int:
        return len(self.sandbox.calls_of("conversations.info"))  # what time it is there is asked more than once

    @property
    def unheard(self) -> list[str]:
        return [f"{delivery.name} tried {delivery.tried} times" for delivery in self.sandbox.unacked]

    @property
    def given_up(self) -> Collection[str]:
        events = (each.payload["event"] for each in self.sandbox.deliveries if each.is_event and each.lost)
        return {words for event in events for words in WORDS.findall(event.get("text") or "")}

    @property
    def refused(self) -> int:
        return sum(fault.hits for fault in self.sandbox.faults.waiting)

    def at_peace(self) -> None:
        self.sandbox.faults.clear()

    def wrong(self, keys: Collection[str]) -> Iterator[str]:
        for delivery in self.sandbox.deliveries:
            # Who is in a channel is asked at each start: only words that were given up have to be found.
            if delivery.is_event and not delivery.acked and (key := _key(delivery)) and key not in keys:
                yield f"{delivery.name} was never acknowledged: {delivery.payload['event']}"
            elif delivery.acked and (key := _key(delivery)) and key not in keys:
                yield f"{delivery.name} was acknowledged and is not stored: {key}"
        yield from (str(violation) for violation in self.sandbox.violations)
        natives = [seen.native.get("metadata") for room in self.sandbox.rooms for seen in room.messages]
        posted = Counter(native["event_payload"]["outgoing"] for native in natives if native)
        yield from (f"outgoing {number} was posted {times} times" for number, times in posted.items() if times > 1)

    # What people do

    def come(self, name: str) -> Person:
        return self.sandbox.person(name)

    def come_among_others(self, name: str) -> Person:
        person = self.sandbox.person(name)
        person.joins(self.clients)
        return person

    def wrote_before(self, name: str) -> tuple[Person, str, str]:
        person = self.sandbox.person(name)
        return person, person.id, person.chat.id

    def team_reads(self) -> list[str]:
        return [seen.text for seen in self.team.outside if seen.from_bot]

    async def ask(self, person: Person, words: str) -> int:
        post = self._posts[person.id] = person.says(words, at=self.clients)
        wanted = partial(_registered, self.clients, post)
        told = await self.sandbox.until(wanted, within=PATIENCE)
        number = int(told.text.split("#")[1].split(".")[0])
        self._roots[number] = post
        return number

    async def register(self, person: Person, words: str) -> int:
        """Go through a dialog: what was asked for in vain may come after all, and then the newest counts."""
        self._dialogs += 1
        if self._dialogs % WINDOWS == 0:
            person.says("!new")
        else:
            await self._opens(person)
        pressed: set[str] = set()
        while not (told := person.chat.find("is registered")):
            await self.sandbox.until(partial(_more, person, pressed), within=PATIENCE)
            if person.modal:
                await self._fills(person, words)
            elif (card := _button(person, TYPE)) and card.ts not in pressed:
                pressed.add(card.ts)
                await self._steps(person, words, card, pressed)
        number = int(told.text.split("#")[1].split()[0])
        self._roots[number] = told
        return number

    async def _opens(self, person: Person) -> None:
        """Run the command until a window opens, or until the bot asks in the chat because none can open."""
        while not _more(person, set()):
            await self._insists(lambda: person.runs("/desk new"))
            with suppress(TimeoutError):
                await self.sandbox.until(partial(_more, person, set()), within=OPENING)

    async def _fills(self, person: Person, words: str) -> None:
        """Fill in the window in front and submit it, unless it is past or the request is there."""
        while (front := person.modal) and "billing.details" not in front.fields:
            if person.chat.find("is registered"):
                return
            await self._insists(lambda: person.chooses(TYPE, at="modal"))
            await asyncio.sleep(AGAIN)
        if front:
            person.fills({"billing.details": words})
            await self._insists(person.submits)

    async def _steps(self, person: Person, words: str, card: Seen, pressed: set[str]) -> None:
        """Answer step by step, unless the card is past and another takes its place."""
        await self._presses(person, TYPE, card)
        await self.sandbox.until(lambda: _asked(person) or _more(person, pressed), within=PATIENCE)
        if not _asked(person):
            return
        person.says(words)
        for label in ("Skip", "Submit"):
            await self.sandbox.until(partial(_button, person, label), within=PATIENCE)
            await self._presses(person, label)

    async def _presses(self, person: Person, label: str, at: Seen | None = None) -> None:
        await self._insists(lambda: person.presses(label, at=at))

    async def _insists(self, act: Callable[[], Delivery]) -> None:
        """Do it again until the desk has heard it, or there is nothing to press any more."""
        while True:
            try:
                delivery = act()
            except LookupError:
                return
            await self.sandbox.until(partial(_over, delivery), within=PATIENCE)
            if delivery.acked:
                return
            await asyncio.sleep(AGAIN)

    def greet(self, agent: Person) -> None:
        """The bot may write first."""

    def command(self, agent: Person, words: str, number: int) -> None:
        agent.says(f"!{words}", at=self.team, thread=self._cards[number])

    async def approve(self, agent: Person, number: int) -> None:
        wanted = partial(_button, agent, APPROVE, f"#{number} ")
        await self._presses(agent, APPROVE, await self.sandbox.until(wanted, within=PATIENCE))

    def say(self, person: Person, words: str, number: int) -> None:
        root = self._roots[number]
        person.says(words, at=root.channel, thread=root)

    def send_files(self, person: Person, name: str, number: int) -> list[str]:
        names = [f"{name}-{part}.pdf" for part in range(3)]
        first, *others = [(each, each.encode()) for each in names]
        person.uploads(*first, more=others, thread=self._roots[number])
        return names

    def reply(self, agent: Person, words: str, number: int) -> str:
        return agent.says(f"!r {words}", at=self.team, thread=self._cards[number]).ts

    def note(self, agent: Person, words: str, number: int) -> None:
        agent.says(words, at=self.team, thread=self._cards[number])

    async def press(self, agent: Person, label: str, number: int) -> None:
        await self._presses(agent, label, self._card(number))

    # What is seen

    def _card(self, number: int) -> Seen | None:
        if number in self._cards:
            card = self._cards[number]
            return self.sandbox.message(card.channel, card.ts)
        shown = (seen for seen in self.team.outside if seen.from_bot and f"#{number} " in seen.text)
        return next(shown, None)

    def offers(self, label: str, number: int) -> bool:
        card = self._card(number)
        return card is not None and label in card.buttons

    def rest(self) -> None:
        self._threads = {}
        for seen in self.team.messages:
            if seen.from_bot and seen.thread:
                self._threads.setdefault(seen.thread, []).append(seen)
        for number in {int(n) for seen in self.team.outside for n in _numbers(seen)} - set(self._cards):
            if card := self._card(number):
                self._cards[number] = card

    def private(self, person: Person) -> list[str]:
        post = self._posts.get(person.id)
        return person.chat.texts if post is None else [s.text for s in self.clients.thread(post) if s.from_bot]

    def thread(self, number: int) -> list[Shown]:
        card = self._card(number)
        here = self._threads.get(card.ts, []) if card else []
        shown = [Shown(seen.text, tuple(file.name for file in seen.files)) for seen in here if not seen.buttons]
        said = {words for seen in shown for words in WORDS.findall(seen.text)}
        alone = [words for words in WORDS.findall(card.text if card else "") if words not in said]
        return [Shown(words) for words in alone] + shown  # the card is the thread's first word

    def receipts(self, number: int, reply: Any, receipt: int | None) -> list[str]:
        here = self._threads.get(self._cards[number].ts, [])
        return [seen.text for seen in here if _outgoing(seen) == receipt]

    def threads(self, number: int) -> int:
        named = [seen for seen in self.team.outside if seen.from_bot and f"#{number} " in seen.text]
        return max(1, sum(seen.replies > 0 for seen in named)) if named else 0  # a notice names it too

    def home(self, person: Person) -> str:
        return ""

    def known_by(self, file: Mapping[str, Any]) -> str:
        return str(file["name"])


@contextmanager
def patient(factor: float) -> Iterator[None]:
    """Let Slack wait as long as ever for a desk whose time runs faster than the world's."""
    ack, names = deliveries.ACK, vars(viewing)
    limits = names["LIMITS"]
    deliveries.ACK = timedelta(seconds=ack.total_seconds() * factor)
    names["LIMITS"] = {**limits, "trigger_id_s": limits["trigger_id_s"] * factor}
    try:
        yield
    finally:
        deliveries.ACK, names["LIMITS"] = ack, limits


def _key(delivery: Delivery) -> str | None:
    """Return the key of the event that the desk makes of it; None where it is nobody's word to the desk."""
    body = delivery.payload
    event = body.get("event") or {}
    match delivery.name:
        case "message" | "message.file_share" if "bot_id" not in event:
            return f"m:{event['channel']}:{event['ts']}"
        case "/desk":
            return f"c:{body['trigger_id']}"
        case "view_submission" if not delivery.answer:
            return f"v:{body['view']['id']}:{body['view']['hash']}"
        case "block_actions" if "message" in body:
            return f"p:{body['trigger_id']}:{body['actions'][0]['action_ts']}"
    return None


def _numbers(seen: Seen) -> list[str]:
    first = seen.text.split("#")[1:2] if seen.from_bot else []
    return [part.split()[0] for part in first if part.split() and part.split()[0].isdigit()]


def _outgoing(seen: Seen) -> int | None:
    number = ((seen.native.get("metadata") or {}).get("event_payload") or {}).get("outgoing")
    return int(number) if number is not None else None


def _over(delivery: Delivery) -> bool:
    return delivery.acked or delivery.lost


def _more(person: Person, pressed: set[str]) -> bool:
    """Return whether there is something to do in a dialog: a window, a card that was not pressed yet, or its end."""
    card = _button(person, TYPE)
    return bool(person.modal or (card and card.ts not in pressed) or person.chat.find("is registered"))


def _registered(clients: Room, post: Seen) -> Seen | None:
    told = (seen for seen in clients.thread(post) if seen.from_bot and "this is request #" in seen.text)
    return next(told, None)


def _asked(person: Person) -> bool:
    return person.chat.find("What is your question?") is not None


def _button(person: Person, label: str, words: str = "") -> Seen | None:
    shown = reversed(person.chat.messages)
    return next((seen for seen in shown if label in seen.buttons and words in seen.text), None)
