"""A file opened elsewhere: a cell holds what was said, of its own type, and is never an order to the program."""

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from bot.sheets.cells import LONGEST, cell_text
from bot.sheets.csv_file import csv_file
from bot.sheets.xlsx import build_workbook
from handlers.vocabulary.tables import CellKind, Column, Table, Value
from kb.files.formulas import FORMULA, without_mark

HOSTILE = (
    *("=1+1", "@SUM(A1)", "+380671234567", "-2h", "\tx", "\r=x", "{=1}", "http://x.example", "mailto:a@b.c", "00123"),
    *(
        "1e5",
        "TRUE",
        "#N/A",
        "😀👩‍👩‍👧",
        "שלום ‏עולם",
        "a\x00b\x0bc",
        "x" * 40_000,
        "😀" * 40_000,
        "' quoted",
        "'=1+1",
        "''-2",
        "line\nline",
        *(f"{sign}1+1" for sign in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")),
    ),
)
MOMENT = datetime(2026, 3, 29, 0, 30, 15, 999, tzinfo=UTC)  # half an hour before Kyiv's clock jumps


def opened(table: Table, zone: str = "UTC"):
    return load_workbook(BytesIO(build_workbook([table], zone)))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:16])
def test_a_text_stays_a_text(text: str):
    book = opened(Table("All", [Column("Text"), Column(text)], [[text, None]]))
    cell = book.active["A2"]
    assert (cell.data_type, cell.value) == ("s", cell_text(text))
    assert cell.hyperlink is None
    [[_, head], [shown, _]] = csv.reader(
        StringIO(
            csv_file(Table("All", [Column("Text"), Column(text)], [[text, None]]), "UTC").decode("utf-8-sig"),
            newline="",
        )
    )
    assert head.removeprefix("'") == text.removeprefix("'") if not text.startswith("'") else True
    assert not [said for said in (head, shown) if said.startswith(FORMULA)]
    assert without_mark(shown) == text


def test_what_is_too_long_says_so_and_fits():
    for letter in "x", "ї", "😀":
        kept = cell_text(letter * 40_000)
        assert kept.endswith("…")
        assert len(kept.encode("utf-16-le")) // 2 <= LONGEST


def test_times_lengths_and_numbers_are_what_they_are():
    columns = [
        Column(kind, kind)
        for kind in (CellKind.TIME, CellKind.LENGTH, CellKind.NUMBER, CellKind.DECIMAL, CellKind.SHARE)
    ]
    row: list[Value] = [MOMENT, timedelta(hours=30, minutes=5), 7, 2.5, 0.25]
    book = opened(Table("All", columns, [row, [None] * 5]), "Europe/Kyiv")
    at, length, number, decimal, share = book.active[2]
    assert at.is_date
    assert at.value == datetime(2026, 3, 29, 2, 30, 15)  # noqa: DTZ001 - as the wall shows it
    assert length.value == timedelta(hours=30, minutes=5)
    assert length.number_format == "[h]:mm"
    assert (number.value, decimal.value, share.value) == (7, 2.5, 0.25)
    assert share.number_format == "0%"
    assert [cell.value for cell in book.active[3]] == [None] * 5


def test_a_header_stays_and_filters_and_columns_fit():
    book = opened(Table("A/B:C*", [Column("Name"), Column("Much")], [["x" * 30, "y" * 500]]))
    sheet = book.active
    assert sheet.title == "A B C"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B2")
    assert (sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width) == (
        pytest.approx(31, abs=1),
        pytest.approx(60, abs=1),
    )


def test_sheets_of_one_name_stand_beside_each_other_and_charts_are_the_programs_own():
    table = Table(
        "Agents" * 9, [Column("Agent"), Column("Solved", CellKind.NUMBER)], [["Ann", 3], ["Bob", 4]], chart="bar"
    )
    book = load_workbook(BytesIO(build_workbook([table, table, Table("Empty", table.columns, [], chart="bar")], "UTC")))
    assert len(set(book.sheetnames)) == 3
    assert [len(sheet._charts) for sheet in book.worksheets] == [1, 1, 0]


def test_lengths_and_times_in_csv_are_read_by_people_and_programs():
    columns = [Column("At", CellKind.TIME), Column("After", CellKind.LENGTH)]
    data = csv_file(Table("All", columns, [[MOMENT, timedelta(hours=30, minutes=5)]]), "Europe/Kyiv")
    assert data.decode("utf-8-sig").splitlines() == ["At,After", "2026-03-29 02:30:15,30:05"]


def test_a_sheet_that_is_full_goes_on_in_another(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.sheets.xlsx.MOST", 2)
    book = opened(Table("All", [Column("Number", CellKind.NUMBER)], [[number] for number in range(5)]))
    assert {sheet.title: [row[0].value for row in sheet.rows] for sheet in book} == {
        "All": ["Number", 0, 1],
        "All 2": ["Number", 2, 3],
        "All 3": ["Number", 4],
    }
    assert all(sheet.auto_filter.ref for sheet in book)
