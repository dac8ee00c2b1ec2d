import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, Room, SlackSandbox
from tests.sandbox.slack.conftest import Ask


async def test_a_file_goes_up_in_three_steps(
    slack: SlackSandbox, client: AsyncWebClient, bob: Person, team: Room
) -> None:
    root = bob.says("card", at=team)
    answer = await client.files_upload_v2(
        channel=team.id, thread_ts=root.ts, filename="log.txt", content="all of it", initial_comment="Here"
    )
    shared = team.thread(root)[-1]
    assert (shared.text, shared.files[0].name, shared.thread) == ("Here", "log.txt", root.ts)
    assert slack.file(answer["files"][0]["id"]).data == b"all of it"
    assert "ts" not in answer
    about = await client.files_info(file=answer["files"][0]["id"])
    assert about["file"]["shares"]["public"][team.id][0]["ts"] == shared.ts
    assert [delivery.name for delivery in slack.deliveries] == ["message", "message.file_share", "file_shared"]
    assert slack.violations == []
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": answer["files"][0]["id"]}], channel_id=team.id)


async def test_a_file_comes_down_with_the_token_only(
    slack: SlackSandbox, http: aiohttp.ClientSession, ann: Person
) -> None:
    ann.uploads("scan.png", b"\x89PNG", text="look <here>", more=[("two.pdf", b"%PDF")])
    event = slack.deliveries_of("message.file_share")[0].payload["event"]
    assert (event["text"], [file["name"] for file in event["files"]]) == ("look &lt;here&gt;", ["scan.png", "two.pdf"])
    url = event["files"][0]["url_private_download"]
    async with http.get(url, headers={"Authorization": f"Bearer {slack.token}"}) as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "image/png", b"\x89PNG")
    for headers in ({}, {"Authorization": "Bearer guessed"}):
        async with http.get(url, headers=headers) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
    slack.set_scopes(without=["files:read"])
    async with http.get(url, headers={"Authorization": f"Bearer {slack.token}"}) as answer:
        assert answer.content_type == "text/html"


async def test_refusals_of_files(slack: SlackSandbox, ask: Ask, http: aiohttp.ClientSession, ann: Person) -> None:
    large = await ask("files.getUploadURLExternal", filename="x", length=1073741825)
    assert large["error"] == "file_upload_size_restricted"
    ticket = await ask("files.getUploadURLExternal", filename="x", length="3")
    early = await ask("files.completeUploadExternal", files=[{"id": ticket["file_id"]}], channel_id=ann.chat.id)
    assert early["error"] == "file_update_failed"
    async with http.post(ticket["upload_url"], data=b"four") as answer:
        assert await answer.text() == "OK - 4"
    assert [violation.rule for violation in slack.violations] == ["length"]
    away = slack.channel("away", with_bot=False)
    outside = await ask("files.completeUploadExternal", files=[{"id": ticket["file_id"]}], channel_id=away.id)
    assert outside["error"] == "not_in_channel"
    assert (await ask("files.completeUploadExternal", files=[{"id": ticket["file_id"]}], channels=ann.chat.id))["ok"]
    assert (await ask("files.delete", file=ticket["file_id"]))["ok"]
    assert (await ask("files.info", file=ticket["file_id"]))["error"] == "file_deleted"
