"""Turn: what a handler reads, and how it speaks. Nothing here waits for a network; what is said is promised with the commit."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from handlers.rules import Rules
from handlers.turns import crossing
from handlers.turns.knowledge import Knowledge
from handlers.turns.router import Contents
from handlers.vocabulary.audience import Audience
from handlers.vocabulary.capabilities import Capabilities, capabilities_of
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.deferred import FILES, is_deferred
from handlers.vocabulary.fetches import FetchAsked
from handlers.vocabulary.messages import (
    RENDERED_MESSAGE,
    Address,
    Button,
    Chat,
    Event,
    File,
    Kind,
    MenuChoice,
    Message,
    Operation,
    Part,
    Phrase,
    RenderedButton,
    RenderedMessage,
    RichText,
    Thread,
    Toast,
    bold_text,
    join_lines,
    phrase,
)
from handlers.vocabulary.presses import ButtonData
from handlers.vocabulary.timers import TimerData, Vanish
from handlers.vocabulary.translations import Locale, Translator, known_language
from storage.desk.request_channels import RequestChannel, RequestThread
from storage.models import Role
from storage.people.erased import is_erased
from storage.people.guests import NEVER, is_guest
from storage.people.people import Channel, Person
from storage.people.tokens import is_program
from storage.queues import outbox
from storage.tickets.messages import MessageRef
from storage.tickets.tickets import Ticket
from storage.transaction import Transaction
from storage.types import Columns

B = TypeVar("B", bound=ButtonData)
D = TypeVar("D", bound=TimerData)
F = TypeVar("F", bound=FetchAsked)
TOAST = 200  # characters that every messenger shows of the answer to a press
VANISHES = timedelta(minutes=1)  # after which what was said to one person among others is taken away


@dataclass(slots=False)
class Turn:
    """One event and all the desk does about it."""

    event: Event
    tx: Transaction
    now: datetime
    rules: Rules
    speech: Translator
    kb: Knowledge
    actor: Person | None = None
    contents: Contents = field(default_factory=Contents)  # what the talk consists of
    able: Mapping[str, Capabilities] = field(default_factory=dict)  # what the messengers can do, by name
    sources: Collection[str] = ()  # our accounts on the messengers that are served
    toasts: list[Toast] = field(default_factory=list)
    windows: list[tuple[int, Event]] = field(default_factory=list)  # drafts to be filled in one, as it was asked for
    # Links that open a chat with the bot, with a payload.
    links: Callable[[str, str], str] = field(default=lambda source, payload: "")
    touched: set[int] = field(default_factory=set)  # tickets that look different now
    redrawn: set[int] = field(default_factory=set)  # our messages that this turn changes
    erased: bool = False  # somebody is being erased: that is to be known outside the database
    scheduled: list[int] = field(default_factory=list)  # timers set: the clock is to look when the next one is due

    # Who and where

    @property
    def person(self) -> Person:
        """Return who acts; events of time have nobody."""
        assert self.actor is not None, f"{self.event.kind} has no actor"
        return self.actor

    def pressed(self, button: type[B]) -> B:
        """Return what the pressed button carries."""
        return button.read(self.event.value)

    @cached_property
    def channels(self) -> list[Channel]:
        """Return the team channels."""
        return self.tx.channels.all()

    def channels_of_group(self, group: str | None) -> list[Channel]:
        """Return the team channels in which a group's tickets stand: its own, else those that are no group's."""
        rule = self.rules.groups.get(group or "")
        own = [channel for channel in self.channels if rule is not None and channel.word in rule.channels]
        return own or self.first_channels

    def channels_of(self, ticket: Ticket) -> list[Channel]:
        """Return the team channels in which a ticket stands."""
        return self.channels_of_group(ticket.group_name)

    @cached_property
    def first_channels(self) -> list[Channel]:
        """Return the team channels that are no group's own; all of them where each is."""
        taken = {word for group in self.rules.groups.values() for word in group.channels}
        return [channel for channel in self.channels if channel.word not in taken] or self.channels

    def groups_of(self, channel: Channel) -> list[str]:
        """Return the groups whose own a team channel is."""
        return [group.name for group in self.rules.groups.values() if channel.word in group.channels]

    def has_own_channels(self) -> list[str]:
        """Return the groups that have a team channel of their own now."""
        words = {channel.word for channel in self.channels}
        return [group.name for group in self.rules.groups.values() if words.intersection(group.channels)]

    @cached_property
    def channel(self) -> Channel | None:
        """Return the team channel the event came from, None for a private chat."""
        if self.event.private:
            return None
        return next((c for c in self.channels if c.place == self.event.place), None)

    @cached_property
    def request_channel(self) -> RequestChannel | None:
        """Return the request channel the event came from."""
        if self.event.private or self.channel is not None:
            return None
        return self.tx.request_channels.at(self.event.source, self.event.group)

    @cached_property
    def strongest(self) -> Role:
        """Return the strongest role of anybody in the team."""
        ours = [person.role for person in self.tx.people.team()]
        named = [self.rules.roles.of(f"{p.source.partition(':')[0]}:{p.native}") for p in self.tx.people.team()]
        admins = [Role.ADMIN] if self.rules.all_admins else []
        return max((*ours, *named, *admins), key=lambda role: role.rank, default=Role.AGENT)

    @cached_property
    def audience(self) -> Audience:
        """Return who reads what is said where the event came from; in a chat that nobody knows, anybody."""
        if self.event.private and not self.event.passing:
            return Audience.ALONE
        return Audience.TEAM if self.channel is not None else Audience.PUBLIC

    @cached_property
    def shown(self) -> MessageRef | None:
        """Return what the event's message is, or what it replies to."""
        native = self.event.reply_to or (self.event.message if self.event.name else "")
        return self.tx.talk.at(self.event.place, native) if native else None

    @cached_property
    def number(self) -> int | None:
        """Return the ticket an event in a team channel is about: its thread's, or the one that the replied message shows."""
        if self.channel and self.event.thread:
            return self.tx.talk.thread_at(self.channel.id, self.event.thread)
        return self.shown.ticket_id if self.shown else None

    def reader(self, person: Person) -> Locale:
        """Return how a person reads."""
        language = person.language or known_language(person.account_language, self.rules.language)
        return Locale(language, person.time_zone or self.rules.zone, self.can(person.source).command)

    def reading(self, channel: Channel) -> Locale:
        """Return how a team channel reads."""
        return Locale(channel.language, self.rules.zone, self.can(channel.source).command)

    @property
    def here(self) -> tuple[Address, Locale]:
        """Return where the event happened, and who reads there."""
        event = self.event
        if self.channel is None:
            topic = f"/{event.thread}" if event.thread and not event.private else ""
            return Chat(event.source, event.chat + topic), self.reader(self.person)
        reader = self.reading(self.channel)
        if self.number is not None and (event.thread or not self.channel.threads):
            return Thread(event.source, self.number, self.channel.id), reader
        return Chat(event.source, event.chat), reader

    def home_of(self, ticket: Ticket) -> tuple[Address, Locale]:
        """Return where a ticket's requester is talked to, and who reads there: their own chat, or where they asked."""
        requester, thread = self.tx.people.of_account(ticket.account_id), self.tx.request_channels.thread_of(ticket.id)
        if thread is None:
            return Chat(requester.source, requester.home), self.reader(requester)
        return self.thread_home(thread, self.reader(requester))

    def thread_home(self, thread: RequestThread, author: Locale) -> tuple[Address, Locale]:
        """Return a request's thread in its channel, and who reads there."""
        able = self.can(thread.source)
        chat = (
            f"{thread.chat}/{thread.root}"
            if able.rooted
            else thread.chat + (f"/{thread.topic}" if thread.topic else "")
        )
        language = str(thread.settings.get("language") or "") or author.language
        return Chat(thread.source, chat), Locale(language, self.rules.zone, able.in_thread)

    def where(self, channel: Channel, number: int) -> Thread:
        """Return a ticket's thread in a team channel."""
        return Thread(channel.source, number, channel.id)

    def before(self, **time: float) -> datetime:
        """Return the moment so many minutes, hours or days ago."""
        return self.now - timedelta(**time)

    # Speaking

    def say(
        self,
        *parts: Part,
        title: Phrase | str = "",
        files: tuple[File, ...] = (),
        buttons: tuple[tuple[Button, ...], ...] = (),
        **extra: Any,
    ) -> int:
        """Say something where the event came from; return our id for it."""
        address, reader = self.here
        return self.send(address, reader, Message(parts, title, buttons, files), **extra)

    def tell(self, ticket: Ticket, *parts: Part, buttons: tuple[tuple[Button, ...], ...] = (), **extra: Any) -> int:
        """Tell a ticket's requester, on the account it is talked on."""
        address, reader = self.home_of(ticket)
        return self.send(address, reader, Message(parts, buttons=buttons), ticket=ticket.id, **extra)

    def send(
        self,
        address: Address,
        reader: Locale,
        message: Message,
        *,
        ticket: int | None = None,
        edits: int | None = None,
        anchor: int | None = None,
        under: int | None = None,
        carries: int | None = None,
        receipt: bool = False,
        fold: str = "",
        ready_at: datetime | None = None,
        ahead: bool = False,
        behind: bool = False,
    ) -> int:
        """Promise a message and return our id for it.

        ``edits`` changes what an earlier promise shows; ``anchor`` is a ticket's message it replies to, ``under`` an earlier
        promise; ``carries`` is the ticket's message whose words these are; ``fold`` joins it with waiting ones of the same fold.
        """
        reader = self._typing(reader, address)
        message = self._fitted(message, reader, address)
        values = {
            "operation": Operation.SEND if edits is None else Operation.EDIT,
            "payload": dump_rendered(self.draw(message, reader, menus=self.can(address.source).menus)),
            "fold": fold,
            "edits": edits,
            "anchor_message": anchor,
            "anchor_outgoing": under,
            "message_id": carries,
            "ticket_id": ticket if ticket is not None else getattr(address, "ticket", None),
            "receipt": receipt,
            "rank": -1 if ahead else int(behind),
            **({"lane": address.lane + FILES} if edits is None and any(map(is_deferred, message.files)) else {}),
        }
        if edits is not None and self._redraws(edits, str(values["payload"])):
            return edits
        return self.promise(address, values, ready_at)

    def _fitted(self, message: Message, reader: Locale, address: Address) -> Message:
        """Return a message as its messenger can show it, and silent where it would wake its reader."""
        fitting = crossing.fitted_message(message, address.source, self.able, lambda said: self.text(said, reader))
        return replace(fitting, silent=True) if self._wakes(address, reader) else fitting

    def _typing(self, reader: Locale, address: Address) -> Locale:
        """Return a reader who types commands as one does at an address: in a ticket's thread perhaps otherwise than elsewhere."""
        threaded = address.lane.split(":", 2)[-1].startswith("#")
        return replace(reader, command=self.can(address.source).in_thread) if threaded else reader

    def _redraws(self, edits: int, payload: str) -> bool:
        """Let a message that still waits to be sent show this instead; return whether there was one."""
        self.redrawn.add(edits)
        return outbox.replace_waiting(self.tx.connection, edits, payload)

    def can(self, source: str) -> Capabilities:
        """Return what the messenger of a source can do."""
        return capabilities_of(self.able, source)

    def _wakes(self, address: Address, reader: Locale) -> bool:
        """Return whether this would make a sound in somebody's night who has not just written themselves."""
        if not isinstance(address, Chat) or address.lane == self.event.place:
            return False
        here = self.now.astimezone(ZoneInfo(reader.zone))
        return self.rules.is_night(here) and all(channel.place != address.lane for channel in self.channels)

    def promise(self, address: Address, values: Columns, ready_at: datetime | None = None) -> int:
        """Write down what the outbox is to do at an address; ``values`` are columns of ``outgoing``, "operation" among them."""
        if isinstance(address, Chat) and is_guest(address.chat):
            ready_at = NEVER  # until they come
        columns = {"payload": "", "lane": address.lane, "ready_at": ready_at or self.now, **values}
        if isinstance(address, Chat) and is_erased(address.chat):
            columns |= {"payload": "", "ready_at": NEVER}  # nobody is there
        if is_program(address.source):
            return outbox.enqueue_for_nobody(self.tx.connection, columns, self.now)
        return outbox.enqueue(self.tx.connection, address.source, columns, self.now)

    def draw(self, message: Message, reader: Locale, *, menus: bool = False) -> RenderedMessage:
        """Return a message in its reader's words, with its menus where they are going to a messenger that has some."""
        title = bold_text(self.text(message.title, reader)) if message.title else RichText()
        said = (
            part if isinstance(part, RichText) else self.speech.words(part, reader, self.now) for part in message.parts
        )
        body = list(said)
        keys = tuple(tuple(self._key(button, reader, menus=menus) for button in row) for row in message.buttons)
        facts = {"answers": message.answers} if message.answers else {}
        return RenderedMessage(join_lines(title, *body), keys, message.files, message.silent, message.prompt, facts)

    def _key(self, button: Button, reader: Locale, *, menus: bool) -> RenderedButton:
        label, sure = self.text(button.label, reader), ""
        menu = tuple(
            MenuChoice(self.text(one.label, reader), one.name, one.value, one.danger) for one in button.menu if menus
        )
        if menus and (button.danger or any(one.danger for one in menu)):
            sure = self.text(phrase("sure"), reader)
        return RenderedButton(label, button.name, button.value, button.danger, button.url, menu, sure)

    def text(self, said: Phrase | Mapping[str, str] | str, reader: Locale) -> str:
        """Return a phrase, or titles by language, in a reader's words."""
        return self.speech.say(said, reader, self.now)

    def toast(self, said: Phrase, *, vital: bool = False, alert: bool = False) -> None:
        """Answer the press at once, for the actor's eyes only; in a text's or command's turn, say it."""
        if self.event.interaction:
            self.toasts.append(Toast(self.text(said, self.reader(self.person)), vital, alert))
        else:
            self.say(said)

    def whisper(self, *parts: Part, title: Phrase | str = "", buttons: tuple[tuple[Button, ...], ...] = ()) -> None:
        """Say what is for the actor alone: to them alone where the messenger can, else for a minute, to be taken away then.

        A command that asked for it and said nothing else goes with it.
        """
        if self.channel is None or self.actor is None:
            self.say(*parts, title=title, buttons=buttons)
            return
        here = self.here[1]
        reader = replace(self.reader(self.person), command=self.can(self.event.source).in_thread)
        if not self.event.thread and not self.event.reply_to:
            reader = replace(reader, command=here.command)
        drawn = self.draw(Message(parts, title, buttons), reader)
        short = self.event.interaction and not buttons and len(drawn.words.text) <= TOAST
        if self.can(self.event.source).whispers or short:
            self.toasts.append(Toast(drawn.words.text, alert=True, keys=drawn.keys))
            return
        address, _ = self.here
        under = self.event.message if self.event.kind is Kind.COMMAND and not self.event.value else ""
        said = self.send(address, self.reader(self.person), Message(parts, title, buttons))
        self.schedule(Vanish(said, address.lane, under), VANISHES)

    def due(self, timer: type[D]) -> D:
        """Return what the timer that is due remembers."""
        return timer.read({name: value for name, value in self.event.facts.items() if name not in ("ticket", "person")})

    def fetched_for(self, asked: type[F]) -> F:
        """Return what the file that has come was fetched for."""
        return asked.read(self.event.facts)

    def schedule(self, timer: TimerData, after: timedelta, *, ticket: int | None = None) -> int:
        """Let time act later."""
        person = self.actor.id if self.actor is not None and not timer.desk else None
        self.scheduled.append(
            self.tx.timers.schedule(timer.name, self.now + after, ticket=ticket, person=person, facts=timer.facts)
        )
        return self.scheduled[-1]

    def put_off(self, due: datetime) -> None:
        """Let the timer that this event is ring then, with all that it remembers; it is late then already."""
        facts = {**self.event.facts, "late": True}
        ticket, person = facts.pop("ticket", None), facts.pop("person", None)
        self.scheduled.append(self.tx.timers.schedule(self.event.name, due, ticket=ticket, person=person, facts=facts))

    def audit(self, act: Deed, *, ticket: int | None = None, **facts: Any) -> None:
        """Write down an act that somebody may have to answer for."""
        self.tx.records.audit(act, self.now, person=self.actor.id if self.actor else None, ticket=ticket, facts=facts)


def dump_rendered(drawn: RenderedMessage) -> str:
    """Return a drawn message as it is written down."""
    return RENDERED_MESSAGE.dump_json(drawn, exclude_defaults=True).decode()


def event_with(turn: Turn, **changes: Any) -> Turn:
    """Return a turn about the same event with something else in it (a press that stands for a command)."""
    return replace(turn, event=replace(turn.event, **changes))
