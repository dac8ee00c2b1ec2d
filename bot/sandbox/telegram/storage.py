"""The server's files: what the bot uploads and what people attach."""

import mimetypes
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.sandbox.clock import Clock
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.model import Json, StoredFile
from bot.sandbox.telegram.tables import FILE_LINK_S, LIMITS

# kind → (prefix of its ids, folder, default name, default type)
KINDS: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "photo": ("AgAC", "photos", "photo.jpg", "image/jpeg"),
        "document": ("BQAC", "documents", "file.bin", "application/octet-stream"),
        "video": ("BAAC", "videos", "video.mp4", "video/mp4"),
        "animation": ("CgAC", "animations", "animation.mp4", "video/mp4"),
        "audio": ("CQAC", "music", "audio.mp3", "audio/mpeg"),
        "voice": ("AwAC", "voice", "voice.ogg", "audio/ogg"),
        "video_note": ("DQAC", "video_notes", "round.mp4", "video/mp4"),
        "sticker": ("CAAC", "stickers", "sticker.webp", "image/webp"),
    }
)


def _mime(name: str, given: str | None, default: str) -> str:
    """Return a file's type; a client that says only "bytes" is not believed."""
    if given and given != "application/octet-stream":
        return given
    return mimetypes.guess_type(name)[0] or default


class Files:
    """Stored files by id; a link to one is good for an hour."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._files: dict[str, StoredFile] = {}
        self._links: dict[str, tuple[StoredFile, datetime]] = {}

    def add(
        self,
        kind: str,
        data: bytes | None,
        *,
        name: str | None = None,
        mime: str | None = None,
        size: int | None = None,
    ) -> StoredFile:
        """Keep a file; ``size`` may claim more bytes than are there."""
        prefix, folder, default, default_mime = KINDS[kind]
        number = len(self._files) + 1
        name = name or default
        stored = StoredFile(
            id=f"{prefix}AgADBAAD{number:08d}",
            unique_id=f"AgAD{number:08d}",
            kind=kind,
            size=size if size is not None else len(data or b""),
            name=name,
            mime=_mime(name, mime, default_mime),
            data=data,
            path=f"{folder}/file_{number}.{name.rpartition('.')[2]}",
        )
        self._files[stored.id] = stored
        return stored

    def get(self, file_id: str) -> StoredFile:
        """Return a file, or refuse a foreign id."""
        stored = self._files.get(file_id)
        if stored is None:
            raise ApiError(Refusal.WRONG_FILE)
        return stored

    def lie_at(self, file_id: str, path: str) -> None:
        """Let a file have another path, or refuse a foreign id."""
        self._files[file_id] = replace(self.get(file_id), path=path)

    def link(self, file_id: str) -> Json:
        """Return the ``File`` object whose path can be downloaded for an hour."""
        stored = self.get(file_id)
        if stored.size > LIMITS["download_bytes"]:
            raise ApiError(Refusal.FILE_TOO_BIG)
        self._links[stored.path] = (stored, self._clock.now() + timedelta(seconds=FILE_LINK_S))
        return {
            "file_id": stored.id,
            "file_unique_id": stored.unique_id,
            "file_size": stored.size,
            "file_path": stored.path,
        }

    def download(self, path: str) -> StoredFile | None:
        """Return the file behind a fresh link."""
        stored, until = self._links.get(path, (None, None))
        return stored if until is not None and self._clock.now() <= until else None
