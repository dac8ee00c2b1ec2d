"""An asset is named by a photo of the code on it: in a form, and by an agent who wants to know what it is."""

import io

import pytest
import zxingcpp
from PIL import Image

from bot.delivery.photo_codes import codes_on, read_codes
from tests.stories.harness import QUEUE, Desk, House, said_in
from tests.stories.rules.test_assets import ACCESS, LAPTOP, owned, with_assets

BLANK = Image.new("RGB", (400, 300), "white")


def as_png(image: Image.Image) -> bytes:
    """Return an image as a file."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def photo_of(text: str, kind: str = "QRCode") -> bytes:
    """Return a photo of a label: its code askew on a grey wall."""
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    label = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=6)).convert("L")
    wall = Image.new("L", (max(1000, label.width + 400), label.height + 400), 170)
    wall.paste(label, (200, 200))
    return as_png(wall.rotate(7, expand=True, fillcolor=170))


@pytest.mark.parametrize("kind", ["QRCode", "DataMatrix", "Code128", "Aztec"])
def test_codes_of_labels_are_read(kind: str):
    assert read_codes(photo_of("PC-114", kind)) == b'["PC-114"]'


def test_what_has_no_code_or_is_no_photo_has_none():
    assert codes_on(photo_of("PC-114")) == b'["PC-114"]'
    for raw in (as_png(BLANK), b"", b"no photo", photo_of("PC-114")[:500], b"GIF89a" + b"\0" * 100):
        assert read_codes(raw) == b"[]"
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    assert codes_on(bomb.getvalue()) == b"[]"


class TestStepByStep:
    @pytest.fixture
    def house(self) -> House:
        return House(windows=False)

    @pytest.mark.parametrize("language", ["en", "uk"])
    async def test_a_photo_answers_a_question_and_finds_an_asset(self, desk: Desk, language: str):
        ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
        await with_assets(desk, bob, language)
        await owned(desk, ann, "PC-114", "PC-115", name="Lenovo T14")
        dan = desk.requester("Dan", language=language)
        await owned(desk, dan, "PC-900", name="Lenovo X1")
        await ann.says("/new")
        await ann.presses(ACCESS[language], on=await ann.sees())
        await ann.sees()
        await ann.says("It is slow")
        await ann.sees(said_in(language, "form.asset"))
        await ann.sends("photo", name="wall.png", data=as_png(BLANK))
        await ann.reads(said_in(language, "form.wrong.no_code"))
        await ann.sends("photo", name="dans.png", data=photo_of("PC-900"))  # somebody else's
        shown = await ann.reads(said_in(language, "form.wrong.asset"))
        assert not any("900" in label for label in shown.buttons)
        await ann.sends("photo", name="mine.png", data=photo_of("https://it.example.com/a/pc-115?from=label"))
        await ann.reads(said_in(language, "form.review"), "PC-115")
        await ann.presses(said_in(language, "form.submit"))
        await ann.catches_up()
        await bob.reads("#1", "🖥 PC-115 · Lenovo T14", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        await bob.starts()
        await bob.catches_up()
        await bob.sends("photo", "/asset", name="label.png", data=photo_of("PC 900", "Code128"))
        await bob.reads("PC-900", LAPTOP[language])
        await bob.sends("photo", "/asset", name="label.png", data=photo_of("PC-777"))
        await bob.reads(said_in(language, "refused.no_asset", word="PC-777"))
        await bob.sends("photo", "/asset", name="wall.png", data=as_png(BLANK))
        await bob.reads(said_in(language, "refused.no_code_seen"))
        await bob.catches_up()
