"""An asset named by a photo of the code on it: the photo is read beside the turns, and heard of when that is done."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from handlers.turns.turn import Turn, dump_rendered
from handlers.vocabulary.messages import File, Operation, RenderedMessage
from storage.people.assets import LONGEST, Asset

LARGEST = 15_000_000  # bytes of a photo
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


def photo_in(turn: Turn) -> File | None:
    """Return the photo that an event brings; also one that is sent as a file. Among others nobody's photos are read."""
    return next((file for file in turn.event.files if is_photo(file)), None) if turn.event.private else None


def is_photo(file: File) -> bool:
    """Return whether a file may be a photo that is worth a look."""
    shown = file.kind == "photo" or (file.kind == "document" and file.name.lower().endswith(ENDINGS))
    return shown and file.size <= LARGEST


def fetch_code(turn: Turn, photo: File, then: str, **facts: Any) -> None:
    """Let the codes of a photo be read by whoever hears ``then``; ``facts``: what that remembers, as JSON."""
    fetched = RenderedMessage(files=(photo,), facts={"then": then, "account": turn.person.account_id, **facts})
    turn.promise(turn.here[0], {"operation": Operation.FETCH, "payload": dump_rendered(fetched)})


def codes_of(turn: Turn) -> Sequence[str]:
    """Return the codes that were read."""
    fetched = turn.event.fetched
    assert fetched is not None
    found: Sequence[str] = json.loads(b64decode(fetched.content))
    return found


def numbers_in(codes: Sequence[str]) -> Iterator[str]:
    """Yield what codes may name an asset by: all of one, or of an address its last step or one of its values."""
    for code in codes:
        yield from (number for number in _numbers(code) if number and len(number) <= LONGEST)


def _numbers(code: str) -> Iterator[str]:
    yield code
    try:
        address = urlsplit(code)
    except ValueError:
        return
    if address.scheme and address.netloc:
        yield unquote(address.path.rstrip("/").rpartition("/")[2])
        yield from (value for _, value in parse_qsl(address.query))


def asset_with(turn: Turn, codes: Sequence[str]) -> Asset | None:
    """Return the asset whose number stands in a code."""
    found: Mapping[str, Asset] = turn.tx.assets.all_numbered(list(dict.fromkeys(numbers_in(codes))))
    return next(iter(found.values()), None)
