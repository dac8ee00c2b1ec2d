"""A group with a team channel of its own: cards, threads and notes follow the group from channel to channel and back."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select

from storage.models import outgoing
from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Line, Place, Somebody, needs, said_in
from tests.stories.harness.given import asked
from tests.stories.rules.ruled import ruled

CARD = ["Claim", "Reply", "Note", "Resolve", "More…"]


def promised_reports(connection: Connection) -> dict[str, str]:
    """Return what was promised of pictures of reports, by address."""
    query = select(outgoing.c.lane, outgoing.c.payload).where(outgoing.c.payload.like("%overview-%.png%"))
    return {row.lane: row.payload for row in connection.execute(query).all()}


async def with_second_line(desk: Desk, nina: Somebody, **more: Any) -> Place:
    """Let the second line have a channel of its own, with Nina in it."""
    room = desk.room("second", nina, forum=desk.house.forum)
    word = f"{desk.stage.source(nina.native).partition(':')[0]}:{desk.rooms['second']}"
    await ruled(
        desk,
        desk={"unclaimed_reminder": "9d"},
        groups={
            "first": {"title": "First line", "escalate_to": "second", **more},
            "second": {"title": "Second line", "channels": [word]},
        },
    )
    return room


async def test_a_request_goes_to_the_second_lines_channel_and_back_with_its_story(
    desk: Desk, ann: Somebody, bob: Somebody
):
    nina = desk.agent("Nina", outside=True)
    room = await with_second_line(desk, nina)
    await asked(ann)
    await bob.presses("Claim", at=QUEUE)
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.says("/note She is a good client", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await nina.sees_nothing(at=room)

    await bob.says("/escalate 1 second", at=QUEUE)
    await bob.sees("#1 is Second line's now", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await nina.sees("#1", "My card was charged twice", at=room)
    await ann.catches_up()
    told = await nina.reads("She is a good client", at=room)
    await nina.catches_up(at=room)
    await nina.presses("Claim", at=room)
    await ann.sees("Nina is on your request #1.")
    await nina.catches_up(at=room)
    await nina.says("/r Which bank is it?", at=room, reply_to=told)
    await ann.sees("Nina", "Which bank is it?")
    await nina.sees("✓", at=room)
    await bob.sees_nothing(at=THREAD(1))
    await ann.says("The one on the corner")
    await nina.reads("The one on the corner", at=room)
    await nina.catches_up(at=room)

    await nina.says("/escalate 1 first", at=room, reply_to=told)
    await nina.catches_up(at=room)
    await ann.catches_up()
    await bob.sees("#1", "My card was charged twice", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    lines = [line.text for line in desk.stage.lines(bob.native, QUEUE)]
    lines += [line.text for line in desk.stage.lines(bob.native, THREAD(1))]
    assert any("The one on the corner" in text and "Which bank" in text for text in lines)
    await bob.catches_up(at=THREAD(1))
    assert (await desk.records(lambda tx: tx.tickets.get(1))).group_name == "first"


async def test_a_channel_that_is_lost_gives_its_requests_to_the_first_and_takes_them_back(
    desk: Desk, ann: Somebody, bob: Somebody
):
    nina = desk.agent("Nina", outside=True)
    room = await with_second_line(desk, nina, keywords=["nothing"])
    await asked(ann)
    await bob.says("/escalate 1 second", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
    await nina.sees("#1", at=room)
    desk.stage.of(nina.native).bot_in_room("second", there=False)
    await bob.sees("#1", "My card was charged twice", buttons=CARD, at=QUEUE)
    await nina.catches_up(at=room)
    desk.stage.of(nina.native).bot_in_room("second", there=True)
    await nina.sees("#1", "My card was charged twice", at=room)
    await bob.sees("#1 is Second line's now", at=QUEUE)
    await bob.catches_up(at=QUEUE)


async def test_each_channel_speaks_its_language_and_begins_its_queue_with_its_own(
    desk: Desk, ann: Somebody, bob: Somebody
):
    nina = desk.agent("Nina", outside=True)
    room = await with_second_line(desk, nina)
    await asked(ann)
    await bob.says("/escalate 1 second", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
    dan = desk.requester("Dan")
    await asked(dan, "The lamp is broken", ticket=2)
    await bob.catches_up(at=QUEUE)
    await nina.catches_up(at=room)
    await nina.says("/queue", at=room)
    shown = await nina.sees("1", at=room)
    assert any("#1" in label for label in shown.buttons)
    assert not any("#2" in label for label in shown.buttons)


@needs(team=Capability.TOPICS)
@pytest.mark.parametrize("way", ["public", "discussion"])
async def test_who_writes_in_an_open_channel_of_a_group_is_not_of_the_team(desk: Desk, way: str):
    """Words prove that somebody is a member only where nobody else can write; of a group's own channel nobody knows that."""
    nina, mallory = desk.agent("Nina", outside=True), desk.requester("Mallory")
    room = await with_second_line(desk, nina)
    group = desk.stage.sandbox.room(int(desk.rooms["second"]))
    group.opens(username="acme") if way == "public" else group.opens(channel=-1009)
    await mallory.says("hi", at=room)
    await mallory.says("/queue", at=room)
    await nina.says("/queue", at=room)
    await nina.catches_up(at=room)
    team = await desk.records(lambda tx: [one.name for one in tx.people.team()])
    assert "Nina" in team
    assert "Mallory" not in team


class TestItsDigest:
    @pytest.fixture
    def house(self) -> House:
        return House(digest=True)

    async def test_a_groups_channel_has_the_figures_of_its_group_each_monday(
        self, desk: Desk, ann: Somebody, bob: Somebody
    ):
        nina = desk.agent("Nina", outside=True)
        room = await with_second_line(desk, nina, keywords=["nothing"])
        await desk.stops()
        await desk.starts()
        await asked(ann)
        await asked(ann, "It happened again", ticket=2)
        await bob.says("/escalate 1 second", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        await desk.passes(days=7)
        await bob.sees("Overview\nIt comes every week.", kind="photo", at=QUEUE)
        await nina.sees("Overview\nIt comes every week.", kind="photo", at=room)
        told = await desk.look(promised_reports)
        own = f"{desk.stage.source(nina.native)}:{desk.rooms['second']}"
        assert {lane.partition("~")[0] for lane, payload in told.items() if "group second" in payload} == {own}
        assert len(told) > 1
        for place in (None, QUEUE):
            await bob.catches_up(at=place)
        await ann.catches_up()
        await nina.catches_up(at=room)


async def taken_to_second_line(desk: Desk, ann: Somebody, bob: Somebody) -> tuple[Line, Callable[[], Awaitable[None]]]:
    """Bob has the card open and moves its request; return the card, and what sees that nothing else was said to anybody."""
    nina = desk.agent("Nina", outside=True)
    room = await with_second_line(desk, nina)
    await asked(ann)
    card = await bob.sees("#1", at=QUEUE)
    await bob.says("/escalate 1 second", at=QUEUE)

    async def all_read() -> None:
        await bob.sees_nothing(at=QUEUE)
        await nina.catches_up(at=room)
        await ann.catches_up()

    return card, all_read


async def test_a_late_press_does_not_bring_a_card_back_where_the_request_stands_no_more(
    desk: Desk, ann: Somebody, bob: Somebody
):
    """Bob had the card open when it went to the second line: the line that says so stays."""
    card, all_read = await taken_to_second_line(desk, ann, bob)
    await bob.sees("#1 is Second line's now", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.presses_name("more:1", card)
    bob.sees_toast(said_in("en", "refused.expired"))
    await all_read()


async def test_what_is_chosen_from_a_cards_menu_as_the_request_leaves_is_answered(
    desk: Desk, ann: Somebody, bob: Somebody
):
    """Bob moved it, and chose before he saw that it was gone."""
    card, all_read = await taken_to_second_line(desk, ann, bob)
    desk.stage.presses(bob.native, "plan:1", card)
    await bob.sees("#1 is Second line's now", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up()
    await all_read()
