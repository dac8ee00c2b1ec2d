"""Who is quicker than Telegram's own answer is heard all the same: what they react or reply to is just being sent."""

from bot.sandbox.telegram import Person, TelegramSandbox
from tests.telegram.conftest import Open

LATE = 0.6  # seconds that Telegram's answer takes, when the post has been seen already


async def asks(sandbox: TelegramSandbox, ann: Person) -> None:
    ann.says("My printer is on fire")
    await sandbox.until(lambda: ann.chat.find("I don't have an answer"))
    ann.presses("I still need a person")
    await sandbox.until(lambda: ann.chat.find("What is it about"))
    ann.presses("Something else")
    await sandbox.until(lambda: any("Submit" in seen.buttons for seen in ann.chat.messages))
    ann.presses("Submit")


async def test_a_reply_to_a_card_that_is_just_being_posted_reaches_the_requester(
    opened: Open, sandbox: TelegramSandbox, ann: Person, bob: Person
):
    plain = sandbox.group("Plain team", members=[bob])
    async with opened(telegram_team_chat=plain.id):
        sandbox.faults.slow(LATE, after=True, method="sendMessage", chat=plain)
        await asks(sandbox, ann)
        card = await sandbox.until(lambda: plain.find("#1"))
        bob.says("/r at once", at=plain, reply_to=card)
        await sandbox.until(lambda: ann.chat.find("at once"))


async def test_words_in_a_topic_that_is_just_being_opened_reach_the_requester(
    opened: Open, sandbox: TelegramSandbox, ann: Person, bob: Person, team
):
    async with opened():
        await asks(sandbox, ann)
        card = await sandbox.until(lambda: team.find("#1"))
        sandbox.faults.slow(LATE, after=True, method="createForumTopic", chat=team)
        bob.presses("Claim", at=team)
        topic = await sandbox.until(lambda: team.topics and team.topics[0])
        bob.says("/r at once", at=topic)
        await sandbox.until(lambda: ann.chat.find("at once"))
        assert card.text.startswith("🆕")
