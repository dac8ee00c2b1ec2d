"""The token is shown to Slack and to nobody else, by whatever way an address comes in; what lies elsewhere is a link."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sandbox.slack import Person, Room, SlackSandbox, posting
from bot.sandbox.telegram import Group, TelegramSandbox
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.telegram import Seen as TelegramSeen
from tests.catchall import CatchAll, catch_all
from tests.slack.conftest import Open, registered, talking

MB = 1024 * 1024


@pytest.fixture
async def elsewhere() -> AsyncIterator[CatchAll]:
    async with catch_all() as caught:
        yield caught


def addresses(caught: CatchAll, sandbox: SlackSandbox) -> list[str]:
    """Return addresses that lead to somebody else, as far as they can be made to look like Slack's."""
    port, own = caught.port, sandbox.url.rpartition(":")[2]
    return [
        f"http://127.0.0.1:{port}/plain.png",
        f"HTTP://LOCALHOST:{port}/case.png",
        f"http://127.0.0.1.:{port}/dot.png",
        f"http://[::1]:{port}/six.png",
        f"http://[::ffff:127.0.0.1]:{port}/mapped.png",
        f"http://2130706433:{port}/number.png",
        f"http://127.0.0.1:{own}@127.0.0.1:{port}/name.png",
        f"http://files.slack.com@127.0.0.1:{port}/name.png",
        f"http://files.slack.com:443@127.0.0.1:{port}/files-pri/T1-F1/name.png",
        f"http://127.0.0.1:{port}\\@127.0.0.1:{own}/slash.png",
        f"http://127.0.0.1:{port}#@127.0.0.1:{own}/hash.png",
        f"http://127.0.0.1:{port}?@files.slack.com/query.png",
        f"https://127.0.0.1:{own}/files-pri/other-scheme.png",
        f"http://files.slack.com:{port}/insecure.png",
        f"https://files.slack.com:{port}/port.png",
        f"https://files.slack.com.:{port}/dot.png",
        f"https://files.slack.com.127.0.0.1:{port}/below.png",
    ]


async def reads(telegram: TelegramSandbox, person: TelegramPerson, words: str) -> TelegramSeen:
    """Return the message in which a person reads these words, once it is there."""
    found = await telegram.until(lambda: person.chat.find(words))
    assert found is not None
    return found


async def test_no_address_of_a_file_takes_the_token_elsewhere_and_each_is_shown_as_a_link_to_both_sides(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    ann: Person,
    bob: Person,
    team: Room,
    forum: Group,
    elsewhere: CatchAll,
):
    async with opened(**both):
        card = await talking(sandbox, telegram, ida, bob, team)
        for number, address in enumerate(addresses(elsewhere, sandbox)):
            bob.points(f"a{number}.png", address, mode="hosted", text=f"!r look {number}", at=team, thread=card)
            found = await reads(telegram, ida, f"look {number}\n🔗 a{number}.png: ")
            assert address in found.text
        for mode in ("external", "space", "quip", "canvas", "post", "list", "of_next_year"):
            bob.points(f"{mode}.png", f"{sandbox.url}/files-pri/{mode}", mode=mode, text="!r see", at=team, thread=card)
            await reads(telegram, ida, f"🔗 {mode}.png: ")
        theirs = await registered(sandbox, ann, team)
        ann.points("plan.png", f"{elsewhere.url}/plan.png", mode="hosted", text="the plan")
        bob.presses("Claim", at=theirs)
        await sandbox.until(lambda: team.find(f"🔗 plan.png: {elsewhere.url}/plan.png"))
        await telegram.until(lambda: any(f"{elsewhere.url}/plan.png" in seen.text for seen in forum.messages))
    assert elsewhere.heard == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_takes_the_token_elsewhere(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
    elsewhere: CatchAll,
    status: int,
):
    async with opened(**both):
        card = await talking(sandbox, telegram, ida, bob, team)
        sandbox.faults.redirect(f"{elsewhere.url}/file.png", status, method="download", times=2)
        bob.uploads("scan.png", b"\x89PNG", text="!r the scan", at=team, thread=card)
        told = await reads(telegram, ida, "the scan")
        assert told.text.endswith("scan.png could not be brought here. Ask for it again, or for a link to it.")
        await sandbox.until(lambda: team.find("✓ delivered without scan.png"))

        for method in ("chat.*", "files.*", "upload", "users.*", "conversations.*", "views.*"):
            sandbox.faults.redirect(f"{elsewhere.url}/{method}", status, method=method)
        ida.sends_document("answer.pdf", b"%PDF", caption="here it is")
        arrived = sandbox.until(lambda: [1 for s in team.messages for file in s.files if file.name == "answer.pdf"], 30)
        await arrived
        assert len([seen for seen in team.messages if "here it is" in seen.text]) == 1
    assert elsewhere.heard == []


async def test_a_redirect_within_slack_is_followed(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
):
    async with opened(**both):
        card = await talking(sandbox, telegram, ida, bob, team)
        other = bob.uploads("other.png", b"\x89PNG other", at=team).files[0]
        sandbox.faults.redirect(f"/files-pri/T-{other.id}/download/other.png", method="download")
        bob.uploads("scan.png", b"\x89PNG scan", text="!r the scan", at=team, thread=card)
        await telegram.until(lambda: any(s.kind == "photo" and "the scan" in s.text for s in ida.chat.messages))


async def test_nothing_else_in_a_payload_is_called(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    ann: Person,
    bob: Person,
    team: Room,
    elsewhere: CatchAll,
):
    async with opened(**both):
        card = await talking(sandbox, telegram, ida, bob, team)
        own, sandbox._world.url = sandbox._world.url, elsewhere.url  # response addresses and uploads lead elsewhere
        pictures = {"image_url": f"{elsewhere.url}/i.png", "thumb_url": f"{elsewhere.url}/t.png", "text": "unfurled"}
        blocks = [{"type": "image", "image_url": f"{elsewhere.url}/b.png", "alt_text": "b"}]
        said = {"text": f"!r <{elsewhere.url}/page|a page>", "attachments": [pictures], "blocks": blocks}
        posting.post(sandbox._space, sandbox._world.channels[team.id], bob.id, said, thread=card.ts)
        await telegram.until(lambda: ida.chat.find("a page"))
        bob.presses("Resolve", at=card)
        bob.runs("/desk mine", at=team)
        ann.says("hello there")
        ida.sends_document("answer.pdf", b"%PDF", caption="here it is")
        await sandbox.until(lambda: [call for call in sandbox.calls if call.method == "files.getUploadURLExternal"])
        sandbox._world.url = own
        await sandbox.until(lambda: [s for s in team.messages for file in s.files if file.name == "answer.pdf"])
    assert elsewhere.heard == []


async def test_a_file_is_given_up_beyond_the_limit_whatever_size_was_claimed(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
):
    async with opened(**both):
        card = await talking(sandbox, telegram, ida, bob, team)
        bob.uploads("small.zip", b"0" * 51 * MB, size=0, text="!r take this", at=team, thread=card)
        told = await reads(telegram, ida, "take this")
        assert "small.zip could not be brought here" in told.text


async def test_a_sign_in_page_is_not_taken_for_the_file(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
):
    async with opened(**both):
        card = await talking(sandbox, telegram, ida, bob, team)
        for name, data in (("scan.png", b"\x89PNG"), ("page.html", b"<p>ours</p>")):
            page = sandbox.faults.foreign("html_200", method="download", times=None)
            bob.uploads(name, data, text=f"!r here is {name}", at=team, thread=card)
            told = await reads(telegram, ida, f"here is {name}")
            assert f"{name} could not be brought here" in told.text
            sandbox.faults.remove(page)
        bob.uploads("page.html", b"<p>ours</p>", text="!r once more", at=team, thread=card)
        await telegram.until(lambda: any(s.kind == "document" and "once more" in s.text for s in ida.chat.messages))
