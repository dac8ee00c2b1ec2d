"""Routes: a decorator reads as the condition and the permission; illegal ones fail at the start, not at night."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from handlers.vocabulary.acts import ACTS
from handlers.vocabulary.audience import ANYWHERE, INSIDE, Audience
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.forms import Field
from handlers.vocabulary.messages import Button, Kind, Part
from handlers.vocabulary.presses import ButtonData
from handlers.vocabulary.timers import TimerData
from handlers.vocabulary.translations import Locale
from storage.models import Role
from storage.tickets.tickets import Ticket

if TYPE_CHECKING:
    from handlers.turns.turn import Turn

Handler = Callable[["Turn"], None]
H = TypeVar("H", bound=Handler)
Lines = Callable[["Turn", Ticket, Locale], Sequence[Part]]
Buttons = Callable[["Turn", Ticket], Sequence[Button]]
Confirmed = Callable[["Turn", Mapping[str, Any]], None]
Adviser = Callable[["Turn", Field, str], DraftFacts]


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


class Routes:
    """The routes of one conversation, added by decorators; a desk hears them once its ``Router`` includes them."""

    def __init__(self) -> None:
        self.all: list[Route] = []

    def command(
        self, name: str, *, role: Role = Role.REQUESTER, audiences: frozenset[Audience] = INSIDE
    ) -> Callable[[H], H]:
        """Hear ``/name``; its help line is the phrase ``help.name``, its act has its name."""
        return self._route(Route(Kind.COMMAND, name, NOBODY, role, f"help.{name}", audiences=audiences))

    def press(
        self,
        button: type[ButtonData],
        *,
        role: Role = Role.REQUESTER,
        audiences: frozenset[Audience] = INSIDE,
        act: str | None = None,
    ) -> Callable[[H], H]:
        """Hear a button; a press whose data has another shape is of no button of ours."""
        return self._route(Route(Kind.PRESS, button.name, NOBODY, role, "", button.shape, audiences), act)

    def submit(self, form: str, *, role: Role = Role.REQUESTER, act: str | None = None) -> Callable[[H], H]:
        """Hear the submission of a form of this name."""
        return self._route(Route(Kind.SUBMIT, form, NOBODY, role), act)

    def fetched(self, name: str, *, role: Role = Role.REQUESTER, act: str | None = None) -> Callable[[H], H]:
        """Hear the content of a file that was asked for under this name."""
        return self._route(Route(Kind.FETCHED, name, NOBODY, role), act)

    def timer(self, timer: type[TimerData]) -> Callable[[H], H]:
        """Hear a timer."""
        return self._route(Route(Kind.TIMER, timer.name, NOBODY, Role.REQUESTER))

    def kind(self, kind: Kind, *, role: Role = Role.REQUESTER) -> Callable[[H], H]:
        """Hear every event of a kind that has no names, wherever it happened: text, edit, member …"""
        return self._route(Route(kind, "", NOBODY, role, audiences=ANYWHERE))

    def _route(self, made: Route, act: str | None = None) -> Callable[[H], H]:
        """Add a route; raise ValueError where what it needs is not said as ``handlers/vocabulary/acts.py`` has it."""
        made = replace(made, act=_act(made) if act is None and made.role is not Role.REQUESTER else act or "")

        def add(handler: H) -> H:
            if made.act and ACTS.get(made.act) is not made.role:
                raise ValueError(
                    f"{made.kind} {made.name!r}: the act {made.act!r} of this role is none of handlers/vocabulary/acts.py"
                )
            self.all.append(replace(made, handler=handler))
            return handler

        return add


class Router:
    """All routes that are included, by kind of event and name; one handler each."""

    def __init__(self, *included: Routes) -> None:
        self.routes: dict[tuple[Kind, str], Route] = {}
        for route in (route for routes in included for route in routes.all):
            if other := self.routes.get((route.kind, route.name)):
                both = f"by {other.handler.__qualname__} and by {route.handler.__qualname__}"
                raise ValueError(f"{route.kind} {route.name!r} is heard twice: {both}")
            self.routes[route.kind, route.name] = route

    def find(self, kind: Kind, name: str) -> Route | None:
        """Return the route of an event, if anybody hears it."""
        return self.routes.get((kind, name if kind in NAMED else ""))

    def commands(self, role: Role) -> list[Route]:
        """Return the commands that this role may use, in the order they are included."""
        found = (route for (kind, _), route in self.routes.items() if kind is Kind.COMMAND)
        return [route for route in found if role.rank >= route.role.rank]


@dataclass(frozen=True, slots=True)
class Contents:
    """What the talk consists of: its routes, and what conversations add to each other's messages."""

    router: Router = field(default_factory=Router)
    card_lines: Sequence[Lines] = ()  # above the line that says where a ticket stands
    card_steps: Sequence[Buttons] = ()  # among the first buttons of a card: the steps that a workflow names
    card_more: Sequence[Buttons] = ()  # the rarer buttons of an active ticket's card
    confirmations: Mapping[str, Confirmed] = field(default_factory=dict)  # what is done once it was confirmed, by name
    advisers: Mapping[str, Adviser] = field(default_factory=dict)  # who hears each typed answer, by the form's name


def _act(made: Route) -> str:
    """Return the act that a route of the team's is by its own name."""
    if made.kind in NAMED and made.name not in ACTS:
        raise ValueError(f"{made.kind} {made.name!r} of the team's: name its act, one of handlers/vocabulary/acts.py")
    return made.name


def _nobody(_: "Turn") -> None:
    raise AssertionError("a route has a handler")


NOBODY: Handler = _nobody  # until the decorated function is known
NAMED = (Kind.COMMAND, Kind.PRESS, Kind.SUBMIT, Kind.TIMER, Kind.FETCHED)
