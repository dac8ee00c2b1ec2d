"""Who is quicker than the messenger's own answer is heard all the same: what they press or reply to is just being sent."""

from bot.sandbox.slack import Person, Room, SlackSandbox
from tests.slack.conftest import Open, registered
from tests.slack.test_surface import card_in

LATE = 0.6  # seconds that Slack's answer takes, when the post has been seen already


async def test_an_emoji_on_a_card_that_is_just_being_posted_claims_it(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        sandbox.faults.slow(LATE, after=True, method="chat.postMessage", channel=team)
        card = await registered(sandbox, ann, team)
        bob.reacts("eyes", card)
        await sandbox.until(lambda: ann.chat.find("bob is on your request"))


async def test_words_in_the_thread_of_a_card_that_is_just_being_posted_are_kept_and_sent(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        sandbox.faults.slow(LATE, after=True, method="chat.postMessage", channel=team)
        card = await registered(sandbox, ann, team)
        bob.says("!r at once", at=team, thread=card)
        bob.says("a note at once", at=team, thread=card)
        await sandbox.until(lambda: ann.chat.find("at once"))
        assert ann.chat.find("a note") is None


async def test_a_rare_button_pressed_at_once_changes_the_card_it_stands_on(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        sandbox.faults.slow(LATE, after=True, method="chat.postMessage", channel=team)
        card = await registered(sandbox, ann, team)
        bob.chooses("Assign", at=card)
        await sandbox.until(lambda: "‹ Back" in card_in(team).buttons)
        assert len(team.outside) == 1


async def test_a_talk_between_colleagues_waits_for_nothing(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: ann.chat.find("is on your request"))
        talk = bob.says("shall we have lunch?", at=team)
        bob.says("yes", at=team, thread=talk)
        bob.says("!r an answer", at=team, thread=card)
        await sandbox.until(lambda: ann.chat.find("an answer"))
