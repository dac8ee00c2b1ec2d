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
