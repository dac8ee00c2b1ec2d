"""Webhooks as admins see them: how what is meant for other programs stands, a test, and the secret each signs with."""

import json
import secrets
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from handlers.rules.webhooks import Webhook
from handlers.turns import confirmations
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.turn import Turn, dump_rendered
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.fetches import WEBHOOK_TEST
from handlers.vocabulary.messages import (
    Button,
    Chat,
    File,
    Message,
    Operation,
    Part,
    Phrase,
    RenderedMessage,
    button_column,
    phrase,
)
from handlers.vocabulary.timers import Vanish
from storage.desk.webhooks import SOURCE
from storage.lifecycle import Refused
from storage.models import Role

on = Routes()

SEEN = timedelta(minutes=10)  # that a secret stands in the chat


@on.command("webhooks", role=Role.ADMIN)
def webhooks(turn: Turn) -> None:
    """Which programs hear what happens here, and whether they take it."""
    private = continue_in_private(turn)
    found = list(turn.rules.webhooks.values())
    lines = [line for webhook in found for line in state_lines(private, webhook)]
    buttons = [button for webhook in found for button in webhook_buttons(turn, webhook)]
    add = presses.AddRule("webhook").button(phrase("webhook.add"))
    private.say(
        *(lines or [phrase("webhook.none")]), title=phrase("webhook.title"), buttons=button_column(*buttons, add)
    )


def state_lines(turn: Turn, webhook: Webhook) -> Sequence[Part]:
    """Return how a webhook stands: where it leads, what waits for it and why, what could not be delivered."""
    state = turn.tx.webhooks.state(webhook.name)
    lines = [phrase("webhook.line", name=webhook.name, url=webhook.url)]
    if state.waiting and state.tries and state.since is not None:
        lines.append(phrase("webhook.waiting", n=state.waiting, since=state.since, why=state.error or "…"))
    elif state.waiting:
        lines.append(phrase("webhook.on_its_way", n=state.waiting))
    elif state.sent_at is not None:
        lines.append(phrase("webhook.sent", at=state.sent_at))
    else:
        lines.append(phrase("webhook.nothing_yet"))
    if state.failed:
        lines.append(phrase("webhook.failed", n=state.failed))
    if not turn.tx.webhooks.was_shown(webhook.name):
        lines.append(phrase("webhook.unseen"))
    return lines


def webhook_buttons(turn: Turn, webhook: Webhook) -> Sequence[Button]:
    """Return what can be done to a webhook."""
    name = webhook.name
    shown = turn.tx.webhooks.was_shown(name)
    secret = presses.NewWebhookSecret(name) if shown else presses.ShowWebhookSecret(name)
    return (
        presses.TestWebhook(name).button(phrase("webhook.test", name=name)),
        secret.button(phrase("webhook.new_secret" if shown else "webhook.show_secret", name=name)),
        presses.OpenRule(f"webhook.{name}").button(phrase("webhook.change", name=name)),
    )


def webhook_of_rules(turn: Turn, name: str) -> Webhook:
    """Return a webhook, if the rules have it still."""
    found = turn.rules.webhooks.get(name)
    if found is None:
        raise Refused("no_rule", word=name, known=", ".join(turn.rules.webhooks) or "—")
    return found


# A test


@on.press(presses.TestWebhook, role=Role.ADMIN, act="webhooks")
def test(turn: Turn) -> None:
    """A test goes to the program at once, past what waits for it, and whoever pressed hears what it answered."""
    turn = continue_in_private(turn)
    webhook = webhook_of_rules(turn, turn.pressed(presses.TestWebhook).webhook)
    file = File("document", webhook.name, "test", 1, source=SOURCE, unique=secrets.token_hex(16))
    facts = {"account": turn.person.account_id, "then": WEBHOOK_TEST}
    payload = dump_rendered(RenderedMessage(files=(file,), facts=facts))
    turn.promise(Chat(SOURCE, f"ping.{webhook.name}"), {"operation": Operation.FETCH, "payload": payload})
    turn.say(phrase("webhook.testing", name=webhook.name))


@on.fetched(WEBHOOK_TEST, role=Role.ADMIN, act="webhooks")
def tested(turn: Turn) -> None:
    """The program has answered the test, or has not."""
    assert turn.event.fetched is not None
    answer = json.loads(b64decode(turn.event.fetched.content))
    said = tested_phrase(answer)
    turn.send(Chat(turn.person.source, turn.person.home), turn.reader(turn.person), Message((said,)))


def tested_phrase(answer: Mapping[str, Any]) -> Phrase:
    """Return what is said of a test: ``answer`` is {"webhook", "said", "ms"}."""
    name, word = answer["webhook"], str(answer["said"])
    if word == "taken":
        return phrase("webhook.tested", name=name, ms=answer["ms"])
    if word.startswith("not called"):
        return phrase("webhook.not_called", name=name)
    return phrase("webhook.not_tested", name=name, why=word, ms=answer["ms"])


# The secret


@on.press(presses.ShowWebhookSecret, role=Role.ADMIN, act="webhooks")
def show_secret(turn: Turn) -> None:
    """The secret is shown once: a second press finds that it was."""
    turn = continue_in_private(turn)
    webhook = webhook_of_rules(turn, turn.pressed(presses.ShowWebhookSecret).webhook)
    if turn.tx.webhooks.was_shown(webhook.name):
        raise Refused("secret_shown", name=webhook.name)
    tell_secret(turn, webhook.name)


@on.press(presses.NewWebhookSecret, role=Role.ADMIN, act="webhooks")
def ask_new_secret(turn: Turn) -> None:
    """A new secret is asked about first: the program has to learn it."""
    turn = continue_in_private(turn)
    webhook = webhook_of_rules(turn, turn.pressed(presses.NewWebhookSecret).webhook)
    title = phrase("webhook.new_secret", name=webhook.name)
    confirmations.show_proposal(
        turn, "webhook_secret", {"name": webhook.name}, phrase("webhook.both_sign"), title=title, command="webhooks"
    )


def make_new_secret(turn: Turn, facts: Mapping[str, Any]) -> None:
    """A new secret signs from now on, and the one before for a day beside it; ``facts`` are {"name"}."""
    webhook = webhook_of_rules(turn, str(facts["name"]))
    confirmations.settle_proposal(turn, phrase("webhook.both_sign"))
    tell_secret(turn, webhook.name)


def tell_secret(turn: Turn, name: str) -> None:
    """Show a secret to the actor alone, for some minutes; who saw it is written down."""
    secret = turn.tx.webhooks.reveal(name, turn.now)
    turn.audit(Deed.WEBHOOK_SECRET, webhook=name)
    said = turn.say(phrase("webhook.secret", name=name, secret=secret))
    turn.schedule(Vanish(said, turn.here[0].lane), SEEN)
