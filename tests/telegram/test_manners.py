"""How the desk behaves on Telegram beyond what it says: signs of life, tidy topics, alarms, a bot that is away."""

import json
import logging
from functools import partial

import pytest

from bot.app import App
from bot.sandbox.telegram import Group, Person, Room, TelegramSandbox
from tests.telegram.conftest import Open


def busy(app: App) -> None:
    """Let the desk have no time: what comes in waits for its turn."""
    for task in app._tasks:
        task.cancel()


@pytest.fixture
def quick(monkeypatch):
    """Let patience be short: a test need not wait as long as a person does."""
    monkeypatch.setattr("bot.intake.activity.SLOW", 0.02)
    monkeypatch.setattr("bot.intake.activity.SPINS", 0.05)
    monkeypatch.setattr("bot.intake.activity.AGAIN", 0.05)


async def in_a_ticket(sandbox: TelegramSandbox, ann: Person, bob: Person, team: Group) -> None:
    """Let Ann have a request that Bob has claimed."""
    await registered(sandbox, ann, team)
    bob.presses("Claim", at=team)
    await sandbox.until(lambda: team.topics and len(team.topics[0].messages) >= 3)


async def test_who_waits_sees_typing(quick, opened: Open, sandbox: TelegramSandbox, ann: Person):
    async with opened() as app:
        busy(app)
        ann.says("Is anybody there?")
        await sandbox.until(lambda: ann.chat.actions.count("typing") > 1)


async def test_an_instant_answer_shows_no_typing(opened: Open, sandbox: TelegramSandbox, ann: Person):
    async with opened():
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
    assert not ann.chat.actions


async def test_a_button_behind_a_backlog_stops_spinning_and_has_its_turn_later(
    quick, opened: Open, sandbox: TelegramSandbox, ann: Person
):
    async with opened() as app:
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        busy(app)
        ann.presses("New request")
        await sandbox.until(lambda: not sandbox.unanswered)
        assert ann.toasts[-1].text == ""
        assert not ann.chat.find("What is it about")
    async with opened():
        await sandbox.until(lambda: ann.chat.find("What is it about"))


async def test_a_button_under_a_message_too_old_to_travel_is_answered(
    opened: Open, sandbox: TelegramSandbox, ann: Person
):
    async with opened():
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        ann.presses("New request", inaccessible=True)
        await sandbox.until(lambda: not sandbox.unanswered)
        await sandbox.until(lambda: ann.chat.find("What is it about"))
        ann.presses(data="none_of_ours", inaccessible=True)
        await sandbox.until(lambda: not sandbox.unanswered)
        assert ann.toasts[-1].alert
    assert not sandbox.violations


async def test_the_bots_own_service_lines_are_deleted_and_other_peoples_stay(
    opened: Open, sandbox: TelegramSandbox, ann: Person, bob: Person, team: Group
):
    async with opened():
        await in_a_ticket(sandbox, ann, bob, team)
        topic = team.topics[0]
        team.close_topic(topic.id)
        team.close_topic(topic.id, closed=False)
        bob.presses("Resolve", at=team)
        await sandbox.until(lambda: any("Resolve all the same" in seen.buttons for seen in team.messages))
        bob.presses("Resolve all the same", at=team)
        await sandbox.until(lambda: sandbox.calls_of("closeForumTopic"))
        await sandbox.until(lambda: len([c for c in sandbox.calls_of("deleteMessage") if c.status == 200]) == 2)
        ann.presses("Yes, it is solved")
        await sandbox.until(lambda: ann.chat.find("How was it"))
        await sandbox.until(lambda: not sandbox.unconfirmed)
    kinds = [(m.kind, m.from_bot) for m in team.topics[0].messages if m.kind.startswith("forum_topic")]
    assert kinds == [("forum_topic_created", True), ("forum_topic_closed", False), ("forum_topic_reopened", False)]
    assert not sandbox.violations


async def test_a_bot_thrown_out_of_the_team_alarms_the_admins_and_says_the_rest_when_it_is_back(
    opened: Open, sandbox: TelegramSandbox, ann: Person, bob: Person, team: Group, caplog
):
    caplog.set_level(logging.ERROR)
    async with opened(admins=f"telegram:{bob.id}"):
        bob.starts()
        await sandbox.until(lambda: bob.chat.find("front desk"))
        team.remove_bot()
        await sandbox.until(lambda: bob.chat.find("taken out of the team's group"))
        assert not ann.chat.find("taken out")
        assert any("was taken out of the group" in record.message for record in caplog.records)
        await registered(sandbox, ann, ann.chat)
        await sandbox.until(lambda: any(c.status == 403 for c in sandbox.calls_of("sendMessage", team)))
        team.add_bot()
        await sandbox.until(lambda: team.find("#1"))


async def test_a_revoked_token_is_an_event_of_its_own(opened: Open, sandbox: TelegramSandbox, bob: Person):
    async with opened(admins=f"telegram:{bob.id}") as app:
        bob.starts()
        await sandbox.until(lambda: bob.chat.find("front desk"))
        sandbox.faults.error(401, "Unauthorized", method="getUpdates", times=None)
        bob.says("hello")
        await app.reception.ended()
        audits = "SELECT act FROM audit"
        found: list[str] = []
        while "revoked" not in found:
            found = await app.database.run(lambda c: [row[0] for row in c.exec_driver_sql(audits)])
        assert not bob.chat.find("does not accept")  # they are told where they can be reached: not there


async def test_a_group_upgraded_while_the_desk_was_down_keeps_its_cards(
    opened: Open, sandbox: TelegramSandbox, ann: Person, bob: Person
):
    group = sandbox.group("Plain", supergroup=False, members=[bob])
    async with opened(telegram_team_chat=group.id):
        await registered(sandbox, ann, group)
    new = group.upgrade()
    async with opened(telegram_team_chat=group.id):
        await sandbox.until(lambda: new.find("#1"))
        bob.presses("Claim", at=new)
        await sandbox.until(lambda: ann.chat.find("Bob is on your request #1"))
    async with opened(telegram_team_chat=group.id):  # the settings still name the old id
        ann.says("and one more thing")
        await sandbox.until(lambda: new.find("one more thing"))


def shows(person: Person, button: str) -> bool:
    return button in person.chat.last.buttons


async def registered(sandbox: TelegramSandbox, ann: Person, group: Room) -> None:
    """Let Ann register a request."""
    ann.says("My card was charged twice")
    for button, answer in (
        ("I still need a person", "What is it about"),
        ("Billing question", "Contract"),
        ("Skip", "before you submit"),
        ("Submit", "#1 is registered"),
    ):
        await sandbox.until(partial(shows, ann, button))
        ann.presses(button)
        await sandbox.until(partial(ann.chat.find, answer))
    await sandbox.until(lambda: group.find("#1"))


async def test_each_scope_and_language_has_its_menu(opened: Open, sandbox: TelegramSandbox, team: Group):
    async with opened(language="uk"):
        menus = {(json.loads(scope)["type"], code): menu for (scope, code), menu in sandbox.commands.items()}
    languages = ("", "en", "uk", "ru")
    assert set(menus) == {(scope, code) for scope in ("all_private_chats", "chat") for code in languages}
    names = {key: {command["command"] for command in menu} for key, menu in menus.items()}
    assert {"new", "help", "cancel", "language"} <= names["all_private_chats", ""]
    assert {"claim", "r", "resolve"} <= names["chat", ""]
    assert not names["all_private_chats", "en"] & names["chat", "en"]  # agents' commands are hidden from requesters
    for scope in ("all_private_chats", "chat"):
        assert menus[scope, ""] == menus[scope, "uk"]  # the desk's language where a person's own is another
        assert len({str(menus[scope, code]) for code in languages}) == 3


async def test_an_empty_chat_and_the_profile_say_who_we_are(opened: Open, sandbox: TelegramSandbox):
    async with opened(language="ru"):
        said = sandbox.profile
    for which, limit in (("description", 512), ("short_description", 120)):
        texts = {code: said.get((which, code)) or said[which, ""] for code in ("", "en", "uk", "ru")}
        assert texts[""] == texts["ru"]
        assert len(set(texts.values())) == 3
        assert all(0 < len(text) <= limit for text in texts.values())


async def test_what_an_operator_wrote_about_the_bot_stays(opened: Open, sandbox: TelegramSandbox, http):
    ours = {"description": "Acme's own desk"}
    await http.post(f"{sandbox.url}/bot{sandbox.token}/setMyDescription", json=ours)
    async with opened():
        assert sandbox.profile["description", ""] == "Acme's own desk"


async def test_an_agent_without_a_username_is_asked_by_a_name_telegram_notices(
    opened: Open, sandbox: TelegramSandbox, ann: Person, team: Group
):
    eve = sandbox.person("Ева")
    eve.joins(team)
    async with opened():
        await registered(sandbox, ann, team)
        eve.presses("Reply", at=team)
        await sandbox.until(
            lambda: sandbox.calls_of("sendMessage", team)[-1].args.get("reply_markup", {}).get("force_reply")
        )
        asked = sandbox.calls_of("sendMessage", team)[-1].args
        (mention,) = [entity for entity in asked["entities"] if entity["type"] == "text_mention"]
        assert mention["user"]["id"] == eve.id
        assert asked["reply_markup"]["selective"]
        question = next(m for m in reversed(team.messages) if "Ева" in m.text and m.from_bot)
        eve.says("We are on it", at=team, topic=question.thread, reply_to=question.id)
        await sandbox.until(lambda: ann.chat.find("We are on it"))
