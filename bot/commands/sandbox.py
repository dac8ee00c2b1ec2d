"""`frontdesk sandbox`: only the simulated messengers and their page, for a desk that runs beside them."""

from typing import Annotated

import typer

from bot.commands.calling import wait

Of = "on 127.0.0.1; 0 takes a free one."
PagePort = Annotated[int, typer.Option(min=0, max=65535, help=f"Of the page {Of}")]
TelegramPort = Annotated[int, typer.Option(min=0, max=65535, help=f"Of the simulated Telegram {Of}")]
SlackPort = Annotated[int, typer.Option(min=0, max=65535, help=f"Of the simulated Slack {Of}")]


def sandbox(port: PagePort = 0, telegram_port: TelegramPort = 0, slack_port: SlackPort = 0) -> None:
    """Serve a simulated Telegram and Slack with a page to chat in, and tell the settings of a desk that is to use them."""
    from bot.sandbox.serve import serve

    wait(serve(port, telegram_port, slack_port))
