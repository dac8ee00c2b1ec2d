"""The people of a crash test: they write, answer, press and send while desks come and go, and remember what they did."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.sandbox.telegram import Group, Person, Seen, TelegramSandbox

PATIENCE = 60.0  # seconds a person waits for the bot's next question, restarts included
REFUSED = 0.1  # the share of sends that Telegram answers with 429
BURST = 0.6  # seconds over which a burst is spread
TALKING = 6  # requests that are talked on at a time


@dataclass(eq=False)
class Request:
    """A request as its people know it."""

    number: int
    requester: Person
    said: list[str]  # the requester's words, in order
    pressed: bool = False  # somebody pressed Claim
    over: bool = False  # somebody pressed Resolve
    ready: bool = False  # its topic is there
    topics: list[int] = field(default_factory=list)  # a crash may have made one too many; the newest counts
    busy: bool = False  # something was done about it since all was quiet
    replies: dict[str, int] = field(default_factory=dict)  # words → the agent's own message
    notes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Town:
    """Everybody, and what they did."""

    sandbox: TelegramSandbox
    team: Group
    agents: list[Person]
    random: random.Random
    requests: dict[int, Request] = field(default_factory=dict)
    dialogs: set[asyncio.Task[None]] = field(default_factory=set)
    _words: int = 0
    _people: int = 0

    @classmethod
    @asynccontextmanager
    async def stands(cls, seed: int) -> AsyncIterator["Town"]:
        """Yield a town with two agents and nobody else, whose Telegram refuses a tenth of all sends."""
        async with await TelegramSandbox.start(seed=seed) as sandbox:
            agents = [sandbox.person("Bob", username="bob"), sandbox.person("Eve", username="eve")]
            team = sandbox.group("Team", forum=True, members=agents)
            sandbox.faults.retry_after(1, method="send*", times=None, share=REFUSED)
            town = cls(sandbox, team, agents, random.Random(seed))
            try:
                yield town
            finally:
                for dialog in town.dialogs:
                    dialog.cancel()

    @property
    def settings(self) -> dict[str, str]:
        """Return the environment of a desk that serves this town, all rates lifted."""
        return {
            "TELEGRAM_BOT_TOKEN": self.sandbox.token,
            "TELEGRAM_API_URL": self.sandbox.url,
            "TELEGRAM_TEAM_CHAT": str(self.team.id),
            "TELEGRAM_PER_SECOND": "10000",
            "HTTP_PORT": "0",
            "LOG_LEVEL": "warning",
        }

    def words(self, kind: str) -> str:
        """Return words that nobody has said before."""
        self._words += 1
        return f"{kind}-{self._words:06d}"

    # What people do

    def come(self) -> None:
        """Somebody new comes with a request."""
        dialog = asyncio.create_task(self._registers())
        self.dialogs.add(dialog)

    async def _registers(self) -> None:
        """Go through the whole dialog, however often the desk dies meanwhile."""
        self._people += 1
        person, words = self.sandbox.person(f"Ann{self._people}"), self.words("first")
        person.says("/new")
        await self._sees(person, lambda: person.chat.find("What is it about?"))
        person.presses("Billing question")
        await self._sees(person, lambda: person.chat.find("What is your question?"))
        person.says(words)
        await self._sees(person, lambda: _button(person, "Skip"))
        person.presses("Skip")
        await self._sees(person, lambda: _button(person, "Submit"))
        person.presses("Submit")
        told = await self._sees(person, lambda: person.chat.find("is registered"))
        number = int(told.text.split("#")[1].split()[0])
        self.requests[number] = Request(number, person, [words])

    async def _sees(self, person: Person, seen: Callable[[], Seen | None]) -> Seen:
        found = await self.sandbox.until(seen, within=PATIENCE)
        assert found is not None
        return found

    def claim(self, request: Request) -> None:
        """Both agents press Claim on the card."""
        card = self.card(request, "Claim")
        assert card is not None
        for agent in self.random.sample(self.agents, 2):
            agent.presses("Claim", on=card)
        request.pressed = request.busy = True

    def resolve(self, request: Request) -> None:
        """An agent presses Resolve."""
        card = self.card(request, "Resolve")
        assert card is not None
        self.random.choice(self.agents).presses("Resolve", on=card)
        request.over = request.busy = True

    def say(self, request: Request) -> None:
        """The requester says more."""
        words = self.words("more")
        request.requester.says(words)
        request.said.append(words)
        request.busy = True

    def reply(self, request: Request) -> None:
        """An agent answers."""
        words, agent = self.words("reply"), self.random.choice(self.agents)
        request.replies[words] = agent.says(f"/r {words}", at=self.team, topic=request.topics[-1]).id
        request.busy = True

    def note(self, request: Request) -> None:
        """An agent says something that the requester must not read."""
        words = self.words("note")
        self.random.choice(self.agents).says(words, at=self.team, topic=request.topics[-1])
        request.notes.append(words)
        request.busy = True

    def album(self, request: Request) -> None:
        """The requester sends an album."""
        photos = request.requester.sends_album(("photo", "photo", "photo"))
        request.files += [photo.file_id or "" for photo in photos]
        request.busy = True

    def card(self, request: Request, button: str) -> Seen | None:
        """Return the newest card of a request with this button in the team's General, if it is there yet."""
        about = f"#{request.number} "
        shown = reversed(self.team.general)
        return next((seen for seen in shown if about in seen.text and button in seen.buttons), None)

    # Bursts

    async def burst(self) -> None:
        """Do a little of everything, all at once."""
        talking = [r for r in self.requests.values() if r.ready and not r.over]
        fresh = [r for r in self.requests.values() if not r.pressed and self.card(r, "Claim")]
        quiet = [r for r in talking if not r.busy]
        acts: list[Callable[[], None]] = [self.come]
        if len(talking) > TALKING // 2 and quiet:
            done = quiet[0]
            talking.remove(done)
            acts.append(lambda: self.resolve(done))
        for request in talking[:TALKING]:
            acts += [_of(self.say, request)] * 3 + [_of(self.reply, request)] * 2 + [_of(self.note, request)]
        for request in fresh:
            acts += [_of(self.say, request), _of(self.claim, request)]
        if talking:
            acts.append(_of(self.album, self.random.choice(talking)))
        self.random.shuffle(acts)
        await asyncio.gather(*(self._later(act) for act in acts))

    async def _later(self, act: Callable[[], None]) -> None:
        await asyncio.sleep(self.random.random() * BURST)
        act()

    async def finish_dialogs(self) -> None:
        """Return when everybody who came with a request has a number for it."""
        dialogs, self.dialogs = self.dialogs, set()
        await asyncio.gather(*dialogs)

    def rest(self) -> None:
        """All is quiet: what was claimed has its topic now."""
        topics: dict[int, list[int]] = defaultdict(list)
        for seen in self.team.messages:
            if opened := seen.native.get("forum_topic_created"):
                topics[int(opened["name"].removeprefix("#").split()[0])].append(seen.id)
        for request in self.requests.values():
            request.ready, request.busy, request.topics = request.pressed, False, topics[request.number]


def _of(act: Callable[[Request], None], request: Request) -> Callable[[], None]:
    return lambda: act(request)


def _button(person: Person, label: str) -> Seen | None:
    return next((seen for seen in reversed(person.chat.messages) if label in seen.buttons), None)
