"""``/privacy company``: everybody of a company is erased, after a day to change one's mind, and what was known of it goes too."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.admin.companies import split_off_company
from handlers.privacy import erasing
from handlers.turns import confirmations, naming, permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.audience import OWN
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Part, button_row, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.companies import Company
from storage.queues.timers import Timer

on = Routes()

EACH = 20  # people a turn whose erase begins
STEP = timedelta(seconds=15)  # between these turns: each erase has messages to take away
AGAIN = timedelta(minutes=1)  # before it is looked whether all of them are gone
USAGE = "/privacy company Acme"


@on.command("privacy company", role=Role.ADMIN, audiences=OWN)
def privacy_of_company(turn: Turn) -> None:
    """What would go if everybody of a company were erased, before anything is decided: /privacy company Acme."""
    said = naming.command_value(turn).strip()
    if not said:
        turn.say(phrase("refused.usage", usage=USAGE))  # alone, wherever it was asked
        return
    known, _ = split_off_company(turn, said)
    waiting = scheduled_erase(turn, known.id)
    if waiting is not None:
        keep = presses.KeepCompany(known.id).button(phrase("privacy.keep"))
        turn.say(phrase("privacy.company_scheduled", name=known.name, at=waiting.due_at), buttons=button_row(keep))
        return
    people, requests = turn.tx.companies.counts(known.id)
    team = [each.name for each in turn.tx.people.team() if turn.tx.companies.id_of(each.id) == known.id]
    parts: list[Part] = [phrase("privacy.company_people", people=people, requests=requests)]
    parts += [phrase("privacy.company_team", names=team)] if team else []
    parts += [phrase("privacy.goes"), phrase("privacy.stays"), phrase("privacy.beyond")]
    title = phrase("privacy.company", name=known.name)
    facts = {"company": known.id}
    confirmations.show_proposal(
        turn, "erase_company", facts, *parts, title=title, command="privacy company", danger=True
    )


def confirm_company_erase(turn: Turn, facts: Mapping[str, Any]) -> None:
    """An admin has said yes to erasing a company, it will be done in a day: ``facts`` are {"company"}."""
    known = turn.tx.companies.get(facts["company"])
    if known is None or scheduled_erase(turn, known.id) is not None:
        raise Refused("expired")
    schedule_company_erase(turn, known, by=turn.person.id)
    at = turn.now + erasing.MIND
    confirmations.settle_proposal(turn, phrase("privacy.company_scheduled", name=known.name, at=at))


def schedule_company_erase(turn: Turn, known: Company, *, by: int | None) -> None:
    """Let everybody of a company be erased in a day."""
    turn.schedule(timers.EraseCompany(known.id, by=by), erasing.MIND)
    turn.audit(Deed.ERASE_ASKED, company=f"#{known.id}")


def scheduled_erase(turn: Turn, company: int) -> Timer | None:
    """Return what will erase everybody of a company, None where nothing will."""
    waiting = turn.tx.timers.pending(timers.EraseCompany.name)
    return next((each for each in waiting if each.facts["company"] == company and not each.facts.get("begun")), None)


@on.press(presses.KeepCompany, role=Role.ADMIN, act="privacy company", audiences=OWN)
def keep_company(turn: Turn) -> None:
    """Everybody of it stays after all."""
    permissions.must_may(turn, "privacy company")
    number = turn.pressed(presses.KeepCompany).company
    waiting, known = scheduled_erase(turn, number), turn.tx.companies.get(number)
    if waiting is None or known is None:
        raise Refused("expired")
    turn.tx.timers.unset(waiting.id)
    turn.audit(Deed.ERASE_CALLED_OFF, company=f"#{known.id}")
    turn.toast(phrase("privacy.kept"))
    confirmations.settle_proposal(turn, phrase("privacy.kept"))


@on.timer(timers.EraseCompany)
def erase_company_due(turn: Turn) -> None:
    """The erase of some more of its people begins; behind the last of them the company itself is nobody's any more.

    Who is in the team's channel stays, and so does the company to which one of them belongs: its name is then the team's own.
    """
    due = turn.due(timers.EraseCompany)
    if turn.tx.companies.get(due.company) is None:
        return
    team = {each.id for each in turn.tx.people.team()}
    people = turn.tx.companies.people_after(due.company, due.behind, EACH)
    for person in people:
        if person not in team and turn.tx.erasure.sought(person) is None:
            erasing.schedule_erase(turn, person, by=due.by, after=timedelta(0))
    if people:
        turn.schedule(timers.EraseCompany(due.company, by=due.by, behind=people[-1], begun=True), STEP)
        return
    left, _ = turn.tx.companies.counts(due.company)
    if not left:
        turn.tx.companies.forget(due.company)
        turn.erased = True
        turn.audit(Deed.ERASE_DONE, company=f"#{due.company}")
    elif left > sum(turn.tx.companies.id_of(person) == due.company for person in team):
        turn.schedule(
            timers.EraseCompany(due.company, by=due.by, begun=True), AGAIN
        )  # the last are under way, or have just come
