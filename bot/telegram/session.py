"""The wire to the Bot API: aiogram's session, reading of each answer only what the desk needs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import Response
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile, Message, Update
from aiohttp import BytesPayload, ClientError

from bot.messengers.wire import Shape, json_object, matches_shape, read_body, retry_after


@dataclass(frozen=True, slots=True)
class Posted:
    """Of a message that was sent: its id, and the topic it stands in."""

    message_id: int
    message_thread_id: int | None


def _posted(result: Any) -> Posted:
    return Posted(result["message_id"], result.get("message_thread_id"))


def _raws(result: Any) -> list[dict[str, Any]]:
    """Return updates as they came; each has at least its number."""
    if not matches_shape([{"update_id": int}], result):
        raise ValueError("no updates")
    return list(result)


# An answer that tells of an effect must be understood: a field that this aiogram does not expect would otherwise look
# like a failure, and the message would go out again. Updates stay as they came: one that nobody can read must not
# spoil its batch.
READ: dict[str, Callable[[Any], Any]] = {
    str(Message): _posted,
    str(list[Message]): lambda result: [_posted(each) for each in result],
    str(Message | bool): lambda result: result is True or bool(_posted(result)),
    str(list[Update]): _raws,
}


REFUSED = {"ok": bool, "error_code": int, "description": str}  # a refusal of Telegram's own
TOO_MANY: Shape = {**REFUSED, "parameters": {"retry_after": int}}
OTHERS = (*range(400), 407)  # of which Telegram refuses nothing
URLENCODED = "application/x-www-form-urlencoded"


# The models of the other answers: pydantic forgets one that nobody holds, and takes milliseconds to make it anew.
KEPT: dict[str, type[Response[Any]]] = {}


class Session(AiohttpSession):
    """One client session for all calls; ``answered`` is called at each that Telegram took."""

    def __init__(self, *, answered: Callable[[], None] = lambda: None, **settings: Any) -> None:
        super().__init__(**settings)
        self._answered = answered

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """Return a call's body: only what it names is looked at, and without a file it needs no form to be built."""
        files: dict[str, InputFile] = {}
        # Of the call itself only what was named; of what is in it everything, for much of that says by a default what it is.
        named = {name: getattr(method, name) for name in method.model_fields_set}
        fields = {name: self.prepare_value(value, bot=bot, files=files) for name, value in named.items()}
        if files:
            return super().build_form_data(bot, method)
        body = urlencode({name: value for name, value in fields.items() if value})
        return BytesPayload(body.encode(), content_type=URLENCODED)

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109 - as aiogram calls it
        """Make one call: what somebody else answers in Telegram's place is no answer, and is not followed anywhere."""
        session, url = await self.create_session(), self.api.api_url(token=bot.token, method=method.__api_method__)
        asked: dict[str, Any] = {"data": self.build_form_data(bot, method), "timeout": timeout or self.timeout}
        try:
            async with session.post(url, allow_redirects=False, **asked) as answer:
                body = await read_body(answer)
        except (TimeoutError, ClientError) as error:
            raise TelegramNetworkError(method=method, message=type(error).__name__) from error
        told = json_object(body)
        if answer.status == 429 and not matches_shape(TOO_MANY, told):  # whoever says it, and whatever else it says
            wait = int(retry_after(answer.headers))
            raise TelegramRetryAfter(method=method, message="too many", retry_after=wait)
        return self.judged(bot, method, answer.status, told).result

    def check_response(self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str) -> Response[Any]:
        """Return the answer, or raise what it refuses with."""
        return self.judged(bot, method, status_code, json_object(content.encode()))

    def judged(self, bot: Bot, method: TelegramMethod[Any], status: int, told: dict[str, Any] | None) -> Response[Any]:
        """Return the answer, or raise what it refuses with; ClientDecodeError where these are not Telegram's words."""
        done = status == 200 and told is not None and told.get("ok") is True and told.get("result") is not None
        if not done and (status in OTHERS or not matches_shape(REFUSED, told)):
            raise ClientDecodeError("no answer of the API's", ValueError(status), told)
        assert told is not None
        if done:
            self._answered()
        reader = READ.get(str(method.__returning__)) if done else None
        if reader is None:
            KEPT.setdefault(str(method.__returning__), Response[method.__returning__])  # type: ignore[name-defined]
            return super().check_response(bot, method, status, json.dumps(told))
        try:
            return Response[Any].model_construct(ok=True, result=reader(told["result"]))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ClientDecodeError("no answer of the API's", error, told) from error

    async def close(self) -> None:
        """Let go of the connections; only those with TLS need the moment that aiogram gives them."""
        if self.api.base.startswith("https"):
            await super().close()
        elif self._session is not None:
            await self._session.close()
