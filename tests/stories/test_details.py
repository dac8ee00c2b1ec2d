"""The team fills in what only it can know of a request, and puts right what its requester has mistyped; the thread says so."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import claimed
from tests.stories.rules.ruled import present, ruled
from tests.stories.slips import ann, bob, eve, house, language

__all__ = ["ann", "bob", "eve", "house", "language"]

CAUSE = {"en": "Cause of the fault", "uk": "Причина несправності"}
CABLE = {"en": "Cut cable", "uk": "Обірваний кабель"}
LINE = {"en": "Line", "uk": "Лінія"}
BILLING = {"en": "Billing question", "uk": "Питання щодо оплати"}
CONTRACT = {"en": "Contract number", "uk": "Номер договору"}
FIELDS: list[Mapping[str, Any]] = [
    {
        "name": "cause",
        "kind": "choice",
        "label": CAUSE,
        "choices": {"cable": CABLE, "power": {"en": "No power", "uk": "Немає світла"}},
        "by": "agent",
        "required": False,
    },
    {"name": "line", "label": LINE, "by": "agent", "required": False},
]


@pytest.fixture
async def talked(desk: Desk, ann: Somebody, bob: Somebody, language: str) -> None:
    """Ann has a request with a contract number, Bob is on it, and the team answers two questions of its own."""
    await present(bob)
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    kinds = newest.data["types"]
    billing = {**kinds["billing"], "fields": [*kinds["billing"]["fields"], *FIELDS]}
    await ruled(desk, types={**kinds, "billing": billing})
    await ann.says("/new")
    await ann.fills(type=BILLING[language], details="Charged twice", contract="AB-12345")
    await ann.sees(said_in(language, "request.registered", ticket=1))
    await claimed(bob, ann, language=language)
    await bob.starts()
    await bob.catches_up()


async def changes(bob: Somebody, **answers: tuple[str, str]) -> None:
    """Bob gives some details anew, each by its name with label and answer: in a window, or one after another."""
    if bob.desk.stage.window(bob.native) is not None:
        given: dict[str, Any] = {name: answer for name, (_, answer) in answers.items()}
        await bob.fills(**given)
        return
    for label, answer in answers.values():
        await bob.presses(said_in(bob.language, "form.change", field=label), on=await bob.sees())
        card = await bob.sees()
        await (bob.presses(answer, on=card) if answer in card.buttons else bob.says(answer))
    await bob.presses(said_in(bob.language, "form.submit"), on=await bob.sees())
    await bob.catches_up()


@pytest.mark.usefixtures("talked")
async def test_what_only_the_team_answers_stands_on_the_card_and_is_nobody_elses(
    desk: Desk, ann: Somebody, bob: Somebody, language: str
):
    assert said_in(language, "button.details") in await bob.unfolds(at=QUEUE)
    await bob.presses(said_in(language, "button.details"), at=QUEUE)
    await desk.settles()
    await changes(bob, cause=(CAUSE[language], CABLE[language]), line=(LINE[language], "7-14"))
    made = said_in(language, "correction.made", name="Bob", field=CAUSE[language], was="—", now=CABLE[language])
    await bob.reads(made, at=THREAD(1))
    await bob.reads("#1 ", f"{CAUSE[language]}: {CABLE[language]}", f"{LINE[language]}: 7-14", at=QUEUE)
    await ann.sees_nothing()
    await ann.says("/status 1")
    told = await ann.sees("#1", "AB-12345")
    assert CABLE[language] not in told.text
    assert "7-14" not in told.text
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)


@pytest.mark.usefixtures("talked")
async def test_what_was_mistyped_is_put_right(desk: Desk, ann: Somebody, bob: Somebody, language: str):
    await bob.says("/details 1")
    await desk.settles()
    await changes(bob, contract=(CONTRACT[language], "AB-12354"))
    made = said_in(language, "correction.made", name="Bob", field=CONTRACT[language], was="AB-12345", now="AB-12354")
    await bob.reads(made, at=THREAD(1))
    await ann.says("/status 1")
    await ann.sees("AB-12354")
    words = await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1)])
    assert words == ["Charged twice"]  # nobody's own words are changed
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
    await ann.catches_up()


@pytest.mark.usefixtures("talked")
async def test_of_another_type_it_is_said_what_nobody_has_asked(
    desk: Desk, ann: Somebody, bob: Somebody, language: str
):
    hardware, device = {"en": ("Hardware", "Which device?"), "uk": ("Обладнання", "Який пристрій?")}[language]
    printer = {"en": "Printer", "uk": "Принтер"}[language]
    await bob.catches_up(at=QUEUE)
    await bob.says(f"/retype 1 {hardware.lower()}", at=QUEUE)
    await bob.reads(device, at=QUEUE)
    await bob.presses(said_in(language, "button.details"), at=QUEUE)
    await desk.settles()
    if desk.stage.window(bob.native) is not None:
        await bob.fills(device=printer)
    else:
        await bob.presses(printer, on=await bob.sees(device))
        await bob.presses(said_in(language, "form.submit"), on=await bob.sees(said_in(language, "form.review")))
        await bob.catches_up()
    await bob.reads("#1 ", hardware, f"{device.rstrip('?')}: {printer}", at=QUEUE)
    await ann.sees_nothing()
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
