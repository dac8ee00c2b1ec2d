"""Words carry their formatting as data: cut, joined and stripped as if each character carried its own."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.vocabulary.messages import RichText, Span, bold_text, join_lines

Painted = list[tuple[str, frozenset[str]]]
texts = st.text(alphabet="ab \n\tїЯ😀", max_size=12)


@st.composite
def words(draw):
    text = draw(texts)
    spans = []
    for kind in draw(st.lists(st.sampled_from(["bold", "italic", "code", "link"]), max_size=4, unique=True)):
        if text:
            start = draw(st.integers(0, len(text) - 1))
            spans.append(Span(kind, start, draw(st.integers(start + 1, len(text)))))
    return RichText(text, tuple(spans))


def painted(said: RichText) -> Painted:
    """Return the naive model: each character with the kinds that fall on it."""
    return [
        (letter, frozenset(s.kind for s in said.spans if s.start <= place < s.end))
        for place, letter in enumerate(said.text)
    ]


def sound(said: RichText) -> bool:
    return all(0 <= s.start < s.end <= len(said.text) for s in said.spans)


@given(words(), st.integers(0, 14), st.integers(0, 14))
def test_a_cut_keeps_each_characters_formatting(said, start, end):
    part = said.cut(start, end)
    assert painted(part) == painted(said)[start:end]
    assert sound(part)


@given(words(), words())
def test_joined_words_keep_theirs(first, second):
    both = first + second
    assert painted(both) == painted(first) + painted(second)
    assert sound(both)


@given(words(), st.integers(0, 12))
def test_what_is_cut_in_two_joins_again(said, place):
    assert painted(said.cut(0, place) + said.cut(place, len(said.text))) == painted(said)


@given(words())
def test_stripping_takes_white_space_at_the_ends_and_nothing_else(said):
    stripped = said.strip()
    assert stripped.text == said.text.strip()
    start = len(said.text) - len(said.text.lstrip())
    assert painted(stripped) == painted(said)[start : start + len(stripped.text)]
    assert sound(stripped)
    assert stripped.strip() == stripped


@given(st.lists(words(), max_size=5))
def test_lines_are_the_parts_that_say_anything(parts):
    whole = join_lines(*parts)
    model: Painted = []
    for part in filter(None, parts):
        model += [("\n", frozenset())] * bool(model) + painted(part)
    assert painted(whole) == model
    assert sound(whole)


def test_bold_words_are_bold_and_nothing_is_nothing():
    assert bold_text("Ann") == RichText("Ann", (Span("bold", 0, 3),))
    assert bold_text("") == RichText()
    assert not RichText()
