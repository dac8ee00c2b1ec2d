"""Sub-tasks: a part of a request is handed to another agent or group, and its requester hears nothing of it."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.ruled import account, admin, applies, goes, present, ruled

WORDS = {"en": "check the cable", "uk": "перевірити кабель"}
DUE = {"en": "due tomorrow 15:00", "uk": "до завтра 15:00"}


async def rests(*people: Somebody) -> None:
    """Everything else is read."""
    threads = await people[0].desk.records(lambda tx: tx.talk.threads(list(range(1, 9))))
    for somebody in people:
        await somebody.catches_up()
        if somebody.is_agent:
            await somebody.catches_up(at=QUEUE)
            for number in sorted({ticket for ticket, _ in threads}):
                await somebody.catches_up(at=THREAD(number))


async def asked_and_claimed(desk: Desk, ann: Somebody, bob: Somebody, *others: Somebody) -> None:
    """Ann has a request, and Bob is on it; his colleagues are there."""
    groups = {"net": {"title": {"en": "Network", "uk": "Мережа"}}}
    await ruled(desk, desk={"team_language": bob.language, "unclaimed_reminder": "9d"}, groups=groups)
    await present(bob, *others)
    await asked(ann)
    await claimed(bob, ann, language=bob.language)
    await rests(bob, *others)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_part_goes_to_a_colleague_and_comes_back_done(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann = desk.requester("Ann", language=language)
    bob, eve = desk.agent("Bob", language=language), desk.agent("Eve", language=language)
    await asked_and_claimed(desk, ann, bob, eve)
    words = WORDS[language]
    await bob.says(f"/task @eve {words} {DUE[language]}", at=THREAD(1))
    await bob.reads(say("thread.task", ticket=2, name="Bob", whose="Eve"), words, at=THREAD(1))
    await bob.reads("#2 ", words, say("card.task_of", ticket=1), "Eve", at=QUEUE)
    await bob.reads("#1 ", say("card.tasks", done=0, all=1), f"☐ #2 {words} · Eve", at=QUEUE)
    task = await desk.records(lambda tx: tx.tickets.get(2))
    assert (task.task_of, task.first_response_due) == (1, None)
    assert task.resolution_due is not None
    await rests(bob, eve)
    await eve.says("/r Is it broken?", at=THREAD(2))  # nobody waits for an answer here
    await eve.reads(say("refused.task_reply", ticket=2, parent=1), at=THREAD(2))
    await eve.says("Looking at it", at=THREAD(2))
    await bob.says("/resolve 1", at=QUEUE)  # a part is open: that is asked first
    await bob.reads(say("resolve.tasks", ticket=1, tasks=["#2"]), at=QUEUE)
    await rests(bob, eve)
    await eve.says("/resolve It was the cable", at=THREAD(2))
    await bob.reads(say("task.done", ticket=2, summary=words, name="Eve"), at=THREAD(1))
    await bob.reads("It was the cable", at=THREAD(1))
    await bob.reads("#1 ", say("card.tasks", done=1, all=1), f"☑ #2 {words} · Eve", at=QUEUE)
    await rests(bob, eve)
    await eve.says("/reopen 2", at=QUEUE)  # by mistake: it is to be done after all
    await bob.reads(say("task.again", ticket=2, summary=words, name="Eve"), at=THREAD(1))
    await bob.reads("#1 ", say("card.tasks", done=0, all=1), at=QUEUE)
    await eve.says("/task 2 @bob something", at=QUEUE)
    await eve.reads(say("refused.task_of_task", ticket=2, parent=1), at=QUEUE)
    await eve.says("/merge 2 1", at=QUEUE)
    await rests(bob, eve)
    await ann.sees_nothing()  # all of it is the team's own
    await bob.says("/resolve 1 It works again", at=QUEUE)  # what is said is not lost by what is asked then
    await ann.sees("It works again")
    asking = await bob.reads(say("resolve.tasks_said", ticket=1, tasks=["#2"], name="Ann"), at=QUEUE)
    await bob.presses(say("button.resolve_now"), on=asking, at=QUEUE)
    await ann.sees(say("told.resolved", ticket=1, summary="My card was charged twice"))
    assert await desk.records(lambda tx: tx.tickets.get(2).active)  # it is still to be done
    await rests(bob, eve, ann)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_group_takes_a_part_and_the_list_says_how_far_it_is(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann = desk.requester("Ann", language=language)
    bob, eve = desk.agent("Bob", language=language), desk.agent("Eve", language=language)
    await asked_and_claimed(desk, ann, bob, eve)
    await bob.says("/task 1", at=QUEUE)
    await bob.reads(say("task.none", ticket=1), at=QUEUE)
    await bob.says(f"/task 1 #net {WORDS[language]}", at=QUEUE)
    shown = await eve.reads("#2 ", WORDS[language], say("card.task_of", ticket=1), at=QUEUE)
    assert say("button.reply") not in shown.buttons
    await eve.presses(say("button.claim"), on=shown)
    await bob.reads("#1 ", f"☐ #2 {WORDS[language]} · Eve", at=QUEUE)
    await rests(bob, eve)
    await bob.says("/task 1", at=QUEUE)
    told = await bob.reads(say("task.of", ticket=1, done=0, all=1), at=QUEUE)
    assert list(told.buttons) == [f"☐ #2 {WORDS[language]} · Eve"]
    await rests(bob, eve)
    await eve.says("/resolve 2", at=QUEUE)
    await rests(bob, eve)
    await desk.passes(days=30)  # nobody is asked whether it is: the team said so
    await rests(bob, eve)
    assert await desk.records(lambda tx: tx.tickets.get(2).closed_at is not None)
    await ann.sees_nothing()


async def test_two_requests_are_merged_and_the_parts_go_with_them(desk: Desk, ann: Somebody, bob: Somebody):
    tom = desk.requester("Tom")
    await asked_and_claimed(desk, ann, bob)
    await asked(tom, "It was charged twice too", ticket=2)
    await bob.says("/task 1 @bob check the bank", at=QUEUE)
    await rests(bob)
    await bob.says("/my")
    assert "check the bank" not in (await bob.sees()).text  # it is no request of his own
    await ruled(desk, roles={"permissions": {"merge": "agent"}})
    await bob.says("/merge 3 2", at=QUEUE)
    await bob.reads(said_in("en", "refused.task_merge", ticket=3), at=QUEUE)
    await bob.says("/merge 1 2", at=QUEUE)
    await bob.presses(said_in("en", "rules.apply"), at=QUEUE)
    await bob.reads("#2 ", "tasks 0/1", "☐ #3 check the bank · Bob", at=QUEUE)
    await rests(bob, ann, tom)
    await bob.says("/resolve 3", at=QUEUE)
    await bob.reads("#2 ", "tasks 1/1", "☑ #3 check the bank · Bob", at=QUEUE)
    await rests(bob, ann, tom)


async def types_with_tasks(desk: Desk, *tasks: dict[str, str]) -> dict[str, object]:
    """Return the types of the rules, those about bills with tasks."""
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    types = newest.data["types"]
    return {**types, "billing": {**types["billing"], "tasks": list(tasks)}}


TYPED = {"en": ("Prepare a laptop", "Open the accounts"), "uk": ("Підготувати ноутбук", "Створити облікові записи")}


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_the_tasks_of_a_type_begin_when_somebody_has_its_request(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann = desk.requester("Ann", language=language)
    bob, eve = desk.agent("Bob", language=language), desk.agent("Eve", language=language)
    laptop, accounts = TYPED[language]
    await present(bob, eve)
    groups = {"net": {"title": {"en": "Network", "uk": "Мережа"}, "members": [account(eve)], "take": "least_busy"}}
    types = await types_with_tasks(desk, {"title": laptop, "group": "net", "due": "2d"}, {"title": accounts})
    await ruled(desk, desk={"team_language": language, "unclaimed_reminder": "9d"}, groups=groups, types=types)
    await asked(ann)
    assert await desk.records(lambda tx: tx.tickets.find(2)) is None  # nobody has it yet
    card = await bob.sees("#1 ", at=QUEUE)
    await bob.presses(say("button.claim"), on=card)
    await bob.reads(say("thread.type_tasks", n=2), f"☐ #2 {laptop}", f"☐ #3 {accounts}", at=THREAD(1))
    await bob.reads("#1 ", say("card.tasks", done=0, all=2), at=QUEUE)
    card = await eve.reads("#2 ", laptop, say("card.task_of", ticket=1), at=QUEUE)
    assert "Eve" in card.text.splitlines()[-1]  # her group gives it to her, and its card says so
    assert say("button.claim") not in card.buttons
    first, second = await desk.records(lambda tx: [tx.tickets.get(2), tx.tickets.get(3)])
    assert (first.group_name, first.resolution_due is not None) == ("net", True)
    assert (second.group_name, second.resolution_due) == (None, None)
    await rests(bob, eve)
    await bob.says("/release 1", at=QUEUE)
    await eve.says("/claim 1", at=QUEUE)  # whoever has it next finds them there
    await rests(bob, eve)
    assert await desk.records(lambda tx: tx.tickets.find(4)) is None
    await ann.catches_up()
    assert (
        await desk.records(lambda tx: [tx.tickets.name(each.requester_id) for each in (first, second)]) == ["Bob"] * 2
    )
    await eve.says("/retype 1 other", at=QUEUE)
    await rests(bob, eve)
    await eve.says("/retype 1 billing", at=QUEUE)  # there already, done or not
    await rests(bob, eve)
    assert await desk.records(lambda tx: tx.tickets.find(4)) is None
    await ann.sees_nothing()  # all of it is the team's own


async def test_what_nobody_claimed_has_the_tasks_of_its_type_when_it_is_worked_on_again(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await present(bob)
    types = await types_with_tasks(desk, {"title": "Open the accounts"})
    await ruled(desk, desk={"unclaimed_reminder": "9d"}, types=types)
    await asked(ann)
    card = await bob.sees("#1 ", at=QUEUE)
    await bob.presses(said_in("en", "button.resolve"), on=card)
    await bob.presses(said_in("en", "button.resolve_now"), at=QUEUE)
    await rests(bob, ann)
    assert await desk.records(lambda tx: tx.tickets.find(2)) is None  # nobody has worked on it
    await desk.passes(hours=1)  # it was no slip
    await bob.says("/reopen 1", at=QUEUE)
    await bob.reads(said_in("en", "thread.type_tasks", n=1), "☐ #2 Open the accounts", at=THREAD(1))
    await rests(bob, ann)


class TestStepByStep:
    @pytest.fixture
    def house(self) -> House:
        return House(windows=False)

    @pytest.mark.parametrize(
        ("language", "written"),
        [
            ("en", "#net Prepare a laptop due 2d\nOpen the accounts"),
            ("uk", "#net Підготувати ноутбук до 2d\nСтворити облікові записи"),
        ],
    )
    async def test_an_admin_writes_the_tasks_of_a_type_in_chat(self, desk: Desk, language: str, written: str):
        bob = desk.agent("Bob", language=language)
        await admin(desk, bob)
        await ruled(desk, groups={"net": {"title": {"en": "Network", "uk": "Мережа"}}})
        await bob.says("/type other")
        await bob.sees("(other)")
        await bob.presses(said_in(language, "rules.edit"))
        await bob.sees(said_in(language, "form.review"))
        await bob.presses(said_in(language, "form.change", field=said_in(language, "rule.type_tasks")))
        await goes(bob, written)
        await bob.sees(said_in(language, "rule.type_tasks"), written.splitlines()[0].replace(" до ", " due "))
        await applies(bob)
        await bob.catches_up()
        newest = await desk.records(lambda tx: tx.rules.newest())
        first, second = TYPED[language]
        assert newest is not None
        assert newest.data["types"]["other"]["tasks"] == [
            {"title": first, "group": "net", "due": "2d"},
            {"title": second},
        ]
