"""How a step of a dialog looks: the question with its choices, or everything once more for review."""

from collections.abc import Sequence
from typing import Any

from handlers.turns.asset_search import offered_assets
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.forms import Field, Form, Label
from handlers.vocabulary.messages import (
    Button,
    Message,
    Part,
    Phrase,
    RichText,
    Span,
    bold_text,
    button_column,
    button_row,
    join_lines,
    phrase,
)
from handlers.vocabulary.translations import Locale
from kb import nearest
from storage.desk.request_types import Draft
from storage.tickets.secret_answers import DOTS, GONE
from storage.types import Answers

REVIEW = "review"
MANY, FEW = 40, 8  # options beyond which a few are shown, by what is typed; how many
SHOWN = 700  # characters of a long answer that are shown for review
TYPED = 200  # characters of a wrong answer that are shown back
FILES = "files"  # answers under this name: whatever files were sent at any step


def draw_step(
    turn: Turn, draft: Draft, form: Form, reader: Locale, *, wrong: Phrase | None, typed: str, added: bool = False
) -> Message:
    """Draw a step: the question with its choices, or the review; ``added``: what was typed is kept with what was told."""
    title = label_text(form.title, reader, turn)
    field = form.field(draft.step)
    parts: list[Part] = []
    if wrong is not None:
        parts += [
            phrase("form.wrong", why=wrong),
            *(
                [phrase("form.added" if added else "form.typed", text=shortened_text(typed))]
                if typed and not (field and field.secret)
                else []
            ),
        ]
    if field is None:
        return draw_review(turn, draft, form, reader, parts)
    steps = form.visible(draft.answers)
    if len(steps) > 1:
        parts.append(phrase("form.step", step=steps.index(field) + 1, steps=len(steps)))
    parts.append(bold_text(label_text(field.label, reader, turn)))
    if field.hint:
        parts.append(label_text(field.hint, reader, turn))
    parts += how_answered(field)
    if draft.answers.get(FILES):
        parts.append(phrase("form.files", n=len(draft.answers[FILES])))
    if turn.channel is not None:  # one person of many is asked: by name, and only a reply to this message is the answer
        parts.insert(0, asked_line(turn, reader))
        return Message(tuple(parts), title, prompt=True)
    if len(field.options) > MANY:
        parts.append(phrase("form.many", n=len(field.options)))
    return Message(tuple(parts), title, step_choices(turn, draft, field, steps, reader, typed))


def how_answered(field: Field) -> list[Part]:
    """Return what is said of how a question of its kind is answered."""
    said = {
        "form.asset": field.kind == "asset",
        "form.no_list": field.source and not field.options,
        "form.secret": field.secret,
    }
    return [phrase(key) for key, needed in said.items() if needed]


def shortened_text(text: str) -> str:
    """Return as much of a typed text as tells its writer which one is meant."""
    return text if len(text) <= TYPED else text[:TYPED].rstrip() + "…"


def asked_line(turn: Turn, reader: Locale) -> RichText:
    """Return the line that asks one person of many, by a name that their messenger notices."""
    person = turn.person
    if person.username:
        return RichText(turn.text(phrase("form.asked", name=f"@{person.username}"), reader))
    before, _, after = turn.text(phrase("form.asked", name="\0"), reader).partition("\0")
    named = RichText(person.name, (Span("notify", 0, len(person.name), person.native),))
    return RichText(before) + named + RichText(after)


def step_choices(
    turn: Turn, draft: Draft, field: Field, steps: list[Field], reader: Locale, typed: str = ""
) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons of a step: its options (of very many those that are meant), then Back, Skip and Cancel."""
    options = button_column(
        *(
            presses.PickOption(draft.id, steps.index(field), n).button(text)
            for n, text in shown_options(turn, field, reader, typed)
        )
    )
    if field.kind == "asset":
        near = offered_assets(turn, draft, field, typed)
        options = button_column(
            *(presses.PickAsset(draft.id, steps.index(field), one.id).button(one.title) for one in near)
        )
    moves = [presses.StepBack(draft.id).button(phrase("form.back"))] if steps.index(field) else []
    answered = field.kind != "file" and draft.answers.get(field.name)
    if not field.required or (field.kind == "file" and draft.answers.get(FILES)):
        label = phrase("form.keep" if answered else "form.skip")
        moves.append(presses.SkipStep(draft.id, steps.index(field)).button(label))
    if not field.required and answered:
        moves.append(presses.ClearStep(draft.id, steps.index(field)).button(phrase("form.clear")))
    moves.append(presses.DropDraft(draft.id).button(phrase("form.cancel")))
    return (*options, tuple(moves))


def shown_options(turn: Turn, field: Field, reader: Locale, typed: str) -> list[tuple[int, str]]:
    """Return the options to show, by their place among all: all of them, or of very many a few that have what was typed."""
    every = [(n, label_text(text, reader, turn)) for n, text in enumerate(field.options.values())]
    if len(every) <= MANY:
        return every
    wanted = typed.strip().casefold()
    has = [(n, text) for n, text in every if wanted in text.casefold()]
    if not has and (close := nearest(typed, [text for _, text in every])):
        has = [(n, text) for n, text in every if text == close]
    return (sorted(has, key=lambda one: not one[1].casefold().startswith(wanted)) or every)[:FEW]


def draw_review(turn: Turn, draft: Draft, form: Form, reader: Locale, parts: Sequence[Part]) -> Message:
    """Draw everything once more, with Submit, a Change for each answer, and Cancel; ``parts`` stand before it."""
    changes = button_column(
        *(
            presses.FixStep(draft.id, n).button(phrase("form.change", field=label_text(field.label, reader, turn)))
            for n, field in enumerate(form.visible(draft.answers))
        )
    )
    buttons = (
        *button_row(presses.SubmitDraft(draft.id).button(phrase("form.submit"))),
        *changes,
        *button_row(presses.DropDraft(draft.id).button(phrase("form.cancel"))),
    )
    told = (*parts, phrase("form.review"), answers_summary(form, draft.answers, reader, turn))
    return Message(told, label_text(form.title, reader, turn), buttons)


def answers_summary(form: Form, answers: Answers, reader: Locale, turn: Turn) -> RichText:
    """Return the answers, one a line; the person's own words as data."""
    told = [
        join_lines(
            bold_text(label_text(field.label, reader, turn)),
            RichText(shortened_answer(answer_text(field, answers[field.name], reader, turn))),
        )
        for field in form.visible(answers)
        if answers.get(field.name) not in (None, "") and field.kind != "file"
    ]
    if answers.get(FILES):
        told.append(RichText(turn.text(phrase("form.files", n=len(answers[FILES])), reader)))
    return join_lines(*told)


def shortened_answer(answer: str) -> str:
    """Return as much of an answer as a card has room for beside the others."""
    return answer if len(answer) <= SHOWN else answer[:SHOWN].rstrip() + "…"


def answer_text(field: Field, answer: Any, reader: Locale, turn: Turn) -> str:
    """Return an answer as a person reads it; a secret one is dots."""
    if field.secret:
        return DOTS if answer != GONE else GONE
    return label_text(field.options[answer], reader, turn) if answer in field.options else str(answer)


def label_text(of: Label, reader: Locale, turn: Turn) -> str:
    """Return a label in the reader's language; one under "" is a phrase of ours."""
    if "" in of:
        return turn.text(phrase(of[""]), reader)
    return of.get(reader.language) or of.get("en") or next(iter(of.values()))
