"""Forms: what each kind of field takes, what is asked when, and what is refused before anybody is asked."""

import json
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.vocabulary.forms import KINDS, LIMITS, Field, Form, form_problems, judge_answer, load_form
from handlers.vocabulary.messages import phrase

SIZES = {"small": {"en": "Small", "uk": "Малий"}, "large": {"en": "Large", "uk": "Великий"}}


def field(kind="text", name="answer", **facts):
    choices = SIZES if kind == "choice" else None
    return Field(name, {"en": "Question"}, kind, **{"choices": choices, **facts})


def form(*fields):
    return Form("request", {"en": "Request"}, fields)


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("text", "  my card  ", "my card"),
        ("long_text", "line\nline", "line\nline"),
        ("choice", "small", "small"),
        ("choice", "LARGE", "large"),
        ("choice", "малий", "small"),
        ("yes_no", "yes", "yes"),
        ("yes_no", "No", "no"),
        ("yes_no", "так", "yes"),
        ("yes_no", "НІ", "no"),
        ("yes_no", "да", "yes"),
        ("number", "1 200,50", "1200.50"),
        ("number", "1\N{NO-BREAK SPACE}200", "1200"),
        ("number", "-3", "-3"),
        ("date", "5.3.2026", "2026-03-05"),
        ("date", "05/03/2026", "2026-03-05"),
        ("date", "2026-03-05", "2026-03-05"),
        ("email", "ann@example.org", "ann@example.org"),
        ("phone", "+380 (44) 123-45-67", "+380 (44) 123-45-67"),
        ("file", 2, 2),
    ],
)
def test_an_answer_is_kept_in_one_shape(kind, said, kept):
    assert judge_answer(field(kind), said) == (kept, None)


@pytest.mark.parametrize(
    ("kind", "said", "wrong"),
    [
        ("text", "x" * 201, "long"),
        ("long_text", "x" * 10_001, "long"),
        ("choice", "medium", "choice"),
        ("yes_no", "perhaps", "choice"),
        ("yes_no", "form.yes", "choice"),
        ("number", "a few", "number"),
        ("number", "1.2.3", "number"),
        ("date", "31.02.2026", "date"),
        ("date", "tomorrow", "date"),
        ("email", "ann at example.org", "email"),
        ("email", "a@b", "email"),
        ("phone", "call me", "phone"),
        ("phone", "(((((((((", "phone"),
        ("file", None, "file"),
    ],
)
def test_a_wrong_answer_is_told_why_and_kept_as_typed(kind, said, wrong):
    kept, why = judge_answer(field(kind), said)
    assert why is not None
    assert (kept, why.key) == (said, f"form.wrong.{wrong}")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_an_answer_only_where_none_is_required(kind):
    for nothing in ("", "   ", None) if kind != "file" else (None, 0):
        _, wrong = judge_answer(field(kind), nothing)
        assert wrong is not None
        assert wrong.key == ("form.wrong.file" if kind == "file" else "form.wrong.empty")
        assert judge_answer(field(kind, required=False), nothing)[1] is None


def test_a_fields_own_limit_and_pattern_hold():
    assert judge_answer(field(limit=3), "abcd") == ("abcd", phrase("form.wrong.long", limit=3, length=4))
    contract = field(pattern=r"C-\d{4}")
    assert judge_answer(contract, "C-1234") == ("C-1234", None)
    assert judge_answer(contract, "C-12345") == ("C-12345", phrase("form.wrong.pattern"))


def test_a_key_comes_before_another_choices_label():
    crossed = {"a": {"en": "b"}, "b": {"en": "a"}, "B": {"en": "c"}}
    for key in crossed:
        assert judge_answer(field("choice", choices=crossed), key) == (key, None)


@given(st.sampled_from(KINDS), st.text(max_size=300))
def test_any_words_are_judged_and_what_is_kept_stays_right(kind, said):
    kept, wrong = judge_answer(field(kind), said)
    if wrong is None:
        assert judge_answer(field(kind), kept) == (kept, None)
    else:
        assert kept == (said if kind == "file" else said.strip())


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)), st.sampled_from(["{:%d.%m.%Y}", "{:%d/%m/%Y}", "{:%Y-%m-%d}"]))
def test_every_date_is_read_back(day, shape):
    assert judge_answer(field("date"), shape.format(day)) == (day.isoformat(), None)


@given(st.sampled_from(["text", "long_text"]), st.integers(0, 3500))
def test_the_limit_is_exact(kind, length):
    assume(length)
    assert (judge_answer(field(kind), "x" * length)[1] is None) == (length <= LIMITS[kind])


ASKED = form(
    field("choice", "size"),
    field("yes_no", "fragile", when={"size": ("large",)}),
    field("text", "how", when={"fragile": ("yes",), "size": ("large",)}),
    field("text", "note", required=False),
)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ["size", "note"]),
        ({"size": "small"}, ["size", "note"]),
        ({"size": "large"}, ["size", "fragile", "note"]),
        ({"size": "large", "fragile": "yes"}, ["size", "fragile", "how", "note"]),
        ({"size": "large", "fragile": "no"}, ["size", "fragile", "note"]),
        ({"size": "small", "fragile": "yes"}, ["size", "note"]),  # said before the size was changed
    ],
)
def test_a_question_is_asked_where_its_condition_holds(answers, asked):
    assert [f.name for f in ASKED.visible(answers)] == asked


def test_problems_are_told_by_field_and_only_of_what_is_asked():
    found = form_problems(ASKED, {"size": "large", "fragile": "perhaps", "how": ""})
    assert {name: wrong.key for name, wrong in found.items()} == {"fragile": "form.wrong.choice"}
    assert form_problems(ASKED, {"size": "small"}) == {}
    assert {name: wrong.key for name, wrong in form_problems(ASKED, {}).items()} == {"size": "form.wrong.empty"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ((field(name="a"), field(name="a")), "two fields named 'a'"),
        ((field("wish", "a"),), "kind 'wish' is none of text, long_text"),
        ((field("choice", "a", choices={}),), "a choice needs choices"),
        ((field(name="a", when={"b": ("x",)}), field(name="b")), "names 'b', which is not asked before it"),
        ((field(name="a", when={"a": ("x",)}),), "names 'a', which is not asked before it"),
        ((field(name="a", pattern="["),), "field 'a': pattern '\\['"),
    ],
)
def test_a_form_that_cannot_be_filled_is_refused(fields, words):
    with pytest.raises(ValueError, match=f"form 'request'.*{words}"):
        form(*fields)


def test_a_form_survives_json_and_a_change_is_another_revision():
    again = load_form(json.loads(json.dumps(ASKED.dump())))
    assert again == ASKED
    assert again.digest == ASKED.digest
    assert form(*ASKED.fields[:-1]).digest != ASKED.digest
    assert ASKED.field("how") is ASKED.fields[2]
    assert ASKED.field("what") is None
