"""The messengers that the settings name, each imported only when it is served or examined."""

from collections.abc import AsyncIterator

from bot.clock import Clock
from bot.messengers.modal_source import DraftForms
from bot.messengers.protocol import Messenger
from bot.monitoring.finding import Finding
from bot.settings import Settings
from handlers.rules.book import RulesCache
from storage.engine.database import Database


def configured_messengers(settings: Settings, book: RulesCache, database: Database, clock: Clock) -> list[Messenger]:
    """Return the messengers that are configured; none is asked anything yet."""
    found = []
    if settings.telegram_bot_token is not None:
        found.append(_telegram(settings, settings.telegram_bot_token.get_secret_value(), clock))
    if settings.slack_bot_token is not None:
        found.append(_slack(settings, settings.slack_bot_token.get_secret_value(), book, database, clock))
    return found


async def examine_messengers(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what each configured messenger says of us."""
    if settings.telegram_bot_token is not None:
        from bot.telegram import checks as telegram

        async for finding in telegram.examine_telegram(settings):
            yield finding
    if settings.slack_bot_token is not None:
        from bot.slack import checks as slack

        async for finding in slack.examine_slack(settings):
            yield finding


def _telegram(settings: Settings, token: str, clock: Clock) -> Messenger:
    from bot.telegram.adapter import Telegram
    from bot.telegram.webhook import Webhook

    url, secret = settings.telegram_webhook_url, settings.telegram_webhook_secret
    return Telegram(
        token,
        settings.telegram_api_url,
        team=settings.telegram_team_chat,
        per_second=settings.telegram_per_second,
        group_per_minute=settings.telegram_group_per_minute,
        webhook=Webhook(url, secret.get_secret_value()) if url and secret else None,
        language=settings.language,
        clock=clock,
    )


def _slack(settings: Settings, token: str, book: RulesCache, database: Database, clock: Clock) -> Messenger:
    from bot.slack.adapter import Slack

    app_token, secret = settings.slack_app_token, settings.slack_signing_secret
    return Slack.over(
        token,
        settings.slack_api_url,
        DraftForms(database, clock, book),
        database,
        app_token=app_token.get_secret_value() if app_token else "",
        secret=secret.get_secret_value() if secret else "",
        team=settings.slack_team_channel or "",
        rate=settings.slack_per_channel_per_second,
        clock=clock,
    )
