"""Registering a request: for oneself or for somebody else, and what happens when its form is submitted."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.articles import remarks
from handlers.requester import beside_request, on_behalf, open_question
from handlers.tickets import assets, assignment, cards, expected_response, notices
from handlers.tickets.registration import assign_by_rules, write_down
from handlers.tickets.request_types import begin_request
from handlers.turns import form_view
from handlers.turns.permissions import must_may
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.forms import Form, load_form
from handlers.vocabulary.messages import button_row, phrase
from handlers.vocabulary.stored_text import message_pieces
from handlers.vocabulary.text import beginning_of
from kb import courtesy, leads_in
from storage.models import MessageKind, Role
from storage.people.people import Person
from storage.queues.spoken import NOTHING_SAID, Said, StoredFile
from storage.tickets.secret_answers import DOTS
from storage.tickets.tickets import Ticket
from storage.types import Answers

on = Routes()

SUMMARY = 140  # characters of the first words that stand for the whole in lists


@on.press(presses.NewFor, role=Role.AGENT, act="new")
@on.press(presses.NewForGuest, role=Role.AGENT, act="new")
def chosen(turn: Turn) -> None:
    """Whom an agent's request is for was chosen among those of a name."""
    begin_for(on_behalf.turn_for_chosen_person(turn))


def begin_for(theirs: Turn | None) -> None:
    """Open the request dialog for somebody else, unless it is still asked for whom."""
    if theirs is not None:
        begin_request(theirs, about=theirs.event.about)


@on.command("new")
def new(turn: Turn) -> None:
    """The request dialog opens; a half-filled one is offered first. An agent may ask for somebody else: /new @ann."""
    if on_behalf.is_meant(turn):
        must_may(turn, "new")
        begin_for(on_behalf.turn_for_named_person(turn))
        return
    address, _ = turn.here
    modal, quoted = turn.event.modal, turn.event.quoted
    draft = turn.tx.drafts.at(turn.person.id, address.lane)
    begun = draft is not None and draft.answers and (draft.card is not None or not modal)
    if draft is not None and begun and not quoted and turn.event.value != "anew":
        buttons = button_row(
            presses.ResumeDraft(draft.id).button(phrase("form.resume")),
            presses.NewRequest("anew").button(phrase("form.anew")),
        )
        turn.say(phrase("form.unfinished"), buttons=buttons)
        return
    if modal:  # a window opens at once, with the message in it that it was asked for on
        begin_request(turn, said={"words": {"text": quoted, "spans": []}, "files": []})
    else:
        verdict, said = open_question.taken_along(turn)
        begin_request(turn, said=said, about=DraftFacts(verdict=verdict or None))


@on.submit("request")
def register(turn: Turn) -> None:
    """The request gets its number, a card in every team channel, and its requester a word about when to expect an answer."""
    about, given = turn.event.about, turn.event.submission
    assert given is not None
    assert given.form is not None
    answers = dict(given.answers)
    files = answers.pop(form_view.FILES, [])
    kind = turn.tx.requests.latest(answers["type"])
    form, person = load_form(turn.tx.requests.form(given.form)), on_behalf.form_requester(turn)
    answers, secrets = kept_apart(form, answers)
    text = first_words(form, answers)
    group = assignment.group_of(turn, kind.name, text, person.id)
    priority = turn.rules.priority_of(kind.name, answers) or kind.priority
    ticket = write_down(
        turn,
        person,
        kind,
        given.form,
        answers,
        summary=summary_of(turn, text),
        group=group,
        priority=priority,
        previous_id=about.previous,
        form_card=given.card if form.review else None,
    )
    keep_secret_answers(turn, ticket, secrets)
    assets.tie_assets(turn, ticket)
    first = typed_words(form, answers, text, about)
    keep_what_was_said(turn, ticket, about, text, files, first)
    keep_typed_answers(turn, ticket, form, about, but=first)
    if about.verdict:
        turn.tx.records.outcome(about.verdict, "handoff", ticket.id)
    cards.refresh_cards(turn, ticket)
    tell_registered(turn, ticket, person, about)
    notices.request_notice(turn, ticket)
    assign_by_rules(turn, ticket)


def keep_secret_answers(turn: Turn, ticket: Ticket, secrets: Mapping[str, str]) -> None:
    """Keep the secret answers of a request apart, by the names of their fields."""
    for name, value in secrets.items():
        turn.tx.secrets.keep(ticket.id, name, value, turn.now)


def tell_registered(turn: Turn, ticket: Ticket, person: Person, about: DraftFacts) -> None:
    """Say the request's number and when to expect an answer; whoever asked for somebody else hears how they learn of it."""
    registered = (phrase("request.registered", ticket=ticket.id), *expected_response.promised_response(turn, ticket))
    if about.requester:
        turn.say(*on_behalf.registration_lines(turn, person, ticket.id))
        turn.tell(ticket, phrase("behalf.for_you", name=turn.person.name, summary=ticket.summary), *registered)
    else:
        turn.say(*registered, buttons=remarks.remark_row(turn, about.verdict), ticket=ticket.id)


def keep_first_words(
    turn: Turn,
    ticket: Ticket,
    said: Said,
    text: str,
    files: Sequence[StoredFile],
    typed: Sequence[Sequence[str]] = (),
) -> None:
    """Keep the words and files of the dialog as the ticket's first message; a reply will be anchored to what they wrote.

    ``typed`` are the native messages, place and id, in which these words were answered.
    """
    as_said = bool(text) and said["words"]["text"].strip() == text
    anew: Said = {**said, "words": {"text": text, "spans": []}, "files": files}
    parts = message_pieces(said) if as_said else [anew]
    theirs = [file for piece in parts for file in piece["files"] if file in files]
    later = [file for file in files if file not in theirs]  # sent while the form was filled
    for place, piece in enumerate(parts):
        kept = turn.tx.talk.add(
            ticket.id,
            ticket.requester_id,
            MessageKind.FOLLOW_UP,
            words=piece["words"],
            files=[*(file for file in piece["files"] if file in files), *([] if place else later)],
            at=turn.now,
        )
        written = [[piece["place"], piece["native"]]] if piece.get("native") else []
        for where, native in (*written, *(() if place else typed)):
            turn.tx.talk.written(where, native, kept, turn.now)


def keep_what_was_said(
    turn: Turn,
    ticket: Ticket,
    about: DraftFacts,
    text: str,
    files: Sequence[StoredFile],
    typed: Sequence[Sequence[str]],
) -> None:
    """Keep the words and files of the dialog; of one that was begun with another request's message, what it has beyond that."""
    moved = beside_request.move_apart(turn, about.apart, ticket) if about.apart else None
    if moved is None:
        keep_first_words(turn, ticket, about.said or NOTHING_SAID, text, files, typed)
        return
    more = "" if text == str(moved.words["text"]).strip() else text
    fresh = [file for file in files if file not in moved.files]
    if more or fresh:
        keep_first_words(turn, ticket, NOTHING_SAID, more, fresh, typed)


def keep_typed_answers(
    turn: Turn, ticket: Ticket, form: Form, about: DraftFacts, *, but: Sequence[Sequence[str]]
) -> None:
    """Keep which native messages answered the form's fields, beside those that are the ticket's first message."""
    typed = about.typed
    for name in (field.name for field in form.visible(ticket.answers) if ticket.answers.get(field.name)):
        for place, native in (each for each in typed.get(name, ()) if each not in but):
            turn.tx.talk.answered(place, native, ticket.id, name, turn.now)


def typed_words(form: Form, answers: Answers, text: str, about: DraftFacts) -> list[Sequence[str]]:
    """Return the native messages that answered with a request's first words, where it was asked question by question."""
    typed = about.typed
    same = [field.name for field in form.visible(answers) if answers.get(field.name) == text]
    return [native for name in same for native in typed.get(name, ())]


def kept_apart(form: Form, answers: Answers) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the answers with dots in the place of secret ones, and these by themselves."""
    secrets = {f.name: str(answers[f.name]) for f in form.visible(answers) if f.secret and answers.get(f.name)}
    hidden = {f.name for f in form.fields if f.secret}
    return {
        name: DOTS if name in secrets else "" if name in hidden else value for name, value in answers.items()
    }, secrets


def first_words(form: Form, answers: Answers) -> str:
    """Return the longest text of the dialog: what the person came with."""
    asked = [f for f in form.visible(answers) if f.kind in ("text", "long_text") and not f.secret]
    texts = [str(answers[f.name]) for f in asked if answers.get(f.name)]
    longs = [str(answers[f.name]) for f in form.visible(answers) if f.kind == "long_text" and answers.get(f.name)]
    return (longs or texts or [""])[0]


def summary_of(turn: Turn, text: str) -> str:
    """Return the first words of a request as lists show them."""
    return one_line(without_manners(text)) or turn.text(phrase("request.without_words"), turn.reader(turn.person))


def without_manners(text: str) -> str:
    """Return a text without the lines that only greet, thank or lead in, or as it is where nothing else is left."""
    lines = [line for line in text.split("\n") if not courtesy(line) and not leads_in(line)]
    return "\n".join(lines) if any(line.strip() for line in lines) else text


def one_line(text: str) -> str:
    """Return the beginning of a text on one line."""
    return beginning_of(" ".join(text.split()), SUMMARY)
