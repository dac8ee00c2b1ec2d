"""What the sandbox sends against what was seen of Slack."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, Room, SlackSandbox
from tests.sandbox.slack.conftest import Ask
from tests.sandbox.slack.kit import button, modal

EVENTS = {
    "message": "MessagePayload",
    "message.message_changed": "MessageChangedPayload",
    "message.message_deleted": "MessageDeletedPayload",
    "message.file_share": "MessageFileSharePayload",
    "message.channel_join": "MessageChannelJoinPayload",
    "message.channel_leave": "MessageChannelLeavePayload",
    "message.thread_broadcast": "MessageThreadBroadcastPayload",
    "app_mention": "AppMentionPayload",
    "file_shared": "FileSharedPayload",
    "reaction_added": "ReactionAddedPayload",
    "reaction_removed": "ReactionRemovedPayload",
    "member_joined_channel": "MemberJoinedChannelPayload",
    "member_left_channel": "MemberLeftChannelPayload",
    "app_home_opened": "AppHomeOpenedPayload",
    "channel_archive": "ChannelArchivePayload",
    "user_change": "UserChangePayload",
    "tokens_revoked": "TokensRevokedPayload",
    "block_actions": "BlockActionPayload",
    "view_submission": "ViewSubmissionPayload",
    "view_closed": "ViewClosedPayload",
    "message_action": "MessageShortcutPayload",
    "/desk": "SlashCommandPayload",
}
# Newer than the collection, or of people's own making.
NEWER = {"app_id", "user_id", "event_ts", "team", "client_msg_id", "context_team_id", "context_enterprise_id"}
NEWER |= {"event_context", "root", "metadata", "inviter", "response_urls"}
FREE = {"blocks", "attachments", "values", "shares", "profile", "state", "element", "errors"}


def strangers(given: Any, shape: Any, path: str = "") -> list[str]:
    """Return the keys that were never seen in such a payload."""
    if isinstance(given, dict) and isinstance(shape, dict):
        found = []
        for key, value in given.items():
            if key in NEWER or key in FREE:
                continue
            found += strangers(value, shape[key], f"{path}.{key}") if key in shape else [f"{path}.{key}"]
        return found
    if isinstance(given, list) and isinstance(shape, list) and shape:
        return [key for item in given for key in strangers(item, shape[0], f"{path}[]")]
    return []


@pytest.fixture(scope="session")
def shapes(shared: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / "specs/slack/payload_shapes.json").read_text("utf-8"))
    return loaded


async def test_every_payload_has_the_shape_that_was_seen(
    shapes: dict[str, Any], slack: SlackSandbox, client: AsyncWebClient, ask: Ask, ann: Person, bob: Person, team: Room
) -> None:
    said = ann.says("Hello")
    ann.edits(said, "Hello there")
    ann.deletes(said)
    ann.uploads()
    ann.joins(team)
    root = ann.mentions("look", at=team)
    bob.says("both", thread=root, broadcast=True)
    bob.reacts("eyes", root)
    bob.unreacts("eyes", root)
    ann.leaves(team)
    ann.opens_home()
    ann.runs("/desk help")
    ann.shortcut("new")
    bob.message_shortcut("take", root)
    ann.changes(locale="en-GB")
    await ask(
        "chat.postMessage",
        channel=ann.id,
        text="Choose",
        blocks=[{"type": "actions", "elements": [button("Go", "go")]}],
    )
    press = ann.presses("Go")
    assert (await ask("views.open", trigger_id=press.trigger_id, view=modal(notify_on_close=True)))["ok"]
    ann.fills(summary="It is broken")
    ann.submits()
    ann.closes()
    team.archive()
    slack.revoke_token()
    told = {delivery.name for delivery in slack.deliveries}
    assert told == {*EVENTS, "shortcut"}
    for delivery in slack.deliveries:
        if delivery.name in EVENTS:
            shape = shapes[EVENTS[delivery.name]]
            assert strangers(delivery.payload, shape) == [], delivery.name


def test_the_messages_most_apps_live_on_have_what_examples_have(
    shared: Path, slack: SlackSandbox, ann: Person, team: Room, bob: Person
) -> None:
    examples = json.loads((shared / "specs/slack/example_payloads.json").read_text("utf-8"))
    ann.joins(team)
    root = ann.mentions("help", at=team)
    bob.reacts("eyes", root)
    for kind in ("app_mention", "reaction_added"):
        ours = slack.deliveries_of(kind)[0].payload
        theirs = examples[f"event:{kind}"][0]["payload"]
        assert set(theirs) - set(ours) - {"enterprise_id"} == set()
        assert set(theirs["event"]) - set(ours["event"]) == set()


def test_a_mention_in_a_channel_is_told_twice_with_one_ts(
    slack: SlackSandbox, ann: Person, bob: Person, team: Room
) -> None:
    bob.mentions("look", at=team)
    bob.mentions("here too", at=bob.chat)
    names = [(delivery.name, delivery.payload["event"]["ts"]) for delivery in slack.deliveries]
    assert [name for name, _ in names] == ["app_mention", "message", "message"]
    assert names[0][1] == names[1][1]
    assert slack.deliveries[0].payload["event_id"] != slack.deliveries[1].payload["event_id"]


def test_the_bot_hears_only_where_it_is_and_what_it_may(slack: SlackSandbox, ann: Person, bob: Person) -> None:
    away = slack.channel("away", members=[bob], with_bot=False)
    bob.says("nobody hears", at=away)
    assert slack.deliveries == []
    bob.invites_bot(away)
    assert [delivery.name for delivery in slack.deliveries] == ["member_joined_channel", "message.channel_join"]
    slack.set_scopes(without=["channels:history"])
    bob.mentions("mention only", at=away)
    assert slack.deliveries[-1].name == "app_mention"
    slack.subscribe(["message"])
    bob.mentions("nothing at all", at=away)
    assert len(slack.deliveries) == 3
    away.kick_bot()
    assert len(slack.deliveries) == 3


async def test_other_bots_and_groups_of_people_speak_too(slack: SlackSandbox, ann: Person, bob: Person) -> None:
    zap = slack.person("Zap", bot=True)
    together = slack.group_dm([ann, bob, zap])
    zap.says("beep", at=together)
    event = slack.deliveries[-1].payload["event"]
    assert (event["channel_type"], event["user"]) == ("mpim", zap.id)
    assert event["bot_id"] not in ("", slack.bot_id)
    assert together.last.author == "Zap"
