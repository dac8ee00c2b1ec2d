"""A table of assets: which column holds what, by its heading in any of our languages, else by what stands in it; row by row."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.rules.assets import AssetKind
from handlers.tickets.assets import kind_meant
from handlers.tickets.filter_words import filter_synonyms, normalized_word
from handlers.turns import naming
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Phrase, phrase
from handlers.vocabulary.translations import LANGUAGES
from kb.files.formulas import without_mark
from storage.lifecycle import Refused
from storage.people.assets import LONGEST, number_key

COLUMNS = ("number", "kind", "name", "company", "person")
RETIRED = "retired"  # a row that says so is left out: an import retires nothing, and takes nothing back into use
MOST, LARGEST = 1000, 2_000_000  # rows of a file, bytes of it
NAME, VALUE = 128, 200  # letters of a name, and of a field


@dataclass(slots=True)
class AssetTable:
    """What a table says: its rows that can be taken, by column, and what is wrong with the others."""

    rows: list[dict[str, Any]] = field(default_factory=list)  # {"number", "kind", "facts"}
    wrong: list[Phrase] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)  # what is read -> the heading it is read from
    unused: list[str] = field(default_factory=list)


def read_asset_table(turn: Turn, raw: bytes, kind: str) -> AssetTable:
    """Return what a table says; ``kind`` is that of rows which name none. Raises Refused where there is no number in it."""
    lines = _lines(raw)
    heads, rows = (lines[0], lines[1:]) if lines else ([], [])
    if len(rows) > MOST:
        raise Refused("asset_file", problem=phrase("asset.too_many", n=MOST))
    known = heading_words(turn.rules.assets)
    places = {at: known[normalized_word(head)] for at, head in enumerate(heads) if normalized_word(head) in known}
    places = {at: name for at, name in places.items() if list(places.values()).index(name) == list(places).index(at)}
    if "number" not in places.values():
        places |= _guessed_number(places, heads, rows)
    table = AssetTable(columns={name: heads[at] for at, name in places.items()})
    table.unused = [head for at, head in enumerate(heads) if at not in places and head]
    seen: set[str] = set()
    reading = _Reading(turn, kind)
    for line, cells in enumerate(rows, 2):
        said = {name: cells[at].strip() for at, name in places.items() if at < len(cells)}
        if not any(said.values()):
            continue
        try:
            row = reading.row(said)
            if number_key(row["number"]) in seen:
                raise Refused("asset_twice", number=row["number"])
        except Refused as refusal:
            why = phrase(f"refused.{refusal.reason}", **refusal.facts)
            table.wrong.append(phrase("asset.wrong_row", line=line, why=why))
            continue
        seen.add(number_key(row["number"]))
        table.rows.append(row)
    return table


def _lines(raw: bytes) -> list[list[str]]:
    if len(raw) > LARGEST:
        raise Refused("asset_file", problem=phrase("company.too_large"))
    try:
        text = raw.decode("utf-8-sig")
        head = text.partition("\n")[0]
        mark = max((";", ",", "\t"), key=head.count)
        rows = ([without_mark(cell) for cell in line] for line in csv.reader(io.StringIO(text), delimiter=mark))
        return [line for line in rows if any(cell.strip() for cell in line)]
    except (UnicodeDecodeError, csv.Error):
        raise Refused("asset_file", problem=phrase("company.not_text")) from None


def heading_words(kinds: Mapping[str, AssetKind]) -> dict[str, str]:
    """Return what columns may be called, and what each is: ours in every language, fields of every kind by name or label.

    ``kinds`` are those of the rules, by name.
    """
    labels = [(name, label) for kind in kinds.values() for name, label in kind.fields.items()]
    known = {normalized_word(said): f"field.{name}" for name, label in labels for said in label.values()}
    known |= {normalized_word(name): f"field.{name}" for name, _ in labels}
    for name in (*COLUMNS, RETIRED):
        known |= {word: name for code in LANGUAGES for word in filter_synonyms(phrase(f"asset_column.{name}"), code)}
    return known


def _guessed_number(places: Mapping[int, str], heads: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return the column that must be the number: short, with a digit in nearly each, and none twice."""
    for at in (place for place in range(len(heads)) if place not in places):
        cells = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
        digits = sum(any(sign.isdigit() for sign in cell) for cell in cells)
        if (
            cells
            and len({number_key(cell) for cell in cells}) == len(cells) == len(rows)
            and digits * 10 >= len(cells) * 9
        ):
            return {at: "number"}
    raise Refused("asset_file", problem=phrase("asset.no_number"))


class _Reading:
    """Reads rows; a company or a person that many rows name is looked for once."""

    def __init__(self, turn: Turn, kind: str) -> None:
        self._turn, self._kind = turn, kind
        self._companies: dict[str, int] = {}
        self._people: dict[str, int] = {}

    def row(self, said: Mapping[str, str]) -> dict[str, Any]:
        """Return what a row says of an asset; raise Refused where it cannot be taken. ``said``: {column: cell}."""
        if said.get(RETIRED):
            raise Refused("asset_row_retired")
        number = said.get("number", "")[:LONGEST]
        if not number_key(number):
            raise Refused("asset_no_number")
        kind = self._kind if self._kind and not said.get("kind") else kind_meant(self._turn, said.get("kind", ""))
        facts: dict[str, Any] = {"name": said["name"][:NAME]} if "name" in said else {}
        own = self._turn.rules.assets[kind].fields
        fields = {
            name.removeprefix("field."): value[:VALUE] for name, value in said.items() if name.startswith("field.")
        }
        facts["fields"] = {name: value for name, value in fields.items() if name in own}
        if said.get("company"):
            facts["company_id"] = self._company(said["company"])
        if said.get("person"):
            facts["person_id"] = self._person(said["person"])
        return {"number": number, "kind": kind, "facts": facts}

    def _company(self, name: str) -> int:
        if name not in self._companies:
            known = self._turn.tx.companies.named(name)
            if known is None:
                raise Refused("no_company", name=name, meant="—")
            self._companies[name] = known.id
        return self._companies[name]

    def _person(self, name: str) -> int:
        if name not in self._people:
            self._people[name] = naming.person_named(self._turn, name, whole=True)[0].id
        return self._people[name]
