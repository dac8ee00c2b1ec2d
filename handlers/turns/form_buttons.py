"""The buttons of a form that is asked one question at a time: choosing, going back, leaving out, changing, submitting."""

from dataclasses import replace

from handlers.turns import form_dialog
from handlers.turns.form_view import REVIEW
from handlers.turns.router import PAIR, Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.forms import Form, load
from handlers.vocabulary.messages import phrase
from storage.requests import Draft

on = Routes()


def drafted(turn: Turn) -> tuple[Draft, Form] | None:
    """Return the draft a button belongs to, if it is the presser's and still there; else say kindly that it is over."""
    number = turn.event.value.partition(".")[0]
    draft = turn.tx.drafts.get(int(number)) if number.isdigit() else None
    if draft is None or draft.person_id != turn.person.id:
        turn.toast(phrase("expired"), alert=True)
        return None
    return draft, load(turn.tx.requests.form(draft.form_id))


@on.press("pick", key=r"\d{1,18}\.\d{1,3}\.\d{1,3}")
def pick(turn: Turn) -> None:
    """A choice is made by its button; one of an earlier step shows the card as it is now."""
    if found := drafted(turn):
        draft, form = found
        _, at, option = turn.event.value.split(".")
        steps = form.visible(draft.answers)
        field = steps[int(at)] if int(at) < len(steps) else None
        if field is None or field.name != draft.step or int(option) >= len(field.options):
            form_dialog.show(turn, draft, form)
            return
        form_dialog.answered(turn, draft, form, field, list(field.options)[int(option)])


@on.press("back")
def back(turn: Turn) -> None:
    """The previous question is asked again, its answer kept until another is given."""
    if found := drafted(turn):
        draft, form = found
        steps = [field.name for field in form.visible(draft.answers)]
        at = steps.index(draft.step) if draft.step in steps else len(steps)
        form_dialog.show(turn, replace(draft, step=steps[max(0, at - 1)]), form)


@on.press("skip", key=PAIR)
def skip(turn: Turn) -> None:
    """A question that may be left out is left out, or as it was answered before."""
    pass_over(turn, kept=True)


@on.press("clear", key=PAIR)
def clear(turn: Turn) -> None:
    """What was answered to a question that may be left out is taken back."""
    pass_over(turn, kept=False)


def pass_over(turn: Turn, *, kept: bool) -> None:
    """Go on without an answer, or with the one there is; a question that must be answered is asked again."""
    if found := drafted(turn):
        draft, form = found
        field, steps = form.field(draft.step), form.visible(draft.answers)
        meant = int(turn.event.value.partition(".")[2])
        passed = field is None or meant >= len(steps) or steps[meant].name != draft.step
        if field is None or passed or (field.required and field.kind != "file"):
            form_dialog.show(turn, draft, form)
            return
        answer = draft.answers.get(field.name) or "" if kept else ""
        form_dialog.onwards(turn, replace(draft, answers={**draft.answers, field.name: answer}), form, field)


@on.press("fix", key=PAIR)
def fix(turn: Turn) -> None:
    """One answer is changed; the review follows."""
    if found := drafted(turn):
        draft, form = found
        steps = form.visible(draft.answers)
        at = int(turn.event.value.partition(".")[2])
        form_dialog.show(turn, replace(draft, step=steps[min(at, len(steps) - 1)].name), form)


@on.press("resume")
def resume(turn: Turn) -> None:
    """A draft that gave way goes on, on a new card at the end of the chat."""
    if found := drafted(turn):
        form_dialog.show(turn, *found, anew=True)


@on.press("submit")
def submit(turn: Turn) -> None:
    """Everything is reviewed: the form's handler hears it. A draft that is not complete yet shows what is missing."""
    if found := drafted(turn):
        draft, form = found
        ready = form_dialog.advanced(form, draft, None)
        if ready.step == REVIEW:
            form_dialog.submitted(turn, ready, form)
        else:
            form_dialog.show(turn, ready, form)


@on.press("drop")
def drop(turn: Turn) -> None:
    """The dialog is cancelled; nothing was registered, and the card says so."""
    if found := drafted(turn):
        form_dialog.cancelled(turn, found[0])
