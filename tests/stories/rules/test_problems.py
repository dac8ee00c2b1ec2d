"""Several requests of one cause: linked to the problem, resolved with it at once after a question that names how many."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked


async def linked(desk: Desk, bob: Somebody, people: list[Somebody], language: str = "en") -> None:
    """Everyone has asked, and Bob has linked all but the first to the first."""
    for number, each in enumerate(people, start=1):
        await asked(each, f"Mail does not arrive, says {each.name}", ticket=number)
    await bob.catches_up(at=QUEUE)
    for number, each in enumerate(people[1:], start=2):
        await bob.says(f"/problem {number} 1", at=QUEUE)
        await bob.sees(said_in(language, "done.linked", ticket=number, problem=1), at=QUEUE)
        await each.sees(said_in(each.language, "told.linked", ticket=number))
    await bob.sees("#1", said_in(language, "card.linked", n=len(people) - 1), at=QUEUE)
    await bob.catches_up(at=QUEUE)


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
class TestInEachLanguage:
    @pytest.fixture
    def house(self, language: str) -> House:
        return House(team_language=language)

    async def test_all_are_resolved_at_once(self, desk: Desk, language: str):
        bob = desk.agent("Bob", language=language)
        people = [desk.requester(name, language=language) for name in ("Ann", "Zoe", "Max", "Kim")]
        await linked(desk, bob, people, language)
        await bob.presses(said_in(language, "button.linked", n=3), at=QUEUE)
        bob.sees_toast(said_in(language, "linked.sure", n=3, ticket=1))
        sure = said_in(language, "button.resolve_linked", n=3)
        asking = await bob.sees("#1", buttons=[sure, said_in(language, "form.back")], at=QUEUE)
        await bob.presses(sure, on=asking)
        bob.sees_toast(said_in(language, "linked.begun", n=3))
        for number, each in enumerate(people[1:], start=2):
            await each.sees(
                f"#{number}", buttons=[said_in(language, "button.confirm"), said_in(language, "button.reopen")]
            )
        await people[0].sees_nothing()
        cards = await bob.catches_up(at=QUEUE)
        assert sum("✅" in card.text for card in cards) == 3
        await bob.catches_up(at=THREAD(1))
        await bob.presses_name("resolve_linked:1.3", asking)
        bob.sees_toast(said_in(language, "refused.none_linked", ticket=1))


async def test_one_more_since_the_question_and_it_is_asked_again(desk: Desk, bob: Somebody):
    people = [desk.requester(name) for name in ("Ann", "Zoe", "Max")]
    await linked(desk, bob, people)
    await bob.presses("Resolve 2 linked…", at=QUEUE)
    asking = await bob.sees("#1", buttons=["Resolve 2 requests", "‹ Back"], at=QUEUE)
    kim = desk.requester("Kim")
    await asked(kim, "Mail!", ticket=4)
    await bob.sees("#4", at=QUEUE)
    await bob.says("/problem 4 1", at=QUEUE)
    await bob.sees("#4 comes of the problem #1.", at=QUEUE)
    await kim.sees("comes of a known problem")
    await bob.catches_up(at=QUEUE)
    await bob.presses_name("resolve_linked:1.2", asking)
    bob.sees_toast("Resolve 3 requests that come of #1?")
    await bob.sees("#1", buttons=["Resolve 3 requests", "‹ Back"], at=QUEUE)
    for each in people:
        await each.sees_nothing()
    await bob.presses("‹ Back", at=QUEUE)
    await bob.sees("#1", at=QUEUE)


async def test_more_than_fit_one_turn_are_resolved_each_once(desk: Desk, bob: Somebody):
    people = [desk.requester(f"Ann{number}") for number in range(1, 14)]
    await linked(desk, bob, people)
    await bob.presses("Resolve 12 linked…", at=QUEUE)
    await bob.sees("#1", buttons=["Resolve 12 requests", "‹ Back"], at=QUEUE)
    await bob.presses("Resolve 12 requests", at=QUEUE)
    for number, each in enumerate(people[1:], start=2):
        await each.sees(f"Request #{number} is resolved")
        await each.sees_nothing()
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_a_link_is_refused_where_it_makes_no_sense_and_taken_back(desk: Desk, bob: Somebody):
    people = [desk.requester(name) for name in ("Ann", "Zoe", "Max")]
    await linked(desk, bob, people[:2])
    await asked(people[2], "Mail", ticket=3)
    await bob.catches_up(at=QUEUE)
    for command, answer in (
        ("/problem 1 1", "#1 cannot come of itself"),
        ("/problem 2 1", "#2 comes of the problem #1 already."),
        ("/problem 3 2", "#2 itself comes of the problem #1: link to #1."),
        ("/problem 1 3", "#1 is a problem itself"),
        ("/problem 3 none", "#3 comes of no problem."),
        ("/problem 3", "Write it so: /problem 42 40"),
        ("/problem 2 none", "#2 does not come of #1 any more."),
    ):
        await bob.says(command, at=QUEUE)
        await bob.sees(answer, at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.presses_name("linked:1", desk.stage.lines(bob.native, QUEUE)[0])
    bob.sees_toast("No request that is worked on comes of #1.")
    await bob.says("/close 3", at=QUEUE)
    await people[2].sees("Request #3 is closed.")
    await bob.catches_up(at=QUEUE)
    await bob.says("/problem 2 3", at=QUEUE)
    await bob.sees("#3 is over: only what is worked on can be linked.", at=QUEUE)
