from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import ManualClock
from bot.sandbox.slack import Person, SlackSandbox
from tests.sandbox.slack.conftest import Ask
from tests.sandbox.slack.kit import TYPE, button, field, modal, section


@pytest.fixture
def form(app: AsyncApp, connected: object) -> AsyncApp:
    """An app that opens a form by a shortcut and takes only summaries of more than three letters."""

    @app.shortcut("new")
    async def start(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = modal(field("type", TYPE), field("summary"), callback_id="request", private_metadata="7")
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("request")
    async def submit(ack: Any, view: dict[str, Any], client: AsyncWebClient, body: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if len(values["summary"]["it"]["value"]) < 4:
            await ack(response_action="errors", errors={"summary": "Say a little more"})
            return
        await ack()
        chosen = values["type"]["it"]["selected_option"]["value"]
        await client.chat_postMessage(channel=body["user"]["id"], text=f"{chosen}: {values['summary']['it']['value']}")

    return app


async def test_a_form_is_filled_refused_and_taken(slack: SlackSandbox, form: AsyncApp, ann: Person) -> None:
    ann.shortcut("new")
    shown = await slack.until(lambda: ann.modal)
    assert (shown.title, shown.submit, shown.private_metadata) == ("New request", "Send", "7")
    assert list(shown.fields) == ["type", "summary"]
    with pytest.raises(ValueError, match="Please complete this required field"):
        ann.submits()
    ann.fills(type="Billing", summary="eh?")
    refused = ann.submits()
    await slack.until(lambda: refused.acked)
    assert ann.modal is not None
    assert ann.modal.fields["summary"].error == "Say a little more"
    assert ann.modal.fields["type"].value == "Billing"
    ann.fills(summary="Charged twice")
    ann.submits()
    await slack.until(lambda: ann.chat.find("billing: Charged twice"))
    await slack.until(lambda: ann.modal is None)
    assert slack.violations == []


async def test_no_answer_to_a_submission_leaves_it_open(
    slack: SlackSandbox, clock: ManualClock, form: AsyncApp, ann: Person
) -> None:
    ann.shortcut("new")
    await slack.until(lambda: ann.modal)
    ann.fills(type="billing", summary="Charged twice")
    await slack.settled()
    slack.sockets.silence()
    lost = ann.submits()
    clock.advance(3)
    await slack.until(lambda: lost.lost)
    assert ann.modal is not None
    assert ann.modal.errors == {"": "We had some trouble connecting. Try again?"}
    assert ann.modal.fields["summary"].value == "Charged twice"
    assert ann.failures == [lost]
    slack.sockets.cut()  # Bolt would wait ten seconds for a goodbye


async def test_what_was_typed_stays_where_ids_stay(slack: SlackSandbox, ask: Ask, ann: Person) -> None:
    trigger = ann.shortcut("new").trigger_id
    opened = (await ask("views.open", trigger_id=trigger, view=modal(field("kept"), field("lost"))))["view"]
    ann.fills(kept="typed", lost="typed")
    prefilled = {**TYPE, "initial_option": TYPE["options"][1]}
    changed = modal(field("kept"), field("renamed"), field("new", prefilled))
    answer = await ask("views.update", view_id=opened["id"], hash=opened["hash"], view=changed)
    assert ann.modal is not None
    assert {name: shown.value for name, shown in ann.modal.fields.items()} == {
        "kept": "typed",
        "renamed": None,
        "new": "Access",
    }
    assert answer["view"]["hash"] != opened["hash"]
    late = await ask("views.update", view_id=opened["id"], hash=opened["hash"], view=changed)
    assert late["error"] == "hash_conflict"


async def test_triggers_are_short_lived_and_used_once(
    slack: SlackSandbox, clock: ManualClock, ask: Ask, ann: Person
) -> None:
    trigger = ann.runs("/desk new").trigger_id
    assert (await ask("views.open", trigger_id=trigger, view=modal()))["ok"]
    assert (await ask("views.open", trigger_id=trigger, view=modal()))["error"] == "exchanged_trigger_id"
    trigger = ann.runs("/desk new").trigger_id
    clock.advance(3.1)
    assert (await ask("views.open", trigger_id=trigger, view=modal()))["error"] == "expired_trigger_id"
    assert (await ask("views.open", trigger_id="1.2.3", view=modal()))["error"] == "invalid_trigger_id"


async def test_modals_are_stacked_three_high_and_closed(slack: SlackSandbox, ask: Ask, ann: Person) -> None:
    more = {"type": "actions", "elements": [button("More", "more")]}
    view = modal(section("Deeper?"), more, notify_on_close=True)
    await ask("views.open", trigger_id=ann.shortcut("new").trigger_id, view=view)
    for _ in range(2):
        trigger = ann.presses("More", at="modal").trigger_id
        assert (await ask("views.push", trigger_id=trigger, view=view))["ok"]
    refused = await ask("views.push", trigger_id=ann.presses("More", at="modal").trigger_id, view=view)
    assert refused["error"] == "push_limit_reached"
    assert ann.modal is not None
    assert ann.modal.depth == 3
    ann.closes()
    ann.closes(everything=True)
    assert not ann.modals
    cleared = [delivery.payload["is_cleared"] for delivery in slack.deliveries_of("view_closed")]
    assert cleared == [False, True, True]
    gone = slack.deliveries_of("view_closed")[0].payload["view"]["id"]
    assert (await ask("views.update", view_id=gone, view=view))["error"] == "not_found"


async def test_an_answer_may_update_push_or_clear(
    slack: SlackSandbox, app: AsyncApp, ask: Ask, ann: Person, connected: object
) -> None:
    answers: list[dict[str, Any]] = [
        {"response_action": "update", "view": modal(field("second"))},
        {"response_action": "push", "view": modal(field("third"))},
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "clear"},
    ]

    @app.view("")
    async def submit(ack: Any) -> None:
        await ack(**answers.pop(0))

    view = modal(field("first", optional=True), callback_id="")
    await ask("views.open", trigger_id=ann.shortcut("new").trigger_id, view=view)
    ann.submits()
    await slack.until(lambda: ann.modal and "second" in ann.modal.fields)
    ann.fills(second="2")
    ann.submits()
    await slack.until(lambda: ann.modal and "third" in ann.modal.fields)
    ann.fills(third="3")
    ann.submits()
    await slack.until(lambda: slack.violations)
    assert slack.violations[0].rule == "bad answer"
    ann.submits()
    await slack.until(lambda: not ann.modals)


async def test_home_is_published_and_pressed(slack: SlackSandbox, client: AsyncWebClient, ann: Person) -> None:
    ann.opens_home()
    assert "view" not in slack.deliveries[-1].payload["event"]
    blocks = [section("*My requests*"), {"type": "actions", "elements": [button("New request", "new")]}]
    first = await client.views_publish(user_id=ann.id, view={"type": "home", "blocks": blocks})
    assert ann.home is not None
    assert ann.home.text == "My requests"
    press = ann.presses("New request", at="home")
    assert press.payload["view"]["type"] == "home"
    assert press.payload["container"]["type"] == "view"
    await client.views_publish(user_id=ann.id, view={"type": "home", "blocks": blocks})
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id=ann.id, view={"type": "home", "blocks": blocks}, hash=first["view"]["hash"])
    ann.opens_home()
    assert slack.deliveries[-1].payload["event"]["view"]["id"] == ann.home.id


async def test_a_menu_and_an_input_tell_at_once_where_asked(slack: SlackSandbox, ask: Ask, ann: Person) -> None:
    menu = {**TYPE, "action_id": "kind"}
    view = modal(section("Kind", accessory=menu), field("type", TYPE, dispatch_action=True))
    await ask("views.open", trigger_id=ann.shortcut("new").trigger_id, view=view)
    chosen = ann.chooses("Access", at="modal", menu="kind")
    assert chosen.payload["actions"][0]["selected_option"]["value"] == "access"
    ann.fills(type="billing")
    told = slack.deliveries_of("block_actions")[-1].payload
    assert told["view"]["state"]["values"]["type"]["it"]["selected_option"]["value"] == "billing"
    assert told["actions"][0]["action_id"] == "it"
