"""``/privacy``: what is kept and why, all of it as a file, and to be forgotten; an admin does it for somebody by name."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.privacy import erasing
from handlers.turns import confirmations, naming, permissions
from handlers.turns.private_chat import in_own_chat
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.audience import OWN
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import File, Part, Phrase, button_column, button_row, phrase
from storage.lifecycle import Refused
from storage.models import StateKind
from storage.people.people import Person

on = Routes()

AGAIN = timedelta(days=1)  # before all that is kept is given once more


@on.command("privacy", audiences=OWN)
def privacy(turn: Turn) -> None:
    """What the desk keeps of whoever asks: /privacy; an admin sees it of somebody: /privacy @ann."""
    said = naming.command_value(turn).strip()
    if said:
        permissions.must_may(turn, "privacy")
        show_privacy_page(turn, naming.person_named(turn, said, whole=True)[0])
    else:
        show_privacy_page(turn, turn.person)


@on.press(presses.Privacy, audiences=OWN)
def again(turn: Turn) -> None:
    """The page as it is now, in the place of what was asked."""
    show_privacy_page(
        turn,
        data_subject(turn, turn.pressed(presses.Privacy).person),
        edits=turn.shown.outgoing_id if turn.shown else None,
    )


def show_privacy_page(turn: Turn, person: Person, *, edits: int | None = None) -> None:
    """Show what is kept of a person, and what can be done about it."""
    kept = turn.tx.erasure.kept(person.id)
    own = person.id == turn.person.id
    parts: list[Part] = [phrase("privacy.what" if own else "privacy.what_of", name=person.name)]
    parts += [] if own else [naming.identity_line(person)]
    parts += [
        phrase("privacy.accounts", n=kept.accounts),
        phrase("privacy.requests", n=kept.requests, messages=kept.messages),
        phrase("privacy.questions", n=kept.questions),
        phrase("privacy.why"),
    ]
    at = turn.tx.timers.waiting(timers.Erase.name, person=person.id)
    if at is not None:
        parts.append(phrase("privacy.scheduled", at=at))
    keep = presses.EraseNo(person.id).button(phrase("privacy.keep"))
    erase = presses.EraseAsk(person.id).button(phrase("privacy.erase"), danger=True)
    turn.say(
        *parts,
        buttons=button_column(presses.Export(person.id).button(phrase("privacy.export")), keep if at else erase),
        edits=edits,
    )


def data_subject(turn: Turn, number: int) -> Person:
    """Return whom a button is about: the actor, or somebody else for an admin."""
    if number == turn.person.id:
        return turn.person
    permissions.must_may(turn, "privacy")
    return permissions.person_of_button(turn, number)


@on.press(presses.Export, audiences=OWN)
def export(turn: Turn) -> None:
    """All that is a person's as one archive, in the own chat of whoever asked; once a day."""
    person = data_subject(turn, turn.pressed(presses.Export).person)
    if person.id == turn.person.id:  # what an admin takes is no export of theirs
        if turn.tx.states.get(person.id, StateKind.EXPORTED, turn.now):
            raise Refused("exported_lately")
        turn.tx.states.put(person.id, StateKind.EXPORTED, turn.now + AGAIN)
    turn.audit(Deed.EXPORTED, who=person.id)
    there = in_own_chat(turn)
    reader = there.here[1]
    facts = {"person": person.id, "language": reader.language, "zone": reader.zone}
    archive = File("document", name="my-data.zip", mime="application/zip", facts=facts)
    there.say(phrase("privacy.exported"), files=(archive,))


@on.press(presses.EraseAsk, audiences=OWN)
def ask(turn: Turn) -> None:
    """What goes, what stays, and what others keep, before anything is decided."""
    person = data_subject(turn, turn.pressed(presses.EraseAsk).person)
    if erasing.in_the_team(turn, person):
        raise Refused("erase_team", name=person.name)
    parts: list[Phrase] = [phrase("privacy.goes"), phrase("privacy.stays"), phrase("privacy.beyond")]
    if person.id != turn.person.id:
        title = phrase("privacy.would", name=person.name)
        facts = {"who": person.id}
        who = naming.identity_line(person)
        confirmations.show_proposal(turn, "erase", facts, who, *parts, title=title, command="privacy", danger=True)
        return
    yes, no = (
        presses.EraseYes(person.id).button(phrase("privacy.sure"), danger=True),
        presses.Privacy(person.id).button(phrase("form.back")),
    )
    turn.say(
        *parts,
        title=phrase("privacy.erase"),
        buttons=button_row(yes, no),
        edits=turn.shown.outgoing_id if turn.shown else None,
    )


@on.press(presses.EraseYes, audiences=OWN)
def decided(turn: Turn) -> None:
    """It will be done in a day, and can be called off until then."""
    if turn.pressed(presses.EraseYes).person != turn.person.id:
        raise Refused("expired")
    if erasing.in_the_team(turn, turn.person):
        raise Refused("erase_team", name=turn.person.name)
    erasing.schedule_erase(turn, turn.person.id, by=turn.person.id)
    turn.audit(Deed.ERASE_ASKED, who=turn.person.id)
    show_privacy_page(turn, turn.person, edits=turn.shown.outgoing_id if turn.shown else None)


def confirm_erase(turn: Turn, facts: Mapping[str, Any]) -> None:
    """An admin has said yes to erasing somebody, it will be done in a day: ``facts`` are {"who"}."""
    person = permissions.person_of_button(turn, facts["who"])
    if erasing.in_the_team(turn, person):
        raise Refused("erase_team", name=person.name)
    erasing.schedule_erase(turn, person.id, by=turn.person.id)
    turn.audit(Deed.ERASE_ASKED, who=person.id)
    at = turn.now + erasing.MIND
    confirmations.settle_proposal(turn, phrase("privacy.scheduled_of", name=person.name, at=at))


@on.press(presses.EraseNo, audiences=OWN)
def kept(turn: Turn) -> None:
    """Everything stays as it is."""
    person = data_subject(turn, turn.pressed(presses.EraseNo).person)
    if not erasing.call_off(turn, person.id):
        raise Refused("expired")
    turn.audit(Deed.ERASE_CALLED_OFF, who=person.id)
    turn.toast(phrase("privacy.kept"))
    show_privacy_page(turn, person, edits=turn.shown.outgoing_id if turn.shown else None)
