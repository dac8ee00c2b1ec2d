"""How long what is written is kept is the desk's own to say, kind by kind; then it is gone, and what is counted stays."""

import pytest

from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Desk, House, Line, Somebody, said_in
from tests.stories.harness.given import asked, resolved, talking
from tests.stories.rules.ruled import admin, changes_setting, ruled
from tests.stories.test_privacy import everything


@pytest.fixture
def house() -> House:
    """Ask every form step by step: the rules are changed one by one."""
    return House(windows=False)


async def over(desk: Desk, ann: Somebody, bob: Somebody) -> Line:
    """Ann's request is answered and closed; somebody has said things on it that nobody needs for ever."""
    await talking(ann, bob, "My wombat was charged twice")
    await bob.says("/r The wombat is refunded", at=THREAD(1))
    await ann.sees("The wombat is refunded")
    line = await ann.says("Bless the womat")
    await desk.settles()
    await ann.edits(line, "Bless the wombat")
    await bob.catches_up(at=THREAD(1))
    await resolved(bob, ann)
    await ann.presses(said_in(ann.language, "button.confirm"))
    await ann.catches_up()
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    return line


async def test_words_of_closed_requests_end_where_the_rules_say_so(desk: Desk, ann: Somebody, bob: Somebody):
    await ruled(desk, privacy={"requests": "60d", "questions": "30d"})
    line = await over(desk, ann, bob)
    await desk.passes(days=50)
    await desk.app.retention.forget()
    assert "wombat" in await everything(desk), "too early"
    await desk.passes(days=12)
    await desk.app.retention.forget()
    kept_now = await everything(desk)
    assert not [line for line in kept_now.splitlines() if "wombat" in line or "womat" in line]
    kept = await desk.records(lambda tx: tx.tickets.get(1))
    assert kept.closed_at is not None
    assert kept.first_response_at is not None
    assert await desk.records(lambda tx: tx.search.find("wombat")) == []
    assert len(await desk.records(lambda tx: tx.talk.of(1))) == 3  # that something was said, by whom and when
    await ann.edits(line, "Bless all wombats")
    await desk.settles()
    assert not [said for said, _ in await desk.records(lambda tx: tx.talk.of(1)) if said.words["text"]]
    await ann.says("/history 1")
    page = await ann.sees("The whole story of #1:", kind="document")
    assert b"What was said is not kept any more since" in desk.stage.content(ann.native, page)[1]
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_who_has_done_nothing_for_long_is_erased_where_the_rules_say_so(desk: Desk, ann: Somebody, bob: Somebody):
    """Zoe has asked something meanwhile, Dan waits for an answer, Bob is of the team; nobody writes to Ann out of the blue."""
    await ruled(desk, privacy={"people": "100d"}, desk={"unclaimed_reminder": "900d", "idle_reminder": "900d"})
    zoe, dan = desk.requester("Zoe"), desk.requester("Dan")
    await over(desk, ann, bob)
    await zoe.says("Where is the wombat?")
    await asked(dan, "The lamp is broken", ticket=2)
    people = await desk.records(lambda tx: {who: tx.people.named(who)[0].id for who in ("ann", "zoe", "dan", "bob")})
    await desk.passes(days=60)
    await zoe.says("And where is the lamp?")
    await desk.passes(days=60)
    for one in (ann, zoe, dan):
        await one.catches_up()
    await desk.app.retention.forget()
    await desk.passes(minutes=30)
    gone = await desk.records(lambda tx: [who for who, number in people.items() if tx.erasure.erased_at(number)])
    assert gone == ["ann"]
    await ann.sees_nothing()
    for one, place in ((zoe, None), (dan, None), (bob, THREAD(1)), (bob, QUEUE)):
        await one.catches_up(at=place)


async def test_without_a_rule_they_stay(desk: Desk, ann: Somebody, bob: Somebody):
    await over(desk, ann, bob)
    await desk.passes(days=400)
    await desk.app.retention.forget()
    assert await desk.records(lambda tx: tx.search.find("wombat")) == [1]
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
    await ann.catches_up()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_admin_says_so_in_chat(desk: Desk, language: str):
    bob = desk.agent("Bob", language=language)
    await admin(desk, bob)
    await changes_setting(bob, "privacy", "keep_requests", "730d")
    rules = await desk.records(lambda tx: desk.app.book.follow(tx.rules))
    assert rules.privacy["requests"].days == 730
