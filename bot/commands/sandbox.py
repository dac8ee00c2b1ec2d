"""`frontdesk sandbox`: only the simulated messenger, for a desk that runs beside it."""

from typing import Annotated

import typer

from bot.commands.calling import wait

Port = Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1; 0 takes a free one.")]


def sandbox(port: Port = 0, telegram_port: Port = 0) -> None:
    """Serve a simulated Telegram until Ctrl-C, and tell the settings of a desk that is to use it."""
    from bot.sandbox.serve import serve

    wait(serve(telegram_port or port, "--telegram-port" if telegram_port else "--port"))
