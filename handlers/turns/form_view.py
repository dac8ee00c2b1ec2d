"""How a step of a dialog looks: the question with its choices, or everything once more for review."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.forms import Field, Form, Label
from handlers.vocabulary.messages import Button, Message, Part, Phrase, Span, Words, bold, column, lines, phrase, row
from handlers.vocabulary.translations import Reader
from kb import nearest
from storage.requests import Draft

REVIEW = "review"
MANY, FEW = 40, 8  # options beyond which a few are shown, by what is typed; how many
SHOWN = 700  # characters of a long answer that are shown for review
TYPED = 200  # characters of a wrong answer that are shown back
FILES = "files"  # answers under this name: whatever files were sent at any step


def card(turn: Turn, draft: Draft, form: Form, reader: Reader, *, wrong: Phrase | None, typed: str) -> Message:
    """Draw a step: the question with its choices, or the review."""
    title = label(form.title, reader, turn)
    field = form.field(draft.step)
    parts: list[Part] = []
    if wrong is not None:
        parts += [phrase("form.wrong", why=wrong), *([phrase("form.typed", text=shortened(typed))] if typed else [])]
    if field is None:
        return review(turn, draft, form, reader, parts)
    steps = form.visible(draft.answers)
    if len(steps) > 1:
        parts.append(phrase("form.step", step=steps.index(field) + 1, steps=len(steps)))
    parts.append(bold(label(field.label, reader, turn)))
    if field.hint:
        parts.append(label(field.hint, reader, turn))
    if draft.answers.get(FILES):
        parts.append(phrase("form.files", n=len(draft.answers[FILES])))
    if turn.channel is not None:  # one person of many is asked: by name, and only a reply to this message is the answer
        parts.insert(0, asked(turn, reader))
        return Message(tuple(parts), title, prompt=True)
    if len(field.options) > MANY:
        parts.append(phrase("form.many", n=len(field.options)))
    return Message(tuple(parts), title, choices(turn, draft, field, steps, reader, typed))


def shortened(text: str) -> str:
    """Return as much of a typed text as tells its writer which one is meant."""
    return text if len(text) <= TYPED else text[:TYPED].rstrip() + "…"


def asked(turn: Turn, reader: Reader) -> Words:
    """Return the line that asks one person of many, by a name that their messenger notices."""
    person = turn.person
    if person.username:
        return Words(turn.text(phrase("form.asked", name=f"@{person.username}"), reader))
    before, _, after = turn.text(phrase("form.asked", name="\0"), reader).partition("\0")
    named = Words(person.name, (Span("notify", 0, len(person.name), person.native),))
    return Words(before) + named + Words(after)


def choices(
    turn: Turn, draft: Draft, field: Field, steps: list[Field], reader: Reader, typed: str = ""
) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons of a step: its options (of very many those that are meant), then Back, Skip and Cancel."""
    options = column(
        *(
            presses.PickOption(draft.id, steps.index(field), n).button(text)
            for n, text in shown_options(turn, field, reader, typed)
        )
    )
    moves = [presses.StepBack(draft.id).button(phrase("form.back"))] if steps.index(field) else []
    if not field.required or (field.kind == "file" and draft.answers.get(FILES)):
        moves.append(presses.SkipStep(draft.id, steps.index(field)).button(phrase("form.skip")))
    if not field.required and field.kind != "file" and draft.answers.get(field.name):
        moves.append(presses.ClearStep(draft.id, steps.index(field)).button(phrase("form.clear")))
    moves.append(presses.DropDraft(draft.id).button(phrase("form.cancel")))
    return (*options, tuple(moves))


def shown_options(turn: Turn, field: Field, reader: Reader, typed: str) -> list[tuple[int, str]]:
    """Return the options to show, by their place among all: all of them, or of very many a few that have what was typed."""
    every = [(n, label(text, reader, turn)) for n, text in enumerate(field.options.values())]
    if len(every) <= MANY:
        return every
    wanted = typed.strip().casefold()
    has = [(n, text) for n, text in every if wanted in text.casefold()]
    if not has and (close := nearest(typed, [text for _, text in every])):
        has = [(n, text) for n, text in every if text == close]
    return (sorted(has, key=lambda one: not one[1].casefold().startswith(wanted)) or every)[:FEW]


def review(turn: Turn, draft: Draft, form: Form, reader: Reader, parts: Sequence[Part]) -> Message:
    """Draw everything once more, with Submit, a Change for each answer, and Cancel; ``parts`` stand before it."""
    changes = column(
        *(
            presses.FixStep(draft.id, n).button(phrase("form.change", field=label(field.label, reader, turn)))
            for n, field in enumerate(form.visible(draft.answers))
        )
    )
    buttons = (
        *row(presses.SubmitDraft(draft.id).button(phrase("form.submit"))),
        *changes,
        *row(presses.DropDraft(draft.id).button(phrase("form.cancel"))),
    )
    told = (*parts, phrase("form.review"), summary(form, draft.answers, reader, turn))
    return Message(told, label(form.title, reader, turn), buttons)


def summary(form: Form, answers: Mapping[str, Any], reader: Reader, turn: Turn) -> Words:
    """Return the answers, one a line; the person's own words as data."""
    told = [
        lines(bold(label(field.label, reader, turn)), Words(begun(said(field, answers[field.name], reader, turn))))
        for field in form.visible(answers)
        if answers.get(field.name) not in (None, "") and field.kind != "file"
    ]
    if answers.get(FILES):
        told.append(Words(turn.text(phrase("form.files", n=len(answers[FILES])), reader)))
    return lines(*told)


def begun(answer: str) -> str:
    """Return as much of an answer as a card has room for beside the others."""
    return answer if len(answer) <= SHOWN else answer[:SHOWN].rstrip() + "…"


def said(field: Field, answer: Any, reader: Reader, turn: Turn) -> str:
    """Return an answer as a person reads it."""
    return label(field.options[answer], reader, turn) if answer in field.options else str(answer)


def label(of: Label, reader: Reader, turn: Turn) -> str:
    """Return a label in the reader's language; one under "" is a phrase of ours."""
    if "" in of:
        return turn.text(phrase(of[""]), reader)
    return of.get(reader.language) or of.get("en") or next(iter(of.values()))
