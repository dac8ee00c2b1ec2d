"""The stage: all that a test, the demo page or a bench does to the sandbox and reads from it."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.sandbox.changes import PATIENCE, Changes
from bot.sandbox.clock import Clock
from bot.sandbox.telegram.calls import Call, Calls
from bot.sandbox.telegram.control.person import Person
from bot.sandbox.telegram.control.room import Group, Room
from bot.sandbox.telegram.model import Json, Member, Press, StoredFile, Violation
from bot.sandbox.telegram.rates import Rates
from bot.sandbox.telegram.tables import RIGHTS
from bot.sandbox.telegram.trouble import Trouble, Where
from bot.sandbox.telegram.updates import Update
from bot.sandbox.telegram.world import Keep, World

T = TypeVar("T")


class Stage:
    """The people, the chats, the logs and the trouble, without the network."""

    def __init__(self, token: str, clock: Clock, *, rates: Rates | None, keep: Keep, seed: int, username: str) -> None:
        self.token, self.clock = token, clock
        self.changes = Changes()
        self.faults = Trouble(seed)
        self._world = World(token, clock, self.changes, keep=keep, username=username)
        self._world.meter.set(rates)
        self._calls = Calls(self._world)

    # People and groups

    def person(
        self, name: str, *, language: str | None = "en", username: str | None = None, bot: bool = False
    ) -> Person:
        """Let somebody exist who has never written to the bot, or another ``bot``."""
        account = self._world.add_person(name, username=username, language=language)
        account.is_bot = bot
        return Person(self._world, account)

    def group(
        self,
        title: str,
        *,
        members: Iterable[Person] = (),
        forum: bool = False,
        supergroup: bool = True,
        bot_admin: bool = True,
        rights: Iterable[str] = RIGHTS,
        with_bot: bool = True,
    ) -> Group:
        """Make a group; the first member has created it. Nobody hears of that; ``add_bot`` later is heard."""
        chat = self._world.add_group(title, supergroup=supergroup or forum, forum=forum)
        bot = Member("administrator", frozenset(rights)) if bot_admin else Member("member")
        chat.members = {person.id: Member("member" if number else "creator") for number, person in enumerate(members)}
        if with_bot:
            chat.members[self._world.bot.id] = bot
        return Group(self._world, chat)

    def file(self, file_id: str) -> StoredFile:
        """Return a file that somebody has sent, with its bytes in ``data``."""
        return self._world.files.get(file_id)

    def lets_write(self, person: Person) -> None:
        """Let somebody have started the bot on an earlier day: nobody hears of it now."""
        self._world.chats[person.id].started = True

    def names_path(self, file_id: str, path: str) -> None:
        """Name this path for a file from now on, as a server started with --local names one on its own disk."""
        self._world.files.lie_at(file_id, path)

    @property
    def people(self) -> list[Person]:
        """Everybody."""
        return [Person(self._world, account) for account in self._world.people.values()]

    @property
    def rooms(self) -> list[Room]:
        """Every chat; groups as ``Group``."""
        return [self.room(number) for number in self._world.chats]

    def room(self, chat_id: int) -> Room:
        """Return a chat by its id."""
        chat = self._world.chats[chat_id]
        return Room(self._world, chat) if chat.type == "private" else Group(self._world, chat)

    # What happened

    @property
    def calls(self) -> list[Call]:
        """The calls of late, getUpdates left out."""
        return list(self._calls.log)

    def calls_of(self, method: str, chat: Where = None) -> list[Call]:
        """Return the calls of one method, perhaps only those about one chat."""
        number = chat if chat is None or isinstance(chat, int) else chat.id
        return [call for call in self._calls.log if call.method == method and number in (None, call.chat)]

    @property
    def polls(self) -> int:
        """How often getUpdates was called."""
        return self._calls.polling.count

    @property
    def polled(self) -> bool:
        """Whether a poller is waiting at this moment."""
        return self._calls.polling.waits

    @property
    def failed_pushes(self) -> int:
        """How often a webhook did not take an update."""
        return self._calls.pusher.failures

    @property
    def updates(self) -> list[Update]:
        """The updates of late, each with ``delivered`` (times) and ``confirmed``."""
        return self._world.updates.log()

    @property
    def unconfirmed(self) -> list[Update]:
        """The updates the bot has not confirmed."""
        return list(self._world.updates.waiting())

    @property
    def unanswered(self) -> list[Press]:
        """The presses of buttons that still spin."""
        return [press for press in self._world.presses.values() if not press.answered]

    @property
    def violations(self) -> list[Violation]:
        """What the bot did that a careful bot never does."""
        return self._world.violations

    @property
    def commands(self) -> dict[tuple[str, str], list[Json]]:
        """The command menus set, by (scope as JSON, language)."""
        return self._world.profile.commands

    @property
    def profile(self) -> dict[tuple[str, str], str]:
        """Name and descriptions set, by (which, language)."""
        return self._world.profile.texts

    # Settings and waiting

    def set_rates(self, rates: Rates | None) -> None:
        """Enforce these rates from now on; None enforces none."""
        self._world.meter.set(rates)

    def set_privacy(self, *, on: bool) -> None:
        """Set whether the bot hears only what is meant for it in groups where it is no admin."""
        self._world.privacy = on

    async def until(self, predicate: Callable[[], T], within: float = PATIENCE) -> T:
        """Return the first true value of a predicate that is asked at every change."""
        return await self.changes.until(predicate, within, story=self._story)

    def _story(self) -> str:
        last = [f"{call.method} {call.args} → {call.status} {call.error}" for call in list(self._calls.log)[-8:]]
        waiting = f"{len(self._world.updates)} updates unconfirmed"
        return "\n".join([f"{waiting}; the last calls:", *last])
