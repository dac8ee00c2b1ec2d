"""A weekly word to those who look after the answers: what misleads, what is missing, what nobody has looked at for long."""

from datetime import timedelta

import pytest

from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.stories.answers import admin, article
from tests.stories.harness import QUEUE, Desk, Somebody, said_in

WIFI, VPN, DOOR = "How do I connect to the office Wi-Fi?", "VPN does not connect", "How does the door open?"
CANTEEN = "where is the canteen"


async def asked_before(desk: Desk, who: Somebody, question: str, shown: int | None, outcome: str | None) -> None:
    """Somebody has asked a question some days ago, was shown an article or none, and something came of it."""

    def work(tx: Transaction) -> None:
        source = desk.stage.source(who.native)
        person = tx.people.find(source, str(who.native.id))
        assert person is not None
        kept = tx.records.verdict(
            person=person.id,
            question=question,
            said={"words": {"text": question, "spans": []}, "files": []},
            language="en",
            verdict_="unknown" if shown is None else "sure",
            candidates=[] if shown is None else [[shown, 1.0, question]],
            at=MONDAY - timedelta(days=3),
        )
        if shown is not None:
            tx.records.tried(kept, shown)
        if outcome is not None:
            tx.records.conclude(kept, outcome)

    await desk.records(work)


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_what_is_worth_a_look_is_told_when_asked_and_on_mondays(desk: Desk, bob: Somebody, language: str):
    boss = await admin(desk, language=language)
    for each in (bob, ann := desk.requester("Ann"), ben := desk.requester("Ben")):
        await each.starts()
        await each.catches_up()
    nothing = said_in(language, "review.none")
    await boss.says("/faq review")
    await boss.sees(nothing)
    old = MONDAY - timedelta(days=200)
    wifi, vpn, _ = [await article(desk, question, at=old) for question in (WIFI, VPN, DOOR)]
    await desk.records(lambda tx: tx.articles.change(wifi.id, "edit", by=None, at=MONDAY))
    for each in (ann, ben):
        await asked_before(desk, each, WIFI, wifi.id, "handoff")
        await asked_before(desk, each, CANTEEN, None, None)
    await asked_before(desk, ann, WIFI, wifi.id, "helped")
    await asked_before(desk, ann, VPN, vpn.id, "handoff")  # one person's trouble is no pattern
    await asked_before(desk, ben, VPN, vpn.id, "helped")

    await boss.says("/faq review")
    misled = said_in(language, "review.misled", article=wifi.id, question=WIFI, failed=2, shown=3)
    right = said_in(language, "review.right", article=vpn.id)
    told = await boss.sees(misled, f"1. ×2 {CANTEEN}", f"#{vpn.id} {VPN}")
    assert DOOR not in told.text  # nobody reads it
    assert list(told.buttons[1:]) == [said_in(language, "gaps.write", number=1), f"#{vpn.id} {VPN}", right]
    await boss.presses(right)
    boss.sees_toast(said_in(language, "review.checked", article=vpn.id))
    told = await boss.sees(misled)
    assert VPN not in told.text

    await desk.passes(days=7)
    await boss.sees(misled, said_in(language, "review.weekly"))
    await bob.catches_up(at=QUEUE)
    await boss.says("/notify")
    await boss.presses(said_in(language, "notify.on", event=said_in(language, "event.review")))
    await boss.sees()
    await desk.passes(days=7)
    await bob.catches_up(at=QUEUE)
    await bob.says("/faq review")
    assert WIFI not in (await bob.sees()).text
