"""Other programs hear what happens: signed, in order, once each by its id, and nobody waits for one that does not answer."""

import re
from datetime import datetime

import pytest

from storage.desk.webhooks import SOURCE
from storage.queues import undelivered
from tests.api.program import let_in
from tests.receiver import Receiver
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, asked_to_be_erased, claimed
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import admin, applies, ruled


@pytest.fixture
def house() -> House:
    """A desk whose operator lets it call this machine."""
    return House(settings={"private_hosts": ("127.0.0.1",)})


async def told_the_secret(bob: Somebody, erp: Receiver) -> None:
    """Bob looks at the webhook's secret, which is shown once, and gives it to the program."""
    await bob.says("/webhooks")
    shown = await bob.sees(said_in(bob.language, "webhook.title"), "erp → ")
    await bob.presses(said_in(bob.language, "webhook.show_secret", name="erp"), on=shown)
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", (await bob.sees("whsec_")).text)
    assert found is not None
    erp.knows(found[0])
    await bob.presses(said_in(bob.language, "webhook.show_secret", name="erp"), on=shown)
    bob.sees_toast(said_in(bob.language, "refused.secret_shown", name="erp"))


async def hooked(desk: Desk, bob: Somebody, erp: Receiver, **more: object) -> None:
    """The rules have a webhook, and the program knows its secret."""
    await admin(desk, bob)
    await ruled(desk, webhooks={"erp": {"url": erp.url, **more}})
    await told_the_secret(bob, erp)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_an_admin_adds_a_webhook_and_the_program_hears_of_a_request(desk: Desk, erp: Receiver, language: str):
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await admin(desk, bob)
    await bob.says("/webhooks")
    await bob.sees(said_in(language, "webhook.none"))
    await bob.presses(said_in(language, "webhook.add"))
    await bob.fills(
        name="erp",
        address=erp.url,
        events="ticket.opened, ticket.replied, ticket.resolved",
        of_type=SKIP,
        reads_words=SKIP,
    )
    await bob.sees(said_in(language, "rules.would_change", name="erp"), erp.url)
    await applies(bob)
    await bob.catches_up()
    await told_the_secret(bob, erp)
    await bob.presses(said_in(language, "webhook.test", name="erp"))
    await bob.sees(said_in(language, "webhook.testing", name="erp"))
    await bob.sees("✅ erp")
    assert erp.events == ["ping"]
    await asked(ann)
    await claimed(bob, ann, language=desk.house.team_language)
    await bob.says("/r We will refund you", at=THREAD(1))
    await ann.sees("We will refund you")
    await bob.says("It takes two days", at=THREAD(1))  # a note, and then not
    await bob.presses(said_in(language, "note.send", name="Ann"), at=THREAD(1))
    await ann.sees("It takes two days")
    assert erp.events == ["ping", "ticket.opened", "ticket.replied", "ticket.replied"]
    opened, replied, _ = (said["data"] for said in erp.taken[1:])
    assert (opened["by"], opened["ticket"]["number"], opened["ticket"]["type"]) == ("requester", 1, "billing")
    assert (replied["by"], replied["ticket"]["status"]) == ("agent", "open")
    assert "refund" not in str(erp.taken)
    assert "charged" not in str(erp.taken)
    assert "Ann" not in str(erp.taken)
    await desk.passes(minutes=11)
    assert "whsec_" not in str(await desk.look(waiting_payloads))
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
    await ann.catches_up()


def waiting_payloads(connection) -> list[str]:
    """Return everything that was promised, and is kept still."""
    return [row[0] for row in connection.exec_driver_sql("SELECT payload FROM outgoing").all()]


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_who_does_not_answer_is_told_later_in_order_and_holds_up_nobody(desk: Desk, erp: Receiver, language: str):
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await hooked(desk, bob, erp)
    erp.status = 503
    await asked(ann)
    await claimed(bob, ann)
    await ann.says("It was on Monday")
    await bob.sees("It was on Monday", at=THREAD(1))
    await desk.passes(minutes=3)
    await bob.sees(said_in(language, "alarm.webhook_silent", name="erp", why="status 503"))
    assert erp.taken == []
    assert {said["type"] for _, said in erp.calls} == {"ticket.opened"}
    assert len({number for number, _ in erp.calls}) == 1  # tried again with the same id
    await bob.says("/webhooks")
    await bob.sees("erp → ", "status 503")
    await desk.restarts()
    erp.status = 200
    await desk.passes(minutes=6)
    assert erp.events == ["ticket.opened", "ticket.assigned", "ticket.moved", "ticket.message"]
    assert erp.verdicts.count("new") - erp.verdicts.count("again") >= 4
    assert "refused" not in erp.verdicts
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
    await ann.catches_up()


async def test_what_it_refuses_is_put_aside_and_the_rest_goes_on(
    desk: Desk, erp: Receiver, ann: Somebody, bob: Somebody
):
    await hooked(desk, bob, erp, events=["ticket.opened"])
    erp.status = 422
    await asked(ann)
    erp.status = 200
    await asked(ann, "And my chair", ticket=2)
    assert [said["data"]["ticket"]["number"] for said in erp.taken] == [2]
    [letter] = await desk.look(undelivered.all_undelivered)
    assert (letter.lane, letter.error) == (f"{SOURCE}:erp", "refused: status 422")
    await bob.sees(said_in("en", "alarm.webhook_refused", name="erp", why="status 422"))
    await desk.look(lambda connection: undelivered.retry_undelivered(connection, [letter.id], desk.clock.now()))
    desk.app.outbox.bell.set()
    await desk.settles()
    assert [said["data"]["ticket"]["number"] for said in erp.taken] == [2, 1]
    for at in (None, QUEUE):
        await bob.catches_up(at=at)


async def test_after_a_day_of_silence_it_is_a_dead_letter_and_what_is_newer_waits_on(
    desk: Desk, erp: Receiver, ann: Somebody, bob: Somebody
):
    await hooked(desk, bob, erp, events=["ticket.opened"])
    erp.status = 500
    await asked(ann)
    await desk.passes(hours=20)
    await asked(ann, "And my chair", ticket=2)
    await desk.passes(hours=5)
    [letter] = await desk.look(undelivered.all_undelivered)
    assert letter.error == "unreachable: status 500"
    desk.lost_letters = 1
    await bob.sees(said_in("en", "alarm.webhook_silent", name="erp", why="status 500"))
    await bob.sees(said_in("en", "alarm.webhook_dead", name="erp", why="status 500"))
    erp.status = 200
    await desk.passes(minutes=6)
    assert [said["data"]["ticket"]["number"] for said in erp.taken] == [2]
    for at in (None, QUEUE):
        await bob.catches_up(at=at)
    await ann.catches_up()


async def test_who_asks_for_a_pause_for_ever_is_given_up_after_a_day_too(
    desk: Desk, erp: Receiver, ann: Somebody, bob: Somebody
):
    await hooked(desk, bob, erp, events=["ticket.opened"])
    erp.status, erp.headers = 429, {"Retry-After": "3600"}
    await asked(ann)
    await desk.passes(hours=25)
    assert len(erp.calls) < 30
    [letter] = await desk.look(undelivered.all_undelivered)
    assert letter.error == "unreachable: status 429"
    desk.lost_letters = 1
    await bob.reads(said_in("en", "alarm.webhook_dead", name="erp", why="status 429"))
    for at in (None, QUEUE):
        await bob.catches_up(at=at)
    await ann.catches_up()


async def test_words_are_sent_only_where_they_are_read_and_never_once_erased(
    desk: Desk, erp: Receiver, ann: Somebody, bob: Somebody
):
    await hooked(desk, bob, erp, words=True)
    await asked(ann)
    assert erp.taken[0]["data"]["summary"] == "My card was charged twice"
    assert erp.taken[0]["data"]["requester"] == "Ann"
    await asked_to_be_erased(ann)
    await ann.catches_up()
    await desk.passes(hours=23)
    erp.status = 503
    await ann.says("The number of it is 4444-1111")
    await bob.catches_up(at=QUEUE)
    assert "4444-1111" in str(erp.calls[-1])
    assert "4444-1111" not in str([said for said in await desk.look(waiting_payloads) if "ticket.message" in said])
    await desk.passes(hours=2)
    erp.status, begun = 200, len(erp.calls)
    await desk.passes(minutes=10)
    assert len(erp.calls) > begun
    for word in ("4444-1111", "charged", "Ann"):
        assert word not in str(erp.calls[begun:])
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
    await ann.catches_up()


async def test_a_missed_target_is_told_once(desk: Desk, erp: Receiver, ann: Somebody, bob: Somebody):
    await admin(desk, bob)
    await ruled(
        desk,
        desk={"unclaimed_reminder": "9d"},
        sla={"standard": {"first_response": "1h"}},
        webhooks={"erp": {"url": erp.url, "events": ["ticket.breached"]}},
    )
    await told_the_secret(bob, erp)
    await asked(ann)
    await desk.passes(minutes=59)
    assert erp.events == []
    await desk.passes(minutes=2)
    await desk.restarts()
    await desk.passes(days=1)
    assert erp.events == ["ticket.breached"]
    data = erp.taken[0]["data"]
    assert (data["by"], data["target"], data["ticket"]["number"]) == ("desk", "first_response", 1)
    assert data["due"] == data["ticket"]["first_response_due"]
    async with let_in(desk) as shop:  # the feed has it too, once, behind what came before
        told = [one for one in (await shop.asks("GET", "/events"))["items"] if one["ticket"] == 1]
    assert [one["action"] for one in told] == ["register", "breach"]
    assert (told[1]["by"], told[1]["facts"]["target"]) == (None, "first_response")
    assert datetime.fromisoformat(told[1]["facts"]["due"]) == datetime.fromisoformat(data["due"])
    assert (told[1]["was"], told[1]["now"]) == ("new", "new")
    for at in (None, QUEUE):
        await bob.catches_up(at=at)
    await ann.catches_up()


async def test_an_address_of_the_own_network_is_not_called_unless_a_setting_names_it(
    desk: Desk, erp: Receiver, ann: Somebody, bob: Somebody
):
    elsewhere = erp.url.replace("127.0.0.1", "localhost")
    await admin(desk, bob)
    await ruled(desk, webhooks={"erp": {"url": elsewhere, "events": ["ticket.opened"]}})
    await bob.says("/webhooks")
    await bob.catches_up()
    await bob.presses(said_in("en", "webhook.test", name="erp"))
    await bob.sees(said_in("en", "webhook.testing", name="erp"))
    await bob.sees("PRIVATE_HOSTS")
    await asked(ann)
    assert erp.calls == []
    await ruled(desk, webhooks={})  # what waited for it waits no more
    await desk.passes(hours=1)
    assert await desk.records(lambda tx: tx.webhooks.state("erp").waiting) == 0
    for at in (None, QUEUE):
        await bob.catches_up(at=at)


async def test_a_merge_its_undo_and_a_rating_from_0_to_10_are_told_as_what_they_are(
    desk: Desk, erp: Receiver, ann: Somebody, bob: Somebody
):
    zoe = desk.requester("Zoe")
    await admin(desk, bob)
    await ruled(desk, webhooks={"erp": {"url": erp.url}}, surveys={"after": "1d", "scale": "nps"})
    erp.knows((await desk.records(lambda tx: tx.webhooks.signs_with("erp", desk.clock.now())))[0])
    await asked(ann, "The Wi-Fi is down")
    await asked(zoe, "No internet", ticket=2)
    await bob.says("/claim 2", at=QUEUE)
    await desk.settles()

    def told_of(ticket: int, since: int) -> list[tuple[str, str, int | None]]:
        """Return what the program heard of a request: the event, its kind of status, and into which it was merged."""
        heard = [(said["type"], said["data"]["ticket"]) for said in erp.taken[since:]]
        return [(event, one["kind"], one["merged_into"]) for event, one in heard if one["number"] == ticket]

    before = len(erp.taken)
    await bob.says("/merge 2 1", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await applies(bob, at=QUEUE)
    await desk.settles()
    assert told_of(2, before) == [("ticket.merged", "closed", 1)]
    before = len(erp.taken)
    await bob.presses(said_in("en", "button.undo"), at=QUEUE)
    await desk.settles()
    assert told_of(2, before) == [("ticket.merged", "closed", None), ("ticket.reopened", "open", None)]
    await bob.says("/close 1", at=QUEUE)
    await ann.catches_up()
    await desk.passes(days=1, hours=1)
    await ann.presses("9", on=await ann.sees("would you recommend us"))
    await desk.settles()
    rated = erp.taken[-1]
    assert (rated["type"], rated["data"]["score"], rated["data"]["ticket"]["rating"]) == ("ticket.rated", 9, None)
    for somebody in (ann, zoe, bob):
        await somebody.catches_up()
    for at in (QUEUE, THREAD(1), THREAD(2)):
        await bob.catches_up(at=at)
