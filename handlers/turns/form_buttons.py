"""The buttons of a form that is asked one question at a time: choosing, going back, leaving out, changing, submitting."""

from dataclasses import replace

from handlers.turns import form_dialog
from handlers.turns.choice_lists import form_of_draft
from handlers.turns.form_view import REVIEW
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.forms import Form
from handlers.vocabulary.messages import phrase
from storage.desk.request_types import Draft

on = Routes()


def pressed_draft(turn: Turn) -> tuple[Draft, Form] | None:
    """Return the draft a button belongs to, if it is the presser's and still there; else say kindly that it is over."""
    draft = turn.tx.drafts.get(int(turn.event.value.partition(".")[0]))  # the first field of each of these buttons
    if draft is None or draft.person_id != turn.person.id:
        turn.toast(phrase("expired"), alert=True)
        return None
    return draft, form_of_draft(turn, draft)


@on.press(presses.PickOption)
def pick(turn: Turn) -> None:
    """A choice is made by its button; one of an earlier step shows the card as it is now."""
    if found := pressed_draft(turn):
        draft, form = found
        chosen = turn.pressed(presses.PickOption)
        steps = form.visible(draft.answers)
        field = steps[chosen.step] if chosen.step < len(steps) else None
        if field is None or field.name != draft.step or chosen.option >= len(field.options):
            form_dialog.show_step(turn, draft, form)
            return
        form_dialog.keep_answer(turn, draft, form, field, list(field.options)[chosen.option])


@on.press(presses.PickAsset)
def pick_asset(turn: Turn) -> None:
    """An asset is chosen by its button, as its number would be typed."""
    if found := pressed_draft(turn):
        draft, form = found
        chosen = turn.pressed(presses.PickAsset)
        steps, one = form.visible(draft.answers), turn.tx.assets.get(chosen.asset)
        field = steps[chosen.step] if chosen.step < len(steps) else None
        if field is None or one is None or field.name != draft.step or field.kind != "asset":
            form_dialog.show_step(turn, draft, form)
            return
        form_dialog.keep_answer(turn, draft, form, field, one.number)


@on.press(presses.StepBack)
def back(turn: Turn) -> None:
    """The previous question is asked again, its answer kept until another is given."""
    if found := pressed_draft(turn):
        draft, form = found
        steps = [field.name for field in form.visible(draft.answers)]
        at = steps.index(draft.step) if draft.step in steps else len(steps)
        form_dialog.show_step(turn, replace(draft, step=steps[max(0, at - 1)]), form)


@on.press(presses.SkipStep)
def skip(turn: Turn) -> None:
    """A question that may be left out is left out, or as it was answered before."""
    pass_over(turn, kept=True)


@on.press(presses.ClearStep)
def clear(turn: Turn) -> None:
    """What was answered to a question that may be left out is taken back."""
    pass_over(turn, kept=False)


def pass_over(turn: Turn, *, kept: bool) -> None:
    """Go on without an answer, or with the one there is; a question that must be answered is asked again."""
    if found := pressed_draft(turn):
        draft, form = found
        field, steps = form.field(draft.step), form.visible(draft.answers)
        meant = turn.pressed(presses.SkipStep).step
        passed = field is None or meant >= len(steps) or steps[meant].name != draft.step
        if field is None or passed or (field.required and field.kind != "file"):
            form_dialog.show_step(turn, draft, form)
            return
        answer = draft.answers.get(field.name) or "" if kept else ""
        form_dialog.go_to_next(turn, replace(draft, answers={**draft.answers, field.name: answer}), form, field)


@on.press(presses.FixStep)
def fix(turn: Turn) -> None:
    """One answer is changed; the review follows."""
    if found := pressed_draft(turn):
        draft, form = found
        steps = form.visible(draft.answers)
        at = turn.pressed(presses.FixStep).step
        form_dialog.show_step(turn, replace(draft, step=steps[min(at, len(steps) - 1)].name), form)


@on.press(presses.ResumeDraft)
def resume(turn: Turn) -> None:
    """A draft that gave way goes on, on a new card at the end of the chat."""
    if found := pressed_draft(turn):
        form_dialog.show_step(turn, *found, anew=True)


@on.press(presses.SubmitDraft)
def submit(turn: Turn) -> None:
    """Everything is reviewed: the form's handler hears it. A draft that is not complete yet shows what is missing."""
    if found := pressed_draft(turn):
        draft, form = found
        ready = form_dialog.advanced_draft(form, draft, None)
        if ready.step == REVIEW:
            form_dialog.submit_draft(turn, ready, form)
        else:
            form_dialog.show_step(turn, ready, form)


@on.press(presses.DropDraft)
def drop(turn: Turn) -> None:
    """The dialog is cancelled; nothing was registered, and the card says so."""
    if found := pressed_draft(turn):
        form_dialog.cancel_draft(turn, found[0])
