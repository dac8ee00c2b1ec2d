"""Questions whose choices come from another program: asked with the last list that it gave; nobody waits for it."""

from dataclasses import replace
from typing import Any

from handlers.turns.turn import Turn
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.forms import Field, Form
from storage.desk.request_types import Draft
from storage.types import Answers


def with_list(turn: Turn, field: Field, answer: Any = None) -> Field:
    """Return a question with what its source offers now, and with what it has been answered; without a list it takes words."""
    if not field.source:
        return field
    was = {str(answer): field.options[answer]} if answer and answer in field.options else {}
    return replace(field, choices={**was, **turn.tx.choice_lists.get(field.source)})


def with_lists(turn: Turn, form: Form, answers: Answers) -> Form:
    """Return a form as it is asked now."""
    if not any(field.source for field in form.fields):
        return form
    return replace(form, fields=tuple(with_list(turn, field, answers.get(field.name)) for field in form.fields))


def gone_answer(turn: Turn, draft: Draft, form: Form) -> Field | None:
    """Return the question whose answer was chosen, and is offered no more; None where there is none."""
    return next((field for field in form.visible(draft.answers) if _is_gone(turn, draft, field)), None)


def asked_anew(turn: Turn, draft: Draft, form: Form, gone: Field) -> tuple[Draft, Form]:
    """Return a draft and its form as they go on: the question is asked again, with what is offered now."""
    answers = {name: answer for name, answer in draft.answers.items() if name != gone.name}
    form = with_lists(turn, form, answers)
    form_id = turn.tx.requests.form_id(form.name, form.digest, form.dump(), turn.now)
    return replace(draft, form_id=form_id, answers=answers, step=gone.name), form


def _is_gone(turn: Turn, draft: Draft, field: Field) -> bool:
    answer = draft.answers.get(field.name)
    if not field.source or not answer or answer not in field.options:
        return False
    offered, was = turn.tx.choice_lists.get(field.source), DraftFacts.read(draft.facts).was or {}
    return bool(offered) and answer not in offered and answer != was.get(field.name)


def knows_answers(turn: Turn, form: Form, changed: Answers) -> Form:
    """Return a submitted form that can name answers which came later: chosen from a newer list than it was asked with."""
    fields = tuple(_knows(turn, field, changed.get(field.name)) for field in form.fields)
    return form if fields == form.fields else replace(form, fields=fields)


def _knows(turn: Turn, field: Field, answer: Any) -> Field:
    if not field.source or not answer or answer in field.options:
        return field
    offered = turn.tx.choice_lists.get(field.source)
    return replace(field, choices={**field.options, answer: offered[answer]}) if answer in offered else field
