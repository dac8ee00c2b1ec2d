"""A part of the rules as chat asks for it: where it stands in its entry, and how it is written as one answer."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.rules.document import Entry
from handlers.rules.hours import NOT_WORKED
from handlers.rules.types import WHO
from handlers.tickets.filter_words import catalogue_text
from handlers.vocabulary.durations import read_duration
from handlers.vocabulary.forms import Label
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import LANGUAGES, NAMES
from storage.lifecycle import Action

NEVER = "never"  # how a list of nothing is written
_GROUP = re.compile(r"^#\S+\s+\S")
_DUE = re.compile(r"(?<=\S)\s+(?:due|до)\s+(\d+\s*[^\W\d]+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One value of an entry: ``path`` in the entry's data, ``kind`` of its field, and what it is called."""

    name: str
    path: tuple[str, ...]
    kind: str = "text"
    # How the value is written: word, number, yes, only_yes (no is as if nothing were said), list, some (a list that may be
    # empty on purpose), accounts, who,
    # lines ("key: value"), choices, source (an address, and how often it is asked), when, moves, tasks ("#group words due 2d").
    shape: str = "word"
    required: bool = False
    limit: int = 200
    options: tuple[str, ...] = ()
    among: str = ""  # the section whose names are the options
    words: str = ""  # the phrase of its name, where another part is called the same
    named: str = ""  # how the phrases of its options begin, where others would be taken for them
    in_language: str = ""
    hint: str = ""  # the phrase of how it is written, where others have the same
    # A new entry is asked for it only where an earlier part is one of these.
    when: Mapping[str, tuple[str, ...]] | None = None
    later: bool = False  # a new entry is not asked for it: few need it, and it is written when wanted

    @property
    def label(self) -> Label:
        """Return what it is called, as a form's label."""
        return {"": f"rule.{self.words or self.name}"}


def text_parts(name: str, path: str, *, kind: str = "text", limit: int = 60) -> tuple[Part, ...]:
    """Return the parts of a text in each of our languages."""
    return tuple(
        Part(f"{name}_{code}", (path, code), kind, limit=limit, words=name, in_language=NAMES[code])
        for code in LANGUAGES
    )


# An entry's value as an answer


def part_as_written(part: Part, entry: Entry) -> str:
    """Return a part of an entry as it is written in chat; "" where it is not given."""
    value: Any = entry
    for step in part.path:
        value = value.get(step) if isinstance(value, Mapping) else _plain(part, value)
    match part.shape:
        case "choices":
            return options_as_lines(value)
        case "source" if isinstance(value, Mapping):
            return " ".join(str(value[key]) for key in ("url", "every") if value.get(key))
        case "tasks" if isinstance(value, list):
            return "\n".join(map(_task_line, value))
        case "some" if value == []:
            return NEVER
        case "lines" if isinstance(value, Mapping):
            value = {key: NOT_WORKED if inner is False else inner for key, inner in value.items()}
    return value_as_answer(value)


def _plain(part: Part, value: Any) -> Any:
    """Return what one text alone means for a part in a language: the same in each."""
    return value if part.in_language and isinstance(value, str) else None


def options_as_lines(value: Any) -> str:
    """Return what may be chosen, one a line: ``key: in English | українською | по-русски``."""
    given = value if isinstance(value, Mapping) else {}
    return "\n".join(f"{key}: {_pieces(words)}" for key, words in given.items())


def _task_line(task: Any) -> str:
    if not isinstance(task, Mapping):
        return str(task)
    group, due = (f"#{task['group']} " if task.get("group") else ""), f" due {task['due']}" if task.get("due") else ""
    return f"{group}{task.get('title', '')}{due}"


def _pieces(words: Any) -> str:
    if not isinstance(words, Mapping):
        return str(words)
    return " | ".join(str(words.get(code, "")) for code in LANGUAGES)


def value_as_answer(value: Any) -> str:
    """Return a value of the document as an answer."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {value_as_answer(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)


# An answer as an entry's value


def answer_as_value(part: Part, answer: str, accounts: Callable[[str], list[str]]) -> Any:
    """Return an answer as the document has it; None where nothing is given. ``accounts`` finds somebody's by what is written."""
    text = answer.strip()
    if not text:
        return None
    if part.shape in ("accounts", "who"):
        everybody = _everybody(text) if part.shape == "who" else ""
        return everybody or list(dict.fromkeys(account for word in split_words(text) for account in accounts(word)))
    return _READERS.get(part.shape, str)(text)


def split_words(text: str) -> list[str]:
    """Return what stands between commas or on lines of their own."""
    return [word.strip() for line in text.splitlines() for word in line.split(",") if word.strip()]


def _everybody(text: str) -> str:
    """Return the word of the rules for everybody, or for the team alone, that is meant in any of our languages."""
    meant = {catalogue_text(phrase(f"rule.option.{who}"), code).casefold(): who for who in WHO for code in LANGUAGES}
    return (meant | {who: who for who in WHO}).get(text.casefold(), "")


def key_value_lines(text: str) -> Any:
    """Return ``key: value`` lines as a mapping; a text without a key as it is."""
    rows = [line.strip() for line in text.splitlines() if line.strip()]
    if len(rows) == 1 and ":" not in rows[0]:
        return rows[0]
    found: dict[str, str] = {}
    for line in rows:
        key, _, value = (piece.strip() for piece in line.partition(":"))
        while key in found:  # said twice: the reader of the rules is to see both, and to refuse it
            key += " "
        found[key] = value
    return found


def _rows(text: str) -> dict[str, str]:
    found = key_value_lines(text)
    return found if isinstance(found, dict) else {found: ""}


def _title(text: str) -> Any:
    """Return a title in each of our languages, or one text for all of them."""
    pieces = [piece.strip() for piece in text.split("|")]
    given = {code: piece for code, piece in zip(LANGUAGES, pieces, strict=False) if piece}
    return given if len(pieces) > 1 else text or None


def _source(text: str) -> Any:
    address, _, every = text.partition(" ")
    return {"url": address, "every": every.strip()} if every.strip() else address


def _task(line: str) -> dict[str, str]:
    """Return a task of a type as it is written with ``/task``: ``#group words due 2d``."""
    group, words = line[1:].split(maxsplit=1) if _GROUP.match(line) else ("", line)
    due = _DUE.search(words)
    if due is None or read_duration(due[1]) is None:  # "up to the 2nd floor" is no time
        return {"title": words, **({"group": group} if group else {})}
    found = {"title": words[: due.start()].strip(), "group": group, "due": due[1]}
    return {key: value for key, value in found.items() if value}


_READERS: Mapping[str, Callable[[str], Any]] = {
    "number": lambda text: int(text) if text.isdigit() else text,
    "yes": lambda text: text == "yes",
    "only_yes": lambda text: text == "yes" or None,
    "list": split_words,
    "some": lambda text: [] if text.casefold() == NEVER else split_words(text),
    "lines": key_value_lines,
    "choices": lambda text: {key: _title(value) for key, value in _rows(text).items()},
    "source": _source,
    "tasks": lambda text: [_task(line.strip()) for line in text.splitlines() if line.strip()],
    "when": lambda text: {key: split_words(value) for key, value in _rows(text).items()},
    "moves": lambda text: {
        key: split_words(value) if key == Action.MOVE else value for key, value in _rows(text).items()
    },
}


def entry_with_answers(was: Entry, parts: Sequence[Part], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry with its parts as answered (``values``, by the names of parts); what chat does not ask for stays."""
    now = {key: dict(value) if isinstance(value, Mapping) else value for key, value in was.items()}
    for part in parts:
        value = values.get(part.name)
        place: dict[str, Any] = now
        for step in part.path[:-1]:
            inner = place.get(step)
            if not isinstance(inner, dict):
                inner = place[step] = dict.fromkeys(LANGUAGES, inner) if isinstance(inner, str) else {}
            place = inner
        if value is None:
            place.pop(part.path[-1], None)
        else:
            place[part.path[-1]] = value
    return {key: value for key, value in now.items() if value != {}}
