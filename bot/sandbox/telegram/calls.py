"""One call from its arguments to its answer, with the log of all calls."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.telegram.arguments import Args, Upload, read
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.methods import SERVED
from bot.sandbox.telegram.model import Json
from bot.sandbox.telegram.polling import Polling
from bot.sandbox.telegram.tables import METHODS, Method
from bot.sandbox.telegram.webhook import Pusher, hook_of
from bot.sandbox.telegram.world import World


@dataclass(eq=False, slots=True)
class Call:
    """A call that came in: what was asked, what was answered."""

    method: str
    args: Json
    at: datetime
    ok: bool = False
    result: Any = None
    error: str = ""
    status: int = 0

    @property
    def chat(self) -> int | str | None:
        """The chat the call names."""
        found: int | str | None = self.args.get("chat_id")
        return int(found) if isinstance(found, str) and found.lstrip("-").isdigit() else found


class Calls:
    """Serves every call; getUpdates is only counted, all else is logged."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.polling = Polling(world.updates, world.changes)
        self.pusher = Pusher(world.updates, world.clock, world.changes)
        self.log: deque[Call] = deque(maxlen=world.keep.calls)

    def begin(self, name: str, raw: Mapping[str, Any]) -> Call:
        """Log a call that has come in."""
        method = METHODS.get(name.lower())
        call = Call(method.name if method else name, dict(raw), self.world.clock.now())
        if call.method != "getUpdates":
            self.log.append(call)
        return call

    async def serve(self, call: Call, files: Mapping[str, Upload]) -> Json:
        """Return the whole answer to a call."""
        try:
            method = METHODS.get(call.method.lower())
            if method is None:
                self.world.violate(call.method, "unknown method", call.method)
                raise ApiError(Refusal.NOT_FOUND)
            call.result = await self._run(method, call, files)
        except ApiError as error:
            call.status, call.error = error.code, error.description
            if error.refusal is Refusal.TOO_MANY:
                self.world.violate(call.method, "rate", f"{call.chat}: {error.description}")
            self.world.changes.touch()
            return error.answer()
        call.ok, call.status = True, 200
        self.world.changes.touch()
        return {"ok": True, "result": call.result}

    async def _run(self, method: Method, call: Call, files: Mapping[str, Upload]) -> Any:
        args = read(method, call.args, files, lambda rule, detail: self.world.violate(method.name, rule, detail))
        call.args = args.values
        match method.name:
            case "getUpdates":
                if self.pusher.hook is not None:
                    raise ApiError(Refusal.WEBHOOK_ACTIVE)
                return await self.polling.poll(args)
            case "setWebhook" | "deleteWebhook":
                return await self._set_webhook(args)
            case "getWebhookInfo":
                return self.pusher.info()
            case _:
                return SERVED[method.name.lower()](self.world, args)

    async def _set_webhook(self, args: Args) -> bool:
        hook = hook_of(args)
        if "allowed_updates" in args:
            self.world.updates.allowed = frozenset(args["allowed_updates"]) or None
        if args.get("drop_pending_updates"):
            self.world.updates.drop_all()
        if hook is not None:
            self.polling.abort(Refusal.WEBHOOK_SET)
        await self.pusher.set(hook)
        return True
