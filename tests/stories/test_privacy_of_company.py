"""Everybody of a company is erased: after a day to change one's mind, each of its people, and what was known of it."""

from storage.people.companies import Company
from tests.clock import MONDAY
from tests.stories.answers import admin
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import asked
from tests.stories.test_privacy import gone


async def of_acme(desk: Desk, *people: Somebody) -> Company:
    """Let these people belong to a company, as an earlier day's work."""

    def join(tx):
        known = tx.companies.put("Acme", MONDAY, contract="C-12", notes="Pays late")
        for one in people:
            (person,) = {each.id: each for each in tx.people.named(one.name)}.values()
            tx.companies.join(known.id, person.id)
        return known

    return await desk.records(join)


async def test_a_company_is_erased_whole(desk: Desk, ann: Somebody, bob: Somebody):
    """Zoe and Max are gone, and Acme; Bob of the team stays, and so does Ann, who is of no company."""
    ada = await admin(desk)
    zoe, max_ = desk.requester("Zoëlyn"), desk.requester("Maxwellian")
    await asked(zoe, "My wombat certificate", ticket=1)
    await asked(max_, "My numbat certificate", ticket=2)
    await asked(ann, "My card was charged twice", ticket=3)
    await of_acme(desk, zoe, max_)
    await bob.catches_up(at=QUEUE)
    await ada.catches_up()
    await ada.says("/privacy company Akme")
    await ada.sees("Acme")
    await ada.says("/privacy company acme")
    await ada.sees("Erase everybody of Acme?", "Known people of it: 2; their requests: 2.", "What goes:")
    await ada.presses("Apply")
    await ada.sees("Everybody of Acme will be erased:")
    await desk.passes(hours=20)
    await ada.says("/privacy company Acme")
    await ada.sees("Everybody of Acme will be erased:", buttons=["Keep everything"])
    await desk.passes(hours=4, minutes=1)
    await zoe.sees("All that was kept of you is being erased now; this is the last word.")
    await max_.sees("All that was kept of you is being erased now; this is the last word.")
    await desk.passes(hours=1)
    for number in (1, 2):
        await bob.sees(f"#{number}", "closed", "The requester's data was erased", at=QUEUE)
    await ada.says("/privacy company Acme")
    await ada.sees("Acme")
    await ann.says("/my")
    await ann.sees("Your requests:")
    await bob.catches_up(at=QUEUE)
    for number in (1, 2, 3):
        await bob.catches_up(at=THREAD(number))
    await ada.catches_up()
    await gone(desk, "Zoëlyn", "Maxwellian", "wombat", "numbat", "Pays late", "C-12")


async def test_an_admin_changes_their_mind(desk: Desk, ann: Somebody, bob: Somebody):
    """And a colleague in Ukrainian: Єва calls it off."""
    ada = await admin(desk)
    await asked(ann)
    await bob.says("/me", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await of_acme(desk, ann, bob)
    await bob.says("/privacy company Acme")
    await bob.sees("That is for")
    await ada.says("/language uk")
    await ada.catches_up()
    await ada.says("/privacy компанія Acme")
    await ada.sees(
        "Стерти дані всіх людей компанії Acme?", "Відомих людей у ній: 2; їхніх заявок: 1.", "їх не чіпаємо: Bob"
    )
    await ada.presses("Застосувати")
    await ada.sees("Дані всіх людей компанії Acme буде стерто:")
    await desk.passes(hours=23)
    await ada.says("/privacy компанія Acme")
    await ada.sees("Дані всіх людей компанії Acme буде стерто:")
    await ada.presses("Залишити все")
    await ada.sees("Усе лишається, як є.")
    await desk.passes(days=2)
    await ann.says("/my")
    await ann.sees("Your requests:")
    await bob.catches_up(at=QUEUE)


async def test_who_is_of_the_team_stays_and_so_does_their_company(desk: Desk, ann: Somebody, bob: Somebody):
    ada = await admin(desk)
    await asked(ann)
    await bob.says("/me", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await of_acme(desk, ann, bob)
    await ada.says("/privacy company Acme")
    await ada.presses("Apply")
    await ada.catches_up()
    await desk.passes(days=1, minutes=1)
    await ann.sees("All that was kept of you is being erased now; this is the last word.")
    await desk.passes(hours=1)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.says("/company Acme", at=QUEUE)
    await bob.sees("🏢 Acme", "Bob", at=QUEUE)
    await desk.passes(days=1)
