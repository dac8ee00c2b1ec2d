"""How a file was read, beside what stands in it: shown before anything is taken, and asked where it is unsure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.files.fields import Draft
from kb.files.validation import Problem

Row = tuple[int, Draft | Problem, int]  # line, what stands there, characters read so far


@dataclass(frozen=True, slots=True)
class Options:
    """What somebody says of a file. ``language`` of all of it; ``fallback`` where a text's own does not show."""

    language: str | None = None
    fallback: str = "en"
    columns: Mapping[str, int] = field(default_factory=dict)  # field -> place of its column, from 0
    charset: str | None = None


@dataclass(slots=True)
class Notes:
    """What a reader noticed; ``left_out`` are places it did not take, each with the reason."""

    charset: str = ""
    columns: dict[str, str] = field(default_factory=dict)  # field -> its column, as its reader knows it
    headings: list[tuple[str, str]] = field(default_factory=list)  # every column: its letter, and how it begins
    unsure: list[str] = field(default_factory=list)  # fields whose column was guessed, or not found
    left_out: list[Problem] = field(default_factory=list)

    def leave(self, reason: str, line: int, **facts: str | int) -> None:
        """Note a place that is not taken."""
        self.left_out.append(Problem(reason, line, facts))
