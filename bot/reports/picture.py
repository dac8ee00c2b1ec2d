"""A report as a picture that reads on a phone: figures first, then one shape with its numbers beside it.

Colours are Okabe and Ito's, told apart by whoever sees colours otherwise, and by their lightness in grey; no word is smaller than
nine points on a phone that shows the whole width.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from handlers.reports.report import Figure, Report
from handlers.vocabulary.tables import CellKind, Table, Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

DPI = 144
WIDTH, HEIGHT = 7.5, 9.375  # inches: 1080 by 1350 dots
INK, QUIET, LINE, PAPER, TILE = "#1b1f24", "#59636e", "#d0d7de", "#ffffff", "#f3f6f9"
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SMALL, USUAL, LARGE = 13, 14, 26  # points; on a phone a third of that
LINES = 8  # lines of a table in the picture; the workbook has all
TILES, FEW = 8, 4  # figures shown: of an overview, and above the lines of a table
DAYS = 31  # points of a line; more are put together

Show = Callable[[Value, CellKind], str]


def draw_report(report: Report, show: Show, words: dict[str, str]) -> bytes:
    """Return a report as a PNG. ``words``: empty, more, before, nothing."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Made

    canvas = Made(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(canvas)
    axes = canvas.add_axes((0, 0, 1, 1), label="page")
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(HEIGHT, 0)
    axes.set_axis_off()
    _say(axes, 0.35, 0.5, report.title, fontsize=22, weight="bold", va="center", label="title")
    _say(axes, 0.35, 0.92, report.period, fontsize=15, color=QUIET, va="center", label="period")
    if report.note:
        _say(axes, WIDTH - 0.35, 0.92, _short(report.note, 34), fontsize=SMALL, color=QUIET, va="center", ha="right")
    if report.empty:
        _say(
            axes,
            WIDTH / 2,
            HEIGHT / 2,
            words["empty"],
            fontsize=18,
            color=QUIET,
            ha="center",
            va="center",
            label="empty",
        )
        return _png(canvas)
    table = next((table for table in report.tables if table.chart), None)
    many = TILES if table is None or table.chart == "line" else FEW
    top = _tiles(axes, report.figures[:many], show, words)
    if table is not None:
        _say(axes, 0.35, top + 0.16, table.title, fontsize=USUAL, weight="bold", va="center")
        _chart(canvas, axes, table, top + 0.45, show, words)
    return _png(canvas)


def _png(canvas: "Canvas") -> bytes:
    out = BytesIO()
    canvas.savefig(out, format="png")
    return out.getvalue()


def _say(axes: "Axes", x: float, y: float, words: str, **look: Any) -> None:
    """Write words as they are: nothing in them is a formula."""
    kept = "".join(
        letter if letter == "\n" or (letter.isprintable() and ord(letter) < 0x1F000) else " " for letter in words
    )
    axes.text(x, y, kept, parse_math=False, **{"color": INK, **look})


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _tiles(axes: "Axes", figures: Sequence[Figure], show: Show, words: dict[str, str]) -> float:
    """Draw the figures in two columns; return where they end."""
    from matplotlib.patches import FancyBboxPatch

    width, height, gap, top = 3.32, 1.06, 0.14, 1.22
    for number, figure in enumerate(figures):
        x, y = 0.35 + number % 2 * (width + gap), top + number // 2 * (height + gap)
        box = FancyBboxPatch((x, y), width, height, "round,pad=0,rounding_size=0.08", fc=TILE, ec="none")
        axes.add_patch(box)
        name = _short(figure.name, 34)
        _say(axes, x + 0.16, y + 0.2, name, fontsize=SMALL, color=QUIET, va="center", label="figure")
        _say(axes, x + 0.16, y + 0.53, show(figure.value, figure.kind), fontsize=LARGE, weight="bold", va="center")
        told, colour = _change(figure, show, words)
        _say(axes, x + 0.16, y + 0.88, told, fontsize=SMALL, color=colour, va="center", label="change")
        if figure.goal is not None:
            aim = f"{words['goal']} {show(figure.goal, figure.kind)}"
            reached = {True: GREEN, False: RED, None: QUIET}[figure.reached]
            place = {"ha": "right", "va": "center", "label": "goal"}
            _say(axes, x + width - 0.16, y + 0.53, aim, fontsize=SMALL, color=reached, **place)
    return top + (len(figures) + 1) // 2 * (height + gap) + 0.06


def _change(figure: Figure, show: Show, words: dict[str, str]) -> tuple[str, str]:
    """Return what a figure was before, with an arrow, and in which colour that is told."""
    if figure.before is None or figure.value is None:
        return (f"n = {figure.of}", QUIET) if figure.of is not None and figure.value is not None else ("", QUIET)
    now, before, told = figure.value, figure.before, show(figure.before, figure.kind)
    if isinstance(now, str) or isinstance(before, str) or told == show(now, figure.kind):  # equal to whoever reads it
        return f"= {words['before']} {told}", QUIET
    more = now > before  # type: ignore[operator]
    good = figure.better and (more == (figure.better > 0))
    colour = QUIET if not figure.better else (GREEN if good else RED)
    return f"{'▲' if more else '▼'} {words['before']} {told}", colour


def _chart(canvas: "Canvas", page: "Axes", table: Table, top: float, show: Show, words: dict[str, str]) -> None:
    match table.chart:
        case "line":
            _lines(canvas, table, top)
        case "heat":
            _heat(canvas, table, top)
        case "stack":
            _stack(page, table, top)
        case _:
            _bars(page, table, top, show, words)


def _axes(canvas: "Canvas", top: float, *, left: float, bottom: float) -> "Axes":
    height = HEIGHT - top - bottom
    axes = canvas.add_axes(
        (left / WIDTH, bottom / HEIGHT, (WIDTH - left - 0.4) / WIDTH, height / HEIGHT), label="chart"
    )
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.tick_params(labelsize=SMALL, colors=QUIET, length=0)
    return axes


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _lines(canvas: "Canvas", table: Table, top: float) -> None:
    """Draw what came and what went, day by day; where there are many days, several of them as one point."""
    from matplotlib.ticker import MaxNLocator

    step = -(-len(table.rows) // DAYS)
    parts = [table.rows[at : at + step] for at in range(0, len(table.rows), step)]
    days = [str(part[0][0]) for part in parts]
    axes = _axes(canvas, top + 0.25, left=0.75, bottom=0.6)
    series = [(1, BLUE, "-", "o"), (2, ORANGE, "--", "s")]
    for place, colour, line, mark in series:
        sums = [sum(_number(row[place]) for row in part) for part in parts]
        whole = int(sum(sums))
        name = f"{table.columns[place].title}: {whole}"
        axes.plot(range(len(sums)), sums, line, color=colour, marker=mark, markersize=5, linewidth=2.4, label=name)
        if len(sums) <= 8:
            for at, value in enumerate(sums):
                axes.annotate(
                    f"{value:.0f}", (at, value), (0, 6), textcoords="offset points", ha="center", fontsize=SMALL
                )
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    shown = range(0, len(days), max(1, -(-len(days) // 6)))
    axes.set_xticks(list(shown), [days[at] for at in shown])
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=USUAL, borderaxespad=0.1)


def _heat(canvas: "Canvas", table: Table, top: float) -> None:
    """Draw hours by weekdays: the darker, the more; three hours in one field, with its number."""
    import numpy as np

    raw = np.array([[_number(value) for value in row[1:]] for row in table.rows])
    grid = raw.reshape(8, 3, 7).sum(axis=1)
    axes = _axes(canvas, top + 0.3, left=1.05, bottom=0.3)
    axes.imshow(grid, cmap="Blues", aspect="auto", vmin=0, vmax=max(grid.max(), 1) * 1.15)
    axes.set_xticks(range(7), [column.title for column in table.columns[1:]])
    axes.set_yticks(range(8), [f"{hour:02}–{hour + 3:02}" for hour in range(0, 24, 3)])
    axes.xaxis.tick_top()
    axes.spines["bottom"].set_visible(False)
    for (y, x), value in np.ndenumerate(grid):
        colour = PAPER if value > grid.max() * 0.6 else INK
        axes.text(x, y, f"{value:.0f}" if value else "·", ha="center", va="center", fontsize=USUAL, color=colour)


def _bars(page: "Axes", table: Table, top: float, show: Show, words: dict[str, str]) -> None:
    """Draw one bar a line with its number, and beside it two of its other numbers, each under its own head."""
    from matplotlib.patches import Rectangle

    lines = table.rows[:LINES]
    height = min((HEIGHT - top - 0.5) / max(len(lines), 1), 0.66)
    of, beside = _measure(table), _beside(table)
    widest = 3.1 if beside else 5.6
    longest = max([*(_size(row[of]) for row in lines), 0.0]) or 1.0
    for place, right in beside:
        head = "\n".join(wrap(table.columns[place].title, 15)[:2])
        _say(page, right, top - 0.22, head, fontsize=SMALL, color=QUIET, va="center", ha="right", linespacing=1.05)
    _say(page, 0.35, top - 0.02, table.columns[of].title, fontsize=SMALL, color=BLUE, va="center")
    for number, row in enumerate(lines):
        y, width = top + 0.16 + number * height, widest * _size(row[of]) / longest
        _say(
            page,
            0.35,
            y + height * 0.24,
            _short(str(row[0]), 30 if beside else 50),
            fontsize=USUAL,
            va="center",
            label="line",
        )
        page.add_patch(Rectangle((0.35, y + height * 0.5), width, height * 0.26, fc=BLUE, ec="none"))
        told = show(row[of], table.columns[of].kind)
        _say(page, 0.45 + width, y + height * 0.63, told, fontsize=USUAL, weight="bold", va="center")
        for place, right in beside:
            told = show(row[place], table.columns[place].kind)
            _say(page, right, y + height * 0.45, told, fontsize=USUAL, va="center", ha="right")
    rest = len(table.rows) - len(lines)
    said = words["more"].replace("{n}", str(rest)) if rest > 0 else ("" if lines else words["nothing"])
    _say(page, 0.35, HEIGHT - 0.22, said, fontsize=SMALL, color=QUIET, va="center")


def _measure(table: Table) -> int:
    """Return the column whose numbers are bars: what went out where there is one, else the first number."""
    return 3 if len(table.columns) > 4 else 1


def _size(value: Value) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else _number(value)


def _beside(table: Table) -> list[tuple[int, float]]:
    """Return the columns that are told beside a bar, each with where it ends."""
    if len(table.columns) > 9:
        return [(5, 5.75), (9, WIDTH - 0.35)]
    return [(2, WIDTH - 0.35)] if len(table.columns) > 2 else []


def _stack(page: "Axes", table: Table, top: float) -> None:
    """Draw for each line two bars of what was kept and what was missed, with both numbers."""
    from matplotlib.patches import Rectangle

    height = min((HEIGHT - top - 0.5) / max(len(table.rows), 1), 1.05)
    for number, row in enumerate(table.rows):
        y = top + number * height
        _say(page, 0.35, y + height * 0.16, str(row[0]), fontsize=USUAL, weight="bold", va="center", label="line")
        for part, place in enumerate((1, 3)):
            met, missed = _number(row[place]), _number(row[place + 1])
            whole, left, at = met + missed, 0.35, y + height * (0.34 + 0.3 * part)
            for value, colour, hatch in ((met, BLUE, ""), (missed, ORANGE, "////")):
                width = 2.85 * value / whole if whole else 0
                page.add_patch(Rectangle((left, at), width, height * 0.2, fc=colour, ec=PAPER, hatch=hatch, lw=0))
                left += width
            said = f"{table.columns[place].title}: {met:.0f} / {whole:.0f}"
            _say(page, 3.35, at + height * 0.1, said, fontsize=SMALL, color=INK, va="center")
