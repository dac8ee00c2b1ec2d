"""``/company``: whom requesters belong to, what their contract says, who of them is known, and where they write."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from handlers.tickets import approval_stand_ins, assignment, request_types
from handlers.tickets.companies import day_text, desk_today
from handlers.turns import confirmations, naming, permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Part, RichText, phrase
from kb import nearest
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.companies import Company
from storage.people.people import Person

on = Routes()

PAGE = 30  # companies, or people of one, that are named
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
OFF = ("off", "-", "ні", "нет")


@on.command("company", role=Role.AGENT)
def company(turn: Turn) -> None:
    """The companies, or one: /company acme; an admin changes what is known of it: /company acme until 31.12.2026."""
    said = naming.command_value(turn).strip()
    if not said:
        found = turn.tx.companies.page(PAGE)
        if not found:
            raise Refused("usage", usage="/company add Acme")
        turn.say(*(RichText(f"🏢 {one.name} · {people}") for one, people in found), title=phrase("company.title"))
        return
    known, words = split_off_company(turn, said)
    if words:
        change_company(turn, known, words)
    else:
        show_company(turn, known)


def split_off_company(turn: Turn, said: str) -> tuple[Company, str]:
    """Return the company that words begin with, the longest name that is known, and the words after it."""
    words = said.split()
    known, count = turn.tx.companies.named_first(words)
    if known is not None:
        return known, " ".join(words[count:])
    meant = nearest(words[0], turn.tx.companies.names())
    raise Refused("no_company", name=said, meant=meant or "—")


def show_company(turn: Turn, known: Company) -> None:
    """Show all that is known of a company."""
    _, reader = turn.here
    told: list[Part] = []
    if known.contract:
        told.append(phrase("company.contract", contract=known.contract))
    if (ends := known.ends) is not None:
        told.append(phrase("company.over" if ends < desk_today(turn) else "company.until", day=day_text(ends, reader)))
    if known.policy:
        told.append(phrase("company.policy", policy=known.policy))
    if known.group_name:
        group = turn.rules.groups.get(known.group_name)
        told.append(phrase("channel.of_groups", groups=[group.title if group else known.group_name]))
    if known.types:
        told.append(phrase("company.covers", types=list(known.types)))
    told.append(phrase("company.people", people=turn.tx.companies.people(known.id, PAGE) or "—"))
    if approvers := turn.tx.approvals.of_company(known.id):
        told.append(phrase("company.approvers", people=[turn.tx.tickets.name(each) for each in approvers]))
    if channels := turn.tx.companies.channels(known.id):
        told.append(phrase("company.channels", channels=channels))
    if known.notes:
        told.append(RichText(known.notes))
    turn.say(*told, title=f"🏢 {known.name}")


@on.command("company add", role=Role.ADMIN)
def add(turn: Turn) -> None:
    """A company is known from now on: /company add Acme."""
    name = " ".join(turn.event.value.split())
    if not name:
        raise Refused("usage", usage="/company add Acme")
    known = turn.tx.companies.put(name, turn.now)
    turn.audit(Deed.COMPANY, company=known.name)
    show_company(turn, known)


def change_company(turn: Turn, known: Company, words: str) -> None:
    """Change one thing that is known of a company, and show it."""
    permissions.must_may(turn, "company add")
    name, _, value = words.partition(" ")
    if name.lower() == "people":
        propose_company_person(turn, known, value.strip())
        return
    if name.lower() == "approvers":
        propose_company_approver(turn, known, value.strip())
        return
    reader = READERS.get(name.lower())
    if reader is None:
        raise Refused("channel_word", word=name, known=["people", "approvers", *READERS])
    column = COLUMNS.get(name.lower(), name.lower())
    turn.tx.companies.put(known.name, turn.now, **{column: reader(turn, value.strip())})
    turn.audit(Deed.COMPANY, company=known.name, what=name.lower())
    show_company(turn, turn.tx.companies.get(known.id) or known)


def propose_company_person(turn: Turn, known: Company, value: str) -> None:
    """Show who would belong to a company, or (with a minus) to it no more: a name alone is anybody's."""
    word, out = value.lstrip("+-").strip(), value.startswith("-")
    if not word:
        raise Refused("usage", usage=f"/company {known.name} people + @ann")
    person, _ = naming.person_named(turn, word, whole=True)
    was = turn.tx.companies.of(person.id)
    if out:
        must_belong(person, known, was)
    elif was is not None and was.id == known.id:
        raise Refused("of_company_already", name=person.name, company=known.name)
    moves = was is not None and not out
    said = "company.would_leave" if out else "company.would_move" if moves else "company.would_join"
    told = phrase(said, company=known.name, was=was.name if was is not None else "")
    facts = {"company": known.id, "who": person.id, "out": out, "was": was.id if was is not None else None}
    title = phrase("rules.would_change", name=known.name)
    who = naming.identity_line(person)
    confirmations.show_proposal(turn, "company_person", facts, who, told, title=title, command="company add")


def propose_company_approver(turn: Turn, known: Company, value: str) -> None:
    """Show who would say yes for a company, or (with a minus) no more: a name alone is anybody's."""
    word, out = value.lstrip("+-").strip(), value.startswith("-")
    if not word:
        raise Refused("usage", usage=f"/company {known.name} approvers + @ann")
    person, _ = naming.person_named(turn, word, whole=True)
    if (person.id in turn.tx.approvals.of_company(known.id)) is not out:
        raise Refused("approver_already" if not out else "no_approver", name=person.name, company=known.name)
    told = phrase("company.would_not_approve" if out else "company.would_approve", company=known.name)
    facts = {"company": known.id, "who": person.id, "out": out}
    title, who = phrase("rules.would_change", name=known.name), naming.identity_line(person)
    confirmations.show_proposal(turn, "company_approver", facts, who, told, title=title, command="company add")


def apply_company_approver(turn: Turn, facts: Mapping[str, Any]) -> None:
    """Whoever was shown says yes for the company from now on, or no more; ``facts`` are {"who", "company", "out"}."""
    person, known = permissions.person_of_button(turn, facts["who"]), turn.tx.companies.get(int(facts["company"]))
    if known is None or not turn.tx.approvals.let_approve(known.id, person.id, may=not facts["out"]):
        raise Refused("expired")
    change = "out" if facts["out"] else "in"
    turn.audit(Deed.COMPANY, who=person.id, company=known.name, what="approvers", change=change)
    approval_stand_ins.refresh_waiting(turn, person.id)
    said = "company.approves_no_more" if facts["out"] else "company.approves"
    confirmations.settle_proposal(turn, phrase(said, name=person.name, company=known.name))


def must_belong(person: Person, known: Company, was: Company | None) -> None:
    """Refuse to take somebody out of a company of which they are not."""
    if was is None or was.id != known.id:
        other = was.name if was is not None else "—"
        raise Refused("not_of_company", name=person.name, company=known.name, other=other)


def apply_company_person(turn: Turn, facts: Mapping[str, Any]) -> None:
    """Whoever was shown belongs to the company from now on, or to it no more, unless they have changed theirs meanwhile.

    ``facts`` are {"who", "company", "was" (its id, None: no company), "out" (they leave)}.
    """
    person, known = permissions.person_of_button(turn, facts["who"]), turn.tx.companies.get(int(facts["company"]))
    if known is None:
        raise Refused("expired")
    if turn.tx.companies.id_of(person.id) != facts["was"]:
        raise Refused("rules_changed", name=person.name)
    if facts["out"]:
        turn.tx.companies.leave(person.id)
    else:
        turn.tx.companies.join(known.id, person.id)
    change = "out" if facts["out"] else "in"
    turn.audit(Deed.COMPANY, who=person.id, company=known.name, what="people", change=change)
    said = phrase("company.left" if facts["out"] else "company.joined", name=person.name, company=known.name)
    confirmations.settle_proposal(turn, said)


def text_of(most: int) -> Callable[[Turn, str], str]:
    """Return what reads a text of so many characters."""
    return lambda turn, value: "" if value.lower() in OFF else value[:most]


def read_contract_end(turn: Turn, value: str) -> str:
    """Read a day, as people write days."""
    if value.lower() in OFF or not value:
        return ""
    for shape in DAYS:
        try:
            return datetime.strptime(value, shape).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Refused("channel_value", word=value, name="until", example="/company acme until 31.12.2026")


def read_policy_name(turn: Turn, value: str) -> str:
    """Read the name of a policy of the rules."""
    if value.lower() in OFF or not value:
        return ""
    if value not in turn.rules.sla:
        raise Refused("channel_word", word=value, known=list(turn.rules.sla) or "—")
    return value


def group_name(turn: Turn, value: str) -> str:
    """Read the name of a group."""
    return "" if value.lower() in OFF or not value else assignment.group_by_name(turn, value).name


def read_covered_types(turn: Turn, value: str) -> list[str]:
    """Read the request types that a contract covers."""
    words = [word.strip() for word in re.split("[,;]", value) if word.strip()]
    return [] if value.lower() in OFF else [request_types.type_by_name(turn, word).name for word in words]


READERS: Mapping[str, Callable[[Turn, str], Any]] = {
    "contract": text_of(64),
    "until": read_contract_end,
    "policy": read_policy_name,
    "group": group_name,
    "types": read_covered_types,
    "notes": text_of(2000),
}
COLUMNS = {"group": "group_name"}
