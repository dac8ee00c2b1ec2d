"""Tables as their owners keep them: what is not taken of one is told, row by row and column by column."""

import io
from collections.abc import Sequence

import openpyxl
import pytest

from handlers.articles.import_export import problem_phrase
from handlers.vocabulary.translations import Locale, Translator
from kb.files.formats import Changes, Refusals, parse_articles
from tests.stories.harness import LANGUAGES, said_in

LEFT = {
    "a language without its answer": (
        "question_uk;answer_uk;question_ru;answer_ru\nЯк увійти?;Отак.;Как войти?;\nЯк оплатити?;;Как оплатить?;\nДе?;Тут.;;\n",
        {"Як увійти?": "Отак.", "Де?": "Тут."},
        [("half_row", 2, "Как войти?"), ("half_row", 3, "Як оплатити?"), ("half_row", 3, "Как оплатить?")],
    ),
    "a second column of answers": (
        "Питання,Відповідь,Response,Відповідь 2\nЯк платити?,Карткою,,Готівкою\nДе ви?,Тут,Там,\n",
        {"Як платити?": "Карткою", "Де ви?": "Тут"},
        [("unused_columns", 0, "D (Відповідь 2)"), ("other_answer", 3, "Там")],
    ),
    "a comma that nobody quoted": (
        "Question,Answer,\nHow to pay?,By card, thanks\nWhere?,Kyiv\n",
        {"How to pay?": "By card", "Where?": "Kyiv"},
        [("unused_columns", 0, "C (thanks)")],
    ),
    "names that nobody knows": (
        "Цікавляться;Наша порада\nЯка гарантія на це?;Рік від дня покупки за чеком.\nКуди нести прилад?;До сервісу на Лісній.\n",
        {"Яка гарантія на це?": "Рік від дня покупки за чеком.", "Куди нести прилад?": "До сервісу на Лісній."},
        [("row_of_names", 1, "Цікавляться | Наша порада")],
    ),
}


@pytest.mark.parametrize(("table", "taken", "left"), LEFT.values(), ids=LEFT)
def test_what_is_not_taken_is_told(table: str, taken: dict[str, str], left: list[tuple[str, int, str]]) -> None:
    found = parse_articles("table.csv", table.encode())
    assert answers(found) == taken
    assert [(one.reason, one.line, said(one.facts)) for one in found.left_out] == left


@pytest.mark.parametrize("head", ["Статус", "Status", "Активно", "Стан"])
@pytest.mark.parametrize(
    "off",
    [
        "Архів",
        "В архиве",
        "archived",
        "draft",
        "Чернетка",
        "не активно",
        "Неактивна",
        "не використовується",
        "більше не діє.",
    ],
)
def test_a_row_that_says_it_is_not_in_use_is_left_out(head: str, off: str) -> None:
    table = f"Питання;Відповідь;{head}\nЯк увійти?;Отак.;Опубліковано\nДе?;Там.;{off}\nКоли?;Зранку.;\n"
    found = parse_articles("table.csv", table.encode())
    assert answers(found) == {"Як увійти?": "Отак.", "Коли?": "Зранку."}
    assert [(one.reason, one.line) for one in found.left_out] == [("row_off", 3)]


def test_of_a_workbook_each_sheet_is_taken_or_named() -> None:
    found = parse_articles(
        "book.xlsx",
        book(
            Prices=[["Питання", "Відповідь", "Оновлено"], ["Скільки?", "Сто.", "торік"]],
            Терміни=[["Що питають", "Що кажемо"], ["Яка гарантія?", "Рік."], ["Куди нести?", "До сервісу."]],
            Довідник=[["Місто", "Склад"], ["Київ", "Лісна 3"]],
            Доставка=[["Питання", "", "Відповідь"], ["Коли?", "", "Завтра."]],  # no row is full
            Порожній=[["", ""]],
        ),
    )
    told = {"Скільки?": "Сто.", "Яка гарантія?": "Рік.", "Куди нести?": "До сервісу.", "Коли?": "Завтра."}
    assert answers(found) == told
    assert [str(one) for one in found.left_out] == [
        "Prices: these columns are not read: C (Оновлено)",
        "the sheet “Довідник” has no questions with answers",
    ]


PRICES = [["Питання", "Відповідь"], ["Скільки?", "Сто."]]
SAY = "say in each what it is about, such as “Скільки? (Лікування)”"
DOUBLED = {
    "in one table": (
        {"FAQ": [*PRICES, ["Скільки?", "Двісті."]]},
        ["line 3: “Скільки?” is already asked by “Скільки?” (line 2)"],
    ),
    "on two sheets": (
        {"Запис": PRICES, "Лікування": [*PRICES[:1], ["Боляче?", ""], ["Скільки?", "Двісті."]]},
        [
            "Лікування, line 2: the answer to “Боляче?” is empty",
            f"Лікування, line 3: “Скільки?” is asked in “Лікування” and in “Запис” (Запис, line 2): {SAY}",
        ],
    ),
}


@pytest.mark.parametrize(("sheets", "why"), DOUBLED.values(), ids=DOUBLED)
def test_two_rows_that_ask_the_same_are_told_apart_by_their_places(
    sheets: dict[str, list[list[str]]], why: list[str]
) -> None:
    """None of them has an id, so none is spoken of."""
    with pytest.raises(Refusals) as refused:
        parse_articles("book.xlsx", book(**sheets))
    assert [str(one) for one in refused.value.problems] == why


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_place_of_the_other_one_is_told_in_the_readers_language(language: str) -> None:
    with pytest.raises(Refusals) as refused:
        parse_articles("book.xlsx", book(**DOUBLED["on two sheets"][0]))
    said = Translator().say(problem_phrase(refused.value.problems[1]), Locale(language))
    assert said_in(language, "problem.where_of", file="Запис", line=2) in said
    assert ("line" in said) == (language == "en")


def test_a_cell_that_is_merged_over_rows_holds_for_each_of_them() -> None:
    rows = [
        [],
        ["", "FAQ"],
        ["", "Розділ", "Питання", "Відповідь"],
        ["", "Запис", "Як?", "Так."],
        ["", "", "Де?", ""],
        ["", "Оплата", "Чим?", ""],
    ]
    with pytest.raises(Refusals) as refused:
        parse_articles("book.xlsx", book(("B4:B5", "D4:D5", "B2:D2"), FAQ=rows))
    assert [(one.reason, one.line) for one in refused.value.problems] == [("empty_answer", 6)]
    assert refused.value.rest
    assert [(one.section, one.question, one.answer) for one in refused.value.rest.added] == [
        ("Запис", "Як?", "Так."),
        ("Запис", "Де?", "Так."),
    ]


def test_a_language_is_named_as_people_name_it() -> None:
    names = {"укр.": "uk", "Українська мова": "uk", "англ.": "en", "Русский язык": "ru", "UA": "uk", "de": "de"}
    rows = "".join(f"thing number {at},so,{name}\n" for at, name in enumerate(names))
    found = parse_articles("table.csv", f"question,answer,мова\n{rows}".encode())
    assert [one.language for one in found.added] == [*names.values()]


def answers(found: Changes) -> dict[str, str]:
    """Return what a file answers."""
    return {one.question: one.answer for one in found.added}


def said(facts: object) -> str:
    """Return the words of a file that a reason holds."""
    assert isinstance(facts, dict)
    return str(facts.get("text") or facts.get("columns"))


def book(merged: Sequence[str] = (), /, **sheets: list[list[str]]) -> bytes:
    """Return a workbook; ``merged`` are ranges of its sheets that are one cell."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
