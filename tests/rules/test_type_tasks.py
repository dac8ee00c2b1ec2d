"""The tasks of a request type: what may be written, and how chat writes it."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.admin.rules_editor.parts import answer_as_value, part_as_written
from handlers.admin.rules_editor.sections import TYPE
from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.rules.type_tasks import MOST, TypeTask

PART = next(part for part in TYPE.parts if part.name == "type_tasks")


def read(tasks: object) -> tuple[tuple[TypeTask, ...], list[str]]:
    """Return the tasks of a type, and what is wrong with them."""
    kind = {"title": "One", "fields": [{"name": "what", "label": "What?"}], "tasks": tasks}
    rules, problems = read_document({"groups": {"net": {"title": "Net"}}, "types": {"one": kind}}, Rules())
    wrong = [problem.said.key.removeprefix("rules.wrong.") for problem in problems]
    return (() if wrong else rules.types["one"].tasks), wrong


def test_each_has_a_title_and_may_have_a_group_and_a_time():
    given = [{"title": "Lay a  cable", "group": "net", "due": "2d"}, {"title": "Say hello"}]
    assert read(given) == ((TypeTask("Lay a cable", "net", timedelta(days=2)), TypeTask("Say hello")), [])


@pytest.mark.parametrize(
    ("tasks", "reason"),
    [
        ([{"group": "net"}], "missing"),
        ([{"title": "x" * 141}], "long"),
        ([{"title": "One", "group": "nobody"}], "none_of"),
        ([{"title": "One", "due": "soon"}], "duration"),
        ([{"title": "One"}, {"title": "one"}], "twice"),
        ([{"title": str(n)} for n in range(MOST + 1)], "type_tasks"),
        (["One"], "mapping"),
        ([{"title": "One", "who": "bob"}], "none_of"),
    ],
)
def test_what_cannot_be_a_task_is_refused(tasks: list[Any], reason: str):
    assert read(tasks)[1][:1] == [reason]


@pytest.mark.parametrize(
    ("line", "task"),
    [
        ("#net Lay a cable due 2d", {"title": "Lay a cable", "group": "net", "due": "2d"}),
        ("#net Прокласти кабель до 4h", {"title": "Прокласти кабель", "group": "net", "due": "4h"}),
        ("Прокласти кабель до 2 поверху", {"title": "Прокласти кабель до 2 поверху"}),
        ("Купить за 500 рублей", {"title": "Купить за 500 рублей"}),
        ("Lay a cable", {"title": "Lay a cable"}),
        ("Say by when it is due", {"title": "Say by when it is due"}),
        ("#net", {"title": "#net"}),
        ("due 2d", {"title": "due 2d"}),
    ],
)
def test_a_line_of_chat_is_a_task_and_back(line: str, task: dict[str, str]):
    assert answer_as_value(PART, f"\n {line} \n", lambda word: []) == [task]
    again = part_as_written(PART, {"tasks": [task]})
    assert answer_as_value(PART, again, lambda word: []) == [task]
