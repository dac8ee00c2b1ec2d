"""A public post becomes a request whose form asks more, a secret too: its author answers in private, the channel reads none."""

import pytest

from tests.stories.channels import EVERY, takes_requests
from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.rules.ruled import present, ruled

PIN = "wombat-7781"
TYPES = {
    "router": {
        "title": "Router",
        "fields": [
            {"name": "details", "kind": "long_text", "label": "What happened?"},
            {"name": "contract", "label": "Contract", "required": False},
            {"name": "pin", "label": "Password", "secret": True},
        ],
    }
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_author_answers_in_private(desk: Desk, language: str):
    ann, dan = desk.requester("Ann", language=language), desk.requester("Dan", language=language)
    bob = desk.agent("Bob", language=language)
    await present(bob)
    await ruled(desk, types=TYPES, desk={"team_language": language})
    await ann.starts()
    await ann.catches_up()
    room = await takes_requests(desk, "help-it", ann, dan, opens=EVERY, type="router")
    await ann.says("No internet since this morning", at=room)
    fill = said_in(language, "button.fill_private")
    line = await ann.sees("#1", said_in(language, "channel.details", name="Ann"), at=room)
    assert line.buttons[0] == fill
    await dan.presses(fill, on=line)
    dan.sees_toast(said_in(language, "refused.no_ticket", ticket=1))
    await ann.presses(fill, on=line)
    await ann.fills(contract="C-12", pin=PIN)
    await ann.catches_up()
    await bob.sees("#1 ", "C-12", "••••••", at=QUEUE)
    assert await desk.records(lambda tx: tx.secrets.of(1)) == {"router.pin": PIN}
    for person, place in ((dan, room), (bob, QUEUE)):
        await person.sees_no(PIN, at=place)
    await dan.sees_no("C-12", at=room)
    await ann.presses(fill, on=line)
    ann.sees_toast(said_in(language, "refused.details_given", ticket=1))
    await ann.catches_up(at=room)
    await bob.catches_up(at=QUEUE)
    for person in (ann, dan):
        await person.catches_up()


async def test_whoever_has_the_request_reads_the_secret(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await ruled(desk, types=TYPES)
    await ann.starts()
    await ann.catches_up()
    room = await takes_requests(desk, "help-it", ann, opens=EVERY, type="router")
    await ann.says("No internet since this morning", at=room)
    await bob.presses("Claim", on=await bob.sees("#1 ", at=QUEUE))
    await bob.catches_up(at=THREAD(1))
    await ann.presses("Answer in private", at=room)
    await ann.fills(contract="C-12", pin=PIN)
    await ann.catches_up()
    await bob.sees("Ann", "Password", "secret", at=THREAD(1))
    await bob.says("/secret", at=THREAD(1))
    await bob.presses("Password", on=await bob.sees("Secret answers of #1", at=THREAD(1)))
    bob.sees_toast(f"🔑 {PIN} (Password)")
    for person, place in ((ann, room), (bob, QUEUE), (bob, THREAD(1))):
        await person.catches_up(at=place)


async def test_a_form_that_asks_nothing_more_offers_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "help-it", ann, opens=EVERY)
    await ann.says("My screen is dark", at=room)
    await ann.sees("Ann, this is request #1", buttons=["Not a request"], at=room)
    await bob.catches_up(at=QUEUE)
