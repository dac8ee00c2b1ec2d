"""What is taken back and may not be deleted says so in its place."""

from bot.sandbox.slack import Person, Room, SlackSandbox
from tests.slack.conftest import Open
from tests.slack.test_sending import claimed


async def test_where_the_workspace_lets_us_delete_nothing_the_words_go_all_the_same(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        reply = bob.says("!r wrong person", at=team, thread=card)
        await sandbox.until(lambda: ann.chat.find("wrong person"))
        await sandbox.until(lambda: [m for m in team.messages if "delivered" in m.text])
        sandbox.faults.error("cant_delete_message", method="chat.delete", channel=ann.chat)
        bob.deletes(reply)
        await sandbox.until(lambda: ann.chat.find("This message was taken back."))
        assert not ann.chat.find("wrong person")
