"""What an outage covers: words, request types, and a company whose people alone it concerns."""

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.tickets import noticing
from handlers.tickets.filter_words import desk_names, normalized_word, word_means
from handlers.tickets.request_types import type_title
from handlers.turns.turn import Turn
from handlers.vocabulary.translations import Locale
from kb import nearest
from storage.care.outages import Outage
from storage.lifecycle import Refused
from storage.tickets.tickets import Ticket

Scope = Mapping[str, Any]  # "types": their names, "company": its name


def read_scope(turn: Turn, about: str, *, named: bool) -> tuple[tuple[str, ...], Scope]:
    """Return the words that an outage covers, and its scope beside them: ``type Billing`` and ``company Acme`` between commas.

    Raises Refused ``no_type`` and ``no_company``. Where nothing was ``named`` apart from what is said, all of it is words.
    """
    if not named:
        return noticing.core_of(about), {}
    words, types, scope = list[str](), list[str](), dict[str, Any]()
    for part in about.split(","):
        first, _, rest = part.strip().partition(" ")
        if rest.strip() and word_means(first, "type"):
            types.append(named_type(turn, rest.strip()))
        elif rest.strip() and word_means(first, "company"):
            scope["company"] = named_company(turn, rest.strip())
        else:
            words.append(part)
    return noticing.core_of(",".join(words)), {**scope, **({"types": types} if types else {})}


def named_type(turn: Turn, said: str) -> str:
    """Return the name of a request type by what people call it."""
    types = desk_names(turn).types
    if normalized_word(said) not in types:
        raise Refused("no_type", word=said, known=list(dict.fromkeys(types.values())))
    return types[normalized_word(said)]


def named_company(turn: Turn, said: str) -> str:
    """Return the name of a company as it is kept."""
    known = turn.tx.companies.named(said)
    if known is None:
        raise Refused("no_company", name=said, meant=nearest(said, turn.tx.companies.names()) or "—")
    return known.name


def covers_question(turn: Turn, one: Outage, question: str) -> bool:
    """Return whether an outage covers what the actor asks: by its words; where it is of a company alone, whatever it is."""
    if not is_of_company(turn, one, turn.person.id):
        return False
    everything = not one.keywords and not one.place.get("types")
    return everything or noticing.keywords_match_question(one.keywords, question)


def covers_request(turn: Turn, one: Outage, ticket: Ticket) -> bool:
    """Return whether an outage covers a request: by its type, or by its words, in what was said or answered."""
    if not is_of_company(turn, one, ticket.requester_id):
        return False
    types = one.place.get("types") or ()
    if types and turn.tx.requests.type(ticket.request_type_id).name in types:
        return True
    everything = not one.keywords and not types
    said = " ".join((ticket.summary, *answered_words(ticket)))
    return everything or noticing.keywords_match_question(one.keywords, said)


def answered_words(ticket: Ticket) -> Iterator[str]:
    """Yield what was answered in a request's form in words: the place, the device."""
    return (answer for name, answer in ticket.answers.items() if name != "type" and isinstance(answer, str))


def is_of_company(turn: Turn, one: Outage, person_id: int) -> bool:
    """Return whether an outage can concern somebody: it is of no company, or of theirs."""
    name = one.place.get("company")
    if not name:
        return True
    theirs = turn.tx.companies.of(person_id)
    return theirs is not None and theirs.name == name


def scope_text(turn: Turn, one: Outage, reader: Locale) -> str:
    """Return what an outage covers, as somebody of the team reads it."""
    kinds = {kind.name: kind.id for kind in turn.tx.requests.types()}
    types = [type_title(turn, kinds[name], reader) for name in one.place.get("types") or () if name in kinds]
    company = one.place.get("company")
    return ", ".join([*one.keywords.split(), *types, *([f"🏢 {company}"] if company else [])])
