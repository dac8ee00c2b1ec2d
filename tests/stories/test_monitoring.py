"""Monitoring: what it says is broken is one card, however often it says so, until all is well."""

from typing import Any

import pytest

from bot.api import issuing
from bot.api.scopes import Scope
from storage.models import MessageKind
from tests.api.program import let_in
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.approving import at_home
from tests.stories.rules.ruled import account, applies, present, ruled

DISK = {
    "key": "disk:db1",
    "title": "Disk of db1 is full",
    "text": "97 % of /var",
    "url": "https://grafana.example.com/d/1",
}


def managed(*alerts: tuple[str, str], group: str = "{}:{alertname='Down'}", **envelope: Any) -> dict[str, Any]:
    """Return what Alertmanager sends of these alerts: an instance and a status each."""
    each = [
        {
            "status": status,
            "labels": {"alertname": "Down", "instance": instance, "severity": "critical"},
            "annotations": {"summary": f"{instance} is down"},
            "startsAt": "2026-03-02T09:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus:9090/graph",
            "fingerprint": f"f{instance}",
        }
        for instance, status in alerts
    ]
    firing = any(status == "firing" for _, status in alerts)
    return {
        "version": "4",
        "groupKey": group,
        "truncatedAlerts": 0,
        "status": "firing" if firing else "resolved",
        "receiver": "frontdesk",
        "groupLabels": {"alertname": "Down"},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager:9093",
        "alerts": each,
        **envelope,
    }


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_what_is_broken_is_a_request_until_all_is_well(desk: Desk, language: str):
    bob = desk.agent("Bob", language=language)
    await present(bob)
    await ruled(desk, desk={"team_language": language, "unclaimed_reminder": "9d"}, monitoring={"type": "hardware"})
    async with let_in(desk, "Zabbix", Scope.MONITORING) as zabbix:
        came = await zabbix.asks("POST", "/alerts", json={**DISK, "priority": "urgent"})
        assert came["items"] == [{"outcome": "opened", "ticket": 1}]
        card = await bob.sees("#1 ", "Disk of db1 is full", "Zabbix", at=QUEUE)
        await bob.presses(said_in(language, "button.claim"), on=card)
        await bob.catches_up(at=QUEUE)
        await bob.finds(1, "97 % of /var")
        await bob.catches_up(at=THREAD(1))
        for _ in range(50):
            came = await zabbix.asks("POST", "/alerts", json=DISK)
        assert came["items"] == [{"outcome": "joined", "ticket": 1}]
        await bob.sees_nothing(at=QUEUE)
        await desk.passes(minutes=2)
        await bob.sees(said_in(language, "alert.fired", n=50, firing=1), at=THREAD(1))
        await desk.passes(hours=5)
        await bob.sees_nothing(at=THREAD(1))
        await bob.catches_up(at=QUEUE)
        came = await zabbix.asks("POST", "/alerts", json={"key": "disk:db1", "status": "resolved"})
        assert came["items"] == [{"outcome": "resolved", "ticket": 1}]
        await bob.sees(said_in(language, "alert.well"), at=THREAD(1))
        await bob.catches_up(at=QUEUE)
        await desk.passes(minutes=30)
        came = await zabbix.asks("POST", "/alerts", json=DISK)
        assert came["items"] == [{"outcome": "reopened", "ticket": 1}]
        assert await desk.records(lambda tx: tx.tickets.get(1).active)
        await bob.reads("#1 ", said_in(language, "alert.line", n=1, firings=52), at=QUEUE)  # at once, on its card
        await zabbix.asks("POST", "/alerts", json={"key": "disk:db1", "status": "resolved"})
        await desk.passes(hours=2)
        came = await zabbix.asks("POST", "/alerts", json=DISK)
        assert came["items"] == [{"outcome": "opened", "ticket": 2}]
        assert await desk.records(lambda tx: tx.tickets.get(2).previous_id) == 1
        came = await zabbix.asks("POST", "/alerts", json={"key": "other", "status": "resolved"})
        assert came["items"] == [{"outcome": "nothing", "ticket": None}]
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)


async def test_alertmanager_tells_of_a_storm_and_it_is_one_card(desk: Desk, bob: Somebody):
    await present(bob)
    async with let_in(desk, "Alertmanager", Scope.MONITORING) as alertmanager:
        many = [(f"host{number}", "firing") for number in range(500)]
        body = managed(*many)
        came = await alertmanager.asks("POST", "/alerts/alertmanager", json=body)
        assert came["items"] == [{"outcome": "opened", "ticket": 1}]
        for _ in range(2):
            await alertmanager.asks("POST", "/alerts/alertmanager", json=body)
        await bob.sees("#1 ", "host0 is down", "500 alerts fire", at=QUEUE)
        await desk.passes(minutes=10)
        await bob.reads("#1 ", "fired 1500 in all", at=QUEUE)
        well = [(host, "resolved") for host, _ in many]
        came = await alertmanager.asks("POST", "/alerts/alertmanager", json=managed(*well[1:], ("host0", "firing")))
        assert came["items"] == [{"outcome": "joined", "ticket": 1}]
        came = await alertmanager.asks("POST", "/alerts/alertmanager", json=managed(well[0]))
        assert came["items"] == [{"outcome": "resolved", "ticket": 1}]
        assert (
            await desk.records(lambda tx: tx.tickets.recent(tx.tickets.get(1).requester_id, desk.clock.now()))
            is not None
        )
        assert await desk.records(lambda tx: tx.tickets.find(2)) is None
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)


async def test_the_rules_say_which_alerts_are_one_request(desk: Desk, bob: Somebody):
    await present(bob)
    await ruled(desk, monitoring={"group_by": ["cluster"]})
    async with let_in(desk, "Zabbix", Scope.MONITORING) as zabbix:

        async def fires(number: int, cluster: str, status: str = "firing") -> dict[str, Any]:
            sent = {"key": f"k{number}", "title": f"Node {number}", "labels": {"cluster": cluster}, "status": status}
            came: dict[str, Any] = (await zabbix.asks("POST", "/alerts", json=sent))["items"][0]
            return came

        assert (await fires(1, "kyiv"))["ticket"] == 1
        assert await fires(2, "kyiv") == {"outcome": "joined", "ticket": 1}
        assert (await fires(3, "lviv"))["ticket"] == 2
        assert (await fires(1, "kyiv", "resolved"))["outcome"] == "joined"
        assert (await fires(2, "kyiv", "resolved"))["outcome"] == "resolved"
    for at in (None, QUEUE, THREAD(1), THREAD(2)):
        await bob.catches_up(at=at)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_storm_of_groups_opens_a_few_requests_and_one_that_lists_the_rest(desk: Desk, language: str):
    bob = desk.agent("Bob", language=language)
    await present(bob)
    await ruled(
        desk, desk={"team_language": language, "unclaimed_reminder": "9d"}, monitoring={"group_by": ["instance"]}
    )
    hosts = [f"host{number}" for number in range(500)]
    firing = managed(*((host, "firing") for host in hosts))
    async with let_in(desk, "Alertmanager", Scope.MONITORING) as alertmanager:

        async def sends(body: dict[str, Any]) -> list[dict[str, Any]]:
            told: list[dict[str, Any]] = (await alertmanager.asks("POST", "/alerts/alertmanager", json=body))["items"]
            return told

        came = await sends(firing)
        assert [one["ticket"] for one in came] == [*range(1, 21), *([21] * 480)]
        await bob.reads(
            f"#{21} ",
            said_in(language, "alert.more", n=480),
            said_in(language, "alert.line", n=480, firings=480),
            at=QUEUE,
        )
        said = await desk.records(lambda tx: "\n".join(one.words["text"] for one in tx.talk.standing(21)))
        assert all(f"• {host} is down http" in said for host in hosts[20:])
        assert {one["outcome"] for one in await sends(firing)} == {"joined"}
        await desk.passes(minutes=2)
        notes = await desk.records(lambda tx: [one for one in tx.talk.standing(21) if one.kind == MessageKind.NOTE])
        assert len(notes) == 1  # one line, of however many groups
        came = await sends(managed(*((host, "resolved") for host in hosts[20:-1])))
        assert {(one["outcome"], one["ticket"]) for one in came} == {("joined", 21)}
        assert (await sends(managed((hosts[-1], "resolved"))))[0] == {"outcome": "resolved", "ticket": 21}
        assert (await sends(managed((hosts[30], "firing"))))[0] == {"outcome": "reopened", "ticket": 21}
        await bob.says("/resolve 21", at=QUEUE)  # by hand, without a question: a program waits for no answer
        await desk.settles()
        assert (await sends(managed((hosts[30], "resolved"))))[0]["outcome"] == "nothing"  # but it is well from now on
        assert (await sends(managed((hosts[31], "firing"))))[0] == {"outcome": "reopened", "ticket": 21}
        assert (await sends(managed((hosts[31], "resolved"))))[0] == {"outcome": "resolved", "ticket": 21}
    assert await desk.records(lambda tx: tx.tickets.find(22)) is None
    for at in (None, QUEUE, THREAD(21)):
        await bob.catches_up(at=at)


async def test_what_cannot_be_taken_is_said_to_the_program(desk: Desk, bob: Somebody):
    await present(bob)
    async with let_in(desk, "Zabbix", Scope.MONITORING) as zabbix:
        assert "title" in (await zabbix.asks("POST", "/alerts", 422, json={"key": "k"}))["detail"]
        assert "type" in (await zabbix.asks("POST", "/alerts", 422, json={**DISK, "type": "nothing"}))["detail"]
        await zabbix.asks("POST", "/alerts", 422, json={**DISK, "url": "javascript:alert(1)"})
        await zabbix.asks("POST", "/alerts/alertmanager", 422, json={**managed(("a", "firing")), "version": "5"})
        await zabbix.asks("POST", "/alerts/alertmanager", 422, json=managed(*[(str(n), "firing") for n in range(501)]))
    async with let_in(desk, "Shop", Scope.TICKETS_WRITE) as shop:
        assert (await shop.asks("POST", "/alerts", 403, json=DISK))["reason"] == "scope"
    assert await desk.records(lambda tx: tx.tickets.find(1)) is None


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_nothing_is_resolved_past_its_checklist_or_a_question_for_a_yes(desk: Desk, language: str):
    """What holds one of the team back holds monitoring back too; the team reads that it is well, and resolves it itself."""
    bob, eve = desk.agent("Bob", language=language), desk.agent("Eve", language=language)
    await present(bob, eve)
    await at_home(bob, eve)
    kinds = (await desk.records(lambda tx: tx.rules.newest())).data["types"]  # type: ignore[union-attr]
    item = {"name": "cause", "kind": "check", "label": "Cause written down"}
    hardware = {**kinds["hardware"], "fields": [*kinds["hardware"]["fields"], item]}
    general = {"team_language": language, "unclaimed_reminder": "9d"}
    await ruled(desk, desk=general, types={**kinds, "hardware": hardware}, monitoring={"type": "hardware"})
    async with let_in(desk, "Zabbix", Scope.MONITORING) as zabbix:

        async def says(status: str, **alert: str) -> list[dict[str, Any]]:
            told: list[dict[str, Any]] = (await zabbix.asks("POST", "/alerts", json={**alert, "status": status}))[
                "items"
            ]
            return told

        await says("firing", **DISK)
        await bob.says("/claim 1", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        assert await says("resolved", key="disk:db1") == [{"outcome": "joined", "ticket": 1}]
        await bob.sees(said_in(language, "alert.well_by_hand"), at=THREAD(1))
        await bob.says("/check 1 cause written down", at=QUEUE)
        await says("firing", **DISK)
        await bob.says("/approval 1 Eve a new disk costs 900", at=QUEUE)
        question = await eve.reads("a new disk costs 900")
        await bob.catches_up(at=THREAD(1))
        assert await says("resolved", key="disk:db1") == [{"outcome": "joined", "ticket": 1}]
        await bob.sees(said_in(language, "alert.well_by_hand"), at=THREAD(1))
        await eve.presses(said_in(language, "button.approve"), on=question)
        await says("firing", **DISK)
        assert await says("resolved", key="disk:db1") == [{"outcome": "resolved", "ticket": 1}]
    for somebody in (bob, eve):
        for at in (None, QUEUE, THREAD(1)):
            await somebody.catches_up(at=at)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_persons_request_is_the_teams_whatever_was_merged_into_it(desk: Desk, language: str):
    """Monitoring says a line in its thread, signed by itself, and neither resolves it nor takes it up again."""
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await present(bob)
    general = {"team_language": language, "unclaimed_reminder": "9d"}
    await ruled(desk, desk=general, roles={"seniors": [account(bob)]})
    await asked(ann, "The shop is down")
    await claimed(bob, ann, language=language)
    async with let_in(desk, "Zabbix", Scope.MONITORING) as zabbix:

        async def says(status: str) -> dict[str, Any]:
            told: dict[str, Any] = (await zabbix.asks("POST", "/alerts", json={**DISK, "status": status}))["items"][0]
            return told

        await says("firing")
        await bob.says("/merge 2 1", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        await applies(bob, at=QUEUE)
        await ann.catches_up()
        assert await says("resolved") == {"outcome": "joined", "ticket": 1}
        await bob.reads(said_in(language, "alert.well"), at=THREAD(1))
        assert await says("firing") == {"outcome": "joined", "ticket": 1}
        await desk.passes(minutes=2)
        await bob.reads(said_in(language, "alert.fired", n=1, firing=1), at=THREAD(1))
        notes = await desk.records(lambda tx: [who for one, who in tx.talk.of(1) if one.kind is MessageKind.NOTE])
        assert notes == ["Zabbix", "Zabbix"]
        await ann.sees_nothing()
        await bob.says("/r 1 The shop is up again", at=QUEUE)
        await bob.says("/close 1", at=QUEUE)
        await ann.reads("The shop is up again")
        await ann.catches_up()
        assert await says("firing") == {"outcome": "opened", "ticket": 3}
        await ann.sees_nothing()
    for at in (None, QUEUE, THREAD(1), THREAD(2), THREAD(3)):
        await bob.catches_up(at=at)


async def test_what_fires_keeps_its_request_when_the_rules_or_the_token_change(desk: Desk, bob: Somebody):
    await present(bob)
    fires = {**DISK, "labels": {"cluster": "kyiv"}}
    well = {**fires, "status": "resolved"}
    async with let_in(desk, "Zabbix", Scope.MONITORING) as zabbix:
        await zabbix.asks("POST", "/alerts", json=fires)
        await ruled(desk, monitoring={"group_by": ["cluster"]})
        new = await zabbix.asks("POST", "/alerts", json={**fires, "key": "disk:db2", "title": "Disk of db2 is full"})
        assert new["items"] == [{"outcome": "opened", "ticket": 2}]
        again = await zabbix.asks("POST", "/alerts", json=fires)
        assert again["items"] == [{"outcome": "joined", "ticket": 1}]
        assert (await zabbix.asks("POST", "/alerts", json=well))["items"] == [{"outcome": "resolved", "ticket": 1}]
    async with let_in(desk, "Prometheus", Scope.MONITORING) as prometheus:  # its keys are its own
        other = await prometheus.asks("POST", "/alerts", json={**well, "key": "disk:db2"})
        assert other["items"] == [{"outcome": "nothing", "ticket": None}]
    await issuing.drop_token(desk._url, "Zabbix", desk.clock.now())
    async with let_in(desk, "Zabbix", Scope.MONITORING) as zabbix:
        over = await zabbix.asks("POST", "/alerts", json={**well, "key": "disk:db2"})
        assert over["items"] == [{"outcome": "resolved", "ticket": 2}]
    assert len(await desk.records(lambda tx: tx.people.named("Zabbix"))) == 1
    for at in (None, QUEUE, THREAD(1), THREAD(2)):
        await bob.catches_up(at=at)
