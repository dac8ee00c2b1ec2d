"""Every button the desk shows is heard: pressed in each language, it answers something other than "expired"."""

import ast
import re
from pathlib import Path

import pytest

from handlers.contents import CONTENTS
from handlers.vocabulary.messages import Kind
from handlers.vocabulary.presses import ButtonData
from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Desk, House, Line, Somebody, said_in
from tests.stories.harness.given import asked, claimed

STEPS = 60  # presses in one walk; a walk sees each button name at each kind of place once


@pytest.fixture(params=LANGUAGES)
def spoken(request: pytest.FixtureRequest) -> str:
    """Return the language that everybody speaks in a walk."""
    return str(request.param)


@pytest.fixture
def house(spoken: str) -> House:
    """Return a desk of a team that speaks it."""
    return House(team_language=spoken, windows=False)


def shown(desk: Desk) -> list[tuple[Line, str, str]]:
    """Return every button in sight: its line, its label, what it would send; the oldest first."""
    lines = [line for lines in desk.stage.everything().values() for line in lines]
    return [(line, label, name) for line in lines for label, name in zip(line.buttons, line.names, strict=True)]


class Walk:
    """Presses what it sees, each button name once a room, nearest first, until there is nothing new to press."""

    def __init__(self, desk: Desk, spoken: str, people: dict[str, Somebody], agent: Somebody) -> None:
        self.desk, self.spoken, self.people, self.agent = desk, spoken, people, agent
        self.pressed: set[tuple[str, bool]] = set()
        self.names: set[str] = set()

    async def goes(self, *, but: frozenset[str] = frozenset()) -> None:
        """Press whatever is new; buttons named in ``but`` are left for later, because they end what others need."""
        for _ in range(STEPS):
            fresh = await self.fresh(but)
            if not fresh:
                fresh = await self.unfolds(but)
                if not fresh:
                    return
            await self.presses(*(next((each for each in fresh if not each[2].startswith("less:")), fresh[0])))

    async def unfolds(self, but: frozenset[str]) -> list[tuple[Line, str, str]]:
        """Look behind "More…", group by group, for what was not pressed yet: what it shows goes away with the first that is."""
        for group in ("people", "time", "more"):
            for leads in (r"more:\d+", rf"more:\d+\.{group}"):
                again = [each for each in shown(self.desk) if re.fullmatch(leads, each[2])]
                if again:
                    await self.presses(*again[-1])
            if fresh := await self.fresh(but):
                return fresh
        for each in [each for each in shown(self.desk) if re.fullmatch(r"more:\d+", each[2])][-1:]:
            await self.presses(*each)
        return await self.fresh(but)

    async def fresh(self, but: frozenset[str]) -> list[tuple[Line, str, str]]:
        """Return what is in sight and was not pressed yet, the newest first."""
        await self.desk.settles()
        return [
            each
            for each in reversed(shown(self.desk))
            if self.key(each[0], each[2]) not in self.pressed and each[2].partition(":")[0] not in but
        ]

    def key(self, line: Line, name: str) -> tuple[str, bool]:
        """Return what makes two buttons the same to a walk."""
        return name.partition(":")[0], line.room in self.desk.stage.teams

    async def presses(self, line: Line, label: str, name: str) -> None:
        """Press one, and see that it is heard and answered."""
        self.pressed.add(self.key(line, name))
        heard = name.partition(":")[0]
        self.names.add(heard)
        assert CONTENTS.router.find(Kind.PRESS, heard), f"nobody hears the button {label!r} ({name})"
        who = self.people.get(line.room, self.agent)
        await who.presses_name(name, line)
        assert self.desk.stage.answered(who.native), f"{label!r} still spins"
        over = {said_in(self.spoken, key) for key in ("expired", "refused.expired")}
        assert self.desk.stage.toasts(who.native)[-1:] not in [[text] for text in over], (
            f"{label!r} ({name}) says it has expired"
        )


async def test_every_button_in_sight_answers(desk: Desk, spoken: str):
    ann = desk.requester("Ann", language=spoken)
    bob = desk.agent("Bob", language=spoken)
    eve = desk.agent("Eve", language=spoken)
    people = {desk.stage.home(person.native): person for person in (ann, bob, eve)}
    walk = Walk(desk, spoken, people, bob)

    await ann.starts()
    await eve.says("hello", at=QUEUE)
    await ann.says("/language")
    await ann.says("My card was charged twice")
    await walk.goes(but=frozenset({"speak", "drop", "submit", "need", "my"}))
    await asked_through(walk, ann)

    for ticket in (2, 3):
        await asked(ann, f"Question {ticket}", ticket=ticket)
    await ann.says("and again")
    await claimed(bob, ann, ticket=3, language=spoken)
    await bob.says("/r We look into it", at=THREAD(3))
    await bob.says("/queue", at=QUEUE)
    await bob.says("/away", at=QUEUE)
    await ann.says("/my")
    await ann.says("/status 2")
    ends = frozenset({"resolve", "close", "withdraw", "release_all", "confirm", "again", "drop", "speak", "spam"})
    await walk.goes(but=ends)
    await bob.says("/back", at=QUEUE)
    await walk.goes(but=ends - {"release_all"})

    last = frozenset({"speak", "withdraw", "close", "spam"})
    for but in (ends, last | {"confirm"}, last, frozenset[str]()):
        await bob.says("/resolve 3 Done", at=QUEUE)
        await walk.goes(but=but)
    for person in people.values():
        await person.catches_up()
    await bob.catches_up(at=QUEUE)
    for ticket in (1, 2, 3):
        await bob.catches_up(at=THREAD(ticket))
    assert walk.names >= ALWAYS, ALWAYS - walk.names


# What people work with every day; a walk that misses one of these has lost its way.
ALWAYS = {
    *("need", "my", "status", "speak", "pick", "back", "skip", "fix", "submit", "drop", "confirm", "again", "rate"),
    *("claim", "reply", "note", "resolve", "more", "less", "assign", "give", "hold", "unhold", "priority", "release"),
    *("close", "reopen", "card", "switch", "withdraw", "unsend", "release_all"),
}


async def asked_through(walk: Walk, ann: Somebody) -> None:
    """Let a request be registered through the card that stands there after a walk."""
    await ann.says("/cancel")
    await ann.catches_up()
    await ann.says("/new")
    await ann.catches_up()
    await walk.desk.settles()
    line, label, name = next(each for each in shown(walk.desk) if each[2].endswith(".2") and each[2].startswith("pick"))
    await walk.presses(line, label, name)
    await ann.says("My card was charged twice")
    for heard in ("back", "skip", "fix", "submit"):
        await walk.desk.settles()
        found = [each for each in shown(walk.desk) if each[2].startswith(f"{heard}:")]
        line, label, name = found[0 if heard == "fix" else -1]
        await walk.presses(line, label, name)
        if heard == "back":
            await ann.says("My card was charged twice, I said")
        if heard == "fix":
            line, label, name = [each for each in shown(walk.desk) if each[2].startswith("pick:")][2]
            await walk.presses(line, label, name)
    await ann.catches_up()
    await walk.agent.catches_up(at=QUEUE)


def test_every_button_name_in_the_source_is_heard():
    """A button whose name no route hears would be dead on arrival."""
    root = Path(__file__).resolve().parents[2] / "handlers"
    names = {button.name for button in ButtonData.__subclasses__() if button.__module__.startswith("handlers.")}
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Button"), args=[_, ast.Constant(value=str() as name), *_]):
                    names.add(name)
    assert len(names) > 30
    assert sorted(name for name in names if CONTENTS.router.find(Kind.PRESS, name) is None) == []
