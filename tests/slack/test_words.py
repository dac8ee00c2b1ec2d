"""Nobody's words become a mention, a link or markup of ours, on either messenger; what we say fits Slack's limits."""

from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.kit.check import blocks
from bot.sandbox.slack.kit.draw import Drawer
from bot.slack import render
from bot.slack.words import (
    FALLBACK,
    escaped_text,
    fallback_text,
    pasted_table_rows,
    rich_text,
    rich_text_from_mrkdwn,
    rich_text_from_slack,
    shared_messages,
)
from bot.telegram.words import message_entities
from handlers.vocabulary.messages import RenderedButton, RenderedMessage, RichText, Span
from handlers.vocabulary.modals import Box, Modal

MARKUP = (
    "<!channel>", "<!here|here>", "<@U0123456>", "<#C0123456|x>", "<https://evil.example|bank>", "<mailto:a@b.c|you>",
    "*bold*", "_it_", "~no~", "`code`", "```pre```", "> quote", "&lt;!channel&gt;", "&amp;", "<b>x</b>", "@channel", "@here",
    "<!subteam^S1>", "<!date^1^{date}|x>", ":tada:", "\n", " ", "слово", "👩‍👩‍👧", "tg://user?id=1", "[a](http://b.example)",
)  # fmt: skip
texts = st.lists(st.sampled_from(MARKUP) | st.text(max_size=8), max_size=8).map("".join)
MENTIONS = {"user", "channel", "broadcast", "usergroup", "link", "unknown", "date"}
HARMLESS = ("bare_url", "emoji")  # what any typed address or emoji is, to whoever types it


def active(parts: list[dict[str, Any]]) -> list[Any]:
    """Return what is active in blocks, after Slack's own rules have been checked on them."""
    number = count()
    known = blocks(parts, lambda: str(next(number)))
    return [found for found in Drawer(str).blocks(known).active if found.kind not in HARMLESS]


def notified(text: str) -> set[str]:
    """Return what kinds of mention a plain text makes."""
    drawn, _ = Drawer(str).message({"text": text}, typed=False)
    return {found.kind for found in drawn.active} & MENTIONS


@given(texts, texts)
def test_plain_words_are_plain_in_a_message_and_in_its_notification(name: str, text: str):
    for message in render.message_arguments(RenderedMessage(RichText(f"{name}\n{text}"))):
        assert active(message["blocks"]) == []
        assert not notified(message["text"])


@given(texts)
def test_a_button_a_label_and_a_hint_are_plain(text: str):
    label = text.strip() or "x"
    message = render.message_arguments(
        RenderedMessage(RichText("x"), ((RenderedButton(label, "claim", "1", danger=True),),))
    )[0]
    assert active(message["blocks"]) == []
    boxes = (Box("a", "text", label, label, value=text), Box("b", "choice", label, options=(("k", label),)))
    view = render.modal_view(Modal("request", 1, label, label, label, boxes), "D1", private=True)
    assert active(view["blocks"]) == []


@given(texts)
def test_what_comes_from_slack_goes_to_slack_without_a_mention(text: str):
    said = rich_text_from_mrkdwn(text, {})
    kinds = {found.kind for found in active([rich_text(said)])}
    assert not kinds & {"user", "channel", "broadcast", "usergroup", "date"}


@given(texts)
def test_what_comes_from_slack_goes_to_telegram_without_a_mention_or_hidden_link(text: str):
    for source in (RichText(text), rich_text_from_slack({"text": escaped_text(text)}, {})):
        assert [entity.type for entity in message_entities(source)] == []


def test_only_we_name_somebody_so_that_they_are_told():
    ours = RichText("Bob", (Span("notify", 0, 3, "U0123456"),))
    assert [found.kind for found in active([rich_text(ours)])] == ["user"]
    elsewhere = RichText("Bob", (Span("notify", 0, 3, "7001"),))
    assert active([rich_text(elsewhere)]) == []
    theirs = RichText("@Bob", (Span("mention", 0, 4, "U0123456"),))
    assert active([rich_text(theirs)]) == []


@given(st.text(st.sampled_from("&<>a "), max_size=9000))
def test_a_notification_is_never_too_long_to_be_edited(text: str):
    assert len(fallback_text(RichText(text))) <= FALLBACK


@given(st.integers(0, 130))
def test_any_number_of_buttons_fits(rows: int):
    keys = tuple((RenderedButton(f"b{n}", "card", str(n)),) for n in range(rows))
    messages = render.message_arguments(RenderedMessage(RichText("x"), keys))
    assert all(len(message["blocks"]) <= render.BLOCKS for message in messages)
    assert sum(block["type"] == "actions" for message in messages for block in message["blocks"]) == rows


def test_a_time_is_shown_in_the_zone_of_whoever_looks():
    said = RichText("by 14:00", (Span("date", 3, 8, "1772445600 EET"),))
    (message,) = render.message_arguments(RenderedMessage(said))
    assert message["text"] == "by 14:00"
    assert Drawer(str, "America/New_York").blocks(message["blocks"]).text == "by Mar 2, 2026, 5:00 AM"
    assert Drawer(str).blocks(message["blocks"]).text == "by 14:00"


def test_what_is_shared_has_its_author_and_a_links_preview_is_nobodys_word():
    share = {"is_share": True, "author_subname": "Petro", "channel_name": "till", "text": "Error <https://a.b|17>"}
    preview = {"from_url": "https://a.b", "title": "A page", "text": "what it says"}
    [(whose, said)] = shared_messages({"text": "", "attachments": [share, preview]}, {})
    assert whose == "Petro · #till"
    assert said.text == "Error 17"


def test_the_rows_of_a_pasted_table_are_lines_wherever_they_stand():
    cells = [[{"type": "raw_text", "text": text} for text in row] for row in (("Part", "Sum"), ("A-17", "1 200"))]
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "B-1"}]}],
    }
    table = {"type": "table", "rows": [*cells, [rich, {"type": "raw_text", "text": "3"}]]}
    for message in (
        {"blocks": [table]},
        {"text": "", "attachments": [{"fallback": "[no preview]", "blocks": [table]}]},
    ):
        assert pasted_table_rows(message) == ["Part · Sum", "A-17 · 1 200", "B-1 · 3"]


def test_boxes_side_by_side_and_within_one_another_lose_no_word():
    said = RichText(
        "a quote with code in it, plain, code, more",
        (Span("quote", 0, 23), Span("pre", 13, 17), Span("pre", 32, 36), Span("bold", 30, 38), Span("pre", 36, 36)),
    )
    shown = [
        (box["type"].removeprefix("rich_text_"), "".join(each["text"] for each in box["elements"]))
        for box in rich_text(said)["elements"]
    ]
    assert shown == [
        ("quote", said.text[:23]),
        ("section", ", plain, "),
        ("preformatted", "code"),
        ("section", ", more"),
    ]


def test_a_box_with_nothing_in_it_is_none():
    def box(kind: str, *elements: dict[str, Any]) -> dict[str, Any]:
        return {"type": f"rich_text_{kind}", "elements": list(elements)}

    bold = {"style": {"bold": True}}
    parts = [
        box("section", {"type": "text", "text": "a"}),
        box("quote"),
        box("section", {"type": "text", "text": "", **bold}, {"type": "text", "text": "b", **bold}),
        box("preformatted", {"type": "text", "text": "c"}),
    ]
    heard = rich_text_from_slack({"blocks": [{"type": "rich_text", "elements": parts}]}, {})
    assert heard == RichText("a\nb\nc", (Span("bold", 2, 3), Span("pre", 4, 5)))
