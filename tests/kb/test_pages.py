"""Pages as sites write them: what asks is a question, what only serves to press or to fill in is none."""

import io
import zipfile

import pytest

from kb.files.formats import parse_articles

SHOES = {"How do I return shoes?": "Within 14 days.", "Do you ship abroad?": "Yes, to the EU."}
LONG = "Fill in the form in the shop within fourteen days, and bring the receipt and the shoes in their box."
SEARCH = f'<form role="search"><label>Search all of our help pages. {LONG}</label></form>'


def pairs(*ways: str) -> str:
    """Return a page with both questions, each written so."""
    return "".join(way.format(q=q, a=a) for way, (q, a) in zip(ways, SHOES.items(), strict=True))


ACCORDIONS = {
    "a heading with a button": '<h2><button class="accordion-button">{q}</button></h2><div><p>{a}</p></div>',
    "a button that asks": "<div><button class='x'>\n <span>{q}</span> <svg>+</svg>\n</button><div>{a}</div></div>",
    "what says that it unfolds": '<div role="button" aria-expanded="false"><div>{q}</div></div><div>{a}</div>',
    "a link that unfolds": '<a href="#c" data-toggle="collapse">{q}</a><div id="c">{a}</div>',
    "a class of its own": '<div class="faq"><div class="faq-q">{q}</div><div class="faq-a">{a}</div></div>',
    "a class of a box": '<li class="question"><h4 class="question-title">{q}</h4><p>{a}</p></li>',
    "bold by its class": '<style>.b1,p .c1{{color:red;font-weight:700}}</style><p><span class="c1">{q}</span></p><p>{a}</p>',
    "bold by its style": '<p><span style="font-weight: bold">{q}</span></p><p><span style="font-weight:400">{a}</span></p>',
    "a heading in a summary": "<details><summary><h3>{q}</h3></summary><p>{a}</p></details>",
}


@pytest.mark.parametrize("way", ACCORDIONS.values(), ids=ACCORDIONS)
def test_what_unfolds_is_a_question_however_it_is_written(way: str) -> None:
    page = f"<title>Help</title>{SEARCH}<button>Copy</button>{pairs(way, way)}<form><p>Helpful?</p></form>"
    assert read(page) == SHOES


def test_a_name_without_a_question_mark_unfolds_too_and_what_only_is_pressed_is_no_text() -> None:
    page = "<button class='accordion'>Returns</button><p>14 days.</p><button>Copy</button>"
    page += "<button aria-controls='p2'>Where are you?</button><p>Here.</p><button aria-expanded='true'>Cost?</button><p>5 €.</p>"
    assert read(page) == {"Returns": "14 days.", "Where are you?": "Here.", "Cost?": "5 €."}


def test_a_form_around_all_of_a_page_is_that_page() -> None:
    for inside in (f"<h1>How do I return a thing?</h1><p>{LONG}</p>", f"<div id='main'>{LONG}</div>"):
        page = (
            f"<title>How do I return a thing?</title><form id='aspnetForm'><input type='hidden'>{inside}{SEARCH}</form>"
        )
        assert read(page) == {"How do I return a thing?": LONG}


TABLES = {
    "alone": "<table><tr><th>Question</th><th>Answer</th></tr>{rows}</table>",
    "in a table that lays out the page": "<table><tr><td>Menu</td><td><h1>Help</h1><table><thead><tr><td><b>Question</b></td>"
    "<td><p>Answer</p></td></tr></thead>{rows}</table></td></tr></table><p>Bye</p>",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_of_questions_and_answers_is_that(table: str) -> None:
    row = "<tr><td>{q}</td><td>{a}<br>Or | ask.</td></tr>"
    found = read(f"<title>Help</title>{table.format(rows=pairs(row, row))}")
    assert {question: answer.removesuffix("\n\nBye") for question, answer in found.items()} == {
        q: f"{a}  \nOr | ask." for q, a in SHOES.items()
    }


def test_sections_and_other_columns_of_such_a_table_are_kept() -> None:
    names = "<tr><th>№</th><th>Тема</th><th>Питання</th><th>Відповідь</th><th>Хто знає</th></tr>"
    rows = "<tr><td>1</td><td>Гроші</td><td>Чим платити?</td><td>Карткою.</td><td>Оля</td></tr>"
    rows += "<tr><td colspan=5>Місце</td></tr><tr><td>2</td><td></td><td>Де ви?</td><td>Тут.</td><td></td></tr>"
    found = parse_articles("page.html", f"<title>FAQ</title><table>{names}{rows}</table>".encode())
    assert [(one.section, one.question, one.answer) for one in found.added] == [
        ("Гроші", "Чим платити?", "Карткою.\n\nХто знає: Оля"),
        ("Місце", "Де ви?", "Тут."),
    ]


def test_a_table_of_other_things_stays_a_table() -> None:
    table = "<table><tr><td>Size</td><td>Price</td></tr><tr><td>L|M</td><td>5<br>6</td></tr></table>"
    written = "See:\n\n| Size | Price |\n| --- | --- |\n| L\\|M | 5 6 |"
    assert read(f"<h1>What does it cost?</h1><p>See:</p>{table}") == {"What does it cost?": written}


def test_what_google_docs_puts_around_words_is_no_part_of_them() -> None:
    page = """<h2>Where?</h2><ul><li></li></ul><p><a href="https://www.google.com/url?q=https://a.example/x%3Fy&amp;sa=D">Here</a>
    <sup><a href="#cmnt1">[a]</a></sup></p><h2>When?</h2><p>Now.</p><h3></h3>
    <div><p><a href="#cmnt_ref1">[a]</a><span>Olya, check this!</span></p><p>Done</p></div>"""
    assert read(page) == {"Where?": "[Here](https://a.example/x?y)", "When?": "Now."}


def test_an_export_of_notion_has_sections_by_their_names_and_no_article_of_links() -> None:
    out, number = io.BytesIO(), "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            f"Export/FAQ {number}.md", "# FAQ\n\n[How to pay?](FAQ%20x/How%20(1).md)\n\n- [Where?](FAQ%20x/b.md)\n"
        )
        archive.writestr(
            f"Export/FAQ {number}/How to pay {number}.md", "# How to pay?\n\nBy card: [here](https://pay.example).\n"
        )
        archive.writestr(f"Export/FAQ {number}/Where {number}.md", "[Here](https://map.example)\n")
    found = parse_articles("export.zip", out.getvalue())
    assert [(one.section, one.question) for one in found.added] == [("FAQ", "How to pay?"), ("FAQ", "Where")]
    assert [str(one) for one in found.left_out] == [f"FAQ {number}.md only leads to other pages"]


def read(page: str) -> dict[str, str]:
    """Return what a page answers."""
    return {one.question: one.answer for one in parse_articles("page.html", page.encode()).added}
