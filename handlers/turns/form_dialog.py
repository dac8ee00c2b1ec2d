"""A form asked one question at a time, on one card edited in place.

The draft is a row, so a dialog survives a restart; it gives way to any command or other button, and waits until it is continued.
"""

from dataclasses import replace

from handlers.turns import naming, permissions
from handlers.turns.asset_search import answering_asset, judge_own_answer
from handlers.turns.choice_lists import asked_anew, form_of_draft, gone_answer, with_lists
from handlers.turns.form_view import FILES, REVIEW, answers_summary, draw_step, label_text
from handlers.turns.photo_code import fetch_code, photo_in
from handlers.turns.turn import Turn, dump_rendered, event_with
from handlers.vocabulary.draft_facts import NOTHING, DraftFacts
from handlers.vocabulary.fetches import ANSWER_CODE
from handlers.vocabulary.forms import Field, Form, judge_answer, named_answers
from handlers.vocabulary.messages import Kind, Message, Operation, Phrase, RenderedMessage, phrase
from handlers.vocabulary.payloads import Submission
from handlers.vocabulary.stored_text import as_data
from storage.desk.request_types import Draft
from storage.lifecycle import Refused
from storage.types import Answers

WINDOW = 100  # options that a list in a window shows (Slack's limit)
A_WORD_OR_TWO = 3  # words of a slip in a choice; who says more tells something
BUTTONS = ("pick", "pick_asset", "back", "skip", "clear", "drop", "fix", "submit", "resume")


def open_form(turn: Turn, form: Form, *, answers: Answers | None = None, about: DraftFacts = NOTHING) -> None:
    """Open a form where the event happened, at its first open question; an older draft there gives way."""
    address, _ = turn.here
    given = dict(answers or {})
    form = with_lists(turn, form, given)
    form_id = turn.tx.requests.form_id(form.name, form.digest, form.dump(), turn.now)
    if turn.channel is not None and not turn.event.modal:  # others read along: what is secret is not asked
        given = {**{field.name: "" for field in form.fields if field.secret}, **given}
    draft = turn.tx.drafts.open(
        turn.person.id,
        address.lane,
        form_id,
        step=next_step(form, given),
        answers=given,
        facts=about.dump(),
        at=turn.now,
    )
    if turn.event.modal and fits_a_window(form):
        turn.windows.append((draft.id, turn.event))  # opens at once; where it cannot, the draft is asked step by step
        turn.tx.drafts.save(replace(draft, waiting=False), turn.now)  # what is said beside the window is no answer
    else:
        show_step(turn, draft, form)


def fits_a_window(form: Form) -> bool:
    """Return whether a window can show all options of a form; one with more is asked question by question.

    A long list of another program is typed there: such a list may grow any day, and the form stays a window.
    """
    return all(len(field.options) <= WINDOW or field.source for field in form.fields)


def next_step(form: Form, answers: Answers) -> str:
    """Return the first question without an answer, or the review."""
    return next((field.name for field in form.visible(answers) if field.name not in answers), REVIEW)


def give_way(turn: Turn) -> None:
    """Let a command or another button pass before a draft that waits for words; the draft is kept."""
    event = turn.event
    if turn.actor is None or not (
        event.kind is Kind.COMMAND or (event.kind is Kind.PRESS and event.name not in BUTTONS)
    ):
        return
    draft = turn.tx.drafts.at(turn.person.id, turn.here[0].lane)
    if draft is not None and draft.waiting:
        turn.tx.drafts.save(replace(draft, waiting=False), turn.now)


def takes_words(turn: Turn) -> bool:
    """Give typed words to the draft that waits for them here; return whether there was one."""
    draft = turn.tx.drafts.at(turn.person.id, turn.here[0].lane)
    if draft is None or not draft.waiting or (turn.channel is not None and not replies_to(turn, draft)):
        return False
    form = form_of_draft(turn, draft)
    until = DraftFacts.read(draft.facts).until
    if until and turn.now.isoformat() > until:
        turn.tx.drafts.end(draft.id)
        return False
    field = form.field(draft.step)
    told = turn.event.words.text if field is None or field.kind == "long_text" else turn.event.asked
    words = naming.command_value(turn) if named_in(form) and naming.mentions_in(turn) else told
    draft, kept = with_files(turn, draft, field)
    draft = with_native(turn, draft, field.name if field is not None else long_answer(form, draft))
    if kept and not words and field is not None and field.kind == "asset" and (photo := photo_in(turn)):
        fetch_code(turn, photo, ANSWER_CODE, draft=draft.id, step=field.name)
    if field is None:
        add_to_answer(turn, draft, form, words)
    elif kept and (field.kind == "file" or not words):
        show_step(turn, advanced_draft(form, draft, field) if field.kind == "file" else draft, form)
    elif field.kind == "file":
        wrong = phrase("form.wrong.file" if field.required else "form.wrong.file_or_skip")
        ask_again(turn, draft, form, wrong, words, beside=True)
    else:
        keep_answer(turn, draft, form, field, words)
    return True


def named_in(form: Form) -> bool:
    """Return whether people are named in a form's answers: whoever is mentioned there is meant by their account."""
    return form.name == "ban" or form.name.startswith("rule_")


def with_native(turn: Turn, draft: Draft, name: str) -> Draft:
    """Remember by which native message a question was answered: what is deleted there is no answer any more."""
    if not (name and turn.event.message and turn.event.words):
        return draft
    typed = DraftFacts.read(draft.facts).typed
    natives = [*typed.get(name, ()), [turn.event.place, turn.event.message]]
    return replace(draft, facts={**draft.facts, "typed": {**typed, name: natives}})


def long_answer(form: Form, draft: Draft) -> str:
    """Return the question that was answered at length, to which the review adds what is said over it; empty where none was."""
    answered_ = (f.name for f in form.visible(draft.answers) if f.kind == "long_text" and draft.answers.get(f.name))
    return next(answered_, "")


def add_to_answer(turn: Turn, draft: Draft, form: Form, words: str) -> None:
    """Add what is said over the review to what was told at length; the review shows it."""
    told = form.field(long_answer(form, draft))
    if not words or told is None:
        show_step(turn, draft, form, wrong=phrase("form.wrong.review") if words else None)
        return
    kept, wrong = judge_answer(told, f"{draft.answers[told.name]}\n{words}")
    if wrong is None:
        draft = replace(draft, answers={**draft.answers, told.name: kept})
    show_step(turn, draft, form, wrong=wrong, typed=words if wrong else "")


def step_by_step(turn: Turn, number: int) -> None:
    """Ask a draft one question at a time after all: its window could not be opened, and what only it has room for is left out."""
    if draft := turn.tx.drafts.get(number):
        form = form_of_draft(turn, draft)
        left_out = {field.name: "" for field in form.fields if field.spare}
        show_step(turn, replace(draft, answers={**left_out, **draft.answers}), form)


def submit_modal(turn: Turn) -> None:
    """A window was submitted: its answers join the draft, and the form's handler hears them."""
    number = turn.event.value
    draft = turn.tx.drafts.get(int(number)) if number.isdigit() else None
    if draft is None or draft.person_id != turn.person.id:
        raise Refused("expired")
    form = form_of_draft(turn, draft)
    given = dict(turn.event.answers)
    sent = [file for f in form.fields if f.kind == "file" for file in given.pop(f.name, None) or ()]
    kept = {name: judge_answer(field, given[name])[0] for name in given if (field := form.field(name))}
    answers = {**draft.answers, **kept}
    for field in form.visible(answers):
        meant = answering_asset(turn, turn.person, field, str(kept[field.name])) if _names_asset(field, kept) else None
        answers |= {field.name: meant.number} if meant is not None else {}
    for name, value in given.items():
        answers |= named_answers(form, answers, name, value) if value != answers.get(name) else {}
    if sent:
        answers[FILES] = [*draft.answers.get(FILES, ()), *sent]
    submit_draft(turn, replace(draft, answers=answers), form)


def _names_asset(field: Field, answers: Answers) -> bool:
    return field.kind == "asset" and bool(answers.get(field.name))


def replies_to(turn: Turn, draft: Draft) -> bool:
    """Return whether the event is an explicit reply to the draft's card: in a team channel nothing else is an answer."""
    return bool(turn.event.reply_to) and turn.shown is not None and turn.shown.outgoing_id == draft.card


def with_files(turn: Turn, draft: Draft, field: Field | None) -> tuple[Draft, bool]:
    """Keep the files of an event with a draft, at whatever step they come."""
    if not turn.event.files:
        return draft, False
    files = [*draft.answers.get(FILES, ()), *as_data(turn.event)[1]]
    answers = {**draft.answers, FILES: files}
    if field is not None and field.kind == "file":
        answers[field.name] = len(files)
    return replace(draft, answers=answers), True


def keep_answer(turn: Turn, draft: Draft, form: Form, field: Field, answer: str) -> None:
    """Keep an answer and go on; a wrong one is told why and asked again, and what was typed is kept."""
    kept, wrong = judge_own_answer(turn, turn.person, field, answer)
    if wrong is not None:
        ask_again(turn, draft, form, wrong, answer, beside=bool(field.options))
        return
    if field.secret:
        take_answer_away(turn)
    elif adviser := turn.contents.advisers.get(form.name):
        draft = replace(draft, facts={**adviser(turn, field, str(kept)).dump(), **draft.facts})
    named = named_answers(form, draft.answers, field.name, answer) if answer != kept else {}
    go_to_next(turn, replace(draft, answers={**draft.answers, **named, field.name: kept}), form, field)


def ask_again(turn: Turn, draft: Draft, form: Form, wrong: Phrase, typed: str, *, beside: bool) -> None:
    """Ask a question again that was answered wrongly; what tells something ``beside`` a press or a file is kept."""
    told = told_beside(turn, draft, form, typed) if beside and len(typed.split()) > A_WORD_OR_TWO else draft
    show_step(turn, told, form, wrong=wrong, typed=typed, added=told is not draft)


def told_beside(turn: Turn, draft: Draft, form: Form, words: str) -> Draft:
    """Return a draft with words that answer nothing that is asked added to what was told at length, where anything was."""
    added = {
        field.name: f"{draft.answers[field.name]}\n{words}"
        for field in form.fields
        if field.kind == "long_text" and draft.answers.get(field.name)
    }
    if not added or any(judge_answer(field, added[field.name])[1] for field in form.fields if field.name in added):
        return draft
    for name in added:
        draft = with_native(turn, draft, name)
    return replace(draft, answers={**draft.answers, **added})


def take_answer_away(turn: Turn) -> None:
    """Let a secret that was just typed stand in the chat no more, where the messenger lets us take it away."""
    event = turn.event
    if event.message and turn.can(event.source).takes_away:
        gone = dump_rendered(RenderedMessage(facts={"natives": [event.message]}))
        turn.promise(turn.here[0], {"operation": Operation.DELETE, "payload": gone})


def go_to_next(turn: Turn, draft: Draft, form: Form, field: Field) -> None:
    """Go to the next open question, back to the review after a change, or submit where nothing is left to review."""
    draft = advanced_draft(form, draft, field)
    if draft.step == REVIEW and not form.review:
        submit_draft(turn, draft, form)
    else:
        show_step(turn, draft, form)


def advanced_draft(form: Form, draft: Draft, field: Field | None) -> Draft:
    """Return the draft at its next step; answers to questions that are not asked any more are dropped."""
    asked = {f.name for f in form.visible(draft.answers)} | {FILES}
    answers = {
        name: value
        for name, value in draft.answers.items()
        if name in asked or name not in {f.name for f in form.fields}
    }
    return replace(draft, answers=answers, step=next_step(form, answers), waiting=True)


def submit_draft(turn: Turn, draft: Draft, form: Form) -> None:
    """End the draft and let the form's handler hear what was answered."""
    gone = gone_answer(turn, draft, form)
    if gone is not None:
        wrong = phrase("form.wrong.gone", choice=gone.options[draft.answers[gone.name]])
        show_step(turn, *asked_anew(turn, draft, gone), wrong=wrong)
        return
    turn.tx.drafts.end(draft.id)
    if form.review:
        show_done(turn, draft, form)
    route = turn.contents.router.find(Kind.SUBMIT, form.name)
    assert route is not None, f"nobody hears the form {form.name!r}"
    if not turn.person.may(role := permissions.role_asked_by(turn, route)):
        raise Refused("not_yours", role=role)
    given = Submission(draft.answers, draft.form_id, draft.card, DraftFacts.read(draft.facts))
    route.handler(event_with(turn, kind=Kind.SUBMIT, name=form.name, submission=given))
    if not form.review and len(form.fields) > 1 and draft.card not in turn.redrawn:
        show_done(turn, draft, form)


def show_done(turn: Turn, draft: Draft, form: Form) -> None:
    """Leave what was answered where the questions were: nothing of a form that has ended can be pressed."""
    if draft.card is None:
        return
    address, reader = turn.here
    summary = answers_summary(form, draft.answers, reader, turn)
    turn.send(address, reader, Message((summary,), title=label_text(form.title, reader, turn)), edits=draft.card)


# Drawing


def show_step(
    turn: Turn,
    draft: Draft,
    form: Form,
    *,
    wrong: Phrase | None = None,
    typed: str = "",
    added: bool = False,
    anew: bool = False,
) -> None:
    """Show the step a draft is at: on its card, or on a new one at the end of the chat."""
    address, reader = turn.here
    message = draw_step(turn, draft, form, reader, wrong=wrong, typed=typed, added=added)
    if draft.card is not None and (anew or turn.channel is not None):
        turn.send(address, reader, replace(message, buttons=(), prompt=False), edits=draft.card)
        draft = replace(draft, card=None)
    shown = turn.send(address, reader, message, edits=draft.card)
    turn.tx.drafts.save(replace(draft, card=draft.card or shown, waiting=True), turn.now)


def go_on(turn: Turn, draft: Draft) -> None:
    """Show a draft again at the end of the chat, where it was left."""
    show_step(turn, draft, form_of_draft(turn, draft), anew=True)


def cancel_draft(turn: Turn, draft: Draft) -> None:
    """End a draft without submitting it."""
    turn.tx.drafts.end(draft.id)
    address, reader = turn.here
    turn.send(address, reader, Message((phrase("form.cancelled"),)), edits=draft.card)
