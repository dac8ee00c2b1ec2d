"""Operations: one line of the API each. What is served and what the document tells are both made of them."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from bot.api.scopes import Scope

if TYPE_CHECKING:
    from bot.api.calls import Call
    from bot.api.turns import ProgramTurn
    from bot.deferred.workshop import Workshop
    from storage.engine.database import Database

ALWAYS = (
    *(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    *(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE),
)
WITH_A_BODY = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

Act = Callable[["ProgramTurn", "Call"], BaseModel]
Again = Callable[["ProgramTurn", int], BaseModel]
Make = Callable[["Database", "Workshop", "Call"], Awaitable[BaseModel]]


class Sent(BaseModel):
    """What comes in: nothing in it that is not known."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Sent):
    """No parameters."""


class Told(BaseModel):
    """What goes out."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Operation:
    """What a program may ask: where, with what, by which right, and who answers. Reads go beside the writer."""

    name: str
    method: str
    path: str  # with {names} that are fields of ``place``
    scope: Scope
    summary: str
    answers: type[BaseModel]
    does: Act | None = None  # in one transaction, or in one look
    makes: Make | None = None  # in pieces, beside the writer
    status: HTTPStatus = HTTPStatus.OK
    place: type[Sent] = Nothing
    query: type[Sent] = Nothing
    body: type[BaseModel] | None = None
    act: str = ""  # of the chat's, whose permission a read asks for; what writes asks where it acts
    again: Again | None = None  # how an answer with words or names in it is told again, by its id: it is not kept

    @property
    def writes(self) -> bool:
        """Return whether it changes anything."""
        return self.method != "GET"

    @property
    def problems(self) -> tuple[HTTPStatus, ...]:
        """Return the statuses of all that it may be refused for."""
        body = WITH_A_BODY if self.body is not None else ()
        return (*ALWAYS, *body, *((HTTPStatus.CONFLICT,) if self.writes else ()))

    @property
    def pattern(self) -> "re.Pattern[str]":
        """Return what a path of it looks like."""
        return _pattern(self.path)


@cache
def _pattern(path: str) -> "re.Pattern[str]":
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
