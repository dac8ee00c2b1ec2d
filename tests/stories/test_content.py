"""Every kind of content crosses both ways, or both sides are told that it cannot."""

from typing import Any

import pytest

from tests.stories.harness import THREAD, Desk, Somebody
from tests.stories.harness.given import talking

CAPTIONED = ("photo", "document", "video", "animation", "audio", "voice")
MUTE = ("video_note", "sticker", "location", "contact")
RARE: dict[str, dict[str, Any]] = {
    "a story": {"story": {"chat": {"id": 1, "type": "private"}, "id": 1}},
    "a game": {"game": {"title": "Snake", "description": "", "photo": []}},
    "paid media": {"paid_media": {"star_count": 1, "paid_media": [{"type": "preview"}]}},
    "an invoice": {
        "invoice": {"title": "A", "description": "b", "start_parameter": "", "currency": "EUR", "total_amount": 1}
    },
}


async def test_files_with_captions(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    for kind in CAPTIONED:
        await ann.sends(kind, f"my {kind}")
        await bob.sees("💬 Ann", f"my {kind}", kind=kind, at=THREAD(1))
        await bob.sends(kind, f"/r our {kind}", at=THREAD(1))
        await ann.sees("Bob", f"our {kind}", kind=kind)
        await bob.sees("✓ delivered", at=THREAD(1))


async def test_what_has_no_caption_comes_after_its_authors_name(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    for kind in MUTE:
        await ann.sends(kind)
        await bob.sees("💬 Ann", kind="text", at=THREAD(1))
        theirs = await bob.sees(kind=kind, at=THREAD(1))
        await bob.sends(kind, reply_to=theirs)
        await ann.sees("Bob", kind="text")
        await ann.sees(kind=kind)
        await bob.sees("✓ delivered", at=THREAD(1))


async def test_a_venue(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    where = {"latitude": 50.45, "longitude": 30.52}
    venue = {"location": where, "venue": {"location": where, "title": "Office", "address": "Main st. 1"}}
    await ann.sends("native", content=venue)
    await bob.sees("💬 Ann", at=THREAD(1))
    await bob.sees(kind="venue", at=THREAD(1))


async def test_dice_and_polls_are_told_in_words(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.sends("dice")
    await bob.sees("💬 Ann", at=THREAD(1))
    await bob.sees("🎲 4", at=THREAD(1))
    await ann.sends("poll", question="Which day?", options=("Monday", "Tuesday"))
    await bob.sees("💬 Ann", at=THREAD(1))
    await bob.sees("Which day?", "Monday", "Tuesday", at=THREAD(1))


@pytest.mark.parametrize("what", list(RARE))
async def test_what_cannot_cross_is_said_to_both_sides(desk: Desk, ann: Somebody, bob: Somebody, what: str):
    await talking(ann, bob)
    await ann.sends("native", content=RARE[what])
    await ann.sees(f"This could not be passed on: {what}.", "send a picture or a file")
    theirs = await bob.sees("💬 Ann", f"[{what}: this cannot be passed on]", at=THREAD(1))
    await bob.sends("native", content=RARE[what], reply_to=theirs)
    await bob.sees(f"This cannot be passed on: {what}", at=THREAD(1))
    await ann.sees_nothing()


async def test_albums_stay_albums(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.sends_album("photo", "video", "photo", caption="all three")
    first = await bob.sees("💬 Ann", "all three", kind="photo", at=THREAD(1))
    second = await bob.sees(kind="video", at=THREAD(1))
    third = await bob.sees(kind="photo", at=THREAD(1))
    assert first.album
    assert first.album == second.album == third.album
    await bob.sends_album("document", "document", caption="/r both forms", at=THREAD(1))
    one = await ann.sees("Bob", "both forms", kind="document")
    two = await ann.sees(kind="document")
    assert one.album
    assert one.album == two.album
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_a_file_of_the_size_that_no_bot_may_send_is_told(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    desk.stage.trouble(ann.native).refuses_a_file()
    await bob.sends("document", "/r the whole archive", at=THREAD(1))
    await bob.sees("✗ not delivered: the file is too large for the messenger", at=THREAD(1))
    desk.lost_letters = 1
