"""Routes: a decorator reads as the condition and the permission; illegal ones fail at import, not at night."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from handlers.acts import ACTS
from handlers.audience import ANYWHERE, INSIDE, Audience
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
    act: str = ""  # whose permission it needs; none where the role alone decides, and what is done asks itself


class Router:
    """All routes by kind of event and name; one handler each."""

    def __init__(self) -> None:
        self.routes: dict[tuple[Kind, str], Route] = {}

    def command(
        self, name: str, *, role: Role = Role.REQUESTER, audiences: frozenset[Audience] = INSIDE
    ) -> Callable[[H], H]:
        """Hear ``/name``; its help line is the phrase ``help.name``, its act has its name."""
        return self._route(Route(Kind.COMMAND, name, NOBODY, role, f"help.{name}", audiences=audiences))

    def press(
        self,
        name: str,
        *,
        key: str = NUMBER,
        role: Role = Role.REQUESTER,
        audiences: frozenset[Audience] = INSIDE,
        act: str | None = None,
    ) -> Callable[[H], H]:
        """Hear a button of this name; what it carries has the shape ``key``, or it is no button of ours."""
        if len(name) > 16:
            raise ValueError(f"button {name!r}: a name of over 16 letters leaves too little room for its key")
        return self._route(Route(Kind.PRESS, name, NOBODY, role, "", key, audiences), act)

    def submit(self, form: str, *, role: Role = Role.REQUESTER, act: str | None = None) -> Callable[[H], H]:
        """Hear the submission of a form of this name."""
        return self._route(Route(Kind.SUBMIT, form, NOBODY, role), act)

    def fetched(self, name: str, *, role: Role = Role.REQUESTER, act: str | None = None) -> Callable[[H], H]:
        """Hear the content of a file that was asked for under this name."""
        return self._route(Route(Kind.FETCHED, name, NOBODY, role), act)

    def timer(self, name: str) -> Callable[[H], H]:
        """Hear a timer of this name."""
        return self._route(Route(Kind.TIMER, name, NOBODY, Role.REQUESTER))

    def kind(self, kind: Kind, *, role: Role = Role.REQUESTER) -> Callable[[H], H]:
        """Hear every event of a kind that has no names, wherever it happened: text, edit, member …"""
        return self._route(Route(kind, "", NOBODY, role, audiences=ANYWHERE))

    def find(self, kind: Kind, name: str) -> Route | None:
        """Return the route of an event, if anybody hears it."""
        return self.routes.get((kind, name if kind in NAMED else ""))

    def commands(self, role: Role) -> list[Route]:
        """Return the commands that this role may use, in the order they were written."""
        found = (route for (kind, _), route in self.routes.items() if kind is Kind.COMMAND)
        return [route for route in found if role.rank >= route.role.rank]

    def _route(self, made: Route, act: str | None = None) -> Callable[[H], H]:
        """Add a route; raise ValueError where its name is taken, or what it needs is not said as ``handlers/acts.py`` has it."""
        made = replace(made, act=_act(made) if act is None and made.role is not Role.REQUESTER else act or "")

        def add(handler: H) -> H:
            if (made.kind, made.name) in self.routes:
                other = self.routes[made.kind, made.name].handler.__qualname__
                raise ValueError(f"{made.kind} {made.name!r} is heard twice: by {other} and by {handler.__qualname__}")
            if made.act and ACTS.get(made.act) is not made.role:
                raise ValueError(
                    f"{made.kind} {made.name!r}: the act {made.act!r} of this role is none of handlers/acts.py"
                )
            self.routes[made.kind, made.name] = replace(made, handler=handler)
            return handler

        return add


def _act(made: Route) -> str:
    """Return the act that a route of the team's is by its own name."""
    if made.kind in NAMED and made.name not in ACTS:
        raise ValueError(f"{made.kind} {made.name!r} of the team's: name its act, one of handlers/acts.py")
    return made.name


def _nobody(_: "Turn") -> None:
    raise AssertionError("a route has a handler")


NOBODY: Handler = _nobody  # until the decorated function is known
NAMED = (Kind.COMMAND, Kind.PRESS, Kind.SUBMIT, Kind.TIMER, Kind.FETCHED)
on = Router()
