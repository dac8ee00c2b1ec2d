"""Admins change how requests go: a workflow of their own, its statuses and moves, and what leads to nothing is told."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import admin, applies, goes


@pytest.fixture
def house() -> House:
    """Ask every form step by step: these stories are about the questions."""
    return House(windows=False)


async def put(somebody: Somebody, name: str) -> None:
    """What is shown is put in force."""
    await somebody.sees(said_in(somebody.language, "rules.would_change", name=name))
    await applies(somebody)
    await somebody.sees(said_in(somebody.language, "rules.applied", name=name))


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
async def test_a_workflow_of_ones_own(desk: Desk, ann: Somebody, language: str):
    boss = desk.agent("Boss", language=language)

    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    await admin(desk, boss)
    await boss.says("/settings")
    await boss.presses(f"{say('rules.section.workflow')} · 2", on=await boss.sees(say("rules.title")))
    await boss.presses(say("rules.add"), on=await boss.sees("", buttons=["repair", "order", say("rules.add")]))
    await goes(boss, "refunds", SKIP)
    await put(boss, "refunds")

    await boss.says("/settings")
    await boss.presses(f"{say('rules.section.workflow')} · 3", on=await boss.sees(say("rules.title")))
    await boss.presses("refunds", on=await boss.sees(""))
    await boss.presses(say("rules.add_status"), on=await boss.sees("refunds"))
    hold = say("status.on_hold")
    await goes(boss, "at_bank", hold, "At the bank", SKIP, "resume: open\nresolve: closd", SKIP)
    await boss.sees(say("rules.mistakes"), "closd", "closed")
    await boss.presses(say("form.change", field=say("rule.moves")), on=await boss.sees(say("form.review")))
    await goes(boss, "resume: open\nresolve: resolved")
    await boss.sees(say("rules.mistakes"), "workflows.refunds.statuses.at_bank")  # nothing leads there
    await boss.presses(say("form.change", field=say("rule.comes_from")), on=await boss.sees(say("form.review")))
    await goes(boss, "open")
    await put(boss, "refunds.at_bank")

    await boss.says("/type billing")
    await boss.presses(say("rules.edit"), on=await boss.sees("(billing)"))
    await boss.presses(say("form.change", field=say("rule.of_workflow")), on=await boss.sees(say("form.review")))
    await goes(boss, "refunds")
    await put(boss, "billing")

    await asked(ann)
    await boss.says("/claim 1", at=QUEUE)
    await boss.catches_up(at=QUEUE)
    await boss.says("/move 1 At the bank", at=QUEUE)
    await boss.sees("#1", "At the bank", at=QUEUE)
    await ann.sees("At the bank")
    for place in (QUEUE, THREAD(1)):
        await boss.catches_up(at=place)
    await ann.catches_up()
    assert await desk.records(lambda tx: tx.tickets.get(1).status) == "at_bank"


async def test_a_status_goes_with_the_moves_that_lead_to_it(desk: Desk, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/settings workflow hardware")
    await bob.presses("Change …", on=await bob.sees("Hardware"))
    await bob.presses("Being repaired (repairing)", on=await bob.sees("repair"))
    entry = await bob.sees(
        "Being repaired (repairing)", "Statuses from which it can be moved here: diagnosing, waiting"
    )
    await bob.presses("Remove", on=entry)
    await bob.sees(
        "What changes: repair.repairing",
        "diagnosing · move: repairing, waiting_for_parts → waiting_for_parts",
        "waiting_for_parts · resume: repairing → —",
    )
    await applies(bob)
    await bob.sees("The change holds from now on.")
    flow = await desk.records(lambda tx: tx.rules.newest().data["workflows"]["repair"])  # type: ignore[union-attr]
    assert "repairing" not in flow["statuses"]
    assert "repairing" not in str(flow["moves"])

    await bob.says("/settings workflow hardware")
    await bob.presses("Change …", on=await bob.sees("Hardware"))
    repair = await bob.sees("repair")
    assert "new" in repair.buttons
    await bob.presses("closed", on=repair)
    await bob.presses("Remove", on=await bob.sees("What does it mean to the desk: closed"))
    await bob.sees("That is not possible:", "closed")
    await bob.presses("Remove", on=repair)
    bob.sees_toast("“repair” is used in: types.hardware.")
    await bob.catches_up()


async def test_what_a_long_name_needs_of_a_button(desk: Desk, bob: Somebody):
    """A button carries 64 bytes at the most, and both names may have 32 letters."""
    await admin(desk, bob)
    await bob.says("/type add")
    name = "annual_leave_and_other_absences_"
    await goes(bob, name, "Leave", "something is needed", "normal", SKIP, SKIP, SKIP)
    await put(bob, name)
    await bob.says(f"/type {name}")
    await bob.presses("➕ Add a question", on=await bob.sees("Leave"))
    question = "the_day_on_which_you_are_leaving"
    await goes(bob, question, "Which day?", "a date", SKIP, "Yes", SKIP, SKIP, SKIP)
    await put(bob, f"{name}.{question}")
    await bob.says(f"/type {name}")
    await bob.presses(f"Which day? ({question})", on=await bob.sees("Leave"))
    shown = await bob.sees("Which day?", "Kind of answer: a date", buttons=["Change …", "⬆️ Earlier", "Remove"])
    await bob.presses("⬆️ Earlier", on=shown)
    await bob.sees(f"What changes: {name}", f"details, {question} → {question}, details")
    await applies(bob)
    await bob.sees("The change holds from now on.")
    kinds = await desk.records(lambda tx: tx.rules.newest().data["types"])  # type: ignore[union-attr]
    assert [field["name"] for field in kinds[name]["fields"]] == [question, "details"]
    await bob.says(f"/type {name}")
    await bob.presses(f"Which day? ({question})", on=await bob.sees("Leave"))
    await bob.presses("Remove", on=await bob.sees("Which day?"))
    await bob.sees("This goes.")
    await applies(bob)
    await bob.sees("The change holds from now on.")


async def test_what_was_given_can_be_left_empty_again(desk: Desk, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/type hardware")
    await bob.presses("Change …", on=await bob.sees("Hardware (hardware)", "Workflow: repair"))
    await bob.presses("Change: Workflow", on=await bob.sees(said_in("en", "form.review")))
    await bob.presses("Leave empty", on=await bob.sees("Workflow"))
    await bob.presses("Submit", on=await bob.sees(said_in("en", "form.review")))
    await bob.sees(buttons=[])
    await bob.sees("What changes: hardware", "Workflow: repair → —")
    await applies(bob)
    await bob.sees("The change holds from now on.")
    assert "workflow" not in await desk.records(lambda tx: tx.rules.newest().data["types"]["hardware"])  # type: ignore[union-attr]
