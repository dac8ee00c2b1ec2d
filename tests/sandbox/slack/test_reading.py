from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import ManualClock
from bot.sandbox.slack import Person, Room, SlackSandbox
from tests.sandbox.slack.conftest import Ask
from tests.sandbox.slack.kit import button, section


async def test_history_and_threads_are_read_since_a_moment(
    slack: SlackSandbox, clock: ManualClock, client: AsyncWebClient, bob: Person, team: Room
) -> None:
    first = bob.says("one", at=team)
    clock.advance(60)
    bob.says("two", at=team)
    metadata = {"event_type": "outgoing", "event_payload": {"id": 7}}
    reply = await client.chat_postMessage(channel=team.id, text="three", thread_ts=first.ts, metadata=metadata)
    history = await client.conversations_history(channel=team.id)
    assert [message["text"] for message in history["messages"]] == ["two", "one"]
    root = history["messages"][1]
    assert (root["reply_count"], root["latest_reply"], root["thread_ts"]) == (1, reply["ts"], first.ts)
    later = await client.conversations_history(channel=team.id, oldest=first.ts)
    assert [message["text"] for message in later["messages"]] == ["two"]
    thread = await client.conversations_replies(channel=team.id, ts=first.ts, include_all_metadata=True)
    assert [message["text"] for message in thread["messages"]] == ["one", "three"]
    assert thread["messages"][1]["metadata"] == metadata
    plainly = await client.conversations_replies(channel=team.id, ts=first.ts)
    assert "metadata" not in plainly["messages"][1]


async def test_lists_come_in_pages(slack: SlackSandbox, client: AsyncWebClient, bob: Person, team: Room) -> None:
    for number in range(5):
        bob.says(str(number), at=team)
    first = await client.conversations_history(channel=team.id, limit=2)
    pages = [[message["text"] for message in page["messages"]] async for page in first]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]
    slack.channel("secret", private=True, with_bot=False)
    slack.channel("quiet", private=True)
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [channel["name"] for channel in listed["channels"]] == ["support", "quiet"]
    assert (await client.conversations_members(channel=team.id))["members"] == [bob.id, slack.bot_user_id]
    assert len((await client.users_list())["members"]) == 2


async def test_people_are_described(slack: SlackSandbox, client: AsyncWebClient, ann: Person) -> None:
    known = (await client.users_info(user=ann.id, include_locale=True))["user"]
    assert (known["locale"], known["tz"], known["tz_offset"]) == ("uk-UA", "Europe/Kyiv", 7200)
    assert (known["is_restricted"], known["deleted"], known["profile"]["first_name"]) == (False, False, "Ann")
    ann.vanishes()
    assert (await client.users_info(user=ann.id))["user"]["deleted"]
    assert slack.person("Gus", guest=True).id in [
        user["id"] for user in (await client.users_list())["members"] if user.get("is_restricted")
    ]


async def test_a_deleted_root_leaves_a_stone_if_there_were_replies(
    slack: SlackSandbox, ask: Ask, bob: Person, team: Room
) -> None:
    root = bob.says("card", at=team)
    bob.says("reply", at=root)
    bob.deletes(root)
    assert [seen.text for seen in team.messages] == ["reply"]
    assert slack.deliveries_of("message.message_deleted")[0].payload["event"]["deleted_ts"] == root.ts
    kept = await ask("chat.postMessage", channel=team.id, text="still in the thread", thread_ts=root.ts)
    assert kept["message"]["thread_ts"] == root.ts
    read = await ask("conversations.replies", channel=team.id, ts=root.ts)
    assert read["messages"][0]["subtype"] == "tombstone"
    assert (await ask("conversations.replies", channel=team.id, ts="1700000000.000001"))["error"] == "thread_not_found"


async def test_updates_keep_or_drop_blocks_as_documented(slack: SlackSandbox, ask: Ask, ann: Person) -> None:
    actions = {"type": "actions", "elements": [button("Go", "go")]}
    posted = await ask("chat.postMessage", channel=ann.id, text="old", blocks=[section("old"), actions])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    await ask("chat.update", **where, blocks=[section("new"), actions])
    assert (ann.chat.last.text, ann.chat.last.fallback, ann.chat.last.edited) == ("new", "old", False)
    await ask("chat.update", **where, text="only words")
    assert (ann.chat.last.text, ann.chat.last.buttons, ann.chat.last.edited) == ("only words", [], True)
    assert (await ask("chat.update", **where))["error"] == "no_text"


async def test_reactions_are_each_their_owners(slack: SlackSandbox, ask: Ask, bob: Person, team: Room) -> None:
    said = bob.says("card", at=team)
    where = {"channel": team.id, "timestamp": said.ts}
    bob.reacts("eyes", said)
    assert (await ask("reactions.remove", **where, name="eyes"))["error"] == "no_reaction"
    assert (await ask("reactions.add", **where, name="eyes"))["ok"]
    assert (await ask("reactions.add", **where, name="eyes"))["error"] == "already_reacted"
    assert team.last.reactions == {"eyes": ["Bob Stone", "Frontdesk"]}
    assert (await ask("reactions.add", **where, name="no such"))["error"] == "invalid_name"
    bob.unreacts("eyes", said)
    got = await ask("reactions.get", **where)
    assert got["message"]["reactions"] == [{"name": "eyes", "users": [slack.bot_user_id], "count": 1}]
    assert [d.payload["event"]["user"] for d in slack.deliveries_of("reaction_added")] == [bob.id, slack.bot_user_id]


async def test_ephemeral_messages_are_for_one(
    slack: SlackSandbox, ask: Ask, ann: Person, bob: Person, team: Room
) -> None:
    blocks = [section("Only you"), {"type": "actions", "elements": [button("OK", "ok")]}]
    posted = await ask("chat.postEphemeral", channel=team.id, user=bob.id, text="Only you", blocks=blocks)
    assert [seen.text for seen in team.seen_by(bob.id)] == ["Only you"]
    assert team.messages == []
    press = bob.presses("OK", at=team)
    assert press.payload["container"]["is_ephemeral"]
    assert "message" not in press.payload
    assert (await ask("chat.update", channel=team.id, ts=posted["message_ts"], text="x"))[
        "error"
    ] == "message_not_found"
    outside = await ask("chat.postEphemeral", channel=team.id, user=ann.id, text="x")
    assert outside["error"] == "user_not_in_channel"


async def test_the_small_methods(slack: SlackSandbox, client: AsyncWebClient, ann: Person, team: Room) -> None:
    assert (await client.api_test())["ok"]
    who = await client.auth_test()
    assert (who["bot_id"], who["team_id"]) == (slack.bot_id, slack.team_id)
    assert (await client.bots_info(bot=slack.bot_id))["bot"]["user_id"] == slack.bot_user_id
    assert (await client.team_info())["team"]["id"] == slack.team_id
    assert (await client.emoji_list())["emoji"] == {}
    assert (await client.conversations_open(users=[ann.id]))["channel"]["id"] == ann.chat.id
    posted = await client.chat_postMessage(channel=team.id, text="x")
    link = (await client.chat_getPermalink(channel=team.id, message_ts=posted["ts"]))["permalink"]
    assert link.endswith(f"/archives/{team.id}/p{posted['ts'].replace('.', '')}")
    away = slack.channel("away", with_bot=False)
    await client.conversations_join(channel=away.id)
    assert slack.bot_user_id in away.members
    about = await client.conversations_info(channel=away.id, include_num_members=True)
    assert (about["channel"]["is_member"], about["channel"]["num_members"]) == (True, 1)
    assert slack.violations == []
