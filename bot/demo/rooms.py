"""Where people already talk, in the demo: a client's group, a channel in which each post is a request, a second department."""

from datetime import datetime

from bot.operations.seed import example_rules
from bot.sandbox.cast import Cast
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox
from handlers.channels.chosen import Opens
from handlers.rules import Rules
from handlers.rules.change import put_document
from storage.engine.database import Connection
from storage.transaction import Transaction

CLIENT, SECOND = "Acme", "second"


def put_rooms(
    connection: Connection, now: datetime, *, cast: Cast, telegram: TelegramSandbox, slack: SlackSandbox
) -> None:
    """Set the rooms up, as an admin did on an earlier day."""
    tx = Transaction(connection)
    opens = [Opens.MENTION.value, Opens.EVERY.value]
    sources = (f"telegram:{telegram.token.partition(':')[0]}", f"slack:{slack.team_id}")
    company = tx.companies.put(CLIENT, now, contract="2026-17")
    for source, chat, title in zip(
        sources,
        (str(cast.clients.id), cast.help_it.id),
        (cast.clients.title, cast.help_it.name),
        strict=True,
    ):
        kept = tx.request_channels.keep(source, chat, title=title, settings={"opens": opens}, at=now)
        if source == sources[0]:
            tx.companies.give_channel(kept.id, company.id)
    channels = [f"telegram:{cast.second_group.id}", f"slack:{cast.second_channel.id}"]
    groups = {SECOND: {"title": cast.second_group.title, "channels": channels}}
    put_document(tx, {**example_rules(), "groups": groups}, Rules(), act="first", by=None, at=now)
