"""The parts of the rules that are asked for in chat: where each stands in the document, and how it is written as one answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.forms import KINDS, Label
from handlers.phrases import LANGUAGES, NAMES
from handlers.rules.general import DURATIONS, TALK
from handlers.rules.groups import Take
from handlers.rules.types import ITIL, WHO
from storage.models import Priority


@dataclass(frozen=True, slots=True)
class Part:
    """One value of an entry: ``path`` in the entry's data, ``kind`` of its field, and what it is called."""

    name: str
    path: tuple[str, ...]
    kind: str = "text"
    shape: str = (
        "word"  # how the value is written: word, number, yes, list, accounts, lines ("key: value"), choices, when
    )
    required: bool = False
    limit: int = 200
    options: tuple[str, ...] = ()
    among: str = ""  # the section whose names are the options
    words: str = ""  # the phrase of its name, where another part is called the same
    in_language: str = ""

    @property
    def label(self) -> Label:
        """Return what it is called, as a form's label."""
        return {"": f"rule.{self.words or self.name}"}


def worded(name: str, path: str, *, kind: str = "text", limit: int = 60) -> tuple[Part, ...]:
    """Return the parts of a text in each of our languages."""
    return tuple(
        Part(f"{name}_{code}", (path, code), kind, limit=limit, words=name, in_language=NAMES[code])
        for code in LANGUAGES
    )


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the rules as chat knows it; one without entries of its own (``desk``) is an entry itself."""

    name: str  # in the document
    word: str  # the command, and the form's name
    parts: tuple[Part, ...]
    entries: bool = True


SECTIONS: Mapping[str, Section] = {
    section.word: section
    for section in (
        Section(
            "desk",
            "desk",
            (
                Part("language", ("language",), "choice", options=LANGUAGES),
                Part("team_language", ("team_language",), "choice", options=LANGUAGES),
                Part("time_zone", ("time_zone",), limit=64),
                Part("talk", ("talk",), "choice", options=TALK),
                *(Part(name, (name,)) for name in DURATIONS),
            ),
            entries=False,
        ),
        Section(
            "groups",
            "group",
            (
                *worded("title", "title"),
                Part("members", ("members",), "long_text", "accounts", limit=3000),
                Part("keywords", ("keywords",), "long_text", "list", limit=3000),
                Part("take", ("take",), "choice", options=tuple(Take)),
                Part("capacity", ("capacity",), "number", "number"),
                Part("escalate_to", ("escalate_to",), "choice", among="groups"),
                Part("of_hours", ("hours",), "choice", among="hours"),
            ),
        ),
        Section(
            "hours",
            "hours",
            (
                Part("zone", ("zone",), required=True, limit=64),
                Part("week", ("week",), "long_text", "lines", required=True, limit=1000),
                Part("holidays", ("holidays",), limit=16),
                Part("days", ("days",), "long_text", "lines", limit=3000),
            ),
        ),
        Section(
            "sla",
            "sla",
            (
                Part("of_hours", ("hours",), "choice", among="hours"),
                Part("first_response", ("first_response",), "long_text", "lines", limit=300),
                Part("resolution", ("resolution",), "long_text", "lines", limit=300),
                Part("warn", ("warn",), limit=8),
            ),
        ),
        Section("canned", "reply", worded("reply_text", "text", kind="long_text", limit=2000)),
        Section(
            "types",
            "type",
            (
                *worded("title", "title"),
                Part("kind", ("kind",), "choice", options=ITIL),
                Part("priority", ("priority",), "choice", options=tuple(Priority)),
                Part("of_group", ("group",), "choice", among="groups"),
                Part("of_sla", ("sla",), "choice", among="sla"),
                Part("of_workflow", ("workflow",), "choice", among="workflows"),
                Part("may_file", ("may_file",), "choice", options=WHO),
            ),
        ),
        Section(
            "types",
            "question",
            (
                *worded("question", "label", limit=200),
                Part("answer_kind", ("kind",), "choice", options=KINDS),
                *worded("question_hint", "hint", limit=200),
                Part("required", ("required",), "yes_no", "yes"),
                Part("choices", ("choices",), "long_text", "choices", limit=3000),
                Part("when", ("when",), "long_text", "when", limit=500),
            ),
        ),
    )
}


def shown(part: Part, entry: Mapping[str, Any]) -> str:
    """Return a part of an entry as it is written in chat; "" where it is not given."""
    value: Any = entry
    for step in part.path:
        value = value.get(step) if isinstance(value, Mapping) else _plain(part, value)
    return titles(value) if part.shape == "choices" else written(value)


def _plain(part: Part, value: Any) -> Any:
    """Return what one text alone means for a part in a language: the same in each."""
    return value if part.in_language and isinstance(value, str) else None


def titles(value: Any) -> str:
    """Return what may be chosen, one a line: ``key: in English | українською | по-русски``."""
    given = value if isinstance(value, Mapping) else {}
    return "\n".join(f"{key}: {_pieces(words)}" for key, words in given.items())


def _pieces(words: Any) -> str:
    if not isinstance(words, Mapping):
        return str(words)
    return " | ".join(str(words.get(code, "")) for code in LANGUAGES)


def written(value: Any) -> str:
    """Return a value of the document as an answer."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {written(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value)


def read(part: Part, answer: str, account: Callable[[str], str]) -> Any:
    """Return an answer as the document has it; None where nothing is given. ``account`` finds somebody by what is written."""
    text = answer.strip()
    if not text:
        return None
    match part.shape:
        case "number":
            return int(text) if text.isdigit() else text
        case "yes":
            return text == "yes"
        case "list":
            return words(text)
        case "accounts":
            return [account(word) for word in words(text)]
        case "lines":
            return lines(text)
        case "choices":
            return {key: _title(value) for key, value in _rows(text).items()}
        case "when":
            return {key: words(value) for key, value in _rows(text).items()}
    return text


def words(text: str) -> list[str]:
    """Return what stands between commas or on lines of their own."""
    return [word.strip() for line in text.splitlines() for word in line.split(",") if word.strip()]


def lines(text: str) -> Any:
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
    found = lines(text)
    return found if isinstance(found, dict) else {found: ""}


def _title(text: str) -> Any:
    """Return a title in each of our languages, or one text for all of them."""
    pieces = [piece.strip() for piece in text.split("|")]
    given = {code: piece for code, piece in zip(LANGUAGES, pieces, strict=False) if piece}
    return given if len(pieces) > 1 else text or None


def merged(was: Mapping[str, Any], parts: Sequence[Part], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry with its parts as answered; what chat does not ask for stays."""
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
