"""The desk as a process of its own, kept running: killed or broken, it is started anew."""

import asyncio
import contextlib
import json
import signal
import sys
import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox.changes import Changes

LINES = 200  # of the desk's log that are kept
PATIENCE = 15.0  # seconds to stop in good order
WRONG = 2  # exit code: somebody has to mend something first
STEADY = 5.0  # seconds after which a start has succeeded
WAITS = (0.3, 1.0, 2.0, 5.0, 10.0)  # seconds before a start, the more the more starts have failed


class Desk:
    """`frontdesk run` under a supervisor."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.changes = Changes()
        self.log: deque[dict[str, Any]] = deque(maxlen=LINES)
        self.state, self.starts, self.since = "starting", 0, datetime.now(UTC)
        self._folder, self._environment = folder, dict(environment)
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """The number of the process that runs now."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and running else None

    def start(self) -> None:
        """Keep it running from now on."""
        self._keeper = asyncio.create_task(self._keep())

    async def kill(self) -> None:
        """Kill it as a power cut would: nothing is finished, nothing is said."""
        if self._process is not None and self._process.returncode is None:
            self.note("warning", f"killed (SIGKILL, process {self._process.pid})")
            self._is("restarting")
            self._signal(signal.SIGKILL)
            await self._process.wait()

    async def revive(self) -> None:
        """Try again where it has given up."""
        self._wake.set()

    async def stop(self) -> None:
        """Stop it in good order, or, where it takes too long, at once."""
        self._stopping = True
        self._wake.set()
        if self._keeper is None:
            return
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.shield(self._keeper)
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._keeper

    def _signal(self, sign: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(sign)

    async def _keep(self) -> None:
        failures = 0
        while not self._stopping:
            began = time.monotonic()
            code = await self._once()
            steady = time.monotonic() - began > STEADY or self.state == "restarting"
            failures = 0 if steady else failures + 1
            self._is("stopped" if code == WRONG else "restarting")
            await self._pause(None if code == WRONG else WAITS[min(failures, len(WAITS) - 1)])

    async def _pause(self, seconds: float | None) -> None:
        """Wait before the next start; None waits for somebody to ask for it."""
        self._wake.clear()
        if self._stopping:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _once(self) -> int:
        """Run it once, to its end."""
        self.starts += 1
        # A session of its own: Ctrl-C at the terminal is for us, and we stop it in good order.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=self._folder, env=self._environment, start_new_session=True,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        if self._stopping:  # meanwhile
            self._signal(signal.SIGTERM)
        assert self._process.stderr is not None
        self.changes.touch()
        while True:
            try:
                line = await self._process.stderr.readline()
            except ValueError:  # longer than a line may be
                continue
            if not line:
                return await self._process.wait()
            self._heard(line.decode(errors="replace").strip())

    def _heard(self, line: str) -> None:
        record: dict[str, Any] = {}
        with contextlib.suppress(ValueError, TypeError):
            record = dict(json.loads(line))
        if "message" not in record:
            record = {"level": "error", "message": line}
        trace = str(record.get("traceback", "")).strip().rpartition("\n")[2]
        self.note(str(record.get("level", "info")), " · ".join(filter(None, [str(record["message"]), trace])))
        if record.get("event") == "started":
            self._is("running")

    def note(self, level: str, message: str) -> None:
        """Write a line into the log that is shown."""
        self.log.append({"at": datetime.now(UTC).isoformat(), "level": level, "message": message})
        self.changes.touch()

    def _is(self, state: str) -> None:
        if self.state != state:
            self.state, self.since = state, datetime.now(UTC)
        self.changes.touch()
