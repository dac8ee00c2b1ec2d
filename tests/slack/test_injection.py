"""Nobody's words, name or file becomes a mention, a link or markup that we make of it, on either messenger.

Drawn: whatever the field, as the renderers draw it. Lived: hostile people on both sandboxes, and every message, window, hint and
front page that came of them looked at. A red run names its seed: the same words come again.
"""

import random
from itertools import count
from typing import Any

import pytest
from aiogram.types import MessageEntity
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack import Active, Person, Room, SlackSandbox
from bot.sandbox.slack.kit.check import blocks
from bot.sandbox.slack.kit.draw import Drawer
from bot.sandbox.telegram import Group, TelegramSandbox
from bot.slack import render
from bot.slack import words as slack_words
from bot.telegram import words as telegram_words
from bot.telegram.render import Where, message_calls
from handlers.vocabulary.messages import (
    File,
    RenderedButton,
    RenderedMessage,
    RichText,
    Span,
    Toast,
    bold_text,
    join_lines,
)
from handlers.vocabulary.modals import Box, Modal
from tests.slack.conftest import Open
from tests.slack.test_words import HARMLESS, MARKUP, texts

URLS = (
    "javascript:alert(1)",
    "tg://user?id=7001",
    "TG://User?id=7001",
    "@U0123456",
    "!channel",
    "",
    "https://a.example",
)
FACTS = {
    "venue": ("title", "address"),
    "contact": ("first", "last", "phone"),
    "poll": ("question",),
    "dice": ("emoji",),
}
urls = st.sampled_from(URLS)
TYPED = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}  # as of anybody who types it


@st.composite
def files(draw: st.DrawFn) -> File:
    kind = draw(st.sampled_from(["document", "photo", "voice", "location", *FACTS]))
    facts: dict[str, Any] = {"latitude": 50.4, "longitude": 30.5, "last": "", "value": 1, "options": [draw(texts)]}
    facts |= {name: draw(texts) for name in FACTS.get(kind, ())}
    return File(kind, "AgACAg", draw(texts), 10, "", facts)


@st.composite
def written(draw: st.DrawFn) -> RichText:
    """Words as they come from a person: some of them formatted, links with any address."""
    text = draw(texts)
    ends = st.integers(0, len(text))
    kinds = st.sampled_from(["bold", "italic", "code", "pre", "quote"])
    spans = st.builds(Span, kinds, ends, ends) | st.builds(Span, st.just("link"), ends, ends, urls)
    return RichText(text, tuple(draw(st.lists(spans, max_size=3))))


def drawn_of(name: str, words: RichText, attached: tuple[File, ...] = ()) -> RenderedMessage:
    """Return a message as handlers make them: a bold name above somebody's words, a button that shows some of them."""
    label = words.text.strip() or "x"
    return RenderedMessage(
        join_lines(bold_text(f"💬 {name}"), words),
        ((RenderedButton(label, "card", "1"), RenderedButton(label, "x", "1", danger=True)),),
        attached,
    )


def on_slack(parts: list[dict[str, Any]]) -> list[Active]:
    """Return what is active in blocks, after Slack's own rules have been checked on them."""
    number = count()
    known = blocks(parts, lambda: str(next(number)))
    return [found for found in Drawer(str).blocks(known).active if found.kind not in HARMLESS]


def notified(said: dict[str, Any]) -> list[Active]:
    """Return what is active in the words of a notification."""
    return [
        found for found in Drawer(str).message({**said, "blocks": []}, typed=False)[0].active if found.kind != "emoji"
    ]


@given(texts, texts, st.lists(files(), max_size=3).map(tuple))
def test_a_message_on_slack_is_as_plain_as_what_was_written(name: str, text: str, attached: tuple[File, ...]):
    for said in render.message_arguments(drawn_of(name, RichText(text), attached)):
        assert {found.kind for found in on_slack(said["blocks"])} <= {"bold"}, "our own title is bold, nothing else is"
        assert {found.kind for found in notified({"text": said["text"], "mrkdwn": False})} <= {"bare_url"}


@given(texts, written())
def test_formatting_that_crosses_to_slack_leads_to_pages_only(name: str, words: RichText):
    for said in render.message_arguments(drawn_of(name, words)):
        found = on_slack(said["blocks"])
        assert {one.kind for one in found} <= {"bold", "italic", "strike", "code", "pre", "quote", "link"}
        assert {one.value for one in found if one.kind == "link"} <= {"https://a.example"}


@given(texts)
def test_a_hint_a_front_page_and_a_window_on_slack_are_plain(text: str):
    label = text.strip() or "x"
    hint = render.ephemeral_message(Toast(label))
    assert on_slack(hint["blocks"]) == []
    assert (
        on_slack(render.home_view(RenderedMessage(RichText(text), ((RenderedButton(label, "card", "1"),),)))["blocks"])
        == []
    )
    boxes = (
        Box("a", "long_text", label, label, value=text),
        Box("b", "choice", label, options=(("k", label),), value="k"),
    )
    assert (
        on_slack(render.modal_view(Modal("request", 1, label, label, label, boxes), "D1", private=True)["blocks"]) == []
    )
    assert all(isinstance(said, str) for said in render.modal_errors({"a": text})["errors"].values())


@given(texts, written(), st.lists(files(), max_size=3).map(tuple))
def test_a_message_on_telegram_is_no_markup_and_mentions_nobody(name: str, words: RichText, attached: tuple[File, ...]):
    for call in message_calls(drawn_of(name, words, attached), Where("-100")):
        assert not isinstance(getattr(call, "parse_mode", None), str)
        for name in ("entities", "caption_entities"):
            for entity in getattr(call, name, None) or ():
                assert entity.type in {"bold", "italic", "code", "pre", "blockquote", "text_link"}
                assert entity.url in (None, "https://a.example")


@given(texts, urls)
def test_nobody_writes_a_mention_in(text: str, url: str):
    """Only the desk notifies people: whom a mention means is known, and it is drawn as a name in plain words."""
    elements: list[dict[str, Any]] = [
        {"type": "text", "text": text},
        {"type": "user", "user_id": "U0123456"},
        {"type": "broadcast", "range": "channel"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "link", "url": url, "text": text},
    ]
    rich = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}]
    whole = [MessageEntity(type=kind, offset=0, length=1, url=url) for kind in ("text_link", "mention", "text_mention")]
    for said in (
        slack_words.rich_text_from_slack({"blocks": rich}, {"U0123456": "<!channel>"}),
        slack_words.rich_text_from_mrkdwn(text, {}),
        telegram_words.rich_text_from_telegram(text, whole if text else []),
    ):
        assert "notify" not in {span.kind for span in said.spans}
        assert {one.kind for one in on_slack([slack_words.rich_text(said)])} <= {"link"}
        leads = {entity.type for entity in telegram_words.message_entities(said)}
        assert leads <= {"text_link"}
        assert not any("user" in (entity.url or "").lower() for entity in telegram_words.message_entities(said))


# Lived

OURS = "date"  # a time that the desk says; what looks like one in somebody's words is words

LINE = [piece for piece in MARKUP if "\n" not in piece]


def hostile(dice: random.Random, pieces: int = 6) -> str:
    """Return words that mean harm on either messenger, on one line."""
    return "Printer " + " ".join(dice.choice(LINE) for _ in range(pieces))


def harmed(sandbox: SlackSandbox, own: set[str], called: str = "") -> list[tuple[str, Active]]:
    """Return what became active in anything that the desk has shown on Slack; whole bold lines are our own titles.

    So is the one line that calls whoever has the request.
    """
    shown = [seen for room in sandbox.rooms for seen in room.messages if seen.from_bot]
    shown += [seen for person in sandbox.people for seen in person.ephemerals]
    views = [view for person in sandbox.people for view in (person.home, person.modal) if view is not None]
    assert shown
    looked = [(seen.text, seen.active) for seen in shown] + [(view.text, view.active) for view in views]
    return [
        (text, one)
        for text, active in looked
        for one in active
        if one.kind not in {*HARMLESS, *own, OURS}
        and not (one.kind == "bold" and one.shown in text.split("\n"))
        and not (called and one.shown == called and text.split("\n").count(called) == 1)
    ]


def marked(telegram: TelegramSandbox) -> list[tuple[str, dict[str, Any]]]:
    """Return what the desk has marked in anything shown on Telegram; whole bold lines are our own titles."""
    return [
        (seen.text, entity)
        for room in telegram.rooms
        for seen in room.messages
        if seen.from_bot
        for entity in seen.entities
        if entity["type"] not in TYPED
        and not (entity["type"] == "bold" and part(seen.text, entity) in seen.text.split("\n"))
    ]


def part(text: str, entity: dict[str, Any]) -> str:
    """Return the words of an entity."""
    start, length = entity["offset"] * 2, entity["length"] * 2
    return text.encode("utf-16-le")[start : start + length].decode("utf-16-le")


@pytest.mark.parametrize("seed", range(3))
async def test_a_hostile_requester_on_telegram_harms_nobody(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    forum: Group,
    bob: Person,
    team: Room,
    seed: int,
):
    dice = random.Random(seed)
    mallory = telegram.person(hostile(dice, 2), username="mallory")
    async with opened(**both):
        mallory.says(hostile(dice))
        await telegram.until(lambda: any("I still need a person" in seen.buttons for seen in mallory.chat.messages))
        mallory.presses("I still need a person")
        await telegram.until(lambda: mallory.chat.find("What is it about"))
        mallory.presses("Something else")
        await telegram.until(lambda: any("Submit" in seen.buttons for seen in mallory.chat.messages))
        mallory.presses("Submit")
        await sandbox.until(lambda: team.find("#1"))
        bob.opens_home()
        bob.runs("/desk queue", at=team)
        bob.presses("Claim", at=team)
        await telegram.until(lambda: mallory.chat.find("is on your request"))
        await sandbox.until(lambda: bob.home and any("#1" in button for button in bob.home.buttons))
        said = mallory.says(hostile(dice))
        mallory.sends_document(hostile(dice, 2) + ".txt", b"x", caption=hostile(dice))
        mallory.sends_contact("+1", hostile(dice, 2))
        mallory.sends_poll(hostile(dice, 2), [hostile(dice, 1), hostile(dice, 1)])
        await sandbox.until(lambda: any(seen.files for seen in team.messages))
        mallory.edits(said, hostile(dice))
        await sandbox.until(lambda: any("✏️" in seen.text for seen in team.messages))
        bob.presses("Resolve", at=team)
        await sandbox.until(
            lambda: any("Resolve all the same" in seen.buttons for seen in team.messages + bob.ephemerals)
        )
        bob.presses("Resolve all the same", at=team)
        await telegram.until(lambda: mallory.chat.find("is resolved"))
        await sandbox.settled()
        assert harmed(sandbox, set(), "@Bob") == []
        assert marked(telegram) == []


@pytest.mark.parametrize("seed", range(3))
async def test_a_hostile_requester_and_agent_on_slack_harm_nobody(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    forum: Group,
    eve: Any,
    team: Room,
    seed: int,
):
    dice = random.Random(seed)
    mallory, trudy = (sandbox.person(hostile(dice, 2)) for _ in range(2))
    trudy.joins(team)
    evil = f"<!channel> <@{trudy.id}> <!subteam^S1> <tg://user?id={eve.id}|x> *bold*"
    styles = {
        "bold",
        "italic",
        "strike",
        "code",
        "pre",
        "quote",
        "link",
    }  # what they formatted themselves crosses as that
    async with opened(**both):
        mallory.says(hostile(dice) + evil, raw=True)
        await sandbox.until(lambda: any("I still need a person" in seen.buttons for seen in mallory.chat.messages))
        mallory.presses("I still need a person")
        await sandbox.until(lambda: mallory.modal)
        mallory.fills({"type": "Hardware"})
        await sandbox.until(lambda: mallory.modal and "hardware.place" in mallory.modal.fields)
        mallory.fills({"hardware.device": "Printer", "hardware.place": hostile(dice)})
        assert harmed(sandbox, set()) == []
        mallory.submits()
        await telegram.until(lambda: forum.find("#1"))
        trudy.opens_home()
        mallory.opens_home()
        eve.presses("Claim", at=forum)
        card = await sandbox.until(lambda: team.find("Eve"))
        await sandbox.until(lambda: mallory.chat.find("Eve is on your request"))
        said = mallory.says(hostile(dice) + evil, raw=True)
        mallory.uploads(hostile(dice, 2) + ".txt", b"x", text=hostile(dice))
        trudy.says("!r " + hostile(dice) + evil, at=team, thread=card, raw=True)
        trudy.says(hostile(dice) + evil, at=team, thread=card, raw=True)
        await telegram.until(lambda: any(seen.kind == "document" for seen in forum.messages))
        mallory.edits(said, hostile(dice) + evil, raw=True)
        await telegram.until(lambda: any("✏️" in seen.text for seen in forum.messages))
        trudy.presses("Resolve", at=team)
        await sandbox.until(lambda: mallory.chat.find("is resolved"))
        await sandbox.until(lambda: trudy.ephemerals)
        assert harmed(sandbox, styles) == []
        kinds = {entity["type"] for text, entity in marked(telegram) if part(text, entity) != "@Eve"}  # who is called
        assert kinds <= {"bold", "italic", "strikethrough", "code", "pre", "blockquote", "text_link"}
        assert not [entity for _, entity in marked(telegram) if "user" in entity.get("url", "")]
