"""Two requests about the same: one goes on for both, and both requesters keep their own thread and number."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.ruled import account, applies, ruled

WIFI = {"en": "The Wi-Fi is down", "uk": "Не працює Wi-Fi", "ru": "Не работает Wi-Fi"}
SLOW = {"en": "No internet on floor 3", "uk": "Немає інтернету на 3 поверсі", "ru": "Нет интернета на 3 этаже"}


async def merged(desk: Desk, bob: Somebody, ann: Somebody, zoe: Somebody, language: str = "en") -> None:
    """Bob, a senior agent, has let Zoe's #2 go on in Ann's #1, which is his."""
    await ruled(desk, roles={"seniors": [account(bob)]})
    await asked(ann, WIFI[ann.language])
    await asked(zoe, SLOW[zoe.language], ticket=2)
    await claimed(bob, ann, language=language)
    await bob.sees("#2", at=QUEUE)
    await bob.says("/merge 2 1", at=QUEUE)
    await bob.sees(said_in(language, "merge.title", ticket=2, into=1), "Ann", "Zoe", at=QUEUE)
    await zoe.sees_nothing()
    await applies(bob, at=QUEUE)
    await bob.sees(said_in(language, "done.merged", ticket=2, into=1), at=QUEUE)
    await zoe.sees(said_in(zoe.language, "told.merged", ticket=2))
    await ann.sees_nothing()
    await bob.sees("📁 #2", said_in(language, "card.goes_on", into=1), at=QUEUE)
    await bob.sees("💬 #1", said_in(language, "card.goes_on_for", tickets="#2 Zoe"), at=QUEUE)
    await bob.sees(said_in(language, "thread.joined", ticket=2, name="Zoe"), at=THREAD(1))
    await bob.sees("Zoe · #2", SLOW[zoe.language], at=THREAD(1))
    await bob.catches_up(at=THREAD(1))


class TestInEachLanguage:
    @pytest.fixture(params=["uk", "ru"])
    def spoken(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    def house(self, spoken: str) -> House:
        return House(team_language=spoken)

    async def test_both_requesters_hear_and_are_heard(self, desk: Desk, spoken: str):
        bob = desk.agent("Bob", language=spoken)
        ann, zoe = desk.requester("Ann", language=spoken), desk.requester("Zoe", language=spoken)
        await merged(desk, bob, ann, zoe, spoken)
        await bob.says("/r Маршрутизатор перезавантажено", at=THREAD(1))
        for each in (ann, zoe):
            await each.sees("Bob", "Маршрутизатор перезавантажено")
        await bob.catches_up(at=THREAD(1))
        await zoe.says("Працює!")
        await bob.sees("Zoe", "Працює!", at=THREAD(1))
        await ann.says("У мене теж ні")
        await bob.sees("Ann", "У мене теж ні", at=THREAD(1))
        await bob.says("/resolve", at=THREAD(1))
        for each, number, summary in ((ann, 1, WIFI[spoken]), (zoe, 2, SLOW[spoken])):
            await each.sees(said_in(spoken, "told.resolved", ticket=number, summary=summary))
        await bob.catches_up(at=THREAD(1))
        await bob.catches_up(at=QUEUE)
        await zoe.presses(said_in(spoken, "button.confirm"))
        await zoe.sees(said_in(spoken, "own.confirmed", ticket=2), buttons=[])
        await bob.sees(said_in(spoken, "thread.left", name="Zoe", ticket=2), at=THREAD(1))
        await bob.sees("#1", said_in(spoken, "card.left", tickets="#2 Zoe"), at=QUEUE)
        await ann.sees_nothing()  # she has not been answered for
        await zoe.sees(said_in(spoken, "rate.ask"))
        await zoe.presses("5")
        await zoe.sees("⭐⭐⭐⭐⭐")
        await zoe.puts_off()  # a word may follow, and need not
        await bob.sees("#1", "#2 Zoe ⭐⭐⭐⭐⭐", at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        await bob.catches_up(at=QUEUE)
        await ann.presses(said_in(spoken, "button.confirm"))
        await ann.sees(said_in(spoken, "own.confirmed", ticket=1), buttons=[])
        await ann.puts_off()
        await bob.catches_up(at=QUEUE)
        await bob.catches_up(at=THREAD(1))


async def test_what_was_merged_says_where_it_goes_on(desk: Desk, ann: Somebody, bob: Somebody):
    zoe = desk.requester("Zoe")
    await merged(desk, bob, ann, zoe)
    for command in ("/reopen 2", "/claim 2", "/resolve 2", "/snooze 2 1h", "/merge 2 1"):
        await bob.says(command, at=QUEUE)
        await bob.sees("#2 was merged into #1 and goes on there", at=QUEUE)
    await bob.says("/merge 1 1", at=QUEUE)
    await bob.sees("#1 cannot go on in itself", at=QUEUE)
    await bob.says("/merge 1", at=QUEUE)
    await bob.sees("Write it so: /merge 42 40", at=QUEUE)


async def test_who_has_the_merged_one_sees_it_as_theirs(desk: Desk, ann: Somebody, bob: Somebody):
    zoe = desk.requester("Zoe")
    await merged(desk, bob, ann, zoe)
    await zoe.says("/my")
    await zoe.sees("Your requests:", buttons=["#2 in work · No internet on floor 3"])
    await zoe.says("/status 1")
    await zoe.sees("There is no request #1")
    await bob.says("/resolve 1", at=QUEUE)
    await bob.presses("Resolve all the same", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    for each, number in ((ann, 1), (zoe, 2)):
        await each.sees(f"Request #{number} is resolved")
    await zoe.presses("Reopen")
    await zoe.sees("Request #2 is open again")
    await ann.sees("The team has taken request #1 up again.")
    await bob.sees("Zoe says it is not solved", at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_a_reply_that_is_changed_or_taken_back_is_so_for_both(desk: Desk, ann: Somebody, bob: Somebody):
    zoe = desk.requester("Zoe")
    await merged(desk, bob, ann, zoe)
    reply = await bob.says("/r It is the ruter", at=THREAD(1))
    for each in (ann, zoe):
        await each.sees("It is the ruter")
    await bob.edits(reply, "/r It is the router")
    for each in (ann, zoe):
        await each.sees("It is the router")
    await bob.catches_up(at=THREAD(1))
    await bob.presses("Delete", at=THREAD(1))
    for each in (ann, zoe):
        await each.sees_no("It is the router")
    await bob.catches_up(at=THREAD(1))


async def test_the_own_two_requests_of_somebody_become_one(desk: Desk, ann: Somebody, bob: Somebody):
    await ruled(desk, roles={"seniors": [account(bob)]})
    await asked(ann, "The Wi-Fi is down")
    await asked(ann, "No internet either", ticket=2)
    await bob.catches_up(at=QUEUE)
    card = next(line for line in desk.stage.lines(bob.native, QUEUE) if "#2" in line.text)
    await bob.presses("More…", on=card)
    shown = await bob.sees("#2", at=QUEUE)
    if "Other ›" in shown.buttons:
        await bob.presses("Other ›", on=shown)
        shown = await bob.sees("#2", at=QUEUE)
    await bob.presses("Merge", on=shown)
    bob.sees_toast("In which does #2 go on?")
    offered = await bob.sees("#2", buttons=["#1 The Wi-Fi is down", "‹ Back"], at=QUEUE)
    await bob.presses("#1 The Wi-Fi is down", on=offered)
    where = QUEUE if bob.can(Capability.TOPICS) else THREAD(2)  # where it was pressed
    await bob.sees("Merge #2 into #1?", at=where)
    await applies(bob, at=where)
    await ann.sees("Your request #2 goes on together with another")
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.says("/r We are on it", at=THREAD(1))
    await ann.sees("We are on it")  # once
    await ann.says("/my")
    await ann.sees("Your requests:", buttons=["#1 in work · The Wi-Fi is down"])
    await ann.says("The third floor works now")
    await bob.sees("The third floor works now", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_what_is_over_takes_no_other(desk: Desk, ann: Somebody, bob: Somebody):
    await ruled(desk, roles={"seniors": [account(bob)]})
    await asked(ann)
    await asked(ann, "Another", ticket=2)
    await bob.catches_up(at=QUEUE)
    await bob.says("/close 1", at=QUEUE)
    await bob.sees("#1 is closed.", at=QUEUE)
    await ann.sees("Request #1 is closed.")
    await bob.says("/merge 2 1", at=QUEUE)
    await bob.sees("#1 is over: a request goes on only in one that is worked on.", at=QUEUE)
    await bob.says("/merge 1 2", at=QUEUE)
    await bob.sees("“merge” is not possible while the request is closed", at=QUEUE)


async def test_merging_is_for_senior_agents(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await asked(ann, "Another", ticket=2)
    await bob.catches_up(at=QUEUE)
    await bob.says("/merge 2 1", at=QUEUE)
    await bob.sees(said_in("en", "refused.not_yours", role=said_in("en", "role.senior")), at=QUEUE)
