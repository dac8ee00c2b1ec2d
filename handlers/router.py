"""Routes: a decorator reads as the condition and the permission; illegal ones fail at import, not at night."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from handlers.audience import ANYWHERE, INSIDE, Audience
from handlers.commands import TEAMS
from handlers.messages import Kind
from storage.models import Role

if TYPE_CHECKING:
    from handlers.turn import Turn

Handler = Callable[["Turn"], None]
H = TypeVar("H", bound=Handler)


NUMBER = r"\d{1,18}"
PAIR = r"\d{1,18}\.\d{1,18}"


@dataclass(frozen=True, slots=True)
class Route:
    """Who hears what, and who may cause it. ``help`` is the phrase key of a command's line in the menu."""

    kind: Kind
    name: str
    handler: Handler
    role: Role
    help: str = ""
    key: str = ""
    audiences: frozenset[Audience] = INSIDE  # where it may be used; elsewhere it is answered in private, or refused


class Router:
    """All routes by kind of event and name; one handler each."""

    def __init__(self) -> None:
        self.routes: dict[tuple[Kind, str], Route] = {}

    def command(
        self, name: str, *, role: Role = Role.REQUESTER, audiences: frozenset[Audience] = INSIDE
    ) -> Callable[[H], H]:
        """Hear ``/name``; its help line is the phrase ``help.name``."""
        return self._route(Kind.COMMAND, name, role, help_=f"help.{name}", audiences=audiences)

    def press(
        self,
        name: str,
        *,
        key: str = NUMBER,
        role: Role = Role.REQUESTER,
        audiences: frozenset[Audience] = INSIDE,
    ) -> Callable[[H], H]:
        """Hear a button of this name; what it carries has the shape ``key``, or it is no button of ours."""
        if len(name) > 16:
            raise ValueError(f"button {name!r}: a name of over 16 letters leaves too little room for its key")
        return self._route(Kind.PRESS, name, role, key=key, audiences=audiences)

    def submit(self, form: str, *, role: Role = Role.REQUESTER) -> Callable[[H], H]:
        """Hear the submission of a form of this name."""
        return self._route(Kind.SUBMIT, form, role)

    def fetched(self, name: str, *, role: Role = Role.REQUESTER) -> Callable[[H], H]:
        """Hear the content of a file that was asked for under this name."""
        return self._route(Kind.FETCHED, name, role)

    def timer(self, name: str) -> Callable[[H], H]:
        """Hear a timer of this name."""
        return self._route(Kind.TIMER, name, Role.REQUESTER)

    def kind(self, kind: Kind, *, role: Role = Role.REQUESTER) -> Callable[[H], H]:
        """Hear every event of a kind that has no names, wherever it happened: text, edit, member …"""
        return self._route(kind, "", role, audiences=ANYWHERE)

    def find(self, kind: Kind, name: str) -> Route | None:
        """Return the route of an event, if anybody hears it."""
        return self.routes.get((kind, name if kind in NAMED else ""))

    def commands(self, role: Role) -> list[Route]:
        """Return the commands that this role may use, in the order they were written."""
        found = (route for (kind, _), route in self.routes.items() if kind is Kind.COMMAND)
        return [route for route in found if role.rank >= route.role.rank]

    def _route(
        self,
        kind: Kind,
        name: str,
        role: Role,
        help_: str = "",
        key: str = "",
        audiences: frozenset[Audience] = INSIDE,
    ) -> Callable[[H], H]:
        def add(handler: H) -> H:
            if (kind, name) in self.routes:
                other = self.routes[kind, name].handler.__qualname__
                raise ValueError(f"{kind} {name!r} is heard twice: by {other} and by {handler.__qualname__}")
            self.routes[kind, name] = Route(kind, name, handler, role, help_, key, audiences)
            if kind is Kind.COMMAND and role is not Role.REQUESTER:
                TEAMS[name] = role
            return handler

        return add


NAMED = (Kind.COMMAND, Kind.PRESS, Kind.SUBMIT, Kind.TIMER, Kind.FETCHED)
on = Router()
