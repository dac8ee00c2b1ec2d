"""The people of a story: what they do, and what they see."""

from typing import TYPE_CHECKING, Any

from bot.sandbox.telegram import Person
from tests.stories.harness.places import Line, Place
from tests.stories.harness.words import said_in

if TYPE_CHECKING:
    from tests.stories.harness.desk import Desk

SKIP = "(skip)"


class Somebody:
    """A requester or an agent. Left out, ``at`` is their own chat with the bot."""

    def __init__(self, desk: "Desk", name: str, native: Person, *, language: str, agent: bool) -> None:
        self.desk, self.name, self.native, self.language, self.is_agent = desk, name, native, language, agent
        self._toasts = 0

    def __repr__(self) -> str:
        return self.name

    # What they do

    async def starts(self, payload: str = "") -> Line:
        """Press Start, perhaps behind a link."""
        return self._line(self.native.starts(payload))

    async def says(self, text: str, *, at: Place | None = None, reply_to: Line | None = None, **more: Any) -> Line:
        """Say something."""
        return self._line(self.native.says(text, **self._where(at, reply_to), **more))

    async def sends(
        self, kind: str, caption: str = "", *, at: Place | None = None, reply_to: Line | None = None, **more: Any
    ) -> Line:
        """Send a file of a kind, or a ``location``, ``contact``, ``poll``, ``dice``."""
        where = self._where(at, reply_to)
        act = getattr(self.native, f"sends_{kind}")
        return self._line(act(**({"caption": caption} if caption else {}), **where, **more))

    async def sends_album(self, *kinds: str, caption: str = "", at: Place | None = None) -> list[Line]:
        """Send several files at once."""
        return [self._line(seen) for seen in self.native.sends_album(kinds, caption=caption, **self._where(at, None))]

    async def edits(self, line: Line, text: str) -> None:
        """Change words of their own."""
        self.native.edits(line.id, text, at=line.room)

    async def presses(self, label: str, *, at: Place | None = None, on: Line | None = None) -> None:
        """Press a button by its words: on the newest message that has it, or on one."""
        await self.desk.settles()
        line = on or self._with_button(label, at)
        shown = on or next(each for each in self.desk.stage.lines(self.native, at) if each.id == line.id)
        name = next((n for b, n in zip(shown.buttons, shown.names, strict=True) if b == label), None)
        assert name is not None, f"{self} sees no button {label!r} on {shown}"
        self.native.presses(data=name, on=line.id, at=line.room)
        await self.desk.settles()

    async def presses_name(self, name: str, on: Line) -> None:
        """Press what a button would send, whether it is still there or not."""
        self.native.presses(data=name, on=on.id, at=on.room)
        await self.desk.settles()

    def _with_button(self, label: str, at: Place | None) -> Line:
        lines = [line for line in self.desk.stage.lines(self.native, at) if label in line.buttons]
        assert lines, (
            f"{self} sees no button {label!r} at {at or 'home'}: {self._told(self.desk.stage.lines(self.native, at))}"
        )
        return lines[-1]

    async def fills(self, **answers: str) -> None:
        """Answer a form question by question, by its buttons where it has them, and submit it."""
        for answer in answers.values():
            card = await self.sees()
            label = said_in(self.language, "form.skip") if answer == SKIP else answer
            if label in card.buttons:
                await self.presses(label)
            else:
                await self.says(answer)
        await self.sees(said_in(self.language, "form.review"))
        await self.presses(said_in(self.language, "form.submit"))
        await self.sees(said_in(self.language, "request.title"), buttons=[])

    # What they see

    async def sees(
        self,
        *words: str,
        buttons: list[str] | None = None,
        at: Place | None = None,
        kind: str | None = None,
        reply_to: Line | str | None = None,
    ) -> Line:
        """See the oldest line not seen yet that has all these words (and exactly these buttons), and return it."""
        await self.desk.settles()
        unread = self.desk.unread(self, at)
        for line in unread:
            if (
                all(word in line.text for word in words)
                and buttons in (None, list(line.buttons))
                and kind in (None, line.kind)
                and self._replies(line, reply_to, at)
            ):
                self.desk.read(line)
                return line
        what = " … ".join(words) + (f" {buttons}" if buttons is not None else "") + (f" ({kind})" if kind else "")
        raise AssertionError(f"{self} does not see {what!r} at {at or 'home'}, only: {self._told(unread)}")

    def _replies(self, line: Line, wanted: Line | str | None, at: Place | None) -> bool:
        if wanted is None:
            return True
        if isinstance(wanted, Line):
            return line.reply_to == wanted.id and line.room == wanted.room
        others = self.desk.stage.lines(self.native, at)
        return any(other.id == line.reply_to and wanted in other.text for other in others)

    async def sees_nothing(self, *, at: Place | None = None) -> None:
        """See that the desk has said nothing new; that a card of the team's shows more is no word."""
        await self.desk.settles()
        unread = [line for line in self.desk.unread(self, at) if at is None or not self.desk.known(line)]
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
        toasts = [toast.text for toast in self.native.toasts]
        assert toasts, f"{self} has pressed nothing"
        assert words in toasts[-1], f"{self} sees the toast {toasts[-1]!r}, not {words!r}"

    def _told(self, lines: list[Line]) -> str:
        return "".join(f"\n  {line}" for line in lines) or "nothing"

    # In the harness's own words

    def _where(self, at: Place | None, reply_to: Line | None) -> dict[str, Any]:
        if reply_to is not None:
            return {"at": reply_to.room, "reply_to": reply_to.id}
        return self.desk.stage.where(self.native, at)

    def _line(self, seen: Any) -> Line:
        from tests.stories.harness.telegram import line

        return line(seen)
