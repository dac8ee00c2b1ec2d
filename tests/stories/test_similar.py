"""An agent looks whether something like a request was answered before, and what was said last."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, claimed

JAMS = {  # what was asked, what was answered, and how another one asks
    "en": (
        "The printer on the second floor jams",
        "Open the back door and pull the sheet out.",
        "Second floor: printer jams again",
    ),
    "uk": (
        "Принтер на другому поверсі зминає папір",
        "Відкрийте задню кришку і витягніть аркуш.",
        "Знову зминає папір той принтер на другому поверсі",
    ),
}


async def answered(bob: Somebody, ann: Somebody, question: str, reply: str, *, ticket: int) -> None:
    """Bob has answered a request, and it is over."""
    await asked(ann, question, ticket=ticket)
    await claimed(bob, ann, ticket=ticket)
    await bob.says(f"!r {reply}", at=THREAD(ticket))
    await ann.sees(reply)
    await bob.says("!resolve", at=THREAD(ticket))
    await ann.sees(f"#{ticket}")
    for at in (QUEUE, THREAD(ticket)):
        await bob.catches_up(at=at)


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_what_was_answered_before_is_shown_with_its_last_word(desk: Desk, language: str):
    first, reply, again = JAMS[language]
    ann, ben = desk.requester("Ann", language=language), desk.requester("Ben", language=language)
    bob = desk.agent("Bob", language=language)
    await bob.starts()
    await bob.catches_up()
    await answered(bob, ann, first, reply, ticket=1)
    carl = desk.requester("Carl", language=language)
    await answered(bob, carl, "zebra crossing paint", "On Friday.", ticket=2)
    await asked(ben, again, ticket=3)
    await bob.says("/card 3")
    await bob.sees("#3 ", again)
    for name in ("button.more", "menu.more", "button.similar"):
        await bob.presses(said_in(language, name))
    await bob.sees(f"🔎 #1 · {first}", "↩️ Bob", reply, buttons=[said_in(language, "similar.open", ticket=1)])
    await bob.presses(said_in(language, "similar.open", ticket=1))
    await bob.sees("#1 ", first)
    await bob.says("/similar 2")
    await bob.sees(said_in(language, "similar.none", ticket=2))
    for at in (QUEUE, None):
        await bob.catches_up(at=at)
    await ben.says("/similar 1")
    assert reply not in (await ben.sees()).text


async def test_what_is_blacked_out_on_a_request_is_so_where_it_was_shown_as_alike(
    desk: Desk, ann: Somebody, bob: Somebody
):
    first, reply, again = JAMS["en"]
    await answered(bob, ann, first, reply, ticket=1)
    ben = desk.requester("Ben")
    await asked(ben, again, ticket=2)
    await claimed(bob, ben, ticket=2)
    await bob.says("!similar", at=THREAD(2))
    await bob.sees(f"🔎 #1 · {first}", reply, at=THREAD(2))
    await bob.says("/reopen 1", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("!redact back door", at=THREAD(1))
    for number in (1, 2):
        await bob.catches_up(at=THREAD(number))
    await ann.catches_up()
    shown = [line.text for line in desk.stage.lines(bob.native, THREAD(2)) if "🔎" in line.text]
    assert len(shown) == 1
    assert "back door" not in shown[0]
