"""Windows on the Slack-like pane: filled, sent, answered, stacked and left."""

from typing import Any

from playwright.async_api import expect
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person
from tests.browser.conftest import Stage
from tests.browser.eyes import hard_to_read, nameless
from tests.browser.people import OnSlack, file
from tests.browser.slack.conftest import Json, posted
from tests.sandbox.slack.kit import TYPE, button, field, modal, option, plain


async def test_a_window_keeps_what_was_typed_and_says_what_is_wrong(cid: OnSlack, app: AsyncApp, stage: Stage):
    sent: list[Json] = []
    about = field("about", {**TYPE, "action_id": "it"}, dispatch_action=True)
    words, papers = field("words"), field("papers", {"type": "file_input", "action_id": "it"}, optional=True)

    async def begun(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(about, words, callback_id="form"))

    async def chosen(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal(about, words, papers, callback_id="form")
        await client.views_update(view_id=body["view"]["id"], view=view)

    async def submitted(ack: Any, view: Json) -> None:
        sent.append(view["state"]["values"])
        errors = {} if len(sent) > 1 else {"errors": {"words": "Too few words."}, "response_action": "errors"}
        await ack(**errors)

    app.shortcut("new_request")(begun)
    app.action("it")(chosen)
    app.view("form")(submitted)
    await cid.root.get_by_role("button", name="Shortcuts").click()
    await cid.root.get_by_role("menuitem", name="New request").click()
    await expect(cid.modal.get_by_label("About")).to_be_focused()
    await cid.modal.get_by_role("button", name="Send").click()
    await expect(cid.modal.get_by_label("About")).to_have_attribute("aria-invalid", "true")
    assert sent == [], "Slack's own app sends nothing that is not complete"

    await cid.fills(Words="it <leaks>")
    await cid.fills(About="Access")
    await expect(cid.modal.get_by_label("Papers")).to_be_visible()
    await expect(cid.modal.get_by_label("Words")).to_have_value("it <leaks>")
    await cid.modal.get_by_label("Papers").set_input_files(file("a.txt", b"paper"))  # type: ignore[arg-type]
    await cid.modal.get_by_role("button", name="Send").click()
    await expect(cid.modal.get_by_role("alert").filter(has_text="Too few words.")).to_be_visible()
    await expect(cid.modal.get_by_label("Words")).to_be_focused()
    await cid.page.keyboard.type(", badly")
    await cid.page.keyboard.press("Enter")
    await expect(cid.modal).to_have_count(0)
    assert sent[1]["words"]["it"]["value"] == "it <leaks>, badly"
    assert sent[1]["about"]["it"]["selected_option"]["value"] == "access"
    assert [one["name"] for one in sent[1]["papers"]["it"]["files"]] == ["a.txt"]
    await expect(cid.root.get_by_role("button", name="Shortcuts")).to_be_focused()


async def test_inputs_of_every_kind_send_what_stands_in_them(cid: OnSlack, app: AsyncApp, played: Person):
    sent: list[Json] = []
    few = [option("Red", "red"), option("Green", "green"), option("Blue", "blue")]
    kinds: dict[str, Json] = {
        "mail": {"type": "email_text_input"},
        "count": {"type": "number_input", "is_decimal_allowed": False},
        "page": {"type": "url_text_input", "placeholder": plain("https://")},
        "story": {"type": "plain_text_input", "multiline": True, "initial_value": "Once"},
        "day": {"type": "datepicker", "initial_date": "2026-03-02"},
        "hour": {"type": "timepicker"},
        "who": {"type": "users_select"},
        "groups": {"type": "static_select", "option_groups": [{"label": plain("Colours"), "options": few}]},
        "boxes": {"type": "checkboxes", "options": few, "initial_options": few[:1]},
        "radio": {"type": "radio_buttons", "options": few},
        "several": {"type": "multi_static_select", "options": few},
    }

    async def begun(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        blocks = [field(name, {**element, "action_id": "it"}) for name, element in kinds.items()]
        await client.views_open(trigger_id=body["trigger_id"], view=modal(*blocks, callback_id="form"))

    async def submitted(ack: Any, view: Json) -> None:
        await ack()
        sent.append({name: value["it"] for name, value in view["state"]["values"].items()})

    app.command("/desk")(begun)
    app.view("form")(submitted)
    await cid.says("/desk new")
    await expect(cid.modal.get_by_label("Story")).to_have_value("Once")
    await cid.fills(Mail="a@b.example", Count="3", Page="https://example.com", Story="Once upon", Hour="14:30")
    await cid.fills(Day="2026-03-09", Who="Dana Fox", Groups="Green")
    await cid.modal.get_by_role("group", name="Boxes").get_by_label("Blue").check()
    await cid.modal.get_by_role("group", name="Radio").get_by_label("Green").check()
    for colour in ("Red", "Blue"):
        await cid.modal.get_by_role("group", name="Several").get_by_label(colour).check()
    assert await hard_to_read(cid.page) == []
    assert await nameless(cid.page) == []
    await cid.modal.get_by_role("button", name="Send").click()
    await expect(cid.modal).to_have_count(0)
    [values] = sent
    assert [values[name]["value"] for name in ("mail", "count", "page", "story")] == [
        "a@b.example", "3", "https://example.com", "Once upon",
    ]  # fmt: skip
    assert (values["day"]["selected_date"], values["hour"]["selected_time"]) == ("2026-03-09", "14:30")
    assert values["who"]["selected_user"].startswith("U")
    assert values["groups"]["selected_option"]["value"] == "green"
    assert values["radio"]["selected_option"]["value"] == "green"
    assert [one["value"] for one in values["boxes"]["selected_options"]] == ["red", "blue"]
    assert [one["value"] for one in values["several"]["selected_options"]] == ["red", "blue"]


async def test_a_window_over_a_window_and_back_by_escape(cid: OnSlack, app: AsyncApp, stage: Stage):
    async def begun(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        first = modal(field("first"), {"type": "actions", "elements": [button("Go on", "on")]}, title=plain("One"))
        await client.views_open(trigger_id=body["trigger_id"], view=first)

    async def on(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=modal(field("second"), title=plain("Two")))

    app.command("/desk")(begun)
    app.action("on")(on)
    await cid.says("/desk new")
    await cid.fills(First="kept")
    await cid.modal.get_by_role("button", name="Go on").click()
    await expect(cid.root.get_by_role("dialog", name="Two")).to_be_visible()
    await expect(cid.modal.get_by_label("Second")).to_be_focused()
    await cid.page.keyboard.press("Escape")
    await expect(cid.root.get_by_role("dialog", name="One").get_by_label("First")).to_have_value("kept")
    await cid.page.keyboard.press("Escape")
    await expect(cid.modal).to_have_count(0)


async def test_what_nobody_answers_says_so_and_loses_nothing(cid: OnSlack, app: AsyncApp, played: Person):
    async def begun(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field("words"), callback_id="form"))

    async def silent(client: AsyncWebClient) -> None:
        """Never acknowledge."""

    app.command("/desk")(begun)
    app.view("form")(silent)
    app.action("go")(silent)
    await posted(app, played, {"type": "actions", "elements": [button("Go", "go")]})
    await cid.presses("Go")
    await cid.says("/desk new")
    await cid.fills(Words="kept")
    await cid.modal.get_by_role("button", name="Send").click()
    await expect(cid.modal.get_by_role("button", name="Sending…")).to_be_visible()
    await expect(cid.page.locator(".toast").first).to_contain_text("Frontdesk did not answer in time.")
    await expect(cid.modal.get_by_role("alert").filter(has_text="trouble connecting")).to_be_visible()
    await expect(cid.modal.get_by_label("Words")).to_have_value("kept")
