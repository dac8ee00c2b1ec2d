"""A picture of a workflow: its statuses by kind and what leads from one to another, in the reader's words."""

from collections.abc import Mapping

from handlers.tickets import request_types, status_names
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deferred import PictureArgs, WorkflowGraph, deferred_attachment
from handlers.vocabulary.messages import Phrase, button_row, phrase
from handlers.vocabulary.translations import Locale
from storage.lifecycle import ApprovalData, Refused, StatusKind, Workflow, built_workflow
from storage.models import Role

on = Routes()

MANY = 3  # statuses from which the same leads to the same: no more arrows


@on.command("settings workflow", role=Role.ADMIN)
def picture(turn: Turn) -> None:
    """A workflow as a picture, a request type's or by its own name: /settings workflow, /settings workflow hardware."""
    word = turn.event.value.strip()
    if (data := turn.rules.workflows.get(word.lower().replace(" ", "_"))) is not None:
        show_workflow(turn, built_workflow(data), word)
        return
    kind = request_types.type_by_name(turn, word) if word else None
    show_workflow(
        turn, built_workflow(kind.workflow if kind else None), kind.title if kind else phrase("workflow.default")
    )


@on.press(presses.DrawWorkflow, role=Role.ADMIN, act="settings workflow")
def of_rules(turn: Turn) -> None:
    """A workflow of the rules as a picture."""
    name = turn.pressed(presses.DrawWorkflow).workflow
    data = turn.rules.workflows.get(name)
    if data is None:
        raise Refused("no_rule", word=name, known=", ".join(turn.rules.workflows) or "—")
    show_workflow(turn, built_workflow(data), name)


def show_workflow(turn: Turn, workflow: Workflow, called: Phrase | Mapping[str, str] | str) -> None:
    """Show a workflow, the types that follow it, and the way to where it is changed."""
    reader = turn.here[1]
    title = turn.text(called, reader)
    types = [each.title for each in turn.tx.requests.types() if built_workflow(each.workflow) == workflow]
    graph = graph_of(turn, workflow, reader, title)
    args: PictureArgs = {"graph": graph, "language": reader.language, "zone": reader.zone}
    shown = deferred_attachment("photo", f"{workflow.name}.png", "image/png", "workflow", args)
    own = f"workflow.{workflow.name}" if workflow.name in turn.rules.workflows else "workflow"
    change = button_row(presses.OpenRule(own).button(phrase("rules.edit")))
    asked = [
        phrase("workflow.asks", status=status_names.status_title(workflow.called(status)), rounds=rounds_in_words(rule))
        for status, rule in workflow.approvals.items()
    ]
    turn.say(
        phrase("workflow.of", types=types or phrase("nothing")), *asked, title=title, files=(shown,), buttons=change
    )


def rounds_in_words(rule: ApprovalData) -> str:
    """Return whose yes a status needs, as the rules have it: round after round."""
    return " → ".join(f"{', '.join(one['ask']) or '—'} ({one['need']})" for one in rule["rounds"])


def graph_of(turn: Turn, workflow: Workflow, reader: Locale, title: str) -> WorkflowGraph:
    """Return a workflow as data to be drawn: columns of kinds, statuses, arrows with what leads along them.

    What leads from many statuses to one is a line below instead, so that the arrows that differ can be seen.
    """
    called = {s: turn.text(status_names.status_title(workflow.called(s)), reader) for s in workflow.kinds}
    leading: dict[tuple[str, str], list[str]] = {}
    for (status, action), to in workflow.moves.items():
        if status != to:
            leading.setdefault((turn.text(phrase(f"action.{action}"), reader), to), []).append(status)
    arrows = {(status, to): list[str]() for status, following in workflow.named.items() for to in following}
    for (word, to), begun in leading.items():
        for status in begun if len(begun) < MANY else ():
            arrows.setdefault((status, to), []).append(word)
    return {
        "title": title,
        "columns": [[kind, turn.text(phrase(f"status.{kind}"), reader)] for kind in StatusKind],
        "statuses": [[s, kind, called[s], s == workflow.start] for s, kind in workflow.kinds.items()],
        "arrows": [[status, to, words] for (status, to), words in arrows.items()],
        "notes": [
            f"{word} → {called[to]}:  {', '.join(called[status] for status in begun)}"
            for (word, to), begun in leading.items()
            if len(begun) >= MANY
        ],
    }
