"""One person on two messengers: a code asked for on one and given on the other, and a yes on both sides, join their accounts."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers.tickets import guesting
from handlers.turns import naming, permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import OWN
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Button, Chat, Message, Part, button_column, button_row, phrase
from handlers.vocabulary.translations import utc_of_iso
from storage.lifecycle import Refused
from storage.models import Role, StateKind
from storage.people import account_merge
from storage.people.people import Person

on = Routes()

VALID = timedelta(hours=1)  # of a code, and of a question
DAY = timedelta(days=1)  # in which a join can be undone, an admin may agree, and wrong codes are counted
TRIES = 5  # wrong codes a day
TOKEN = r"[0-9a-f]{8}"

# What is remembered under a name, each with "until": of a code {"account"}, of wrong codes {"n"}, of a question {"first",
# "second" (accounts), "said" (one side has said yes), "agreed" (both have)}, of a join {"keep", "gone", "was"}.
State = Mapping[str, Any]


# What is remembered meanwhile


def remember_link(turn: Turn, name: str, value: State, until: datetime, *, owner: int | None = None) -> None:
    """Keep something under a name until a time: of whoever it is of already, else of a person or of the actor."""
    whose = turn.tx.states.owner(StateKind.LINK, name, turn.now) or owner or turn.person.id
    turn.tx.states.put(whose, StateKind.LINK, until, value={**value, "until": until.isoformat()}, key=name)


def recall_link(turn: Turn, name: str, *, take: bool = False) -> State | None:
    """Return what is kept under a name and not over, perhaps so that it serves no second time."""
    owner = turn.tx.states.owner(StateKind.LINK, name, turn.now)
    if owner is None:
        return None
    found: State | None = (turn.tx.states.take if take else turn.tx.states.get)(
        owner, StateKind.LINK, turn.now, key=name
    )
    return found


# The code


@on.command("link", audiences=OWN)
def link(turn: Turn) -> None:
    """A code for the other messenger: /link there with this code asks both sides whether they are one person. Only in private."""
    code = turn.event.value.strip().lower()
    if code:
        accept_code(turn, code)
        return
    made = secrets.token_hex(5)
    remember_link(turn, f"code:{made}", {"account": turn.person.account_id}, turn.now + VALID)
    turn.say(phrase("link.code", code=made, minutes=int(VALID.total_seconds() // 60)))


def accept_code(turn: Turn, code: str) -> None:
    """A code was given: whoever gave it is shown whose it is, and asked; wrong ones are counted."""
    name = f"tries:{turn.person.id}"
    tries = recall_link(turn, name) or {"n": 0, "until": (turn.now + DAY).isoformat()}
    if tries["n"] >= TRIES:
        raise Refused("link_tries")
    known = recall_link(turn, f"code:{code}", take=True)
    other = turn.tx.people.account(known["account"]) if known else None
    if other is None:  # no refusal, which would undo the count
        remember_link(turn, name, {"n": tries["n"] + 1}, utc_of_iso(tries["until"]))
        turn.audit(Deed.LINK_REFUSED, tries=tries["n"] + 1)
        turn.say(phrase("refused.no_code"))
        return
    must_differ(turn, other)
    token = secrets.token_hex(4)
    remember_link(turn, f"ask:{token}", {"first": other.account_id, "second": turn.person.account_id}, turn.now + VALID)
    turn.say(*link_question(other), buttons=yes_or_no(token))


def must_differ(turn: Turn, other: Person) -> None:
    """Refuse to join somebody with themselves, or two accounts of one messenger."""
    if other.id == turn.person.id:
        raise Refused("link_already")
    mine, theirs = (messengers_of(turn, person) for person in (turn.person, other))
    if shared := mine & theirs:
        raise Refused("link_same", messenger=min(shared).capitalize())


def messengers_of(turn: Turn, person: Person) -> set[str]:
    """Return on which messengers somebody has accounts."""
    return {each.source.partition(":")[0] for each in turn.tx.people.by_account(person.id)}


# The question, on both sides


def link_question(other: Person) -> list[Part]:
    """Return what one side is asked about the other."""
    return [phrase("link.ask"), naming.identity_line(other)]


def yes_or_no(token: str) -> tuple[tuple[Button, ...], ...]:
    """Return the answers."""
    return button_row(
        presses.LinkYes(token).button(phrase("button.link_yes")), presses.LinkNo(token).button(phrase("button.link_no"))
    )


@on.press(presses.LinkYes)
def agreed(turn: Turn) -> None:
    """One side says yes: whoever gave the code first, then whoever asked for it; then they are one, or an admin is asked."""
    token = turn.pressed(presses.LinkYes).token
    asked = recall_link(turn, f"ask:{token}")
    me = turn.person.account_id
    if asked is None or me not in (asked["first"], asked["second"]) or asked.get("agreed"):
        raise Refused("expired")
    first, second = (turn.tx.people.of_account(asked[side]) for side in ("first", "second"))
    must_differ(turn, first if me == second.account_id else second)
    if me == second.account_id:
        remember_link(turn, f"ask:{token}", {**asked, "said": True}, utc_of_iso(asked["until"]))
        tell_privately(turn, first, *link_question(second), buttons=yes_or_no(token))
        settle_question(turn, "link.waiting")
    elif not asked.get("said"):
        raise Refused("expired")
    elif of_the_team(turn, first) or of_the_team(turn, second):
        ask_admins(turn, token, asked, first, second)
    else:
        join_accounts(turn, token, first, second)


@on.press(presses.LinkNo)
def declined(turn: Turn) -> None:
    """One side says no, or an admin: the accounts stay apart, and the other side hears it."""
    asked = recall_link(turn, f"ask:{turn.pressed(presses.LinkNo).token}", take=True)
    sides = (asked["first"], asked["second"]) if asked else ()
    if not asked or not (turn.person.account_id in sides or (asked.get("agreed") and turn.person.may(Role.ADMIN))):
        raise Refused("expired")
    turn.audit(Deed.LINK_DECLINED, accounts=list(sides))
    settle_question(turn, "link.declined")
    for account in sides:
        if account != turn.person.account_id and (asked.get("said") or account == asked["second"]):
            tell_privately(turn, turn.tx.people.of_account(account), phrase("link.declined"))


def of_the_team(turn: Turn, person: Person) -> bool:
    """Return whether somebody is of the team, or named in its rules, by any of their accounts."""
    accounts = turn.tx.people.by_account(person.id)
    named = (turn.rules.roles.of(permissions.account_of(each)) is not Role.REQUESTER for each in accounts)
    return permissions.strongest_account(turn, person).may(Role.AGENT) or any(named)


def ask_admins(turn: Turn, token: str, asked: State, first: Person, second: Person) -> None:
    """Ask the admins, or take the word of a side that is one: a person of the team is joined by an admin's word alone."""
    if any(permissions.with_standing(turn, side).may(Role.ADMIN) for side in (first, second)):
        join_accounts(turn, token, first, second)
        return
    admins = [one for one in turn.tx.people.admins(turn.rules.all_admins) if one.chat and one.blocked_at is None]
    if not admins:
        raise Refused("link_no_admin")
    remember_link(turn, f"ask:{token}", {**asked, "agreed": True}, turn.now + DAY)
    said = (phrase("link.admin"), naming.identity_line(first), naming.identity_line(second))
    no = presses.LinkNo(token).button(phrase("button.link_no"))
    for admin in admins:
        tell_privately(
            turn, admin, *said, buttons=button_row(presses.LinkGrant(token).button(phrase("button.link_grant")), no)
        )
    settle_question(turn, "link.asked_admin")


@on.press(presses.LinkGrant, role=Role.ADMIN, act="link")
def granted(turn: Turn) -> None:
    """An admin agrees to join somebody of the team."""
    token = turn.pressed(presses.LinkGrant).token
    asked = recall_link(turn, f"ask:{token}")
    if asked is None or not asked.get("agreed"):
        raise Refused("expired")
    first, second = (turn.tx.people.of_account(asked[side]) for side in ("first", "second"))
    settle_question(turn, "link.granted")
    join_accounts(turn, token, first, second, told=True)


# One person, and two again


def join_accounts(turn: Turn, token: str, first: Person, second: Person, *, told: bool = False) -> None:
    """Make two people one; requests stay where they are talked on, roles with the accounts. It can be undone for a day."""
    if first.id == second.id:
        raise Refused("link_already")
    recall_link(turn, f"ask:{token}", take=True)
    keep, gone = (first, second) if not of_the_team(turn, second) else (second, first)
    was = turn.tx.people.link(keep=keep.id, gone=gone.id)
    remember_link(
        turn,
        f"join:{token}",
        {"keep": keep.account_id, "gone": gone.account_id, "was": was},
        turn.now + DAY,
        owner=keep.id,
    )
    turn.actor = permissions.with_standing(turn, turn.tx.people.of_account(turn.person.account_id))
    turn.audit(Deed.LINKED, accounts=[keep.account_id, gone.account_id])
    if of_the_team(turn, turn.tx.people.of_account(keep.account_id)):
        guesting.end_visits(turn, keep.id)
    if not told:
        settle_question(turn, "link.waiting_over")
    undo = button_column(presses.LinkUndo(token).button(phrase("button.link_undo")))
    for side, other in ((first, second), (second, first)):
        tell_privately(
            turn,
            turn.tx.people.of_account(side.account_id),
            phrase("link.done"),
            naming.identity_line(other),
            buttons=undo,
        )


@on.press(presses.LinkUndo)
def undone(turn: Turn) -> None:
    """Either side takes it back within a day: each has again what was theirs."""
    # Taken first: whoever comes at the same moment waits for it, and is too late.
    joined = recall_link(turn, f"join:{turn.pressed(presses.LinkUndo).token}", take=True)
    if joined is None or turn.person.account_id not in (joined["keep"], joined["gone"]):
        raise Refused("expired")
    keep, gone = (turn.tx.people.of_account(joined[side]) for side in ("keep", "gone"))
    account_merge.unlink_people(turn.tx.connection, keep.id, joined["was"])
    turn.actor = permissions.with_standing(turn, turn.tx.people.of_account(turn.person.account_id))
    turn.audit(Deed.UNLINKED, accounts=[keep.account_id, gone.account_id])
    settle_question(turn, "link.undone")
    other = joined["gone"] if turn.person.account_id == joined["keep"] else joined["keep"]
    tell_privately(turn, turn.tx.people.of_account(other), phrase("link.undone"))


def settle_question(turn: Turn, said: str) -> None:
    """Say what became of a question in its place."""
    turn.say(phrase(said), edits=turn.shown.outgoing_id if turn.shown else None)


def tell_privately(turn: Turn, person: Person, *parts: Part, buttons: tuple[tuple[Button, ...], ...] = ()) -> None:
    """Say something in somebody's own chat with the bot."""
    turn.send(Chat(person.source, person.home), turn.reader(person), Message(parts, buttons=buttons))
