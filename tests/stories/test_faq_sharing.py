"""An agent sends an article from a request's thread, as their own words, and may ask whether it helped."""

import pytest

from tests.stories.answers import article, now
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import talking


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_an_article_is_sent_and_what_came_of_it_is_told(desk: Desk, bob: Somebody, language: str):
    ann = desk.requester("Ann", language=language)
    one = await article(desk, "How do I get my money back?", "Within **five** days.")
    await talking(ann, bob)
    await bob.says("!faq money back", at=THREAD(1))
    await bob.sees(buttons=[one.question, "I still need a person"], at=THREAD(1))
    await bob.presses(one.question, at=THREAD(1))
    await bob.sees(
        "Within five days.", buttons=["Send to the requester", "Send and ask whether it helped"], at=THREAD(1)
    )
    await bob.presses("Send and ask whether it helped", at=THREAD(1))
    await bob.sees("is sent.", at=THREAD(1))
    await bob.sees("✓ delivered", at=THREAD(1))
    await ann.sees("How do I get my money back?", "Within five days.")
    await ann.sees(said_in(language, "share.ask", question=one.question))
    await ann.presses(said_in(language, "share.no"))
    await ann.sees(said_in(language, "share.sorry"), buttons=[said_in(language, "remark.say")])
    await bob.sees(f"👎 Article {one.id} did not help.", at=THREAD(1))
    counted = await now(desk, one.id)
    assert (counted.shown, counted.helped, counted.not_helped) == (1, 0, 1)


async def test_a_yes_is_counted_once(desk: Desk, ann: Somebody, bob: Somebody):
    one = await article(desk, "How do I get my money back?", "Within **five** days.")
    await talking(ann, bob)
    await bob.says("!faq money back", at=THREAD(1))
    await bob.sees(buttons=[one.question, "I still need a person"], at=THREAD(1))
    await bob.presses(one.question, at=THREAD(1))
    await bob.sees("Within five days.", at=THREAD(1))
    await bob.presses("Send and ask whether it helped", at=THREAD(1))
    await bob.sees("is sent.", at=THREAD(1))
    await bob.sees("✓ delivered", at=THREAD(1))
    await ann.sees("Within five days.")
    await ann.sees("Did “How do I get my money back?” help?", buttons=["It helped", "It did not"])
    await ann.presses("It helped")
    await ann.sees("Good to hear.")
    await bob.sees(f"👍 Article {one.id} helped.", at=THREAD(1))
    assert (await now(desk, one.id)).helped == 1


async def test_what_is_looked_for_is_read_in_one_alphabet(desk: Desk, ann: Somebody, bob: Somebody):
    """The letter in the middle is Cyrillic: it looks alike."""
    await talking(ann, bob, "The VPN is down")
    await bob.says("/find VРN", at=QUEUE)
    found = await bob.sees("1 ticket found", at=QUEUE)
    assert "#1 The VPN is down" in found.buttons[0]
