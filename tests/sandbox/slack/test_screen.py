"""What a person's app shows, as the page draws it: nothing there has to be read as markup."""

import base64
from typing import Any

import pytest

from bot.sandbox.slack import Person, SlackSandbox
from bot.sandbox.slack.tables import COMMANDS, SHORTCUTS
from tests.house.reference import ROOT
from tests.sandbox.slack.conftest import Ask
from tests.sandbox.slack.kit import TYPE, button, field, modal, plain, section
from tests.sandbox.slack.test_control import Page

EYES = {"kind": "emoji", "shown": ":eyes:", "value": "eyes"}


@pytest.fixture
def page(slack: SlackSandbox, http: Any) -> Page:
    return Page(http, slack.url)


async def test_a_persons_app_shows_their_conversations_and_nobody_elses(slack: SlackSandbox, ann: Person) -> None:
    bob = slack.person("Bob")
    team = slack.channel("team", members=[bob])
    said = bob.says("hello", at=team)
    assert [room["name"] for room in slack.screen(ann.id).whole()["rooms"]] == ["Frontdesk"]
    own = slack.screen(bob.id).whole()["rooms"]
    assert [room["name"] for room in own] == ["Frontdesk", "team"]
    assert own[1]["latest"] == "", "nothing of their own is news to them"
    ann.joins(team)
    assert slack.screen(ann.id).whole()["rooms"][1]["latest"] == said.ts
    with pytest.raises(ValueError, match="is not in"):
        slack.screen(slack.person("Eve").id).messages(team.id)


async def test_texts_come_in_pieces(slack: SlackSandbox, ann: Person, ask: Ask) -> None:
    list_ = {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "one", "style": {"bold": True}}]},
    ]}  # fmt: skip
    blocks = [
        section("*<b>* :eyes: &lt;", accessory=button("Go *on*", "go", confirm=confirm())),
        {"type": "rich_text", "elements": [list_]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": f"<@{ann.id}>"}]},
    ]
    answer = await ask("chat.postMessage", channel=ann.id, text="x", blocks=blocks)
    assert answer["ok"], answer
    ann.says("plain *words* <script>")
    shown, typed = slack.screen(ann.id).messages(ann.chat.id)
    words, rich, context = shown["blocks"]
    assert words["text"][0] == {"kind": "unknown", "shown": "b", "value": "b", "styles": ["bold"]}
    assert EYES in words["text"]
    assert words["text"][-1]["shown"].endswith(" <")
    assert words["accessory"]["text"] == [{"kind": "text", "shown": "Go *on*"}], "a button's words have no markup"
    assert words["accessory"]["confirm"]["text"][0]["styles"] == ["bold"]
    bold = {"kind": "text", "shown": "one", "styles": ["bold"]}
    assert rich["elements"] == [{"type": "list", "style": "ordered", "indent": 1, "offset": 0, "items": [[bold]]}]
    assert context["elements"] == [[{"kind": "user", "shown": "@Ann Lee", "value": ann.id}]]
    assert [piece["shown"] for piece in typed["blocks"][0]["text"]] == ["plain ", "words", " <script>"]


async def test_what_only_one_sees_and_what_happens_to_a_message_is_shown(
    slack: SlackSandbox, ann: Person, ask: Ask
) -> None:
    bob = slack.person("Bob")
    team = slack.channel("team", members=[ann, bob])
    root = ann.says("root", at=team)
    bob.says("reply", thread=root)
    bob.reacts("eyes", root)
    ann.edits(root, "root, better")
    await ask("chat.postEphemeral", channel=team.id, user=bob.id, text="psst")
    shown = slack.screen(bob.id).messages(team.id)
    assert [(one["said"], one["only_you"]) for one in shown] == [
        ("root, better", False), ("reply", False), ("psst", True),
    ]  # fmt: skip
    assert shown[0]["edited"]
    assert shown[0]["replies"] == 1
    assert shown[0]["reactions"] == [{"name": "eyes", "by": ["Bob"], "mine": True}]
    assert [one["said"] for one in slack.screen(ann.id).messages(team.id)] == ["root, better", "reply"]


async def test_a_modal_shows_what_stands_in_it(slack: SlackSandbox, ann: Person, ask: Ask, page: Page) -> None:
    files = {"type": "file_input", "action_id": "it"}
    press = ann.runs("/desk new")
    view = modal(field("type", TYPE), field("room"), field("papers", files))
    assert (await ask("views.open", trigger_id=press.payload["trigger_id"], view=view))["ok"]
    assert not await page.post(f"people/{ann.id}/complete")
    assert set(ann.modal.errors if ann.modal else ()) == {"type", "room", "papers"}
    await page.post(f"people/{ann.id}/fills", type="Billing", room="a word that is no place")
    paper = {"name": "a.txt", "data": base64.b64encode(b"paper").decode()}
    await page.post(f"people/{ann.id}/attaches", block_id="papers", files=[paper])
    shown = (await page.get(f"people/{ann.id}/screen"))["modals"][0]
    assert (shown["title"], shown["submit"]) == ("New request", "Send")
    assert shown["blocks"][0]["label"] == [{"kind": "text", "shown": "Type"}]
    values = shown["values"]
    assert values["type"]["it"]["selected_option"]["value"] == "billing"
    assert values["room"]["it"]["value"] == "a word that is no place"
    [file] = values["papers"]["it"]["files"]
    assert slack.file(file["id"]).data == b"paper"
    assert await page.post(f"people/{ann.id}/complete")
    assert ann.submits().payload["view"]["state"]["values"]["papers"]["it"]["files"][0]["name"] == "a.txt"


async def test_several_files_are_one_message(ann: Person, page: Page) -> None:
    files = [{"name": name, "data": base64.b64encode(name.encode()).decode()} for name in ("a.txt", "b.txt")]
    await page.post(f"people/{ann.id}/uploads", files=files, text="both")
    [shown] = await page.get(f"people/{ann.id}/rooms/{ann.chat.id}")
    assert [file["name"] for file in shown["files"]] == ["a.txt", "b.txt"]
    assert shown["blocks"] == [{"type": "text", "text": [{"kind": "text", "shown": "both"}]}]


def test_the_app_offers_what_its_manifest_says() -> None:
    manifest = (ROOT / "docs/slack-manifest.yaml").read_text(encoding="utf-8")
    for shortcut in SHORTCUTS:
        lines = (
            f"name: {shortcut['name']}\n      type: {shortcut['kind']}\n      callback_id: {shortcut['callback_id']}"
        )
        assert lines in manifest
    assert manifest.count("callback_id:") == len(SHORTCUTS)
    assert [f"command: {name}" in manifest for name in COMMANDS] == [True]


def confirm() -> dict[str, Any]:
    words = {"title": plain("Sure?"), "confirm": plain("Yes"), "deny": plain("No")}
    return {**words, "text": {"type": "mrkdwn", "text": "*really*"}}
