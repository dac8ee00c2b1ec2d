"""Forms as windows: errors in them, fields that come and go, and what happens where no window can open."""

import json

from sqlalchemy import select

from bot.sandbox.slack import Person, Room, SlackSandbox
from storage.models import message
from tests.slack.conftest import Open, registered


async def asked(sandbox: SlackSandbox, ann: Person, text: str = "My card was charged twice") -> None:
    """Bring somebody before the request window, with something else chosen."""
    known = len(ann.chat.texts)
    ann.says(text)
    await sandbox.until(lambda: len(ann.chat.texts) > known)
    ann.presses("I still need a person")
    await sandbox.until(lambda: ann.modal)
    ann.fills({"type": "Something else"})
    await sandbox.until(lambda: ann.modal and "other.details" in ann.modal.fields)


async def test_a_wrong_field_is_told_inside_the_window_in_the_persons_language(opened: Open, sandbox: SlackSandbox):
    oleh = sandbox.person("Oleh", locale="uk-UA")
    async with opened():
        oleh.says("Мене списали двічі")
        await sandbox.until(lambda: oleh.chat.texts)
        oleh.presses("Мені потрібна людина")
        await sandbox.until(lambda: oleh.modal)
        oleh.fills({"type": "Інше"} if "Інше" in str(oleh.modal) else {"type": "Щось інше"})
        await sandbox.until(lambda: oleh.modal and "other.details" in oleh.modal.fields)
        oleh.fills({"other.details": " "})
        oleh.submits()
        await sandbox.until(lambda: oleh.modal and oleh.modal.errors)
        assert oleh.modal is not None
        assert "other.details" in oleh.modal.errors
        assert any("а" <= letter <= "я" for letter in oleh.modal.errors["other.details"])
        oleh.fills({"other.details": "Ось так"})
        oleh.submits()
        await sandbox.until(lambda: oleh.chat.find("#1"))
        assert oleh.modal is None


async def test_what_was_typed_stays_when_another_choice_changes_the_fields(
    opened: Open, sandbox: SlackSandbox, ann: Person
):
    async with opened():
        ann.says("My card was charged twice")
        await sandbox.until(lambda: ann.chat.texts)
        ann.presses("I still need a person")
        await sandbox.until(lambda: ann.modal)
        ann.fills({"type": "Billing question"})
        await sandbox.until(lambda: ann.modal and "billing.contract" in ann.modal.fields)
        ann.fills({"billing.details": "typed by hand"})
        ann.fills({"type": "Something else"})
        await sandbox.until(lambda: ann.modal and "other.details" in ann.modal.fields)
        ann.fills({"type": "Billing question"})
        await sandbox.until(lambda: ann.modal and "billing.contract" in ann.modal.fields)
        assert ann.modal is not None
        assert ann.modal.fields["type"].value == "Billing question"


async def test_two_choices_at_once_leave_the_window_as_the_last_one_wants_it(
    opened: Open, sandbox: SlackSandbox, ann: Person
):
    async with opened():
        ann.says("My card was charged twice")
        await sandbox.until(lambda: ann.chat.texts)
        ann.presses("I still need a person")
        await sandbox.until(lambda: ann.modal)
        sandbox.faults.error("hash_conflict", method="views.update")
        first = ann.modal
        assert first is not None
        ann.fills({"type": "Billing question"})
        await sandbox.until(lambda: sandbox.calls_of("views.update"))
        ann.fills({"type": "Something else"})
        await sandbox.until(lambda: ann.modal and "other.details" in ann.modal.fields)
        await sandbox.settled()
        assert ann.failures == []


async def test_a_long_prefill_is_registered_whole_where_nobody_touched_it(
    opened: Open, sandbox: SlackSandbox, ann: Person, team: Room
):
    text = "The printer is on fire. " * 150 + "THE END"
    async with opened() as app:
        await asked(sandbox, ann, text)
        assert ann.modal is not None
        assert len(str(ann.modal.fields["other.details"].value)) == 3000
        ann.submits()
        await sandbox.until(lambda: team.find("#1"))
        kept = await app.database.run(lambda connection: connection.scalar(select(message.c.words)))
        assert kept["text"] == text


async def test_only_the_draft_and_where_it_was_opened_travel_with_a_window(
    opened: Open, sandbox: SlackSandbox, ann: Person
):
    async with opened():
        await asked(sandbox, ann, "secret words")
        assert ann.modal is not None
        assert set(json.loads(ann.modal.private_metadata)) == {"draft", "chat", "private"}
        assert "secret" not in ann.modal.private_metadata


async def test_a_global_shortcut_opens_the_window(opened: Open, sandbox: SlackSandbox, ann: Person, team: Room):
    async with opened():
        ann.shortcut("new_request")
        await sandbox.until(lambda: ann.modal)
        ann.fills({"type": "Something else"})
        await sandbox.until(lambda: ann.modal and "other.details" in ann.modal.fields)
        ann.fills({"other.details": "from nowhere in particular"})
        ann.submits()
        await sandbox.until(lambda: team.find("from nowhere in particular"))
        await sandbox.until(lambda: ann.chat.find("#1 is registered"))


async def test_a_message_shortcut_opens_the_window_with_that_message_in_it(
    opened: Open, sandbox: SlackSandbox, ann: Person, team: Room
):
    room = sandbox.channel("general", members=[ann])
    async with opened():
        said = ann.says("The *lift* is stuck", at=room)
        ann.message_shortcut("request_from_message", said)
        await sandbox.until(lambda: ann.modal)
        ann.fills({"type": "Something else"})
        await sandbox.until(lambda: ann.modal and "other.details" in ann.modal.fields)
        assert ann.modal is not None
        assert ann.modal.fields["other.details"].value == "The lift is stuck"
        ann.submits()
        await sandbox.until(lambda: team.find("The lift is stuck"))


async def test_where_the_window_comes_too_late_the_steps_are_asked_in_the_chat(
    opened: Open, sandbox: SlackSandbox, ann: Person, team: Room
):
    async with opened():
        ann.says("My card was charged twice")
        await sandbox.until(lambda: ann.chat.texts)
        sandbox.faults.error("expired_trigger_id", method="views.open")
        ann.presses("I still need a person")
        await sandbox.until(lambda: ann.chat.find("What is it about?"))
        ann.presses("Something else")
        await sandbox.until(lambda: any("Submit" in each.buttons for each in ann.chat.messages))
        ann.presses("Submit")
        await sandbox.until(lambda: team.find("My card was charged twice"))


async def test_who_closes_the_window_and_writes_on_is_heard_as_always(opened: Open, sandbox: SlackSandbox, ann: Person):
    async with opened():
        await asked(sandbox, ann)
        ann.closes()
        known = len(ann.chat.texts)
        ann.says("hello")
        await sandbox.until(lambda: len(ann.chat.texts) > known)
        assert ann.chat.texts[-1].startswith("Hello, ann!")


async def test_two_fast_clicks_open_windows_and_register_once(
    opened: Open, sandbox: SlackSandbox, ann: Person, team: Room
):
    async with opened():
        ann.says("My card was charged twice")
        await sandbox.until(lambda: ann.chat.texts)
        ann.presses("I still need a person")
        ann.presses("I still need a person")
        await sandbox.until(lambda: len(sandbox.calls_of("views.open")) == 2)
        ann.fills({"type": "Something else"})
        await sandbox.until(lambda: ann.modal and "other.details" in ann.modal.fields)
        ann.submits()
        await sandbox.until(lambda: team.find("#1"))
        await sandbox.settled()
        assert ann.failures == []
        assert not team.find("#2")


async def test_an_agent_replies_in_a_window(opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room):
    async with opened():
        card = await registered(sandbox, ann, team)
        bob.presses("Reply", at=card)
        await sandbox.until(lambda: bob.modal)
        bob.fills({"text": "first line\nsecond line"})
        bob.submits()
        await sandbox.until(lambda: ann.chat.find("second line"))
