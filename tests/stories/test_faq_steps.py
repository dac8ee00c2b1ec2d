"""An answer in steps: one at a time, each with its own *It helped*, and a person behind the last."""

import pytest

from tests.clock import MONDAY
from tests.stories.answers import admin, article, now
from tests.stories.harness import QUEUE, Desk, said_in

WORDS = {
    "en": (
        "The internet is slow",
        "Restart the router.\n+++\nPull the cable, wait, plug it in.\n+++\n**Call** your neighbour.",
    ),
    "uk": ("Інтернет повільний", "Перезапустіть роутер.\n+++\nВийміть кабель, зачекайте.\n+++\n**Спитайте** сусіда."),
}


@pytest.mark.parametrize("language", WORDS)
async def test_one_step_follows_another_until_one_helps(desk: Desk, language: str):
    question, answer = WORDS[language]
    one, two, three = (each.strip() for each in answer.split("+++"))
    helped, further, favour, person = (
        said_in(language, f"answer.{name}") for name in ("helped", "next_step", "favour", "need")
    )
    boss, ann = await admin(desk, language=language), desk.requester("Ann", language=language)
    await boss.says(f"/faq add {question} = {answer}")
    told = await boss.sees(one, "· · ·", two)
    assert "+++" not in told.text
    await ann.says(question)
    shown = await ann.sees(
        question, one, said_in(language, "answer.step", step=1, steps=3), buttons=[helped, further, person]
    )
    assert two not in shown.text
    await ann.presses(further)
    shown = await ann.sees(
        one, two, said_in(language, "answer.step", step=2, steps=3), buttons=[helped, further, person]
    )
    assert three.strip("*").split("*")[0] not in shown.text
    await ann.presses(further)
    last = await ann.sees(one, two, said_in(language, "answer.step", step=3, steps=3), buttons=[helped, favour, person])
    assert (await now(desk, 1)).shown == 1
    await ann.presses(helped, on=last)
    thanked = await ann.sees(two, said_in(language, "answer.thanks"), buttons=[])
    assert three.replace("*", "") in thanked.text
    assert (await now(desk, 1)).helped == 1


async def test_behind_the_last_step_is_a_person_and_an_old_button_still_leads_on(desk: Desk):
    await article(desk, "The internet is slow", "Restart it.\n+++\nWait.\n+++")
    ann, bob = desk.requester("Ann"), desk.agent("Bob")
    await ann.says("the internet is slow")
    shown = await ann.sees("Restart it.", "Step 1 of 2")
    await ann.presses("Did not help · next step")
    await ann.sees("Wait.", "Step 2 of 2")
    await ann.presses_name(shown.names[1], shown)  # pressed twice: it is shown already
    await ann.sees_nothing()
    await ann.presses("I still need a person")
    await ann.fills(type="Something else")
    await ann.sees("Request #1 is registered")
    await bob.sees("#1", at=QUEUE)


async def test_an_article_that_lost_its_steps_is_shown_as_it_is_now(desk: Desk):
    known = await article(desk, "The internet is slow", "Restart it.\n+++\nWait.")
    ann = desk.requester("Ann")
    await ann.says("the internet is slow")
    shown = await ann.sees("Restart it.", "Step 1 of 2")
    await desk.records(lambda tx: tx.articles.change(known.id, "edit", by=None, at=MONDAY, answer="Buy another."))
    await ann.presses_name(shown.names[1], shown)
    await ann.sees("Buy another.", buttons=["It helped", "⭐ Favourite", "I still need a person"])
