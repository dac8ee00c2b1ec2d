"""What travels is all that was meant: a call says as much through our session as through aiogram's own."""

import json
from typing import Any

import pytest
from aiogram import Bot, methods
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyParameters,
)
from aiohttp import FormData

from bot.telegram.render import Call, Where, message_calls
from bot.telegram.session import Posted, Session
from handlers.vocabulary.messages import File, RenderedButton, RenderedMessage, RichText

BOT = Bot("42:TEST")
PHOTOS: list[Any] = [InputMediaPhoto(media="one", caption="both"), InputMediaPhoto(media="two")]
KEYS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Так & ні", callback_data="a:1")]])
CALLS: list[Call] = [
    methods.GetMe(),
    methods.SendMessage(chat_id=-100, text="a=1&b=2 + ґ 👍\n", reply_markup=KEYS, disable_notification=True),
    methods.SendMediaGroup(chat_id=1, media=PHOTOS, reply_parameters=ReplyParameters(message_id=5)),
    methods.SetMyCommands(
        commands=[BotCommand(command="new", description="…")], scope=BotCommandScopeAllPrivateChats(), language_code="uk"
    ),
    methods.AnswerCallbackQuery(callback_query_id="1", show_alert=False),
    *message_calls(RenderedMessage(RichText("x"), ((RenderedButton("a", "b"),),), (File("photo", "p"), File("venue", facts={
        "latitude": 0.0, "longitude": 1.5, "title": "t", "address": "a"}))), Where("-100", "1", "2")),
]  # fmt: skip


def told(form: Any) -> dict[str, Any]:
    """Return a body's fields as a server reads them."""
    from urllib.parse import parse_qsl

    payload = form() if isinstance(form, FormData) else form
    fields = dict(parse_qsl(payload._value.decode(), keep_blank_values=True, strict_parsing=bool(payload._value)))
    return {name: json.loads(value) if value[:1] in "[{" else value for name, value in fields.items()}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__api_method__)
def test_a_call_travels_whole(call: Call):
    assert told(Session().build_form_data(BOT, call)) == told(AiohttpSession().build_form_data(BOT, call))


def test_a_file_travels_as_a_form():
    call = methods.SendDocument(chat_id=1, document=BufferedInputFile(b"content", "name.txt"))
    assert isinstance(Session().build_form_data(BOT, call), FormData)


def read(call: Call, status: int, body: Any) -> Any:
    content = body if isinstance(body, str) else json.dumps(body)
    return Session().check_response(BOT, call, status, content).result


def test_an_effect_is_understood_whatever_else_the_answer_says():
    call = methods.SendMessage(chat_id=1, text="x")
    strange = {"message_id": 7, "message_thread_id": 3, "of_next_year": {}, "chat": 5}
    assert read(call, 200, {"ok": True, "result": strange}) == Posted(7, 3)


def test_a_refusal_is_aiograms_own():
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        read(
            methods.SendMessage(chat_id=1, text="x"),
            400,
            {"ok": False, "error_code": 400, "description": "chat not found"},
        )


@pytest.mark.parametrize("body", ["<html>", "[]", "{}", '{"ok": true}', '{"ok": true, "result": 5}'])
def test_no_answer_of_the_apis_is_no_answer(body: str):
    with pytest.raises(ClientDecodeError):
        read(methods.SendMessage(chat_id=1, text="x"), 200, body)
