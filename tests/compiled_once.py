"""The SQL of a statement is written once in a process of tests, not once for each of the thousands of databases it opens.

SQLAlchemy keeps what it has compiled with each engine, and tells dialects apart by identity. A desk has one engine for as long
as it runs; the tests open one for each story, and compiling was a quarter of what a story cost.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

_KEPT: LRUCache[Any, Any] = LRUCache(5000)


def share_compiled_statements() -> None:
    """Let all engines of this process that speak one dialect share what they have compiled."""
    opened = Engine.__init__

    def opens(self: Engine, *given: Any, **named: Any) -> None:
        opened(self, *given, **named)
        self.update_execution_options(compiled_cache=_KEPT)

    Engine.__init__ = opens  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
