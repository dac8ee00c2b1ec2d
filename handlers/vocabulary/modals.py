"""A form as one window, drawn in its reader's language: what a messenger with windows shows in the place of an interview."""

from dataclasses import dataclass
from typing import Any

NOTHING = (
    "-"  # what is chosen to choose nothing any more, where a window's menu cannot be emptied; no option is called so
)


@dataclass(frozen=True, slots=True)
class Box:
    """A field as drawn in a modal: its label in the reader's language, what may be chosen, what stands in it."""

    name: str
    kind: str
    label: str
    hint: str = ""
    required: bool = True
    limit: int = 0
    options: tuple[tuple[str, str], ...] = ()
    value: Any = None
    steers: bool = False  # other fields are asked, or not, by its answer


@dataclass(frozen=True, slots=True)
class Modal:
    """A form as one window: only the draft's id travels with it, what was typed stays with the draft."""

    form: str
    draft: int
    title: str
    submit: str
    cancel: str
    boxes: tuple[Box, ...]
