"""What goes wrong on the way out: waited for as told, said again where nobody knows, and never said wrongly."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.app import App
from bot.messengers.downloads import Memory
from bot.messengers.protocol import Moved, Rejected, Revoked, ThreadLost, Undelivered, Unreachable, Wait
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.telegram import errors
from bot.telegram.adapter import Telegram
from bot.telegram.errors import Gone, Misshapen
from handlers.vocabulary.messages import Event, File, Operation, RenderedMessage, RichText, phrase
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator
from storage.tickets.messages import TicketThread
from tests.telegram.conftest import Open
from tests.telegram.delivering import delivery, messenger

__all__ = ["messenger"]

Break = Callable[[TelegramSandbox], Any]


async def fates(app: App) -> list[tuple[str, bool]]:
    """Return the state of every promise, and whether it may have been said twice."""
    rows = "SELECT state, uncertain FROM outgoing ORDER BY id"
    return await app.database.run(lambda c: [(row[0], bool(row[1])) for row in c.exec_driver_sql(rows)])


@pytest.mark.parametrize(
    ("trouble", "said", "uncertain"),
    [
        pytest.param(lambda s: s.faults.retry_after(1), 1, False, id="told to wait"),
        pytest.param(lambda s: s.faults.error(500, "Internal Server Error"), 1, True, id="an error of its own"),
        pytest.param(lambda s: s.faults.error(502, "Bad Gateway", after=True), 2, True, id="an error after the effect"),
        pytest.param(lambda s: s.faults.html(), 1, True, id="a proxy's page"),
        pytest.param(lambda s: s.faults.drop(after=False), 1, True, id="dropped before"),
        pytest.param(lambda s: s.faults.drop(after=True), 2, True, id="dropped after the effect"),
    ],
)
async def test_what_fails_for_a_moment_is_said_again_and_doubt_is_remembered(
    opened: Open, sandbox: TelegramSandbox, ann: Person, trouble: Break, said: int, uncertain: bool
):
    async with opened() as app:
        trouble(sandbox)
        ann.starts()
        await sandbox.until(lambda: len(sandbox.calls_of("sendMessage")) == 2)
        await sandbox.until(lambda: len(ann.chat.texts) == said)
        await asyncio.gather(*app.outbox._sending)
        assert await fates(app) == [("sent", uncertain)]
    assert len(set(ann.chat.texts)) == 1


async def test_a_wait_holds_up_its_chat_alone_and_keeps_its_order(opened: Open, sandbox: TelegramSandbox, ann: Person):
    kim = sandbox.person("Kim")
    async with opened():
        sandbox.faults.retry_after(2, chat=ann)
        ann.starts()
        await sandbox.until(lambda: sandbox.calls_of("sendMessage", ann))
        ann.says("/help")
        kim.starts()
        await sandbox.until(lambda: kim.chat.texts)
        assert not ann.chat.texts
        await sandbox.until(lambda: len(ann.chat.texts) == 2)
        assert "front desk" in ann.chat.texts[0]
    assert not sandbox.violations


@pytest.mark.parametrize(
    ("code", "description", "word"),
    [
        (400, "Bad Request: message thread not found", ThreadLost),
        (400, "Bad Request: TOPIC_DELETED", ThreadLost),
        (400, "Bad Request: message to edit not found", Gone),
        (400, "Bad Request: message can't be edited", Gone),
        (400, "Bad Request: there is no text in the message to edit", Misshapen),
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (403, "Forbidden: user is deactivated", "deactivated"),
        (403, "Forbidden: bot can't initiate conversation with a user", "never_wrote"),
        (400, "Bad Request: chat not found", "no_chat"),
        (400, "Bad Request: file is too big", "too_big"),
        (413, "Request Entity Too Large", "too_big"),
        (400, "Bad Request: wrong file_id or the file is temporarily unavailable", "no_file"),
        (400, "Bad Request: not enough rights to send photos to the chat", "no_rights"),
        (400, "Bad Request: VOICE_MESSAGES_FORBIDDEN", "no_voice"),
        (400, "Bad Request: something of next year", "refused"),
        (400, "Bad Request: TOPIC_CLOSED", "topic_closed"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "no_rights"),
        (400, "Bad Request: not enough rights to manage topics", "no_topics"),
        (400, "Bad Request: message is too long", "too_long"),
        (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0', "malformed"),
        (403, "Forbidden: bot was kicked from the supergroup chat", "removed"),
        (403, "Forbidden: bot is not a member of the supergroup chat", "removed"),
        (404, "Not Found", Unreachable),
        (409, "Conflict: terminated by other getUpdates request", Unreachable),
        (500, "Internal Server Error", Unreachable),
        (401, "Unauthorized", Revoked),
    ],
)
async def test_each_refusal_has_a_word_of_ours(
    messenger: Telegram, sandbox: TelegramSandbox, ann: Person, code: int, description: str, word: Any
):
    sandbox.faults.error(code, description)
    with pytest.raises((Undelivered, Revoked)) as told:
        await messenger.deliver(delivery(ann, RenderedMessage(RichText("x"))))
    if isinstance(word, str):
        assert isinstance(told.value, Rejected)
        assert told.value.reason == word
    else:
        assert type(told.value) is word


def test_every_reason_is_told_in_every_language():
    reasons = {*errors.REASONS.values(), "refused", "nothing", "bug", "unreachable", "gone"}
    for reason in reasons:
        assert all(
            Translator().say(phrase(f"undelivered.{reason}", word="WORD"), Locale(language)) for language in LANGUAGES
        )


async def test_a_wait_names_its_seconds_and_what_came_through_before(
    messenger: Telegram, sandbox: TelegramSandbox, ann: Person
):
    sandbox.faults.retry_after(7, method="sendVoice")
    files = (File("photo", ref(ann, "photo")), File("voice", ref(ann, "voice")))
    with pytest.raises(Wait) as told:
        await messenger.deliver(delivery(ann, RenderedMessage(RichText("both"), files=files)))
    assert told.value.seconds == 7
    assert len(told.value.natives) == 1
    sent = await messenger.deliver(
        delivery(ann, RenderedMessage(RichText("both"), files=files), begun=told.value.natives)
    )
    assert sent.natives[:1] == told.value.natives  # only what was missing went out
    assert [m.kind for m in ann.chat.messages if m.from_bot] == ["photo", "voice"]


async def test_a_group_that_was_upgraded_says_where_it_went(messenger: Telegram, sandbox: TelegramSandbox, bob: Person):
    group = sandbox.group("Plain", supergroup=False, members=[bob])
    new = group.upgrade()
    with pytest.raises(Moved) as told:
        await messenger.deliver(delivery(group, RenderedMessage(RichText("x"))))
    assert told.value.chat == str(new.id)


@pytest.mark.parametrize("mode", ["error", "silent"])
async def test_a_deleted_topic_is_noticed_and_nothing_is_left_in_general(
    messenger: Telegram, team: Group, bob: Person, mode: Any
):
    topic = team.open_topic("#1")
    team.delete_topic(topic, mode=mode)
    before = len(team.general)
    with pytest.raises(ThreadLost):
        await messenger.deliver(delivery(team, RenderedMessage(RichText("x")), thread=topic))
    assert len(team.general) == before


async def test_a_process_that_does_not_lead_asks_for_nothing_until_it_does(
    messenger: Telegram, sandbox: TelegramSandbox, monkeypatch: pytest.MonkeyPatch
):
    """Telegram ends the poll of one process where another asks too."""
    monkeypatch.setattr("bot.telegram.receiving.STANDBY", 0.0)
    stored: list[Event] = []
    polls: list[int] = []  # how often Telegram had been asked, at each look whether we lead

    async def lead() -> bool:
        polls.append(sandbox.polls)
        return len(polls) > 3

    async def accept(events: Sequence[Event]) -> None:
        stored.extend(events)

    receiving = asyncio.create_task(messenger.receive(accept, lead))
    await sandbox.until(lambda: stored)
    receiving.cancel()
    assert polls[:4] == [0, 0, 0, 0]


async def test_where_telegram_offers_no_icon_that_fits_topics_have_none_and_it_is_asked_once(
    messenger: Telegram, sandbox: TelegramSandbox, team: Group, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.telegram.adapter.icon_ids", lambda _: {})
    for number in (1, 2):
        await messenger.open_thread(str(team.id), TicketThread(number, 1, None, f"#{number}", "open", open=True))
    assert [topic.icon for topic in team.topics] == [None, None]
    assert len(sandbox.calls_of("getForumTopicIconStickers")) == 1


async def changed(messenger: Telegram, where: Any, was: RenderedMessage, now: RenderedMessage) -> Sequence[str]:
    """Say something, change it, and return the native ids that show it."""
    sent = await messenger.deliver(delivery(where, was))
    again = await messenger.deliver(delivery(where, now, operation=Operation.EDIT, shown=sent.natives))
    return again.natives


LONG = RichText("слово " * 400)  # over the limit of a caption


async def test_a_caption_is_changed_in_place(messenger: Telegram, ann: Person):
    photo = (File("photo", ref(ann, "photo")),)
    await changed(
        messenger, ann, RenderedMessage(RichText("old"), files=photo), RenderedMessage(RichText("new"), files=photo)
    )
    assert [(m.kind, m.text, m.edited) for m in ann.chat.messages if m.from_bot] == [("photo", "new", True)]


async def test_a_caption_that_outgrows_its_limit_loses_nothing(messenger: Telegram, ann: Person):
    photo = (File("photo", ref(ann, "photo")),)
    natives = await changed(
        messenger, ann, RenderedMessage(RichText("old"), files=photo), RenderedMessage(LONG, files=photo)
    )
    shown = [m for m in ann.chat.messages if m.from_bot]
    assert [m.kind for m in shown] == ["text", "photo"]
    assert "".join(m.text for m in shown).split() == LONG.text.split()
    assert natives == tuple(str(m.id) for m in shown)


async def test_a_text_that_grows_and_shrinks_has_as_many_parts_as_it_needs(messenger: Telegram, ann: Person):
    longer, short = RenderedMessage(RichText("word " * 2000)), RenderedMessage(RichText("word"))
    natives = await changed(messenger, ann, short, longer)
    assert len(natives) == 3
    await messenger.deliver(delivery(ann, short, operation=Operation.EDIT, shown=natives))
    assert [m.text for m in ann.chat.messages if m.from_bot] == ["word"]


async def test_the_same_change_twice_is_no_error(messenger: Telegram, ann: Person):
    natives = await changed(messenger, ann, RenderedMessage(RichText("old")), RenderedMessage(RichText("new")))
    again = delivery(ann, RenderedMessage(RichText("new")), operation=Operation.EDIT, shown=natives)
    assert (await messenger.deliver(again)).natives == natives


async def test_what_is_gone_is_said_anew(messenger: Telegram, sandbox: TelegramSandbox, bob: Person, team: Group):
    sent = await messenger.deliver(delivery(team, RenderedMessage(RichText("card"))))
    team.delete_message(int(sent.natives[0]))
    again = delivery(team, RenderedMessage(RichText("card, changed")), operation=Operation.EDIT, shown=sent.natives)
    assert (await messenger.deliver(again)).natives != sent.natives
    assert team.last.text == "card, changed"


async def test_a_file_of_any_size_crosses_by_its_handle(messenger: Telegram, ann: Person, bob: Person):
    big = ann.sends_document("big.iso", size=1900 * 1024 * 1024)
    await messenger.deliver(
        delivery(ann, RenderedMessage(files=(File("document", str(big.file_id), size=1900 * 1024 * 1024),)))
    )
    assert ann.chat.last.kind == "document"


async def test_a_file_too_big_to_download_is_refused_by_the_limit(messenger: Telegram, ann: Person):
    big = ann.sends_document("big.iso", size=21 * 1024 * 1024)
    file = File("document", str(big.file_id), size=21 * 1024 * 1024)
    async with Memory().room(0) as room:
        with pytest.raises(Undelivered) as told:
            await messenger.fetch(file, room)
    assert isinstance(told.value, Rejected)
    assert told.value.reason == "too_big"


def ref(person: Person, kind: str) -> str:
    """Return the handle of a file that Telegram knows."""
    return str(getattr(person, f"sends_{kind}")().file_id)
