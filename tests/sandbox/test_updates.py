import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError

from bot.sandbox.clock import ManualClock
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from tests.sandbox.conftest import Ask


async def test_what_was_not_confirmed_comes_again_to_the_next_poller(
    sandbox: TelegramSandbox, bot: Bot, ann: Person
) -> None:
    ann.says("My card was charged twice")
    first = await bot.get_updates(timeout=1)
    assert [update.message.text for update in first if update.message] == ["/start", "My card was charged twice"]

    again = await bot.get_updates(offset=first[1].update_id)
    assert [update.update_id for update in again] == [first[1].update_id]
    assert [(update.delivered, update.confirmed) for update in sandbox.updates] == [(1, True), (2, False)]

    assert await bot.get_updates(offset=first[1].update_id + 1) == []
    assert sandbox.unconfirmed == []


async def test_a_long_poll_wakes_at_the_first_update(sandbox: TelegramSandbox, bot: Bot, ann: Person) -> None:
    await bot.get_updates()
    poll = asyncio.create_task(bot.get_updates(offset=sandbox.updates[-1].id + 1, timeout=30))
    await sandbox.until(lambda: sandbox.polled)
    ann.says("Anybody here?")
    assert [update.message.text for update in await poll if update.message] == ["Anybody here?"]


async def test_a_second_poller_turns_the_first_away(sandbox: TelegramSandbox, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(offset=1, timeout=30))
    await sandbox.until(lambda: sandbox.polled)
    second = asyncio.create_task(bot.get_updates(offset=2, timeout=30))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await first
    sandbox.person("Ann").says("Hello")
    assert len(await second) == 1


async def test_asking_the_same_again_at_once_yields_one_update(bot: Bot, ann: Person) -> None:
    ann.says("one")
    ann.says("two")
    assert len(await bot.get_updates()) == 3
    assert len(await bot.get_updates()) == 1


async def test_a_negative_offset_keeps_the_newest_only(bot: Bot, ann: Person) -> None:
    ann.says("one")
    ann.says("two")
    (update,) = await bot.get_updates(offset=-1)
    assert update.message is not None
    assert update.message.text == "two"


async def test_updates_wait_for_a_day(sandbox: TelegramSandbox, clock: ManualClock, bot: Bot, ann: Person) -> None:
    clock.advance(24 * 3600 + 1)
    ann.says("still there?")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "still there?"
    assert [update.lost for update in sandbox.updates] == [True, False]


async def test_rare_kinds_come_only_when_asked_for(
    sandbox: TelegramSandbox, ask: Ask, bot: Bot, team: Group, bob: Person
) -> None:
    message = bob.says("look", at=team)
    bob.reacts("👀", message)
    sandbox.person("Eve").joins(team)
    assert [update.kind for update in sandbox.updates] == ["message", "message"]

    await ask("getUpdates", allowed_updates=["message", "message_reaction", "chat_member"])
    bob.reacts("👍", message)
    sandbox.person("Kim").joins(team)
    kinds = [update.event_type for update in await bot.get_updates(offset=sandbox.updates[1].id + 1)]
    assert kinds == ["message_reaction", "message", "chat_member"]


async def test_every_kind_of_update_parses(sandbox: TelegramSandbox, bot: Bot, ann: Person) -> None:
    ann.says("see @bob_agent at https://example.com/x", reply_to=ann.starts("abc"))
    for kind in ("photo", "document", "video", "animation", "audio", "voice", "video_note", "sticker"):
        ann.sends(kind)
    ann.sends_album(["photo", "video"], caption="both")
    ann.sends_location()
    ann.sends_contact()
    ann.sends_poll()
    ann.sends_dice()
    ann.edits(ann.says("helo"), "hello")
    ann.blocks()
    ann.unblocks()
    updates = await bot.get_updates()
    assert len(updates) == len(sandbox.updates)
    for update in updates:
        if update.message is not None:
            assert update.message.content_type != "unknown"
    album = [update.message.media_group_id for update in updates if update.message and update.message.media_group_id]
    assert len(album) == 2
    assert len(set(album)) == 1
    assert updates[-2].my_chat_member is not None
    assert updates[-2].my_chat_member.new_chat_member.status == "kicked"


async def test_privacy_mode_hides_what_is_not_for_the_bot(sandbox: TelegramSandbox, bob: Person) -> None:
    group = sandbox.group("Neighbours", members=[bob], bot_admin=False)
    bob.says("nice weather", at=group)
    bob.says("/new please", at=group)
    bob.says("hey @frontdesk_bot", at=group)
    texts = [update.payload["text"] for update in sandbox.updates]
    assert texts == ["/new please", "hey @frontdesk_bot"]
    sandbox.set_privacy(on=False)
    bob.says("nice weather", at=group)
    assert len(sandbox.updates) == 3


async def test_a_poller_that_died_while_it_waited_is_given_nothing(sandbox: TelegramSandbox, bot: Bot) -> None:
    _, dying = await asyncio.open_connection("127.0.0.1", int(sandbox.url.rpartition(":")[2]))
    dying.write(f"GET /bot{sandbox.token}/getUpdates?timeout=30 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await sandbox.until(lambda: sandbox.polled)
    dying.transport.abort()
    await sandbox.until(lambda: not sandbox.polled)
    sandbox.person("Ann").says("Hello?")
    assert sandbox.updates[0].delivered == 0
    assert len(await bot.get_updates(offset=1)) == 1
