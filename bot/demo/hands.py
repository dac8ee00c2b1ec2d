"""People's hands in the demo: what somebody does on either messenger, said as one would say it."""

import re
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from bot.sandbox.cast import Cast
from bot.sandbox.slack import Person as SlackPerson
from bot.sandbox.slack import Room, SeenView, SlackSandbox
from bot.sandbox.slack import Seen as SlackSeen
from bot.sandbox.telegram import Group, Seen, TelegramSandbox
from bot.sandbox.telegram import Person as TelegramPerson
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import Locale, Translator

LONG = 60.0  # seconds that the desk may take, its start on a busy machine included
STEPS = 12  # questions that a form may have
NUMBER = re.compile(r"#(\d+)")

T = TypeVar("T")
Say = Callable[[str], str]


def speaker(language: str) -> Say:
    """Return what tells the desk's words by their key, in a language."""
    return lambda key: Translator().say(phrase(key), Locale(language))


class OnTelegram:
    """Somebody on Telegram."""

    def __init__(self, cast: Cast, sandbox: TelegramSandbox, handle: str) -> None:
        self.person: TelegramPerson = cast.telegram[handle]
        self._sandbox, self._group = sandbox, cast.group
        self._say = speaker(self.person.language or cast.language)
        self._team = speaker(cast.language)

    async def asks(self, text: str) -> int:
        """Go through the dialog: press what must be chosen, say it where words are asked for, skip the rest."""
        self.person.says("/new")
        card = await self._card(None)
        skip, submit = self._say("form.skip"), self._say("form.submit")
        for _ in range(STEPS):
            last = card
            if submit in card.buttons:
                self.person.presses(submit, on=card)
                return await self._registered(text)
            if skip in card.buttons:
                self.person.presses(skip, on=card)
            elif len(card.rows) > 1:  # choices, and below them the way back: the last one is "something else"
                self.person.presses(_choices(card, self._say)[-1], on=card)
            else:
                self.person.says(text)
            card = await self._card(last)
        raise LookupError("the dialog does not end")

    async def _card(self, last: Seen | None) -> Seen:
        """Wait for the dialog's next look."""

        cancel = self._say("form.cancel")

        def changed() -> Seen | None:
            card = next((m for m in reversed(self.person.chat.messages) if m.from_bot and cancel in m.buttons), None)
            if card is not None and last is not None:
                return None if (card.id, card.text, card.rows) == (last.id, last.text, last.rows) else card
            return card

        return await self._until(changed)

    async def _registered(self, text: str) -> int:
        card = await self._until(lambda: next((m for m in reversed(self._group.messages) if text in m.text), None))
        return _number(card.text)

    async def says(self, text: str) -> None:
        """Say something to the desk."""
        self.person.says(text)

    async def posts(self, room: Group, text: str) -> int:
        """Say something in a group where each post is a request; return its number."""
        self.person.says(text, at=room)
        return await self._registered(text)

    async def answers(self, room: Group, text: str, *, to: str) -> None:
        """Answer what somebody said in a group."""
        said = await self._until(lambda: next((m for m in room.messages if m.text == to), None))
        self.person.says(text, at=room, reply_to=said)

    async def presses(self, key: str) -> None:
        """Press the newest button that is called so."""
        label = key if key.isdigit() else self._say(key)
        messages = self.person.chat
        shown = await self._until(lambda: next((m for m in reversed(messages.messages) if label in m.buttons), None))
        self.person.presses(label, on=shown)
        await self._until(lambda: self.person.toasts[-1].answered)

    async def claims(self, number: int) -> None:
        """Press Claim on the card in the group."""
        await self._on_card(number, "button.claim")
        await self._topic(number)

    async def replies(self, number: int, text: str, command: str = "r") -> None:
        """Write /r in the request's topic, and see that it was delivered."""
        topic = await self._topic(number)
        self.person.says(f"/{command} {text}", at=self._group, topic=topic)
        done = self._team("receipt.delivered")
        await self._until(lambda: any(done in m.text for m in self._group.messages if m.thread == topic))

    async def notes(self, number: int, text: str) -> None:
        """Just write in the request's topic."""
        self.person.says(text, at=self._group, topic=await self._topic(number))

    async def holds(self, number: int) -> None:
        """Put it on hold."""
        await self._on_card(number, "button.more")
        await self._on_card(number, "menu.time")
        await self._on_card(number, "button.hold")

    async def escalates(self, number: int, group: str, to: Group) -> None:
        """Hand it on to a group, and see its card in the group's own chat."""
        self.person.says(f"/escalate {number} {group}", at=self._group)
        await self._until(lambda: next((m for m in to.messages if _is(m.text, number)), None))

    async def resolves(self, number: int) -> None:
        """Press Resolve on the card in the group."""
        await self._on_card(number, "button.resolve")

    async def _on_card(self, number: int, key: str) -> None:
        label = self._team(key)

        def card() -> Seen | None:
            return next((m for m in self._group.general if _is(m.text, number) and label in m.buttons), None)

        self.person.presses(label, on=await self._until(card))
        await self._until(lambda: self.person.toasts[-1].answered)

    async def _topic(self, number: int) -> int:
        return await self._until(lambda: next((t.id for t in self._group.topics if _is(t.name, number)), None))

    async def _until(self, seen: Callable[[], T | None]) -> T:
        return found(await self._sandbox.until(seen, LONG))


class OnSlack:
    """Somebody on Slack."""

    def __init__(self, cast: Cast, sandbox: SlackSandbox, handle: str) -> None:
        self.person: SlackPerson = cast.slack[handle]
        self._sandbox, self._room = sandbox, cast.channel
        self._say = speaker(self.person.locale.partition("-")[0])
        self._team = speaker(cast.language)

    async def asks(self, text: str) -> int:
        """Fill the window: the last choice where one must be made, the words where words are asked for."""
        await self._until(lambda: self._sandbox.sockets.count)
        self.person.runs("/desk new")
        await self._until(lambda: self.person.modal)
        for _ in range(STEPS):
            modal = self.person.modal
            assert modal is not None
            empty = {name: field for name, field in modal.fields.items() if not (field.value or field.optional)}
            if not empty:
                break
            name, field = next(iter(empty.items()))
            self.person.fills({name: field.options[-1].text if field.options else text})
            if field.options:  # the fields below change with it
                await self._until(partial(self._redrawn, modal))
        self.person.submits()
        card = await self._until(lambda: next((m for m in reversed(self._room.outside) if text in m.text), None))
        return _number(card.text)

    def _redrawn(self, was: SeenView) -> bool:
        now = self.person.modal
        return now is not None and list(now.fields) != list(was.fields)

    async def says(self, text: str) -> None:
        """Say something to the desk."""
        self.person.says(text)

    async def posts(self, room: Room, text: str) -> int:
        """Say something in a channel where each post is a request; return its number."""
        self.person.says(text, at=room)
        card = await self._until(lambda: next((m for m in reversed(self._room.outside) if text in m.text), None))
        return _number(card.text)

    async def presses(self, key: str) -> None:
        """Press the newest button that is called so."""
        label = key if key.isdigit() else self._say(key)
        messages = self.person.chat
        shown = await self._until(lambda: next((m for m in reversed(messages.messages) if label in m.buttons), None))
        self.person.presses(label, at=shown)
        await self._sandbox.settled(LONG)

    async def claims(self, number: int) -> None:
        """Press Claim on the card in the channel."""
        await self._on_card(number, "button.claim")

    async def replies(self, number: int, text: str, command: str = "r") -> None:
        """Write !r in the request's thread, and see that it was delivered."""
        card = await self._card(number)
        self.person.says(f"!{command} {text}", at=self._room, thread=card)
        done = self._team("receipt.delivered")
        await self._until(lambda: any(done in m.text for m in self._room.thread(card)))

    async def notes(self, number: int, text: str) -> None:
        """Just write in the request's thread."""
        self.person.says(text, at=self._room, thread=await self._card(number))

    async def resolves(self, number: int) -> None:
        """Press Resolve on the card in the channel."""
        await self._on_card(number, "button.resolve")

    async def _on_card(self, number: int, key: str) -> None:
        label = self._team(key)
        card = await self._card(number, lambda m: label in m.buttons)
        self.person.presses(label, at=card)
        await self._sandbox.settled(LONG)

    async def _card(self, number: int, also: Callable[[SlackSeen], bool] = lambda _: True) -> SlackSeen:
        return await self._until(
            lambda: next((m for m in self._room.outside if m.from_bot and _is(m.text, number) and also(m)), None)
        )

    async def _until(self, seen: Callable[[], T | None]) -> T:
        return found(await self._sandbox.until(seen, LONG))


def found(value: T | None) -> T:
    """Return what was waited for."""
    assert value is not None
    return value


def _choices(card: Seen, say: Say) -> list[str]:
    """Return what may be chosen on a card: every button that is not the dialog's own."""
    own = {say(f"form.{name}") for name in ("back", "skip", "cancel")}
    return [label for label in card.buttons if label not in own]


def _number(text: str) -> int:
    return int(found(NUMBER.search(text))[1])


def _is(text: str, number: int) -> bool:
    """Return whether a card or a topic is that of a request."""
    named = NUMBER.search(text)
    return named is not None and int(named[1]) == number
