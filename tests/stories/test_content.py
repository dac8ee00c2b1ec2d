"""Every kind of content crosses both ways, or both sides are told that it cannot."""

from typing import Any

import pytest

from tests.stories.harness import THREAD, Capability, Desk, Place, Somebody, needs
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
        await bob.sees("💬 Ann", f"my {kind}", kind=ann.shows(kind), at=THREAD(1))
        await bob.sends(kind, f"/r our {kind}", at=THREAD(1))
        await ann.sees("Bob", f"our {kind}", kind=bob.shows(kind))
        await bob.sees("✓ delivered", at=THREAD(1))


async def comes(reader: Somebody, words: str, kind: str, at: Place | None = None) -> None:
    """See something that has no words of its own: after a line with its author's name, or told in that line."""
    await reader.sees(words, kind="text", at=at)
    if reader.shows(kind) != "text":
        await reader.sees(kind=kind, at=at)


@needs(requesters=Capability.MOBILE)
async def test_what_has_no_caption_comes_after_its_authors_name(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    for kind in MUTE:
        await ann.sends(kind)
        await comes(bob, "💬 Ann", kind, THREAD(1))


@needs(team=Capability.MOBILE)
async def test_and_so_does_what_the_team_sends(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says("Show me")
    theirs = await bob.sees("Show me", at=THREAD(1))
    for kind in MUTE:
        await bob.sends(kind, reply_to=theirs)
        await comes(ann, "Bob", kind)
        await bob.sees("✓ delivered", at=THREAD(1))


@needs(requesters=Capability.MOBILE)
async def test_a_venue(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    where = {"latitude": 50.45, "longitude": 30.52}
    venue = {"location": where, "venue": {"location": where, "title": "Office", "address": "Main st. 1"}}
    await ann.sends("native", content=venue)
    await comes(bob, "💬 Ann", "venue", THREAD(1))


@needs(requesters=Capability.MOBILE)
async def test_dice_and_polls_are_told_in_words(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.sends("dice")
    await ann.sends("poll", question="Which day?", options=("Monday", "Tuesday"))
    told = "\n".join(line.text for line in await bob.catches_up(at=THREAD(1)))
    assert [word for word in ("💬 Ann", "🎲 4", "Which day?", "Monday", "Tuesday") if word not in told] == []


@needs(requesters=Capability.RARITIES)
@pytest.mark.parametrize("what", list(RARE))
async def test_what_cannot_cross_is_said_to_both_sides(desk: Desk, ann: Somebody, bob: Somebody, what: str):
    await talking(ann, bob)
    await ann.sends("native", content=RARE[what])
    await ann.sees(f"This could not be passed on: {what}.", "send a picture or a file")
    await bob.sees("💬 Ann", f"[{what}: this cannot be passed on]", at=THREAD(1))


@needs(team=Capability.RARITIES)
@pytest.mark.parametrize("what", list(RARE))
async def test_nor_does_it_from_the_team(desk: Desk, ann: Somebody, bob: Somebody, what: str):
    await talking(ann, bob)
    await ann.says("Show me")
    theirs = await bob.sees("Show me", at=THREAD(1))
    await bob.sends("native", content=RARE[what], reply_to=theirs)
    await bob.sees(f"This cannot be passed on: {what}", at=THREAD(1))
    await ann.sees_nothing()


async def test_several_files_at_once_arrive_all(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.sends_album("photo", "video", "photo", caption="all three")
    seen = await bob.catches_up(at=THREAD(1))
    assert sorted(line.kind for line in seen if line.kind != "text") == ["photo", "photo", "video"]
    assert "all three" in "".join(line.text for line in seen)
    await bob.sends_album("document", "document", caption="/r both forms", at=THREAD(1))
    seen = await ann.catches_up()
    assert [line.kind for line in seen if line.kind != "text"] == ["document", "document"]
    assert "both forms" in "".join(line.text for line in seen)
    await bob.sees("✓ delivered", at=THREAD(1))


@needs(requesters=Capability.ALBUMS, team=Capability.ALBUMS)
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
    await ann.catches_up()  # the words may have come without the file
    desk.lost_letters = 1
