"""What people see on the stage: places, and what is new in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.demo.stage import Stage
from bot.sandbox.telegram import Seen

SERVICE = ("forum_topic_", "new_chat_", "left_chat_", "migrate_", "pinned_")


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's own chat with the desk, the queue, or a ticket's thread."""

    person: str = ""
    ticket: int = 0

    @property
    def name(self) -> str:
        """What kind of place it is."""
        return "home" if self.person else "thread" if self.ticket else "queue"


QUEUE = Place()


def home(person: str) -> Place:
    """Return somebody's own chat with the desk."""
    return Place(person=person)


def thread(ticket: int) -> Place:
    """Return a ticket's thread."""
    return Place(ticket=ticket)


@dataclass(frozen=True, slots=True)
class News:
    """Something the desk said, or changed; ``was`` is its text before, None where it is new."""

    place: Place
    seen: Seen
    was: str | None


@dataclass(slots=True)
class Watch:
    """Remembers what has been seen, everywhere."""

    stage: Stage
    _looks: dict[tuple[int, int], Seen] = field(default_factory=dict)

    def lines(self, place: Place) -> list[Seen]:
        """Return all that stands in a place now."""
        if place.person:
            return self.stage.people[place.person].chat.messages
        topic = self.topic(place.ticket) if place.ticket else None
        return [seen for seen in self.stage.team.messages if seen.thread == topic]

    def topic(self, ticket: int) -> int | None:
        """Return the forum topic of a ticket; -1 where there is none yet."""
        return next((t.id for t in reversed(self.stage.team.topics) if t.name.startswith(f"#{ticket} ")), -1)

    def places(self) -> Iterator[Place]:
        """Yield every place there is."""
        yield from map(home, self.stage.people)
        yield QUEUE
        for topic in self.stage.team.topics:
            number = topic.name.removeprefix("#").partition(" ")[0]
            if number.isdigit():
                yield thread(int(number))

    def news(self, place: Place) -> list[News]:
        """Return what the desk has said or changed in a place since it was last seen, oldest first."""
        return [news for seen in self.lines(place) if (news := self._news(place, seen)) is not None]

    def find(self, place: Place, *words: str) -> News | None:
        """Return the oldest news that has all these words."""
        return next((news for news in self.news(place) if all(word in news.seen.text for word in words)), None)

    def read(self, seen: Seen) -> None:
        """Remember that a message was seen as it is now."""
        self._looks[seen.chat, seen.id] = seen

    def read_all(self) -> None:
        """Remember everything as seen."""
        for place in self.places():
            for seen in self.lines(place):
                self.read(seen)

    def _news(self, place: Place, seen: Seen) -> News | None:
        known = self._looks.get((seen.chat, seen.id))
        if not seen.from_bot or seen.kind.startswith(SERVICE):
            return None
        if known is not None and (known.text, known.buttons) == (seen.text, seen.buttons):
            return None
        return News(place, seen, known.text if known is not None else None)
