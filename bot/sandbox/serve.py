"""The simulated messenger by itself, for a desk in another process."""

import asyncio
import signal
import sys

from bot.sandbox.ports import taken
from bot.sandbox.telegram import Group, Person, TelegramSandbox

TOLD = """\
A simulated Telegram serves on {url}, until Ctrl-C. For a desk beside it, put into .env:

TELEGRAM_BOT_TOKEN={token}
TELEGRAM_API_URL={url}
TELEGRAM_TEAM_CHAT={team}
ADMINS=telegram:{bob}

Ann may need help, Bob is the team. They do what they are told over HTTP:

curl -s {url}/control/people/{ann}/says -d '{{"text": "/start"}}' -H 'Content-Type: application/json'
curl -s {url}/control/rooms/{ann}
"""


async def serve(port: int, option: str) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    try:
        sandbox = await TelegramSandbox.start(port)
    except OSError as error:
        raise taken(option, port, error) from None
    stopped = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    async with sandbox:
        ann, bob = sandbox.person("Ann", username="ann"), sandbox.person("Bob", username="bob")
        team = sandbox.group("Team", forum=True, members=[bob])
        sys.stdout.write(told(sandbox, team, ann, bob))
        sys.stdout.flush()
        await stopped.wait()


def told(sandbox: TelegramSandbox, team: Group, ann: Person, bob: Person) -> str:
    """Return what a desk's `.env` needs, and how the people are moved."""
    return TOLD.format(url=sandbox.url, token=sandbox.token, team=team.id, ann=ann.id, bob=bob.id)
