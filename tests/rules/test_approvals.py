"""Whose yes a workflow asks for: what docs/approvals.md shows is taken as it stands, and each mistake is told at its place."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.rules.node import Node
from handlers.rules.workflows import read_workflows
from storage.lifecycle import Action, StatusKind, Workflow

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "approvals.md").read_text("utf-8")
SAMPLE = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE, re.S)[0])
ORDER = SAMPLE["workflows"]["order"]


def read(**changed: Any) -> list[str]:
    """Return what is wrong with the order's approvals once they are changed so."""
    rule = {**ORDER["approvals"]["approved"], **changed}
    document = {"workflows": {"order": {**ORDER, "approvals": {"approved": rule}}}}
    return told(document)


def told(document: Any) -> list[str]:
    _, problems = read_document(document, Rules())
    return [f"{problem.place.removeprefix('workflows.order.')} {problem.said.key}" for problem in problems]


def test_the_page_shows_rules_that_are_taken_as_they_stand():
    rules, problems = read_document(SAMPLE, Rules())
    assert not problems
    workflow = Workflow.of(rules.workflows["order"])
    assert workflow.approvals["approved"]["remind"] == 4 * 3600
    assert [round_["need"] for round_ in workflow.approvals["approved"]["rounds"]] == ["any", "majority"]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"rounds": []}, "approvals.approved.rounds rules.wrong.missing"),
        ({"rounds": [{"ask": ["company"]}] * 6}, "approvals.approved.rounds rules.wrong.bounds"),
        ({"rounds": [{"need": "any"}]}, "approvals.approved.rounds[0].ask rules.wrong.missing"),
        ({"rounds": [{"ask": ["role:boss"]}]}, "approvals.approved.rounds[0].ask[0] rules.wrong.none_of"),
        ({"rounds": [{"ask": ["group:net"]}]}, "approvals.approved.rounds[0].ask[0] rules.wrong.nothing_named"),
        ({"rounds": [{"ask": ["the boss"]}]}, "approvals.approved.rounds[0].ask[0] rules.wrong.approver"),
        ({"rounds": [{"ask": ["company"], "need": "al"}]}, "approvals.approved.rounds[0].need rules.wrong.meant"),
        ({"waiting": "declined"}, "approvals.approved.waiting rules.wrong.leads"),
        ({"declined": "delivered"}, "approvals.approved.declined rules.wrong.leads"),
        ({"declined": "approved"}, "approvals.approved.declined rules.wrong.leads"),
        ({"remind": "soon"}, "approvals.approved.remind rules.wrong.duration"),
        ({"hours": "office"}, "approvals.approved.hours rules.wrong.nothing_named"),
        ({"tell": ["all"]}, "approvals.approved.tell[0] rules.wrong.none_of"),
        ({"own": "perhaps"}, "approvals.approved.own rules.wrong.yes"),
    ],
)
def test_a_mistake_is_told_at_its_place(changed: dict[str, Any], wrong: str):
    assert read(**changed) == [wrong]


def test_a_yes_leads_to_a_status_in_which_work_goes_on_and_to_which_a_move_leads():
    rule = {"rounds": [{"ask": ["company"]}]}
    for status in ("requested", "delivered", "declined"):
        document = {"workflows": {"order": {**ORDER, "approvals": {status: rule}}}}
        assert f"approvals.{status} rules.wrong.approval_status" in told(document)
    moves = {**ORDER["moves"], "requested": {"claim": "approved", "close": "declined"}}
    assert "approvals.approved rules.wrong.approval_move" in told({"workflows": {"order": {**ORDER, "moves": moves}}})


def test_who_asked_may_withdraw_what_waits_for_a_yes_though_no_move_says_so():
    rules, _ = read_document(SAMPLE, Rules())
    workflow = Workflow.of(rules.workflows["order"])
    assert "waiting" not in ORDER["moves"]
    assert workflow.next("waiting", Action.CLOSE) == "declined"
    written = {**ORDER, "moves": {**ORDER["moves"], "waiting": {"close": "cancelled"}}}
    written["statuses"] = {**ORDER["statuses"], "cancelled": "closed"}
    rules, problems = read_document({"workflows": {"order": written}}, Rules())
    assert not problems
    assert Workflow.of(rules.workflows["order"]).next("waiting", Action.CLOSE) == "cancelled"


def test_another_type_goes_on_short_of_what_needs_a_yes():
    workflow = Workflow.of(read_workflows(Node(SAMPLE["workflows"]))["order"])
    assert "approved" not in workflow.free()
    assert workflow.taken_over("approved", StatusKind.OPEN) == "requested"
    assert workflow.short_of("approved") == "requested"
    assert workflow.taken_over("waiting", StatusKind.ON_HOLD) == "waiting"
