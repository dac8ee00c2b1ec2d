"""A list as a file: its tickets are read some at a time beside the writer, and written in a thread as they come."""

import asyncio
from functools import partial

from bot.deferred.workshop import Produced, Workshop, reader_of, speech_of
from bot.sheets import csv_file, xlsx
from handlers.tickets.export_columns import Desk, Exported, chosen_columns, column_title
from handlers.vocabulary.deferred import ListArgs
from handlers.vocabulary.filters import FILTER
from handlers.vocabulary.messages import RichText, phrase
from handlers.vocabulary.tables import Column
from storage.engine.database import Connection
from storage.tickets import listing
from storage.tickets.listing import Row
from storage.tickets.queue import Queue

MOST = 200_000  # rows of one file
AT_ONCE = 500  # rows of one look
XLSX = "xlsx"


async def list_file(workshop: Workshop, name: str, args: ListArgs) -> Produced:
    """Make a file of the tickets that a filter means, in the order of the list."""
    rules, reader = await workshop.rules(), reader_of(args)
    desk = Desk(rules, speech_of(rules), reader)
    wanted = FILTER.validate_python(args["filter"])
    columns = chosen_columns(wanted.columns)
    heads = [Column(desk.say(column_title(one)), one.kind) for one in columns]
    numbers = await workshop.database.read(lambda connection: Queue(connection).numbers(wanted, MOST + 1))
    left, numbers = numbers[MOST:], numbers[:MOST]
    made = _Xlsx(desk, heads) if name.endswith(XLSX) else _Csv(desk, heads)
    for at in range(0, len(numbers), AT_ONCE):
        some = numbers[at : at + AT_ONCE]
        rows = await workshop.database.read(partial(_rows, numbers=some))
        await asyncio.to_thread(made.write, rows, columns)
        workshop.tell(at + len(some), len(numbers))
    content = await asyncio.to_thread(made.close)
    said = [phrase("export.rows", n=len(numbers)), *([phrase("export.cut", limit=MOST)] if left else [])]
    return Produced(content, RichText("\n".join(desk.say(one) for one in said)))


def _rows(connection: Connection, numbers: list[int]) -> list[Row]:
    return listing.ticket_rows(connection, numbers)


class _Xlsx:
    def __init__(self, desk: Desk, heads: list[Column]) -> None:
        self._desk = desk
        self._book = xlsx.Book(desk.reader.zone)
        self._sheet = self._book.sheet(desk.say(phrase("export.sheet")), heads)

    def write(self, rows: list[Row], columns: list[Exported]) -> None:
        self._sheet.write([[one.value(row, self._desk) for one in columns] for row in rows])

    def close(self) -> bytes:
        self._sheet.close()
        return self._book.close()


class _Csv:
    def __init__(self, desk: Desk, heads: list[Column]) -> None:
        self._desk = desk
        self._file = csv_file.CsvFile(heads, desk.reader.zone)

    def write(self, rows: list[Row], columns: list[Exported]) -> None:
        self._file.write([[one.value(row, self._desk) for one in columns] for row in rows])

    def close(self) -> bytes:
        return self._file.close()
