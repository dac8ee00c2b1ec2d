"""Somebody with two requests under way reads of each reply and notice which one it is about, and answers just that one."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, talking

FIRST = {"en": "My card was charged twice", "uk": "З картки зняли двічі"}
SECOND = {"en": "The printer eats paper", "uk": "Принтер жує папір"}


@pytest.mark.parametrize("language", FIRST)
async def test_each_reply_says_which_request_it_answers(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    await talking(iryna, bob, FIRST[language])
    await asked(iryna, SECOND[language], ticket=2)
    await bob.sees("#2", at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    await iryna.sees(said_in(language, "told.claimed", agent="Bob", ticket=f"2 ({SECOND[language]})"))
    await bob.catches_up(at=THREAD(2))
    answer = said_in(language, "talk.answer", ticket=1)
    for number, words in ((1, "one"), (2, "two")):
        await bob.says(f"/r {words}", at=THREAD(number))
        await bob.sees("✓", at=THREAD(number))
    await iryna.sees(f"Bob · #1 {FIRST[language]}", "one", buttons=[answer])
    await iryna.sees(f"Bob · #2 {SECOND[language]}", "two")
    await bob.catches_up(at=QUEUE)
    await iryna.presses(answer)
    iryna.sees_toast(said_in(language, "talk.switched", ticket=1))
    await iryna.says("0000")
    await bob.sees("💬 Iryna", "0000", at=THREAD(1))
    await iryna.sees_nothing()
    await bob.sees_nothing(at=THREAD(2))


async def test_an_edited_reply_keeps_its_request(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await asked(ann, SECOND["en"], ticket=2)
    await bob.sees("#2", at=QUEUE)
    reply = await bob.says("/r It comes on Munday", at=THREAD(1))
    await ann.sees("Bob · #1 My card was charged twice", "Munday", buttons=["↩️ Answer #1"])
    await bob.sees("✓", at=THREAD(1))
    await bob.edits(reply, "/r It comes on Monday")
    await ann.sees("Bob · #1 My card was charged twice", "Monday", buttons=["↩️ Answer #1"])


async def test_with_one_request_nothing_is_added(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/r Refunded", at=THREAD(1))
    line = await ann.sees("Bob", "Refunded", buttons=[])
    assert "#1" not in line.text
    await bob.sees("✓", at=THREAD(1))
