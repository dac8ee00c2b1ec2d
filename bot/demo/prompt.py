"""Going on by hand: lines typed at the terminal are what people on the stage say, press and ask."""

import re
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from bot.demo.stage import Stage
from bot.demo.transcript import Transcript
from bot.demo.watching import QUEUE, News, Watch, home, thread
from bot.sandbox.telegram import Seen

HELP = """\
  what you write is said by whoever is at the prompt, where they are
  /as bob          be somebody else: {names}
  /press Claim     press a button, by its words or a part of them
  /in 1            talk in ticket 1's thread (/in queue: the group, /in home: one's own chat with the desk)
  /reply text      answer the newest message here that came from somebody else
  /show            all that stands here now
  /wait 2d         let time pass: 30m, 5h, 2d
  /help            this; //help and every other command go to the desk
  Ctrl-D           the end"""
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Wrong(Exception):
    """What was typed cannot be done; the words say why."""


class Prompt:
    """Who is at the prompt, where they are, and what their lines mean."""

    def __init__(self, stage: Stage, watch: Watch, transcript: Transcript) -> None:
        self.stage, self.watch, self.transcript = stage, watch, transcript
        self.who, self.place = "ann", home("ann")
        self._commands: dict[str, Callable[[str], Coroutine[Any, Any, None]]] = {
            "as": self.as_,
            "press": self.press,
            "in": self.in_,
            "reply": self.reply,
            "show": self.show,
            "wait": self.wait,
            "help": self.help,
        }

    @property
    def label(self) -> str:
        """What stands before a line."""
        where = {"home": "", "queue": " in the group"}.get(self.place.name, f" in #{self.place.ticket}")
        return f"{self.who}{where}> "

    async def do(self, line: str) -> None:
        """Do what a line says, and show what comes of it."""
        name, _, rest = line.removeprefix("/").partition(" ")
        try:
            if line.startswith("/") and name in self._commands:
                await self._commands[name](rest.strip())
            else:
                self._person.says(line.removeprefix("/") if line.startswith("//") else line, **self._spot())
        except (Wrong, ValueError, LookupError) as wrong:
            self.transcript.aside(str(wrong))
        await self.tells()

    async def tells(self) -> None:
        """Show all that is new, wherever it is."""
        await self.stage.settle()
        for place in self.watch.places():
            for news in self.watch.news(place):
                self.watch.read(news.seen)
                self.transcript.news(news)

    async def as_(self, handle: str) -> None:
        """Be somebody else, in their own chat."""
        if handle not in self.stage.people:
            raise Wrong(f"There is nobody called {handle!r}: {', '.join(self.stage.people)}.")
        self.who, self.place = handle, home(handle)

    async def in_(self, where: str) -> None:
        """Go to another place."""
        number = where.removeprefix("#")
        if where == "home":
            self.place = home(self.who)
        elif self.who != "bob":
            raise Wrong("Only bob is in the team's group: /as bob")
        elif where == "queue":
            self.place = QUEUE
        elif number.isdigit() and self.watch.topic(int(number)) != -1:
            self.place = thread(int(number))
        else:
            raise Wrong("There is no such thread; it is made when somebody claims the ticket. Or: /in queue, /in home")

    async def press(self, label: str) -> None:
        """Press the newest button of this name, here or, where there is none, wherever it is."""
        for place in dict.fromkeys([self.place, home(self.who), *(self.watch.places() if self.who == "bob" else ())]):
            if place.person not in ("", self.who):
                continue
            for seen in reversed(self.watch.lines(place)):
                if (found := _button(seen, label)) is not None:
                    self.transcript.presses(place, self.who, found)
                    self._person.presses(found, on=seen)
                    await self.stage.settle()
                    if (toast := self._person.toasts[-1].text) != "":
                        self.transcript.aside(f"({toast})")
                    return
        raise Wrong(f"There is no button {label!r} in sight; /show shows what there is.")

    async def reply(self, text: str) -> None:
        """Reply to the newest message of somebody else here."""
        others = [seen for seen in self.watch.lines(self.place) if seen.author != self._person.name and seen.text]
        if not (others and text):
            raise Wrong("There is nothing here to reply to." if text else "Write it so: /reply text")
        told = [seen for seen in others if not self.place.ticket or seen.text.startswith("💬")] or others
        self._person.says(text, reply_to=told[-1], **self._spot())

    async def show(self, _: str) -> None:
        """Show all that stands here."""
        for seen in self.watch.lines(self.place):
            if seen.from_bot:
                self.watch.read(seen)
                self.transcript.news(News(self.place, seen, None))
            elif seen.text:
                handle = next(h for h, person in self.stage.people.items() if person.name == seen.author)
                self.transcript.says(self.place, handle, seen.text)

    async def wait(self, how_long: str) -> None:
        """Let time pass, stop by stop, so that what is due happens in its order."""
        found = re.fullmatch(r"(\d{1,3}) ?([mhd])", how_long)
        if found is None:
            raise Wrong("Write it so: /wait 30m, /wait 5h, /wait 2d")
        await self.stage.passes(timedelta(**{UNITS[found[2]]: int(found[1])}))

    async def help(self, _: str) -> None:
        """Tell what can be typed."""
        self.transcript.plain(HELP.format(names=", ".join(self.stage.people)))

    @property
    def _person(self) -> Any:
        return self.stage.people[self.who]

    def _spot(self) -> dict[str, Any]:
        """Return where the person is, as the sandbox takes it."""
        if self.place.person:
            return {}
        topic = self.watch.topic(self.place.ticket) if self.place.ticket else None
        return {"at": self.stage.team, "topic": topic}


def _button(seen: Seen, label: str) -> str | None:
    """Return the button meant: of just these words, or else with these words in it."""
    same = [each for each in seen.buttons if each.casefold() == label.casefold()]
    alike = [each for each in seen.buttons if label and label.casefold() in each.casefold()]
    return next(iter([*same, *alike]), None)
