from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import ManualClock
from bot.sandbox.slack import Person, Room, SlackSandbox
from tests.sandbox.slack.conftest import Ask
from tests.sandbox.slack.kit import Json, button, field, modal, option, plain, section


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


OVERFLOW: Json = {"type": "overflow", "action_id": "more", "options": [option(str(n), str(n)) for n in range(6)]}
SELECT: Json = {"type": "static_select", "action_id": "s", "options": [option(str(n), str(n)) for n in range(101)]}
BAD_BLOCKS: dict[str, tuple[list[Json], str]] = {
    "51 blocks": ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "long section": (
        [section("x" * 3001)],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    "empty section": ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "long header": (
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    "long button": (
        [actions(button("x" * 76, "a"))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    "long value": (
        [actions(button("x", "a", "x" * 2001))],
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    "long action id": (
        [actions(button("x", "a" * 256))],
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    "twin action ids": (
        [actions(button("x", "a"), button("y", "a"))],
        "`action_id` `a` already exists for another element [json-pointer:/blocks/0]",
    ),
    "twin block ids": (
        [section("x", block_id="b"), section("y", block_id="b")],
        "`block_id` `b` already exists for another block [json-pointer:/blocks/1/block_id]",
    ),
    "overflow of six": (
        [actions(OVERFLOW)],
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    "101 options": (
        [actions(SELECT)],
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    "26 buttons": (
        [actions(*(button("x", str(number)) for number in range(26)))],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "unknown block": ([{"type": "carousel"}], "unsupported type: carousel [json-pointer:/blocks/0/type]"),
    "unknown field": ([section("x", colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    "no text": ([{"type": "section"}], "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    "mrkdwn in a button": (
        [actions({**button("x", "a"), "text": {"type": "mrkdwn", "text": "x"}})],
        "must be a valid enum value [plain_text] [json-pointer:/blocks/0/elements/0/text/type]",
    ),
}


@pytest.mark.parametrize("case", BAD_BLOCKS)
async def test_bad_blocks_are_refused_with_their_place(case: str, ask: Ask, ann: Person) -> None:
    blocks, message = BAD_BLOCKS[case]
    answer = await ask("chat.postMessage", channel=ann.id, text="x", blocks=blocks)
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [message]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {message}"]


async def test_other_refusals_of_a_post(ask: Ask, slack: SlackSandbox, ann: Person, team: Room) -> None:
    async def refused(**args: Any) -> str:
        answer = await ask("chat.postMessage", **{"channel": team.id, **args})
        return str(answer.get("error"))

    away = slack.channel("away", with_bot=False)
    secret = slack.channel("secret", private=True, with_bot=False)
    assert await refused() == "no_text"
    assert await refused(text="x", blocks="{") == "invalid_blocks_format"
    assert await refused(text="x", blocks=[section("x" * 3000)] * 5) == "msg_blocks_too_long"
    assert await refused(text="x", attachments=[{"text": "x"}] * 101) == "too_many_attachments"
    assert await refused(text="x", channel="C0NOWHERE") == "channel_not_found"
    assert await refused(text="x", channel=secret.id) == "channel_not_found"
    assert await refused(text="x", thread_ts="yesterday") == "invalid_thread_ts"
    assert await refused(text="x", metadata={"event_type": "out"}) == "invalid_metadata_schema"
    assert await refused(channel=None, text="x") == "invalid_arguments"
    slack.set_scopes(without=["chat:write.public"])
    assert await refused(text="x", channel=away.id) == "not_in_channel"
    team.archive()
    assert await refused(text="x") == "is_archived"
    ann.vanishes()
    assert await refused(text="x", channel=ann.id) == "channel_not_found"
    assert (await ask("conversations.open", users=ann.id))["error"] == "user_disabled"
    assert (await ask("users.info", user="U0NOBODY"))["error"] == "user_not_found"
    assert (await ask("chat.paint", text="x"))["error"] == "unknown_method"


async def test_long_texts_are_cut_when_posted_and_refused_when_updated(ask: Ask, ann: Person) -> None:
    posted = await ask("chat.postMessage", channel=ann.id, text="x" * 40001)
    assert posted["warning"] == "message_truncated"
    assert len(posted["message"]["text"]) == 40000
    updated = await ask("chat.update", channel=posted["channel"], ts=posted["ts"], text="x" * 4001)
    assert updated["error"] == "msg_too_long"


async def test_only_own_messages_are_changed(ask: Ask, bob: Person, team: Room) -> None:
    theirs = bob.says("mine", at=team)
    assert (await ask("chat.update", channel=team.id, ts=theirs.ts, text="x"))["error"] == "cant_update_message"
    assert (await ask("chat.delete", channel=team.id, ts=theirs.ts))["error"] == "cant_delete_message"
    assert (await ask("chat.update", channel=team.id, ts="1767000000.000001", text="x"))["error"] == "message_not_found"
    bob.deletes(theirs)
    answer = await ask("chat.postMessage", channel=team.id, text="too late", thread_ts=theirs.ts)
    assert "thread_ts" not in answer["message"]  # no error: the reply stands outside every thread


BAD_VIEWS: dict[str, tuple[Json, str]] = {
    "long title": (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    "101 blocks": (
        modal(*[{"type": "divider"}] * 101),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    "long metadata": (
        modal(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    "no title": (modal(title=None), "missing required field: title [json-pointer:/view]"),
}


@pytest.mark.parametrize("case", BAD_VIEWS)
async def test_bad_views_are_refused_with_their_place(case: str, ask: Ask, ann: Person) -> None:
    view, message = BAD_VIEWS[case]
    answer = await ask("views.open", trigger_id=ann.shortcut("new").trigger_id, view=view)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {message}"]


async def test_views_of_other_faults(ask: Ask, ann: Person) -> None:
    view = modal(field("a"))
    del view["submit"]
    assert (await ask("views.open", trigger_id=ann.shortcut("n").trigger_id, view=view))["error"] == "invalid_arguments"
    named = modal(external_id="one")
    assert (await ask("views.open", trigger_id=ann.shortcut("n").trigger_id, view=named))["ok"]
    twin = await ask("views.push", trigger_id=ann.shortcut("n").trigger_id, view=named)
    assert twin["error"] == "duplicate_external_id"
    assert (await ask("views.publish", user_id="U0NOBODY", view={"type": "home", "blocks": []}))["error"] == (
        "user_not_found"
    )


async def test_tokens_and_scopes(
    slack: SlackSandbox, client: AsyncWebClient, http: aiohttp.ClientSession, ask: Ask, ann: Person
) -> None:
    async def error(**headers: str) -> str:
        async with http.post(f"{slack.api_url}auth.test", headers=headers) as answer:
            return str((await answer.json()).get("error"))

    assert await error() == "not_authed"
    assert await error(Authorization="Bearer guessed") == "invalid_auth"
    assert await error(Authorization=f"Bearer {slack.app_token}") == "not_allowed_token_type"
    slack.set_scopes(without=["chat:write", "groups:history"])
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=ann.id, text="x")
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "chat:write"
    assert "chat:write" not in refused.value.response["provided"].split(",")
    assert "im:write" in refused.value.response.headers["X-OAuth-Scopes"].split(",")
    private = slack.channel("secret", private=True)
    assert (await ask("conversations.history", channel=private.id))["needed"] == "groups:history"
    slack.revoke_token()
    assert (await ask("auth.test"))["error"] == "token_revoked"
    slack.revoke_token("account_inactive")
    assert (await ask("auth.test"))["error"] == "account_inactive"
    slack.restore_token()
    assert (await ask("auth.test"))["user_id"] == slack.bot_user_id


async def test_response_urls_are_good_for_five_answers_in_half_an_hour(
    slack: SlackSandbox, clock: ManualClock, http: aiohttp.ClientSession, ann: Person, ask: Ask
) -> None:
    async def respond(url: str, **body: Any) -> tuple[int, str]:
        async with http.post(url, json=body) as answer:
            return answer.status, await answer.text()

    url = ann.runs("/desk help").payload["response_url"]
    for number in range(5):
        assert await respond(url, text=str(number)) == (200, "ok")
    assert (await respond(url, text="six"))[0] == 404
    assert [seen.text for seen in ann.ephemerals] == ["0", "1", "2", "3", "4"]
    url = ann.runs("/desk help").payload["response_url"]
    clock.advance(30 * 60 + 1)
    assert "expired_url" in (await respond(url, text="late"))[1]
    await ask("chat.postMessage", channel=ann.id, text="Go?", blocks=[actions(button("Go", "go"))])
    url = ann.presses("Go").payload["response_url"]
    assert (await respond(url, replace_original=True, text="Gone"))[0] == 200
    assert ann.chat.last.text == "Gone"
    assert (await respond(url, delete_original=True))[0] == 200
    assert ann.chat.messages == []
    assert slack.calls_of("respond")[-1].ok
