"""The wire to the Bot API: aiogram's session, reading of each answer only what the desk needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import Response
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile, Message, Update
from aiohttp import BytesPayload


@dataclass(frozen=True, slots=True)
class Posted:
    """Of a message that was sent: its id, and the topic it stands in."""

    message_id: int
    message_thread_id: int | None


def _posted(result: Any) -> Posted:
    return Posted(result["message_id"], result.get("message_thread_id"))


# An answer that tells of an effect must be understood: a field that this aiogram does not expect would otherwise look
# like a failure, and the message would go out again. Updates stay as they came: one that nobody can read must not
# spoil its batch.
READ: dict[str, Callable[[Any], Any]] = {
    str(Message): _posted,
    str(list[Message]): lambda result: [_posted(each) for each in result],
    str(Message | bool): bool,
    str(list[Update]): list,
}


URLENCODED = "application/x-www-form-urlencoded"


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

    def check_response(self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str) -> Response[Any]:
        """Return the answer, or raise what it refuses with."""
        if 200 <= status_code < 300 and content.startswith("{"):
            self._answered()
        read = READ.get(str(method.__returning__)) if 200 <= status_code < 300 else None
        if read is not None:
            try:
                body = self.json_loads(content)
                if body["ok"] is True:
                    return Response[Any].model_construct(ok=True, result=read(body["result"]))
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                raise ClientDecodeError("no answer of the API's", error, content) from error
        return super().check_response(bot, method, status_code, content)

    async def close(self) -> None:
        """Let go of the connections; only those with TLS need the moment that aiogram gives them."""
        if self.api.base.startswith("https"):
            await super().close()
        elif self._session is not None:
            await self._session.close()
