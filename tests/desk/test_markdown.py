"""Markdown becomes words with formatting as data: what is no Markdown stays as it was written, and nothing raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.vocabulary.markdown import escaped_markdown, markdown_text, reads_as_typed

PIECES = [
    *"*_~`[]()!<>#-+|:\\&;\n\t 1.ab",
    "é",
    "🙂",
    "\u200b",
    "https://a.b",
    "\n\n",
    "](http://a.b)",
    "```",
    "> ",
    "- ",
]
MARKS = st.lists(st.sampled_from(PIECES)).map("".join)


def styled(text: str) -> list[tuple[str, str, str]]:
    """Return each formatting with the words it falls on and where it leads."""
    made = markdown_text(text)
    return [(span.kind, made.text[span.start : span.end], span.url) for span in made.spans]


@given(st.one_of(st.text(), MARKS))
def test_nothing_raises_and_every_span_falls_on_words(text: str):
    made = markdown_text(text)
    assert made.text == made.text.strip()
    for span in made.spans:
        assert 0 <= span.start < span.end <= len(made.text)
    assert [span.start for span in made.spans] == sorted(span.start for span in made.spans)


@given(MARKS)
def test_spans_lie_one_in_another_or_apart(text: str):
    spans = markdown_text(text).spans
    for one in spans:
        for other in spans:
            assert not one.start < other.start < one.end < other.end


@given(st.lists(st.text(alphabet="abcабв", min_size=1), min_size=1).map(" ".join))
def test_plain_words_stay_as_they_are(text: str):
    assert markdown_text(text).text == text
    assert markdown_text(text).spans == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**a**", [("bold", "a", "")]),
        ("*a* _b_", [("italic", "a", ""), ("italic", "b", "")]),
        ("~~a~~", [("strike", "a", "")]),
        ("`a*b*`", [("code", "a*b*", "")]),
        ("***a***", [("italic", "a", ""), ("bold", "a", "")]),
        ("# Title", [("bold", "Title", "")]),
        ("> said", [("quote", "said", "")]),
        ("```py\nx = 1\n```", [("pre", "x = 1", "")]),
        ("[here](https://a.example/?b=1&c)", [("link", "here", "https://a.example/?b=1&c")]),
        ("<https://a.example>", [("link", "https://a.example", "https://a.example")]),
        ("![a map](https://a.example/map.png)", [("link", "a map", "https://a.example/map.png")]),
        ("[call](tel:+380441234567)", [("link", "call", "tel:+380441234567")]),
        ("[no](javascript:alert(1))", []),
        ("[no](/relative)", []),
    ],
)
def test_each_formatting(text: str, expected: list[tuple[str, str, str]]):
    assert sorted(styled(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo", "one\ntwo"),
        ("one\n\n\n\ntwo", "one\n\ntwo"),
        ("1. a\n2. b\n   - c\n   - d\n3. e", "1. a\n2. b\n  • c\n  • d\n3. e"),
        ("7. a\n8. b", "7. a\n8. b"),
        ("text\n- a\n- b\n\nafter", "text\n• a\n• b\n\nafter"),
        ("- a\n\n- b", "• a\n• b"),
        ("- a\n\n  more of a\n- b", "• a\n\nmore of a\n• b"),
        ("- ", "•"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", "a · b\n1 · 2\n3 · 4"),
        ("**a", "**a"),
        ("a * b * c", "a * b * c"),
        ("2*3 = 6", "2*3 = 6"),
        ("snake_case_name", "snake_case_name"),
        ("<b>a</b> & b < c", "<b>a</b> & b < c"),
        ("\\*a\\*", "*a*"),
        ("&amp; &copy;", "& ©"),
        ("a\n\n---\n\nb", "a\n\n———\n\nb"),
        ("[broken](http://", "[broken](http://"),
        ("", ""),
        ("   \n\n ", ""),
    ],
)
def test_each_shape(text: str, expected: str):
    assert markdown_text(text).text == expected


def test_deep_nesting_is_no_trouble():
    for mark in ("> ", "- ", "1. ", "*"):
        assert markdown_text(mark * 25 + "a").text.endswith("a")
        markdown_text(mark * 5000 + "a" + mark * 5000)


@pytest.mark.parametrize("text", ["*100*1#", "5*3*2 = 30", "a*b*c", "*111#, then *#06#", "2**8**2"])
def test_marks_within_numbers_and_words_are_signs(text: str):
    assert markdown_text(text).text == text
    assert reads_as_typed(text)


def test_marks_around_whole_words_are_marks():
    assert styled("**Dial** *now*") == [("bold", "Dial", ""), ("italic", "now", "")]
    assert not reads_as_typed("**Dial** *now*")


@given(
    st.one_of(st.text(), MARKS, st.sampled_from(["__init__.py", r"C:\Projects\*", "1. a\n2) b", "# 1", "&amp; <b>"]))
)
def test_what_is_escaped_reads_sign_by_sign(text: str):
    text = "".join(sign for sign in text if sign.isprintable() or sign == "\n")
    assert reads_as_typed(text) or "".join(markdown_text(escaped_markdown(text)).text.split()) == "".join(text.split())
