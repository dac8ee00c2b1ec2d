"""A town: people on their messengers, one desk between them, and a book of who said what for whom."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from tests.receiver import Receiver
from tests.stories.harness.desk import open_stage
from tests.stories.harness.house import House
from tests.stories.harness.places import QUEUE, THREAD, Line, Place
from tests.stories.harness.stage import Stage
from tests.town.clock import TownClock
from tests.town.database import Home
from tests.town.life import Life
from tests.town.people import ADMIN, BOT, REQUESTER, Census, Resident, buttons, sides
from tests.town.rooms import GROUP, REQUESTS, Architect, Others, Room, made_known, user_group
from tests.town.sites import SiteList
from tests.town.tally import Tally
from tests.town.trouble import Trouble
from tests.town.words import ACTIVE, NAME, NOTE, NOTHING, OWN, REPLY, TEAM, Word, sentence, tokens


class Town:
    """One seed's town."""

    def __init__(self, name: str, seed: int, stage: Stage, clock: TownClock, house: House, home: Home, tally: Tally):
        self.name, self.seed, self.stage, self.clock, self.house, self.tally = name, seed, stage, clock, house, tally
        self.sides = sides(stage)
        self.people = Census(Random(seed)).settle(self.sides)
        self.places = Architect(Random(seed), self.people).build(self.sides)
        self._places = {room.id: room for room in self.places}
        admins = ",".join(f"{messenger(p.side)}:{p.native.id}" for p in self.people if p.sort == ADMIN)
        self.life = Life(stage, clock, house, home, admins=admins, private_hosts=("127.0.0.1",))
        self.program = Receiver(lambda: self.life.clock.now().timestamp())  # another one, which a webhook leads to
        self.sites = SiteList()  # one that gives a question its choices
        self.sites_kept = 0  # the newest of its lists that was seen kept
        self.offered: set[str] = set()  # labels of choices that stood in questions
        self.user_group = user_group(self.sides)  # of Slack, if there is one: whoever is on duty is in it
        self.ended: list[Callable[[], Awaitable[None]]] = []  # what is to be let go of at the end
        self.trouble = Trouble(self.sides, house, tally, lambda: self.life.town.now())
        self.life.troubled = lambda: self.trouble.lasts
        self.life.healed = lambda: self.trouble.let_go() if self.life.fell else None
        self.world = 0  # which secrets it has
        self.words: dict[str, Word] = {}
        self.history: list[str] = []
        self.changed: dict[tuple[str, str], Any] = {}  # what each line looked like when it was looked at last
        self.fresh: list[Line] = []  # what the desk has said or changed since
        self.ids: dict[str, set[int]] = {}  # of the rows at the last look, and the highest ever
        self.highest: dict[str, int] = {}
        self.toasts_judged: dict[str, int] = {}  # of each person, how many answers in passing were looked at
        self.unsettled: list[Word] = []  # said in request channels, and perhaps not heard yet
        self.rota_since = clock.now()  # when the first shift for the group with a channel of its own began
        self.furnishing = False  # whether the desk knows what the rooms are
        self.opened = 0  # the newest request in a channel that was looked at
        self.known_as: dict[int, list[Resident]] = {}  # who each person of the desk's was, also once they are erased
        self.erased: dict[int, datetime] = {}  # persons of whom nothing is left, and since when by the desk's clock
        self.was_team: set[int] = set()  # whose homes could show the team's words at the last look
        for person in self.people:
            self.words[person.mark] = Word(person.mark, person, NAME, clock.now(), person.name)

    @classmethod
    async def open(cls, name: str, seed: int, home: Home, tally: Tally, world: int = 0) -> "Town":
        """Open the town of a seed."""
        random = Random(seed)
        clock = TownClock()
        house = House(windows=random.random() < 0.5, paced=random.random() < 0.35)
        stage = await open_stage(name, clock, house)
        clock.rested = stage.touch
        town = cls(name, seed, stage, clock, house, home, tally)
        town.world = world
        town.ended += [await town.program.listens(), await town.sites.listens()]
        await town.life.start()
        await town.settle()
        await town.furnish()
        return town

    async def furnish(self) -> None:
        """Let the desk know what the rooms are."""
        app = self.life.process.app
        assert app is not None
        self.rota_since = self.clock.now().replace(second=0, microsecond=0)
        others = Others(self.program.url, self.sites.url, self.user_group)
        work = partial(made_known, self.places, app.book.base, self.clock.now(), others)
        await asyncio.get_running_loop().create_task(app.database.run(work))
        kept = json.loads(self.life.reader.one("SELECT value FROM setting WHERE name = 'webhook:program'"))
        self.program.knows(kept["secret"])
        self.furnishing = True
        await self.settle()

    # What is said

    def word(self, by: Resident, kind: str, random: Random, ticket: int | None = None) -> Word:
        """Return new words of somebody."""
        token = f"zq{len(self.words):04d}x"
        text = sentence(random, token)
        if self.world and (kind == NOTE or (kind == OWN and self.secret(by))):
            text = f"Something else altogether {token}"
        word = self.words[token] = Word(token, by, kind, self.clock.now(), text, ticket=ticket)
        word.calm = not self.trouble.lasts
        word.deaths = len(self.life.killed)
        word.unwanted = not by.of_team and self.banned(by)
        return word

    def secret(self, person: Resident) -> bool:
        """Return whether somebody's words are others in another world: the first requester's of each side."""
        first = [
            next(each for each in self.people if each.side is side and each.sort == REQUESTER) for side in self.sides
        ]
        return any(person is each for each in first)

    def says(
        self,
        by: Resident,
        word: Word,
        text: str = "",
        at: Place | None = None,
        reply_to: Line | None = None,
        *,
        forwarded: str = "",
        mention: bool = False,
    ) -> None:
        """Let somebody say words, or pass on another's, or name the bot with them, and remember where they stand."""
        word.said = text or word.text
        if mention:
            line = by.side.mentions(by.native, word.said, at, reply_to)
        else:
            line = by.side.says(by.native, word.said, at, reply_to, **({"forwarded": forwarded} if forwarded else {}))
        self.stands(word, line)
        of = f" passes on of {forwarded}" if forwarded else ""
        to = f", to {reply_to.text[:30]!r}" if reply_to is not None else ""
        self.note(f"{by.name} at {at or 'home'}{to}{of}: {'@bot ' if mention else ''}{text or word.text}")

    def stands(self, word: Word, line: Line, at: Place | None = None) -> None:
        """Remember in which line words stand."""
        word.room, word.line = line.room, line.id
        if at is not None:
            self.note(f"{word.by.name} at {at} sends a {line.kind}: {word.text}")

    def fated(self, room: Room, word: Word, fate: str) -> None:
        """Remember what must come of words in a request channel, unless what opens requests there is changed meanwhile."""
        if not word.unwanted and not room.shut:
            word.fate = fate
            self.unsettled.append(word)

    def in_line(self, room: str, line: str) -> list[Word]:
        """Return the words to be followed that stand in a line."""
        return [word for word in self.words.values() if (word.room, word.line) == (room, line)]

    def pointed_at(self, room: Room, line: Line) -> None:
        """Remember that somebody has asked for a request of a line, or what it hangs on: it may become one."""
        for word in [*self.in_line(room.id, line.id), *self.in_line(room.id, line.thread)]:
            if word.fate == NOTHING and word.by.sort != BOT and not self.knows_as_agent(word.by):
                word.fate = ""

    def wanted(self, by: Resident, line: Line) -> None:
        """Remember that somebody has said yes to the bot's own question: what it is about may become a request."""
        for word in self.in_line(line.room, line.reply_to or line.thread):
            if word.fate == NOTHING and (by.of_team or by is word.by):
                word.fate = ""

    def shuts(self, room: Room) -> None:
        """Take the bot out of a room: what was just said there may not have been heard."""
        room.side.bot_in_room(room.name, there=False)
        room.shut = room.lost = True
        self._doubt(room)

    def lets_in(self, room: Room) -> None:
        """Let the bot into a room again."""
        room.side.bot_in_room(room.name, there=True)
        room.shut = False

    def _doubt(self, room: Room) -> None:
        for word in self.unsettled:
            if word.room == room.id:
                word.fate = ""

    def _furnished(self) -> None:
        """See what the rooms are now: an admin may have changed it."""
        if not self.furnishing:
            return
        for row in self.life.reader.rows(
            "SELECT chat, active, CAST(settings AS text) AS settings FROM request_channel"
        ):
            room, settings = self._places[row["chat"]], json.loads(row["settings"])
            opens = settings.get("opens", ["mention"])
            if (opens, bool(row["active"])) != (room.settings["opens"], room.open):
                self._doubt(room)
            room.settings, room.open = {"answer": True, **settings, "opens": opens}, bool(row["active"])
        if not self.life.busy():
            self.unsettled.clear()

    def note(self, what: str) -> None:
        """Write a line of the history."""
        self.history.append(what)

    # Who is there

    def of_sort(self, *sorts: str) -> list[Resident]:
        """Return people of these sorts."""
        return [person for person in self.people if person.sort in sorts]

    def at_home(self, room: str) -> Resident | None:
        """Return whose own chat a room is."""
        return next((person for person in self.people if person.home == room), None)

    @property
    def teams(self) -> set[str]:
        """Return the rooms of the team."""
        own = {room.id for room in self.places if room.kind == GROUP}
        return own | {room for side in self.sides for room in side.teams}

    def channel(self, room: str) -> Room | None:
        """Return the request channel that a room is."""
        found = self._places.get(room)
        return found if found is not None and found.kind == REQUESTS else None

    def team_room(self, side: Any, chat: str) -> Any:
        """Return a channel of the team on a side: a group's own, or the first."""
        own = self._places.get(chat)
        return side.team if own is None else side.rooms[own.name]

    def of_kind(self, kind: str) -> list[Room]:
        """Return the rooms of a kind."""
        return [room for room in self.places if room.kind == kind]

    def team_now(self) -> set[int]:
        """Return the humans who may read what the team reads."""
        return {person.human for person in self.people if person.of_team}

    # What is seen

    def rooms(self) -> Iterator[tuple[str, list[Line]]]:
        """Yield every room with its lines."""
        for side in self.sides:
            for room, lines in side.everything().items():
                if room in self._places:  # what only one of many sees there is looked at as theirs
                    lines = [line for line in lines if not line.passing]
                yield room, lines

    def look(self) -> None:
        """See what the desk has said or changed since the last look."""
        self.fresh = []
        for room, lines in self.rooms():
            for line in lines:
                if line.by_desk and self.changed.get((room, line.id)) != line.look:
                    self.changed[room, line.id] = line.look
                    self.fresh.append(line)
                    if any(name.startswith("pick:") for name in buttons(line)):
                        self.offered.update(line.buttons)
        at = {line.room for line in self.fresh}
        at |= {person.home for person in self.people if person.side.window(person.native) is not None}
        for word in self.words.values():
            if word.room in at:
                word.answered = True
        for person in self.people:
            home = person.home
            for line in self.fresh:
                first = line.room in person.side.teams and person.here
                if line.room == home or line.room in person.rooms or first:
                    person.pasts += [(line, name) for name in buttons(line)]

    def tickets(self) -> list[int]:
        """Return the numbers of all requests."""
        return [row["id"] for row in self.life.reader.rows("SELECT id FROM ticket ORDER BY id")]

    def parties(self, ticket: int) -> set[str]:
        """Return the homes of those whose request this is, or goes on in it, and the channels where it is talked on."""
        found = self.life.reader.rows(
            "WITH RECURSIVE family(id) AS"
            " (SELECT CAST(?1 AS bigint) UNION SELECT t.id FROM ticket t JOIN family f ON t.merged_into = f.id)"
            " SELECT a.source, a.native, c.chat FROM ticket t JOIN family f ON f.id = t.id JOIN account a ON a.id = t.account_id"
            " LEFT JOIN request_thread r ON r.ticket_id = t.id LEFT JOIN request_channel c ON c.id = r.request_channel_id",
            ticket,
        )
        homes = {home for row in found for home in self._homes(row["source"], row["native"])}
        return homes | {row["chat"] for row in found if row["chat"] is not None}

    def owners(self, ticket: int) -> set[str]:
        """Return the homes of those whose own request this is."""
        query = "SELECT a.source, a.native FROM ticket t JOIN account a ON a.id = t.account_id WHERE t.id = ?"
        found = self.life.reader.rows(query, ticket)
        return {home for row in found for home in self._homes(row["source"], row["native"])}

    def spoken_of(self, room: Room, line: Line) -> int | None:
        """Return the request in whose thread a line of a request channel stands."""
        lines = {each.id: each for each in room.side.everything().get(room.id, ())}
        top = line
        while (above := lines.get(top.thread or top.reply_to)) is not None and above is not top:
            top = above
        found = self.life.reader.rows(
            "SELECT r.ticket_id FROM request_thread r JOIN request_channel c ON c.id = r.request_channel_id"
            " WHERE c.chat = ? AND r.root = ? ORDER BY r.ticket_id DESC LIMIT 1",
            *(room.id, top.id),
        )
        return found[0]["ticket_id"] if found else None

    def is_kept(self, room: Room, line: Line) -> bool:
        """Return whether the desk can know still what a line is: what is not of a request is kept for two days."""
        query = (
            "SELECT count(*) FROM post p LEFT JOIN outgoing o ON o.id = p.outgoing_id WHERE p.native = ? AND p.place LIKE ?"
            " AND (p.ticket_id IS NOT NULL OR p.message_id IS NOT NULL OR o.payload <> '')"
        )
        return bool(line.thread) or bool(self.life.reader.one(query, line.id, f"{room.source}:{room.id}%"))

    def goes_on(self, ticket: int) -> bool:
        """Return whether a request is still worked on, by its own row and by that of the one it goes on in."""
        found = self.life.reader.rows(
            "WITH RECURSIVE heir(id, kind, into_) AS (SELECT id, kind, merged_into FROM ticket WHERE id = ?1 UNION"
            " SELECT t.id, t.kind, t.merged_into FROM ticket t JOIN heir h ON t.id = h.into_)"
            " SELECT heir.kind, (SELECT ended_at FROM ticket WHERE id = ?1) AS ended FROM heir WHERE into_ IS NULL",
            ticket,
        )
        return found[0]["ended"] is None and found[0]["kind"] in ACTIVE

    def knows_as_agent(self, person: Resident) -> bool:
        """Return whether the desk can know that somebody is of the team: it was told so, or they have acted in its channel."""
        query = "SELECT count(*) FROM member m JOIN account a ON a.person_id = m.person_id WHERE a.source = ? AND a.native = ?"
        told = self.life.reader.one(query, person.side.source(person.native), str(person.native.id))
        return person.sort == ADMIN or bool(told)

    def banned(self, person: Resident) -> bool:
        """Return whether somebody is banned now, as the rows have it."""
        query = (
            "SELECT count(*) FROM ban b JOIN account a ON a.person_id = b.person_id"
            " WHERE a.source = ? AND a.native = ? AND (b.until IS NULL OR b.until > ?)"
        )
        about = (
            person.side.source(person.native),
            str(person.native.id),
            self.life.reader.moment(self.life.clock.now()),
        )
        return bool(self.life.reader.one(query, *about))

    def _homes(self, source: str, native: str) -> Iterator[str]:
        for person in self.people:
            if str(person.native.id) == native and person.side.source(person.native) == source:
                yield person.home

    # Time

    async def settle(self) -> None:
        """Let the desk do all it can do now, and look at what came of it."""
        before = self._sent()
        await self.life.settle()
        self._carried(before)
        self._furnished()
        self.look()

    async def passes(self, time: timedelta) -> None:
        """Let time pass."""
        before = self._sent()
        self.trouble.let_go()
        await self.life.passes(time)
        self._carried(before)
        self._furnished()
        self.look()

    def _sent(self) -> dict[int, set[str]]:
        """Return whose requests there are, before something happens."""
        waiting = {w.ticket for w in self.words.values() if w.kind == REPLY and w.ticket is not None}
        return {number: self.parties(number) for number in sorted(waiting)}

    def _carried(self, before: dict[int, set[str]]) -> None:
        """Remember who could be carried a reply: its parties when it was said, before or after what else happened then."""
        for word in self.words.values():
            if word.kind == REPLY and word.ticket is not None and not word.readers:
                word.readers = self.parties(word.ticket) | before.get(word.ticket, set())

    def incidents(self, number: str) -> str:
        """Return what the desk's log says of an incident."""
        from tests.town.run import INCIDENTS

        return f"{number} ({INCIDENTS.told.get(number, 'nothing is logged')})"

    def digest(self) -> str:
        """Return one hash of all that happened and all that is seen."""
        seen = sorted((room, line.text, line.buttons) for room, lines in self.rooms() for line in lines)
        return hashlib.sha256(repr((self.history, seen)).encode()).hexdigest()[:16]


def messenger(side: Stage) -> str:
    """Return a side's name as settings know it."""
    return side.source(side.founder).partition(":")[0]


def shown(line: Line) -> list[str]:
    """Return the words to be followed that a line shows, its buttons and menus included."""
    return tokens(" ".join((line.text, *line.buttons, *(label for label, _ in line.menu))))


__all__ = ["NOTE", "OWN", "QUEUE", "TEAM", "THREAD", "Town", "shown"]
