"""Bad input gets a clear, kind word, and nothing is lost or changed."""

import pytest
from sqlalchemy import select

from storage.models import audit
from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Capability, Desk, House, Somebody, needs, said_in
from tests.stories.harness.given import asked, gave_up, talking


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: these stories are about the questions one by one."""
    return House(windows=False)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_button_of_older_times_says_so(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    await iryna.says("/new")
    card = await iryna.sees(said_in(language, "request.about"))
    await gave_up(iryna)
    await iryna.presses_name(card.names[1], card)
    iryna.sees_toast(said_in(language, "expired"))
    await iryna.presses_name("gone:1", card)
    iryna.sees_toast(said_in(language, "expired"))
    await iryna.sees_nothing()


async def test_an_old_step_shows_where_the_dialog_is_now(desk: Desk, ann: Somebody):
    await ann.says("/new")
    first = await ann.sees("What is it about?")
    await ann.presses("Hardware")
    await ann.sees("Which device?")
    await ann.presses_name(first.names[0], first)
    await ann.sees_nothing()
    await ann.presses("Printer")
    await ann.sees("What happened?")
    await gave_up(ann)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_unknown_command_names_the_nearest(desk: Desk, language: str):
    iryna = desk.requester("Iryna", language=language)
    await iryna.says("/halp")
    await iryna.sees(said_in(language, "unknown_command.meant", command="help"))
    await iryna.says("/qwertyuiop")
    await iryna.sees(said_in(language, "unknown_command"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_agents_command_of_a_stranger_is_refused_and_written_down(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    await asked(iryna)
    await bob.sees("#1", at=QUEUE)
    for command in ("/claim 1", "/queue", "/r hello", "/close 1", "/find charged"):
        await iryna.says(command)
        await iryna.sees(said_in(language, "refused.not_yours", role=said_in(language, "role.agent")))
    card = next(line for line in desk.stage.lines(bob.native, QUEUE) if "#1" in line.text)
    mine = await iryna.says("/my")
    await iryna.catches_up()
    await iryna.presses_name(card.names[0], mine)
    iryna.sees_toast(said_in(language, "refused.not_yours", role=said_in(language, "role.agent")))
    await bob.sees_nothing(at=QUEUE)
    acts = select(audit.c.facts).where(audit.c.act == "refused").order_by(audit.c.id)
    refused = await desk.look(lambda connection: [facts["name"] for facts in connection.scalars(acts)])
    assert refused == ["claim", "queue", "r", "close", "find", "claim"]


async def test_nearest_names_no_command_that_one_may_not_use(desk: Desk, ann: Somebody):
    await ann.says("/clam")
    await ann.sees("I do not know this command.")
    await ann.sees_no("/claim")


@needs(team=Capability.MASKS)
async def test_an_anonymous_admin_is_asked_to_write_as_themselves(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.sees("#1", at=QUEUE)
    masked = desk.agent("Masha")
    masked.native.becomes("administrator", desk.stage.team, anonymous=True)
    await masked.says("/claim 1", at=QUEUE)
    await masked.sees("Please write from your own account", at=QUEUE)
    await masked.says("just talking", at=QUEUE)
    await masked.sees_nothing(at=QUEUE)
    await ann.sees_nothing()
    free = await desk.records(lambda tx: tx.tickets.get(1).agent_id)
    assert free is None


async def test_numbers_that_are_none(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    for word in ("0", "-1", "999999999999", "1x"):
        await bob.says(f"/claim {word}", at=QUEUE)
        await bob.sees(at=QUEUE)
    await ann.says("/status ten")
    await ann.sees("Write it so: /status 1042")
    await bob.sees_nothing(at=THREAD(1))


async def test_nothing_that_was_pressed_can_break_it(desk: Desk, ann: Somebody):
    await ann.says("/my")
    card = await ann.sees("You have no requests yet.")
    for name in (
        "pick:",
        "pick:1.2",
        "pick:x.y.z",
        "about:",
        "about:1.1",
        "rate:1",
        "need:9",
        "switch:",
        "page:x",
        "give:",
        "ask:x",
        "x" * 64,
        ":",
        "status:",
    ):
        await ann.presses_name(name, card)
        assert desk.stage.answered(ann.native)
    await ann.catches_up()
