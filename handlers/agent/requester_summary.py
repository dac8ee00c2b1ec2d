"""``/who``: all that an agent may want to know of one person: their accounts, requests, ratings, time, and what was noted."""

from handlers.agent.tags_and_time import minutes_in_words
from handlers.tickets import cards, ticket_list
from handlers.turns import naming, permissions, recent_queries
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Message, Part, button_row, phrase
from handlers.vocabulary.stored_text import files_of, words_of
from storage.lifecycle import Refused
from storage.models import Role, StateKind
from storage.people.erased import is_erased
from storage.people.guests import is_guest
from storage.people.people import Person
from storage.tickets.requester_summary import RequesterSummary, notes_on_requester, summary_of_requester

on = Routes()

NOTES = 10  # the newest


@on.command("who", role=Role.AGENT)
def who(turn: Turn) -> None:
    """Everything about one person: /who ann, /who @ann, /who 42 for whoever made a request; in its thread /who alone."""
    person = requester_argument(turn)
    accounts = [each for each in turn.tx.people.by_account(person.id) if not is_erased(each.native)]
    if not accounts:
        turn.say(phrase("card.erased"))
        return
    found = turn.tx.tickets.of_requester(person.id, ticket_list.PAGE + 1)
    summary = summary_of_requester(turn.tx.connection, person.id)
    rows = ticket_list.ticket_buttons(turn, found[: ticket_list.PAGE])
    noted = presses.NotesOn(person.id).button(phrase("who.notes", n=summary.notes))
    turn.say(
        *account_lines(turn, accounts),
        *summary_lines(summary),
        title=f"👤 {person.name}",
        buttons=(
            *rows,
            *all_requests_buttons(turn, person, more=len(found) > ticket_list.PAGE),
            *(button_row(noted) if summary.notes else ()),
        ),
    )


def requester_argument(turn: Turn) -> Person:
    """Return whom the command names: by name, by the number of a request, or by the thread it is said in."""
    said = naming.command_value(turn).strip()
    number = number_in(said) if said else turn.number
    if number is not None:
        return turn.tx.people.of_account(turn.tx.tickets.get(number).account_id)
    if not said:
        raise Refused("usage", usage="/who @name")
    return naming.person_named(turn, said, whole=True, part=True)[0]


def account_lines(turn: Turn, accounts: list[Person]) -> list[Part]:
    """Return who somebody is on each messenger, of which company, and whether they can be written to."""
    lines: list[Part] = []
    for each in accounts:
        lines.append(naming.identity_line(each))
        if each.blocked_at is not None:
            lines.append(phrase("card.unreachable"))
    company = turn.tx.companies.of(accounts[0].id)
    if company is not None:
        lines.append(phrase("company.line", name=company.name))
    banned = turn.tx.bans.of(accounts[0].id, turn.now)
    if banned is not None:
        said = "ban.line.until" if banned.until else "ban.line"
        lines.append(
            phrase("who.banned", ban=phrase(said, name=accounts[0].name, until=banned.until, reason=banned.reason))
        )
    return lines


def summary_lines(summary: RequesterSummary) -> list[Part]:
    """Return what their requests add up to."""
    if not summary.requests:
        return [phrase("who.no_requests")]
    lines: list[Part] = [phrase("who.requests", n=summary.requests, active=summary.active)]
    if summary.rated:
        lines.append(phrase("who.rating", n=summary.rated, rating=f"{summary.stars / summary.rated:.1f}"))
    if summary.minutes:
        lines.append(phrase("who.time", time=minutes_in_words(summary.minutes)))
    return lines


def all_requests_buttons(turn: Turn, person: Person, *, more: bool) -> ticket_list.Rows:
    """Return the button that turns to the other requests, where there are more; a guest's word is nobody's to read."""
    if not more or is_guest(person.native):
        return ()
    asked = f"requester:{permissions.account_of(person)}"
    token = recent_queries.remember_query(turn, StateKind.FIND, asked)
    return ticket_list.page_buttons(lambda at: presses.FoundPage(at, token), 0, more=True)


@on.press(presses.NotesOn, role=Role.AGENT, act="who")
def notes(turn: Turn) -> None:
    """What the team has noted on somebody's requests, for whoever presses alone."""
    person = permissions.person_of_button(turn, turn.pressed(presses.NotesOn).person)
    alone = continue_in_private(turn, "read.in_private")
    address, reader = alone.here
    for one, author in notes_on_requester(turn.tx.connection, person.id, NOTES):
        shown = tuple(file for file in files_of(one.files) if file.kind != "other")
        title = f"{cards.MARK[one.kind]} {author} · #{one.ticket_id}"
        turn.send(address, reader, Message((words_of(one.words),), title, files=shown), ticket=one.ticket_id)
