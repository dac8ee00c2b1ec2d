"""Which function serves which method."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.tables import METHODS
from bot.sandbox.telegram.world import World

Serve = Callable[[World, Args], Any]
SERVED: dict[str, Serve] = {}


def serves(*names: str) -> Callable[[Serve], Serve]:
    """Let a function serve these methods; an unknown or doubled name fails at import."""

    def register(function: Serve) -> Serve:
        for name in names:
            if name.lower() not in METHODS or name.lower() in SERVED:
                raise ValueError(f"{name} is not in the table, or is served twice")
            SERVED[name.lower()] = function
        return function

    return register
