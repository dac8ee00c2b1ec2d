"""The rest of what a Slack user meets: front page, commands, questions in passing, emoji, hints."""

import re

import pytest

from bot.sandbox.slack import Person, Room, Seen, SlackSandbox
from tests.clock import HandClock
from tests.slack.conftest import Open, registered


def card_in(team: Room) -> Seen:
    """Return the first card in the team channel as it looks now."""
    return next(message for message in team.outside if message.from_bot)


@pytest.mark.parametrize("line", ["/desk", "/desk help"])
async def test_the_command_alone_says_what_it_can_do(opened: Open, sandbox: SlackSandbox, ann: Person, line: str):
    async with opened():
        ann.runs(line)
        found = await sandbox.until(lambda: ann.chat.find("/desk new"))
        assert "/queue" not in found.text


async def test_a_misspelt_command_is_answered_with_the_nearest_one(opened: Open, sandbox: SlackSandbox, ann: Person):
    async with opened():
        ann.runs("/desk langage")
        await sandbox.until(lambda: ann.chat.find("language"))


async def test_a_command_in_a_public_channel_is_answered_in_person(opened: Open, sandbox: SlackSandbox, ann: Person):
    room = sandbox.channel("general", members=[ann])
    async with opened():
        ann.runs("/desk my", at=room)
        await sandbox.until(lambda: ann.chat.texts)
        assert room.texts == []


async def test_what_is_told_to_one_is_seen_by_one(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: [seen.text for seen in bob.ephemerals] == ["#1 is yours."])
        assert team.find("#1 is yours.") is None


async def test_two_agents_press_claim_and_the_second_is_told_who_has_it(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    eve = sandbox.person("Eve")
    eve.joins(team)
    async with opened():
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        eve.presses("Claim", at=card)
        await sandbox.until(lambda: bob.ephemerals and eve.ephemerals)
        said = [bob.ephemerals[0].text, eve.ephemerals[0].text]
        assert sum("is yours" in text for text in said) == 1
        assert sum("bob" in text or "eve" in text for text in said) == 1


async def test_eyes_claim_and_taking_them_away_releases_for_who_has_it(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    eve = sandbox.person("Eve")
    eve.joins(team)
    async with opened() as app:
        card = await registered(sandbox, ann, team)
        bob.runs("/desk queue", at=team)
        await sandbox.until(lambda: team.find("1 ticket in the queue"))
        bob.reacts("eyes", card)
        await sandbox.until(lambda: ann.chat.find("bob is on your request"))
        eve.reacts("eyes", card)
        await sandbox.until(lambda: any("bob already has #1" in seen.text for seen in eve.ephemerals))
        eve.unreacts("eyes", card)
        await sandbox.settled()
        await app.at_rest()
        assert "bob" in card_in(team).text
        bob.unreacts("eyes", card)
        await sandbox.until(lambda: "nobody has it" in card_in(team).text)


async def test_a_check_mark_resolves_and_taking_it_away_reopens(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: "bob" in card_in(team).text)
        bob.says("!r It is refunded", at=team, thread=card)
        await sandbox.until(lambda: ann.chat.find("It is refunded"))
        bob.reacts("white_check_mark", card)
        await sandbox.until(lambda: ann.chat.find("is resolved"))
        await sandbox.until(lambda: "resolved" in card_in(team).text)
        bob.unreacts("white_check_mark", card)
        await sandbox.until(lambda: "resolved" not in card_in(team).text)


async def test_emoji_on_anything_else_are_only_emoji(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened() as app:
        card = await registered(sandbox, ann, team)
        talk = bob.says("shall we?", at=team)
        bob.reacts("eyes", talk)
        bob.reacts("tada", card)
        await sandbox.settled()
        await app.at_rest()
        assert "nobody has it" in card_in(team).text


async def test_a_card_is_edited_in_place_and_each_request_has_a_thread_on_both_sides(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: "bob" in card_in(team).text)
        assert card_in(team).ts == card.ts
        root = await sandbox.until(lambda: ann.chat.find("#1 is registered"))
        bob.says("!r in its thread", at=team, thread=card)
        reply = await sandbox.until(lambda: ann.chat.find("in its thread"))
        assert reply.thread == root.ts
        assert len([message for message in team.outside if message.from_bot]) == 1


async def test_rarer_acts_stand_in_menus_on_the_card(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: "Release" in card_in(team).options)
        [menu] = [control for control in card_in(team).controls if control.kind == "static_select"]
        assert menu.text == "More…"
        assert {"Assign", "Put on hold", "Priority: urgent", "Type…", "Tags…", "Close"} <= set(card_in(team).options)
        assert "More…" not in card_in(team).buttons
        assert "‹ Back" not in card_in(team).options
        bob.chooses("Priority: urgent", at=card_in(team))
        await sandbox.until(lambda: "🔥" in card_in(team).text)
        bob.chooses("Put on hold", at=card_in(team))
        await sandbox.until(lambda: "on hold" in card_in(team).text)
        bob.chooses("Assign", at=card_in(team))
        await sandbox.until(lambda: "‹ Back" in card_in(team).buttons)
        bob.presses("‹ Back", at=card_in(team))
        await sandbox.until(lambda: "Resume" in card_in(team).options)


async def test_what_was_chosen_from_the_menu_can_be_chosen_again(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    """A menu shows what was chosen until its message is drawn anew, and Slack tells of no second choice of the same."""

    def redrawn() -> list[object]:
        calls = [call for call in sandbox.calls if call.method == "chat.update" and call.args.get("ts") == card.ts]
        return [call.args.get("blocks") for call in calls]

    async with opened():
        card = await registered(sandbox, ann, team)
        assert not redrawn()
        bob.chooses("Tags…", at=card)
        await sandbox.until(lambda: bob.modal and redrawn())
        assert "block_id" not in str(redrawn()[-1])
        bob.closes()
        bob.chooses("Tags…", at=card_in(team))
        await sandbox.until(lambda: bob.modal)


async def test_what_cannot_be_undone_asks_first(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: "bob" in card_in(team).text)
        asking = [control for control in card_in(team).controls if control.confirm]
        assert [[option.text for option in menu.options] for menu in asking] == [["Close"]]
        assert asking[0].confirm == "This cannot be undone."
        bob.chooses("Close", at=card_in(team))
        await sandbox.until(lambda: ann.chat.find("is closed"))


async def test_every_post_has_words_for_notifications_beside_its_blocks(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: ann.chat.find("is on your request"))
        for call in [*sandbox.calls_of("chat.postMessage"), *sandbox.calls_of("chat.update")]:
            assert call.args["text"]
            assert call.args["blocks"]


async def test_a_time_is_shown_in_the_zone_of_whoever_reads_it(
    opened: Open, sandbox: SlackSandbox, team: Room, bob: Person
):
    ann = sandbox.person("Ann", tz="America/New_York")
    async with opened():
        await registered(sandbox, ann, team)
        ann.runs("/desk status 1")
        told = await sandbox.until(lambda: ann.chat.find("since"))
        (time,) = [one for one in told.active if one.kind == "date"]
        assert time.shown in told.fallback
        seen = next(each for each in ann.chat.seen_by(ann.id) if each.ts == told.ts)
        assert re.search(r"\d, 20\d\d, \d{1,2}:\d\d [AP]M", seen.text)


async def test_an_hour_is_told_in_the_zone_that_slack_knows_somebody_to_live_in(
    opened: Open, sandbox: SlackSandbox, team: Room, bob: Person, clock: HandClock
):
    ann = sandbox.person("Ann", tz="America/New_York")
    async with opened(clock):
        await registered(sandbox, ann, team)
        assert clock.now().hour == 9
        assert ann.chat.find("Expect the first answer today by 08:00.")
