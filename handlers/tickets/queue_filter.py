"""What ``/queue`` is asked for, in plain words of any of our languages, in any order: "urgent free", "мої #vip старші 2д"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from handlers.turns import naming
from handlers.turns.turn import Turn
from handlers.vocabulary.durations import read_duration
from handlers.vocabulary.messages import Phrase, phrase
from handlers.vocabulary.translations import LANGUAGES, Reader, Speech
from kb import nearest
from storage.lifecycle import Refused, StatusKind, built
from storage.models import Priority
from storage.people import Person, key_of
from storage.queue import Filter
from storage.requests import RequestType

TAG = re.compile(r"[^\W_][\w-]{0,31}")
_TOKEN = re.compile(r"[\"“„«]([^\"”“»]*)[\"”“»]|(\S+)")
WORDS = ("me", "free", "overdue", "older", "than", "text", "type", "group")
OPENED = ("type", "group")  # say what the next word names


@dataclass(frozen=True, slots=True)
class Names:
    """What may be named at this desk besides the words that every desk knows: by the words people use, its own name."""

    types: Mapping[str, str]
    groups: Mapping[str, str]
    statuses: Mapping[str, tuple[str, StatusKind]]
    team: tuple[Person, ...]

    @property
    def known(self) -> list[str]:
        """Return every word that could be meant."""
        return [*_vocabulary(), *self.statuses, *self.types, *self.groups]


@cache
def _vocabulary() -> Mapping[str, str]:
    """Return the words for what every desk knows: ``free``, ``вільні`` and ``свободные`` mean ``free``."""
    phrases = {name: phrase(f"filter.{name}") for name in WORDS}
    phrases |= {kind.value: phrase(f"filter_kind.{kind}") for kind in StatusKind}
    phrases |= {priority.value: phrase(f"filter_priority.{priority}") for priority in Priority}
    found = {name: name for name in phrases}
    for language in LANGUAGES:
        found |= {word: name for name, words in phrases.items() for word in synonyms(words, language)}
    return found


def synonyms(words: Phrase, language: str) -> list[str]:
    """Return the words of a language for one thing, as they are looked up; the first is the one to tell."""
    return [plain(word) for word in said(words, language).split(",")]


def said(words: Phrase, language: str) -> str:
    """Return what the catalogues say, whatever the desk's own texts are."""
    return Speech().say(words, Reader(language))


def plain(word: str) -> str:
    """Return a word as it is looked up: in small letters, its parts joined by one sign."""
    return re.sub(r"[\s_-]+", "_", word.strip().casefold())


def names(turn: Turn) -> Names:
    """Return what may be named at this desk."""
    kinds = turn.tx.requests.types()
    return Names(
        _titled({kind.name: kind.title for kind in kinds}),
        _titled({name: group.title for name, group in turn.rules.groups.items()}),
        _statuses(kinds),
        tuple(turn.tx.people.team()),
    )


def _titled(found: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {plain(word): name for name, title in found.items() for word in (*title.values(), name)}


def _statuses(kinds: list[RequestType]) -> dict[str, tuple[str, StatusKind]]:
    found: dict[str, tuple[str, StatusKind]] = {}
    for workflow in (built(kind.workflow) for kind in kinds if kind.workflow):
        for name, kind in workflow.kinds.items():
            called = workflow.called(name)
            words = (name, *called.values()) if isinstance(called, Mapping) else (name,)
            found |= {plain(word): (name, kind) for word in words}
    return {word: one for word, one in found.items() if word not in set(StatusKind)}


def read(turn: Turn, said: str, *, me: int) -> Filter:
    """Return the filter that is said; refuse a word nobody knows, with the nearest that is known."""
    return _Reading(turn, names(turn), me).read(said)


class _Reading:
    """One reading: what is still to be read, and the filter so far."""

    def __init__(self, turn: Turn, known: Names, me: int) -> None:
        self._turn, self._names, self._me = turn, known, me
        self._filter = Filter()
        self._text: list[str] = []
        self._left: list[str] = []

    def read(self, said: str) -> Filter:
        for found in _TOKEN.finditer(said):
            if found[1] is not None:
                self._text.append(found[1])
            else:
                self._left.append(found[2])
        while self._left:
            self._one(self._left.pop(0))
        return replace(self._filter, words=" ".join(self._text).strip())

    def _one(self, word: str) -> None:
        if word.startswith("#"):
            self._tag(word)
        elif word.startswith("@") or naming.is_account(self._turn, word):
            self._person(word)
        elif word.startswith(">"):
            self._left.insert(0, word[1:])
            self._older()
        else:
            self._plain(word)

    def _plain(self, word: str) -> None:
        meant = plain(word)
        opened, _, rest = meant.partition(":")
        if rest and _vocabulary().get(opened) in OPENED:
            self._left.insert(0, word.partition(":")[2])
            meant = opened
        match _vocabulary().get(meant):
            case "me":
                self._filter = replace(self._filter, agent=self._me)
            case "free":
                self._filter = replace(self._filter, unclaimed=True)
            case "overdue":
                self._filter = replace(self._filter, overdue_at=self._turn.now)
            case "older":
                self._older()
            case "text":
                self._text, self._left = [*self._text, *self._left], []
            case "type":
                self._type(self._next(word))
            case "group":
                self._group(self._next(word))
            case str() as state if state in (*StatusKind, *Priority):
                self._state(state)
            case _:
                self._named(word)

    def _next(self, word: str) -> str:
        if not self._left:
            raise Refused("filter_open", word=word)
        return self._left.pop(0)

    def _state(self, name: str) -> None:
        if name in set(StatusKind):
            self._filter = replace(self._filter, kinds=(*self._filter.kinds, StatusKind(name)))
        else:
            self._filter = replace(self._filter, priorities=(*self._filter.priorities, Priority(name)))

    def _named(self, word: str) -> None:
        """Read a word of this desk's own: a status of a workflow, a request type, a group."""
        meant = plain(word)
        if meant in self._names.statuses:
            self._filter = replace(self._filter, statuses=(*self._filter.statuses, self._names.statuses[meant]))
        elif meant in self._names.types:
            self._type(word)
        elif meant in self._names.groups:
            self._group(word)
        else:
            raise self._unknown(word, self._names.known)

    def _type(self, word: str) -> None:
        if plain(word) not in self._names.types:
            raise self._unknown(word, self._names.types)
        self._filter = replace(self._filter, types=(*self._filter.types, self._names.types[plain(word)]))

    def _group(self, word: str) -> None:
        if plain(word) not in self._names.groups:
            raise self._unknown(word, self._names.groups)
        self._filter = replace(self._filter, groups=(*self._filter.groups, self._names.groups[plain(word)]))

    def _tag(self, word: str) -> None:
        tag = word.removeprefix("#").casefold()
        if not TAG.fullmatch(tag):
            raise Refused("tag", tag=word)
        self._filter = replace(self._filter, tags=(*self._filter.tags, tag))

    def _person(self, word: str) -> None:
        """Read whose they are: by a mention, a username, a name of one word or several; a slip is told with what was meant."""
        team = self._names.team
        try:
            person, left = naming.teammate_first(self._turn, " ".join((word, *self._left)), team)
        except Refused as refusal:
            called = {key: person for person in team for key in _called(person)}
            meant = nearest(key_of(word.removeprefix("@")), called) if refusal.reason == "who" else None
            raise (Refused("who_meant", name=word, meant=meant) if meant else refusal) from None
        self._left = self._left[len(self._left) - len(left) :]
        self._filter = replace(self._filter, agent=person.id)

    def _older(self) -> None:
        """Read how long ago: "older than 2d", "старше 2 дней", ">3h"."""
        while self._left and _vocabulary().get(plain(self._left[0])) == "than":
            self._left.pop(0)
        for count in (2, 1):
            length = read_duration(" ".join(self._left[:count])) if len(self._left) >= count else None
            if length:
                self._left = self._left[count:]
                self._filter = replace(self._filter, created_before=self._turn.now - length)
                return
        raise Refused("filter_age", word=" ".join(self._left[:1]) or "—")

    def _unknown(self, word: str, known: "Mapping[str, str] | list[str]") -> Refused:
        meant = nearest(plain(word), known)
        if meant:
            return Refused("filter_meant", word=word, meant=meant)
        return Refused("filter", word=word, known=", ".join(self._told()))

    def _told(self) -> list[str]:
        """Return the words worth telling: one for each thing, in the reader's language."""
        language = self._turn.here[1].language
        phrases = (
            *(phrase(f"filter_kind.{kind}") for kind in StatusKind),
            *(phrase(f"filter_priority.{priority}") for priority in Priority),
            *(phrase(f"filter.{name}") for name in ("me", "free", "overdue")),
        )
        own = (*dict.fromkeys(self._names.types.values()), *dict.fromkeys(self._names.groups.values()))
        return [*(synonyms(words, language)[0] for words in phrases), *own, "@…", "#…", "“…”"]


def _called(person: Person) -> list[str]:
    """Return what an agent may be called: by username, by name, by first name."""
    name = key_of(person.name)
    return [key for key in (name.partition(" ")[0], name, key_of(person.username)) if key]
