"""The rules in force, as a process knows them: read once a revision, never behind the transaction that asks."""

import logging
from collections.abc import Callable
from datetime import datetime

from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.vocabulary.translations import Translator
from storage.desk.rules import RulesRevisions

log = logging.getLogger("frontdesk.rules")


class RulesCache:
    """Follows the rules' revisions; ``base`` is what the settings say where the document says nothing."""

    def __init__(self, base: Rules) -> None:
        self.base = base
        self.rules = base
        self.speech = Translator(base.texts)
        self._seen: tuple[int, datetime] | None = None
        self.on_change: list[Callable[[], object]] = []  # who hears that other rules are in force

    @property
    def revision(self) -> int:
        """Return the number of the revision that was seen last, 0 where none was."""
        return self._seen[0] if self._seen is not None else 0

    def follow(self, revisions: RulesRevisions) -> Rules:
        """Return the rules in force in this transaction."""
        mark = revisions.mark()
        if mark != self._seen:
            newest = revisions.newest()
            self._take(newest.data if newest else {})
            self._seen = mark
            for tell in self.on_change:
                tell()
        return self.rules

    def _take(self, document: object) -> None:
        """Put a document in force. One written by another version may hold what this one cannot read: it serves without that."""
        rules, problems = read_document(document, self.base)
        for problem in problems:
            log.error("the rules at %s cannot be read: %s", problem.place, problem.said.key, extra={"event": "rules"})
        self.rules, self.speech = rules, Translator(rules.texts)


class RulesBeside:
    """The rules for whoever reads beside the turns: what they see may be older than what is written, and is remembered apart."""

    def __init__(self, book: RulesCache) -> None:
        self._book, self._own = book, RulesCache(book.base)

    @property
    def cache(self) -> RulesCache:
        """Return what is remembered for them; it begins anew where the settings say something else since."""
        if self._own.base is not self._book.base:
            self._own = RulesCache(self._book.base)
        return self._own

    @property
    def is_behind(self) -> bool:
        """Return whether turns have seen newer rules, which may not be committed yet: whoever reads is to look again soon."""
        return self.cache.revision < self._book.revision

    def follow(self, revisions: RulesRevisions) -> Rules:
        """Return the rules in force in this transaction."""
        return self.cache.follow(revisions)
