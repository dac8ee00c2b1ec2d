"""The API as it is served: each call is let in, read, answered from one look or in one transaction, and told in one shape."""

import asyncio
import contextlib
import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TypeVar

from aiohttp import web

from bot.api.calls import Call, Caller, bearer_secret, operation_of, read_body, read_call
from bot.api.document import BASE, openapi_document
from bot.api.operations import Operation
from bot.api.page import CONTENT_SECURITY, api_page
from bot.api.problems import Problem
from bot.api.rates import Queue, Rates
from bot.api.turns import ProgramTurn, ProgramTurns, refusal_problem, standing_person
from bot.clock import Clock
from bot.deferred.workshop import Workshop
from bot.monitoring.failpoints import reach_failpoint
from handlers.home import updates
from handlers.rules.book import RulesCache
from handlers.tickets import webhooks
from handlers.turns import permissions
from handlers.vocabulary.deeds import Deed
from storage.engine.compiled import savepoint
from storage.engine.database import Connection, Database, DatabaseUnavailable, is_insert_race
from storage.engine.memo import remember_reads
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.tokens import Tokens
from storage.queues.answered_calls import AnsweredCalls
from storage.tickets.tickets import TicketConflict

log = logging.getLogger("frontdesk.api")

T = TypeVar("T")
SIDE_BY_SIDE = 4  # looks, and changes, of one process at a time on PostgreSQL
TRIES = 3  # of a change while others change the same
AGAIN = {"Retry-After": "5"}
USED = timedelta(minutes=1)  # between two notes of when a token was used last
COMMON = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class _LetIn:
    """A call that may be made; with its answer, where that is short and nothing changes by it."""

    operation: Operation
    call: Call
    answer: str | Problem | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """What the API tells of itself: to programs, and to people."""

    document: str
    page: str


def _tell(table: Sequence[Operation]) -> _Told:
    document = openapi_document(table)
    return _Told(json.dumps(document, ensure_ascii=False), api_page(table, document))


class Api:
    """Serves what stands in its table, and nothing else."""

    def __init__(
        self,
        table: Sequence[Operation],
        database: Database,
        clock: Clock,
        turns: ProgramTurns,
        book: RulesCache,
        done: Callable[[ProgramTurn], None],
    ) -> None:
        """``done`` is called after each commit, with the turn that was in it: whoever sends is to look."""
        self._table, self._database, self._clock, self._turns = table, database, clock, turns
        self._book, self._done, self._rates = book, done, Rates()
        side_by_side = SIDE_BY_SIDE if database.shared else 1  # a file has two who read: one is always the talk's
        self._reading, self._making, self._writing = (Queue(side_by_side) for _ in range(3))
        self._told: _Told | None = None  # it takes longer to write than the desk to start, and few ask for it

    def mount(self, application: web.Application) -> None:
        """Serve all that is under the API's path."""
        application.router.add_route("*", BASE, self._serve)
        application.router.add_route("*", BASE + r"/{path:[\s\S]*}", self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        try:
            answer = await self._answer(request)
        except Problem as problem:
            answer = problem.response()
        except DatabaseUnavailable as trouble:
            log.info(
                "a call was not answered, the database cannot serve: %s", trouble, extra={"event": "api_not_answered"}
            )
            said = "The database cannot serve this now; try again."
            answer = Problem(HTTPStatus.SERVICE_UNAVAILABLE, said, headers=AGAIN).response()
        except web.HTTPException:
            raise
        except Exception as error:
            incident = secrets.token_hex(4)
            facts = {"event": "incident", "incident": incident, "method": request.method}
            log.error("incident %s of the API", incident, exc_info=error, extra=facts)
            said = f"Something went wrong here; tell the operator of the desk: incident {incident}."
            answer = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, said).response()
        answer.headers.update(COMMON)
        return answer

    async def _answer(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix(BASE)
        if request.method == "GET" and path in ("", "/", "/openapi.json"):
            return await self._told_to_all(path)
        secret = bearer_secret(request)
        async with self._reading.place():
            let_in = await self._database.look(lambda connection: self._let_in(connection, request, path, secret))
        if let_in is None:
            raise web.HTTPNotFound
        operation, call = let_in.operation, let_in.call
        if operation.writes:
            call = await read_body(request, operation, call)
        await self._note_use(call.caller)
        if isinstance(let_in.answer, Problem):
            raise let_in.answer
        if let_in.answer is not None:
            return _response(operation.status, let_in.answer)
        status, text, again = await self._carry_out(operation, call)
        return _response(status, text, {"Idempotent-Replayed": "true"} if again else {})

    async def _told_to_all(self, path: str) -> web.Response:
        """Answer what anybody may read, once there is anything here."""
        async with self._reading.place():
            there = await self._database.look(lambda connection: Tokens(connection).any())
        if not there:
            raise web.HTTPNotFound
        if self._told is None:
            self._told = await asyncio.to_thread(_tell, self._table)
        if path == "/openapi.json":
            return _response(HTTPStatus.OK, self._told.document)
        return web.Response(
            text=self._told.page, content_type="text/html", headers={"Content-Security-Policy": CONTENT_SECURITY}
        )

    # Who

    def _let_in(self, connection: Connection, request: web.Request, path: str, secret: str) -> "_LetIn | None":
        """Return a call that may be made, with its answer where that is short and changes nothing: all in one look.

        While no program has a token there is nothing here.
        """
        with remember_reads(connection):
            turn = self._turns.reading(connection)
            caller = self._known(turn, secret)
            if caller is None:
                if not Tokens(connection).any():
                    return None
                said = "Bring a token along: Authorization: Bearer fd_…; `frontdesk token add` makes one."
                challenge = {"WWW-Authenticate": 'Bearer realm="frontdesk"'}
                raise Problem(HTTPStatus.UNAUTHORIZED, said, headers=challenge)
            self._rates.take(caller.token, self._clock.now())
            operation, named = operation_of(self._table, request.method, path)
            turn.actor = caller.person
            _must_be_let(turn, caller, operation)
            call = read_call(request, operation, named, caller)
            if operation.writes or operation.does is None:
                return _LetIn(operation, call)
            return _LetIn(operation, call, self._read(operation, turn, call))

    def _known(self, turn: ProgramTurn, secret: str) -> Caller | None:
        """Return who calls; None where it is nobody known."""
        token = Tokens(turn.tx.connection).of_secret(secret) if secret else None
        person = standing_person(turn, token.person_id) if token is not None else None
        return Caller(token, person) if token is not None and person is not None else None

    def _read(self, operation: Operation, turn: ProgramTurn, call: Call) -> str | Problem:
        """Return the text of what is read, or why it is not."""
        assert operation.does is not None
        try:
            return operation.does(turn, call).model_dump_json()
        except Problem as problem:
            return problem
        except Refused as refusal:
            return refusal_problem(turn, refusal)

    async def _note_use(self, caller: Caller) -> None:
        """Remember when a token was used last, to a minute, unless nothing can be written now: whoever reads is answered."""
        now, used = self._clock.now(), caller.token.used_at
        if used is None or not timedelta(0) <= now - used < USED:
            with contextlib.suppress(DatabaseUnavailable):
                await self._database.run(lambda connection: Tokens(connection).used(caller.token.id, now))

    # What

    async def _carry_out(self, operation: Operation, call: Call) -> tuple[int, str, bool]:
        """Return the status and the text of an answer, and whether it is one that was given before."""
        if operation.makes is not None:
            workshop = Workshop(self._database, self._book.base, self._clock.now)
            async with self._making.place():
                made = await operation.makes(self._database, workshop, call)
            return operation.status, made.model_dump_json(), False
        return await self._write(operation, call)

    async def _write(self, operation: Operation, call: Call) -> tuple[int, str, bool]:
        """Do it in one transaction with the note that it was done; once more where another was faster."""
        turns: list[ProgramTurn] = []
        for _ in range(TRIES):
            turns.clear()
            try:
                async with self._writing.place():
                    answered = await self._database.run(
                        lambda connection: self._turn(connection, operation, call, turns)
                    )
            except TicketConflict:
                continue
            except Exception as error:
                if not is_insert_race(error):
                    raise
                continue
            reach_failpoint("after_commit")
            for turn in turns:
                self._done(turn)
            if isinstance(answered, Problem):
                raise answered
            return answered
        raise Problem(HTTPStatus.CONFLICT, "Others changed the same at this moment; try again.", reason="changed")

    def _turn(
        self, connection: Connection, operation: Operation, call: Call, turns: list[ProgramTurn]
    ) -> tuple[int, str, bool] | Problem:
        """Give a program its turn. A refusal undoes what was begun, and is written down as one."""
        turn = self._turns.writing(connection)
        person = standing_person(turn, call.caller.token.person_id)
        if person is None or Tokens(connection).named(call.caller.token.name) is None:
            return Problem(HTTPStatus.UNAUTHORIZED, "This token was dropped a moment ago.")
        turn.actor = person
        try:
            with savepoint(connection), remember_reads(connection):
                answered = self._once(turn, operation, call)
                webhooks.promise_to_webhooks(turn)
                updates.refresh_touched(turn)
                turns.append(turn)
                return answered
        except Problem as problem:
            return problem
        except Refused as refusal:
            again = self._turns.writing(connection)
            again.actor = person
            number = getattr(call.place, "ticket", None)
            again.audit(Deed.REFUSED, ticket=number, reason=refusal.reason, event="api", name=operation.name)
            return refusal_problem(again, refusal)

    def _once(self, turn: ProgramTurn, operation: Operation, call: Call) -> tuple[int, str, bool]:
        """Do it, unless a call of the same key was answered before; then it is told again."""
        assert operation.does is not None
        calls, digest = AnsweredCalls(turn.tx.connection, call.caller.token.id), _digest(operation, call)
        before = calls.begin(call.key, digest, turn.now) if call.key else None
        if before is not None:
            if before.digest != digest:
                said = "Another call was made with this Idempotency-Key; take a new key for a new call."
                raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, said, reason="key_used")
            if operation.again is not None:
                return before.status, operation.again(turn, int(before.answer["id"])).model_dump_json(), True
            return before.status, json.dumps(before.answer), True
        told = operation.does(turn, call)
        if call.key:
            only = {"id"} if operation.again is not None else None
            calls.end(call.key, operation.status, told.model_dump(mode="json", include=only))
        reach_failpoint("before_commit")
        return operation.status, told.model_dump_json(), False


def _must_be_let(turn: ProgramTurn, caller: Caller, operation: Operation) -> None:
    """Refuse what a token's scopes, a person's role or the permissions of the rules do not allow."""
    if operation.scope not in caller.token.scopes:
        said = f"This token has not the scope {operation.scope}; `frontdesk token add` gives scopes."
        raise Problem(HTTPStatus.FORBIDDEN, said, reason="scope")
    if not caller.person.may(Role.AGENT):
        said = "The person this token acts as is of the team no more."
        raise Problem(HTTPStatus.FORBIDDEN, said, reason="not_of_team")
    if operation.act:
        try:
            permissions.must_may(turn, operation.act)
        except Refused as refusal:
            raise refusal_problem(turn, refusal) from None


def _response(status: int, text: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=text, content_type="application/json", headers=headers)


def _digest(operation: Operation, call: Call) -> str:
    """Return what tells one call from another: what was asked, with what."""
    asked = json.dumps([operation.name, call.place.model_dump(mode="json"), call.query.model_dump(mode="json")])
    return hashlib.sha256(asked.encode() + b"\0" + call.raw).hexdigest()
