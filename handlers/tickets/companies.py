"""Whose request it is: the company on the card, and what whoever takes it should know of its contract."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from handlers.tickets import relay
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Message, Part, Phrase, phrase
from handlers.vocabulary.translations import Locale
from storage.people.companies import Company
from storage.tickets.tickets import Ticket

SOON = timedelta(days=30)  # before its end a contract is said to run out


def desk_today(turn: Turn) -> date:
    """Return the desk's own day."""
    return turn.now.astimezone(ZoneInfo(turn.rules.zone)).date()


def company_of_ticket(turn: Turn, ticket: Ticket) -> Company | None:
    """Return the company of a ticket."""
    return turn.tx.companies.get(ticket.company_id) if ticket.company_id is not None else None


def company_lines(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say on a card whose request it is, and how the contract stands."""
    company = company_of_ticket(turn, ticket)
    if company is None:
        return []
    named = phrase("company.line_contract", name=company.name, contract=company.contract)
    told: list[Part] = [named if company.contract else phrase("company.line", name=company.name)]
    if (warned := contract_warning(turn, company, ticket, reader)) is not None:
        told.append(warned)
    return told


def contract_warning(turn: Turn, company: Company, ticket: Ticket, reader: Locale) -> Phrase | None:
    """Return what is wrong with a contract, or soon will be; None where nothing is."""
    ends, kind = company.ends, turn.tx.requests.type_name(ticket.request_type_id)
    if ends is not None and ends < desk_today(turn):
        return phrase("company.ended", name=company.name, day=day_text(ends, reader))
    if not company.covers(kind):
        return phrase("company.not_covered", name=company.name)
    if ends is not None and ends - desk_today(turn) <= SOON:
        return phrase("company.ends_soon", name=company.name, day=day_text(ends, reader))
    return None


def day_text(moment: date, reader: Locale) -> str:
    """Return a day as its reader writes it."""
    return format_date(moment, "d MMMM y", locale=reader.language)


def warn_of_contract(turn: Turn, ticket: Ticket) -> None:
    """Tell whoever takes a request, in its thread, that the contract is over or does not cover it."""
    company = company_of_ticket(turn, ticket)
    for channel in turn.channels_of(ticket) if company is not None else ():
        reader = relay.reader_of(turn, channel)
        warned = contract_warning(turn, company, ticket, reader) if company is not None else None
        if warned is not None and warned.key != "company.ends_soon" and turn.tx.talk.thread(ticket.id, channel.id):
            turn.send(turn.where(channel, ticket.id), reader, Message((warned,)), ticket=ticket.id)
