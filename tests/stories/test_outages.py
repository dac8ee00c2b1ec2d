"""Somebody else answers in the messenger's place for a while: what is promised meanwhile arrives after it, once."""

from bot.sandbox.faults import FOREIGN
from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody
from tests.stories.harness.given import talking


async def test_replies_promised_in_an_outage_arrive_after_it_once(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    for kind, foreign in FOREIGN.items():
        desk.stage.trouble(ann.native).answers_instead(kind)
        await bob.says(f"/r about {kind}", at=THREAD(1))
        await desk.passes(seconds=6)
        assert [line.text for line in await ann.catches_up()] == [f"Bob\nabout {kind}"]
        sure = foreign.status == 429 or not ann.can(Capability.DOUBT)  # told to wait, or looked up
        fates = [line.text for line in await bob.catches_up(at=THREAD(1)) if line.text[0] in "✓?⏳"]
        assert fates[-1].startswith("✓ delivered" if sure else "? sent, but perhaps twice"), kind


async def test_what_is_said_to_the_team_in_an_outage_arrives_after_it_once(desk: Desk, ann: Somebody, bob: Somebody):
    desk.stage.trouble(None).answers_instead("plain_503")
    await talking(ann, bob)
    for kind in FOREIGN:
        desk.stage.trouble(None).answers_instead(kind)
        await ann.says(f"more about {kind}")
        await desk.passes(seconds=30)
        told = [line.text for line in await bob.catches_up(at=THREAD(1)) if "more about" in line.text]
        assert told == [f"💬 Ann\nmore about {kind}\n@Bob"]
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
