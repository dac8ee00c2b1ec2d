"""The stage of stories told on Telegram: the sandbox's people and chats, in the words of a story."""

from collections.abc import Mapping
from typing import Any

from aiogram.client.session.aiohttp import AiohttpSession

from bot.app import App
from bot.sandbox.telegram import Group, Person, Rates, Room, Seen, TelegramSandbox
from bot.telegram.adapter import Telegram
from tests.clock import HandClock
from tests.stories.harness.places import QUEUE, Line, Place
from tests.stories.harness.wire import Judge, hurried

FOUND = ("bot_command", "mention", "url", "hashtag", "cashtag", "email", "phone_number")  # marked by Telegram itself
SERVICE = ("forum_topic_", "new_chat_", "left_chat_", "migrate_", "pinned_")


class TelegramStage:
    """A bot, a team's group, and whoever talks to them."""

    def __init__(self, sandbox: TelegramSandbox, clock: HandClock, *, forum: bool, supergroup: bool) -> None:
        self.sandbox, self.clock, self.forum = sandbox, clock, forum
        self.judge = Judge()
        self.people: dict[str, Person] = {}
        self.founder = sandbox.person("Olena", username="olena_boss")
        self.team: Group = sandbox.group("Team", forum=forum, supergroup=supergroup, members=[self.founder])

    @classmethod
    async def start(cls, clock: HandClock, *, forum: bool, supergroup: bool, paced: bool) -> "TelegramStage":
        """Open the stage before the desk is opened."""
        sandbox = await TelegramSandbox.start(clock=clock, rates=Rates() if paced else None)
        return cls(sandbox, clock, forum=forum, supergroup=supergroup)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of a desk on this stage."""
        sandbox = self.sandbox
        return {
            "telegram_bot_token": sandbox.token,
            "telegram_api_url": sandbox.url,
            "telegram_team_chat": self.team.id,
        }

    def judge_calls(self, app: App) -> None:
        """Let every call of the desk be judged."""
        for messenger in app.messengers.values():
            if isinstance(messenger, Telegram):
                assert isinstance(messenger.bot.session, AiohttpSession)
                messenger.bot.session = hurried(messenger.bot.session)
                messenger.bot.session.middleware(self.judge)

    @property
    def teams(self) -> set[int]:
        """The rooms of the team: it may have moved."""
        return {room.id for room in self.sandbox.rooms if isinstance(room, Group)}

    async def close(self) -> None:
        """Close the stage."""
        await self.sandbox.close()

    # What the desk still has to do, and what it did wrong

    @property
    def unheard(self) -> bool:
        """Whether something that people did has not been received yet."""
        return bool(self.sandbox.unconfirmed)

    @property
    def complaints(self) -> list[str]:
        """Everything the desk did that a careful program never does."""
        spinning = [f"a button still spins: {press.data}" for press in self.sandbox.unanswered]
        return [*(str(v) for v in self.sandbox.violations), *self.judge.problems, *spinning]

    # People

    def person(self, name: str, *, language: str, username: str | None, agent: bool) -> Person:
        """Let somebody exist; an agent is in the team's group from the start."""
        made = self.sandbox.person(name, language=language, username=username)
        if agent:
            made.becomes("member", self.team)
        self.people[name] = made
        return made

    def room(self, person: Person, at: Place | None) -> Room:
        """Return the chat of a place."""
        return person.chat if at is None else self.team

    def where(self, person: Person, at: Place | None) -> dict[str, Any]:
        """Return what tells the sandbox to say something in a place."""
        if at is None:
            return {}
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

    # What is seen

    def lines(self, person: Person, at: Place | None) -> list[Line]:
        """Return what is seen in a place now, oldest first."""
        messages = self.room(person, at).messages
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

    def everything(self) -> dict[int, list[Line]]:
        """Return every chat's lines."""
        return {room.id: [line(message) for message in room.messages] for room in self.sandbox.rooms}


def line(message: Seen) -> Line:
    """Return a message of the sandbox as a story sees it."""
    units = message.text.encode("utf-16-le")
    marked = tuple(
        (e["type"], units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in message.entities
        if e["type"] not in FOUND
    )
    buttons = [button for row in message.rows for button in row]
    return Line(
        message.chat,
        message.id,
        message.author,
        message.from_bot,
        message.kind,
        message.text,
        tuple(button.text for button in buttons),
        message.reply_to,
        marked,
        tuple(button.data or "" for button in buttons),
        message.kind.startswith(SERVICE),
        message.media_group or "",
    )
