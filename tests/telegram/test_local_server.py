"""Files of a Bot API server of one's own, started with --local: it names a path on this machine's disk.

Whoever answers as that server may name any path: only the bot's own folder is read.
"""

from pathlib import Path

import pytest

from bot.messengers.downloads import Memory
from bot.messengers.protocol import Rejected
from bot.sandbox.telegram import Person, TelegramSandbox
from bot.telegram import adapter
from bot.telegram.adapter import Telegram
from handlers.vocabulary.messages import File
from tests.telegram.delivering import messenger

__all__ = ["messenger"]


async def fetched(messenger: Telegram, sandbox: TelegramSandbox, person: Person, path: Path | str) -> bytes:
    """Return what the desk gets of a file of which the server says that it lies there."""
    sent = person.sends_document("a.txt", b"by the wire")
    sandbox.names_path(str(sent.file_id), str(path))
    async with Memory().room(0) as room:
        return await messenger.fetch(File("document", str(sent.file_id)), room)


@pytest.fixture
def folder(tmp_path: Path, sandbox: TelegramSandbox) -> Path:
    """Return the folder where a local server keeps the bot's files."""
    made = tmp_path / sandbox.token / "documents"
    made.mkdir(parents=True)
    return made


async def test_it_is_read_from_the_bots_folder(
    messenger: Telegram, sandbox: TelegramSandbox, ann: Person, folder: Path
):
    (folder / "file_1.txt").write_bytes(b"from the disk")
    assert await fetched(messenger, sandbox, ann, folder / "file_1.txt") == b"from the disk"


@pytest.mark.parametrize("escape", ["/etc/hostname", "{folder}/../../../secret", "{folder}/../../secret"])
async def test_no_other_path_is_read(
    messenger: Telegram, sandbox: TelegramSandbox, ann: Person, folder: Path, tmp_path: Path, escape: str
):
    for secret in (tmp_path / "secret", tmp_path.parent / "secret"):
        secret.write_bytes(b"another's")
    with pytest.raises(Rejected, match="no_file"):
        await fetched(messenger, sandbox, ann, escape.format(folder=folder))


async def test_what_cannot_be_read_there_is_told_by_the_setting(
    messenger: Telegram, sandbox: TelegramSandbox, ann: Person, folder: Path, caplog: pytest.LogCaptureFixture
):
    with pytest.raises(Rejected, match="no_file"):
        await fetched(messenger, sandbox, ann, folder / "not_there.txt")
    assert "TELEGRAM_API_URL: let the desk read the local server's folder" in caplog.text
    assert sandbox.token not in caplog.text


async def test_what_is_larger_than_it_may_be_is_given_up(
    messenger: Telegram, sandbox: TelegramSandbox, ann: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(adapter, "DOWNLOAD", 100)
    (folder / "large.bin").write_bytes(b"0" * 101)
    with pytest.raises(Rejected, match="too_big"):
        await fetched(messenger, sandbox, ann, folder / "large.bin")
