"""Admins change who hears what, and what the desk says, in chat: each shown as it would be before it is."""

import pytest

from handlers.vocabulary.translations import NAMES
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import admin, applies, goes


@pytest.fixture
def house() -> House:
    """Ask every form step by step: these stories are about the questions."""
    return House(windows=False)


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
async def test_who_hears_what(desk: Desk, ann: Somebody, language: str):
    boss = desk.agent("Boss", language=language)

    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    yes, no, billing = say("form.yes"), say("form.no"), {"en": "Billing question"}.get(language, "оплат")
    await admin(desk, boss)
    await boss.says("/settings notify")
    await boss.presses(say("rules.add"), on=await boss.sees(say("rules.none_yet")))
    await goes(boss, say("event.follow_up"), yes, no, no, no, no, SKIP, SKIP)
    await boss.sees(say("rules.mistakes"), "notify[0].tell")  # what they wrote themselves, requesters know
    await boss.presses(say("form.change", field=say("rule.of_event")), on=await boss.sees(say("form.review")))
    await goes(boss, say("event.claimed"))
    await boss.sees(
        say("rules.would_change", name=say("event.claimed")), f"{say('rule.tell_watchers').rstrip('?')}: — → {no}"
    )
    await boss.presses(say("form.cancel"))
    await boss.sees(say("rules.left"))

    await boss.says("/settings notify")
    await boss.presses(say("rules.add"), on=await boss.sees(say("rules.none_yet")))
    types = await boss.sees(say("rule.of_event"))
    await boss.presses(say("event.claimed"), on=types)
    for _ in range(5):
        await boss.presses(no, on=await boss.sees("?"))
    kinds = await boss.sees(say("rule.of_type"))
    title = next(label for label in kinds.buttons if billing in label)
    await boss.presses(title, on=kinds)
    await goes(boss, SKIP)
    about = f"{say('event.claimed')} · {title}"
    await boss.sees(say("rules.would_change", name=about))
    await applies(boss)
    await boss.sees(say("rules.applied", name=about))

    await asked(ann)
    await boss.says("/claim 1", at=QUEUE)
    await boss.catches_up(at=QUEUE)
    await boss.catches_up(at=THREAD(1))
    await ann.sees_nothing()  # of billing she does not hear who has it

    await boss.says("/settings notify")
    await boss.presses(about, on=await boss.sees(say("rules.choose")))
    await boss.presses(say("rules.drop"), on=await boss.sees(about))
    await boss.sees(say("rules.goes"))
    await applies(boss)
    await boss.sees(say("rules.applied", name=about))
    assert not (await desk.records(lambda tx: tx.rules.newest().data)).get("notify")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "registered answer"), ("uk", "зареєстрована відповімо"), ("ru", "зарегистрирована ответ")],
)
async def test_what_the_desk_says(desk: Desk, language: str, words: str):
    boss, ann = desk.agent("Boss", language=language), desk.requester("Ann", language=language)

    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    await admin(desk, boss)
    await boss.says("/settings text qwertyuiop")
    await boss.catches_up()
    await boss.says(f"/settings text {words}")
    await boss.presses(say("request.registered", ticket="{ticket}")[:60], on=await boss.sees(say("rules.choose")))
    await boss.presses(say("rules.edit"), on=await boss.sees("{ticket}"))
    part = say("form.change", field=f"{say('rule.own_text')} ({NAMES[language]})")
    await boss.presses(part, on=await boss.sees(say("form.review")))
    await goes(boss, "Дякуємо! №{tiket}")
    await boss.sees(say("rules.mistakes"), "{tiket}", "{ticket}")
    await boss.presses(part, on=await boss.sees(say("form.review")))
    await goes(boss, "Дякуємо! №{ticket}")
    await boss.sees(say("rules.would_change", name="request.registered"), "→ Дякуємо! №{ticket}")
    await applies(boss)
    await boss.sees(say("rules.applied", name="request.registered"))
    assert await desk.records(lambda tx: tx.rules.newest().data["texts"]) == {  # type: ignore[union-attr]
        language: {"request.registered": "Дякуємо! №{ticket}"}
    }
    titles = {"en": "Billing question", "uk": "Питання щодо оплати", "ru": "Вопрос по оплате"}
    await ann.says("/new")
    await ann.fills(type=titles[language], details="My card was charged twice", contract=SKIP)
    await ann.sees("Дякуємо! №1")
    await boss.catches_up(at=QUEUE)

    await boss.says("/settings text")
    listed = await boss.sees(say("rules.find_text"), buttons=["Дякуємо! №{ticket}"])
    await boss.presses("Дякуємо! №{ticket}", on=listed)
    await boss.presses(say("rules.as_ours"), on=await boss.sees("Дякуємо!"))
    await boss.sees("Дякуємо! №{ticket} → ")
    await applies(boss)
    await boss.sees(say("rules.applied", name="request.registered"))
    assert "texts" not in await desk.records(lambda tx: tx.rules.newest().data)  # type: ignore[union-attr]


async def test_a_text_is_found_by_its_words(desk: Desk, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/settings text solved confirm")
    found = await bob.sees("Choose")
    assert any("solved" in label for label in found.buttons)


async def test_roles_and_permissions(desk: Desk, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/settings roles")
    shown = await bob.sees("Roles and permissions", "Admins: Bob (", buttons=["Change …"])
    await bob.presses("Change …", on=shown)
    await bob.presses("Change: Admins", on=await bob.sees(said_in("en", "form.review")))
    await bob.presses("Leave empty", on=await bob.sees("Admins"))
    await bob.presses("Submit", on=await bob.sees(said_in("en", "form.review")))
    await bob.sees(buttons=[])
    await bob.sees(said_in("en", "rules.wrong.last_admin"))
    await bob.presses("Change: Admins", on=await bob.sees(said_in("en", "form.review")))
    await goes(bob, "@Bob")
    await bob.sees("Nothing would change")
    await bob.says("/settings roles")
    await bob.presses("Change …", on=await bob.sees("Roles and permissions"))
    await bob.presses("Change: Commands that ask for another role", on=await bob.sees(said_in("en", "form.review")))
    await goes(bob, "close: senior\nclaim: everybody")
    await bob.sees(said_in("en", "rules.mistakes"), "everybody")
    await bob.sees(said_in("en", "form.review"))
