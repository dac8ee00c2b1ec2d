"""Admins change the rules in chat: asked part by part, reviewed as a difference, in force from the next word on."""

import pytest

from handlers.rules.hours import in_words
from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import account, admin, goes, present, ruled


@pytest.fixture
def house() -> House:
    """Ask every form step by step: these stories are about the questions."""
    return House(windows=False)


async def test_a_group_is_added_changed_and_removed(desk: Desk, ann: Somebody, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/group")
    await bob.sees("There is nothing here yet.", buttons=["➕ Add"])
    await bob.presses("➕ Add")
    await goes(bob, "network", "Network", "@Bob", "router, wi-fi", "each agent in turn", SKIP)
    await bob.sees(
        "What changes: network",
        "Title (English): — → Network",
        "Keywords: — → router, wi-fi",
        "How requests find their agent: — → each agent in turn",
        buttons=["Apply", "Cancel"],
    )
    assert await desk.records(lambda tx: "groups" not in (tx.rules.newest().data))  # type: ignore[union-attr]
    await bob.presses("Apply")
    await bob.sees("Done: “network”. The change holds from now on.", buttons=[])

    await asked(ann, "The router is dead")
    await ann.sees(said_in("en", "told.assigned", agent="Bob", ticket=1))
    await bob.sees("#1 ", "Group: Network", at=QUEUE)

    await bob.says("/group netwrk")
    await bob.sees("Network (network)", "Members: ", buttons=["Change …", "Remove"])
    await bob.presses("Change …")
    await bob.sees(said_in("en", "form.review"))
    await bob.presses("Change: Keywords")
    await goes(bob, "router, switch")
    await bob.sees("Keywords: router, wi-fi → router, switch")
    await bob.presses("Apply")
    await bob.sees("The change holds from now on.")
    await bob.says("/group network")
    await bob.sees("router, switch")
    await bob.presses("Remove")
    await bob.sees("This goes.", buttons=["Apply", "Cancel"])
    await bob.presses("Cancel")
    await bob.sees("Everything stays as it was.")
    await bob.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_a_name_is_given_in_any_letters(desk: Desk, ann: Somebody, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/group")
    await bob.sees("There is nothing here yet.", buttons=["➕ Add"])
    await bob.presses("➕ Add")
    await bob.sees("Short, as in: second line.")
    await bob.says("24/7")
    await bob.sees(said_in("en", "form.wrong.key"), "You wrote: 24/7")
    await bob.says("Друга лінія")
    await goes(bob, "@Bob", "router", SKIP, SKIP)  # nor for its title: that is the name as it was written
    await bob.sees("What changes: druha_liniia", "Title (English): — → Друга лінія", buttons=["Apply", "Cancel"])
    await bob.presses("Apply")
    await bob.sees("Done: “druha_liniia”. The change holds from now on.", buttons=[])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_hours_and_targets_in_each_language(desk: Desk, language: str):
    boss = desk.agent("Boss", language=language)

    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    await admin(desk, boss)
    await boss.says("/hours add")
    await goes(boss, "office", "Europe/Kiyv", "mon-fri: 09:00-18:00", "UA", "2026-12-31: closed")
    await boss.sees(say("rules.mistakes"), "Europe/Kyiv")
    await boss.sees(say("form.review"))
    await boss.presses(say("form.change", field=say("rule.zone")))
    await goes(boss, "Europe/Kyiv")
    await boss.sees(say("rules.would_change", name="office"), in_words("mon-fri: 09:00-18:00", language))
    await boss.presses(say("rules.apply"))
    await boss.sees(say("rules.applied", name="office"))

    await boss.says("/sla add")
    await goes(boss, "standard", "office", "urgent: 15m\nnormal: 0m", SKIP, "20%", SKIP)
    await boss.sees(say("rules.mistakes"), "0m")
    await boss.sees(say("form.review"))
    await boss.presses(say("form.change", field=say("rule.first_response")))
    await goes(boss, "urgent: 15m\nnormal: 4h")
    await boss.sees(say("rules.would_change", name="standard"), "normal: 4h")
    await boss.presses(say("rules.apply"))
    await boss.sees(say("rules.applied", name="standard"))
    assert (await desk.records(lambda tx: tx.rules.newest())).data["sla"] == {  # type: ignore[union-attr]
        "standard": {"hours": "office", "first_response": {"urgent": "15m", "normal": "4h"}, "warn": "20%"}
    }
    await boss.says("/hours office")
    await boss.sees("09:00-18:00")
    await boss.presses(say("rules.drop"))
    boss.sees_toast(say("refused.rule_used", word="office", places="sla.standard"))


async def test_a_request_type_and_its_questions(desk: Desk, ann: Somebody, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/type billing")
    await bob.sees("Billing question (billing)")
    await bob.presses("➕ Add a question")
    await goes(
        bob,
        "method",
        "How did you pay?",
        "a choice",
        SKIP,
        "No",
        "card: Card | Картка | Карта\ncash: Cash",
        SKIP,
        SKIP,
        SKIP,
        SKIP,
    )
    await bob.sees("What changes: billing.method", "card: Card | Картка | Карта")
    await bob.presses("Apply")
    await bob.sees("The change holds from now on.")

    await ann.says("/new")
    await ann.fills(type="Billing question", details="Charged twice", contract=SKIP, method="Card")
    await ann.sees("Request #1 is registered")
    await bob.sees("#1 ", "How did you pay: Card", at=QUEUE)

    await bob.says("/type billing")
    await bob.sees("Billing question (billing)")
    await bob.presses("How did you pay? (method)")
    await bob.sees("How did you pay? (method)", "Choices: card: Card")
    await bob.presses("Remove")
    await bob.sees("This goes.")
    await bob.presses("Apply")
    await bob.sees("The change holds from now on.")
    kinds = await desk.records(lambda tx: tx.rules.newest().data["types"])  # type: ignore[union-attr]
    assert [field["name"] for field in kinds["billing"]["fields"]] == ["details", "contract"]


async def test_the_desk_itself_and_who_changed_it(desk: Desk, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/settings")
    card = await bob.sees(
        "The desk's rules",
        "Remind of a request nobody has taken after: 9 days",  # as it was told to do
        "A resolved request closes by itself after: 3 days",  # as it does though nobody has said so
        "unknown: UTC",
        "Last changes",
        "desk.yaml applied, the operator",
    )
    await bob.presses("The desk", on=card)
    await bob.sees("Remind of a request nobody has taken after: 9d", buttons=["Change …"])
    await bob.presses("Change …")
    await bob.sees(said_in("en", "form.review"))
    await bob.presses("Change: A resolved request closes by itself after")
    await goes(bob, "1d")
    await bob.sees("What changes: The desk", "closes by itself after: — → 1d")
    await bob.presses("Apply")
    await bob.sees("Done: “The desk”.")
    await bob.says("/settings")
    await bob.sees("desk, Bob")


async def test_two_admins_at_once(desk: Desk, bob: Somebody):
    eve = desk.agent("Eve")
    await present(eve)
    await admin(desk, bob)
    await ruled(
        desk, roles={"admins": [account(bob), account(eve)]}, canned={"hello": {"text": {"en": "Hello {requester}"}}}
    )
    await eve.starts()
    await eve.catches_up()
    for somebody, text in ((bob, "Hi {requester}"), (eve, "Good day {requestr}")):
        await somebody.says("/canned edit hello")
        await somebody.sees("hello", "Hello {requester}")
        await somebody.presses("Change …")
        await somebody.sees(said_in("en", "form.review"))
        await somebody.presses("Change: Text (English)")
        await goes(somebody, text)
    await eve.sees("nothing fills {requestr} here; there are: {requester}, {ticket}, {agent}")
    await eve.sees(said_in("en", "form.review"))
    await eve.presses("Change: Text (English)")
    await goes(eve, "Good day {requester}")
    await eve.sees("What changes: hello")
    await bob.sees("What changes: hello")
    await bob.presses("Apply")
    await bob.sees("The change holds from now on.")
    await eve.presses("Apply")
    eve.sees_toast("Somebody else has changed “hello” meanwhile.")


async def test_nobody_else_may(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    for command in ("/settings", "/group", "/hours", "/sla add", "/type", "/canned edit", "/role", "/ban"):
        for somebody in (ann, bob):
            await somebody.says(command)
            assert len(await somebody.catches_up()) == 1
    assert len(await desk.records(lambda tx: tx.rules.history())) == 1
