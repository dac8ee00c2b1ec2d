"""People and companies, as programs read and change them."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field

from bot.api.calls import Call
from bot.api.operations import Operation, Sent, Told
from bot.api.problems import Problem
from bot.api.scopes import Scope
from bot.api.shapes import Next, Number, Paged, Who, cursor_of, place_of
from bot.api.turns import ProgramTurn
from handlers.admin import companies as curating
from handlers.turns import permissions
from storage.models import Role
from storage.people.companies import Company
from storage.people.directory import Directory
from storage.people.erased import is_erased
from storage.people.guests import is_guest
from storage.people.people import Person
from storage.people.tokens import is_program

Line = Annotated[str, Field(min_length=1, max_length=128, pattern=r"\S")]


class PersonPlace(Sent):
    """Which person."""

    person: Annotated[Number, Field(description="The number of the person.")]


class CompanyPlace(Sent):
    """Which company."""

    company: Annotated[Number, Field(description="The number of the company.")]


class PeopleAsked(Paged):
    """Which people."""

    name: Annotated[
        str, Field(max_length=128, description="Of this name or @username, in any letter case; else all.")
    ] = ""


class AccountTold(Told):
    """One identity on a messenger."""

    messenger: str
    id: Annotated[str, Field(description="The messenger's own; empty for a guest, who has not come yet.")]
    username: str


class PersonTold(Told):
    """Somebody the desk knows."""

    id: int
    name: str
    team: Annotated[bool, Field(description="Whether they are of the team.")]
    program: Annotated[bool, Field(description="Whether it is a program with a token of its own.")]
    language: str | None
    company: Who | None
    accounts: list[AccountTold]
    known_since: datetime


class PeopleTold(Told):
    """A page of people, by number."""

    items: list[PersonTold]
    next: Next


class PersonChanged(Sent):
    """What is to be changed of somebody."""

    company: Annotated[Number | None, Field(description="Whom they belong to from now on; null: to none.")]


class CompanyTold(Told):
    """Whom people belong to."""

    id: int
    name: str
    contract: str
    until: Annotated[date | None, Field(description="The last day of the contract.")]
    policy: Annotated[str, Field(description="A policy of the rules' `sla`.")]
    group: str
    types: Annotated[list[str], Field(description="The request types that the contract covers; none: all.")]
    notes: str


class CompaniesTold(Told):
    """A page of companies, by number."""

    items: list[CompanyTold]
    next: Next


class CompanySent(Sent):
    """A company to be known."""

    name: Line


class CompanyChanged(Sent):
    """What is to be changed of a company; what is left out stays, what is null is emptied."""

    contract: Annotated[str | None, Field(max_length=64)] = None
    until: date | None = None
    policy: Annotated[str | None, Field(max_length=64)] = None
    group: Annotated[str | None, Field(max_length=64)] = None
    types: Annotated[list[Line] | None, Field(max_length=50)] = None
    notes: Annotated[str | None, Field(max_length=2000)] = None


# People


def list_people(turn: ProgramTurn, call: Call) -> PeopleTold:
    """Return a page of people."""
    asked: PeopleAsked = call.query
    place = place_of(asked.cursor, int)
    directory = Directory(turn.tx.connection)
    ids = directory.people(after=place[0] if place else 0, name=asked.name.strip(), limit=asked.limit + 1)
    items = [person_told(turn, number) for number in ids[: asked.limit]]
    return PeopleTold(items=items, next=cursor_of(items[-1].id) if len(ids) > asked.limit else None)


def get_person(turn: ProgramTurn, call: Call) -> PersonTold:
    """Return one person."""
    return person_again(turn, call.place.person)


def person_meant(turn: ProgramTurn, number: int) -> Person:
    """Return somebody by their number; who was erased is nobody any more."""
    person = turn.tx.people.known(number)
    if person is None or is_erased(person.native):
        raise Problem(HTTPStatus.NOT_FOUND, f"Nobody is known by the number {number}.")
    return person


def person_again(turn: ProgramTurn, number: int) -> PersonTold:
    """Return somebody as they are told where a call is repeated: as they are now."""
    person_meant(turn, number)
    return person_told(turn, number)


def person_told(turn: ProgramTurn, number: int) -> PersonTold:
    """Return somebody as they are told."""
    accounts = turn.tx.people.by_account(number)
    person = permissions.strongest_account(turn, accounts[0])
    company = turn.tx.companies.of(number)
    return PersonTold(
        id=number,
        name=person.name,
        team=person.may(Role.AGENT),
        program=any(is_program(one.source) for one in accounts),
        language=person.language or person.account_language or None,
        company=Who(id=company.id, name=company.name) if company is not None else None,
        accounts=[account_told(one) for one in accounts if not is_program(one.source)],
        known_since=person.known_since,
    )


def account_told(one: Person) -> AccountTold:
    """Return an account; a guest's own id is the word that lets them in, and nobody else's to read."""
    native = "" if is_guest(one.native) else one.native
    return AccountTold(messenger=one.source.partition(":")[0], id=native, username=one.username)


def change_person(turn: ProgramTurn, call: Call) -> PersonTold:
    """Let somebody belong to a company, or to none."""
    permissions.must_may(turn, "company add")
    person, number = person_meant(turn, call.place.person), call.body.company
    was = turn.tx.companies.id_of(person.id)
    if number is not None:
        company_meant(turn, number)
    if number != was:
        meant = number if number is not None else was
        facts = {"company": meant, "who": person.id, "out": number is None, "was": was}
        curating.apply_company_person(turn, facts)
    return person_told(turn, person.id)


# Companies


def list_companies(turn: ProgramTurn, call: Call) -> CompaniesTold:
    """Return a page of companies."""
    asked: Paged = call.query
    place = place_of(asked.cursor, int)
    found = Directory(turn.tx.connection).companies(after=place[0] if place else 0, limit=asked.limit + 1)
    items = [company_told(one) for one in found[: asked.limit]]
    return CompaniesTold(items=items, next=cursor_of(items[-1].id) if len(found) > asked.limit else None)


def get_company(turn: ProgramTurn, call: Call) -> CompanyTold:
    """Return one company."""
    return company_again(turn, call.place.company)


def company_meant(turn: ProgramTurn, number: int) -> Company:
    """Return a company by its number."""
    company = turn.tx.companies.get(number)
    if company is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"No company has the number {number}.")
    return company


def company_again(turn: ProgramTurn, number: int) -> CompanyTold:
    """Return a company as it is told where a call is repeated: as it is now."""
    return company_told(company_meant(turn, number))


def company_told(one: Company) -> CompanyTold:
    """Return a company as it is told."""
    return CompanyTold(
        id=one.id,
        name=one.name,
        contract=one.contract,
        until=one.ends,
        policy=one.policy,
        group=one.group_name,
        types=list(one.types),
        notes=one.notes,
    )


def add_company(turn: ProgramTurn, call: Call) -> CompanyTold:
    """Let a company be known; one that is known already stays as it is."""
    name = " ".join(call.body.name.split())
    turn.act("company add", name)
    known = turn.tx.companies.named(name)
    assert known is not None
    return company_told(known)


def change_company(turn: ProgramTurn, call: Call) -> CompanyTold:
    """Change what is known of a company, each thing as the chat does."""
    permissions.must_may(turn, "company add")
    known = company_meant(turn, call.place.company)
    for name in sorted(call.body.model_fields_set):
        curating.change_company(turn, known, f"{name} {_as_typed(getattr(call.body, name))}")
    return company_again(turn, known.id)


def _as_typed(value: Any) -> str:
    """Return what one would type of a value in the chat."""
    if isinstance(value, list):
        value = ", ".join(value)
    return str(value).strip() if value else "off"


OPERATIONS = (
    Operation(
        "listPeople",
        "GET",
        "/people",
        Scope.PEOPLE_READ,
        "List people",
        PeopleTold,
        list_people,
        query=PeopleAsked,
        act="who",
    ),
    Operation(
        "getPerson",
        "GET",
        "/people/{person}",
        Scope.PEOPLE_READ,
        "Read of a person",
        PersonTold,
        get_person,
        place=PersonPlace,
        act="who",
    ),
    Operation(
        "changePerson",
        "PATCH",
        "/people/{person}",
        Scope.PEOPLE_WRITE,
        "Let a person belong to a company",
        PersonTold,
        change_person,
        place=PersonPlace,
        body=PersonChanged,
        again=person_again,
    ),
    Operation(
        "listCompanies",
        "GET",
        "/companies",
        Scope.PEOPLE_READ,
        "List companies",
        CompaniesTold,
        list_companies,
        query=Paged,
        act="company",
    ),
    Operation(
        "addCompany",
        "POST",
        "/companies",
        Scope.PEOPLE_WRITE,
        "Let a company be known",
        CompanyTold,
        add_company,
        status=HTTPStatus.CREATED,
        body=CompanySent,
        again=company_again,
    ),
    Operation(
        "getCompany",
        "GET",
        "/companies/{company}",
        Scope.PEOPLE_READ,
        "Read of a company",
        CompanyTold,
        get_company,
        place=CompanyPlace,
        act="company",
    ),
    Operation(
        "changeCompany",
        "PATCH",
        "/companies/{company}",
        Scope.PEOPLE_WRITE,
        "Change what is known of a company",
        CompanyTold,
        change_company,
        place=CompanyPlace,
        body=CompanyChanged,
        again=company_again,
    ),
)
