import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat

from bot.sandbox.telegram import Group, Person, TelegramSandbox


async def test_an_upgraded_group_has_a_new_number(sandbox: TelegramSandbox, bot: Bot, bob: Person) -> None:
    group = sandbox.group("Team", members=[bob], supergroup=False)
    card = await bot.send_message(group.id, "#1 waits")
    upgraded = group.upgrade(forum=True)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await card.edit_text("#1 is taken")
    assert moved.value.migrate_to_chat_id == upgraded.id
    away, here = [update.message for update in await bot.get_updates()]
    assert away is not None
    assert here is not None
    assert (away.migrate_to_chat_id, here.migrate_from_chat_id) == (upgraded.id, group.id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=upgraded.id, message_id=card.message_id)
    await bot.create_forum_topic(upgraded.id, "#1")


async def test_the_bot_is_thrown_out_and_leaves(sandbox: TelegramSandbox, bot: Bot, team: Group) -> None:
    team.remove_bot()
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await bot.send_message(team.id, "x")
    update = (await bot.get_updates())[-1].my_chat_member
    assert update is not None
    assert update.new_chat_member.status == "kicked"
    team.add_bot()
    await bot.leave_chat(team.id)
    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the supergroup chat"):
        await bot.send_message(team.id, "x")


async def test_who_is_in_a_group(bot: Bot, sandbox: TelegramSandbox, team: Group, bob: Person) -> None:
    eve = sandbox.person("Eve")
    eve.joins(team)
    eve.becomes("administrator", team, anonymous=True)
    assert (await bot.get_chat_member(team.id, bob.id)).status == "creator"
    assert {admin.user.id for admin in await bot.get_chat_administrators(team.id)} == {bob.id, eve.id, bot.id}
    assert await bot.get_chat_member_count(team.id) == 3
    assert team.members == {bob.id: "creator", bot.id: "administrator", eve.id: "administrator"}
    eve.says("I am nobody", at=team)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.sender_chat is not None
    assert message.sender_chat.id == team.id
    assert message.from_user is not None
    assert message.from_user.username == "GroupAnonymousBot"
    eve.leaves(team)
    with pytest.raises(ValueError, match="Eve is not in this group"):
        eve.says("hello?", at=team)
    assert (await bot.get_chat(team.id)).is_forum


async def test_pinning_says_so(bot: Bot, team: Group) -> None:
    card = await bot.send_message(team.id, "Queue")
    await card.pin()
    assert team.pinned == [card.message_id]
    assert team.last.kind == "pinned_message"
    await card.unpin()
    assert team.pinned == []
    team.rights(take=["can_pin_messages"])
    with pytest.raises(TelegramBadRequest, match="not enough rights"):
        await card.pin()
