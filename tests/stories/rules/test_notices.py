"""Who hears of what: watchers, assignees, and what a person wants to hear or not."""

import pytest

from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, talking


async def at_home(somebody: Somebody) -> None:
    """Somebody has opened their private chat with the bot."""
    await somebody.starts()
    await somebody.sees("Hello")


async def test_who_watches_hears_in_private_what_happens(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await at_home(eve)
    await talking(ann, bob)
    await eve.says("/watch 1", at=QUEUE)
    await eve.sees("You watch #1: I will write to you in private.", at=QUEUE)
    await bob.sees("👀 Eve", at=QUEUE)
    await ann.says("Is there any news?")
    await bob.sees("Is there any news?", at=THREAD(1))
    await eve.sees("💬 #1 Ann: Is there any news?")
    await bob.says("/resolve It is refunded", at=THREAD(1))
    await ann.sees("It is refunded")
    await ann.sees("Request #1 is resolved")
    await bob.sees("resolved · Bob", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await eve.sees("✅ #1 “My card was charged twice” is resolved (Bob).")
    await eve.says("/watch 1", at=QUEUE)
    await eve.sees("You watch #1 no more.", at=QUEUE)
    await ann.presses("Reopen")
    await ann.sees("open again")
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    await eve.sees_nothing()


async def test_who_cannot_be_written_to_yet_is_told_how(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.sees("#1", at=QUEUE)
    await bob.presses("More…", at=QUEUE)
    await bob.presses("Watch", at=QUEUE)
    bob.sees_toast("I cannot write to you yet")
    await bob.sees("👀 Bob", at=QUEUE)


async def test_the_new_assignee_hears_who_gave_it_to_them(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await at_home(eve)
    await eve.says("hello", at=QUEUE)
    await talking(ann, bob)
    await bob.says("/assign @eve", at=THREAD(1))
    await bob.sees("#1 is Eve's now.", at=THREAD(1))
    await ann.sees("Eve is on your request #1.")
    await eve.sees("👉 #1 “My card was charged twice” is Eve's now (Bob).")
    await bob.sees("open · Eve", at=QUEUE)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_requester_chooses_what_to_hear(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    event = said_in(language, "event.claimed")
    await iryna.says("/notify")
    shown = await iryna.sees(said_in(language, "notify.title"))
    on, off = said_in(language, "notify.on", event=event), said_in(language, "notify.off", event=event)
    assert on in shown.buttons
    assert said_in(language, "notify.on", event=said_in(language, "event.rated")) not in shown.buttons
    await iryna.presses(on)
    changed = await iryna.sees(said_in(language, "notify.title"))
    assert off in changed.buttons
    assert said_in(language, "notify.as_before") in changed.buttons
    await asked(iryna)
    await bob.sees("#1", at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    await bob.sees("open · Bob", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await iryna.sees_nothing()
    await iryna.presses(said_in(language, "notify.as_before"))
    again = await iryna.sees(said_in(language, "notify.title"))
    assert again.buttons == shown.buttons
    await bob.says("/release", at=THREAD(1))
    await bob.says("/claim", at=THREAD(1))
    await iryna.sees(said_in(language, "told.claimed", agent="Bob", ticket=1))
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_choices_are_made_in_private(desk: Desk, bob: Somebody):
    await bob.says("/start")
    await bob.sees("Hello, Bob")
    await bob.says("/notify", at=QUEUE)
    await bob.sees(said_in("en", "private.answered"), at=QUEUE)
    shown = await bob.sees("What you hear of")
    await bob.presses_name("hear:elephants", shown)
    await bob.sees_nothing()
