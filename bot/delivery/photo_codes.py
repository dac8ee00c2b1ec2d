"""The codes on a photo (QR, Data Matrix, bar codes), read in a process of its own, as every stranger's file."""

import io
import json
from typing import TYPE_CHECKING

from kb.files.apart import Ended, call_in_subprocess, serve_one_request
from kb.files.formats import Progress

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP")
PIXELS = 50_000_000  # of a photo: more is none
SIDES = (1600, 4000)  # at which it is looked at: a code held close is found in the small one, many times faster
MOST, LONGEST = 10, 2000  # codes of a photo, characters of one


def codes_on(raw: bytes) -> bytes:
    """Return the codes on a photo as JSON, a list of texts; none where it is no photo, or too large a one."""
    try:
        return call_in_subprocess("bot.delivery.photo_codes", raw)
    except Ended:
        return b"[]"


def read_codes(raw: bytes, _: Progress | None = None) -> bytes:
    """Return the codes on a photo as JSON, a list of texts."""
    from PIL import Image  # only where photos are read: both take their time

    found: list[str] = []
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as photo:
            if photo.width * photo.height <= PIXELS:
                grey = photo.convert("L")
                found = next((codes for side in SIDES if (codes := _codes(grey, side))), [])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        pass
    return json.dumps(found).encode()


def _codes(photo: "Image.Image", side: int) -> list[str]:
    import zxingcpp

    seen = photo.copy()
    seen.thumbnail((side, side))
    texts = (code.text.strip() for code in zxingcpp.read_barcodes(seen))
    return list(dict.fromkeys(text for text in texts if text and len(text) <= LONGEST))[:MOST]


if __name__ == "__main__":
    serve_one_request(read_codes)
