"""The words of filters, in any of our languages: those that every desk knows, and what may be named at this one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from handlers.rules.types import ITIL
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Phrase, phrase
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator
from storage.desk.request_types import RequestType
from storage.lifecycle import StatusKind, built_workflow
from storage.models import Priority
from storage.people.people import Person
from storage.tickets.queue import GROUPINGS, SORTS

WORDS = (
    *("me", "free", "overdue", "older", "newer", "than", "text", "type", "group", "not", "every", "status", "priority"),
    *("created", "ended", "talked", "since", "before", "requester", "unanswered", "reopened", "rated"),
    *("by", "first", "show", "why", "company", "with", "kind", "recurring", "asset"),
)
COLON = (  # words that may stand before what they say: type:billing, created:yesterday
    *("type", "group", "status", "priority", "created", "ended", "talked", "requester", "rated", "by", "show"),
    *("company", "with", "kind", "asset"),
)
COLUMNS = (  # what a row of a list may show
    *("number", "status", "priority", "summary", "requester", "agent", "group", "type", "created", "talked", "due"),
    *("rating", "tags", "kind"),
)


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
        return [*filter_vocabulary(), *self.statuses, *self.types, *self.groups]


@cache
def kinds_of(kind: str) -> Mapping[str, str]:
    """Return the words for what a list is grouped by, sorted by or shows, and for kinds of request, each with its name."""
    phrases = {
        "by": {name: phrase(f"filter_by.{name}") for name in GROUPINGS},
        "sort": {name: phrase(f"filter_sort.{name}") for name in SORTS},
        "column": {name: phrase(f"filter_column.{name}") for name in COLUMNS},
        "request": {name: phrase(f"filter_request.{name}") for name in ITIL},
    }[kind]
    return _spoken(phrases)


@cache
def filter_vocabulary() -> Mapping[str, str]:
    """Return the words for what every desk knows: ``free``, ``вільні`` and ``свободные`` mean ``free``."""
    phrases = {name: phrase(f"filter.{name}") for name in WORDS}
    phrases |= {kind.value: phrase(f"filter_kind.{kind}") for kind in StatusKind}
    phrases |= {priority.value: phrase(f"filter_priority.{priority}") for priority in Priority}
    return _spoken(phrases)


def _spoken(phrases: Mapping[str, Phrase]) -> Mapping[str, str]:
    """Return every word for some things, in any of our languages, each with what it means; their own names too."""
    found = {name: name for name in phrases}
    for language in LANGUAGES:
        found |= {word: name for name, words in phrases.items() for word in filter_synonyms(words, language)}
    return found


@cache
def word_means(word: str, name: str) -> bool:
    """Return whether a word may mean this in any of our languages, whatever else it may mean."""
    return normalized_word(word) == name or any(
        normalized_word(word) in filter_synonyms(phrase(f"filter.{name}"), language) for language in LANGUAGES
    )


def filter_synonyms(words: Phrase, language: str) -> list[str]:
    """Return the words of a language for one thing, as they are looked up; the first is the one to tell."""
    return [normalized_word(word) for word in catalogue_text(words, language).split(",")]


def catalogue_text(words: Phrase, language: str) -> str:
    """Return what the catalogues say, whatever the desk's own texts are."""
    return Translator().say(words, Locale(language))


def normalized_word(word: str) -> str:
    """Return a word as it is looked up: in small letters, its parts joined by one sign."""
    return re.sub(r"[\s_-]+", "_", word.strip().casefold())


def desk_names(turn: Turn) -> Names:
    """Return what may be named at this desk."""
    kinds = turn.tx.requests.types()
    return Names(
        _titled({kind.name: kind.title for kind in kinds}),
        _titled({name: group.title for name, group in turn.rules.groups.items()}),
        _statuses(kinds),
        tuple(turn.tx.people.team()),
    )


def _titled(found: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {normalized_word(word): name for name, title in found.items() for word in (*title.values(), name)}


def _statuses(kinds: list[RequestType]) -> dict[str, tuple[str, StatusKind]]:
    found: dict[str, tuple[str, StatusKind]] = {}
    for workflow in (built_workflow(kind.workflow) for kind in kinds if kind.workflow):
        for name, kind in workflow.kinds.items():
            called = workflow.called(name)
            words = (name, *called.values()) if isinstance(called, Mapping) else (name,)
            found |= {normalized_word(word): (name, kind) for word in words}
    return {word: one for word, one in found.items() if word not in set(StatusKind)}
