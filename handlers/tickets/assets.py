"""What a request is about: the assets that its form names, on the card and beside it."""

from collections.abc import Mapping, Sequence

from handlers.tickets import request_types
from handlers.tickets.filter_words import normalized_word
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.forms import load_form
from handlers.vocabulary.messages import Button, Part, phrase
from handlers.vocabulary.translations import Locale
from kb import nearest
from storage.lifecycle import Refused
from storage.people.assets import Asset, number_key
from storage.tickets.tickets import Ticket
from storage.types import Answers

SHOWN = 5  # assets of a request that have buttons


def tie_assets(turn: Turn, ticket: Ticket, was: Answers | None = None) -> None:
    """Let a request be about the assets that its answers name; what it is about besides stays.

    ``was`` are its answers before: what only these named it is about no more.
    """
    form = load_form(turn.tx.requests.form(ticket.form_id))
    own = request_types.fields_of_type(turn.tx.requests.type(ticket.request_type_id))
    named = {field.name for field in (*form.fields, *own) if field.kind == "asset"}
    if not named:
        return
    now, before = (
        [number_key(str(answers[name])) for name in named if answers.get(name)]
        for answers in (ticket.answers, was or {})
    )
    known = turn.tx.assets.all_numbered([*now, *before]) if now or before else {}
    gone = {known[key].id for key in before if key in known}
    besides = [one.id for one in turn.tx.assets.of_ticket(ticket.id) if one.id not in gone] if was is not None else []
    turn.tx.assets.tie(ticket.id, list(dict.fromkeys([*besides, *(known[key].id for key in now if key in known)])))


def assets_of(turn: Turn, ticket: Ticket) -> Sequence[Asset]:
    """Return what a request is about; a desk that knows of no assets looks nowhere."""
    return turn.tx.assets.of_ticket(ticket.id) if turn.rules.assets else []


def asset_lines(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say on a card what a request is about, and whose it is."""
    return [
        phrase("asset.line", title=one.title, kind=kind_title(turn, one.kind), whose=whose_line(turn, one))
        for one in assets_of(turn, ticket)
    ]


def asset_buttons(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer what is known of each asset, with all requests about it."""
    found = assets_of(turn, ticket)[:SHOWN]
    return [presses.OpenAsset(one.id).button(phrase("asset.button", number=one.number)) for one in found]


def kind_words(turn: Turn) -> dict[str, str]:
    """Return the kinds of assets by what they may be called: by name, and by title in any language."""
    kinds = turn.rules.assets
    return {normalized_word(said): name for name, kind in kinds.items() for said in (name, *kind.title.values())}


def kind_meant(turn: Turn, word: str, *, slips: bool = False) -> str:
    """Return the kind of asset that a word means, ``slips`` forgiven; refuse a word for none, naming those there are."""
    words, said = kind_words(turn), normalized_word(word)
    found = words.get(said) or (words.get(nearest(said, list(words)) or "") if slips and said else None)
    if found is None:
        raise Refused("asset_kind", word=word or "—", known=[kind.title for kind in turn.rules.assets.values()] or "—")
    return found


def kind_title(turn: Turn, name: str) -> Mapping[str, str] | str:
    """Return what a kind of asset is called."""
    kind = turn.rules.assets.get(name)
    return kind.title if kind is not None and kind.title else name


def whose_line(turn: Turn, one: Asset) -> str:
    """Return whose an asset is and who has it, as it goes on after its name."""
    company = turn.tx.companies.get(one.company_id) if one.company_id is not None else None
    person = turn.tx.people.get(one.person_id).name if one.person_id is not None else ""
    return "".join(f" · {each}" for each in (company.name if company else "", person) if each)
