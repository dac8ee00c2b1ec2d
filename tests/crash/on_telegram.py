"""The town on Telegram: updates come again until they are confirmed, presses too."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from bot.sandbox.telegram import Group, Person, Seen, TelegramSandbox
from tests.crash.side import APPROVE, PATIENCE, REFUSED, Shown, Side

RECEIPTS = ("✓", "?")


class TelegramSide(Side):
    """A forum and a bot."""

    sandbox: TelegramSandbox
    certain = lasting = False

    def __init__(self, sandbox: TelegramSandbox, team: Group, agents: list[Person]) -> None:
        self.sandbox, self.team, self.agents = sandbox, team, agents
        self.source = f"telegram:{sandbox.token.partition(':')[0]}"
        self.team_chat = str(team.id)
        self.clients = sandbox.group("Clients", members=agents[:1])
        self._posts: dict[int, int] = {}  # of those who asked there, by person
        self._topics: dict[int, list[int]] = {}
        self._by_topic: dict[int, list[Seen]] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, seed: int, names: Collection[str]) -> AsyncIterator["TelegramSide"]:
        """Yield a side with these agents, where a tenth of all sends is refused."""
        async with await TelegramSandbox.start(seed=seed) as sandbox:
            agents = [sandbox.person(name, username=name.lower()) for name in names]
            team = sandbox.group("Team", forum=True, members=agents)
            sandbox.faults.retry_after(1, method="send*", times=None, share=REFUSED)
            yield cls(sandbox, team, agents)

    @property
    def settings(self) -> Mapping[str, str]:  # type: ignore[override]
        """The environment of a desk that serves it, all rates lifted."""
        return {
            "TELEGRAM_BOT_TOKEN": self.sandbox.token,
            "TELEGRAM_API_URL": self.sandbox.url,
            "TELEGRAM_TEAM_CHAT": str(self.team.id),
            "TELEGRAM_PER_SECOND": "10000",
        }

    # The desk

    @property
    def listening(self) -> int:
        return self.sandbox.polls

    @property
    def introduced(self) -> int:
        return len(self.sandbox.calls_of("getMe"))

    @property
    def unheard(self) -> list[str]:
        return [f"update {update.id}" for update in self.sandbox.unconfirmed]

    @property
    def refused(self) -> int:
        return sum(fault.hits for fault in self.sandbox.faults.waiting)

    def at_peace(self) -> None:
        self.sandbox.faults.clear()

    def wrong(self, keys: Collection[str]) -> Iterator[str]:
        lost = [update for update in self.sandbox.updates if not update.confirmed]
        yield from (f"update {update.id} was never confirmed" for update in lost)
        yield from (str(violation) for violation in self.sandbox.violations)

    # What people do

    def come(self, name: str) -> Person:
        return self.sandbox.person(name)

    def come_among_others(self, name: str) -> Person:
        person = self.sandbox.person(name)
        person.becomes("member", self.clients)
        return person

    def wrote_before(self, name: str) -> tuple[Person, str, str]:
        person = self.sandbox.person(name)
        self.sandbox.lets_write(person)
        return person, str(person.id), str(person.id)

    def team_reads(self) -> list[str]:
        return [seen.text for seen in self.team.general if seen.from_bot]

    async def ask(self, person: Person, words: str) -> int:
        self._posts[person.id] = person.says(words, at=self.clients).id
        told = await self._sees(lambda: next((s for s in self._told(person) if "this is request #" in s.text), None))
        return int(told.text.split("#")[1].split(".")[0])

    def _told(self, person: Person) -> list[Seen]:
        """Return what the bot has said to somebody in the request channel, oldest first."""
        return [seen for seen in self.clients.messages if seen.from_bot and seen.reply_to == self._posts[person.id]]

    async def register(self, person: Person, words: str) -> int:
        person.says("/new")
        await self._sees(lambda: person.chat.find("What is it about?"))
        person.presses("Billing question")
        await self._sees(lambda: person.chat.find("What is your question?"))
        person.says(words)
        for label in ("Skip", "Submit"):
            await self._sees(partial(_button, person, label))
            person.presses(label)
        told = await self._sees(lambda: person.chat.find("is registered"))
        return int(told.text.split("#")[1].split()[0])

    async def _sees(self, seen: Callable[[], Seen | None]) -> Seen:
        found = await self.sandbox.until(seen, within=PATIENCE)
        assert found is not None
        return found

    def greet(self, agent: Person) -> None:
        agent.starts()

    def command(self, agent: Person, words: str, number: int) -> None:
        agent.says(f"/{words}", at=self.team, topic=self._topics[number][-1])

    async def approve(self, agent: Person, number: int) -> None:
        agent.presses(APPROVE, on=await self._sees(lambda: _button(agent, APPROVE, f"#{number} ")))

    def say(self, person: Person, words: str, number: int) -> None:
        if person.id in self._posts:
            person.says(words, at=self.clients, reply_to=self._posts[person.id])
        else:
            person.says(words)

    def send_files(self, person: Person, name: str, number: int) -> list[str]:
        return [photo.file_id or "" for photo in person.sends_album(("photo", "photo", "photo"))]

    def reply(self, agent: Person, words: str, number: int) -> int:
        return agent.says(f"/r {words}", at=self.team, topic=self._topics[number][-1]).id

    def note(self, agent: Person, words: str, number: int) -> None:
        agent.says(words, at=self.team, topic=self._topics[number][-1])

    async def press(self, agent: Person, label: str, number: int) -> None:
        card = self._card(label, number)
        assert card is not None
        agent.presses(label, on=card)

    # What is seen

    def _card(self, label: str, number: int) -> Seen | None:
        shown = reversed(self.team.general)
        return next((seen for seen in shown if f"#{number} " in seen.text and label in seen.buttons), None)

    def offers(self, label: str, number: int) -> bool:
        return self._card(label, number) is not None

    def rest(self) -> None:
        topics, by_topic = defaultdict(list), defaultdict(list)
        for seen in self.team.messages:
            if opened := seen.native.get("forum_topic_created"):
                topics[int(opened["name"].removeprefix("#").split()[0])].append(seen.id)
            elif seen.from_bot and seen.thread is not None:
                by_topic[seen.thread].append(seen)
        self._topics, self._by_topic = dict(topics), dict(by_topic)

    def _here(self, number: int) -> list[Seen]:
        return [seen for topic in self._topics.get(number, ()) for seen in self._by_topic.get(topic, ())]

    def private(self, person: Person) -> list[str]:
        told = self._told(person) if person.id in self._posts else person.chat.messages
        return [seen.text for seen in told if seen.from_bot]

    def thread(self, number: int) -> list[Shown]:
        return [Shown(seen.text, _files(seen)) for seen in self._here(number) if not seen.buttons]

    def receipts(self, number: int, reply: Any, receipt: int | None) -> list[str]:
        here = self._here(number)
        return [seen.text for seen in here if seen.reply_to == reply and seen.text.startswith(RECEIPTS)]

    def threads(self, number: int) -> int:
        return len(self._topics.get(number, ()))

    def home(self, person: Person) -> str:
        return f"{self.source}:{self.clients.id if person.id in self._posts else person.id}"

    def known_by(self, file: Mapping[str, Any]) -> str:
        return str(file["ref"])


def _files(seen: Seen) -> tuple[str, ...]:
    name = (seen.native.get("document") or {}).get("file_name")
    return (name or seen.file_id,) if seen.file_id else ()


def _button(person: Person, label: str, words: str = "") -> Seen | None:
    shown = reversed(person.chat.messages)
    return next((seen for seen in shown if label in seen.buttons and words in seen.text), None)
