"""Messages on the Slack-like pane: what they look like, and all that can be done to them."""

import re
from typing import Any

from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncApp

from bot.sandbox.slack import Person
from tests.browser.conftest import Look, Stage
from tests.browser.people import OnSlack
from tests.browser.slack.conftest import Json, posted
from tests.sandbox.slack.kit import TYPE, button, option, plain, section

HOSTILE = "<img src=x onerror=document.title='hurt'> &lt;b&gt; *bold* `code` :eyes:"


async def test_every_block_is_drawn_and_nobodys_words_are_markup(cid: OnSlack, app: AsyncApp, played: Person):
    await posted(
        app,
        played,
        {"type": "header", "text": plain("A *header*")},
        section(HOSTILE, fields=[{"type": "mrkdwn", "text": "*Status*\nopen"}, plain("Agent <b>Dana</b>")]),
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": f"for <@{played.id}>"}]},
        {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "A map of the office"},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_list", "style": "bullet", "elements": [section_of("one"), section_of("two")]},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quotation"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a = <b>"}]},
        ]},
    )  # fmt: skip
    message = await cid.sees("A *header*")
    await expect(message).to_contain_text("img src=x onerror=document.title='hurt'")
    await expect(message.locator("strong", has_text="bold")).to_be_visible()
    await expect(message.locator("code")).to_have_text("code")
    await expect(message.locator(".words").first).to_contain_text("👀")
    await expect(message.locator(".cells .words")).to_have_text(["Status\nopen", "Agent <b>Dana</b>"])
    await expect(message.locator(".mention-me")).to_have_text("@Cid Moore")
    await expect(message.get_by_role("link", name="A map of the office")).to_be_visible()
    await expect(message.get_by_role("listitem")).to_have_text(["one", "two"])
    await expect(message.locator("blockquote")).to_have_text("a quotation")
    await expect(message.locator("pre")).to_have_text("a = <b>")
    await expect(message.locator("img")).to_have_count(0)
    assert await cid.page.title() != "hurt"


def section_of(words: str) -> Json:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}


async def test_buttons_menus_and_questions_reach_the_bot(cid: OnSlack, app: AsyncApp, played: Person, stage: Stage):
    heard: list[Json] = []

    async def acted(ack: Any, action: Json) -> None:
        await ack()
        heard.append(action)

    app.action(re.compile(".*"))(acted)
    sure = {"title": plain("Delete it?"), "text": plain("For good"), "confirm": plain("Yes"), "deny": plain("No")}
    menu = {"type": "overflow", "action_id": "more", "options": [option("Snooze", "snooze"), option("Hold", "hold")]}
    await posted(app, played, {"type": "actions", "elements": [
        button("Claim", "claim", "7"), button("Delete", "delete", style="danger", confirm=sure), menu, TYPE,
    ]})  # fmt: skip
    await cid.presses("Claim")
    await cid.presses("Delete")
    question = cid.root.get_by_role("alertdialog", name="Delete it?")
    await question.get_by_role("button", name="No").click()
    await cid.presses("Delete")
    await question.get_by_role("button", name="Yes").click()
    await cid.presses("More options")
    await cid.page.keyboard.press("ArrowDown")
    await cid.page.keyboard.press("Enter")
    await cid.root.locator("article select").select_option(label="Access")
    await stage.slack.until(lambda: len(heard) == 4)
    assert [one["action_id"] for one in heard] == ["claim", "delete", "more", "it"]
    assert heard[0]["value"] == "7"
    assert [one["selected_option"]["value"] for one in heard[2:]] == ["hold", "access"]


async def test_a_shortcut_is_used_on_a_message(cid: OnSlack, app: AsyncApp, stage: Stage):
    heard: list[str] = []

    async def used(ack: Any, body: Json) -> None:
        await ack()
        heard.append(body["message"]["text"])

    app.shortcut("request_from_message")(used)
    await cid.says("The door does not close")
    message = await cid.sees("The door does not close")
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await cid.root.get_by_role("menuitem", name="Make a request from this").click()
    await stage.slack.until(lambda: heard == ["The door does not close"])


async def test_messages_are_answered_changed_taken_back_and_reacted_to(cid: OnSlack, app: AsyncApp, played: Person):
    await posted(app, played, text="How was it?")
    await cid.says("god & <good>")
    await cid.opens_thread("god & <good>")
    await cid.says("in the thread", thread=True)
    await cid.page.keyboard.press("Escape")
    await expect(cid.thread).to_be_hidden()
    own = await cid.sees("god & <good>")
    await expect(own.get_by_role("button", name="1 reply")).to_be_visible()
    await app.client.chat_postMessage(channel=played.chat.id, text="heard", thread_ts=played.chat.last.thread)
    await expect(own.get_by_role("img", name="unread")).to_be_visible()
    await own.get_by_role("button", name="2 replies").click()
    await expect(cid.thread.get_by_text("heard")).to_be_visible()
    await cid.page.keyboard.press("Escape")
    await expect(own.get_by_role("img", name="unread")).to_have_count(0)

    await own.hover()
    await own.get_by_role("button", name="More actions").click()
    await cid.root.get_by_role("menuitem", name="Edit message").click()
    await own.get_by_role("textbox", name="Edit message").fill("good & <better>")
    await cid.page.keyboard.press("Enter")
    own = await cid.sees("good & <better>")
    await expect(own).to_contain_text("(edited)")

    theirs = await cid.sees("How was it?")
    await theirs.hover()
    await theirs.get_by_role("button", name="eyes").click()
    count = theirs.locator(".reaction")
    await expect(count).to_have_text("👀 1")
    await expect(count).to_have_attribute("aria-pressed", "true")
    await count.click()
    await expect(count).to_have_count(0)

    await own.hover()
    await own.get_by_role("button", name="More actions").click()
    await cid.root.get_by_role("menuitem", name="Delete message").click()
    await cid.root.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    await cid.sees("This message was deleted.")
    assert played.chat.find("good & <better>") is None


async def test_what_only_one_sees_is_marked_and_can_be_put_away(stage: Stage, app: AsyncApp, look: Look):
    dana = OnSlack(await look(stage.url), "dana")
    channel, user = stage.cast.channel.id, stage.cast.slack["dana"].id
    await dana.here()
    await app.client.chat_postEphemeral(channel=channel, user=user, text="Only for Dana")
    message = await dana.sees("Only for Dana")
    await expect(message).to_contain_text("Only visible to you")
    await message.hover()
    await message.get_by_role("button", name="Dismiss message").click()
    await dana.sees_nothing_of("Only for Dana")
    await OnSlack(dana.page, "ivan").sees_nothing_of("Only for Dana")


async def test_commands_are_refused_where_slack_refuses_them_and_names_become_mentions(
    stage: Stage, app: AsyncApp, look: Look
):
    dana = OnSlack(await look(stage.url), "dana")
    await dana.says("/foo")
    await expect(dana.root.get_by_role("alert")).to_contain_text("/foo is no command here. There is /desk.")
    await dana.says("@Fro")
    box = dana.root.get_by_role("textbox")
    await box.fill("")
    await box.press_sequentially("Ask @Fro")
    await expect(dana.root.get_by_role("option", name="@Frontdesk")).to_be_visible()
    await box.press("Tab")
    await box.press_sequentially("how?")
    await box.press("Enter")
    said = await dana.sees("Ask @Frontdesk how?")
    await expect(said.locator(".mention")).to_have_text("@Frontdesk")
    assert f"<@{stage.slack.bot_user_id}>" in stage.cast.channel.last.native["text"]
    await dana.opens_thread("Ask @Frontdesk how?")
    await dana.says("/desk help", thread=True)
    await expect(dana.thread.get_by_role("alert")).to_contain_text("/desk does not work in threads.")


async def test_where_nobody_can_write_there_is_no_box_to_write_in(stage: Stage, app: AsyncApp, look: Look):
    dana = OnSlack(await look(stage.url), "dana")
    await dana.here()
    stage.cast.channel.archive()
    await expect(dana.root.get_by_text("This channel is archived.")).to_be_visible()
    await expect(dana.root.get_by_role("textbox")).to_have_count(0)
    stage.cast.channel.archive(on=False)
    await expect(dana.root.get_by_role("textbox")).to_be_visible()
    stage.cast.slack["dana"].vanishes()
    await expect(dana.root.get_by_text("This account is deactivated.")).to_be_visible()


async def test_the_front_page_is_drawn_and_follows(cid: OnSlack, app: AsyncApp, played: Person):
    await cid.root.get_by_role("tab", name="Home").click()
    await expect(cid.root.get_by_role("tabpanel", name="Home")).to_contain_text("Nothing is here yet.")
    view = {
        "type": "home",
        "blocks": [section("*Your requests*"), {"type": "actions", "elements": [button("New", "n")]}],
    }
    await app.client.views_publish(user_id=played.id, view=view)
    home = cid.root.get_by_role("tabpanel", name="Home")
    await expect(home.get_by_role("button", name="New")).to_be_visible()
    await expect(home.locator("strong")).to_have_text("Your requests")
    await cid.root.get_by_role("tab", name="Messages").click()
    await expect(home).to_be_hidden()


async def test_everything_is_reached_by_keyboard(cid: OnSlack, app: AsyncApp, played: Person, stage: Stage):
    heard: list[str] = []

    async def acted(ack: Any, action: Json) -> None:
        await ack()
        heard.append(action["action_id"])

    app.action("go")(acted)
    await posted(app, played, {"type": "actions", "elements": [button("Go", "go")]})
    await cid.sees("Go")
    await cid.root.get_by_role("textbox").focus()
    await back_to(cid.page, "eyes 👀")
    await cid.page.keyboard.press("Enter")
    await expect(cid.root.locator(".reaction")).to_have_text("👀 1")
    await expect(cid.root.get_by_role("button", name="eyes 👀")).to_be_focused()
    await back_to(cid.page, "Go")
    await cid.page.keyboard.press("Enter")
    await stage.slack.until(lambda: heard == ["go"])
    await back_to(cid.page, "general")
    await cid.page.keyboard.press("Enter")
    await expect(cid.root.get_by_role("textbox", name="Message #general")).to_be_focused()


async def back_to(page: Page, name: str) -> None:
    """Go back with Shift+Tab until what has this name has the focus."""
    named = """() => document.activeElement === document.body ? ''  // nothing has it for a moment, and all words are in it
      : document.activeElement.ariaLabel ?? document.activeElement.innerText.trim()"""
    for _ in range(60):
        await page.keyboard.press("Shift+Tab")
        if name in str(await page.evaluate(named)):
            return
    raise AssertionError(f"{name!r} is not reached")
