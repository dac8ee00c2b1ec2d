"""Articles go to a file and come back; a bad file changes nothing and says why, line by line."""

import csv
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import Article
from kb.files.formats import format_articles, read_articles
from kb.files.validation import BadFile

ARTICLES = (
    Article(1, "Не працює інтернет?", "*Роутер*.\n\n1. Вимкніть\n2. Увімкніть", ("зник інтернет", "немає мережі"),
            ("роутер", "wifi"), "uk", "Інтернет"),
    Article("pay", "Как оплатить?", "# Картой\n## Или\n```\n## код\n```\nв кассе; там | тут", (), (), "ru", "Оплата"),
    Article(3, "Printer: is it \"on\"?", "- yes\n- no, see <b>there</b>", ("printer, offline; again",), (), "en"),
)  # fmt: skip


def write_articles(path: Path, articles: Iterable[Article]) -> None:
    path.write_text(format_articles(path.name, articles), encoding="utf-8", newline="")


@pytest.mark.parametrize("ending", ["yaml", "yml", "csv", "md"])
def test_what_is_written_is_read_again(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"base.{ending}"
    write_articles(path, ARTICLES)
    changes = read_articles(path)
    assert {article.id: article for article in changes.added} == {article.id: article for article in ARTICLES}
    assert read_articles(path, existing=ARTICLES).same == changes.added


def test_an_id_that_nobody_has_is_no_other_article(tmp_path: Path) -> None:
    path = tmp_path / "base.yaml"
    write_articles(path, [Article("pay-by-card", "How to pay?", "By card.")])
    taken = Article(7, "How to pay?", "By card.")  # the number it got when it was first imported
    assert read_articles(path, existing=[taken]).same == (taken,)


TEXT = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=20)


@pytest.mark.parametrize("ending", ["yaml", "csv"])
@given(question=TEXT, answer=TEXT, alias=TEXT)
def test_any_text_survives_the_way_there_and_back(
    tmp_path_factory: pytest.TempPathFactory, ending: str, question: str, answer: str, alias: str
) -> None:
    article = Article(1, f"питання {question}", f"так {answer}", (f"варіант {alias}".replace("|", "/"),), (), "uk")
    path = tmp_path_factory.mktemp("any") / f"base.{ending}"
    write_articles(path, [article])
    assert read_articles(path).added == (article,)


FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CELLS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''-x", "＝1", "it's", "'quoted'", "- one\n- two", "a;=1+1", "a\t=1"]


@pytest.mark.parametrize("said", CELLS)
def test_no_cell_is_a_formula_and_all_of_it_comes_back(tmp_path: Path, said: str) -> None:
    article = Article(
        f"{said} id", f"{said} how?", f"{said} so", (f"{said} like",), (f"{said} key",), "en", f"{said} part"
    )
    article = replace(article, question=" ".join(article.question.split()), aliases=(" ".join(f"{said} like".split()),))
    article = replace(article, keywords=(" ".join(f"{said} key".split()),), id=" ".join(str(article.id).split()))
    path = tmp_path / "base.csv"
    write_articles(path, [article])
    with path.open(encoding="utf-8-sig", newline="") as table:
        cells = [cell for row in csv.reader(table) for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULAS)]
    assert read_articles(path).added == (article,)


@given(said=st.text(st.sampled_from("=+-@'\t;,\"a1 "), max_size=8))
def test_no_text_becomes_a_formula(tmp_path_factory: pytest.TempPathFactory, said: str) -> None:
    path = tmp_path_factory.mktemp("any") / "base.csv"
    article = Article(1, f"question {said}".strip(), f"{said}answer".strip(), (), (), "en", f"{said}x".strip())
    article = replace(article, question=" ".join(article.question.split()))
    write_articles(path, [article])
    with path.open(encoding="utf-8-sig", newline="") as table:
        assert not [cell for row in csv.reader(table) for cell in row if cell.startswith(FORMULAS)]
    assert read_articles(path).added == (article,)


@pytest.mark.parametrize(
    "raw",
    [
        "Питання;Відповідь;Варіанти\r\nНе працює інтернет;Перезапуск;зник інтернет|немає мережі\r\n".encode("cp1251"),
        "\ufeffquestion;answer;aliases\r\nНе працює інтернет;Перезапуск;\"зник інтернет\nнемає мережі\"\r\n".encode(),
        "question\tanswer\taliases\nНе працює інтернет\tПерезапуск\tзник інтернет|немає мережі\n".encode("utf-16"),
        "question,answer,aliases\nНе працює інтернет,Перезапуск,зник інтернет|немає мережі".encode(),
    ],
)  # fmt: skip
def test_a_table_as_windows_saves_it(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "base.csv").write_bytes(raw)
    (article,) = read_articles(tmp_path / "base.csv", language="uk").added
    assert (article.question, article.answer) == ("Не працює інтернет", "Перезапуск")
    assert article.aliases == ("зник інтернет", "немає мережі")


BAD = [
    ("a.csv", "question,answer\nхто,\n,там\n", ["line 2: the answer to “хто” is empty", "line 3: the quest"]),
    ("a.csv", "qestion,answer\nа,б\n", ["line 1: there is no field “qestion”; the fields are question, id"]),
    ("a.csv", "question\nа\n", ["line 1: the field “answer” is missing"]),
    ("a.csv", "question,answer\nгде чек,тут\nкогда,завтра\nГде ЧЕК?,там\n",
     ["line 4: “Где ЧЕК?” is already asked by “где чек” (line 2)"]),
    ("a.csv", "question,answer,aliases\nгде чек,тут,\nсчёт,завтра,где чек\n",
     ["line 3: the alias “где чек” belongs to “где чек” (line 2)"]),
    ("a.csv", "id,question,answer\n1,где чек,тут\n1,счёт,завтра\n",
     ["line 3: the id 1 is already taken by “где чек” (line 2)"]),
    ("a.csv", "question,answer,language\nгде чек,тут,ukrainian!\n", ["line 2: “ukrainian!” is not a language code"]),
    ("a.csv", "question,answer\n!!!,тут\n", ["line 2: “!!!” has no words"]),
    ("a.csv", "", ["line 1: the field"]),
    ("a.yaml", "- question: а чи є\n  answer: [1, 2]\n", ["line 2: “answer” must be a text"]),
    ("a.yaml", "- question: а чи є\n  anwser: b\n", ["line 2: there is no field “anwser”; the fields are answer"]),
    ("a.yaml", "- question: \"а чи є\n", ["line "]),
    ("a.yaml", "question: а\n", ["line 1: the file cannot be read: a list of articles is expected"]),
    ("a.yaml", "- просто\n", ["line 1: “article” must be a mapping"]),
    ("a.yaml", "", ["there are no articles in it"]),
    ("a.md", "текст\n", ["there are no articles in it"]),
    ("a.md", "## Питання яке\n> варіант цей\n", ["line 1: the answer to “Питання яке” is empty"]),
    ("a.rtf", "x", ["is none of"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "told"), BAD)
def test_a_bad_file_is_refused_with_its_lines(tmp_path: Path, name: str, text: str, told: list[str]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        read_articles(tmp_path / name)
    for part in told:
        assert any(part in str(problem) for problem in refused.value.problems), str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        read_articles(tmp_path / "none.yaml")


def test_an_alias_of_an_article_that_is_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("question,answer\nзник інтернет,тут\n", encoding="utf-8")
    with pytest.raises(BadFile, match="already asked by “Не працює інтернет"):
        read_articles(tmp_path / "a.csv", existing=ARTICLES, language="uk")


def test_an_alias_may_move_when_its_owner_comes_along(tmp_path: Path) -> None:
    moved = "id,language,question,answer,aliases\n9,uk,зник інтернет,тут,\n1,uk,Не працює інтернет?,так,немає мережі\n"
    (tmp_path / "a.csv").write_text(moved, encoding="utf-8")
    changes = read_articles(tmp_path / "a.csv", existing=ARTICLES)
    assert ([a.id for a in changes.added], [a.id for a in changes.changed]) == ([9], [1])


def test_an_article_without_id_is_known_by_its_question(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('question,answer\nPrinter: is it ""on""?,maybe\n', encoding="utf-8")
    (tmp_path / "b.yaml").write_text("- question: 'Printer: is it \"on\"?'\n  answer: maybe\n", encoding="utf-8")
    (changed,) = read_articles(tmp_path / "b.yaml", existing=ARTICLES).changed
    assert (changed.id, changed.answer) == (3, "maybe")


def test_a_number_and_a_question_of_one_form_are_no_proof_without_the_rest_of_the_file(tmp_path: Path) -> None:
    there = [
        Article(1, "Як оплатити інтернет?", "У **кабінеті** карткою або на касі.", ("куди платити",), (), "uk"),
        Article(2, "Як викликати майстра?", "Створіть заявку й оберіть зручні години.", (), (), "uk"),
        Article(3, "Де ваш офіс?", "Вул. Шевченка, 12, перший поверх.", (), (), "uk"),
    ]
    path = tmp_path / "a.csv"
    rows = ["1,Як оплатити навчання?,Через банк", "2,Як викликати лікаря?,103", "3,Де ваш корпус?,Лісна 3"]
    path.write_text("\n".join(["id,question,answer", *rows]), encoding="utf-8")
    found = read_articles(path, existing=there, language="uk")
    assert (len(found.added), found.changed, [one.reason for one in found.clashes]) == (3, (), ["others_id"] * 3)

    edited = [there[0], replace(there[1], question="Як викликати техніка?", answer="Подзвоніть."), there[2]]
    write_articles(path, edited)  # the others show whose numbers these are
    assert read_articles(path, existing=there).changed == (edited[1],)
    edited = [replace(there[2], question="Де саме ваш офіс?", answer="Вул. Шевченка, 14, перший поверх.")]
    write_articles(path, edited)
    assert read_articles(path, existing=there).changed == (*edited,)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "yaml", "md"])
def test_one_bad_row_in_ten_thousand(tmp_path: Path, ending: str) -> None:
    rows = [Article(n, f"питання номер {n} про слово{n}", "так", (), (), "uk") for n in range(1, 10_001)]
    rows[7_000] = Article(7_001, "питання без відповіді", "", (), (), "uk")
    write_articles(tmp_path / f"a.{ending}", rows)
    seen: list[tuple[int, int]] = []
    start = time.perf_counter()
    with pytest.raises(BadFile) as refused:
        read_articles(tmp_path / f"a.{ending}", on_progress=lambda done, total: seen.append((done, total)))
    assert [problem.reason for problem in refused.value.problems] == ["empty_answer"]
    assert refused.value.problems[0].line > 7_000
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]
    assert time.perf_counter() - start < 30


@pytest.mark.parametrize("ending", ["yaml", "csv", "md"])
def test_translations_stay_tied_there_and_back(tmp_path: Path, ending: str) -> None:
    told = [
        Article(7, "Як увійти?", "Отак.", language="uk", group=7),
        Article(9, "How do I log in?", "Like so.", group=7),
        Article(12, "Where is it?", "There.", group=12),
    ]
    path = tmp_path / f"answers.{ending}"
    path.write_text(format_articles(path.name, told), encoding="utf-8")
    assert [one.original for one in read_articles(path).added] == [None, 7, None]
    assert read_articles(path, existing=told).same == tuple(told)
    apart = [replace(one, group=one.id) for one in told]
    (tied,) = read_articles(path, existing=apart).changed
    assert (tied.id, tied.group) == (9, 7)


def test_a_tie_of_a_strangers_table_holds_by_its_own_numbers_and_one_that_cannot_be_is_told(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    rows = [
        "1,Де вихід?,Позаду.,uk,",
        "2,Where is the exit?,Behind.,en,1",
        "3,Way out?,Back.,en,1",
        "4,Why?,So.,en,8",
        "5,When?,Now.,en,time",
        "6,Коли?,Зараз.,uk,time",
    ]
    path.write_text("\n".join(["№,question,answer,language,translation of", *rows]), encoding="utf-8")
    found = read_articles(
        path,
        existing=[Article(1, "Another one?", "Yes.", group=1), Article(8, "Чому?", "Так.", language="uk", group=8)],
    )
    exit_, tied, *others, when, in_ukrainian = found.added
    assert (when.original, in_ukrainian.original) == (None, when.id)
    assert tied.group == exit_.id != 1
    assert [one.original for one in others] == [None, None]
    assert [(one.reason, one.line) for one in found.clashes] == [("tie_taken", 4), ("others_tie", 5)]
