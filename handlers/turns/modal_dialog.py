"""A draft as one window: every field that is asked now, with what stands in it; and what is wrong with what was filled in."""

from dataclasses import replace
from typing import Any

from handlers.turns import form_view
from handlers.turns.asset_search import LIST, answering_asset, listed_assets, offered_assets
from handlers.turns.choice_lists import form_of_draft
from handlers.turns.turn import Turn
from handlers.vocabulary.forms import Field, Form, form_problems
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.modals import NOTHING, Box, Modal
from handlers.vocabulary.payloads import Submission
from handlers.vocabulary.translations import Locale
from storage.desk.request_types import Draft
from storage.types import Answers

HELD = 3000  # characters that a window's field holds; a draft may hold more
CHOICE = 75  # characters of a choice of a window; an answer in words may be longer


def restore_long_answers(turn: Turn) -> None:
    """Let what was submitted be whole where a field showed only the beginning of a long prefill and nobody touched it."""
    draft = turn.tx.drafts.get(int(turn.event.value)) if turn.event.value.isdigit() else None
    if draft is not None:
        given = {name: _whole(draft.answers.get(name), said) for name, said in turn.event.answers.items()}
        turn.event = replace(turn.event, submission=Submission(given))


def _whole(was: Any, answer: Any) -> Any:
    cut = isinstance(was, str) and len(was) > HELD and str(answer).strip() == was[:HELD].strip()
    return was if cut else answer


def draw_modal(turn: Turn, draft: Draft, answers: Answers | None = None) -> Modal:
    """Draw a draft in its filler's language; ``answers`` are those in the window now."""
    form = form_of_draft(turn, draft)
    reader = turn.reader(turn.person)
    given = {**draft.answers, **(answers or {})}
    return Modal(
        form.name,
        draft.id,
        form_view.label_text(form.title, reader, turn),
        turn.text(phrase("form.submit"), reader),
        turn.text(phrase("form.cancel"), reader),
        tuple(draw_field(turn, draft, form, field, given.get(field.name), reader) for field in form.visible(given)),
    )


def draw_field(turn: Turn, draft: Draft, form: Form, field: Field, value: Any, reader: Locale) -> Box:
    """Draw one field; what may be left out can be emptied again."""
    options = tuple((key, form_view.label_text(text, reader, turn)) for key, text in field.options.items())
    may_empty = bool(value) and not field.required
    if field.source and (len(options) + may_empty > LIST or any(len(key) > CHOICE for key, _ in options)):
        value, options = dict(options).get(value, value), ()  # more than a list in a window has room for: it is typed
    if field.kind == "asset":
        options = tuple((one.number, one.title) for one in listed_assets(turn, draft, field))
    if options and may_empty:
        options = ((NOTHING, turn.text(phrase("form.none"), reader)), *options)
    return Box(
        field.name,
        field.kind,
        form_view.label_text(field.label, reader, turn),
        draw_hint(turn, field, reader, listed=bool(options)),
        field.required,
        field.limit,
        options,
        value,
        any(field.name in (other.when or {}) for other in form.fields),
    )


def draw_hint(turn: Turn, field: Field, reader: Locale, *, listed: bool) -> str:
    """Return a field's hint; where the list of another program is typed, how."""
    own = form_view.label_text(field.hint, reader, turn) if field.hint else ""
    if not field.source or listed:
        return own
    said = phrase("form.typed_list", n=len(field.options)) if field.options else phrase("form.no_list")
    return " ".join(filter(None, (own, turn.text(said, reader))))


def modal_problems(turn: Turn, draft: Draft, answers: Answers) -> dict[str, str]:
    """Return what is wrong with the answers in a window, by field, in the filler's words; empty where nothing is."""
    form = form_of_draft(turn, draft)
    found = form_problems(form, {**draft.answers, **answers})
    for field in form.visible({**draft.answers, **answers}):
        said = str(answers.get(field.name) or "").strip()
        if field.source and said and field.name in found and field.options:
            shown = form_view.shown_options(turn, field, turn.reader(turn.person), said)
            near = [text for _, text in shown if len(shown) < len(field.options)]
            found[field.name] = phrase("form.wrong.choice_near", near=near) if near else found[field.name]
        if field.kind == "asset" and said and answering_asset(turn, turn.person, field, said) is None:
            near = [one.title for one in offered_assets(turn, draft, field, said)]
            found[field.name] = phrase("form.wrong.asset_near", near=near) if near else phrase("form.wrong.asset")
    return {name: turn.text(said, turn.reader(turn.person)) for name, said in found.items()}
