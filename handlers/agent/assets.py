"""``/asset``: what people work with, found by a number or a few letters, with whose it is and every request about it."""

from handlers.agent import queue
from handlers.tickets.assets import kind_meant, kind_title, whose_line
from handlers.tickets.filter_words import filter_synonyms, normalized_word
from handlers.turns import naming, permissions
from handlers.turns.asset_search import near_assets
from handlers.turns.photo_code import asset_with, codes_of, fetch_code, photo_in
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.fetches import SHOW_CODE
from handlers.vocabulary.messages import Button, Part, RichText, button_column, button_row, phrase
from handlers.vocabulary.translations import LANGUAGES
from kb import nearest
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.assets import EVERYBODY, LONGEST, Asset, number_key

on = Routes()

USAGE = "/asset PC-114 · /asset add laptop PC-114 Lenovo T14"
OFF = ("off", "-", "ні", "нет")
NAME, VALUE = 128, 200  # letters of a name, and of a field
SPLIT = 4  # words of a number
PARTS = ("name", "company", "person", "retire", "use", "delete")


@on.command("asset", role=Role.AGENT)
def asset(turn: Turn) -> None:
    """Assets by kind, or one: /asset PC-114, by letters: /asset lenovo, by a photo of its code; admins change it."""
    said, photo = naming.command_value(turn).strip(), photo_in(turn)
    if not said:
        if photo is not None:
            fetch_code(turn, photo, SHOW_CODE)
        else:
            list_kinds(turn)
        return
    found, words = split_off_asset(turn, said)
    if found is None:
        list_near(turn, said)
    elif words:
        change_asset(turn, found, words)
    else:
        show_asset(turn, found)


@on.fetched(SHOW_CODE, role=Role.AGENT, act="asset")
def show_coded(turn: Turn) -> None:
    """The photo that came with the command was read: the asset whose number its code has."""
    codes = codes_of(turn)
    if not codes:
        raise Refused("no_code_seen")
    found = asset_with(turn, codes)
    if found is None:
        raise Refused("no_asset", word=codes[0])
    show_asset(turn, found)


def list_kinds(turn: Turn) -> None:
    """Say how many there are of each kind."""
    told: list[Part] = [
        RichText(f"{turn.text(kind_title(turn, kind), turn.here[1])} · {n}") for kind, n in turn.tx.assets.counts()
    ]
    turn.say(*(told or [phrase("asset.none", usage=USAGE)]), title=phrase("asset.title"))


def split_off_asset(turn: Turn, said: str) -> tuple[Asset | None, str]:
    """Return the asset with whose number words begin, and the words after it."""
    words = said.split()
    for count in range(min(SPLIT, len(words)), 0, -1):
        found = turn.tx.assets.numbered(" ".join(words[:count]))
        if found is not None:
            return found, " ".join(words[count:])
    return None, said


def list_near(turn: Turn, said: str) -> None:
    """Show what some letters may mean, each a button."""
    found = near_assets(turn, said, EVERYBODY)
    if not found:
        raise Refused("no_asset", word=said)
    if len(found) == 1:
        show_asset(turn, found[0])
        return
    buttons = button_column(*(presses.OpenAsset(one.id).button(one.title) for one in found))
    turn.say(phrase("asset.which"), RichText(said), buttons=buttons)


@on.press(presses.OpenAsset, role=Role.AGENT, act="asset")
def open_asset(turn: Turn) -> None:
    """An asset with its latest requests."""
    show_asset(turn, asset_of_button(turn, turn.pressed(presses.OpenAsset).asset))


@on.press(presses.AssetHistory, role=Role.AGENT, act="asset")
def history(turn: Turn) -> None:
    """Every request about an asset, as a list."""
    one = asset_of_button(turn, turn.pressed(presses.AssetHistory).asset)
    word = one.number if len(one.number.split()) == 1 else one.number_key
    queue.show_queue(turn, f"asset:{word} all")


def asset_of_button(turn: Turn, number: int) -> Asset:
    """Return the asset that a button is about."""
    one = turn.tx.assets.get(number)
    if one is None:
        raise Refused("expired")
    return one


def show_asset(turn: Turn, one: Asset) -> None:
    """Show all that is known of an asset."""
    kind, reader = turn.rules.assets.get(one.kind), turn.here[1]
    labels = kind.fields if kind is not None else {}
    told: list[Part] = [RichText(f"{turn.text(kind_title(turn, one.kind), reader)}{whose_line(turn, one)}")]
    told += [
        RichText(f"{turn.text(labels.get(name, name), reader)}: {value}") for name, value in one.fields.items() if value
    ]
    if one.retired_at is not None:
        told.append(phrase("asset.retired", at=one.retired_at))
    latest = [turn.tx.tickets.get(number) for number in turn.tx.assets.requests(one.id, 3)]
    told.append(phrase("asset.requests") if latest else phrase("asset.no_requests"))
    rows: list[Button] = [
        presses.OpenCard(ticket.id).button(f"#{ticket.id} {ticket.summary}"[:60]) for ticket in latest
    ]
    every = button_row(presses.AssetHistory(one.id).button(phrase("asset.history"))) if latest else ()
    turn.say(*told, title=f"🖥 {one.title}", buttons=(*button_column(*rows), *every))


@on.command("asset add", role=Role.ADMIN)
def add(turn: Turn) -> None:
    """An asset is known from now on: its kind, its number, what it is called: /asset add laptop PC-114 Lenovo T14."""
    words = turn.event.value.split()
    if len(words) < 2:
        raise Refused("usage", usage=USAGE)
    kind = kind_meant(turn, words[0], slips=True)
    number = words[1][:LONGEST]
    must_be_free(turn, number)
    one = turn.tx.assets.add(number, kind, turn.now, name=" ".join(words[2:])[:NAME])
    turn.audit(Deed.ASSET, asset=one.number, what="add")
    show_asset(turn, one)


def must_be_free(turn: Turn, number: str) -> None:
    """Refuse a number without a letter or digit, and one that an asset has already."""
    if not number_key(number):
        raise Refused("usage", usage=USAGE)
    known = turn.tx.assets.numbered(number)
    if known is not None:
        raise Refused("asset_known", number=known.number, title=known.title)


def change_asset(turn: Turn, one: Asset, words: str) -> None:
    """Change one thing that is known of an asset, and show it."""
    permissions.must_may(turn, "asset add")
    part, value = read_part(turn, one, words)
    value = "" if value.casefold() in OFF else value
    if part == "delete":
        delete_asset(turn, one)
        return
    match part:
        case "name":
            now = turn.tx.assets.change(one, name=value[:NAME])
        case "company":
            now = turn.tx.assets.change(one, company_id=company_named(turn, value) if value else None)
        case "person":
            who = naming.person_named(turn, value, whole=True)[0].id if value else None
            now = turn.tx.assets.change(one, person_id=who)
        case "retire":
            now = turn.tx.assets.change(one, retired_at=one.retired_at or turn.now)
        case "use":
            now = turn.tx.assets.change(one, retired_at=None)
        case _:
            now = turn.tx.assets.change(one, fields={**one.fields, part: value[:VALUE]})
    turn.audit(Deed.ASSET, asset=one.number, what=part)
    show_asset(turn, now)


def delete_asset(turn: Turn, one: Asset) -> None:
    """Know nothing any more of an asset that no request was about; others are retired."""
    if turn.tx.assets.requests(one.id, 1):
        raise Refused("asset_used", number=one.number)
    turn.tx.assets.forget(one.id)
    turn.audit(Deed.ASSET, asset=one.number, what="delete")
    turn.say(phrase("asset.deleted", title=one.title))


def read_part(turn: Turn, one: Asset, words: str) -> tuple[str, str]:
    """Return what of an asset is meant, and what is said of it: the longest name of a part that words begin with."""
    known = part_words(turn, one)
    said = words.split()
    for count in range(len(said), 0, -1):
        name = known.get(normalized_word(" ".join(said[:count]).rstrip(":")))
        if name is not None:
            return name, " ".join(said[count:])
    raise Refused("channel_word", word=said[0], known=[*PARTS, *labels_of(turn, one)])


def part_words(turn: Turn, one: Asset) -> dict[str, str]:
    """Return what may be changed of an asset, by the words for it in any language."""
    kind = turn.rules.assets.get(one.kind)
    fields = kind.fields if kind is not None else {}
    known = {normalized_word(said): name for name, label in fields.items() for said in (name, *label.values())}
    for name in PARTS:
        known |= {word: name for code in LANGUAGES for word in filter_synonyms(phrase(f"asset_part.{name}"), code)}
    return known


def labels_of(turn: Turn, one: Asset) -> list[str]:
    """Return the labels of an asset's fields, as its reader knows them."""
    kind = turn.rules.assets.get(one.kind)
    return [turn.text(label, turn.here[1]) for label in kind.fields.values()] if kind is not None else []


def company_named(turn: Turn, name: str) -> int:
    """Return the company of a name."""
    known = turn.tx.companies.named(name)
    if known is None:
        meant = nearest(name, turn.tx.companies.names())
        raise Refused("no_company", name=name, meant=meant or "—")
    return known.id
