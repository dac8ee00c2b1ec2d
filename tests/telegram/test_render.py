"""What we say becomes calls that Telegram takes: whatever is said, nothing of it is lost and no limit is passed."""

import json
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot, methods
from aiogram.utils.serialization import deserialize_telegram_object_to_python
from hypothesis import given
from hypothesis import strategies as st
from teremok.validation import validate_method

from bot.telegram.redraw import edit_plan
from bot.telegram.render import ALBUM, CAPTION, DATA, TEXT, Call, Where, button_data, message_calls
from bot.telegram.words import message_entities, rich_text_from_telegram, split_for_telegram, utf16_length
from handlers.vocabulary.messages import File, RenderedButton, RenderedMessage, RichText, Span

KINDS = ("bold", "italic", "underline", "strike", "spoiler", "code", "pre", "quote", "link", "notify")
WITH_HANDLE = ("photo", "video", "animation", "audio", "voice", "video_note", "document", "sticker")
letters = st.characters(codec="utf-8", exclude_characters="\x00")
pieces = st.sampled_from(
    ["слово", "word", "👩‍👩‍👧", "𝒜", "\n\n", "\n", " ", "<b>&amp;", "_*[`", "é", "日本"]
) | st.text(letters)
texts = st.lists(pieces, max_size=12).map("".join) | st.builds(
    lambda piece, times: piece * times, pieces, st.sampled_from([1, 3, 100, 900])
)


@st.composite
def said(draw: st.DrawFn) -> RichText:
    text = draw(texts)
    ends = st.integers(0, len(text))
    kinds = st.sampled_from(KINDS)
    urls = st.sampled_from(["", "https://example.org/?a=1", "7001"])
    spans = draw(st.lists(st.builds(Span, kinds, ends, ends, urls), max_size=5))
    return RichText(text, tuple(spans))


def facts_of(kind: str) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = {
        "location": {"latitude": 50.4, "longitude": 30.5},
        "venue": {"latitude": 50.4, "longitude": 30.5, "title": "Office", "address": "Main Street 1"},
        "contact": {"phone": "+380441234567", "first": "Anna", "last": ""},
        "dice": {"emoji": "🎲", "value": 6},
        "poll": {"question": "Tea?", "options": ["yes", "no"]},
    }
    return known.get(kind, {})


files = st.sampled_from((*WITH_HANDLE, "location", "venue", "contact", "dice", "poll", "other")).map(
    lambda kind: File(kind, "AgACAgIAAxkBAAIB" if kind in WITH_HANDLE else "", "", 10, "", facts_of(kind))
)
labels = st.text(letters, max_size=80)
keys = st.builds(
    RenderedButton, labels, st.sampled_from(["pick", "claim", "статья"]), st.sampled_from(["", "12.3.4", "щ" * 10])
)
rows = st.lists(st.lists(keys, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple)
drawn = st.builds(
    RenderedMessage, said(), rows, st.lists(files, max_size=13).map(tuple), st.booleans(), st.booleans(), st.just({})
)
places = st.builds(Where, st.just("-1001234567890"), st.sampled_from(["", "17"]), st.sampled_from(["", "99"]))


@given(drawn, places)
def test_whatever_is_said_telegram_takes_it_and_nothing_is_lost(message: RenderedMessage, where: Where):
    calls = message_calls(message, where)
    for call in calls:
        fits(call)
    assert [c for c in calls if getattr(c, "reply_parameters", None)] == (calls[:1] if where.reply else [])
    visible = "".join(told(call) for call in calls)
    assert squeezed(message.words.text) in squeezed(visible)
    sent = sum(len(getattr(call, "media", "1")) for call in calls if not isinstance(call, methods.SendMessage))
    assert sent == sum(f.kind not in ("other", "dice", "poll") for f in message.files)
    keyboards = [call for call in calls if getattr(call, "reply_markup", None)]
    assert len(keyboards) == (1 if calls and (message.keys or message.prompt) else 0)


@given(drawn, places, st.integers(1, 14))
def test_whatever_is_changed_telegram_takes_it_and_nothing_is_lost(message: RenderedMessage, where: Where, parts: int):
    shown = [str(number) for number in range(100, 100 + parts)]
    redrawn = edit_plan(message, where, shown)
    if redrawn is None:  # it is said anew
        return
    for call in (*redrawn.edits, *redrawn.more):
        fits(call)
    visible = "".join(told(call) for call in (*redrawn.edits, *redrawn.more))
    assert squeezed(message.words.text) in squeezed(visible)
    assert {*redrawn.stay, *redrawn.surplus} == {*shown}


@given(said(), st.integers(16, 5000))
def test_words_are_cut_where_nothing_is_lost(message: RichText, limit: int):
    parts = split_for_telegram(message, limit)
    assert all(utf16_length(part.text) <= limit and part.text.strip() for part in parts)
    assert squeezed("".join(part.text for part in parts)) == squeezed(message.text)


def test_a_time_is_said_with_its_zone():
    said = RichText(
        "by 14:00, or 15:00", (Span("date", 3, 8, "1772445600 EET"), Span("bold", 0, 18), Span("date", 13, 18, "1 UTC"))
    )
    (call,) = message_calls(RenderedMessage(said), Where("1"))
    assert told(call) == "by 14:00 EET, or 15:00 UTC"
    assert {entity.type for entity in getattr(call, "entities", None) or ()} == {"bold"}


def test_words_are_cut_at_the_ends_of_paragraphs():
    paragraph = "One line of it.\n" * 20
    message = RichText("\n\n".join([paragraph.strip()] * 30))
    parts = split_for_telegram(message, TEXT)
    assert len(parts) > 1
    assert all(part.text.startswith("One line") and part.text.endswith("of it.") for part in parts)
    assert all(len(part.text) % (len(paragraph) + 1) in (len(paragraph) - 1, 0) for part in parts)


@given(said())
def test_words_come_back_as_they_went(message: RichText):
    entity = message_entities(message)
    back = rich_text_from_telegram(message.text, entity)
    kept = {(s.kind, s.start, s.end) for s in back.spans}
    leading = ("link", "notify")
    ours = {(s.kind, s.start, s.end) for s in message.spans if s.start < s.end and s.kind not in leading}
    assert back.text == message.text
    assert ours <= kept
    assert {kind for kind, _, _ in kept - ours} <= {"link", "mention"}  # whom we notified is mentioned


@given(st.text(letters, max_size=40), st.text(letters, max_size=40))
def test_a_button_carries_64_bytes_or_is_refused_aloud(name: str, value: str):
    key = RenderedButton("label", name, value)
    if len(f"{name}:{value}".encode()) <= DATA:
        assert len(button_data(key).encode()) <= DATA
    elif value:
        with pytest.raises(ValueError, match="carries too much"):
            button_data(key)


def test_a_button_in_cyrillic_is_counted_in_bytes():
    assert button_data(RenderedButton("Так", "вибір", "щ" * 26)) == "вибір:" + "щ" * 26
    with pytest.raises(ValueError, match="65 bytes"):
        button_data(RenderedButton("Так", "вибір", "щ" * 27))


@pytest.mark.parametrize("name", ["card", "prompt", "album", "long", "formatted", "places"])
def test_a_golden_rendering(name: str):
    calls = message_calls(GOLDEN[name], Where("-1001234567890", "17", "99"))
    shown = json.loads(json.dumps([wire(call) for call in calls]))
    golden = Path(__file__).parent / "golden" / f"{name}.json"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{golden.name} was not there; look at it and commit it")
    assert shown == json.loads(golden.read_text(encoding="utf-8"))


GOLDEN = {
    "card": RenderedMessage(
        RichText("🆕 #1 Billing\nAnn · Telegram", (Span("bold", 0, 12),)),
        (
            (RenderedButton("Claim", "claim", "1"), RenderedButton("Spam", "spam", "1", danger=True)),
            (RenderedButton("Open", "", url="https://t.me/a"),),
        ),
    ),
    "prompt": RenderedMessage(
        RichText("Bob, what is the reply?", (Span("notify", 0, 3, "7001"),)), prompt=True, silent=True
    ),
    "album": RenderedMessage(
        RichText("Three pages"),
        files=(*(File("photo", f"photo{n}") for n in range(3)), File("document", "doc"), File("voice", "voice")),
    ),
    "long": RenderedMessage(RichText("Слово 👍 " * 700), ((RenderedButton("Так", "yes"),),)),
    "formatted": RenderedMessage(
        RichText(
            "👩‍👩‍👧 сім'я, a link, <b>no markup</b>",
            (Span("italic", 0, 5), Span("link", 14, 20, "https://example.org")),
        )
    ),
    "places": RenderedMessage(
        RichText("Here:"),
        files=tuple(File(kind, facts=facts_of(kind)) for kind in ("location", "venue", "contact", "poll", "dice")),
    ),
}


BOT = Bot("42:TEST")


def wire(call: Call) -> dict[str, Any]:
    """Return a call as it travels."""
    raw: dict[str, Any] = deserialize_telegram_object_to_python(call)
    return raw


def fits(call: Call) -> None:
    """Judge a call by an independent validator and by the limits it does not know."""
    validate_method(BOT, call)
    raw = wire(call)
    for text, marks, limit in ((raw.get("text"), "entities", TEXT), (raw.get("caption"), "caption_entities", CAPTION)):
        if text is not None:
            assert 0 < utf16_length(text) <= limit
            assert text.strip()
            for entity in raw.get(marks) or ():
                assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(text)
                text.encode("utf-16-le")[entity["offset"] * 2 :].decode("utf-16-le")  # starts at a letter
    assert 2 <= len(raw.get("media", "ab")) <= ALBUM
    for row in (raw.get("reply_markup") or {}).get("inline_keyboard", ()):
        for button in row:
            assert 1 <= len(button["text"]) <= 64
            assert 1 <= len(button.get("callback_data", "x").encode()) <= DATA


def told(call: Call) -> str:
    media = getattr(call, "media", None) or []
    first = getattr(media[0], "caption", None) if isinstance(media, list) and media else None
    return getattr(call, "text", None) or getattr(call, "caption", None) or first or ""


def squeezed(text: str) -> str:
    """Return a text without its white space: parts are cut there."""
    return "".join(text.split())
