"""A report as text, as a workbook with a sheet a table, as CSV of its first table, and as JSON."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.sheets.csv_file import csv_file
from bot.sheets.xlsx import build_workbook
from handlers.reports.report import Figure, Report
from handlers.vocabulary.messages import RichText, bold_text, join_lines
from handlers.vocabulary.tables import CellKind, Column, Table, Value

Show = Callable[[Value, CellKind], str]
LINES, CELLS = 12, 5  # of a table in text


def as_text(report: Report, show: Show, words: dict[str, str]) -> RichText:
    """Return a report as a message."""
    head = bold_text(f"{report.title} · {report.period}")
    note = [RichText(report.note)] if report.note else []
    if report.empty:
        return join_lines(head, *note, RichText(words["empty"]))
    figures = (
        RichText(f"{one.name}: {show(one.value, one.kind)}{_before(one, show, words)}{goal_of(one, show, words)}")
        for one in report.figures
    )
    return join_lines(
        head, *note, *figures, *(RichText(line) for table in report.tables for line in _table(table, show, words))
    )


def _before(figure: Figure, show: Show, words: dict[str, str]) -> str:
    return f" ({words['before']} {show(figure.before, figure.kind)})" if figure.before is not None else ""


def goal_of(figure: Figure, show: Show, words: dict[str, str]) -> str:
    """Return the goal of a figure, and whether it is reached; nothing where it has none."""
    if figure.goal is None:
        return ""
    mark = {True: " ✓", False: " ✗", None: ""}[figure.reached]
    return f" · {words['goal']} {show(figure.goal, figure.kind)}{mark}"


def _table(table: Table, show: Show, words: dict[str, str]) -> list[str]:
    """Return the lines of a table, and what is left out of it; days and hours are for the picture."""
    if table.chart in ("line", "heat") or not table.rows:
        return []
    told = []
    for row in table.rows[:LINES]:
        cells = zip(table.columns[1:], row[1:], strict=True)
        shown = [f"{column.title} {show(value, column.kind)}" for column, value in cells if value not in (None, "")]
        told.append(f"• {row[0]}: {', '.join(shown[:CELLS])}")
    rest = len(table.rows) - LINES
    return ["", table.title, *told, *([words["more"].replace("{n}", str(rest))] if rest > 0 else [])]


def figures_table(report: Report, words: dict[str, str]) -> Table:
    """Return the figures as a table: each with what it was before, and how many it was measured on."""
    columns = [Column(words["figure"]), Column(words["value"]), Column(words["before"]), Column("n", CellKind.NUMBER)]
    rows = [[one.name, one.value, one.before, one.of] for one in report.figures]
    if any(one.goal is not None for one in report.figures):
        columns.append(Column(words["goal"]))
        rows = [[*row, one.goal] for row, one in zip(rows, report.figures, strict=True)]
    return Table(report.title, columns, rows)


def as_workbook(reports: Sequence[Report], made_of: Sequence[Table], zone: str, words: dict[str, str]) -> bytes:
    """Return reports as a workbook: a sheet of figures for each, its tables with their charts, and what they are made of."""
    tables = [table for report in reports for table in (figures_table(report, words), *report.tables)]
    return build_workbook([*tables, *made_of], zone)


def as_csv(report: Report, zone: str, words: dict[str, str]) -> bytes:
    """Return the first table of a report as CSV; its figures where it has none."""
    return csv_file(report.tables[0] if report.tables else figures_table(report, words), zone)


def as_json(reports: Sequence[Report]) -> str:
    """Return reports as JSON: durations in seconds, shares from 0 to 1."""
    return json.dumps({"reports": [_report(report) for report in reports]}, ensure_ascii=False, indent=2)


def _report(report: Report) -> dict[str, Any]:
    return {
        "kind": report.kind,
        "period": report.period,
        "figures": [
            {
                "name": one.name,
                "value": _plain(one.value),
                "before": _plain(one.before),
                "of": one.of,
                **({"goal": _plain(one.goal), "reached": one.reached} if one.goal is not None else {}),
            }
            for one in report.figures
        ],
        "tables": [
            {
                "title": table.title,
                "columns": [column.title for column in table.columns],
                "rows": [[_plain(value) for value in row] for row in table.rows],
            }
            for table in report.tables
        ],
    }


def _plain(value: Value) -> str | int | float | None:
    match value:
        case timedelta():
            return value.total_seconds()
        case datetime():
            return value.isoformat()
    return value
