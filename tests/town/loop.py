"""An event loop whose time is told, not measured: it goes on only when there is nothing left to do, and then at a leap.

Everything of a run lives in one thread: the desk, both simulated messengers, the sockets between them. So "nothing is ready"
means that nothing is under way, a wait of thirty seconds takes none, and the same run comes again in the same order.
"""

import asyncio
import os
import selectors
from collections.abc import Callable, Generator
from contextvars import Context, ContextVar, copy_context
from typing import Any

OWNER: ContextVar["object | None"] = ContextVar("owner", default=None)  # the process that a task belongs to
FAR = 5000  # leaps, or looks at a loop that waits for nothing, after which somebody waits in vain
CIRCLES = 20_000  # rounds without rest after which it is going in circles
LOOKS = 3  # at sockets that seem quiet: what was written is there at once, but for a busy machine


class InVain(Exception):
    """Nothing can come any more of what is waited for."""


class _Selector(selectors.DefaultSelector):
    """Looks at the sockets, and tells the loop when all of them are quiet."""

    loop: "TownLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.loop.steps += 1
        if self.loop.steps > CIRCLES:
            raise InVain(f"it runs in circles: {self.loop.whose()}")
        events = super().select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        for _ in range(LOOKS):
            os.sched_yield()
            if events := super().select(0):
                return events
        if self.loop.rested():
            return []
        if events := super().select(0.001):
            return events
        self.loop.waits += 1
        if self.loop.waits > FAR or (timeout is None and self.loop.waits > FAR / 100):
            raise InVain(f"somebody waits for what never comes: {self.loop.whose()}")
        if timeout is None:
            return super().select(0.05)
        self.loop.leap(timeout)
        return []


class TownLoop(asyncio.SelectorEventLoop):
    """The loop of one run."""

    def __init__(self) -> None:
        self._moment = 1000.0
        self.leapt: Callable[[float], None] = lambda _: None
        self._resting: asyncio.Future[None] | None = None
        self.waits = self.steps = 0  # since anybody rested
        self.tasks: dict[asyncio.Task[Any], object] = {}
        self.wires: list[tuple[object, Any]] = []  # what a process has opened: connections and servers
        selector = _Selector()
        super().__init__(selector)
        selector.loop = self
        self.set_task_factory(self._owned)  # type: ignore[arg-type]  # 3.11's stubs know no context

    def time(self) -> float:
        """Return the moment it is said to be."""
        return self._moment

    def leap(self, seconds: float) -> None:
        """Let time go on to what is waited for next."""
        self._moment += seconds
        self.leapt(seconds)

    def rested(self) -> bool:
        """Tell whoever waits for it that nothing is under way; return whether somebody did."""
        if self._resting is None or self._resting.done():
            return False
        self._resting.set_result(None)
        self.waits = self.steps = 0
        return True

    async def rest(self) -> None:
        """Return when nothing is under way that needs no time."""
        self._resting = self.create_future()
        await self._resting
        self._resting = None

    def whose(self) -> str:
        """Return where every task waits."""
        self.waits = self.steps = 0
        return "; ".join(sorted(repr(task.get_coro())[:120] for task in asyncio.all_tasks(self))[:20])

    async def sleep_over(self, upto: float = float("inf")) -> float:
        """Let time go on to the next thing that waits for it, or so far at most; return how long that took."""
        before = self._moment
        waiting = [handle.when() for handle in self._scheduled if not handle.cancelled()]  # type: ignore[attr-defined]
        left = min([until - before for until in waiting] + [upto])
        if left == float("inf"):
            return 0.0
        self.leap(max(0.0, left))
        await self.rest()
        return self._moment - before

    def run_in_executor(  # type: ignore[override]  # 3.11's stubs and later ones differ
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> "asyncio.Future[Any]":
        """Do it here and now: no thread runs beside the town."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done

    # Whose is what

    def _owned(
        self, loop: asyncio.AbstractEventLoop, work: Generator[Any, None, Any], context: Context | None = None
    ) -> "asyncio.Task[Any]":
        task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, context=context)
        owner = (context or copy_context()).get(OWNER)
        if owner is not None:
            self.tasks[task] = owner
            task.add_done_callback(lambda done: self.tasks.pop(done, None))
        return task

    async def create_connection(self, *args: Any, **more: Any) -> Any:
        """Connect, for a process that lives."""
        owner = OWNER.get()
        if getattr(owner, "dead", False):
            raise ConnectionAbortedError("whoever asks is dead")
        made = await super().create_connection(*args, **more)
        if owner is not None:
            self.wires.append((owner, made[0]))
        return made

    async def create_server(self, *args: Any, **more: Any) -> Any:
        """Listen, for as long as the process lives."""
        made = await super().create_server(*args, **more)
        if (owner := OWNER.get()) is not None:
            self.wires.append((owner, made))
        return made

    def cut(self, owner: object) -> None:
        """End all that is a process's own, at once: nothing it holds is said or done any more."""
        for each, wire in self.wires:
            if each is owner:
                wire.abort() if hasattr(wire, "abort") else wire.close()
        self.wires = [pair for pair in self.wires if pair[0] is not owner]
        for task in [task for task, each in self.tasks.items() if each is owner]:
            task.cancel()
