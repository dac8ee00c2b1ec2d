"""The team keeps the books of assets, and asks after one by a photo of its label."""

import io
from random import Random

import zxingcpp
from PIL import Image

from tests.town.acts.registry import act, possible
from tests.town.acts.team import agent
from tests.town.people import ADMIN, AGENT
from tests.town.town import NOTE, QUEUE, Town

ASSET_WORDS = (
    "",
    "PC-1",
    "lenovo",
    "pc 2 retire",
    "PC-2 use",
    "PC-3 name Dell",
    "add device PC-9",
    "PC-9 delete",
    "nothing",
)


@act("keeps the books of assets", 3)
async def assets(town: Town, random: Random) -> None:
    by = agent(town, random, AGENT, ADMIN)
    said = random.choice(ASSET_WORDS)
    possible(lambda: town.says(by, town.word(by, NOTE, random), f"/asset {said}".strip(), QUEUE))


@act("photographs a label", 1)
async def photographs(town: Town, random: Random) -> None:
    """The code of an asset as a photo, in an agent's own chat; now and then nothing that the desk knows."""
    by = agent(town, random, AGENT, ADMIN)
    photo = photo_of(random.choice(("PC-1", "PC 2", "https://it.example.com/a/pc-3", "PC-777", "")))
    possible(lambda: by.side.sends(by.native, "photo", "/asset", None, None, name="label.png", data=photo))
    town.note(f"{by.name} photographs a label")


def photo_of(text: str) -> bytes:
    """Return a photo of a label, of an empty one where there is no text."""
    label = Image.new("L", (400, 400), 255)
    if text:
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        label = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=6)).convert("L")
    out = io.BytesIO()
    label.save(out, "PNG")
    return out.getvalue()
