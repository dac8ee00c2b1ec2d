"""A value of the rules' document with its place in it: read as what it should be, and every mistake kept with its fix."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from handlers.vocabulary.durations import read_duration
from handlers.vocabulary.messages import Phrase, phrase
from handlers.vocabulary.translations import LANGUAGES
from kb import nearest

Path = tuple[str | int, ...]
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_ACCOUNT = re.compile(r"[a-z]{2,16}:[A-Za-z0-9]{1,32}")  # messenger:id, as in the setting ADMINS
_CHAT = re.compile(r"(?:telegram:-?\d{1,20}|slack:[CG][A-Z0-9]{5,20})")
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place of the document; said in its reader's words, with the fix."""

    path: Path
    said: Phrase

    @property
    def place(self) -> str:
        """Return the path as one word: ``types.hardware.fields[2].label``."""
        word = ""
        for step in self.path:
            word += f"[{step}]" if isinstance(step, int) else f".{step}" if word else str(step)
        return word or "the file"


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands; what is wrong with it adds a problem and reads as the default, so that all is told at once."""

    value: Any
    path: Path = ()
    problems: list[Problem] = field(default_factory=list)
    document: Mapping[str, Any] = field(default_factory=dict)  # the whole, for names that are used elsewhere

    @property
    def given(self) -> bool:
        """Return whether anything is written here."""
        return self.value is not _ABSENT and self.value is not None

    def refuse(self, reason: str, **facts: Any) -> None:
        """Keep a mistake: the phrase ``rules.wrong.<reason>``."""
        self.problems.append(Problem(self.path, phrase(f"rules.wrong.{reason}", **facts)))

    def at(self, step: str | int, value: Any = _ABSENT) -> "Node":
        """Return what stands one step further in; it may be absent."""
        inner = value
        if value is _ABSENT and isinstance(self.value, Mapping):
            inner = self.value.get(step, _ABSENT)
        return Node(inner, (*self.path, step), self.problems, self.document)

    # Collections

    def fields(self, *known: str) -> dict[str, "Node"]:
        """Return a node for each of the known keys; refuse others, naming the nearest."""
        given = self._mapping()
        for key in given:
            if key not in known:
                self.at(key, given[key]).unknown(str(key), known)
        return {key: self.at(key, given.get(key, _ABSENT)) for key in known}

    def entries(self) -> dict[str, "Node"]:
        """Return the nodes of a mapping whose keys are names of the desk's own: ``a-z 0-9 _``, 32 at most."""
        found: dict[str, Node] = {}
        for key, value in self._mapping().items():
            if not NAME.fullmatch(str(key)):
                self.at(str(key), value).refuse("name", word=str(key))
                continue
            found[str(key)] = self.at(str(key), value)
        return found

    def pairs(self) -> list[tuple[str, "Node"]]:
        """Return the keys of a mapping, whatever they are, with their nodes; two keys that read the same stay two."""
        return [(str(key), self.at(str(key), value)) for key, value in self._mapping().items()]

    def items(self) -> list["Node"]:
        """Return the nodes of a list; a single value stands for a list of one."""
        if not self.given:
            return []
        values = self.value if isinstance(self.value, list | tuple) else [self.value]
        return [self.at(position, value) for position, value in enumerate(values)]

    def _mapping(self) -> Mapping[Any, Any]:
        if not self.given:
            return {}
        if isinstance(self.value, Mapping):
            return self.value
        self.refuse("mapping")
        return {}

    # Single values

    def text(self, default: str = "", *, limit: int = 200, required: bool = False) -> str:
        """Return a text of at most ``limit`` characters."""
        if not self.given:
            if required:
                self.refuse("missing")
            return default
        if isinstance(self.value, Mapping | list | tuple) or not (text := str(self.value).strip()):
            self.refuse("text")
            return default
        if len(text) > limit:
            self.refuse("long", limit=limit, length=len(text))
            return default
        return text

    def words(self, *, limit: int = 200, required: bool = True) -> dict[str, str]:
        """Return ``{language: text}``; one text alone stands for every language."""
        if not self.given:
            if required:
                self.refuse("missing")
            return {}
        if not isinstance(self.value, Mapping):
            text = self.text(limit=limit)
            return dict.fromkeys(LANGUAGES, text) if text else {}
        return {key: node.text(limit=limit) for key, node in self.fields(*LANGUAGES).items() if node.given}

    def whole(self, default: int = 0, *, low: int = 0, high: int = 1_000_000) -> int:
        """Return a whole number between the bounds, both included."""
        if not self.given:
            return default
        if isinstance(self.value, bool) or not re.fullmatch(r"-?\d{1,12}", str(self.value).strip()):
            self.refuse("whole", word=str(self.value))
            return default
        number = int(self.value)
        if not low <= number <= high:
            self.refuse("bounds", word=str(self.value), low=low, high=high)
            return default
        return number

    def yes(self, default: bool = False) -> bool:
        """Return a yes or no, as YAML writes them."""
        if not self.given:
            return default
        if not isinstance(self.value, bool):
            self.refuse("yes", word=str(self.value))
            return default
        return self.value

    def duration(self, default: timedelta | None = None, *, low: timedelta = timedelta(seconds=1)) -> timedelta | None:
        """Return a length of time (``15m``, ``4h``, ``3d``) of at least ``low``."""
        if not self.given:
            return default
        length = read_duration(str(self.value))
        if length is None:
            self.refuse("duration", word=str(self.value))
        elif length < low:
            self.refuse("short", word=str(self.value))
        else:
            return length
        return default

    def choice(self, known: Iterable[str], default: str = "") -> str:
        """Return one of the known words; refuse another, naming the nearest."""
        if not self.given:
            return default
        if str(self.value) in (words := [str(word) for word in known]):
            return str(self.value)
        self.unknown(str(self.value), words)
        return default

    def reference(self, section: str, default: str = "") -> str:
        """Return a name that another section of the document defines."""
        named = self.document.get(section)
        return self.choice(named if isinstance(named, Mapping) else (), default)

    def accounts(self) -> tuple[str, ...]:
        """Return accounts as the setting ADMINS names them, ``messenger:id``; nobody twice."""
        return self._distinct(_ACCOUNT, lambda node, word: node.refuse("account", word=word))

    def names_account(self) -> bool:
        """Return whether this is an account, ``messenger:id``."""
        return _ACCOUNT.fullmatch(str(self.value).strip()) is not None

    def chats(self) -> tuple[str, ...]:
        """Return chats as ``messenger:id``; none twice."""
        return self._distinct(_CHAT, lambda node, word: node.refuse("chat", word=word))

    def _distinct(self, shape: re.Pattern[str], refuse: Callable[["Node", str], None]) -> tuple[str, ...]:
        """Return the words of a list; ``refuse`` one of another shape, and refuse one that stands twice."""
        found: list[str] = []
        for node in self.items():
            word = str(node.value).strip()
            if not shape.fullmatch(word):
                refuse(node, word)
            elif word in found:
                node.refuse("twice", word=word)
            else:
                found.append(word)
        return tuple(found)

    def unknown(self, word: str, known: Iterable[str]) -> None:
        """Refuse a word that is none of the known ones, and say which was likely meant."""
        words = [str(one) for one in known]
        meant = nearest(word, words)
        if meant is not None:
            self.refuse("meant", word=word, meant=meant)
        elif words:
            self.refuse("none_of", word=word, known=", ".join(words))
        else:
            self.refuse("nothing_named", word=word)
