"""Words that are blacked out or erased stand nowhere: before an edit, in what waits, in a comment, a line, a private notice."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Place, Somebody
from tests.stories.harness.capabilities import Capability
from tests.stories.harness.given import asked, resolved, talking
from tests.stories.test_corrections import submitted
from tests.stories.test_privacy import erase

COMMENT = "the code was wombat77"


def shown(desk: Desk, who: Somebody, at: Place | None = None) -> str:
    """Return all that somebody sees in a place."""
    return "\n".join(line.text for line in desk.stage.lines(who.native, at))


def reminder(desk: Desk, bob: Somebody) -> str:
    """Return what the team's channel says of requests that nobody has taken."""
    return "\n".join(line.text for line in desk.stage.lines(bob.native, QUEUE) if "has waited" in line.text)


async def read_all(desk: Desk, *people: Somebody) -> None:
    """Let everybody read everything: these stories are about what is still there at the end."""
    for who in people:
        await who.catches_up()
        if who.is_agent:
            for place in (QUEUE, THREAD(1)):
                await who.catches_up(at=place)


async def commented(desk: Desk, ann: Somebody, bob: Somebody) -> None:
    """Let Ann rate a request, with a word that should not have been said."""
    await talking(ann, bob)
    await resolved(bob, ann)
    await ann.presses("Yes, it is solved")
    await ann.catches_up()
    await ann.presses("4")
    await ann.catches_up()
    if ann.can(Capability.WINDOWS):
        await ann.fills(text=COMMENT)
    else:
        await ann.says(COMMENT)
    await read_all(desk, ann, bob)
    assert COMMENT in shown(desk, bob, THREAD(1))


async def test_a_secret_that_its_author_has_edited_away(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    line = await ann.says("my pin is 9876")
    await ann.edits(line, "my pin is known to you")
    await bob.sees("known to you", at=THREAD(1))
    await bob.says("/redact 9876", at=THREAD(1))
    await read_all(desk, ann, bob)
    assert "9876" not in shown(desk, bob, THREAD(1)).replace("/redact 9876", "").replace("!redact 9876", "")


async def test_a_reply_that_still_waits(desk: Desk, ann: Somebody, bob: Somebody):
    """What is blacked out in any letter case is sent in none."""
    await talking(ann, bob)
    trouble = desk.stage.trouble(ann.native)
    trouble.begins()
    await bob.says("/r Your password is Hunter2, pw_hunter2", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.says("/redact hunter2", at=THREAD(1))
    trouble.ends()
    await desk.passes(minutes=30)
    assert "Your password is ███████, pw_███████" in shown(desk, ann)
    await read_all(desk, ann, bob)


async def test_a_comment_with_the_stars(desk: Desk, ann: Somebody, bob: Somebody):
    await commented(desk, ann, bob)
    await bob.says("/reopen 1", at=QUEUE)
    await read_all(desk, ann, bob)
    await bob.says("/redact wombat77", at=THREAD(1))
    await read_all(desk, ann, bob)
    assert COMMENT not in shown(desk, bob, THREAD(1))
    assert (await desk.records(lambda tx: tx.tickets.get(1).rating_comment)) == "the code was ████████"


async def test_an_erased_comment(desk: Desk, ann: Somebody, bob: Somebody):
    await commented(desk, ann, bob)
    await erase(desk, ann)
    await read_all(desk, ann, bob)
    assert "wombat77" not in shown(desk, bob, THREAD(1))


async def test_a_notice_in_private_is_erased_too(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    eve = desk.agent("Eve")
    await eve.starts()
    await eve.says("/watch 1", at=QUEUE)
    await eve.catches_up(at=QUEUE)
    await ann.says("my wombat is ill")
    await desk.passes(minutes=1)
    assert "my wombat is ill" in shown(desk, eve)
    await erase(desk, ann)
    assert "wombat" not in shown(desk, eve)
    await read_all(desk, ann, bob, eve)


class TestCorrected:
    """A line that tells what an answer was and is."""

    @pytest.fixture
    def house(self) -> House:
        """Answers are messages, and messages are edited."""
        return House(windows=False)

    async def test_is_blacked_out(self, desk: Desk, ann: Somebody, bob: Somebody):
        _, contract = await submitted(ann, bob)
        await ann.edits(contract, "AB-99999")
        await bob.sees("AB-12345 → AB-99999", at=THREAD(1))
        await bob.says("/redact AB-12345", at=THREAD(1))
        await read_all(desk, ann, bob)
        assert "AB-12345 →" not in shown(desk, bob, THREAD(1))

    async def test_is_erased(self, desk: Desk, ann: Somebody, bob: Somebody):
        _, contract = await submitted(ann, bob)
        await ann.edits(contract, "AB-99999")
        await bob.sees("AB-12345 → AB-99999", at=THREAD(1))
        await erase(desk, ann)
        await read_all(desk, ann, bob)
        assert "AB-99999" not in shown(desk, bob, THREAD(1))

    async def test_and_what_has_no_part_of_it_stays(self, desk: Desk, ann: Somebody, bob: Somebody):
        """What was chosen among options is a word of the desk's own, and a line about another answer is of use."""
        _, contract = await submitted(ann, bob)
        await ann.edits(contract, "AB-99999")
        await bob.sees("AB-12345 → AB-99999", at=THREAD(1))
        await ann.says("it is a billing matter")
        await bob.says("/redact billing", at=THREAD(1))
        await read_all(desk, ann, bob)
        told = shown(desk, bob, THREAD(1))
        assert "AB-12345 → AB-99999" in told
        assert "it is a ███████ matter" in told
        answers = await desk.records(lambda tx: tx.tickets.get(1).answers)
        assert answers["type"] == "billing"


class TestAReminderInTheTeamsChannel:
    """A reminder quotes a request's summary: it goes with the words it quotes, and takes no other line with it."""

    async def both_lie(self, desk: Desk, ann: Somebody, bob: Somebody) -> None:
        """Two requests of two people have waited for half an hour; one post says so."""
        await asked(ann, "My pin is 9876")
        await asked(desk.requester("Zoe"), "The scanner is broken", ticket=2)
        await read_all(desk, ann)
        await bob.catches_up(at=QUEUE)
        await desk.passes(minutes=31)

    async def test_is_blacked_out(self, desk: Desk, ann: Somebody, bob: Somebody):
        await self.both_lie(desk, ann, bob)
        await bob.sees("#1 has waited", "My pin is 9876", at=QUEUE)
        await bob.says("/redact 9876", at=THREAD(1))
        await read_all(desk, ann, bob)
        assert "9876" not in reminder(desk, bob)
        assert "The scanner is broken" in reminder(desk, bob)

    async def test_is_erased(self, desk: Desk, ann: Somebody, bob: Somebody):
        await self.both_lie(desk, ann, bob)
        await erase(desk, ann)
        await read_all(desk, ann, bob)
        assert "9876" not in shown(desk, bob, QUEUE)
        assert "The scanner is broken" in reminder(desk, bob)

    async def test_is_not_said_after_an_erase(self, desk: Desk, ann: Somebody, bob: Somebody):
        await asked(ann, "My pin is 9876")
        await read_all(desk, ann, bob)
        trouble = desk.stage.trouble(None)
        trouble.begins()
        await erase(desk, ann)
        trouble.ends()
        await desk.passes(hours=1)
        await read_all(desk, ann, bob)
        assert "9876" not in shown(desk, bob, QUEUE)

    async def test_answered_is_still_the_teams_own_talk(self, desk: Desk, ann: Somebody, bob: Somebody):
        await self.both_lie(desk, ann, bob)
        line = await bob.sees("#1 has waited", at=QUEUE)
        await bob.says("who has time?", reply_to=line)
        await read_all(desk, ann, bob)
        said = await desk.records(lambda tx: [said.words["text"] for n in (1, 2) for said, _ in tx.talk.of(n)])
        assert "who has time?" not in said
