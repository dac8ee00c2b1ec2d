"""Words for many: shown before anybody reads them, sent once to each, paused, resumed after a restart, cancelled, counted."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from storage.models import Role, announced, outgoing
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.stories.harness import QUEUE, Desk, House, Somebody, said_in
from tests.stories.harness.people import SKIP


async def made_admin(desk: Desk, bob: Somebody) -> None:
    """Bob is an admin by the records, and can be written to."""
    await bob.says("hello", at=QUEUE)
    await bob.says("/me")
    await bob.catches_up()
    await desk.records(lambda tx: tx.people.grant(tx.people.named("bob")[0].id, Role.ADMIN))


async def many(desk: Desk, count: int, language: str = "en") -> list[Somebody]:
    """Let so many people have written to the desk."""
    people = [desk.requester(f"Guest{n}{language}", language=language) for n in range(count)]
    for one in people:
        await one.says("/my")
        await one.catches_up()
    return people


def of_acme(names: Sequence[str], tx: Transaction) -> None:
    """Let these people be of a company."""
    for name in names:
        tx.companies.join(tx.companies.put("Acme", MONDAY).id, tx.people.named(name)[0].id)


def left_in_doubt(name: str, tx: Transaction) -> None:
    """Let nobody have answered whether what was announced to somebody arrived."""
    whose = select(announced.c.outgoing_id).where(announced.c.person_id == tx.people.named(name)[0].id)
    tx.connection.execute(update(outgoing).where(outgoing.c.id.in_(whose)).values(uncertain=True))


async def test_once_to_each_in_their_own_language(desk: Desk, bob: Somebody):
    await made_admin(desk, bob)
    english, ukrainian = await many(desk, 2), await many(desk, 1, "uk")
    await bob.says("/announce")
    await bob.fills(
        to="Everybody",
        words="en: We move on Monday.\nuk: Ми переїжджаємо в понеділок.",
        file=SKIP,
        when=SKIP,
        review=False,
    )
    await bob.sees(
        "To 3 people:", "English · 2", "We move on Monday.", "Українська · 1", buttons=["Send to 3", "Cancel"]
    )
    assert not any("Skip" in line.buttons for line in desk.stage.lines(bob.native, None))  # nothing of the form is left
    await bob.presses("Send to 3")
    for one in english:
        await one.sees("We move on Monday.", buttons=["No more of these"])
    await ukrainian[0].sees("Ми переїжджаємо в понеділок.", buttons=["Більше не надсилати"])
    await desk.records(partial(left_in_doubt, "Guest0uk"))
    await desk.passes(minutes=3)
    await bob.sees("An announcement was made", "Sent: 3 of 3", "Perhaps twice", "1 – Guest0uk", buttons=[])
    await english[0].presses("No more of these")
    english[0].sees_toast("You get no more announcements")
    await desk.records(partial(of_acme, ("Guest1en",)))
    await bob.says("/announce")
    await bob.fills(
        to="The people of one company", company="akme", words="And again", file=SKIP, when=SKIP, review=False
    )
    await bob.sees(said_in("en", "refused.no_company", name="akme", meant="Acme"))
    await bob.fills(company="acme", review=False)
    await bob.sees("To 1 person:")
    await bob.presses("Cancel")
    await bob.catches_up()
    await bob.says("/announce And again", at=QUEUE)
    await bob.fills(to="Those who speak one language", language="English", file=SKIP, when=SKIP, review=False)
    card = await bob.sees("To 1 person:", "English · 1", "And again")  # the other wants no more of them
    await bob.presses("Cancel", on=card)
    await bob.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.says("/announce")
    await bob.fills(
        to="Those who filed requests of one type", type="Hardware", words="Printers", file=SKIP, when=SKIP, review=False
    )
    await bob.sees("Printers", "There is nobody to tell.", buttons=[])
    await bob.catches_up()


async def test_paused_resumed_after_a_restart_and_cancelled(desk: Desk, bob: Somebody):
    """Whoever was told before is not told again; whoever was not by the end is not told any more."""
    await made_admin(desk, bob)
    people = await many(desk, 12)
    desk.moment *= 0  # the story sees each turn of it
    await bob.says("/announce")
    await bob.fills(to="Everybody", words="Closed on Friday", file=SKIP, when=SKIP, review=False)
    await bob.presses("Send to 12")
    await bob.catches_up()
    await bob.presses("Pause")
    await bob.sees("An announcement is paused", "of 10", buttons=["Resume", "Cancel it"])
    await desk.passes(minutes=5)
    await people[11].sees_nothing()
    await desk.restarts()
    await bob.presses("Resume")
    await desk.passes(minutes=3)
    for one in people:
        assert len([line for line in await one.catches_up() if "Closed on Friday" in line.text]) == 1
    await bob.sees("An announcement was made", "Sent: 12 of 12", buttons=[])
    await bob.says("/announce")
    await bob.fills(to="Everybody", words="Open on Friday", file=SKIP, when="tomorrow 9:00", review=False)
    await bob.sees("To 12 people:")
    await bob.presses(next(label for label in (await bob.reads("To 12 people:")).buttons if label.startswith("Send")))
    await bob.sees("An announcement waits for its time", buttons=["Cancel it"])
    await bob.presses("Cancel it")
    await bob.sees("An announcement was cancelled", buttons=[])
    await bob.catches_up()
    await desk.passes(days=2)
    await people[0].sees_nothing()


class TestPlannedWorks:
    @pytest.fixture
    def house(self) -> House:
        return House(settings={"time_zone": "Europe/Kyiv"})

    async def test_before_at_the_beginning_and_at_the_end_over_the_change_of_clocks(self, desk: Desk, bob: Somebody):
        """It is 2 March 2026, 11:00 in Kyiv; in the night to 29 March an hour is left out: from 23:00 to 5:00 are five hours."""
        await made_admin(desk, bob)
        (ann,) = await many(desk, 1)
        await bob.says("/works")
        await bob.fills(
            words="The site is down for repairs",
            begins="28.03 23:00",
            ends="29.03 5:00",
            before="1h",
            about="site login",
            to="Everybody",
            review=False,
        )
        card = await bob.sees("To 1 person:", "From")
        await bob.presses(next(label for label in card.buttons if label.startswith("Send")))
        await bob.catches_up()
        one = await desk.records(lambda tx: tx.announcements.get(1))
        assert one is not None
        assert one.starts_at
        assert one.begins_at
        assert one.ends_at
        left_out = one.place["zone"] == "Europe/Kyiv"  # where people have no zone of their own
        assert one.ends_at - one.begins_at == timedelta(hours=5 if left_out else 6)
        await desk.passes(seconds=(one.starts_at - desk.clock.now()).total_seconds() - 60)
        await ann.sees_nothing()
        await desk.passes(minutes=2)
        await ann.sees("Planned works:", "The site is down for repairs", "From")
        await desk.passes(hours=1)
        await ann.sees("Planned works have begun, until", "The site is down")
        await ann.says("Where is the coffee machine")
        await ann.sees("I don't have an answer to that yet.")
        await ann.says("The site does not open for me")
        await ann.sees("There are planned works now, until")
        await ann.sees("I don't have an answer to that yet.")
        await ann.says("Is the site still down")
        await ann.sees("I don't have an answer to that yet.")
        await desk.passes(seconds=(one.ends_at - desk.clock.now()).total_seconds() - 60)
        await ann.sees_nothing()
        await desk.passes(minutes=2)
        await ann.sees("The planned works are over:")
        await desk.passes(minutes=5)
        await bob.catches_up()
