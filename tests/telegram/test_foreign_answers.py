"""Whatever somebody else answers in Telegram's place is no answer: unreachable, with doubt; "too many" is waited for."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.methods import GetUpdates

from bot.app import build_app
from bot.messengers.downloads import Memory
from bot.messengers.protocol import Answer, Rejected, Undelivered, Unreachable, Wait
from bot.registry import examine_messengers
from bot.sandbox.faults import FOREIGN
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.telegram import start
from bot.telegram.adapter import Telegram
from bot.telegram.errors import translate_telegram_error
from bot.telegram.session import Session
from handlers.vocabulary.messages import Event, File, Kind, Operation, RenderedMessage, RichText, Toast
from storage.tickets.messages import TicketThread
from tests.telegram.delivering import delivery, messenger

__all__ = ["messenger"]

HELLO = RenderedMessage(RichText("hello"))
PHOTO = RenderedMessage(RichText("look"), files=(File("photo", "p", source="slack:T1"),))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLACE = TicketThread(1, 1, "5", "#1 Ann", "open", open=False)
KINDS = pytest.mark.parametrize("kind", list(FOREIGN))
Act = Callable[[Telegram, Person, Group], Awaitable[Any]]


async def fetch(messenger: Telegram, ann: Person) -> bytes:
    sent = ann.sends_document("a.txt", b"content")
    async with Memory().room(0) as room:
        return await messenger.fetch(File("document", str(sent.file_id)), room)


def pressed(chat: str) -> Event:
    return Event(Kind.PRESS, "telegram:42", "1", chat, NOW, chat=chat, interaction="7")


ACTS: dict[str, tuple[str, Act]] = {  # what the desk does there, and the call that meets the trouble
    "say": ("sendMessage", lambda m, ann, team: m.deliver(delivery(ann, HELLO))),
    "photo": ("sendPhoto", lambda m, ann, team: m.deliver(delivery(ann, PHOTO, loaded={"slack:T1|p": b"\x89PNG"}))),
    "edit": (
        "editMessageText",
        lambda m, ann, team: m.deliver(delivery(ann, HELLO, operation=Operation.EDIT, shown=["1"])),
    ),
    "delete": (
        "deleteMessages",
        lambda m, ann, team: m.deliver(delivery(ann, HELLO, operation=Operation.DELETE, shown=["1"])),
    ),
    "open a topic": ("createForumTopic", lambda m, ann, team: m.open_thread(str(team.id), PLACE)),
    "icons": ("getForumTopicIconStickers", lambda m, ann, team: m.open_thread(str(team.id), PLACE)),
    "change a topic": (
        "editForumTopic",
        lambda m, ann, team: m.deliver(
            delivery(team, RenderedMessage(facts={"look": True}), operation=Operation.THREAD, thread=5)
        ),
    ),
    "close a topic": (
        "*ForumTopic",
        lambda m, ann, team: m.deliver(
            delivery(team, RenderedMessage(facts={"open": False}), operation=Operation.THREAD, thread=5)
        ),
    ),
    "ask for a file": ("getFile", lambda m, ann, team: fetch(m, ann)),
    "toast": (
        "answerCallbackQuery",
        lambda m, ann, team: m.answer(Answer(pressed(str(ann.id)), (Toast("done"),))),
    ),
    "typing": ("sendChatAction", lambda m, ann, team: m.busy(pressed(str(ann.id)))),
}

SAYS = ("say", "photo", "open a topic")  # what would be there twice, were it done twice: only of these there is doubt


@KINDS
@pytest.mark.parametrize("act", list(ACTS))
async def test_it_is_unreachable_whatever_is_done(
    messenger: Telegram, sandbox: TelegramSandbox, ann: Person, team: Group, act: str, kind: str
):
    method, does = ACTS[act]
    fault = sandbox.faults.foreign(kind, method=method, times=None)
    with pytest.raises(Undelivered) as told:
        await does(messenger, ann, team)
    assert fault.hits == 1
    assert no_answer(told.value, kind, doubt=act in SAYS), repr(told.value)


def no_answer(trouble: Exception, kind: str, *, doubt: bool) -> bool:
    """Return whether this is what the desk is to make of a foreign answer."""
    if FOREIGN[kind].status == 429:
        return isinstance(trouble, Wait) and 0 < trouble.seconds <= 5
    return isinstance(trouble, Unreachable) and trouble.doubt is doubt


@KINDS
async def test_a_file_is_unreachable_too(messenger: Telegram, sandbox: TelegramSandbox, ann: Person, kind: str):
    sandbox.faults.foreign(kind, method="download")
    if FOREIGN[kind].status == 200 and FOREIGN[kind].content_type != "text/html":
        return  # any other content may be a file's
    with pytest.raises(Undelivered) as told:
        await fetch(messenger, ann)
    page = FOREIGN[kind].status in (200, 302)  # a sign-in page, or the way to one: there is no file to be had
    assert isinstance(told.value, Rejected if page else Wait if FOREIGN[kind].status == 429 else Unreachable)
    assert not getattr(told.value, "doubt", False)


@KINDS
async def test_updates_are_asked_for_again(messenger: Telegram, sandbox: TelegramSandbox, kind: str):
    fault = sandbox.faults.foreign(kind, method="getUpdates")
    with pytest.raises(Exception) as told:  # noqa: PT011 - whatever it is, it must be translated
        await messenger.bot(GetUpdates(timeout=0))
    assert fault.hits == 1
    assert no_answer(translate_telegram_error(told.value), kind, doubt=True), repr(told.value)


@pytest.mark.parametrize("result", ["{}", '"abc"', "[1]", '[{"update_id": "1"}]', "[{}]", "null", "5", "true"])
def test_what_are_no_updates_is_no_answer(result: str):
    with pytest.raises(Exception) as told:  # noqa: PT011
        Session().check_response(None, GetUpdates(), 200, f'{{"ok": true, "result": {result}}}')  # type: ignore[arg-type]
    assert isinstance(translate_telegram_error(told.value), Unreachable)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 500, 502])
@pytest.mark.parametrize("body", ["{}", '{"ok": false}', '{"ok": false, "error_code": "x", "description": 5}', "[]"])
def test_a_refusal_that_says_nothing_is_none_of_telegrams(status: int, body: str):
    with pytest.raises(Exception) as told:  # noqa: PT011
        Session().check_response(None, GetUpdates(), status, body)  # type: ignore[arg-type]
    assert isinstance(translate_telegram_error(told.value), Unreachable)


async def test_a_start_waits_for_telegram_whoever_answers_in_its_place(
    settings: Callable[..., Any], sandbox: TelegramSandbox, ann: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(start, "PAUSES", (0.001,))
    kinds = [kind for kind in FOREIGN if FOREIGN[kind].status != 429]
    faults = [sandbox.faults.foreign(kind, method=method) for method in STARTING for kind in kinds]
    faults.append(sandbox.faults.foreign("plain_429", method="getMe"))
    app = await build_app(settings())
    try:
        await app.start()
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.texts)
        assert [fault.hits for fault in faults] == [1] * len(faults)
    finally:
        await app.stop()


STARTING = ("getMe", "getChat", "getChatMember", "setMyCommands", "setMyDescription", "deleteWebhook")


@pytest.mark.parametrize("method", ["getMe", "getWebhookInfo", "getChat", "getChatMember"])
@KINDS
async def test_the_doctor_says_so_in_one_line(
    settings: Callable[..., Any], sandbox: TelegramSandbox, method: str, kind: str
):
    fault = sandbox.faults.foreign(kind, method=method, times=None)
    told = [str(finding) async for finding in examine_messengers(settings())]
    assert fault.hits == 1
    (line,) = [line for line in told if line.startswith("✗")]
    assert line.startswith("✗ Telegram: " if FOREIGN[kind].status == 429 else "✗ TELEGRAM_API_URL: "), line
