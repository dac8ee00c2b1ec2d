"""The stop-list: whom the desk does not serve, for how long and why; they are told, and nobody else is bothered."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers.tickets import approval_stand_ins, guesting
from handlers.turns import confirmations, form_dialog, naming, permissions
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import Audience
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.durations import read_duration
from handlers.vocabulary.forms import Field, Form
from handlers.vocabulary.messages import Kind, button_column, phrase
from handlers.vocabulary.translations import utc_of_iso
from storage.lifecycle import Refused
from storage.models import Role, StateKind
from storage.people.bans import Ban
from storage.people.people import Person

on = Routes()

AGAIN = timedelta(hours=24)  # after which a banned person is told once more
REASON = 200  # characters
HEARD = (Kind.TEXT, Kind.COMMAND, Kind.PRESS, Kind.SUBMIT)
FORM = Form(
    "ban",
    {"": "ban.title"},
    (
        Field("who", {"": "ban.who"}, hint={"": "ban.who_hint"}),
        Field("length", {"": "ban.length"}, hint={"": "ban.length_hint"}, required=False),
        Field("reason", {"": "ban.reason"}, hint={"": "ban.reason_hint"}, limit=REASON),
    ),
    review=False,
)


def kept_out(turn: Turn) -> bool:
    """Return whether the actor is not served now; whoever says something is told why, once a day."""
    if turn.actor is None or turn.actor.may(Role.AGENT):
        return False
    banned = turn.tx.bans.of(turn.actor.id, turn.now)
    if banned is None:
        return False
    if turn.event.kind in HEARD and turn.audience is Audience.ALONE and not told_lately(turn, banned):
        said = "banned.until" if banned.until else "banned"
        turn.say(phrase(said, reason=banned.reason, until=banned.until))
    return True


def told_lately(turn: Turn, banned: Ban) -> bool:
    """Return whether they know of this ban; from now on they do."""
    told = turn.tx.states.get(banned.person_id, StateKind.BAN_TOLD, turn.now)
    if told and utc_of_iso(told["at"]) >= banned.at:
        return True
    value = {"at": turn.now.isoformat()}
    turn.tx.states.put(banned.person_id, StateKind.BAN_TOLD, turn.now + AGAIN, value=value)
    return False


@on.command("ban", role=Role.ADMIN)
def ban(turn: Turn) -> None:
    """Somebody is not served for a while: /ban @ann 7d advertising; in a ticket's thread its requester; alone: the list."""
    said = naming.command_value(turn)
    if not said.strip() and turn.number is None:
        list_bans(turn)
        return
    person, rest = banned_person_argument(turn, said)
    length = read_duration(rest[0]) if rest else None
    reason = " ".join(rest[1:] if length else rest)[:REASON]
    if not reason and not permissions.strongest_account(turn, person).may(Role.AGENT):
        raise Refused("usage", usage="/ban @name 7d …")
    propose_ban(turn, person, length, reason)


def list_bans(turn: Turn) -> None:
    """Show who is not served now, with a button that ends it, and one that adds somebody."""
    held = turn.tx.bans.all(turn.now)
    told = [
        phrase("ban.line.until" if one.until else "ban.line", name=one.name, until=one.until, reason=one.reason)
        for one in held
    ]
    lift = (presses.Unban(one.person_id).button(phrase("ban.lift", name=one.name)) for one in held)
    turn.say(
        *(told or [phrase("ban.nobody")]), buttons=button_column(*lift, presses.AskBan().button(phrase("rules.add")))
    )


@on.press(presses.AskBan, role=Role.ADMIN)
def add(turn: Turn) -> None:
    """Somebody is to be kept out: who, for how long and why is asked."""
    form_dialog.open_form(continue_in_private(turn), FORM)


@on.submit("ban", role=Role.ADMIN)
def submitted(turn: Turn) -> None:
    """What was asked is shown once more before it is done; who nobody knows, or a length that is none, is asked again."""
    answers = turn.event.answers
    said = str(answers.get("length") or "")
    length = read_duration(said) if said else None
    try:
        person, _ = banned_person_argument(turn, str(answers["who"]), whole=True)
        if said and length is None:
            raise Refused("length", word=said)
    except Refused as refusal:
        turn.say(phrase(f"refused.{refusal.reason}", **refusal.facts))
        wrong = "length" if refusal.reason == "length" else "who"
        form_dialog.open_form(turn, FORM, answers={name: given for name, given in answers.items() if name != wrong})
        return
    propose_ban(turn, person, length, str(answers["reason"]))


def propose_ban(turn: Turn, person: Person, length: timedelta | None, reason: str) -> None:
    """Show whom the desk would not serve, until when and why."""
    if permissions.strongest_account(turn, person).may(Role.AGENT):
        raise Refused("ban_team", name=person.name)
    until = turn.now + length if length else None
    facts = {"who": person.id, "until": until.isoformat() if until else "", "reason": reason}
    told = phrase("ban.would.until" if until else "ban.would", until=until, reason=reason)
    title = phrase("rules.would_change", name=person.name)
    confirmations.show_proposal(
        turn, "ban", facts, naming.identity_line(person), told, title=title, command="ban", danger=True
    )


def apply_ban(turn: Turn, facts: Mapping[str, Any]) -> None:
    """They are not served from now on: ``facts`` are {"who", "until" (ISO, None: until lifted), "reason"}."""
    person = permissions.person_of_button(turn, facts["who"])
    if permissions.strongest_account(turn, person).may(Role.AGENT):
        raise Refused("ban_team", name=person.name)
    until: datetime | None = utc_of_iso(facts["until"]) if facts["until"] else None
    reason = str(facts["reason"])
    turn.tx.bans.put(person.id, reason=reason, until=until, by=turn.person.id, at=turn.now)
    guesting.end_visits(turn, person.id)
    turn.audit(Deed.BANNED, who=person.id, until=facts["until"])
    approval_stand_ins.refresh_waiting(turn, person.id)
    said = phrase("ban.done.until" if until else "ban.done", name=person.name, until=until, reason=reason)
    confirmations.settle_proposal(turn, said)


@on.command("unban", role=Role.ADMIN)
def unban(turn: Turn) -> None:
    """Somebody is served again: /unban @ann."""
    ask_whether_again(turn, banned_person_argument(turn, naming.command_value(turn))[0])


@on.press(presses.Unban, role=Role.ADMIN)
def lift(turn: Turn) -> None:
    """Whoever is on the button is to be served again."""
    ask_whether_again(turn, permissions.person_of_button(turn, turn.pressed(presses.Unban).person))


def ask_whether_again(turn: Turn, person: Person) -> None:
    """Show whose ban would end, and what it was for."""
    held = turn.tx.bans.of(person.id, turn.now)
    if held is None:
        raise Refused("not_banned", name=person.name)
    told = phrase("ban.again.until" if held.until else "ban.again", until=held.until, reason=held.reason)
    title = phrase("rules.would_change", name=person.name)
    who = naming.identity_line(person)
    confirmations.show_proposal(turn, "unban", {"who": person.id}, who, told, title=title, command="unban")


def lift_ban(turn: Turn, facts: Mapping[str, Any]) -> None:
    """They are served again: ``facts`` are {"who"}."""
    person = permissions.person_of_button(turn, facts["who"])
    if not turn.tx.bans.lift(person.id):
        raise Refused("not_banned", name=person.name)
    turn.audit(Deed.UNBANNED, who=person.id)
    approval_stand_ins.refresh_waiting(turn, person.id)
    confirmations.settle_proposal(turn, phrase("ban.lifted", name=person.name))


def banned_person_argument(turn: Turn, said: str, *, whole: bool = False) -> tuple[Person, list[str]]:
    """Return who is meant and the words that follow: named, a ticket's requester by its number, or by the thread.

    ``whole``: the text is nothing but a name.
    """
    words = said.split()
    first = words[0] if words else ""
    number = number_in(first) if first.startswith("#") or first.isdigit() else None
    named = first.startswith("@") or naming.is_account(turn, first)
    if number is None and not named and turn.number is not None:
        return turn.tx.people.of_account(turn.tx.tickets.get(turn.number).account_id), words
    if number is not None:
        return turn.tx.people.of_account(turn.tx.tickets.get(number).account_id), words[1:]
    return naming.person_named(turn, said, whole=whole)
