"""The stage of stories told on Telegram: the sandbox's people and chats, in the words of a story."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.app import App
from bot.sandbox.faults import Fault
from bot.sandbox.telegram import Group, Person, Rates, Seen, TelegramSandbox
from bot.telegram.adapter import Telegram
from tests.clock import HandClock
from tests.stories.harness.capabilities import CAN, Capability
from tests.stories.harness.house import House
from tests.stories.harness.places import QUEUE, Line, Place
from tests.stories.harness.stage import FREELY
from tests.stories.harness.telegram_words import entity, line
from tests.stories.harness.wire import Judge


class TelegramStage:
    """A bot, a team's group, and whoever talks to them."""

    def __init__(self, sandbox: TelegramSandbox, house: House) -> None:
        self.sandbox, self.forum, self.paced = sandbox, house.forum, house.paced
        self.judge = Judge()
        self.rooms: dict[str, Group] = {}
        self.founder = sandbox.person("Olena", username="olena_boss")
        self.team = sandbox.group("Team", forum=house.forum, supergroup=house.supergroup, members=[self.founder])

    @classmethod
    async def start(cls, clock: HandClock, house: House) -> "TelegramStage":
        """Open the stage before the desk is opened."""
        return cls(await TelegramSandbox.start(clock=clock, rates=Rates() if house.paced else None), house)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of a desk on this stage."""
        return {
            "telegram_bot_token": self.sandbox.token,
            "telegram_api_url": self.sandbox.url,
            "telegram_team_chat": self.team.id,
            **({} if self.paced else {"telegram_per_second": FREELY}),
        }

    def joined_by(self, app: App) -> None:
        """Let every call of the desk be judged."""
        for messenger in app.configured:
            if isinstance(messenger, Telegram):
                messenger.bot.session.middleware(self.judge)

    async def ready(self) -> None:
        """What is said before the desk asks waits for it."""

    @property
    def teams(self) -> set[str]:
        """The rooms of the team: it may have moved."""
        others = {room.id for room in self.rooms.values()}
        return {str(room.id) for room in self.sandbox.rooms if isinstance(room, Group) and room.id not in others}

    async def close(self) -> None:
        """Close the stage."""
        await self.sandbox.close()

    def stirs(self) -> "asyncio.Future[None]":
        """Return what is done when something changes."""
        return self.sandbox.changes.next()

    def touch(self) -> None:
        """Say that something has changed."""
        self.sandbox.changes.touch()

    @property
    def unheard(self) -> bool:
        """Whether something that people did has not been received yet."""
        return bool(self.sandbox.unconfirmed)

    @property
    def complaints(self) -> list[str]:
        """Everything the desk did that a careful program never does."""
        spinning = [f"a button still spins: {press.data}" for press in self.sandbox.unanswered]
        return [*(str(v) for v in self.sandbox.violations), *self.judge.problems, *spinning]

    def of(self, person: Person) -> "TelegramStage":
        """Return this one: everybody is here."""
        return self

    # What people do

    def person(self, name: str, *, language: str, username: str | None, agent: bool, outside: bool) -> Person:
        """Let somebody exist; an agent is in the team's group from the start."""
        made = self.sandbox.person(name, language=language, username=username)
        if agent and not outside:
            made.becomes("member", self.team)
        return made

    def source(self, person: Person) -> str:
        """Return the account of the desk that a person talks to."""
        return f"telegram:{self.sandbox.token.partition(':')[0]}"

    def says(self, person: Person, text: str, at: Place | None, reply_to: Line | None, **more: Any) -> Line:
        """Let somebody say something; ``marked`` is the formatting they put on it."""
        entities = [entity(text, *mark) for mark in more.pop("marked", ())]
        return line(person.says(text, entities=entities, **self._where(at, reply_to), **more))

    def sends(
        self, person: Person, kind: str, caption: str, at: Place | None, reply_to: Line | None, **more: Any
    ) -> Line:
        """Let somebody send a file of a kind, or a ``location``, ``contact``, ``poll``, ``dice``."""
        act = getattr(person, f"sends_{kind}")
        return line(act(**({"caption": caption} if caption else {}), **self._where(at, reply_to), **more))

    def sends_album(self, person: Person, kinds: tuple[str, ...], caption: str, at: Place | None) -> list[Line]:
        """Let somebody send an album."""
        return [line(seen) for seen in person.sends_album(kinds, caption=caption, **self._where(at, None))]

    def edits(self, person: Person, line: Line, text: str) -> None:
        """Let somebody change their own words."""
        person.edits(int(line.id), text, at=int(line.room))

    def presses(self, person: Person, name: str, line: Line) -> None:
        """Let somebody press what a button would send, whether it is still there or not."""
        person.presses(data=name, on=int(line.id), at=int(line.room))

    def opens_room(self, name: str, people: list[Person], *, forum: bool = False, private: bool = False) -> str:
        """Let people have a group with the bot in it."""
        self.rooms[name] = self.sandbox.group(name, members=people, forum=forum)
        return str(self.rooms[name].id)

    def bot_in_room(self, name: str, *, there: bool) -> None:
        """Let the bot be thrown out of a group, or let in again."""
        self.rooms[name].add_bot() if there else self.rooms[name].remove_bot()

    def another_bot(self, name: str, room: str) -> Person:
        """Let another bot be in a group."""
        made = self.sandbox.person(name, username=f"{name}_bot", bot=True)
        made.becomes("member", self.rooms[room])
        return made

    def mentions(self, person: Person, text: str, at: Place | None, reply_to: Line | None) -> Line:
        """Let somebody name the bot, with words after it."""
        name = f"@{self.sandbox._world.bot.username}"
        mark = {"type": "mention", "offset": 0, "length": len(name)}
        return line(person.says(f"{name} {text}".strip(), entities=[mark], **self._where(at, reply_to)))

    def reacts(self, person: Person, emoji: str, line: Line) -> None:
        """Let somebody put an emoji on a message: of those that Telegram has."""
        person.reacts({"🎫": "✍"}.get(emoji, emoji), int(line.id), at=int(line.room))

    def deletes(self, person: Person, line: Line) -> None:
        """Let somebody delete a message of their own."""
        person.deletes(int(line.id), at=int(line.room))

    def joins(self, person: Person) -> None:
        """Let somebody join the team."""
        person.joins(self.team)

    def leaves(self, person: Person, *, heard: bool = True) -> None:
        """Let somebody leave the team; where it is not ``heard``, nothing ever tells the desk."""
        person.leaves(self.team, heard=heard)

    def trouble(self, person: Person | None) -> "TelegramTrouble":
        """Return what may go wrong on the way to somebody, or to the team's channel."""
        return TelegramTrouble(self.sandbox, (self.team if person is None else person.chat).id)

    def _where(self, at: Place | None, reply_to: Line | None) -> dict[str, Any]:
        """Return what tells the sandbox to say something in a place."""
        if reply_to is not None:
            return {"at": int(reply_to.room), "reply_to": int(reply_to.id)}
        if at is None:
            return {}
        if at.room:
            return {"at": self.rooms[at.room]}
        if at.ticket is None:
            return {"at": self.team}
        if topic := self._topic(at.ticket):
            return {"at": self.team, "topic": topic.id}
        return {"at": self.team, "reply_to": self._card(at.ticket)}

    def _topic(self, ticket: int) -> Any:
        return next((t for t in reversed(self.team.topics) if t.name.startswith(f"#{ticket} ")), None)

    def _card(self, ticket: int) -> int:
        cards = [m for m in self.team.messages if m.from_bot and f"#{ticket} " in m.text.split("\n")[0]]
        assert cards, f"#{ticket} has no card: {[m.text for m in self.team.messages]}"
        return cards[0].id

    # What people see

    def lines(self, person: Person, at: Place | None) -> list[Line]:
        """Return what is seen in a place now, oldest first."""
        if at is not None and at.room:
            return [line(message) for message in self.rooms[at.room].messages]
        messages = (person.chat if at is None else self.team).messages
        if at is not None and at.ticket is not None:
            messages = self._of_thread(messages, at.ticket)
        elif at == QUEUE:
            messages = [message for message in messages if message.thread is None]
        return [line(message) for message in messages]

    def _of_thread(self, messages: list[Seen], ticket: int) -> list[Seen]:
        if topic := self._topic(ticket):
            return [message for message in messages if message.thread == topic.id]
        if self.forum:
            return []
        chain = {self._card(ticket)}
        for message in messages:
            if message.reply_to in chain:
                chain.add(message.id)
        return [message for message in messages if message.id in chain]

    def everything(self) -> dict[str, list[Line]]:
        """Return every chat's lines."""
        return {str(room.id): [line(message) for message in room.messages] for room in self.sandbox.rooms}

    def content(self, person: Person, line: Line) -> tuple[str, bytes]:
        """Return the name and the content of a file that is seen."""
        room = next(each for each in self.sandbox.rooms if str(each.id) == line.room)
        message = next(m for m in room.messages if str(m.id) == line.id)
        stored = self.sandbox._world.files.get(message.file_id or "")
        return stored.name or "", stored.data or b""

    def home(self, person: Person) -> str:
        """Return somebody's private chat."""
        return str(person.chat.id)

    def toasts(self, person: Person) -> list[str]:
        """Return what somebody's presses brought, oldest first."""
        return [toast.text for toast in person.toasts]

    def answered(self, person: Person) -> bool:
        """Return whether the last button stopped spinning."""
        return person.toasts[-1].answered

    def shown_as(self, person: Person, kind: str) -> str:
        """Return what a file of a kind looks like: itself."""
        return kind

    def can(self, person: Person, capability: Capability) -> bool:
        """Return whether there is something where this person is that not every messenger has."""
        return capability in CAN["telegram"] and (self.forum or capability is not Capability.TOPICS)

    # Windows: there are none

    def window(self, person: Person) -> list[str] | None:
        """Return nothing: no window opens here."""
        return None

    def fill(self, person: Person, name: str, answer: str) -> None:
        """Refuse: no window opens here."""
        raise AssertionError("there are no windows here")

    def submit(self, person: Person) -> None:
        """Refuse: no window opens here."""
        raise AssertionError("there are no windows here")

    def shut(self, person: Person) -> None:
        """Refuse: no window opens here."""
        raise AssertionError("there are no windows here")

    def problems(self, person: Person) -> dict[str, str]:
        """Return nothing: no window opens here."""
        return {}


class TelegramTrouble:
    """What goes wrong on the way to one chat."""

    def __init__(self, sandbox: TelegramSandbox, chat: int) -> None:
        self._faults, self._chat = sandbox.faults, chat
        self._lasting: Fault | None = None

    def loses_an_answer(self) -> None:
        """Let the next message arrive, and the answer to it get lost."""
        self._faults.drop(after=True, chat=self._chat)

    def answers_instead(self, kind: str) -> None:
        """Let somebody else answer the next message, which does not arrive."""
        self._faults.foreign(kind, method="send*", chat=self._chat)

    def makes_wait(self, seconds: int) -> None:
        """Let the next message be told to come back later."""
        self._faults.retry_after(seconds, chat=self._chat)

    def begins(self) -> None:
        """Let nothing arrive, until it ends."""
        self._lasting = self._faults.html(chat=self._chat, times=None)

    def loses_every_answer(self) -> None:
        """Let every message arrive, and every answer to one get lost, until it ends."""
        self._lasting = self._faults.drop(after=True, method="sendMessage", chat=self._chat, times=None)

    def refuses(self, word: str) -> None:
        """Let every message and every change of one be refused with a word, until it ends."""
        self._lasting = self._faults.error(400, f"Bad Request: {word}", method="*Message*", chat=self._chat, times=None)

    def ends(self) -> None:
        """Let everything arrive again."""
        assert self._lasting is not None
        self._faults.remove(self._lasting)

    def refuses_a_file(self) -> None:
        """Let the next file be too large."""
        self._faults.error(400, "Bad Request: file is too big", chat=self._chat)
