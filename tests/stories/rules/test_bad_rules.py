"""What bad rules get in chat: each mistake is told at its question with its fix, in the admin's language; nothing changes."""

import pytest

from tests.stories.harness import LANGUAGES, Desk, House, Somebody, said_in
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import account, admin, goes, ruled

WEEK = "mon-fri: 09:00-18:00"
CASES = {
    "an unknown zone": ("/hours add", ["office", "Europe/Kiew", WEEK, SKIP, SKIP], "rule.zone", "Europe/Kyiv"),
    "a holiday twice": (
        "/hours add",
        ["office", "Europe/Kyiv", WEEK, SKIP, "2026-12-31: closed\n2026-12-31: 10:00-14:00"],
        "rule.days",
        "2026-12-31",
    ),
    "a week in which nobody works": (
        "/hours add",
        ["office", "Europe/Kyiv", "mon: closed", SKIP, SKIP],
        "rule.week",
        "",
    ),
    "a target of zero": ("/sla add", ["quick", "0m", SKIP, SKIP, SKIP], "rule.first_response", "0m"),
    "a pause that is no status": (
        "/sla add",
        ["quick", "1h", SKIP, SKIP, "pendng"],
        "rule.pause",
        "pending",
    ),
    "a wrong placeholder": (
        "/canned edit add",
        ["hello", "Hello {requestr}"],
        "rule.reply_text",
        "{requester}",
    ),
}


@pytest.fixture
def house() -> House:
    """Ask every form step by step."""
    return House(windows=False)


@pytest.fixture(params=LANGUAGES)
def boss(request: pytest.FixtureRequest, desk: Desk) -> Somebody:
    """Return an admin who speaks a language."""
    return desk.agent("Boss", language=str(request.param))


async def unchanged(desk: Desk, boss: Somebody, *told: str) -> None:
    """The mistake is told, the form is there again with everything in it, and the rules are what they were."""
    await boss.sees(said_in(boss.language, "rules.mistakes"), *told)
    await boss.sees(said_in(boss.language, "form.review"))
    assert len(await desk.records(lambda tx: tx.rules.history())) == 2  # the example's, and who is an admin


@pytest.mark.parametrize("case", CASES)
async def test_a_mistake_in_a_form(desk: Desk, boss: Somebody, case: str):
    command, answers, place, fix = CASES[case]
    await admin(desk, boss)
    await boss.says(command)
    await goes(boss, *answers)
    await unchanged(desk, boss, said_in(boss.language, place), fix)


async def test_a_condition_on_what_is_not_asked_before(desk: Desk, boss: Somebody):
    await admin(desk, boss)
    await boss.says("/type billing")
    await boss.presses(said_in(boss.language, "rules.add_question"), on=await boss.sees("(billing)"))
    text = said_in(boss.language, "rule.kind.text")
    no = said_in(boss.language, "form.no")
    await goes(
        boss,
        "card",
        "Which card?",
        text,
        SKIP,
        no,
        "paid_by: card",
        SKIP,
        SKIP,
        SKIP,
        SKIP,
    )
    await unchanged(desk, boss, said_in(boss.language, "rule.when"), "paid_by", "details, contract")


async def test_a_condition_that_would_come_before_what_it_asks_of(desk: Desk, boss: Somebody):
    """Moving a question before the one that its condition names is as wrong as writing it there."""
    await admin(desk, boss)
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    kinds = newest.data["types"]
    fields = [*kinds["hardware"]["fields"][:1], {"name": "model", "label": "Model", "when": {"device": ["printer"]}}]
    await ruled(desk, types={**kinds, "hardware": {**kinds["hardware"], "fields": fields}})
    await boss.says("/type hardware")
    await boss.presses("Model (model)", on=await boss.sees("(hardware)"))
    await boss.presses(said_in(boss.language, "rules.up"), on=await boss.sees("Model"))
    await boss.sees(said_in(boss.language, "rules.not_so"), "types.hardware.fields[0].when", "device")
    assert len(await desk.records(lambda tx: tx.rules.history())) == 3


async def test_a_status_that_leads_nowhere(desk: Desk, boss: Somebody):
    def say(key: str) -> str:
        return said_in(boss.language, key)

    await admin(desk, boss)
    await boss.says("/settings workflow hardware")
    await boss.presses(say("rules.edit"), on=await boss.sees(""))
    await boss.catches_up()
    await boss.presses(say("rules.add_status"))
    await goes(boss, "limbo", say("status.on_hold"), SKIP, "diagnosing", SKIP, SKIP)
    await unchanged(desk, boss, "workflows.repair.moves.limbo")


async def test_the_last_admin(desk: Desk, boss: Somebody):
    await admin(desk, boss)
    await boss.says("/role @Boss agent")
    problem = said_in(boss.language, "rules.wrong.last_admin")
    await boss.sees(said_in(boss.language, "refused.rules", problem=problem))
    assert (await desk.records(lambda tx: tx.rules.newest().data["roles"])) == {"admins": [account(boss)]}  # type: ignore[union-attr]
