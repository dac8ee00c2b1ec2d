"""The section ``impact``: which priority follows from who is affected, and from whether they can work meanwhile."""

from collections.abc import Mapping

from handlers.rules.node import Node
from handlers.vocabulary.forms import FieldData
from storage.models import Priority
from storage.types import Answers

IMPACT, URGENCY = "impact", "urgency"  # the fields that a type asks for which says ``impact: true``
IMPACTS = ("everybody", "several", "me")
URGENCIES = ("stopped", "with_difficulty", "works")
Matrix = Mapping[str, Mapping[str, Priority]]  # impact -> urgency -> priority

USUAL: Matrix = {
    "everybody": {"stopped": Priority.URGENT, "with_difficulty": Priority.HIGH, "works": Priority.NORMAL},
    "several": {"stopped": Priority.HIGH, "with_difficulty": Priority.NORMAL, "works": Priority.LOW},
    "me": {"stopped": Priority.NORMAL, "with_difficulty": Priority.LOW, "works": Priority.LOW},
}
FIELDS: tuple[FieldData, ...] = (
    {
        "name": IMPACT,
        "label": {"": "impact.impact"},
        "kind": "choice",
        "choices": {
            "me": {"": "impact.impact.me"},
            "several": {"": "impact.impact.several"},
            "everybody": {"": "impact.impact.everybody"},
        },
    },
    {
        "name": URGENCY,
        "label": {"": "impact.urgency"},
        "kind": "choice",
        "choices": {
            "works": {"": "impact.urgency.works"},
            "with_difficulty": {"": "impact.urgency.with_difficulty"},
            "stopped": {"": "impact.urgency.stopped"},
        },
    },
)


def read_matrix(node: Node) -> Matrix:
    """Return the matrix; what is not given is as it goes without saying."""
    found: dict[str, dict[str, Priority]] = {}
    for impact, row in node.fields(*IMPACTS).items():
        usual = USUAL[impact]
        given = row.fields(*URGENCIES)
        found[impact] = {one: Priority(given[one].choice(Priority, usual[one])) for one in URGENCIES}
    return found


def counted_priority(matrix: Matrix, kind: str, answers: Answers) -> Priority | None:
    """Return the priority that follows from what was answered in the form of a type; None where it was not asked."""
    row = matrix.get(str(answers.get(f"{kind}.{IMPACT}")), {})
    return row.get(str(answers.get(f"{kind}.{URGENCY}")))
