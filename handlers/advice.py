"""What the rest of the talk has to say while a form is filled: each form has at most one adviser."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.forms import Field
from handlers.turn import Turn

Adviser = Callable[[Turn, Field, str], Mapping[str, Any]]
_advisers: dict[str, Adviser] = {}


def while_asking(form: str) -> Callable[[Adviser], Adviser]:
    """Let a function hear each answer typed into a form; the draft remembers the facts it returns."""

    def add(adviser: Adviser) -> Adviser:
        _advisers[form] = adviser
        return adviser

    return add


def advise(turn: Turn, form: str, field: Field, answer: str) -> Mapping[str, Any]:
    """Let a form's adviser hear an answer; return what the draft is to remember of it."""
    adviser = _advisers.get(form)
    return adviser(turn, field, answer) if adviser is not None else {}
