"""What time does late waits for the morning: every timer there is, in the night in which the desk comes back."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from handlers.contents import CONTENTS
from handlers.rules import Rules
from handlers.rules.calendars import Calendar
from handlers.tickets import lateness
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.timers import BY_NAME, TimerData, Waits
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import outgoing, timer
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.desk.scenes import SOURCE, Scene

NIGHT = MONDAY.replace(hour=1) + timedelta(days=5)  # 03:00 of a Saturday in Kyiv
SATURDAY, MORNING = MONDAY + timedelta(days=5), MONDAY + timedelta(days=7)
ALL_WEEK = (((9 * 60, 18 * 60),),) * 5 + ((), ())
OFFICE = Calendar("", "Europe/Kyiv", ALL_WEEK)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; what time does asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


def of_an_office(story: Callable[[Scene], None]) -> Callable[[Any], None]:
    """Return a story of a desk that works on weekdays in Kyiv, where a request waits and it is night."""

    def work(connection: Any) -> None:
        scene = Scene(Transaction(connection))
        scene.registers(scene.person("Ann"), "It leaks")
        scene.delivered()
        scene.rules = Rules(zone="Europe/Kyiv", hours={"": OFFICE})
        scene.at = NIGHT
        connection.execute(timer.delete())
        story(scene)

    return work


def rings(scene: Scene, name: str, *, late: bool, ticket: int | None = 1) -> Event:
    """Return a timer's event; what it remembers besides is what any of them may."""
    facts = {"ticket": ticket, "person": 1, "kept": "as it was"}
    return Event(Kind.TIMER, SOURCE, "t", "t", scene.at, name=name, facts=facts, ticket=ticket, late=late)


def test_every_timer_that_is_heard_says_for_what_it_waits_or_why_for_nothing():
    assert {name for kind, name in CONTENTS.router.routes if kind is Kind.TIMER} == set(BY_NAME)
    for each in BY_NAME.values():
        assert (each.late is Waits.NOTHING) == bool(each.at_once), each.name
    with pytest.raises(ValueError, match="why it comes at once"):
        type("Silly", (TimerData,), {}, name="silly")
    assert "silly" not in BY_NAME


@pytest.mark.parametrize("name", sorted(BY_NAME))
async def test_late_at_night_it_waits_for_whoever_is_to_hear_it(database, name):
    def story(scene: Scene) -> None:
        before, waits = scene.last(), BY_NAME[name].late
        assert not lateness.put_off(scene.turn(rings(scene, name, late=False)))
        if waits is Waits.NOTHING:
            assert not lateness.put_off(scene.turn(rings(scene, name, late=True)))
            return
        scene.gives(rings(scene, name, late=True))
        put_off = scene.tx.connection.execute(select(timer)).one()
        assert (put_off.name, put_off.ticket_id, put_off.person_id) == (name, 1, 1)
        assert put_off.facts == {"kept": "as it was", "late": True}
        here = put_off.due_at.astimezone(ZoneInfo("Europe/Kyiv"))
        if waits is Waits.HOURS:
            assert (here.date(), here.hour, here.minute) == (MORNING.date(), 9, 0)
        else:
            assert (here.date(), here.minute) == (SATURDAY.date(), 0)
        said = select(outgoing.c.lane).where(outgoing.c.id > before, outgoing.c.operation == "send")
        assert not scene.tx.connection.scalars(said).all()
        scene.at = put_off.due_at
        assert not lateness.put_off(scene.turn(rings(scene, name, late=True)))

    await database.run(of_an_office(story))


async def test_a_requester_hears_it_when_their_own_night_is_over(database):
    def story(scene: Scene) -> None:
        scene.tx.people.set_zone(scene.person("Ann"), "America/New_York")
        assert not lateness.put_off(scene.turn(rings(scene, "remind", late=True)))  # Friday, 18:00
        scene.at += timedelta(hours=5)
        assert lateness.put_off(scene.turn(rings(scene, "remind", late=True)))
        due = scene.tx.connection.execute(select(timer.c.due_at)).scalar_one()
        assert due.astimezone(ZoneInfo("America/New_York")).hour == 7

    await database.run(of_an_office(story))
