"""The kind of a request's type: on its card, in filters, in the order of the queue, in a report and a file."""

import pytest

from tests.stories.harness import QUEUE, Desk, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.rules.ruled import present, ruled

TITLES = {"en": ("Access", "Hardware"), "uk": ("Доступ", "Обладнання")}
KINDS = {"en": ("service request", "incident"), "uk": ("запит на послугу", "інцидент")}
INCIDENTS = {
    "en": ("incidents", "kind:incident", "by kind"),
    "uk": ("інциденти", "категорія:інцидент", "за категорією"),
}


async def filed(desk: Desk, ann: Somebody, bob: Somebody, language: str) -> None:
    """Three requests: access, then something broken, then another question."""
    await present(bob)
    await ruled(desk, desk={"team_language": language, "unclaimed_reminder": "9d"})
    access, hardware = TITLES[language]
    await asked(ann, "The door card", ticket=1)
    await asked(ann, "The lamp smokes", ticket=2)
    await asked(ann, "A new key", ticket=3)
    for number, title in ((1, access), (2, hardware), (3, access)):
        await bob.catches_up(at=QUEUE)
        await bob.says(f"/retype {number} {title}", at=QUEUE)
    await bob.catches_up(at=QUEUE)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_incidents_come_first_among_what_is_as_urgent(desk: Desk, language: str):
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await filed(desk, ann, bob, language)
    service, incident = KINDS[language]
    await bob.says("/card 2", at=QUEUE)
    await bob.sees(f"#2 {TITLES[language][1]} · {incident}", at=QUEUE)
    await bob.says("/queue", at=QUEUE)
    shown = await bob.sees(at=QUEUE)
    assert [label.split("#")[1][0] for label in shown.buttons[:3]] == ["2", "1", "3"]
    bare, named, grouped = INCIDENTS[language]
    for words in (bare, named):
        await bob.says(f"/queue {words}", at=QUEUE)
        shown = await bob.sees(at=QUEUE)
        assert "#2" in shown.buttons[0]
        assert not any("#1" in label for label in shown.buttons)
    await bob.says(f"/queue -{named}", at=QUEUE)
    shown = await bob.sees(at=QUEUE)
    assert not any("#2" in label for label in shown.buttons)
    await bob.says(f"/queue {grouped}", at=QUEUE)
    await bob.sees(f"{incident} 1 · {service} 2", at=QUEUE)
    await bob.says("/priority 1 urgent", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue", at=QUEUE)
    shown = await bob.sees(at=QUEUE)
    assert "#1" in shown.buttons[0]  # what is more urgent comes before any incident
    await bob.says("/queue kind:incedent", at=QUEUE)
    await bob.sees(said_in(language, "refused.filter_meant", word="incedent", meant="incident"), at=QUEUE)
    await ann.catches_up()


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_report_and_a_file_know_it(desk: Desk, language: str):
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await filed(desk, ann, bob, language)
    _, incident = KINDS[language]
    kinds, today, text = {"en": ("kinds", "today", "Text"), "uk": ("категорії", "сьогодні", "Текстом")}[language]
    await bob.says(f"/report {kinds} {today}", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.presses(text, at=QUEUE)
    what = said_in(language, "request_kind.information")  # what they were when they came
    await bob.sees(f"{said_in(language, 'report_table.kind')}\n• {what}: ", at=QUEUE)
    await bob.says("/export csv kind:incident show number kind", at=QUEUE)
    sent = await bob.sees(kind="document", at=QUEUE)
    _, data = desk.stage.content(bob.native, sent)
    assert data.decode("utf-8-sig").splitlines()[1:] == [f"2,{incident}"]
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
