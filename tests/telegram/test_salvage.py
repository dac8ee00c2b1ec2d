"""What the library cannot read costs only itself: the words come, and nobody's are taken for another's."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.telegram.events import event_from_update
from bot.telegram.salvage import readable_update
from handlers.vocabulary.messages import Kind

WHO = {"id": 7001, "is_bot": False, "first_name": "Ann"}
CHAT = {"id": 7001, "type": "private", "first_name": "Ann"}


def said(**more: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 15, "date": 1760000000, "from": WHO, "chat": CHAT, **more}}


def read(raw: dict[str, Any]) -> Any:
    found = event_from_update(readable_update(raw), "telegram:1", "bot")
    assert found is not None
    return found


@pytest.mark.parametrize(
    "broken",
    [
        {"entities": [{"type": "bold", "offset": "x", "length": 1}]},
        {"link_preview_options": {"url": 5}},
        {"reply_to_message": {"message_id": 3, "date": 1, "chat": CHAT, "a": 1, "b": 2, "c": 3, "photo": 7}},
        {"quote": {"text": None}},
        {"via_bot": {"id": "me"}},
        {"forward_origin": {"type": "hidden_user", "date": 1}, "entities": [{}]},
    ],
)
def test_the_words_come_without_what_cannot_be_read(broken: dict[str, Any]):
    assert "The receipt did not come" in read(said(text="The receipt did not come", **broken)).words.text


@pytest.mark.parametrize("more", [{}, {"a": 1, "b": 2, "c": 3, "d": 4}])
def test_of_a_reply_to_what_cannot_be_read_it_stays_to_what(more: dict[str, Any]):
    above = {"message_id": 3, "date": 1, "chat": CHAT, "photo": 7, **more}
    found = read(said(text="/r It is on its way", reply_to_message=above))
    assert (found.reply_to, found.name) == ("3", "r")


def test_what_cannot_be_read_goes_whole_but_for_a_reply():
    found = readable_update(said(text="Hello", via_bot={"id": "me", **dict.fromkeys("abcdefg", 1)}))
    assert found.message is not None
    assert found.message.via_bot is None


def test_a_reply_of_which_nothing_can_be_read_is_none():
    above = {"message_id": "x", "date": 1, "chat": CHAT}
    assert read(said(text="Hello", reply_to_message=above)).reply_to == ""


def test_a_forward_that_cannot_be_read_is_nobodys_command():
    found = read(said(text="/r The customer is right", forward_origin={"type": "hidden_user", "date": 1}))
    assert found.kind is Kind.TEXT
    assert found.words.text.startswith("↪ ")


def test_a_real_forward_of_somebody_without_a_name(shared: Path):
    inputs = json.loads((shared / "specs/real_inputs.json").read_text("utf-8"))["payloads"]
    raw = next(each["payload"] for each in inputs if each["name"] == "forward_the_library_cannot_read")
    assert read(raw).words.text == "↪ …\nЧек не прийшов"


def test_the_log_names_the_place_and_never_a_word(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING):
        read(said(text="My password is 1234", entities=[{"type": "bold", "offset": "secret-4711", "length": 1}]))
    assert "message.entities.0.offset" in caplog.text
    assert "secret-4711" not in caplog.text
    assert "1234" not in caplog.text


@pytest.mark.parametrize("broken", [{"chat": {"id": "x"}}, {"date": "never"}, {"from": {"id": None}}])
def test_what_nobody_can_place_is_given_up(broken: dict[str, Any]):
    with pytest.raises(ValidationError):
        readable_update(said(text="hello", **broken))
