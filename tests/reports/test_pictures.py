"""Every picture by its structure: what stands where, that nothing is cut off or too small to read, and that emptiness is said."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import combinations
from typing import Any

import pytest
from PIL import Image, ImageStat

from bot.reports import picture
from bot.reports.producing import value_formatter, words_of
from handlers.reports.kinds import ReportKind
from handlers.reports.report import Figure
from handlers.vocabulary.tables import CellKind
from tests.reports.pictures import DESKS, RULES, report_of

LEAST = 13  # points in the picture: nine on a phone that shows its whole width


@pytest.mark.parametrize("language", ["uk", "en", "ru"])
@pytest.mark.parametrize("desk", DESKS)
@pytest.mark.parametrize("kind", ReportKind)
def test_a_picture_has_what_it_should_and_all_of_it_can_be_read(
    kind: ReportKind, desk: str, language: str, monkeypatch
):
    kept: list[Any] = []

    def keep(canvas: Any) -> bytes:
        kept.append(canvas)
        return b""

    monkeypatch.setattr(picture, "_png", keep)
    asked, report = report_of(desk, kind, language)
    words = words_of(asked, RULES)
    picture.draw_report(report, value_formatter(asked, RULES), words)
    [canvas] = kept
    canvas.canvas.draw()
    page = canvas.axes[0]
    ticks = [text for axes in canvas.axes[1:] for text in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    said = [*ticks, *(text for axes in canvas.axes for text in axes.texts)]
    said = [text for text in said if text.get_text().strip()]
    shown = [text.get_text() for text in said]
    assert report.title in shown
    assert report.period in shown
    assert (words["empty"] in shown) == report.empty == (desk == "empty")
    assert all(text.get_fontsize() >= LEAST for text in said)
    boxes = {text: text.get_window_extent() for text in page.texts if text.get_text().strip()}
    for text, box in boxes.items():
        assert box.x0 >= 0, text
        assert box.x1 <= canvas.bbox.width, text
        assert box.y0 >= 0, text
        assert box.y1 <= canvas.bbox.height, text
    tiles = {text for text in boxes if text.get_label() in ("figure", "change") or text.get_fontsize() == picture.LARGE}
    column = {text for text in boxes if text.get_position()[0] == 0.35}
    for one, another in combinations(boxes, 2):
        if {one, another} <= tiles or {one, another} <= column:
            assert not boxes[one].overlaps(boxes[another]), (one, another)


def test_where_something_happened_a_table_without_lines_says_so(monkeypatch: pytest.MonkeyPatch):
    kept: list[Any] = []
    monkeypatch.setattr(picture, "_png", kept.append)
    asked, report = report_of("small", ReportKind.AGENTS, "uk")
    words = words_of(asked, RULES)
    nobody = replace(report, tables=[replace(table, rows=[]) for table in report.tables])
    picture.draw_report(nobody, value_formatter(asked, RULES), words)
    assert words["nothing"] in [text.get_text() for text in kept[0].axes[0].texts]


def test_a_picture_is_light_and_of_one_screen():
    asked, report = report_of("large", ReportKind.OVERVIEW, "uk")
    drawn = Image.open(BytesIO(picture.draw_report(report, value_formatter(asked, RULES), words_of(asked, RULES))))
    assert drawn.size == (1080, 1350)
    assert ImageStat.Stat(drawn.convert("L")).mean[0] > 220


def test_what_came_and_what_went_differ_in_grey():
    grey = {
        colour: sum(int(colour[at : at + 2], 16) * part for at, part in ((1, 0.299), (3, 0.587), (5, 0.114)))
        for colour in (picture.BLUE, picture.ORANGE)
    }
    assert abs(grey[picture.BLUE] - grey[picture.ORANGE]) > 50


def test_what_reads_alike_has_no_arrow():
    show = value_formatter(report_of("empty", ReportKind.OVERVIEW, "en")[0], RULES)
    alike = Figure("First answer", timedelta(minutes=30, seconds=9), CellKind.LENGTH, timedelta(minutes=30), -1)
    told, _ = picture._change(alike, show, {"before": "before:"})
    assert told == "= before: 30 min"
