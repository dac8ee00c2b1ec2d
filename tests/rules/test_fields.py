"""Who answers a field of a request type: whoever asks for help, or the team."""

from typing import Any

from handlers.rules.node import Node
from handlers.rules.types import read_request_types

LINE = {"name": "line", "label": "Line", "kind": "choice", "choices": {"a": "A", "b": "B"}, "by": "agent"}


def read(*fields: dict[str, Any]) -> tuple[list[Any], list[str]]:
    """Return the fields of a type as they are read, and what is wrong with them."""
    node = Node({"fault": {"title": "Fault", "fields": list(fields)}})
    found = read_request_types(node)["fault"].fields
    return list(found), [f"{problem.place} {problem.said.key}" for problem in node.problems]


def test_the_team_may_answer_what_hangs_on_its_requesters_answer():
    where = {"name": "where", "label": "Where?", "kind": "choice", "choices": {"home": "Home", "work": "Work"}}
    found, wrong = read(where, {**LINE, "when": {"where": "home"}})
    assert not wrong
    assert [field.get("by", "") for field in found] == ["", "agent"]


def test_nobody_who_asks_for_help_waits_for_what_the_team_answers():
    _, wrong = read(
        {"name": "words", "label": "What happened?"}, LINE, {"name": "more", "label": "More", "when": {"line": "a"}}
    )
    assert wrong == ["fault.fields[2].when.line rules.wrong.not_asked_before"]


def test_a_type_asks_whoever_files_it_something():
    assert read(LINE)[1] == ["fault.fields rules.wrong.no_fields"]


def test_who_answers_is_one_of_two():
    assert read({"name": "words", "label": "?"}, {**LINE, "by": "agnt"})[1] == ["fault.fields[1].by rules.wrong.meant"]


def test_a_checklist_is_the_teams_whether_it_is_said_or_not():
    item = {"name": "tested", "label": "Tested", "kind": "check"}
    found, wrong = read({"name": "words", "label": "?"}, item, {**item, "name": "told", "by": "agent"})
    assert not wrong
    assert [field.get("by", "") for field in found] == ["", "agent", "agent"]
    _, wrong = read({"name": "words", "label": "?"}, {**item, "by": "requester"})
    assert wrong == ["fault.fields[1].by rules.wrong.check_by_agent"]


def test_each_wrong_name_is_told_and_what_stands_beside_it_is_read():
    fault = {"title": "Fault", "fields": [{"name": "words", "label": "?"}]}
    node = Node({"Збій": fault, "no fault": fault, "fault": fault, "a-b": fault, "other": fault})
    assert list(read_request_types(node)) == ["fault", "other"]
    assert [problem.said.facts["word"] for problem in node.problems] == ["Збій", "no fault", "a-b"]
