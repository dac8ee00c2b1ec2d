"""Corrections: whoever edits the message in which they answered a form's question has changed that answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.tickets import assets, cards, redaction, relay
from handlers.tickets.ticket_service import change_ticket
from handlers.turns import form_dialog
from handlers.turns.asset_search import judge_own_answer
from handlers.turns.choice_lists import knows_answers, with_list
from handlers.turns.turn import Turn
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.forms import Field, judge_answer, load_form
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.stored_text import as_data
from storage.desk.request_types import Draft
from storage.lifecycle import Action
from storage.models import MessageKind
from storage.queues import spoken
from storage.queues.spoken import Said
from storage.retention import deletion
from storage.tickets.secret_answers import DOTS
from storage.tickets.tickets import Ticket
from storage.types import Answers


def correct_answer(turn: Turn, number: int, name: str) -> None:
    """Take an edited message for the answer to a field of a submitted form, until the request is over.

    The team reads both; an answer that cannot be taken stays as it was, and its author hears why.
    """
    ticket = turn.tx.tickets.get(number)
    goes_on = turn.tx.related.heir(ticket)
    field = next(
        (f for f in load_form(turn.tx.requests.form(ticket.form_id)).visible(ticket.answers) if f.name == name), None
    )
    was, written = ticket.answers.get(name), turn.tx.talk.answered_by(number, name)
    if field is None or not was or not goes_on.active or written != (turn.event.place, turn.event.message):
        return
    now, wrong = judge_own_answer(turn, turn.person, with_list(turn, field, was), turn.event.words.text)
    if wrong is not None:
        why = field.hint if field.hint and wrong.key == "form.wrong.pattern" else wrong
        turn.say(phrase("correction.wrong", field=field.label, was=shown_answer(field, was), why=why), ticket=number)
    else:
        change_answer(turn, ticket, field, now)


def change_answer(turn: Turn, ticket: Ticket, field: Field, now: Any) -> None:
    """Let a field's answer be another, as its requester says: their first words, where these are the answer, say it too."""
    was = ticket.answers.get(field.name)
    if now == was and not field.secret:
        return
    first = turn.tx.talk.first(ticket.id, MessageKind.FOLLOW_UP)
    if first is not None and first.deleted_at is None and was and str(first.words["text"]).strip() == was:
        turn.tx.talk.edit(first, {"text": str(now), "spans": []}, turn.now)
    change_details(turn, ticket, [(field, now)])


def change_details(turn: Turn, ticket: Ticket, changed: Sequence[tuple[Field, Any]]) -> None:
    """Let fields have other answers: on the card, in what shows its requester their own, and for the team, who read both."""
    was, goes_on = ticket.answers, turn.tx.related.heir(ticket)
    now = {field.name: answer for field, answer in changed}
    for name in (field.name for field, _ in changed if field.secret):
        turn.tx.secrets.keep(ticket.id, name, str(now[name] or ""), turn.now)
        now[name] = DOTS if now[name] else ""
    ticket = change_ticket(turn, ticket, answers={**was, **now}, **form_that_knows(turn, ticket, now))
    recount_priority(turn, ticket, was, goes_on)
    if any(field.kind == "asset" for field, _ in changed):
        assets.tie_assets(turn, ticket, was)
    redaction.renew_form_card(turn, ticket)
    for field, answer in changed:
        known = with_list(turn, field, was.get(field.name))
        told = {"was": shown_answer(known, was.get(field.name) or "—"), "now": shown_answer(known, answer or "—")}
        said = phrase("correction.made", name=turn.person.name, field=field.label, **told)
        if field.secret:
            said = phrase("secret.changed", name=turn.person.name, field=field.label)
        relay.in_threads(turn, goes_on.id, said, fold=redaction.correction_fold(field.name))
    cards.refresh_cards(turn, turn.tx.tickets.get(goes_on.id))


def form_that_knows(turn: Turn, ticket: Ticket, answers: Answers) -> dict[str, int]:
    """Return which form a ticket has from now on, where an answer was chosen from a newer list than it was asked with."""
    form = load_form(turn.tx.requests.form(ticket.form_id))
    knows = knows_answers(turn, form, answers)
    if knows is form:
        return {}
    return {"form_id": turn.tx.requests.form_id(knows.name, knows.digest, knows.dump(), turn.now)}


def recount_priority(turn: Turn, ticket: Ticket, was: Answers, goes_on: Ticket) -> None:
    """Let the priority follow what is said of impact and urgency now; what an agent has set stays, unless an agent says it."""
    kind = turn.tx.requests.type_name(ticket.request_type_id)
    before, now = (turn.rules.priority_of(kind, answers) for answers in (was, ticket.answers))
    set_by = [one.person_id for one in turn.tx.story.entries(ticket.id) if one.action is Action.SET_PRIORITY]
    own = bool(set_by) and set_by[-1] is not None  # by an agent; by nobody where it was counted
    by_team = ticket.requester_id != turn.person.id
    if now in (None, before, ticket.priority) or not ticket.active or (own and not by_team):
        return
    change_ticket(turn, ticket, action=Action.SET_PRIORITY, by=None, priority=now)
    said = phrase("impact.counted", name=turn.person.name, priority=phrase(f"priority.{now}"))
    relay.in_threads(turn, goes_on.id, said, fold="impact")


def follow_first_words(turn: Turn, ticket: Ticket, was: str) -> None:
    """Let the answer that was a request's first words, or has them among its own, say what they say now."""
    form, now = load_form(turn.tx.requests.form(ticket.form_id)), turn.event.words.text.strip()
    answers = dict(ticket.answers)
    for field in form.visible(ticket.answers):
        answer = answers.get(field.name)
        if field.kind not in ("text", "long_text") or field.secret or not isinstance(answer, str):
            continue
        renewed = now if answer == was else spoken.with_replaced_lines(answer, was, now)
        if was and judge_answer(field, renewed)[1] is None:
            answers[field.name] = renewed
    if answers != ticket.answers:
        ticket = change_ticket(turn, ticket, answers=answers)
        redaction.renew_form_card(turn, ticket)
        cards.refresh_cards(turn, ticket)


def correct_draft(turn: Turn) -> bool:
    """Take an edited message for the answer it gave in a form that is still open; return whether it gave one."""
    native = [turn.event.place, turn.event.message]
    for draft in deletion.drafts_of(turn.tx.connection, turn.person.id):
        begun = DraftFacts.read(draft.facts).said
        if begun is not None and spoken.is_in(begun, [(turn.event.place, turn.event.message)]):
            _begin_otherwise(turn, draft, begun)
            return True
        typed = DraftFacts.read(draft.facts).typed
        name = next((each for each, natives in typed.items() if list(natives[-1]) == native), "")
        field = load_form(turn.tx.requests.form(draft.form_id)).field(name) if name in draft.answers else None
        if field is not None:
            _correct(turn, draft, field)
            return True
    return False


def _begin_otherwise(turn: Turn, draft: Draft, begun: Said) -> None:
    """Let a form that was begun with the words that were edited say what they say now."""
    now = spoken.with_rewritten_piece(begun, (turn.event.place, turn.event.message), {"words": as_data(turn.event)[0]})
    was, text = str(begun["words"]["text"]).strip(), str(now["words"]["text"]).strip()
    answers = {name: text if answer == was and was else answer for name, answer in draft.answers.items()}
    told = answers != draft.answers
    draft = replace(draft, answers=answers, facts={**draft.facts, "said": now})
    turn.tx.drafts.save(draft, turn.now)
    if told and draft.card is not None and draft.place == turn.here[0].lane:
        form_dialog.show_step(turn, draft, load_form(turn.tx.requests.form(draft.form_id)))


def _correct(turn: Turn, draft: Draft, field: Field) -> None:
    kept, wrong = judge_own_answer(turn, turn.person, field, turn.event.words.text)
    if wrong is None:
        draft = replace(draft, answers={**draft.answers, field.name: kept})
        turn.tx.drafts.save(draft, turn.now)
    if draft.card is not None and draft.place == turn.here[0].lane:
        form = load_form(turn.tx.requests.form(draft.form_id))
        form_dialog.show_step(turn, draft, form, wrong=wrong, typed=turn.event.words.text if wrong else "")


def shown_answer(field: Field, answer: Any) -> Any:
    """Return an answer as a phrase may say it: an option's label in each language, all else as it was typed."""
    return field.options.get(answer, str(answer))
