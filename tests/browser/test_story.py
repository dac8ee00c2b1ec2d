"""The way of a request, by hand, on the page: from the first question to the stars, across both messengers."""

import re

from playwright.async_api import Page, expect

from bot.demo.words import words
from tests.browser.people import LONG, OnSlack, OnTelegram, file

PAPER = file("leak.txt", b"Water under the tray, about a litre.")
WRITTEN = {
    "Next to the lifts": "A photo helps a lot"
}  # of the story's answers, with what is asked next; others are buttons
PLAN = file("valve.txt", b"The valve is behind the left panel.")


async def test_a_request_goes_its_whole_way_across_both_messengers(page: Page):
    ann, dana = OnTelegram(page, "ann"), OnSlack(page, "dana")
    number = await registered(ann)

    card = await dana.sees(f"#{number} Hardware", buttons=("Claim",))
    await expect(card).to_contain_text("The coffee machine on the third floor leaks")
    await dana.presses("Claim")
    await ann.sees(re.compile(rf"dana.fox is on your request #{number}\.", re.IGNORECASE))

    await dana.opens_thread(f"#{number} Hardware")
    await dana.says("!r Thank you. Is there much water?", thread=True)
    await ann.sees("Is there much water?")
    await ann.says("Only under the tray", files=(PAPER,))
    await dana.sees("Only under the tray")
    assert await downloaded(dana, "leak.txt") == PAPER["buffer"]

    await dana.says("Has anybody the key to the valve?", thread=True)
    await dana.says("!r It is turned off until Thursday.", files=(PLAN,), thread=True)
    await ann.sees("It is turned off until Thursday.")
    assert await downloaded(ann, "valve.txt") == PLAN["buffer"]
    await ann.sees_nothing_of("Has anybody the key to the valve?")

    await dana.presses("Resolve")
    await ann.presses("Yes, it is solved")
    await ann.presses("5")
    await ann.sees("You rated ⭐⭐⭐⭐⭐.")
    await ann.presses("Skip")
    drawer = page.locator("#pane-drawer")
    await expect(drawer.get_by_role("button", name=re.compile(rf"#{number} .*⭐⭐⭐⭐⭐"))).to_be_visible(timeout=LONG)


async def test_what_an_admin_teaches_answers_the_next_question(page: Page):
    admin, ann, cid = OnSlack(page, "max"), OnTelegram(page, "ann"), OnSlack(page, "cid")
    await cid.says("Where do I park my bicycle?")
    await cid.sees(words("en").desk("answer.unknown"))
    await admin.goes("Frontdesk")
    await admin.says("/desk faq add Where do I park my bicycle? = In the yard, behind the blue gate.")
    await admin.sees("Where do I park my bicycle?")
    await cid.says("where can i park my bycicle")
    await cid.sees("behind the blue gate")
    await ann.starts()
    await ann.says("Where do I park my bicycle?")
    await ann.sees("behind the blue gate")


async def test_killed_in_the_middle_of_a_talk_the_desk_loses_nothing(page: Page):
    cid, bob = OnSlack(page, "cid"), OnTelegram(page, "bob")
    number = await sent(cid)
    await cid.opens_thread(f"Request #{number} is registered")
    await bob.sees(f"#{number} ")
    await bob.presses("Claim")
    await bob.goes(re.compile(rf"#{number}\b"))
    state = page.locator("#desk-state")
    process = await state.inner_text()

    await page.get_by_role("button", name="Kill the desk now").click()
    said = [f"Drop number {drop}" for drop in range(3)]
    for line in said:
        await cid.says(line, thread=True)
    await bob.says("/r I am coming with a bucket")
    await expect(state).not_to_contain_text("running")
    await expect(state).to_contain_text("running", timeout=60_000)
    assert await state.inner_text() != process

    await cid.sees("I am coming with a bucket")
    await expect(cid.root.locator(cid.messages).filter(has_text="with a bucket")).to_have_count(1)
    for line in said:
        await bob.sees(line)
        await expect(bob.root.locator(bob.messages).filter(has_text=line)).to_have_count(1)


async def sent(person: OnSlack) -> int:
    """Let somebody register a request by the window; return its number."""
    await person.says("/desk new")
    await person.fills(**{"What is it about?": "Something else"})
    await person.fills(**{"Tell us in your own words": "My chair squeaks when I lean back"})
    await person.submits()
    return await number_of(person)


async def needs(person: OnTelegram, question: str) -> None:
    """Let somebody ask, and want a person whatever the answer is."""
    need = words("en").desk("answer.need")
    await person.says(question)
    await person.sees(question)
    await expect(person.root.locator(person.messages).last).to_contain_text(need, timeout=LONG)
    await person.presses(need)


async def registered(person: OnTelegram) -> int:
    """Let somebody register a request by the dialog, as in the story of the demo; return its number."""
    story = words("en")
    await person.starts()
    await needs(person, story.said["unknown"])
    for answer in story.dialog:
        await (person.says if answer in WRITTEN else person.presses)(answer)
        if answer in WRITTEN:
            await person.sees(WRITTEN[answer])  # until then a button is that of the question before
    await person.presses(story.desk("form.submit"))
    return await number_of(person)


async def number_of(person: OnTelegram | OnSlack) -> int:
    """Return the number of the request that was registered just now."""
    said = await person.sees(re.compile(r"Request #\d+ is registered"))
    found = re.search(r"#(\d+)", await said.inner_text())
    assert found is not None
    return int(found[1])


async def downloaded(person: OnTelegram | OnSlack, name: str) -> bytes:
    """Return what the newest file of this name is, taken by its link."""
    root = await person.here()
    link = root.locator(person.messages).locator("a[download]").filter(has_text=name).last
    await expect(link).to_be_visible(timeout=LONG)
    async with person.page.expect_download() as coming:
        await link.click()
    download = await coming.value
    assert download.suggested_filename == name
    return (await download.path()).read_bytes()


async def test_a_clients_group_and_a_second_department_are_rooms_like_any_other(page: Page):
    ann, bob, eve, max_ = (OnTelegram(page, handle) for handle in ("ann", "bob", "eve", "max"))
    await ann.goes("Acme & us")
    await ann.says("The coffee machine on floor three leaks")
    told = await ann.sees(re.compile(r"Ann Lee, this is request #\d+"), buttons=("Not a request",))
    number = re.search(r"#(\d+)", await told.inner_text())[1]  # type: ignore[index]
    await bob.sees(f"#{number} ")
    await bob.presses("Claim")
    await bob.goes(re.compile(rf"#{number}\b"))
    await bob.says("/r A technician comes at two")
    await ann.sees("A technician comes at two")

    await bob.goes("General")
    await bob.says(f"/escalate {number} second")
    await bob.sees(f"#{number} is with “Second line” now.")
    await eve.goes("Second line")
    await eve.sees(f"#{number} ")
    chats = (await max_.here()).get_by_role("navigation", name="Chats")
    await expect(chats.get_by_role("button")).to_have_count(4)
    await bob.here()
    await expect(chats.get_by_role("button", name="Second line")).to_have_count(0)
