"""A checklist: what the team ticks off on a request of a type; what is required is ticked before the request is resolved."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import claimed
from tests.stories.rules.ruled import present, ruled

BILLING = {"en": "Billing question", "uk": "Питання щодо оплати"}
PRESSURE = {"en": "Pressure checked", "uk": "Тиск перевірено"}
PHOTO = {"en": "Photo taken", "uk": "Фото зроблено"}
GLUE = {"en": "Glue is dry", "uk": "Клей висох"}
ITEMS: list[Mapping[str, Any]] = [
    {"name": "pressure", "kind": "check", "label": PRESSURE},
    {"name": "leak", "kind": "yes_no", "label": {"en": "A leak?", "uk": "Тече?"}, "by": "agent", "required": False},
    {"name": "photo", "kind": "check", "label": PHOTO, "required": False},
    {"name": "glue", "kind": "check", "label": GLUE, "when": {"leak": ["yes"]}},
]


async def inspected(desk: Desk, ann: Somebody, bob: Somebody, language: str) -> None:
    """Ann has a request of a type with a checklist, and Bob is on it."""
    await present(bob)
    kinds = (await desk.records(lambda tx: tx.rules.newest())).data["types"]  # type: ignore[union-attr]
    billing = {**kinds["billing"], "fields": [*kinds["billing"]["fields"], *ITEMS]}
    await ruled(desk, types={**kinds, "billing": billing}, desk={"team_language": language, "unclaimed_reminder": "9d"})
    await ann.says("/new")
    await ann.fills(type=BILLING[language], details="Charged twice", contract="AB-12345")
    await ann.sees(said_in(language, "request.registered", ticket=1))
    await claimed(bob, ann, language=language)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_what_is_required_is_ticked_before_a_request_is_resolved(desk: Desk, language: str):
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await inspected(desk, ann, bob, language)
    pressure, photo = PRESSURE[language], PHOTO[language]
    shown = await bob.reads("#1 ", f"☐ {pressure} ❗", f"☐ {photo}", at=QUEUE)
    assert GLUE[language] not in shown.text  # asked only where there is a leak
    first = said_in(language, "refused.checklist", ticket=1, items=[PRESSURE])
    await bob.says("/resolve 1", at=QUEUE)  # nobody has answered yet: that is asked first
    await bob.presses(said_in(language, "button.resolve_now"), at=QUEUE)
    bob.sees_toast(first)
    await bob.presses(said_in(language, "button.checklist", done=0, all=2), on=shown)
    await bob.presses(f"☐ {photo}", at=QUEUE)
    await bob.presses(f"☐ {pressure} ❗", at=QUEUE)
    await bob.presses(said_in(language, "form.back"), at=QUEUE)
    await bob.reads("#1 ", f"☑ {pressure}", f"☑ {photo}", at=QUEUE)
    ticked = said_in(language, "checklist.ticked", mark="☑", item=pressure, name="Bob")
    await bob.reads(ticked, at=THREAD(1))
    await ann.sees_nothing()  # it is the team's alone
    await ann.says("/status 1")
    assert pressure not in (await ann.sees("#1")).text
    await bob.says("/resolve 1", at=QUEUE)
    await bob.presses(said_in(language, "button.resolve_now"), at=QUEUE)
    await ann.sees(said_in(language, "told.resolved", ticket=1, summary="Charged twice"))
    await bob.says(f"/check 1 {photo.lower()}", at=QUEUE)
    await bob.reads(said_in(language, "refused.over", ticket=1), at=QUEUE)
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
    await ann.catches_up()


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_it_is_ticked_by_words_and_its_requester_may_be_content_without_it(desk: Desk, language: str):
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await inspected(desk, ann, bob, language)
    await bob.says(f"/check {PHOTO[language].lower()}", at=THREAD(1))
    await bob.reads(f"☑ {PHOTO[language]}", f"☐ {PRESSURE[language]} ❗", at=THREAD(1))
    await bob.says(f"/check 1 {PHOTO[language]}", at=QUEUE)  # a colleague might say it too: it is ticked all the same
    await bob.reads(f"☑ {PHOTO[language]}", at=QUEUE)
    await bob.says("/check 1 -foto", at=QUEUE)  # by its name, with a slip: it is taken back
    await bob.reads(said_in(language, "checklist.of", ticket=1), f"☐ {PHOTO[language]}", at=QUEUE)
    await bob.says("/check 1 giraffe", at=QUEUE)
    await bob.reads(said_in(language, "refused.no_item", word="giraffe", known=[PRESSURE, PHOTO]), at=QUEUE)
    await ann.says("/status 1")
    await ann.presses(said_in(language, "button.withdraw"))
    await ann.catches_up()
    assert await desk.records(lambda tx: not tx.tickets.get(1).active)
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
    await ann.catches_up()


async def test_of_another_type_there_is_nothing_to_tick(desk: Desk, ann: Somebody, bob: Somebody):
    await inspected(desk, ann, bob, "en")
    await bob.presses("☑ Checklist 0/2", at=QUEUE)
    shown = await bob.reads("#1 ", "☐ Photo taken", at=QUEUE)
    ticks = dict(zip(shown.buttons, shown.names, strict=True))
    for _ in range(2):  # pressed twice, or by two agents at once: it is ticked once
        await bob.presses_name(ticks["☐ Photo taken"], shown)
        await bob.reads("#1 ", "☑ Photo taken", at=QUEUE)
    await bob.says("/retype 1 hardware", at=QUEUE)
    await bob.presses_name(ticks["☐ Photo taken"], shown)
    bob.sees_toast(said_in("en", "refused.expired"))
    await bob.says("/check 1", at=QUEUE)
    await bob.reads(said_in("en", "refused.no_checklist", ticket=1), at=QUEUE)
    await ann.catches_up()
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
