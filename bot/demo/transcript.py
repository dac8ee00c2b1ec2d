"""The demo as it is read: who said what where, in colours on a terminal and plain elsewhere."""

from rich.console import Console
from rich.text import Text

from bot.demo.watching import News, Place
from bot.demo.words import Words

NAME = 11  # columns of the name before what was said
DESK = "Frontdesk"


class Transcript:
    """Draws the conversation, line by line."""

    def __init__(self, console: Console, words: Words) -> None:
        self._console, self._words = console, words
        self._place: Place | None = None

    def scene(self, title: str) -> None:
        """Begin a scene."""
        self._console.print(Text(f"\n{title}", style="bold"))
        self._place = None

    def says(self, place: Place, handle: str, text: str) -> None:
        """Show what a person said."""
        self._at(place)
        self._line(self._words.names[handle], "bold cyan" if handle != "bob" else "bold yellow", Text(text))

    def presses(self, place: Place, handle: str, label: str) -> None:
        """Show the button that a person pressed."""
        self.says(place, handle, f"▸ {label}")

    def news(self, news: News) -> None:
        """Show what the desk said; of a message that was changed, what is new in it."""
        seen, new = news.seen, news.was is None
        text = (seen.text or f"({seen.kind})") if news.was is None else _changed(news.was, seen.text)
        if not (text or seen.buttons):
            return  # only its buttons are gone
        self._at(news.place)
        if text:
            self._line(DESK if new else "✎", "green", Text(text))
        for number, line in enumerate(_packed([f"[{label}]" for label in seen.buttons], self._width)):
            self._line("✎" if not (text or number) else "", "green", Text(line, style="magenta"))

    def aside(self, text: str) -> None:
        """Say something to whoever watches."""
        self._line("", "", Text(text, style="dim italic"))

    def plain(self, text: str) -> None:
        """Show lines as they are."""
        self._console.print(Text(text, style="dim"), soft_wrap=True)

    @property
    def _width(self) -> int:
        return max(20, min(self._console.width, 100) - NAME - 3)

    def _at(self, place: Place) -> None:
        if place != self._place:
            self._place = place
            name = self._words.names.get(place.person, "")
            title = self._words.places[place.name].format(name=name, ticket=place.ticket)
            self._console.print(Text(f"\n  — {title} —", style="dim"))

    def _line(self, name: str, style: str, said: Text) -> None:
        for number, line in enumerate(said.wrap(self._console, self._width)):
            line.rstrip()
            head = Text(f"{name if number == 0 else '':>{NAME}}  ", style=style)
            self._console.print(head + line, no_wrap=True, overflow="ignore", crop=False)


def _changed(was: str, now: str) -> str:
    """Return what a reader notices of a change: the lines that were not there."""
    before = was.split("\n")
    return "\n".join(line for line in now.split("\n") if line not in before)


def _packed(words: list[str], width: int) -> list[str]:
    """Return words in as few lines as hold them, none torn apart."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 2 + len(word) <= width:
            lines[-1] += f"  {word}"
        else:
            lines.append(word)
    return lines
