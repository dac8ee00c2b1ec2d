"""What buttons carry: read as it was written, never more than a button may have, never read where it has another shape."""

import re
from dataclasses import fields

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.contents import CONTENTS
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Kind
from handlers.vocabulary.presses import BYTES, ButtonData, RuleName

ASCII = st.characters(codec="ascii")
ALL = ButtonData.__subclasses__()


@pytest.mark.parametrize("button", ALL, ids=lambda one: one.name)
@given(data=st.data())
def test_what_a_button_carries_is_read_as_it_was_written(button: type[ButtonData], data: st.DataObject):
    value = data.draw(st.from_regex(re.compile(button.shape), fullmatch=True, alphabet=ASCII))
    assume(len(f"{button.name}:{value}") <= BYTES)  # no messenger gives back more than it was given
    read = button.read(value)
    assert button.read(read.value) == read
    assert read.button("x").value == read.value


@pytest.mark.parametrize("button", ALL, ids=lambda one: one.name)
@given(value=st.text(ASCII, max_size=BYTES))
def test_what_has_another_shape_is_not_read(button: type[ButtonData], value: str):
    if re.fullmatch(button.shape, value):
        button.read(value)
        return
    with pytest.raises(ValueError, match=button.name):
        button.read(value)


def test_a_yes_of_an_earlier_version_names_no_resolution():
    assert presses.Solved.read("7") == presses.Solved(7, None)
    assert presses.Solved.read("7.1772442000000") == presses.Solved(7, 1772442000000)


def test_a_button_that_could_be_too_long_is_refused_when_it_is_written():
    with pytest.raises(ValueError, match="64 is the most"):

        class Long(ButtonData, name="long"):
            """Too much for one button."""

            one: RuleName
            other: RuleName


def test_a_field_that_could_be_anything_is_refused():
    with pytest.raises(TypeError, match="named shape"):

        class Anything(ButtonData, name="anything"):
            """No shape is named."""

            text: str


def test_every_button_that_is_drawn_is_heard():
    heard = {route.name for route in CONTENTS.router.routes.values() if route.kind is Kind.PRESS}
    named = [one.name for one in ALL if one.name and one.__module__ == presses.__name__]
    assert sorted(named) == sorted(set(named))
    assert set(named) <= heard
    assert all(fields(one) or not one.shape for one in ALL)  # type: ignore[arg-type]
