"""An archive of what is a person's, made when it is sent: gathered beside the writer, its files brought from their messengers."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from bot.messengers.downloads import Room
from bot.messengers.protocol import Messenger, Rejected, Revoked, Undelivered, Unreachable
from handlers.privacy.archive import Archive, Chapter, assemble_archive, gather_chapter
from handlers.vocabulary.messages import File
from handlers.vocabulary.translations import Locale
from storage.engine.database import Reads

LARGEST = 40 * 1024 * 1024  # bytes of all its files: a bot may send 50 MB
LEFT_OUT = "files/left-out.txt"


async def build_archive(
    database: Reads,
    person: int,
    reader: Locale,
    now: datetime,
    messengers: Mapping[str, Messenger] | None = None,
    room: Room | None = None,
) -> bytes:
    """Return the archive; a file that is too much, or that nobody gives any more, is named in it instead."""
    chapters, after = list[Chapter](), 0
    while True:
        chapter, goes_on = await database.read(
            partial(gather_chapter, person=person, after=after, reader=reader, now=now)
        )
        chapters.append(chapter)
        if goes_on is None:
            break
        after = goes_on
    found = await database.read(partial(assemble_archive, person=person, chapters=chapters, reader=reader, now=now))
    brought: dict[str, bytes] = {}
    left: list[str] = []
    size = 0
    for name, file in found.files:
        content = await _brought(file, messengers or {}, room) if size + file.size <= LARGEST else None
        if content is None or size + len(content) > LARGEST:
            left.append(name)
            continue
        size += len(content)
        brought[name] = content
    return await asyncio.to_thread(_packed, found, brought, left)


async def _brought(file: File, messengers: Mapping[str, Messenger], room: Room | None) -> bytes | None:
    """Return a file's content; None where there is none to be had. Raises Unreachable where its messenger is silent now."""
    messenger = messengers.get(file.source)
    if messenger is None or room is None:
        return None
    try:
        return await messenger.fetch(file, room)
    except Unreachable:
        raise
    except (Rejected, Revoked, Undelivered):
        return None


def _packed(found: Archive, brought: Mapping[str, bytes], left: list[str]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("my-data.html", found.page)
        archive.writestr("my-data.json", json.dumps(found.data, ensure_ascii=False, indent=2, default=str))
        for name, content in brought.items():
            archive.writestr(name, content)
        if left:
            archive.writestr(LEFT_OUT, "\n".join(left) + "\n")
    return packed.getvalue()
