"""``/history``: a ticket's whole story as one page to read, keep or print; a requester's own without what is the team's."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from handlers.agent import tags_and_time
from handlers.tickets import details, plans, request_types, status_names
from handlers.tickets.cards import MARK
from handlers.tickets.readable import own_ticket, readable_entries, readable_messages, readable_ticket
from handlers.turns import form_view, pages
from handlers.turns.crossing import file_link
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_or_here
from handlers.turns.turn import Turn
from handlers.vocabulary.deferred import StoryArgs, deferred_attachment
from handlers.vocabulary.forms import load_form
from handlers.vocabulary.messages import Phrase, phrase
from handlers.vocabulary.stored_text import content_title, files_of, words_of
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Action, Refused
from storage.models import Role
from storage.tickets.guests import Visit
from storage.tickets.helpers import Helped
from storage.tickets.history import Before, Entry
from storage.tickets.messages import TicketMessage
from storage.tickets.plans import Plan
from storage.tickets.tags_and_time import Spent
from storage.tickets.tickets import Ticket

on = Routes()

USAGE = "/history 42"

SAID = (Action.REPLY, Action.REPLY_AND_WAIT, Action.FOLLOW_UP, Action.NOTE)  # stand there in their own words


@dataclass(frozen=True, slots=True)
class HistoryView:
    """Who reads: in which words and zone, and whether what is the team's."""

    turn: Turn
    reader: Locale
    whole: bool

    def say(self, said: Phrase | str) -> str:
        """Return a phrase in the reader's words."""
        return self.turn.text(said, self.reader)

    def at(self, moment: datetime) -> str:
        """Return a time with its day and year."""
        local = moment.astimezone(ZoneInfo(self.reader.zone))
        return format_datetime(local, "d MMM yyyy, HH:mm", locale=self.reader.language)


@on.command("history")
def history(turn: Turn) -> None:
    """The whole story of a request as a file: /history 42; a requester gets that of their own."""
    ticket, reader, team = history_ticket(turn), turn.here[1], turn.person.may(Role.AGENT)
    args: StoryArgs = {
        "ticket": ticket.id,
        "whole": team,
        "language": reader.language,
        "zone": reader.zone,
        "person": turn.person.id,
    }
    file = deferred_attachment("document", f"request-{ticket.id}.html", "text/html", "history", args)
    turn.say(phrase("history.here", ticket=ticket.id), files=(file,), ticket=ticket.id)


def history_ticket(turn: Turn) -> Ticket:
    """Return the ticket that is meant: by number, by the thread, or in a private chat the one talked about last."""
    number = number_or_here(turn, turn.event.value.strip(), USAGE)
    if number is None:
        mine = turn.tx.tickets.of_requester(turn.person.id, 1) if turn.channel is None else []
        if not mine:
            raise Refused("usage", usage=USAGE)
        return own_ticket(turn, mine[0].id)
    return turn.tx.tickets.get(number) if turn.person.may(Role.AGENT) else own_ticket(turn, number)


def page_of(seen: HistoryView, ticket: Ticket) -> Callable[[], str]:
    """Read a ticket's story, and return what draws it as a page without reading any more."""
    kind = request_types.type_title(seen.turn, ticket.request_type_id, seen.reader)
    title = f"#{ticket.id} · {kind}"
    head, happened = ticket_facts(seen, ticket), history_events(seen, ticket)
    at = ticket.forgotten_at
    forgotten = [pages.html_element("p", seen.say(phrase("history.forgotten", at=seen.at(at))), "did")] if at else []

    def draw() -> str:
        told = (drawn() for _, drawn in sorted(happened, key=lambda event: event[0]))
        body = [pages.html_element("h1", title), pages.html_block("dl", head), *forgotten, *told]
        return pages.html_page(seen.reader.language, title, body)

    return draw


def ticket_facts(seen: HistoryView, ticket: Ticket) -> list[str]:
    """Return what a ticket is, a pair a line."""
    turn = seen.turn
    requester = turn.tx.people.of_account(ticket.account_id)
    view = readable_ticket(turn, ticket)
    status = status_names.status_of(turn, ticket) if seen.whole else view.status
    pairs: list[tuple[Phrase | str, Phrase | str]] = [
        (phrase("history.requester"), requester.name),
        (phrase("history.status"), _called(seen, status)),
        (phrase("history.registered"), seen.at(ticket.created_at)),
    ]
    agent = turn.tx.tickets.name(ticket.agent_id) if seen.whole and ticket.agent_id is not None else view.agent
    if agent:
        pairs.append((phrase("history.agent"), agent))
    pairs += form_answers(seen, ticket)
    pairs += planned_times(seen, ticket)
    if seen.whole:
        stuck = turn.tx.labelled.of(ticket.id)
        pairs.append((phrase("history.priority"), phrase(f"priority.{ticket.priority}")))
        if stuck.tags:
            pairs.append((phrase("history.tags"), " ".join(f"#{tag}" for tag in stuck.tags)))
        if stuck.minutes:
            pairs.append((phrase("history.time"), tags_and_time.minutes_in_words(stuck.minutes)))
    return [
        pages.html_element("dt", seen.say(name)) + pages.html_element("dd", seen.say(value)) for name, value in pairs
    ]


def _called(seen: HistoryView, status: status_names.Called) -> str:
    if isinstance(status, str | Phrase):
        return seen.say(status)
    return form_view.label_text(status, seen.reader, seen.turn)


def form_answers(seen: HistoryView, ticket: Ticket) -> list[tuple[Phrase | str, Phrase | str]]:
    """Return what the request's form asked and was told; for the team also what the team has answered."""
    form = load_form(seen.turn.tx.requests.form(ticket.form_id))
    return [
        (
            form_view.label_text(field.label, seen.reader, seen.turn),
            form_view.answer_text(field, ticket.answers[field.name], seen.reader, seen.turn),
        )
        for field in (
            *form.visible(ticket.answers),
            *(details.answered_fields(seen.turn, ticket) if seen.whole else ()),
        )
        if ticket.answers.get(field.name) not in (None, "") and field.kind != "file" and field.name != "type"
    ]


def planned_times(seen: HistoryView, ticket: Ticket) -> list[tuple[Phrase | str, Phrase | str]]:
    """Return what was planned: for the team all of it, also what is off; for its requester what stands, as they were told."""
    turn = seen.turn
    if seen.whole:
        return [
            (phrase("history.plan"), _planned(seen, one, plans.place_line(one), one.note))
            for one in turn.tx.plans.of(ticket.id)
        ]
    goes_on = turn.tx.related.heir(ticket)
    standing = turn.tx.plans.standing(goes_on.id) if ticket.ended_at is None else None
    if standing is None:
        return []
    return [(phrase("history.plan"), _planned(seen, standing, plans.place_told(turn, goes_on, standing), ""))]


def _planned(seen: HistoryView, plan: Plan, where: str, note: str) -> str:
    when = seen.say(phrase("card.plan", when=plans.span_of(plan), mark=plans.MARKS[plan.answer]))
    text = " ".join(filter(None, (when, where.strip(), f"📝 {note}" if note else "")))
    return seen.say(phrase("history.plan_off", plan=text)) if plan.ended_at is not None else text


def history_events(seen: HistoryView, ticket: Ticket) -> list[tuple[datetime, Callable[[], str]]]:
    """Return what was said and done, each with what draws it."""
    turn, story = seen.turn, seen.turn.tx.story
    messages = story.said(ticket.id) if seen.whole else readable_messages(turn, ticket)
    messages = [] if ticket.forgotten_at else messages  # there is nothing in them
    entries = story.entries(ticket.id) if seen.whole else readable_entries(turn, ticket)
    before = story.before(ticket.id) if seen.whole else {}
    spent = turn.tx.labelled.spent(ticket.id) if seen.whole else []
    names = {entry.facts["to"]: turn.tx.tickets.name(int(entry.facts["to"])) for entry in entries if _given(entry)}
    told = [(said.at, partial(render_message, seen, said, name, before.get(said.id, ()))) for said, name in messages]
    done = [(entry.at, partial(_done, seen, entry, names)) for entry in entries if entry.action not in SAID]
    timed = [(each.at, partial(_timed, seen, each)) for each in spent]
    if not seen.whole:
        return [*done, *told, *timed]
    helpers, guests = turn.tx.helpers.all(ticket.id), turn.tx.guests.all(ticket.id)
    helped = comings_and_goings(seen, helpers, "history.helps", "history.helps_no_more")
    visited = comings_and_goings(seen, guests, "history.guest", "history.guest_no_more")
    return [*done, *told, *timed, *helped, *visited]


def comings_and_goings(
    seen: HistoryView, people: Iterable[Helped | Visit], came: str, went: str
) -> list[tuple[datetime, Callable[[], str]]]:
    """Return who came to a ticket when, and who was gone since when; ``came`` and ``went`` are what is said of it."""
    found: list[tuple[datetime, Callable[[], str]]] = []
    for each in people:
        found.append((each.at, partial(_helping, seen, each.at, each.name, came)))
        if each.ended_at is not None:
            found.append((each.ended_at, partial(_helping, seen, each.ended_at, each.name, went)))
    return found


def _helping(seen: HistoryView, at: datetime, name: str, said: str) -> str:
    return pages.html_element("p", f"{seen.at(at)} · {name}: {seen.say(phrase(said))}", "did")


def _given(entry: Entry) -> bool:
    """Return whether an entry says to whom a ticket was given."""
    return entry.action is Action.ASSIGN and entry.facts.get("to") is not None


def _done(seen: HistoryView, entry: Entry, names: Mapping[int, str]) -> str:
    return pages.html_element("p", render_act(seen, entry, names), "did")


def _timed(seen: HistoryView, each: Spent) -> str:
    return pages.html_element("p", f"{seen.at(each.at)} · {each.name}: ⏱ {_signed(each.minutes)}", "did")


def _signed(minutes: int) -> str:
    return tags_and_time.minutes_in_words(minutes) if minutes >= 0 else f"−{tags_and_time.minutes_in_words(-minutes)}"


def render_message(seen: HistoryView, said: TicketMessage, name: str, before: Sequence[Before]) -> str:
    """Return a message: who, when, the words with what they were before, and what was sent with them."""
    marks = [seen.say(phrase("history.edited", at=seen.at(said.edited_at)))] if said.edited_at else []
    if said.deleted_at:
        marks.append(seen.say(phrase("history.deleted", at=seen.at(said.deleted_at))))
    head = pages.html_element("span", f"{MARK[said.kind]} {name}") + pages.html_element(
        "span", " · ".join([seen.at(said.at), *marks]), "at"
    )
    old = (pages.html_block("div", [pages.html_element("del", words_of(each.words).text)], "words") for each in before)
    words = pages.html_block(
        "div", [pages.html_words(words_of(said.words))], "words gone" if said.deleted_at else "words"
    )
    files = (
        pages.html_block("div", [pages.html_words(file_link(file))])
        if file.kind == "link"
        else pages.html_element("div", f"📎 {file.name or seen.say(content_title(file))}")
        for file in files_of(said.files)
    )
    return pages.html_block("article", [pages.html_block("header", [head]), *old, words, *files], said.kind.value)


def render_act(seen: HistoryView, entry: Entry, names: Mapping[int, str]) -> str:
    """Return what somebody did, on one line."""
    who = entry.name or seen.say(phrase("history.desk"))
    action = seen.say(phrase(f"action.{entry.action}"))
    if entry.action is Action.APPROVAL and entry.facts.get("state"):
        action = seen.say(phrase(f"approval_step.{entry.facts['state']}"))
    if entry.action is Action.BREACH and (target := entry.facts.get("target")):
        action = f"{action}: {seen.say(phrase(f'target.{target}'))}"
    whom = f" → {names[entry.facts['to']]}" if _given(entry) else ""
    moved = f" ({entry.was} → {entry.now})" if seen.whole and entry.was and entry.was != entry.now else ""
    return f"{seen.at(entry.at)} · {who}: {action}{whom}{moved}"
