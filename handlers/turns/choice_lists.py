"""Questions whose choices come from another program: asked with the last list that it gave; nobody waits for it."""

from dataclasses import replace
from typing import Any

from handlers.turns.turn import Turn
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.forms import Field, Form, load_form
from storage.desk.request_types import Draft
from storage.types import Answers


def with_list(turn: Turn, field: Field, answer: Any = None) -> Field:
    """Return a question with what its source offers now, and with what it has been answered; without a list it takes words."""
    return _with_answer(_listed(turn, field, answer), answer)


def with_lists(turn: Turn, form: Form, answers: Answers) -> Form:
    """Return a form as it is asked now, and kept: nobody's words are in it."""
    if not any(field.source for field in form.fields):
        return form
    return replace(form, fields=tuple(_listed(turn, field, answers.get(field.name)) for field in form.fields))


def form_of_draft(turn: Turn, draft: Draft) -> Form:
    """Return a draft's form in which an answer that it was opened with is a choice, though it is offered no more."""
    form = load_form(turn.tx.requests.form(draft.form_id))
    if not any(field.source for field in form.fields):
        return form
    was = DraftFacts.read(draft.facts).was or {}
    return replace(form, fields=tuple(_with_answer(field, was.get(field.name)) for field in form.fields))


def _listed(turn: Turn, field: Field, answer: Any) -> Field:
    if not field.source:
        return field
    was = {str(answer): field.options[answer]} if answer and answer in field.options else {}
    return replace(field, choices={**was, **turn.tx.choice_lists.get(field.source)})


def _with_answer(field: Field, answer: Any) -> Field:
    """Return a question whose choices have an answer that was given before: from an older list, or in words without one."""
    if not (field.source and field.options and isinstance(answer, str) and answer) or answer in field.options:
        return field
    return replace(field, choices={**field.options, answer: {"en": answer}})


def gone_answer(turn: Turn, draft: Draft, form: Form) -> Field | None:
    """Return the question whose answer was chosen, and is offered no more; None where there is none."""
    return next((field for field in form.visible(draft.answers) if _is_gone(turn, draft, field)), None)


def asked_anew(turn: Turn, draft: Draft, gone: Field) -> tuple[Draft, Form]:
    """Return a draft and its form as they go on: the question is asked again, with what is offered now."""
    answers = {name: answer for name, answer in draft.answers.items() if name != gone.name}
    form = with_lists(turn, load_form(turn.tx.requests.form(draft.form_id)), answers)
    form_id = turn.tx.requests.form_id(form.name, form.digest, form.dump(), turn.now)
    draft = replace(draft, form_id=form_id, answers=answers, step=gone.name)
    return draft, form_of_draft(turn, draft)


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
