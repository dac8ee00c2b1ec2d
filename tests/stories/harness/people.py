"""The people of a story: what they do, and what they see."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import Locale, Translator, spell_commands
from tests.stories.harness.capabilities import Capability
from tests.stories.harness.places import THREAD, Line, Place
from tests.stories.harness.stage import Native
from tests.stories.harness.words import said_in

if TYPE_CHECKING:
    from tests.stories.harness.desk import Desk

SKIP = "(skip)"


class Somebody:
    """A requester or an agent. Left out, ``at`` is their own chat with the bot."""

    def __init__(self, desk: "Desk", name: str, native: Native, *, language: str, agent: bool) -> None:
        self.desk, self.name, self.native, self.language, self.is_agent = desk, name, native, language, agent

    def __repr__(self) -> str:
        return self.name

    def can(self, capability: Capability) -> bool:
        """Return whether the messenger they are on has something that not every one has."""
        return self.desk.stage.can(self.native, capability)

    def shows(self, kind: str) -> str:
        """Return what a file of a kind is where they are."""
        return self.desk.stage.shown_as(self.native, kind)

    def told(self, key: str, *, at: Place | None = None, **facts: Any) -> str:
        """Return what the desk says to them by this key, its commands as they are typed in that place."""
        return Translator().say(phrase(key, **facts), Locale(self.language, command=self._command(at)))

    def _command(self, at: Place | None) -> str:
        """Return how a command is typed in a place."""
        able = self.desk.app.desk.able[self.desk.stage.source(self.native).partition(":")[0]]
        return able.in_thread if at is not None and at.ticket is not None else able.command

    def _as_typed(self, words: str, at: Place | None) -> str:
        """Return words of the desk with the commands in them as they are typed in a place."""
        return spell_commands(words, Locale(command=self._command(at)))

    # What they do

    async def starts(self, payload: str = "") -> Line:
        """Begin, perhaps behind a link."""
        return await self.says(f"/start {payload}".strip())

    async def says(self, text: str, *, at: Place | None = None, reply_to: Line | None = None, **more: Any) -> Line:
        """Say something; what begins with a slash is a command, and given as one does on their messenger."""
        return self.desk.stage.says(self.native, text, at, reply_to, **more)

    async def mentions(self, text: str, *, at: Place | None = None, reply_to: Line | None = None) -> Line:
        """Name the bot among others, with words after it."""
        return self.desk.stage.mentions(self.native, text, at, reply_to)

    async def reacts(self, emoji: str, line: Line) -> None:
        """Put an emoji on a message."""
        self.desk.stage.reacts(self.native, emoji, line)

    async def answers(self, line: Line, text: str) -> Line:
        """Answer a requester's words: in reply to them, or by the command in the thread where nothing is a reply to one."""
        return await self.says(text if self.can(Capability.QUOTES) else f"/r {text}", reply_to=line)

    async def sends(
        self, kind: str, caption: str = "", *, at: Place | None = None, reply_to: Line | None = None, **more: Any
    ) -> Line:
        """Send a file of a kind, or a ``location``, ``contact``, ``poll``, ``dice``."""
        return self.desk.stage.sends(self.native, kind, caption, at, reply_to, **more)

    async def sends_album(self, *kinds: str, caption: str = "", at: Place | None = None) -> list[Line]:
        """Send several files at once."""
        return self.desk.stage.sends_album(self.native, kinds, caption, at)

    async def edits(self, line: Line, text: str) -> None:
        """Change words of their own."""
        self.desk.stage.edits(self.native, line, text)

    async def deletes(self, line: Line) -> None:
        """Delete a message of their own."""
        self.desk.stage.deletes(self.native, line)

    async def joins(self) -> None:
        """Join the team."""
        self.desk.stage.joins(self.native)

    async def leaves(self, *, heard: bool = True) -> None:
        """Leave the team; where it is not ``heard``, nothing ever tells the desk."""
        self.desk.stage.leaves(self.native, heard=heard)

    async def presses(self, label: str, *, at: Place | None = None, on: Line | None = None) -> None:
        """Press a button by its words: on the newest message that has it, or on one."""
        await self.desk.settles()
        if on is None:
            await self._opens_its_group(label, at)
        line = on or self._with_button(label, at)
        pressable = [*zip(line.buttons, line.names, strict=True), *line.menu]
        name = next((name for shown, name in pressable if shown == label), None)
        assert name is not None, f"{self} sees no button {label!r} on {line}"
        await self.presses_name(name, line)

    async def unfolds(self, *, at: Place | None = None) -> list[str]:
        """Look behind "More…" and return the labels there: those of its menu, or the buttons that come for the others."""
        await self.desk.settles()
        lines = [line for line in self.desk.stage.lines(self.native, at) if line.menu]
        if lines:
            return [label for label, _ in lines[-1].menu]
        await self.presses(said_in(self.language, "button.more"), at=at)
        back, found = said_in(self.language, "form.back"), []
        for group in [label for label in (await self.sees(at=at)).buttons if label != back]:
            await self.presses(group, at=at)
            found += [label for label in (await self.sees(at=at)).buttons if label != back]
            await self.presses(back, at=at)
            await self.sees(at=at)
        return found

    async def _opens_its_group(self, label: str, at: Place | None) -> None:
        """Look for a rarer button in the group that it stands in, where a card shows the groups."""
        groups = [said_in(self.language, f"menu.{name}") for name in ("people", "time", "more")]
        lines = self.desk.stage.lines(self.native, at)
        shown = next((line for line in reversed(lines) if set(line.buttons) & set(groups)), None)
        if shown is None or any(label in (*line.buttons, *dict(line.menu)) for line in lines):
            return
        for group in (each for each in groups if each in shown.buttons):
            await self.presses(group, at=at)
            if label in (await self.sees(at=at)).buttons:
                return
            await self.presses(said_in(self.language, "form.back"), at=at)
            await self.sees(at=at)

    async def presses_name(self, name: str, on: Line) -> None:
        """Press what a button would send, whether it is still there or not."""
        self.desk.stage.presses(self.native, name, on)
        await self.desk.settles()

    def _with_button(self, label: str, at: Place | None) -> Line:
        lines = [line for line in self.desk.stage.lines(self.native, at) if label in (*line.buttons, *dict(line.menu))]
        assert lines, (
            f"{self} sees no button {label!r} at {at or 'home'}: {self._told(self.desk.stage.lines(self.native, at))}"
        )
        return lines[-1]

    async def fills(self, *, at: Place | None = None, review: bool = True, **answers: str) -> None:
        """Fill a form and submit it: in its window where one is open, else question by question where it is asked.

        A short form has no ``review``: its last answer submits it.
        """
        await self.desk.settles()
        if self.desk.stage.window(self.native) is not None:
            await self._fills_window(answers)
        elif at is not None:
            for answer in answers.values():
                await self.says(answer, reply_to=await self.sees(at=at))
        else:
            await self._fills_steps(answers, review=review)

    async def puts_off(self) -> None:
        """Leave a form that was opened as it is: its window is closed, or its question stands there."""
        await self.desk.settles()
        if self.desk.stage.window(self.native) is not None:
            self.desk.stage.shut(self.native)
        else:
            await self.sees()

    async def _fills_window(self, answers: Mapping[str, str]) -> None:
        stage = self.desk.stage
        for name, answer in answers.items():
            shown = stage.window(self.native)
            field = next((each for each in shown or () if each.rpartition(".")[2] == name), None)
            assert field is not None, f"{self} sees no field {name!r} in the window, only {shown}"
            if answer != SKIP:
                stage.fill(self.native, field, answer)
                await self.desk.settles()
        stage.submit(self.native)
        await self.desk.settles()
        left = stage.window(self.native)
        assert left is None, f"the window is still open before {self}: {left} {stage.problems(self.native)}"

    async def _fills_steps(self, answers: Mapping[str, str], *, review: bool) -> None:
        for answer in answers.values():
            card = await self.sees()
            label = said_in(self.language, "form.skip") if answer == SKIP else answer
            if label in card.buttons:
                await self.presses(label)
            else:
                await self.says(answer)
        if review:
            await self.sees(said_in(self.language, "form.review"))
            await self.presses(said_in(self.language, "form.submit"))
            await self.sees(buttons=[])

    # What they see

    async def sees(
        self,
        *words: str,
        buttons: list[str] | None = None,
        at: Place | None = None,
        kind: str | None = None,
        reply_to: Line | str | None = None,
    ) -> Line:
        """See the oldest line not seen yet that has all these words (and exactly these buttons), and return it.

        Where a file has no words of its own, they stand in a message before it.
        """
        if kind not in (None, "text") and words and not self.can(Capability.CAPTIONS):
            await self.sees(*words, buttons=buttons, at=at, kind="text", reply_to=reply_to)
            return await self.sees(at=at, kind=kind)
        await self.desk.settles()
        unread = self.desk.unread(self, at)
        shown_as = kind and self.shows(kind)
        for line in sorted(unread, key=lambda line: line.passing):
            if (
                all(word in line.text or self._as_typed(word, at) in line.text for word in words)
                and buttons in (None, list(line.buttons))
                and shown_as in (None, line.kind)
                and self._replies(line, reply_to, at)
            ):
                self.desk.read(line)
                return line
        what = " … ".join(words) + (f" {buttons}" if buttons is not None else "") + (f" ({kind})" if kind else "")
        raise AssertionError(f"{self} does not see {what!r} at {at or 'home'}, only: {self._told(unread)}")

    def _replies(self, line: Line, wanted: Line | str | None, at: Place | None) -> bool:
        """Return whether a line replies to another; where nothing does, that it is in the same place is all there is."""
        if wanted is None or not self.desk.everywhere(Capability.QUOTES):
            return True
        if isinstance(wanted, Line):
            return line.reply_to == wanted.id and line.room == wanted.room
        others = self.desk.stage.lines(self.native, at)
        return any(other.id == line.reply_to and wanted in other.text for other in others)

    async def finds(self, ticket: int, *words: str) -> Line:
        """See what a ticket's thread begins with, once it is somebody's: the card, and the words it came with.

        Where the thread hangs on the card in the queue, that one line is both.
        """
        if self.can(Capability.TOPICS):
            await self.sees(f"#{ticket} ", at=THREAD(ticket))
            return await self.sees("💬 ", *words, buttons=[], at=THREAD(ticket))
        await self.desk.settles()
        head = self.desk.stage.lines(self.native, THREAD(ticket))[0]
        assert all(word in head.text for word in words), f"{self} does not see {words} on {head}"
        return head

    async def reads(self, *words: str, at: Place | None = None) -> Line:
        """See that these words stand in a place, whoever wrote them, and return the latest line that has them."""
        await self.desk.settles()
        lines = self.desk.stage.lines(self.native, at)
        found = [line for line in lines if all(w in line.text or self._as_typed(w, at) in line.text for w in words)]
        assert found, f"{self} does not read {' … '.join(words)!r} at {at or 'home'}, only: {self._told(lines)}"
        self.desk.read(found[-1])
        return found[-1]

    async def sees_nothing(self, *, at: Place | None = None) -> None:
        """See that the desk has said nothing new; that a card of the team's shows more is no word."""
        await self.desk.settles()
        unread = [line for line in self.desk.unread(self, at) if not line.passing]
        unread = [line for line in unread if at is None or not self.desk.known(line)]
        assert not unread, f"{self} did not expect at {at or 'home'}: {self._told(unread)}"

    async def catches_up(self, *, at: Place | None = None) -> list[Line]:
        """Read all there is, where a story is not about it."""
        await self.desk.settles()
        unread = self.desk.unread(self, at)
        for line in unread:
            self.desk.read(line)
        return unread

    async def sees_no(self, words: str, *, at: Place | None = None) -> None:
        """See that no line, old or new, has these words."""
        await self.desk.settles()
        lines = [line for line in self.desk.stage.lines(self.native, at) if words in line.text]
        assert not lines, f"{self} sees at {at or 'home'}: {self._told(lines)}"

    def sees_toast(self, words: str) -> None:
        """See the short answer to the last press."""
        toasts = self.desk.stage.toasts(self.native)
        assert toasts, f"{self} has been told nothing in passing"
        here = (words, self._as_typed(words, None), self._as_typed(words, THREAD(0)))
        assert any(said in toasts[-1] for said in here), f"{self} sees the toast {toasts[-1]!r}, not {words!r}"

    def _told(self, lines: list[Line]) -> str:
        return "".join(f"\n  {line}" for line in lines) or "nothing"
