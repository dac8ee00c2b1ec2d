"""One call from its arguments to its answer, with the log of all calls."""

from collections import deque
from email.utils import format_datetime

from bot.sandbox.slack.arguments import read
from bot.sandbox.slack.calling import Call
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.methods import SERVED
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.scopes import require
from bot.sandbox.slack.tables import COMMON_ERRORS, METHODS, SEEN_ERRORS, Method
from bot.sandbox.slack.workspace import Workspace

OPEN_TO_ALL = frozenset({"api.test"})
APP_LEVEL = frozenset({"apps.connections.open"})


class Calls:
    """Serves every call and keeps the log."""

    def __init__(self, space: Workspace, token: str, app_token: str) -> None:
        self.space = space
        self.log: deque[Call] = deque(maxlen=space.world.keep.calls)
        self._tokens = {token: "bot", app_token: "app"}

    def begin(self, method: str, raw: Json, token: str) -> Call:
        """Log a call that has come in."""
        given = str(raw.pop("token", "") or "")
        call = Call(method, raw, self.space.clock.now(), token or given)
        self.log.append(call)
        return call

    def serve(self, call: Call) -> Json:
        """Return the whole answer to a call."""
        try:
            call.result = {"ok": True, **self._run(call)}
        except ApiError as error:
            call.error, call.status, call.retry_after = error.code, error.status, error.retry_after
            call.result = error.answer()
            if error.retry_after is not None:
                self.space.world.violate(call.method, "rate", f"{call.channel}: wait {error.retry_after} s")
        else:
            call.ok, call.status = True, 200
        self.space.changes.touch()
        answer: Json = call.result
        return answer

    def knows(self, token: str) -> bool:
        """Return whether a token is the bot's, and alive."""
        return self._tokens.get(token) == "bot" and self.space.world.token_error is None

    def headers(self, call: Call) -> dict[str, str]:
        """Return the headers that tell the time there, what the token may do, and how long to wait."""
        now = format_datetime(self.space.clock.now(), usegmt=True)
        headers = {"Date": now, "X-OAuth-Scopes": ",".join(sorted(self.space.world.scopes))}
        if call.method in METHODS and METHODS[call.method].scopes:
            headers["X-Accepted-OAuth-Scopes"] = ",".join(sorted(METHODS[call.method].scopes))
        if call.retry_after is not None:
            headers["Retry-After"] = str(call.retry_after)
        return headers

    def _run(self, call: Call) -> Json:
        world = self.space.world
        method = METHODS.get(call.method)
        if method is None:
            world.violate(call.method, "unknown method", call.method)
            raise ApiError("unknown_method", req_method=call.method)
        self._admit(method, call.token)
        args = read(method, call.args, lambda rule, detail: world.violate(method.name, rule, detail))
        call.args = args.values
        self.space.meter.take(method.name, call.channel or "")
        try:
            return SERVED[method.name](self.space, args)
        except ApiError as error:
            known = method.errors | COMMON_ERRORS | SEEN_ERRORS.get(method.name, frozenset())
            if error.code not in known:
                raise RuntimeError(f"{method.name} does not answer {error.code}") from error
            raise

    def _admit(self, method: Method, token: str) -> None:
        """Refuse a token that is missing, unknown, of the wrong kind, dead, or without the scope."""
        if method.name in OPEN_TO_ALL:
            return
        kind = self._tokens.get(token)
        if kind is None:
            raise ApiError("invalid_auth" if token else "not_authed")
        if (kind == "app") != (method.name in APP_LEVEL):
            raise ApiError("not_allowed_token_type")
        if self.space.world.token_error is not None:
            raise ApiError(self.space.world.token_error)
        if method.scopes:
            require(self.space, *method.scopes)
