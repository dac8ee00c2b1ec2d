"""Pictures: what a handler described as data becomes a PNG when it is sent, in a thread of its own."""

from collections.abc import Mapping
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from handlers.vocabulary.deferred import WorkflowGraph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import FancyBboxPatch

WIDTH, HEIGHT = 2.9, 1.25  # inches from one column, one row to the next
BOX = (1.7, 0.45)
TOP, LINE = 1.1, 0.22
BOTH_WAYS = 0.22  # how far two arrows between the same two bend apart
AROUND = 1.15  # inches by which an arrow leaves its straight way to pass other statuses
COLOURS = {
    "new": "#dbe9ff",
    "open": "#d9f2e0",
    "pending": "#fff0cc",
    "on_hold": "#ece3f7",
    "resolved": "#c9ecd5",
    "closed": "#e4e4e4",
}
TOGETHER = {"on_hold": "pending"}  # kinds that share a column
INK, PALE = "#333333", "#7a869a"

Point = tuple[float, float]


def draw_workflow(described: WorkflowGraph) -> bytes:
    """Return a workflow as a PNG: statuses in columns by kind, arrows with what leads along them."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    places, columns = workflow_layout(described)
    rows = max(-y for _, y in places.values()) / HEIGHT + 1
    notes = described["notes"]
    bottom = -HEIGHT * (rows - 1) - 0.75 - LINE * len(notes)
    figure = Figure(figsize=(WIDTH * len(columns) + 0.4, TOP - bottom), dpi=120)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(-WIDTH / 2 - 0.2, WIDTH * (len(columns) - 0.5) + 0.2)
    axes.set_ylim(bottom, TOP)
    _say(axes, (-WIDTH / 2, TOP - 0.1), described["title"], fontsize=13, weight="bold", va="top")
    for number, name in enumerate(columns):
        _say(axes, (number * WIDTH, 0.55), name, fontsize=8, color=PALE, ha="center")
    for number, note in enumerate(reversed(notes)):
        _say(axes, (-WIDTH / 2, bottom + LINE * (number + 0.5)), note, fontsize=8, va="center")
    boxes = {
        status: _box(axes, places[status], kind, label, start=start)
        for status, kind, label, start in described["statuses"]
    }
    for status, to, words in described["arrows"]:
        both_ways = any(each[:2] == [to, status] for each in described["arrows"])
        bent = BOTH_WAYS if both_ways else arrow_bend(places[status], places[to])
        _arrow(axes, boxes, places, status, to, words, bent=bent)
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def _say(axes: "Axes", at: Point, words: str, **look: Any) -> None:
    """Write words as they are: nothing in them is a formula."""
    shown = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in words)
    axes.text(*at, shown, parse_math=False, **{"color": INK, **look})


def workflow_layout(described: WorkflowGraph) -> tuple[dict[str, Point], list[str]]:
    """Return where each status stands, and the names of the columns that have any."""
    titles = dict(described["columns"])
    column_of = [(TOGETHER.get(kind, kind), status) for status, kind, _, _ in described["statuses"]]
    order = [kind for kind in titles if kind in {column for column, _ in column_of}]
    places: dict[str, Point] = {}
    ranked = sorted(column_of, key=lambda pair: order.index(pair[0]))
    tallest = max(len(list(each)) for _, each in groupby(ranked, key=lambda pair: pair[0]))
    for column, each in groupby(ranked, key=lambda pair: pair[0]):
        inside = [status for _, status in each]
        top = (tallest - len(inside)) / 2
        for row, status in enumerate(inside):
            places[status] = (order.index(column) * WIDTH, -(top + row) * HEIGHT)
    named = {
        kind: " · ".join(titles[k] for k in titles if TOGETHER.get(k, k) == kind and _has(described, k))
        for kind in order
    }
    return places, [named[kind] for kind in order]


def _has(described: WorkflowGraph, kind: str) -> bool:
    return any(each[1] == kind for each in described["statuses"])


def arrow_bend(begin: Point, end: Point) -> float:
    """Return how far an arrow bends: one that passes other columns goes around them, however far it goes."""
    columns = abs(end[0] - begin[0]) / WIDTH
    if columns <= 1:
        return 0.0 if begin[0] != end[0] else 0.15
    return 2 * AROUND / (columns * WIDTH)


def _box(axes: "Axes", at: Point, kind: str, label: str, *, start: bool) -> "FancyBboxPatch":
    from matplotlib.patches import FancyBboxPatch

    width, height = BOX
    corner = (at[0] - width / 2, at[1] - height / 2)
    edge, line = (INK, 1.8) if start else (PALE, 0.9)
    box = FancyBboxPatch(corner, width, height, "round,pad=0.06", fc=COLOURS[kind], ec=edge, lw=line, zorder=3)
    axes.add_patch(box)
    _say(axes, at, _wrapped(label), fontsize=9, ha="center", va="center", zorder=4)
    return box


def _arrow(
    axes: "Axes",
    boxes: Mapping[str, "FancyBboxPatch"],
    places: Mapping[str, Point],
    status: str,
    to: str,
    words: list[str],
    *,
    bent: float,
) -> None:
    from matplotlib.patches import FancyArrowPatch

    begin, end = places[status], places[to]
    curve = f"arc3,rad={bent}"
    arrow = FancyArrowPatch(
        begin,
        end,
        connectionstyle=curve,
        patchA=boxes[status],
        patchB=boxes[to],
        arrowstyle="-|>",
        mutation_scale=10,
        lw=0.9,
        color=PALE,
        zorder=2,
    )
    axes.add_patch(arrow)
    if words:
        said = "\n".join(words)
        look = {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.85}
        _say(axes, point_on_arrow(begin, end, bent), said, fontsize=6.5, ha="center", va="center", bbox=look, zorder=5)


def point_on_arrow(begin: Point, end: Point, bent: float, part: float = 0.27) -> Point:
    """Return a point of an arrow that bends: of a curve of the second degree, as it is drawn."""
    (x, y), (u, v) = begin, end
    middle = ((x + u) / 2 + bent * (v - y), (y + v) / 2 - bent * (u - x))
    a, b, c = (1 - part) ** 2, 2 * part * (1 - part), part**2
    return (a * x + b * middle[0] + c * u, a * y + b * middle[1] + c * v)


def _wrapped(label: str, width: int = 22) -> str:
    from textwrap import fill

    return fill(label, width)
