"""A slip in a year is answered with a kind sentence by whatever reads a day; nothing goes wrong on the desk's side."""

from tests.stories.harness import QUEUE, Desk, said_in
from tests.stories.harness.given import asked
from tests.stories.rules.ruled import account, admin, ruled

DAYS = ("31.12.9999", "0001-01-01")


async def test_a_day_at_the_end_of_time_is_refused_kindly(desk: Desk):
    ann, bob = desk.requester("Ann"), desk.agent("Bob")
    await admin(desk, bob)
    rota = {"title": "Duty", "group": "billing", "people": [account(bob)], "begins": "2026-11-30"}
    await ruled(desk, groups={"billing": {"title": "Billing"}}, rota={"billing": rota})
    await asked(ann)
    await bob.catches_up(at=QUEUE)

    async def answered(words: str) -> str:
        await bob.says(words)
        return (await bob.sees()).text

    for day in DAYS:
        for command in ("/day", "/week"):
            said = await answered(f"{command} {day}")
            assert said_in("en", "refused.day_far", day="~").partition("~")[2] in said
        no_day = said_in("en", "refused.duty_when", word=day, usage="~").partition("~")[0]
        assert no_day in await answered(f"/rota override {day} @bob")
        assert said_in("en", "refused.plan_when", word=day, ticket=1).partition("/")[0] in await answered(
            f"/plan 1 {day}"
        )
        assert said_in("en", "refused.when", word=day) in await answered(f"/snooze 1 {day}")
        for command in ("report", "audit", "queue created", "find created:", "every", "outage", "task 1", "who"):
            assert said_in("en", "incident", incident="~").partition("~")[0] not in await answered(f"/{command} {day}")
    await bob.catches_up()
    await bob.catches_up(at=QUEUE)
