from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters

from bot.sandbox.clock import ManualClock
from bot.sandbox.telegram import Person, TelegramSandbox
from tests.sandbox.conftest import Ask


def keyboard(text: str, data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data)]])


async def test_a_message_a_press_and_a_toast(sandbox: TelegramSandbox, bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(
        ann.id, "<b>Did it help?</b>", parse_mode="HTML", reply_markup=keyboard("Yes", "ok:1")
    )
    assert ann.chat.last.text == "Did it help?"
    assert ann.chat.last.buttons == ["Yes"]

    press = ann.presses("Yes")
    query = (await bot.get_updates(offset=sandbox.updates[-1].id))[0].callback_query
    assert query is not None
    assert (query.data, query.message) == ("ok:1", sent)
    assert sandbox.unanswered == [press]
    await query.answer("Thank you", show_alert=True)
    assert [(toast.text, toast.alert) for toast in ann.toasts] == [("Thank you", True)]
    assert sandbox.unanswered == []

    await sent.edit_text("Thank you!")
    assert ann.chat.texts == ["Thank you!"]
    assert ann.chat.last.edited
    assert ann.chat.last.buttons == []
    with pytest.raises(LookupError, match="no button 'Yes'"):
        ann.presses("Yes")
    assert sandbox.violations == []


async def test_an_old_button_and_a_late_answer(
    sandbox: TelegramSandbox, clock: ManualClock, bot: Bot, ann: Person
) -> None:
    await bot.send_message(ann.id, "Pick", reply_markup=keyboard("One", "1"))
    ann.presses("One", inaccessible=True)
    query = (await bot.get_updates(offset=sandbox.updates[-1].id))[0].callback_query
    assert query is not None
    assert query.message is not None
    assert query.message.date == 0
    clock.advance(60)
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await query.answer()


async def test_the_same_edit_again_is_refused(bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(ann.id, "Queue: 3", reply_markup=keyboard("Claim", "c:1"))
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await sent.edit_text("Queue: 3", reply_markup=keyboard("Claim", "c:1"))
    await sent.edit_reply_markup(reply_markup=keyboard("Claim", "c:2"))
    await sent.edit_text("<i>Queue</i>: 3", parse_mode="HTML", reply_markup=keyboard("Claim", "c:2"))


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": " \n "}, "Bad Request: message text is empty"),
        ({"text": "😀" * 2049}, "Bad Request: message is too long"),
        ({"text": "x", "message_thread_id": 1}, "Bad Request: message thread not found"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "Bad Request: message to be replied not found"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Б", "callback_data": "ї" * 33}]]}},
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "Bad Request: can't parse entities"),
        ({"text": "x", "reply_parameters": "{"}, 'Bad Request: can\'t parse parameter "reply_parameters"'),
    ],
)
async def test_refusals_that_are_the_bots_own_fault(
    sandbox: TelegramSandbox, ask: Ask, ann: Person, args: dict[str, Any], error: str
) -> None:
    answer = await ask("sendMessage", chat_id=ann.id, **args)
    assert answer["description"].startswith(error)
    assert len(ann.chat.messages) == 1


async def test_length_counts_after_parsing_in_utf16_units(ask: Ask, ann: Person) -> None:
    assert (await ask("sendMessage", chat_id=ann.id, text=f"<b>{'😀' * 2048}</b>", parse_mode="HTML"))["ok"]


async def test_unknown_arguments_fields_and_methods_are_noted(sandbox: TelegramSandbox, ask: Ask, ann: Person) -> None:
    button = {"text": "Go", "callback_data": "x", "color": "red"}
    markup = {"inline_keyboard": [[button]]}
    assert (await ask("SENDmessage", chat_id=ann.id, text="x", disable_web_page_preview=True, reply_markup=markup))[
        "ok"
    ]
    assert (await ask("sendTelepathy"))["description"] == "Not Found"
    assert [(found.rule, found.detail) for found in sandbox.violations] == [
        ("unknown argument", "disable_web_page_preview"),
        ("unknown field", "reply_markup.inline_keyboard[0][0].color"),
        ("unknown method", "sendTelepathy"),
    ]


async def test_arguments_come_in_any_form(sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person) -> None:
    url = f"{sandbox.url}/bot{sandbox.token}/sendMessage"
    fields = {"chat_id": str(ann.id), "text": "Київ", "disable_notification": "true"}
    async with http.get(url, params=fields) as answer:
        assert answer.status == 200
    async with http.post(url, data=fields) as answer:
        assert answer.status == 200
    form = aiohttp.FormData(fields, default_to_multipart=True)
    async with http.post(url, data=form) as answer:
        assert answer.status == 200
    assert ann.chat.texts == ["Київ"] * 3
    assert {call.args["disable_notification"] for call in sandbox.calls} == {True}


async def test_a_wrong_token_is_unauthorized(sandbox: TelegramSandbox, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{sandbox.url}/bot42:WRONG/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")


async def test_whom_the_bot_may_write_to(sandbox: TelegramSandbox, bot: Bot, ann: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(1, "x")
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await bot.send_message(sandbox.person("Stranger").id, "x")
    ann.blocks()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(ann.id, "x")
    ann.unblocks()
    await bot.send_message(ann.id, "welcome back")
    ann.vanishes()
    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await bot.send_message(ann.id, "x")
    assert sandbox.violations == []


async def test_replies_copies_and_forwards(bot: Bot, ann: Person) -> None:
    question = ann.says("Where is my order?")
    answer = await bot.send_message(
        ann.id, "On its way", reply_parameters=ReplyParameters(message_id=question.id, quote="my order")
    )
    assert answer.reply_to_message is not None
    assert ann.chat.last.reply_to == question.id
    lost = ReplyParameters(message_id=999, allow_sending_without_reply=True)
    assert (await bot.send_message(ann.id, "x", reply_parameters=lost)).reply_to_message is None

    copy = await bot.copy_message(ann.id, ann.id, question.id)
    assert ann.chat.last.id == copy.message_id
    assert ann.chat.last.text == question.text
    forward = await bot.forward_message(ann.id, ann.id, question.id)
    assert forward.forward_origin is not None
    ann.deletes(question)
    with pytest.raises(TelegramBadRequest, match="message to copy not found"):
        await bot.copy_message(ann.id, ann.id, question.id)


async def test_deleting(clock: ManualClock, bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(ann.id, "x")
    await sent.delete()
    assert ann.chat.texts == []
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await sent.delete()
    old = await bot.send_message(ann.id, "old")
    clock.advance(48 * 3600 + 1)
    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await old.delete()


async def test_reactions_commands_and_actions(sandbox: TelegramSandbox, ask: Ask, bot: Bot, ann: Person) -> None:
    message = ann.says("thanks!")
    reaction = [{"type": "emoji", "emoji": "👍"}]
    assert (await ask("setMessageReaction", chat_id=ann.id, message_id=message.id, reaction=reaction))["ok"]
    assert ann.chat.last.reactions == ("👍",)
    reaction = [{"type": "emoji", "emoji": "🧨"}]
    answer = await ask("setMessageReaction", chat_id=ann.id, message_id=message.id, reaction=reaction)
    assert answer["description"] == "Bad Request: REACTION_INVALID"

    await bot.send_chat_action(ann.id, "typing")
    assert ann.chat.actions == ["typing"]
    commands = [{"command": "new", "description": "Ask the team for help"}]
    assert (await ask("setMyCommands", commands=commands, language_code="uk"))["ok"]
    assert list(sandbox.commands.values()) == [commands]
    assert await bot.get_my_commands() == []
    assert not (await ask("setMyCommands", commands=[{"command": "New", "description": "x"}]))["ok"]
    await bot.set_my_short_description("Help")
    assert (await bot.get_my_short_description()).short_description == "Help"
