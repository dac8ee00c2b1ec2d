"""Files cross with their names, each as what it is; what is too big is named, with the limit, to both sides."""

from typing import Any

import pytest

from bot.sandbox.faults import Fault, Foreign
from bot.sandbox.slack import Person, Room, SlackSandbox
from bot.sandbox.telegram import Group, TelegramSandbox
from bot.sandbox.telegram import Person as TelegramPerson
from tests.slack.conftest import Open, talking

MB = 1024 * 1024


def shared(room: Room) -> list[tuple[str, str]]:
    """Return the files that the desk has shared in a room: name and type."""
    return [(file.name, file.mimetype) for seen in room.messages if seen.from_bot for file in seen.files]


@pytest.mark.slow
async def test_each_kind_of_file_arrives_on_slack_as_what_it_is(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
):
    async with opened(**both):
        await talking(sandbox, telegram, ida, bob, team)
        ida.sends_voice(b"OggS voice")
        await sandbox.until(lambda: ("voice.ogg", "audio/ogg") in shared(team))
        ida.sends_sticker(b"RIFF sticker")
        await sandbox.until(lambda: ("sticker.webp", "image/webp") in shared(team))
        ida.sends_album(("photo", "photo", "photo"), caption="three pictures")
        await sandbox.until(lambda: [name for name, _ in shared(team)].count("photo.jpg") == 3)
        assert [seen.text.count("three pictures") for seen in team.messages if "three pictures" in seen.text] == [1]
        ida.sends_video(b"video", name="clip.mp4")
        await sandbox.until(lambda: ("clip.mp4", "video/mp4") in shared(team))
        ida.sends_location(50.45, 30.52)
        found = await sandbox.until(lambda: team.find("openstreetmap.org"))
        assert "mlat=50.45&mlon=30.52" in found.text
        ida.sends_contact("+380441234567", "Anna")
        await sandbox.until(lambda: team.find("Anna: +380441234567"))
        ida.sends_video_note(b"round")
        await sandbox.until(lambda: ("video.mp4", "video/mp4") in shared(team))
        ida.sends_animation(b"moving", name="funny.mp4")
        await sandbox.until(lambda: ("funny.mp4", "video/mp4") in shared(team))
        ida.sends_audio(b"ID3", name="song.mp3")
        await sandbox.until(lambda: ("song.mp3", "audio/mpeg") in shared(team))
        ida.sends_dice("🎲", 4)
        await sandbox.until(lambda: team.find("🎲 4"))
        ida.sends_poll("Tea?", ["yes", "no"])
        await sandbox.until(lambda: team.find("📊 Tea?\n– yes\n– no"))


async def test_files_arrive_on_telegram_as_what_they_are(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    forum: Group,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
):
    async with opened(**both):
        card = await talking(sandbox, telegram, ida, bob, team)
        more = [("second.png", b"\x89PNG 2"), ("third.pdf", b"%PDF")]
        bob.uploads("first.png", b"\x89PNG 1", more=more, text="!r look", at=team, thread=card)
        await telegram.until(lambda: len([s for s in ida.chat.messages if s.kind in ("photo", "document")]) == 3)
        pictures = [seen for seen in ida.chat.messages if seen.kind == "photo"]
        assert pictures[0].media_group
        assert pictures[0].media_group == pictures[1].media_group, "pictures are a set"
        bob.uploads("big.png", b"\x89PNG" + b"0" * 11 * MB, text="!r in full", at=team, thread=card)
        await telegram.until(lambda: any("in full" in s.text and s.kind == "document" for s in ida.chat.messages))


async def test_what_is_too_big_for_a_messenger_is_named_to_both_sides(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
):
    async with opened(**both | {"telegram_team_chat": None}):
        card = await talking(sandbox, telegram, ida, bob, team)
        ida.sends_document("film.mov", size=21 * MB, caption="this is it")
        told = "film.mov could not be brought here: it has 21 MB, and 20 MB is the limit."
        await sandbox.until(lambda: team.find(f"this is it\n@Bob\n{told}"))
        await telegram.until(
            lambda: ida.chat.find("film.mov could not be passed on: it has 21 MB, and 20 MB is the limit.")
        )

        bob.uploads("dump.zip", b"x", size=51 * MB, text="!r take this", at=team, thread=card)
        await telegram.until(lambda: ida.chat.find("take this\ndump.zip could not be brought here"))
        await sandbox.until(lambda: team.find("dump.zip could not be passed on: it has 51 MB, and 50 MB is the limit."))


@pytest.mark.parametrize("status", [404, 410])
async def test_what_slack_has_no_more_is_named_to_both_sides(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
    status: int,
):
    async with opened(**both | {"telegram_team_chat": None}):
        card = await talking(sandbox, telegram, ida, bob, team)
        said = Foreign(status, "application/json", '{"ok": false, "error": "file_deleted"}')
        fault = sandbox.faults.answer(Fault("download", times=None), said)
        bob.uploads("log.txt", b"all of it", text="!r take this", at=team, thread=card)
        await telegram.until(lambda: ida.chat.find("take this\nlog.txt could not be brought here. Ask for it again"))
        await sandbox.until(lambda: team.find("delivered without log.txt: it could not be brought"))
        assert fault.hits == 1
        sandbox.faults.remove(fault)
        bob.uploads("log.txt", b"all of it", text="!r once more", at=team, thread=card)
        await telegram.until(lambda: any("once more" in s.text and s.kind == "document" for s in ida.chat.messages))


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_file_that_is_refused_twice_for_the_moment_arrives(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
    status: int,
):
    """A page is a proxy's as well as Slack's, whatever its number: it says nothing of the file."""
    async with opened(**both | {"telegram_team_chat": None}):
        card = await talking(sandbox, telegram, ida, bob, team)
        fault = sandbox.faults.html(status=status, method="download", times=2)
        bob.uploads("log.txt", b"all of it", text="!r take this", at=team, thread=card)
        await telegram.until(lambda: any("take this" in s.text and s.kind == "document" for s in ida.chat.messages))
        assert fault.hits == 2
        await sandbox.until(lambda: team.find("✓ delivered"))
        assert team.find("delivered without") is None


async def test_within_one_messenger_nothing_is_too_big(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    forum: Group,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
):
    async with opened(**both):
        await talking(sandbox, telegram, ida, bob, team)
        ida.sends_document("film.mov", size=21 * MB)
        await telegram.until(lambda: any(seen.kind == "document" for seen in forum.messages))
        await sandbox.until(lambda: team.find("film.mov could not be brought here"))
        assert ida.chat.find("could not be passed on") is None, "somebody of the team has it"


async def test_a_file_put_in_the_place_of_another_crosses(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
):
    async with opened(**both):
        await talking(sandbox, telegram, ida, bob, team)
        said = ida.sends_photo(b"\x89PNG old", caption="the screen")
        await sandbox.until(lambda: shared(team))
        ida.replaces(said, "photo", b"\x89PNG new")
        line = await sandbox.until(lambda: team.find("A file was replaced"))
        assert line.text.startswith("✏️ Ida")
        await sandbox.until(lambda: len(shared(team)) == 2)
        new = [file for seen in team.messages if seen.from_bot for file in seen.files][-1]
        assert sandbox.file(new.id).data == b"\x89PNG new"


async def test_files_put_into_a_window_come_with_the_request(
    sandbox: SlackSandbox, opened: Open, ann: Person, bob: Person, team: Room
):
    async with opened():
        ann.shortcut("new_request")
        await sandbox.until(lambda: ann.modal)
        ann.fills({"type": "Hardware"})
        await sandbox.until(lambda: ann.modal and "hardware.photo" in ann.modal.fields)
        ann.fills({"hardware.device": "Printer", "hardware.details": "It smokes"})
        ann.attaches("hardware.photo", [("smoke.jpg", b"\xff\xd8 smoke")])
        ann.submits()
        await sandbox.until(lambda: team.find("It smokes"))
        bob.presses("Claim", at=team)
        await sandbox.until(lambda: [name for name, _ in shared(team)] == ["smoke.jpg"])
