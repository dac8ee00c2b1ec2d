"""Whatever Telegram sends becomes an event or is kept as it came; no word of a person gets lost on the way."""

import copy
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import Update
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import WallClock
from bot.inbox import inbox_arrival
from bot.monitoring.health import Contact
from bot.telegram.events import event_from_update
from bot.telegram.receiving import Receiver
from handlers.vocabulary.messages import EVENT, Event, Kind

SOURCE = "telegram:42"
Raw = dict[str, Any]

ANNA = {"id": 7001, "is_bot": False, "first_name": "Anna", "language_code": "uk"}
PRIVATE = {"id": 7001, "type": "private", "first_name": "Anna"}
TEAM = {"id": -1001234567890, "type": "supergroup", "title": "Team", "is_forum": True}


@pytest.fixture(scope="module")
def samples(shared: Path) -> dict[str, Raw]:
    found: dict[str, Raw] = json.loads((shared / "specs/telegram/sample_updates.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def receiver() -> Receiver:
    receiver = Receiver(Bot("42:TEST"), SOURCE, None, Contact(WallClock().now))
    receiver.username = "frontdesk_bot"
    return receiver


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL, "frontdesk.telegram")


def message(**content: Any) -> Raw:
    return {
        "update_id": 1,
        "message": {"message_id": 5, "date": 1770000000, "from": ANNA, "chat": PRIVATE, **content},
    }


def read(raw: Raw) -> Event | None:
    return event_from_update(Update.model_validate(raw), SOURCE, "frontdesk_bot")


def heard(raw: Raw) -> Event:
    found = read(raw)
    assert found is not None
    return found


def test_every_sample_is_what_it_is(samples: dict[str, Raw]):
    kinds = {name: found.kind if (found := read(raw)) else None for name, raw in samples.items()}
    nothing = {"topic_created_service", "topic_closed_service", "unknown_kind"}
    assert {name for name, kind in kinds.items() if kind is None} == nothing
    other = {
        "start_deep_link": Kind.COMMAND,
        "message_in_general_topic": Kind.COMMAND,
        "edited": Kind.EDIT,
        "callback": Kind.PRESS,
        "callback_old_message": Kind.PRESS,
        "user_blocked_bot": Kind.MEMBER,
        "group_migrated": Kind.MEMBER,
        "reaction": Kind.REACTION,
    }
    assert {name: kind for name, kind in kinds.items() if kind not in (None, Kind.TEXT)} == other


def test_what_is_said_in_a_topic_replies_to_nobody(samples: dict[str, Raw]):
    found = heard(samples["plain_message_in_topic"])
    assert found.thread
    assert not found.reply_to


def test_an_old_button_is_heard_without_its_message(samples: dict[str, Raw]):
    found = heard(samples["callback_old_message"])
    assert found.interaction


def holes(raw: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value below."""
    items = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for name, value in items:
        yield (*path, name)
        yield from holes(value, (*path, name))


def mutated(raw: Raw, path: tuple[Any, ...], value: Any) -> Raw:
    changed = copy.deepcopy(raw)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


values = st.one_of(
    st.just(...),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "\x00", "\ud800", "😀" * 5000, "-1", "supergroup", [], {}, [None], {"id": {}}, 2**63, -(2**40)]
    ),
    st.text(),
)


@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_comes_is_stored_and_stops_nobody(samples: dict[str, Raw], receiver: Receiver, data: st.DataObject):
    raw = samples[data.draw(st.sampled_from(sorted(samples)))]
    for _ in range(data.draw(st.integers(1, 3))):
        paths = [path for path in holes(raw) if path != ("update_id",)]
        if not paths:
            break
        raw = mutated(raw, data.draw(st.sampled_from(paths)), data.draw(values))
    batch = receiver.events([message(text="before"), raw, message(text="after")])
    assert [e.words.text for e in (batch[0], batch[-1])] == ["before", "after"]
    for found in batch:
        row = inbox_arrival(found)
        assert row.payload.encode()
        assert len(row.key) <= 160
        assert len(row.lane) <= 192
        back = EVENT.validate_json(row.payload)
        assert (back.kind, back.key, back.words) == (found.kind, found.key, found.words)
        if found.kind is Kind.RAW:
            assert json.loads(found.raw) == raw
            with pytest.raises(Exception, match=r"."):
                receiver.read(back)


letters = st.text(st.characters(codec="utf-8", exclude_characters="\x00/!"), min_size=1, max_size=50)


@given(letters)
def test_no_word_is_lost(text: str):
    """Every place where a person may write something, in every kind of message there is."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    file = {"file_id": "f", "file_unique_id": "u"}
    moving = {**file, "width": 1, "height": 1, "duration": 1}
    star = {"star_count": 1, "paid_media": []}
    place = {"location": {"latitude": 1.0, "longitude": 2.0}, "title": text, "address": "x"}
    contact = {"phone_number": "+1", "first_name": text}
    poll = {
        "id": "1", "question": text, "options": [{"persistent_id": "1", "text": "a", "voter_count": 0}],
        "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
        "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
    }  # fmt: skip
    rich = {
        "blocks": [{"type": "paragraph", "text": text}, {"type": "paragraph", "text": [{"type": "bold", "text": "b"}]}]
    }
    contents: list[Raw] = [
        {"text": text},
        {"photo": photo, "caption": text},
        {"document": {**file, "file_name": text}},
        {"document": file, "caption": text},
        {"video": moving, "caption": text},
        {"animation": moving, "document": file, "caption": text},
        {"audio": {**file, "duration": 1, "title": text}},
        {"voice": {**file, "duration": 1}, "caption": text},
        {"paid_media": star, "caption": text},
        {"venue": place, "location": place["location"]},
        {"contact": contact},
        {"poll": poll},
        {"checklist": {"title": text, "tasks": [{"id": 1, "text": "task"}]}},
        {"checklist": {"title": "list", "tasks": [{"id": 1, "text": text}]}},
        {"rich_message": rich},
        {"text": f"/r {text}"},
    ]
    for content in contents:
        found = heard(message(**content))
        kept = json.dumps([found.words.text, found.value, found.name, [(f.name, dict(f.facts)) for f in found.files]])
        assert json.dumps(text.strip())[1:-1] in kept, content


@pytest.mark.parametrize(
    "content",
    [
        {"story": {"chat": PRIVATE, "id": 1}},
        {"paid_media": {"star_count": 1, "paid_media": []}},
        {"game": {"title": "t", "description": "d", "photo": []}},
        {"invoice": {"title": "t", "description": "d", "start_parameter": "", "currency": "EUR", "total_amount": 1}},
        {"giveaway": {"chats": [], "winners_selection_date": 1, "winner_count": 1}},
        {"a_kind_of_next_year": {}},
    ],
)
def test_what_cannot_cross_is_named_so_that_both_sides_are_told(content: Raw):
    (file,) = heard(message(**content)).files
    assert file.kind == "other"
    assert file.facts["content"]


@pytest.mark.parametrize(
    ("was", "now", "name"),
    [
        ({"status": "left"}, {"status": "member"}, "joined"),
        ({"status": "member"}, {"status": "left"}, "left"),
        ({"status": "member"}, {"status": "kicked", "until_date": 0}, "left"),
        ({"status": "member"}, "restricted out", "left"),
        ("restricted out", "restricted in", "joined"),
        ({"status": "member"}, "restricted in", None),
    ],
)
def test_who_belongs_to_the_team(was: Any, now: Any, name: str | None):
    rights = (
        "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos can_send_video_notes "
        "can_send_voice_notes can_send_polls can_send_other_messages can_add_web_page_previews can_react_to_messages "
        "can_change_info can_invite_users can_pin_messages can_manage_topics can_edit_tag"
    )
    limited = {"status": "restricted", "until_date": 0, **dict.fromkeys(rights.split(), True)}
    known = {"restricted in": {**limited, "is_member": True}, "restricted out": {**limited, "is_member": False}}
    members = [{**(known[m] if isinstance(m, str) else m), "user": ANNA} for m in (was, now)]
    change = {"chat": TEAM, "from": ANNA, "date": 1, "old_chat_member": members[0], "new_chat_member": members[1]}
    found = read({"update_id": 1, "chat_member": change})
    assert (found.name if found else None) == name


def test_a_live_location_that_moves_is_said_once():
    raw = message(location={"latitude": 1.0, "longitude": 2.0, "live_period": 60})
    assert heard(raw).files[0].kind == "location"
    moved = {"update_id": 2, "edited_message": {**raw["message"], "edit_date": 1770000060}}
    assert read(moved) is None


def test_an_edited_part_of_an_album_is_an_edit_of_its_own():
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    raw = message(photo=photo, media_group_id="9", caption="new words")
    found = heard({"update_id": 2, "edited_message": {**raw["message"], "edit_date": 1770000060}})
    assert found.kind is Kind.EDIT
    assert not found.album


@pytest.mark.parametrize(
    ("text", "chat", "kind", "name", "value"),
    [
        ("/start req_access", PRIVATE, Kind.COMMAND, "start", "req_access"),
        ("/status@frontdesk_bot 42", TEAM, Kind.COMMAND, "status", "42"),
        ("/status@other_bot 42", TEAM, None, "", ""),
        ("/r? in a minute", TEAM, Kind.COMMAND, "r?", "in a minute"),
        ("!r on my way", TEAM, Kind.COMMAND, "r", "on my way"),
        ("!important", PRIVATE, Kind.TEXT, "", "!important"),
        ("/etc/hosts is gone", PRIVATE, Kind.TEXT, "", "/etc/hosts is gone"),
        ("/ нове", PRIVATE, Kind.TEXT, "", "/ нове"),
    ],
)
def test_what_is_a_command(text: str, chat: Raw, kind: Kind | None, name: str, value: str):
    found = read(message(text=text, chat=chat))
    if kind is None:
        assert found is None
    else:
        assert found is not None
        assert (found.kind, found.name, found.value) == (kind, name, value)


def test_what_a_mention_answers_is_read_as_if_it_had_been_heard():
    def named(text: str, at: int = 0) -> Raw:
        return {"text": text, "entities": [{"type": "mention", "offset": at, "length": 14}]}

    above = message(**named("@frontdesk_bot the till is dead"), chat=TEAM, **{"from": {**ANNA, "id": 7100}})["message"]
    found = heard(message(**named("@frontdesk_bot"), chat=TEAM, reply_to_message={**above, "message_id": 4}))
    assert found.among is not None
    assert found.among.above is not None
    assert found.among.above.words["text"] == "the till is dead"


def test_formatting_survives_letters_of_any_width():
    text = "👩‍👩‍👧 сім'я"
    entity = {"type": "bold", "offset": 9, "length": 5}
    (span,) = heard(message(text=text, entities=[entity])).words.spans
    assert text[span.start : span.end] == "сім'я"


@pytest.mark.parametrize(
    ("origin", "whose"),
    [
        ({"type": "user", "sender_user": {"id": 8001, "is_bot": False, "first_name": "Petro"}}, "Petro"),
        ({"type": "hidden_user", "sender_user_name": "Petro\nK."}, "Petro K."),
        ({"type": "channel", "chat": {"id": -1002, "type": "channel", "title": "Sales"}, "message_id": 3}, "Sales"),
        ({"type": "chat", "sender_chat": {"id": -1003, "type": "supergroup", "title": "Till"}}, "Till"),
    ],
)
def test_whose_words_are_passed_on_stands_above_them_and_no_command_is_obeyed(origin, whose):
    found = heard(message(text="/r The customer is right", forward_origin={"date": 1770000000, **origin}))
    assert (found.kind, found.name, found.origin) == (Kind.TEXT, "", whose)
    assert found.words.text == f"↪ {whose}\n/r The customer is right"
    assert found.asked == "/r The customer is right"


def test_an_album_that_is_passed_on_says_once_whose_it_is():
    origin = {"type": "hidden_user", "sender_user_name": "Petro", "date": 1770000000}
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    parts = [
        heard(message(photo=photo, caption=said, media_group_id="7", forward_origin=origin))
        for said in ("", "both", "")
    ]
    whole = parts[0].joined(parts[1]).joined(parts[2])
    assert (whole.words.text.strip(), whole.asked) == ("↪ Petro\nboth", "both")
