"""What people ask about themselves: start, help, their requests, their language."""

import re

from handlers.articles import browsing
from handlers.requester import amending, on_behalf, visiting
from handlers.tickets import plans, relay, request_types, ticket_list, which_request
from handlers.tickets.guest_links import LINK
from handlers.tickets.parties import end_part, within_reopen_window
from handlers.tickets.readable import Readable, own_ticket, readable_all, readable_ticket
from handlers.tickets.ticket_list import PAGE
from handlers.tickets.visits import show_visit
from handlers.turns import form_dialog, form_view
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import OWN
from handlers.vocabulary.forms import load_form
from handlers.vocabulary.messages import Button, Kind, Phrase, RichText, bold_text, button_column, button_row, phrase
from handlers.vocabulary.translations import LANGUAGES, NAMES
from storage.lifecycle import Refused
from storage.models import Role

on = Routes()

FOLLOWED = ("req_", "faq_")  # deep-link payloads: a request type, an article


@on.command("start")
def start(turn: Turn) -> None:
    """A greeting with what can be done; a link may lead straight into a request. Who comes back sees the request they have."""
    payload = turn.event.value.strip()
    if payload.startswith("req_"):
        request_types.begin_request(turn, kind=payload.removeprefix("req_"))
        return
    if payload.startswith(LINK) and on_behalf.adopt_guest_by_link(turn, payload.removeprefix(LINK)):
        return
    if payload.startswith("faq_"):
        browsing.open_linked_article(turn, payload.removeprefix("faq_"))
        return
    parts: list[Phrase] = [phrase("start.hello", name=turn.person.name), phrase("start.how")]
    active = [t for t in own_page(turn, 5) if t.active]
    if active:
        parts.append(phrase("start.active", ticket=active[0].number))
    turn.say(
        *parts,
        buttons=button_row(
            presses.NewRequest("anew").button(phrase("button.new")), presses.MyRequests().button(phrase("button.mine"))
        ),
    )


@on.press(presses.MyRequests, audiences=OWN)
@on.command("my", audiences=OWN)
def my(turn: Turn) -> None:
    """The person's own requests, the active ones first, page by page."""
    pressed = turn.event.kind is Kind.PRESS and turn.event.value
    offset = int(turn.event.value) if pressed else 0
    found = own_page(turn, PAGE, offset)
    visits = visiting.visit_buttons(turn) if not offset else []
    if not found and not offset:
        new = presses.NewRequest("anew").button(phrase("button.new"))
        said = phrase("guest.only" if visits else "my.none")
        turn.say(said, buttons=(*button_column(*visits), *button_row(new)))
        return
    own = (presses.MyRequest(view.number).button(brief_line(turn, view)) for view in found)
    listed = button_column(*own, *visits)
    more = bool(turn.tx.tickets.of_requester(turn.person.id, 1, offset + PAGE))
    moves = ticket_list.page_buttons(lambda at: presses.MyRequests(str(at)), offset, more=more)
    where = [phrase("my.page", page=offset // PAGE + 1)] if moves else []
    shown = turn.shown.outgoing_id if turn.shown and pressed else None
    turn.say(phrase("my.title"), *where, buttons=(*listed, *moves), edits=shown)


def own_page(turn: Turn, most: int, offset: int = 0) -> list[Readable]:
    """Return the person's requests as they may read them, the active ones first."""
    found = readable_all(turn, turn.tx.tickets.of_requester(turn.person.id, most, offset))
    return sorted(found, key=lambda view: not view.active)


def brief_line(turn: Turn, view: Readable) -> str:
    """Return a requester's ticket on one line."""
    status = turn.text(view.status, turn.reader(turn.person))
    return f"#{view.number} {status} · {which_request.first_words(view.summary)}"


@on.press(presses.MyRequest)
@on.command("status")
def status(turn: Turn) -> None:
    """Where a request stands: /status 1042."""
    word = turn.event.value.strip().removeprefix("#")
    found = own_page(turn, 1)
    if not re.fullmatch("[0-9]+", word) and (word or not found):
        raise Refused("usage", usage="/status 1042")
    ticket = turn.tx.tickets.get(int(word[:30]) if word else found[0].number)
    if any(each.ticket == ticket.id for each in turn.tx.guests.invited(turn.person.id)):
        show_visit(turn, ticket, turn.person)
        return
    own = ticket.requester_id == turn.person.id
    if not own and not turn.person.may(Role.AGENT):
        raise Refused("no_ticket", ticket=word)
    view = readable_ticket(turn, own_ticket(turn, ticket.id) if own else ticket)
    parts: list[Phrase | RichText] = [
        bold_text(f"#{view.number} · {request_types.type_title(turn, view.type_id, turn.here[1])}"),
        own_answers(turn, view) if own else RichText(view.summary),
        phrase("status.line", status=view.status, since=view.since),
    ]
    if view.agent:
        parts.append(phrase("status.agent", agent=view.agent))
    planned = plans.plan_ahead(turn, turn.tx.related.heir(ticket))
    if planned is not None and view.active:
        parts.append(phrase("status.plan", when=plans.span_of(planned)))
    turn.say(*parts, buttons=own_buttons(turn, view) if own else (), ticket=view.number)


def own_answers(turn: Turn, view: Readable) -> RichText:
    """Return what a requester has said in their request's form, or its first words where that is nothing."""
    form = load_form(turn.tx.requests.form(view.form_id))
    return form_view.answers_summary(form, view.answers, turn.here[1], turn) or RichText(view.summary)


def own_buttons(turn: Turn, view: Readable) -> tuple[tuple[Button, ...], ...]:
    """Return what a requester may do with their request."""
    if view.active and view.can_end:
        change = [presses.Amend(view.number).button(phrase("amend.button"))] if amending.has_fields(turn, view) else []
        return button_row(*change, presses.Withdraw(view.number).button(phrase("button.withdraw"), danger=True))
    if within_reopen_window(turn, view):
        return button_row(presses.StillNotSolved(view.number).button(phrase("button.reopen")))
    return ()


@on.press(presses.Withdraw)
def withdraw(turn: Turn) -> None:
    """The requester needs no help any more: their request is closed, and the team sees it."""
    number = turn.pressed(presses.Withdraw).ticket
    ticket = end_part(turn, own_ticket(turn, number))
    shown = turn.shown.outgoing_id if turn.shown else None
    turn.say(phrase("own.withdrawn", ticket=number), edits=shown, ticket=number)
    if not ticket.active:
        relay.to_threads(turn, ticket, "thread.withdrawn")


@on.command("language")
def language(turn: Turn) -> None:
    """The languages there are, each in itself."""
    wanted = turn.event.value.strip().lower()
    if wanted in LANGUAGES:
        choose_language(turn, wanted)
        return
    turn.say(
        phrase("language.ask"), buttons=button_row(*(presses.Speak(code).button(NAMES[code]) for code in LANGUAGES))
    )


@on.press(presses.Speak)
def speak(turn: Turn) -> None:
    """The desk speaks this language to the person from now on."""
    language = turn.pressed(presses.Speak).language
    if language in LANGUAGES:
        choose_language(turn, language)


def choose_language(turn: Turn, code: str) -> None:
    """Keep the language and say so in it."""
    turn.tx.people.choose(turn.person.id, language=code)
    turn.actor = turn.tx.people.of_account(turn.person.account_id)
    turn.say(
        phrase("language.chosen", name=NAMES[code]),
        edits=turn.shown.outgoing_id if turn.event.interaction and turn.shown else None,
    )


@on.command("cancel")
def cancel(turn: Turn) -> None:
    """The dialog under way here is given up; nothing else is touched."""
    draft = turn.tx.drafts.at(turn.person.id, turn.here[0].lane)
    if draft is None:
        turn.say(phrase("cancel.nothing"))
        return
    form_dialog.cancel_draft(turn, draft)
    if draft.card is not None:
        turn.say(phrase("form.cancelled"))


@on.command("me", role=Role.AGENT)
def me(turn: Turn) -> None:
    """Who the desk takes the agent for."""
    turn.whisper(phrase("me", name=turn.person.name, role=phrase(f"role.{turn.person.role}")))
