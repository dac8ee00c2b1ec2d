"""Whom an answer did not help may say what is missing in it; whoever looks after the answers reads it, and nobody else."""

import pytest
from sqlalchemy import select

from storage.models import article_remark
from tests.stories.answers import WIFI, admin, article
from tests.stories.harness import QUEUE, Capability, Desk, House, Somebody, said_in
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import present, ruled

LACK = "What did the answer lack?"
OTHER = {"en": "Something else", "uk": "Щось інше"}


async def remarks(desk: Desk) -> list[str]:
    query = select(article_remark.c.text).order_by(article_remark.c.id)
    return list(await desk.look(lambda connection: connection.scalars(query).all()))


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_what_readers_miss_comes_to_whoever_looks_after_the_answers(desk: Desk, bob: Somebody, language: str):
    await present(bob)
    boss = await admin(desk, language=language)
    ann, ben = (desk.requester(name, language=language) for name in ("Ann", "Ben"))
    wifi = await article(desk, WIFI, "Join the network Office.")
    lack, thanks, read = (said_in(language, f"remark.{name}") for name in ("say", "thanks", "read"))
    for who, number in ((ann, 1), (ben, 2)):
        await who.says(WIFI)
        await who.sees("Office")
        await who.presses(said_in(language, "answer.need"))
        await who.fills(type=OTHER[language])
        told = await who.sees(f"#{number}", buttons=[lack])
        await bob.sees(f"#{number}", at=QUEUE)
        await who.presses(lack, on=told)
        await who.fills(text=f"No password, says {number}.\n*Where* is it?", review=False)
        await who.sees(thanks)
        await who.presses(lack, on=told)  # a second thought takes the place of the first
        await who.fills(text=f"No password for guests <{number}>", review=False)
        await who.sees(thanks)
    assert await remarks(desk) == ["No password for guests <1>", "No password for guests <2>"]

    await boss.says("/faq review")
    told = await boss.sees(said_in(language, "review.remarked", article=wifi.id, question=WIFI, n=2))
    await boss.presses(told.buttons[0])
    told = await boss.sees(said_in(language, "remark.heading", n=2), "– No password for guests <2>")
    assert "Ann" not in told.text
    assert "Ben" not in told.text
    await ann.presses(lack)
    await ann.fills(text="Nor for the printer", review=False)  # said while the others are read: it stays
    await ann.sees(thanks)
    await boss.presses(read, on=told)
    boss.sees_toast(said_in(language, "remark.dropped"))
    await boss.sees(said_in(language, "remark.heading", n=1), "– Nor for the printer")
    await ruled(desk, roles={"permissions": {"faq show": "agent"}})
    await bob.says("/faq show 1", at=QUEUE)
    assert (
        "printer" not in (await bob.sees("Join the network", at=QUEUE)).text
    )  # who may read an answer may not change it
    await boss.says(f"/faq delete {wifi.id}")
    await boss.sees()
    await boss.presses(said_in(language, "article.delete"))
    await boss.sees()
    assert await remarks(desk) == []


@pytest.mark.parametrize("house", [House(windows=False)], ids=[""])
async def test_what_is_half_filled_is_not_lost_and_nobody_has_to_say_a_word(desk: Desk, bob: Somebody):
    ann, ben = desk.requester("Ann"), desk.requester("Ben")
    await article(desk, WIFI, "Join the network Office.")
    await ann.says(WIFI)
    await ann.sees("Office")
    await ann.presses("I still need a person")
    await ann.fills(type="Something else")
    told = await ann.sees("#1", buttons=[LACK])
    await ben.says("hello")
    await ben.catches_up()
    await ben.presses_name(told.names[0], told)
    await ben.catches_up()  # it was not said to them
    await ann.says("/new anew")
    await ann.sees()
    await ann.presses("Access")
    await ann.sees()
    await ann.presses(LACK, on=told)
    await ann.sees("First finish what you are filling in here", buttons=["Continue it"])
    await ann.presses("Continue it")
    await ann.sees()
    await ann.says("/cancel")
    await ann.sees()
    await ann.presses(LACK, on=told)
    await ann.fills(text=SKIP, review=False)
    await ann.sees("Thank you!")
    await ann.presses(LACK, on=told)
    await ann.sees("What is missing")
    await ann.says("x" * 501)
    await ann.sees("500")
    said = await ann.says("The password")
    await ann.sees("make the answer better")
    assert await remarks(desk) == ["The password"]
    await ann.edits(said, "The password for\nguests")
    await ann.sees_nothing()
    assert await remarks(desk) == ["The password for guests"]
    await ann.edits(said, "y" * 501)
    await ann.sees("500")
    assert await remarks(desk) == ["The password for guests"]
    if ann.can(Capability.DELETIONS):
        await ann.deletes(said)
        await desk.settles()
        assert await remarks(desk) == []
    await bob.catches_up(at=QUEUE)
