"""Starting a desk that may be refused: the same question before any messenger."""

import pytest

from bot.app import build_app
from bot.errors import OperatorError
from bot.settings import Settings


async def refused(settings: Settings) -> str:
    """Return the line that a start is refused with."""
    with pytest.raises(OperatorError) as told:
        await tried(settings)
    line = str(told.value)
    assert "\n" not in line
    return line


async def tried(settings: Settings) -> None:
    """Start a desk and stop it again."""
    app = await build_app(settings)
    try:
        await app.start()
        await app.introduced()
    finally:
        await app.stop()
