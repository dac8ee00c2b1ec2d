"""What lies in the drawer: the desk's process, the switches for trouble, and the desk's own records, read and never written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.sandbox.changes import Changes
from bot.sandbox.page.process import Desk
from bot.sandbox.page.switches import Switches


class Drawer:
    """Everything the page shows besides the messengers."""

    def __init__(self, switches: Switches, desk: Desk | None = None) -> None:
        self.switches, self.desk = switches, desk
        self.changes = desk.changes if desk is not None else Changes()

    async def state(self) -> dict[str, Any]:
        """Return what is in it now."""
        return {"desk": self._process(), "switches": self.switches.told()}

    async def ticket(self, number: int) -> dict[str, Any] | None:
        """Return one ticket with its history and what was said on it."""
        return None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look for changes of the records as long as somebody watches."""
        yield

    def _process(self) -> dict[str, Any] | None:
        desk = self.desk
        if desk is None:
            return None
        about = {"state": desk.state, "pid": desk.pid, "starts": desk.starts, "since": desk.since.isoformat()}
        return {**about, "log": list(desk.log)[-40:]}
