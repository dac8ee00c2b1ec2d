"""A secret field of a form: asked in private, dots for everybody, shown to whoever has the request, erased when it is over."""

from typing import Any

import pytest
from sqlalchemy import select

from storage.models import audit
from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.capabilities import Capability
from tests.stories.harness.given import asked_to_be_erased, resolved
from tests.stories.rules.ruled import admin, applies, goes, present, ruled
from tests.stories.test_privacy import everything

PIN = "wombat-7781"
FIELDS = (
    {"name": "details", "kind": "long_text", "label": "What happened?"},
    {"name": "pin", "label": {"en": "Router password", "uk": "Пароль роутера", "ru": "Пароль роутера"}, "secret": True},
)


async def with_secret(on: Desk, ann: Somebody, **more: Any) -> None:
    """Ann has registered a request, with the password that its form asks for."""
    await ruled(on, types={"router": {"title": "Router", "fields": [*FIELDS]}}, **more)
    await ann.says("/new")
    await ann.fills(details="No internet at home", pin=PIN)
    await ann.catches_up()


async def tables(desk: Desk) -> list[str]:
    """Return the tables in which the password stands; what came in stays for two days."""
    lines = [line for line in (await everything(desk)).splitlines() if PIN in line]
    return sorted({line.split(":")[0] for line in lines} - {"inbox"})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_dots_for_all_but_whoever_has_the_request(desk: Desk, language: str):
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    eve = desk.agent("Eve", language=language)
    await present(bob, eve)
    await with_secret(desk, ann, desk={"team_language": language})
    assert await tables(desk) == ["secret_answer"]
    card = await bob.sees("#1 ", "••••••", at=QUEUE)
    await bob.presses(said_in(language, "button.claim"), on=card)
    await ann.catches_up()
    await eve.says("/secret 1", at=QUEUE)
    await eve.sees(said_in(language, "refused.secret_not_yours", ticket=1), at=QUEUE)
    await bob.says("/secret", at=THREAD(1))
    label = {"en": "Router password", "uk": "Пароль роутера", "ru": "Пароль роутера"}[language]
    shown = await bob.sees(said_in(language, "secret.which", ticket=1), buttons=[label], at=THREAD(1))
    await bob.presses(label, on=shown)
    bob.sees_toast(f"🔑 {PIN}")
    await eve.presses(label, on=shown)
    eve.sees_toast(said_in(language, "refused.secret_not_yours", ticket=1))
    await bob.says("/history 1", at=QUEUE)
    page = await bob.sees("#1", kind="document", at=QUEUE)
    assert PIN not in desk.stage.content(bob.native, page)[1].decode()
    for place in (QUEUE, THREAD(1)):  # he alone saw what he looked at
        await eve.sees_no(PIN, at=place)
        await bob.catches_up(at=place)
    await ann.catches_up()
    await eve.catches_up(at=QUEUE)
    looked = await desk.look(lambda connection: connection.execute(select(audit.c.act)).scalars().all())
    assert [*looked].count("secret_shown") == 1


async def test_it_is_erased_when_the_request_is_over(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await with_secret(desk, ann)
    await bob.presses("Claim", on=await bob.sees("#1 ", at=QUEUE))
    await ann.catches_up()
    await bob.catches_up(at=THREAD(1))
    await resolved(bob, ann)
    await bob.sees("The secret answers of #1 are erased", at=THREAD(1))
    assert await tables(desk) == []
    await bob.says("/secret 1", at=QUEUE)
    await bob.sees("#1 has no secret answers", at=QUEUE)
    assert (await desk.records(lambda tx: tx.tickets.get(1))).answers["router.pin"] == "—"
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_its_requester_gives_another(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await with_secret(desk, ann)
    await bob.presses("Claim", on=await bob.sees("#1 ", at=QUEUE))
    await bob.catches_up(at=THREAD(1))
    await ann.catches_up()
    await ann.says("/status 1")
    await ann.presses("Change…", on=await ann.sees("#1", "••••••"))
    await ann.catches_up()
    await ann.presses("Change: Router password")
    await ann.fills(answer="kiwi-99", review=False)
    await ann.catches_up()
    await bob.sees("Ann has given another answer to “Router password”, which is secret.", at=THREAD(1))
    await bob.sees_no("kiwi-99", at=THREAD(1))
    assert await desk.records(lambda tx: tx.secrets.of(1)) == {"router.pin": "kiwi-99"}
    await bob.catches_up(at=QUEUE)


async def test_an_agent_who_asks_for_somebody_is_asked_alone(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    for somebody in (ann, bob):
        await somebody.starts()
        await somebody.catches_up()
    await ruled(desk, types={"router": {"title": "Router", "fields": [*FIELDS]}})
    await bob.says("/new Ann", at=QUEUE)
    asking = await bob.sees("Ann", at=QUEUE)
    await bob.presses(asking.buttons[0], on=asking)
    await bob.catches_up(at=QUEUE)
    await bob.fills(details="No internet at home", pin=PIN)
    await bob.sees("Request #1 is registered for Ann")
    assert await tables(desk) == ["secret_answer"]
    await bob.sees_no(PIN, at=QUEUE)
    for somebody, place in ((bob, QUEUE), (bob, None), (ann, None)):
        await somebody.catches_up(at=place)


async def test_it_goes_with_its_person(desk: Desk, ann: Somebody, bob: Somebody):
    await with_secret(desk, ann)
    await bob.catches_up(at=QUEUE)
    await asked_to_be_erased(ann)
    await desk.passes(hours=24, minutes=40)
    assert await tables(desk) == []
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)


class TestStepByStep:
    """Where it is typed into the chat, it stands there no longer than it has to."""

    @pytest.fixture
    def house(self) -> House:
        return House(windows=False)

    async def test_what_was_typed_is_taken_out_of_the_chat(self, desk: Desk, ann: Somebody, bob: Somebody):
        await with_secret(desk, ann)
        if not ann.can(Capability.WINDOWS):  # where there are windows, a bot may take nobody's words away
            await ann.sees_no(PIN)
        assert await tables(desk) == ["secret_answer"]
        await bob.catches_up(at=QUEUE)

    async def test_an_admin_makes_a_question_secret(self, desk: Desk, bob: Somebody):
        await admin(desk, bob)
        await bob.says("/type access")
        await bob.presses("Which system or service? (system)", on=await bob.sees("Access (access)"))
        await bob.presses("Change …", on=await bob.sees("Which system"))
        await bob.sees(said_in("en", "form.review"))
        await bob.presses("Change: Secret?")
        await goes(bob, "Yes")
        await applies(bob)
        await bob.catches_up()
        fields = (await desk.records(lambda tx: desk.app.book.follow(tx.rules))).types["access"].fields
        assert fields[0]["secret"] is True
        assert "secret" not in fields[1]


async def test_what_the_team_keeps_secret_is_dots_too(desk: Desk, ann: Somebody, bob: Somebody):
    """A field of the team's own that is secret: filled in by *Details…*, and read like the others."""
    await present(bob)
    line = {"name": "line", "label": "Line password", "by": "agent", "secret": True, "required": False}
    await ruled(desk, types={"router": {"title": "Router", "fields": [FIELDS[0], line]}})
    await ann.says("/new")
    await ann.fills(details="No internet at home")
    await ann.catches_up()
    await bob.starts()
    await bob.catches_up()
    await bob.presses("Claim", on=await bob.sees("#1 ", at=QUEUE))
    await bob.catches_up(at=THREAD(1))
    await bob.says("/details 1", at=QUEUE)
    await bob.fills(line=PIN)
    await bob.sees("Bob has given another answer to “Line password”, which is secret.", at=THREAD(1))
    assert await tables(desk) == ["secret_answer"]
    await bob.says("/secret", at=THREAD(1))
    await bob.presses("Line password", on=await bob.sees("Secret answers of #1", at=THREAD(1)))
    bob.sees_toast(f"🔑 {PIN} (Line password)")
    for somebody, place in ((bob, QUEUE), (bob, THREAD(1)), (bob, None), (ann, None)):
        await somebody.catches_up(at=place)
