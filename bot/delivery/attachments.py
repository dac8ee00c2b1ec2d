"""What a delivery carries is brought before it is sent: what its messenger does not know, from wherever it lies.

People's words do not wait for ever for a file beside them: one that is not to be had is named in its place.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.deferred.maker import Maker
from bot.deferred.workshop import Produced
from bot.delivery import audit_sheet
from bot.delivery.archive import build_archive
from bot.messengers.downloads import Room
from bot.messengers.protocol import Delivery, Messenger, Rejected, Revoked, Unreachable
from handlers.turns.crossing import UNBROUGHT, file_title
from handlers.vocabulary.deferred import is_deferred
from handlers.vocabulary.messages import File, RichText, join_lines
from handlers.vocabulary.translations import Locale
from storage.engine.database import DatabaseUnavailable

PATIENCE = 8  # tries (some seven minutes) that words wait for a file which nobody gives

Told = Callable[[str], Awaitable[None]]


def bytes_to_fetch(delivery: Delivery, messengers: Mapping[str, Messenger]) -> int:
    """Return how many bytes the files that must be brought are said to have."""
    return sum(file.size for file in delivery.drawn.files if _strange(file, delivery, messengers))


async def load_attachments(
    delivery: Delivery, messengers: Mapping[str, Messenger], maker: Maker, room: Room, revoked: Told
) -> Delivery:
    """Return a delivery with the content of its files; ``revoked`` hears whose token is not valid any more."""
    loaded: dict[str, bytes] = {}
    dropped: list[File] = []  # made, and words alone came of it
    missing: list[File] = []
    for file in delivery.drawn.files:
        if is_deferred(file):
            made = await _made(file, delivery, maker, room)
            delivery = _saying(delivery, made)
            if made.content is None:
                dropped.append(file)
            else:
                loaded[file.handle] = made.content
        elif (ours := await _ours(file, delivery, messengers, maker, room)) is not None:
            loaded[file.handle] = ours
        elif file.ref and file.source and file.source not in messengers:  # silent since the start, or served no more
            if delivery.rows[0].tries < PATIENCE:
                raise Unreachable("the messenger that has a file does not answer", doubt=False)
            missing.append(file)
        elif _strange(file, delivery, messengers):
            content = await _brought(file, delivery, messengers[file.source], room, revoked)
            if content is None:
                missing.append(file)
            else:
                loaded[file.handle] = content
    # No messenger takes an empty file.
    missing += (file for file in delivery.drawn.files if loaded.get(file.handle) == b"")
    return _carrying(delivery, loaded, missing, dropped)


def without_files(delivery: Delivery) -> Delivery:
    """Return a delivery with its files named in its words, where the messenger takes no such files."""
    return _carrying(delivery, {}, list(delivery.drawn.files), [])


def _carrying(delivery: Delivery, loaded: dict[str, bytes], missing: list[File], dropped: list[File]) -> Delivery:
    """Return a delivery with what was brought; what is missing is named in its words, what was dropped is not."""
    if not missing and not dropped:
        return replace(delivery, loaded=loaded) if loaded else delivery
    kept = tuple(file for file in delivery.drawn.files if file not in missing and file not in dropped)
    instead = (RichText(str(file.facts.get(UNBROUGHT) or f"📎 {file_title(file)} ✕")) for file in missing)
    drawn = replace(delivery.drawn, words=join_lines(delivery.drawn.words, *instead), files=kept)
    return replace(delivery, drawn=drawn, loaded=loaded, missing=tuple(missing))


def _saying(delivery: Delivery, made: Produced) -> Delivery:
    """Return a delivery that says what came of a file besides."""
    if made.words is None:
        return delivery
    return replace(delivery, drawn=replace(delivery.drawn, words=join_lines(delivery.drawn.words, made.words)))


async def _made(file: File, delivery: Delivery, maker: Maker, room: Room) -> Produced:
    """Return what came of a deferred file; nothing was sent yet, whatever went wrong."""
    try:
        made = await maker.make(file, delivery)
    except DatabaseUnavailable as trouble:
        raise Unreachable(f"the database: {trouble}", doubt=False) from trouble
    if made.content is not None:
        await room.take(len(made.content))
    return made


async def _ours(
    file: File, delivery: Delivery, messengers: Mapping[str, Messenger], maker: Maker, room: Room
) -> bytes | None:
    """Return the content of another file of our own; None where it is somebody's."""
    if file.source:
        return None
    if "text" in file.facts:
        return str(file.facts["text"]).encode()
    if "audit" in file.facts:
        reader = Locale(str(file.facts["language"]), str(file.facts["zone"]))
        return await audit_sheet.build_audit_sheet(maker.database, audit_sheet.wanted_of(file.facts["audit"]), reader)
    if "person" in file.facts:
        row = delivery.rows[0]
        reader = Locale(str(file.facts["language"]), str(file.facts["zone"]))
        asked = messengers if row.tries < PATIENCE else {}
        return await build_archive(maker.database, int(file.facts["person"]), reader, row.created_at, asked, room)
    return None


def _strange(file: File, delivery: Delivery, messengers: Mapping[str, Messenger]) -> bool:
    """Return whether the messenger of a delivery does not know a file by its handle, and another place has it."""
    if not file.ref or file.source not in messengers:
        return False
    return file.source != delivery.source or not messengers[delivery.source].able.handles


async def _brought(file: File, delivery: Delivery, keeper: Messenger, room: Room, revoked: Told) -> bytes | None:
    """Return a file's content; None where there is none to be had, or not for too long."""
    try:
        return await keeper.fetch(file, room)
    except Rejected:
        return None
    except Revoked:
        await revoked(file.source)
        trouble = Unreachable("the token of a file's messenger is not valid", doubt=False)
    except Unreachable as unreachable:
        trouble = Unreachable(unreachable.reason, doubt=False)  # nothing was sent yet
    if delivery.rows[0].tries >= PATIENCE:
        return None
    raise trouble
