"""The books of assets as a table: read some at a time beside the writer, under headings that an import knows."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from bot.deferred.workshop import Produced, Workshop, reader_of
from bot.sheets.csv_file import CsvFile
from handlers.admin.asset_table import COLUMNS, RETIRED, heading_words
from handlers.rules.assets import AssetKind
from handlers.tickets.filter_words import filter_synonyms, normalized_word
from handlers.vocabulary.deferred import ReaderArgs
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.tables import CellKind, Column
from handlers.vocabulary.translations import Locale
from storage.engine.database import Connection
from storage.people.assets import Asset, Assets
from storage.people.companies import Companies
from storage.people.people import People

AT_ONCE = 500  # rows of one look


async def assets_file(workshop: Workshop, name: str, args: ReaderArgs) -> Produced:
    """Make a table of all assets, in the order they came."""
    kinds, reader = (await workshop.rules()).assets, reader_of(args)
    fields = list(dict.fromkeys(field for kind in kinds.values() for field in kind.fields))
    heads = [filter_synonyms(phrase(f"asset_column.{column}"), reader.language)[0] for column in (*COLUMNS, RETIRED)]
    titles = [*heads, *(field_heading(kinds, field, reader) for field in fields)]
    made, last = CsvFile([Column(title, CellKind.TEXT) for title in titles], reader.zone), 0
    while rows := await workshop.database.read(partial(_rows, after=last, fields=fields)):
        await asyncio.to_thread(made.write, [row[1:] for row in rows])
        last = rows[-1][0]
    return Produced(await asyncio.to_thread(made.close))


def field_heading(kinds: Mapping[str, AssetKind], field: str, reader: Locale) -> str:
    """Return what a field's column is called: its label, where an import would read that field from it, else its name."""
    labels = next(kind.fields[field] for kind in kinds.values() if field in kind.fields)
    label = labels.get(reader.language) or field
    return label if heading_words(kinds).get(normalized_word(label)) == f"field.{field}" else field


def _rows(connection: Connection, after: int, fields: Sequence[str]) -> list[tuple[Any, ...]]:
    found = Assets(connection).after(after, AT_ONCE)
    companies, people = Companies(connection), People(connection)
    company = {one: companies.get(one) for one in {each.company_id for each in found if each.company_id is not None}}
    holders = {
        one: holder_name(people, one) for one in {each.person_id for each in found if each.person_id is not None}
    }

    def row(one: Asset) -> tuple[Any, ...]:
        owner = company.get(one.company_id) if one.company_id is not None else None
        holder = holders.get(one.person_id, "") if one.person_id is not None else ""
        whose = (owner.name if owner is not None else "", holder)
        return (
            one.id,
            one.number,
            one.kind,
            one.name,
            *whose,
            one.retired_at,
            *(one.fields.get(f, "") for f in fields),
        )

    return [row(one) for one in found]


def holder_name(people: People, person_id: int) -> str:
    """Return a name by which an import finds somebody: their own, or their account where others are called so."""
    name = people.get(person_id).name
    same = {one.id for one in people.named(name)} == {person_id}
    return name if same else next(iter(people.accounts(person_id)), "")
