"""Edits cross both ways; the agents see the old words too."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import asked, talking


async def test_the_requesters_edit_shows_the_old_words(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    words = await ann.says("It was on Monday")
    await bob.sees("It was on Monday", at=THREAD(1))
    await ann.edits(words, "It was on Tuesday")
    await bob.sees("✏️ Ann", "It was on Tuesday", "It said before:", "It was on Monday", at=THREAD(1), reply_to="Monday")
    await ann.edits(words, "It was on Wednesday")
    await bob.sees("✏️ Ann", "It was on Wednesday", "It said before:", "It was on Tuesday", at=THREAD(1))
    await ann.sees_nothing()


async def test_an_edit_before_anybody_took_it_changes_the_card(desk: Desk, ann: Somebody, bob: Somebody):
    words = await ann.says("My card was charged twise")
    await ann.sees("I don't have an answer")
    await ann.presses("I still need a person")
    await ann.fills(type="Billing question", contract="(skip)")
    await ann.sees("#1 is registered")
    await bob.sees("#1", "charged twise", at=QUEUE)
    await ann.edits(words, "My card was charged twice")
    await bob.sees("#1", "charged twice", at=QUEUE)
    for line in await ann.catches_up():  # her answers, where she was asked question by question
        assert "charged twice" in line.text


async def test_the_agents_edit_of_a_reply_changes_it_in_place(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    reply = await bob.says("/r It comes on Munday", at=THREAD(1))
    shown = await ann.sees("Bob", "It comes on Munday")
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.edits(reply, "/r It comes on Monday")
    changed = await ann.sees("Bob", "It comes on Monday")
    assert changed.id == shown.id
    await bob.sees_nothing(at=THREAD(1))


async def test_an_edit_of_words_that_begin_with_a_number_leaves_it_out_again(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    reply = await bob.says("/r 1 It comes on Munday", at=QUEUE)
    await ann.sees("Bob", "It comes on Munday")
    await bob.catches_up(at=THREAD(1))
    if reply.id:  # a command that leaves no message is edited by nobody
        await bob.edits(reply, "/r 1 It comes on Monday, 1 box")
        assert (await ann.sees("Bob", "It comes on Monday, 1 box")).text.count("1") == 1
        await bob.edits(reply, "/r It comes on Tuesday")
        await ann.sees("Bob", "It comes on Tuesday")
        await bob.edits(reply, "/r 1")
        await bob.sees("write /del in reply to it", at=QUEUE)
        await ann.sees_nothing()
        assert any("It comes on Tuesday" in line.text for line in desk.stage.lines(ann.native, None))
    inside = await bob.says("/r 1 box is here", at=THREAD(1))
    await ann.sees("1 box is here")
    await bob.edits(inside, "/r 1 box is there")
    await ann.sees("1 box is there")
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_a_note_edited_into_a_command_is_not_sent(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    note = await bob.says("She pays late", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.edits(note, "/r She pays late")
    await ann.sees_nothing()


async def test_captions_are_edited_too(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    photo = await ann.sends("photo", "The invoice")
    await bob.sees("The invoice", kind="photo", at=THREAD(1))
    await ann.edits(photo, "The receipt")
    await bob.sees("✏️ Ann", "The receipt", "The invoice", at=THREAD(1))
    reply = await bob.sends("photo", "/r The form", at=THREAD(1))
    await ann.sees("The form", kind="photo")
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.edits(reply, "/r The filled form")
    await ann.sees("The filled form")


async def test_an_edit_of_words_that_are_on_no_request_changes_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    hello = await ann.says("hello")
    await ann.sees("Hello, Ann!")
    await ann.edits(hello, "hello there")
    await ann.sees_nothing()
    await asked(ann)
    await bob.sees("#1", at=QUEUE)
