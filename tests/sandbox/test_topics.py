import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest

from bot.sandbox.telegram import RIGHTS, Group, Person, TelegramSandbox
from tests.sandbox.conftest import Ask


async def test_a_topic_from_its_opening_to_its_closing(
    sandbox: TelegramSandbox, bot: Bot, ask: Ask, team: Group, bob: Person
) -> None:
    icons = {icon.emoji: icon.custom_emoji_id for icon in await bot.get_forum_topic_icon_stickers()}
    topic = await bot.create_forum_topic(team.id, "#1 Ann", icon_custom_emoji_id=icons["❗"])
    sent = await bot.send_message(team.id, "Charged twice", message_thread_id=topic.message_thread_id)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.message_thread_id, True)

    bob.says("We look into it", at=team.topics[0])
    bob.says("hello all", at=team)
    updates = await bot.get_updates()
    opening, plain, general = [update.message for update in updates if update.message]
    assert opening.forum_topic_created is not None
    assert plain.reply_to_message is not None
    assert plain.reply_to_message.forum_topic_created is not None
    assert team.topics[0].messages[-1].reply_to is None
    assert general.message_thread_id is None

    await bot.edit_forum_topic(team.id, topic.message_thread_id, name="#1 Ann K", icon_custom_emoji_id=icons["✅"])
    await bot.close_forum_topic(team.id, topic.message_thread_id)
    assert [(seen.name, seen.emoji, seen.closed) for seen in team.topics] == [("#1 Ann K", "✅", True)]
    assert [message.kind for message in team.topics[0].messages][-2:] == ["forum_topic_edited", "forum_topic_closed"]
    service = (await bot.get_updates(offset=updates[-1].update_id + 1))[-1].message
    assert service is not None
    assert await service.delete()
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(team.id, topic.message_thread_id)
    gone = await ask("editForumTopic", chat_id=team.id, message_thread_id=team.topics[0].id, icon_custom_emoji_id="")
    assert gone["ok"]
    assert not team.topics[0].icon
    assert sandbox.violations == []


async def test_a_deleted_topic_is_refused_or_falls_back_silently(bot: Bot, team: Group) -> None:
    first, second = team.open_topic("first"), team.open_topic("second")
    team.delete_topic(first)
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(team.id, "x", message_thread_id=first)
    with pytest.raises(TelegramBadRequest, match="TOPIC_ID_INVALID"):
        await bot.close_forum_topic(team.id, first)

    team.delete_topic(second, mode="silent")
    sent = await bot.send_message(team.id, "lost?", message_thread_id=second)
    assert sent.message_thread_id is None
    assert team.general[-1].text == "lost?"


async def test_topics_need_a_right_and_a_forum(sandbox: TelegramSandbox, bot: Bot, team: Group, bob: Person) -> None:
    topic = team.open_topic("x")
    team.close_topic(topic)
    await bot.send_message(team.id, "an admin may", message_thread_id=topic)
    team.rights(take=["can_manage_topics"])
    with pytest.raises(TelegramBadRequest, match="not enough rights to manage topics"):
        await bot.create_forum_topic(team.id, "y")
    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await bot.send_message(team.id, "x", message_thread_id=topic)
    team.rights(give=RIGHTS)
    await bot.create_forum_topic(team.id, "y")
    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await bot.create_forum_topic(sandbox.group("Plain", members=[bob]).id, "y")
    with pytest.raises(TelegramBadRequest, match="TOPIC_TITLE_EMPTY"):
        await bot.create_forum_topic(team.id, "y" * 129)
