"""Pictures: drawn from data, whatever the workflow is like."""

import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery import pictures
from handlers.admin.workflow_diagram import graph_of
from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.vocabulary.deferred import WorkflowGraph
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator
from storage.lifecycle import DEFAULT, Workflow
from tests.desk.test_workflows import EXAMPLES


class Speaking:
    """As much of a turn as a picture needs."""

    def text(self, phrase, reader):
        return Translator().say(phrase, reader)


SPEAKING: Any = Speaking()
WORKFLOWS = {
    "default": DEFAULT,
    **{name: Workflow.of(data) for name, data in read_document(EXAMPLES, Rules())[0].workflows.items()},
    "smallest": Workflow.of({"name": "x", "start": "a", "statuses": {"a": "closed"}, "moves": {}}),
    "longest": Workflow.of(
        {
            "name": "x",
            "start": "s0",
            "statuses": {
                **{f"s{n}": {"kind": "open", "title": {"en": "A very long title of a status " * 2}} for n in range(20)},
                "end": "closed",
            },
            "moves": {f"s{n}": {"move": [f"s{n + 1}" if n < 19 else "end", "s0"]} for n in range(20)},
        }
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_workflow_becomes_a_picture_that_a_messenger_takes(name, language):
    png = pictures.draw_workflow(graph_of(SPEAKING, WORKFLOWS[name], Locale(language), name))
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert width + height <= 10_000
    assert max(width, height) / min(width, height) <= 20
    assert len(png) < 1_000_000


def test_no_status_stands_where_another_does_and_every_move_is_told():
    for name, workflow in WORKFLOWS.items():
        described = graph_of(SPEAKING, workflow, Locale(), name)
        places, columns = pictures.workflow_layout(described)
        assert len(set(places.values())) == len(places) == len(workflow.kinds)
        assert len(columns) <= 5
        drawn = {tuple(arrow[:2]) for arrow in described["arrows"]}
        for status, following in workflow.named.items():
            assert {(status, to) for to in following} <= drawn
        told = sum(len(arrow[2]) for arrow in described["arrows"]) + sum(
            len(note.partition(":  ")[2].split(", ")) for note in described["notes"]
        )
        assert told == len([to for (status, _), to in workflow.moves.items() if to != status])


@given(
    st.text(st.sampled_from("$^_{}\\%&#~ab1 Я\n\t\x00\ud800"), min_size=1, max_size=12)
    | st.sampled_from(["$x^{$", "$\\frac$", "a_{b", "\\$", "$$", "{}", "\x00", "\ud800"])
)
@settings(max_examples=20)
def test_whatever_a_status_is_called_it_can_be_drawn(title: str):
    described: WorkflowGraph = {
        "title": title,
        "columns": [["open", title], ["closed", "Closed"]],
        "statuses": [["a", "open", title, True], ["b", "closed", "b", False]],
        "arrows": [["a", "b", [title]]],
        "notes": [title],
    }
    assert pictures.draw_workflow(described).startswith(b"\x89PNG")
