"""The stage of stories told on Slack: the sandbox's people and channels, in the words of a story."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.app import App
from bot.sandbox.faults import Fault
from bot.sandbox.slack import Person, Rates, Room, Seen, SlackSandbox, interactions
from tests.clock import HandClock
from tests.stories.harness.capabilities import CAN, Capability
from tests.stories.harness.house import House
from tests.stories.harness.places import QUEUE, Line, Place
from tests.stories.harness.slack_words import line, marked, typed
from tests.stories.harness.stage import FREELY

LOCALES = {"en": "en-US", "uk": "uk-UA", "ru": "ru-RU", "cs": "cs-CZ"}
SENT: dict[str, tuple[str, bytes]] = {  # what a file of a kind is here
    "photo": ("photo.png", b"\x89PNG\r\n\x1a\n picture"),
    "document": ("report.pdf", b"%PDF-1.7 document"),
    "video": ("clip.mp4", b"\x00\x00\x00 ftypisom video"),
    "animation": ("funny.mp4", b"\x00\x00\x00 ftypisom animation"),
    "audio": ("song.mp3", b"ID3 audio"),
    "voice": ("voice.ogg", b"OggS voice"),
}
SHOWN = {
    "animation": "video",
    "voice": "audio",
    "video_note": "video",
    "sticker": "photo",
    **dict.fromkeys(("location", "venue", "contact", "dice", "poll"), "text"),
}


class SlackStage:
    """A workspace with the desk's app in it, a team's channel, and whoever talks to them."""

    def __init__(self, sandbox: SlackSandbox, house: House) -> None:
        self.sandbox, self.paced = sandbox, house.paced
        self.rooms: dict[str, Room] = {}
        self.founder = sandbox.person("Olena Boss", tz="UTC")
        self.team = sandbox.channel("helpdesk", members=[self.founder])
        if not house.windows:
            sandbox.faults.error("expired_trigger_id", method="views.open", times=None)

    @classmethod
    async def start(cls, clock: HandClock, house: House) -> "SlackStage":
        """Open the stage before the desk is opened."""
        return cls(await SlackSandbox.start(clock=clock, rates=Rates() if house.paced else None), house)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of a desk on this stage."""
        return {
            "slack_bot_token": self.sandbox.token,
            "slack_app_token": self.sandbox.app_token,
            "slack_api_url": self.sandbox.api_url,
            "slack_team_channel": self.team.id,
            **({} if self.paced else {"slack_per_channel_per_second": FREELY}),
        }

    def joined_by(self, app: App) -> None:
        """The sandbox itself judges every call."""

    async def ready(self) -> None:
        """Return when a socket is open: what people press before is lost, as it is on Slack."""
        await self.sandbox.until(lambda: self.sandbox.sockets.count)

    @property
    def teams(self) -> set[str]:
        """The rooms of the team."""
        return {self.team.id}

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
        """Whether something that people did has not been acknowledged yet."""
        return bool(self.sandbox.unacked)

    @property
    def complaints(self) -> list[str]:
        """Everything the desk did that a careful program never does."""
        lost = [f"never acknowledged: {each.name}" for each in self.sandbox.deliveries if each.lost]
        return [*(str(v) for v in self.sandbox.violations), *lost]

    def of(self, person: Person) -> "SlackStage":
        """Return this one: everybody is here."""
        return self

    # What people do

    def person(self, name: str, *, language: str, username: str | None, agent: bool, outside: bool) -> Person:
        """Let somebody exist; an agent is in the team's channel from the start."""
        made = self.sandbox.person(name, locale=LOCALES[language], tz="UTC", display=name)
        if agent and not outside:
            made.joins(self.team)
        return made

    def source(self, person: Person) -> str:
        """Return the account of the desk that a person talks to."""
        return f"slack:{self.sandbox.team_id}"

    def says(self, person: Person, text: str, at: Place | None, reply_to: Line | None, **more: Any) -> Line:
        """Let somebody say something; a command is ``/desk x`` outside threads, and ``!x`` in them."""
        room, thread = self._where(person, at, reply_to)
        if text[:1] == "/" and text[1:2].isalpha() and thread is None and not more.get("forwarded"):
            person.runs(f"/desk {text[1:]}", at=room)
            return Line(room.id, "", person.name, False, "command", text)
        marks = more.pop("marked", ())
        words = marked(typed(text), *marks) if marks else typed(text)
        return line(person.says(words, at=room, thread=thread, raw=bool(marks), **more))

    def sends(
        self, person: Person, kind: str, caption: str, at: Place | None, reply_to: Line | None, **more: Any
    ) -> Line:
        """Let somebody share a file of a kind."""
        room, thread = self._where(person, at, reply_to)
        name, data = SENT[kind]
        return line(person.uploads(**{"name": name, "data": data, **more}, text=typed(caption), at=room, thread=thread))

    def sends_album(self, person: Person, kinds: tuple[str, ...], caption: str, at: Place | None) -> list[Line]:
        """Let somebody share several files in one message."""
        room, thread = self._where(person, at, None)
        (name, data), *others = [SENT[kind] for kind in kinds]
        return [line(person.uploads(name, data, more=others, text=typed(caption), at=room, thread=thread))]

    def edits(self, person: Person, line: Line, text: str) -> None:
        """Let somebody change their own words."""
        person.edits(self.sandbox.message(line.room, line.id), typed(text))

    def presses(self, person: Person, name: str, line: Line) -> None:
        """Let somebody press what a button would send, whether it is still there or not."""
        channel = self.sandbox._world.channels[line.room]
        ephemeral = next((each for each in channel.ephemerals if each.ts == line.id), None)
        post = ephemeral or channel.posts[line.id or next(reversed(channel.posts))]
        controls = self.sandbox.message(post.channel, post.ts).controls
        for control in controls:
            option = next((one for one in control.native.get("options", ()) if one["value"] == name), None)
            if option is not None or control.value == name:
                interactions.acted(
                    self.sandbox._space, person._user, control.native, control.block_id, option or name, post
                )
                return
        past = {"type": "button", "action_id": name, "value": name, "text": {"type": "plain_text", "text": "…"}}
        interactions.acted(self.sandbox._space, person._user, past, "past", name, post)

    def opens_room(self, name: str, people: list[Person], *, forum: bool = False, private: bool = False) -> str:
        """Let people have a channel with the app in it."""
        self.rooms[name] = self.sandbox.channel(name, members=people, private=private)
        return self.rooms[name].id

    def bot_in_room(self, name: str, *, there: bool) -> None:
        """Let the app be thrown out of a channel, or let in again."""
        self.rooms[name].invite_bot() if there else self.rooms[name].kick_bot()

    def another_bot(self, name: str, room: str) -> Person:
        """Let another app be in a channel."""
        made = self.sandbox.person(name, bot=True)
        made.joins(self.rooms[room])
        return made

    def mentions(self, person: Person, text: str, at: Place | None, reply_to: Line | None) -> Line:
        """Let somebody name the app, with words after it."""
        room, thread = self._where(person, at, reply_to)
        return line(person.mentions(text, at=room, thread=thread))

    def reacts(self, person: Person, emoji: str, line: Line) -> None:
        """Let somebody put an emoji on a message, by its name here."""
        person.reacts({"🎫": "ticket"}.get(emoji, emoji), self.sandbox.message(line.room, line.id))

    def deletes(self, person: Person, line: Line) -> None:
        """Let somebody delete a message of their own."""
        person.deletes(self.sandbox.message(line.room, line.id))

    def joins(self, person: Person) -> None:
        """Let somebody join the team."""
        person.joins(self.team)

    def leaves(self, person: Person, *, heard: bool = True) -> None:
        """Let somebody leave the team; where it is not ``heard``, nothing ever tells the desk."""
        person.leaves(self.team, heard=heard)

    def trouble(self, person: Person | None) -> "SlackTrouble":
        """Return what may go wrong on the way to somebody, or to the team's channel."""
        return SlackTrouble(self.sandbox, (self.team if person is None else person.chat).id)

    def _where(self, person: Person, at: Place | None, reply_to: Line | None) -> tuple[Room, str | None]:
        """Return the conversation and the thread of a place."""
        if reply_to is not None:
            return self.sandbox.room(reply_to.room), reply_to.thread or reply_to.id
        if at is None:
            return person.chat, None
        if at.room:
            return self.rooms[at.room], None
        return self.team, None if at.ticket is None else self._card(at.ticket)

    def _card(self, ticket: int) -> str:
        cards = [m for m in self.team.outside if m.from_bot and f"#{ticket} " in m.text.split("\n")[0]]
        assert cards, f"#{ticket} has no card: {[m.text for m in self.team.outside]}"
        return cards[0].ts

    # What people see

    def lines(self, person: Person, at: Place | None) -> list[Line]:
        """Return what is seen in a place now, oldest first."""
        room = person.chat if at is None else self.rooms[at.room] if at.room else self.team
        seen = room.seen_by(person.id)
        shown = [line(message) for message in seen if self._stands(message)]
        if at == QUEUE:
            return [each for each in shown if not each.thread]
        if at is not None and not at.room:
            root = self._card(at.ticket or 0)
            return [each for each in shown if root in (each.id, each.thread)]
        return shown

    def everything(self) -> dict[str, list[Line]]:
        """Return every conversation's lines; those of a private one as its person reads them, times in their own zone."""
        return {room.id: [line(seen) for seen in self._read(room) if self._stands(seen)] for room in self.sandbox.rooms}

    def _read(self, room: Room) -> list[Seen]:
        person = next((member for member in room.members if member != self.sandbox._world.bot.id), None)
        return room.messages if room.id in self.teams or person is None else room.seen_by(person)

    def _stands(self, message: Seen) -> bool:
        """Return whether there is still something to see: no stone in the place of a message, or of all its files."""
        gone = message.files and all(self.sandbox.file(file.id).deleted for file in message.files)
        return message.subtype != "tombstone" and not gone

    def content(self, person: Person, line: Line) -> tuple[str, bytes]:
        """Return the name and the content of a file that is seen."""
        stored = self.sandbox.file(self.sandbox.message(line.room, line.id).files[0].id)
        return stored.name, stored.data or b""

    def home(self, person: Person) -> str:
        """Return somebody's direct message with the app."""
        return person.chat.id

    def toasts(self, person: Person) -> list[str]:
        """Return what only this person was shown, oldest first."""
        return [seen.text for seen in person.ephemerals]

    def answered(self, person: Person) -> bool:
        """Return whether the last press was acknowledged."""
        return self.sandbox.deliveries_of("block_actions")[-1].acked

    def shown_as(self, person: Person, kind: str) -> str:
        """Return what a file of a kind looks like."""
        return SHOWN.get(kind, kind)

    def can(self, person: Person, capability: Capability) -> bool:
        """Return whether there is something where this person is that not every messenger has."""
        return capability in CAN["slack"]

    # Windows

    def window(self, person: Person) -> list[str] | None:
        """Return the fields of the modal in front of somebody."""
        return list(person.modal.fields) if person.modal else None

    def fill(self, person: Person, name: str, answer: str) -> None:
        """Fill one field of the modal."""
        person.fills({name: answer})

    def submit(self, person: Person) -> None:
        """Submit the modal."""
        person.submits()

    def shut(self, person: Person) -> None:
        """Close the modal without submitting it."""
        person.closes()

    def problems(self, person: Person) -> dict[str, str]:
        """Return what the modal says is wrong, by field."""
        return dict(person.modal.errors) if person.modal else {}


class SlackTrouble:
    """What goes wrong on the way to one direct message."""

    def __init__(self, sandbox: SlackSandbox, chat: str) -> None:
        self._faults, self._chat = sandbox.faults, chat
        self._lasting: Fault | None = None

    def loses_an_answer(self) -> None:
        """Let the next message arrive, and the answer to it get lost."""
        self._faults.drop(after=True, channel=self._chat)

    def answers_instead(self, kind: str) -> None:
        """Let somebody else answer the next message, which does not arrive."""
        self._faults.foreign(kind, method="chat.postMessage", channel=self._chat)

    def makes_wait(self, seconds: int) -> None:
        """Let the next message be told to come back later."""
        self._faults.ratelimited(seconds, channel=self._chat)

    def begins(self) -> None:
        """Let nothing arrive, until it ends."""
        self._lasting = self._faults.html(channel=self._chat, times=None)

    def loses_every_answer(self) -> None:
        """Let every message arrive, and every answer to one get lost, until it ends."""
        self._lasting = self._faults.drop(after=True, method="chat.postMessage", channel=self._chat, times=None)

    def refuses(self, word: str) -> None:
        """Let every message and every change of one be refused with a word, until it ends."""
        self._lasting = self._faults.error(word, channel=self._chat, times=None)

    def ends(self) -> None:
        """Let everything arrive again."""
        assert self._lasting is not None
        self._faults.remove(self._lasting)

    def refuses_a_file(self) -> None:
        """Let the next file there be too large."""
        self._faults.error("file_upload_size_restricted", method="files.complete*", channel=self._chat)
