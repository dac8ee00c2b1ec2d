"""Which function serves which method."""

from collections.abc import Callable

from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.tables import METHODS
from bot.sandbox.slack.workspace import Workspace

Serve = Callable[[Workspace, Args], Json]
SERVED: dict[str, Serve] = {}


def serves(name: str) -> Callable[[Serve], Serve]:
    """Let a function serve a method; an unknown or doubled name fails at import."""

    def register(function: Serve) -> Serve:
        if name not in METHODS or name in SERVED:
            raise ValueError(f"{name} is not in the table, or is served twice")
        SERVED[name] = function
        return function

    return register
