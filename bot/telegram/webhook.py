"""The webhook: where Telegram calls us, set at the start and seen to from then on."""

import logging
from dataclasses import dataclass, field

from aiogram import Bot

log = logging.getLogger("frontdesk.telegram")

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member", "message_reaction"]
CONNECTIONS = 40  # calls that Telegram may make side by side


@dataclass(frozen=True, slots=True)
class Webhook:
    """The public address, and what proves that it is Telegram who calls."""

    url: str
    secret: str = field(repr=False)


async def apply_webhook(bot: Bot, webhook: Webhook | None) -> None:
    """Let Telegram call this address; without one, let it call nobody, so that we may poll."""
    if webhook is None:
        await bot.delete_webhook()
        return
    await bot.set_webhook(
        webhook.url, secret_token=webhook.secret, allowed_updates=ALLOWED, max_connections=CONNECTIONS
    )


async def ensure_webhook(bot: Bot, webhook: Webhook | None) -> None:
    """Put back what another program has changed, a webhook taken away or one set, and log what Telegram says of calling it."""
    info = await bot.get_webhook_info()
    if info.url != (webhook.url if webhook else ""):
        done = "set again" if webhook else "taken away, for the desk polls"
        log.warning("the webhook was changed by another program; %s", done, extra={"event": "webhook_changed"})
        await apply_webhook(bot, webhook)
    elif info.last_error_message and info.pending_update_count:
        log.warning(
            "Telegram cannot deliver %d updates: %s",
            info.pending_update_count,
            info.last_error_message,
            extra={"event": "webhook_failing"},
        )
