"""A process that has imported the product once and forks a desk on demand: no thread, no loop, nothing to inherit badly.

It reads one JSON object a line, ``Order``'s fields, and writes ``{"started": pid}`` and ``{"ended": pid, "code": n}``.
"""

import asyncio
import json
import os
import select
import signal
import sys
import traceback
from typing import Any

from bot import process, settings
from bot.monitoring import failpoints, logs
from bot.slack import adapter as slack  # noqa: F401 - imported here once instead of in each desk
from bot.telegram import adapter, webhook  # noqa: F401
from handlers import dispatch
from handlers.turns.turn import Turn
from handlers.vocabulary.translations import Locale, Translator
from storage.engine import postgres, sqlite_writer  # noqa: F401
from tests.crash.clock import FastClock


def main() -> None:
    """Fork desks until the parent closes the pipe; then end those that still run."""
    Translator().say("told.claimed", Locale("en"))  # the catalogues are read once, too
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    desks: set[int] = set()
    _tell(ready=True)
    waiting = b""
    while True:
        for pipe in select.select([0, awake], [], [])[0]:
            read = os.read(pipe, 65536)
            if pipe == awake:
                _reap(desks)
            elif not read:
                _end(desks)
                return
            else:
                *orders, waiting = (waiting + read).split(b"\n")
                for order in orders:
                    desks.add(_fork(json.loads(order)))


def _fork(order: dict[str, Any]) -> int:
    assert len(os.listdir("/proc/self/task")) == 1, "a thread would be half inherited"
    child = os.fork()
    if child == 0:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setpgid(0, 0)
            _serve(order)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(70)  # only if something went wrong on the way
    _tell(started=child)
    return child


def _serve(order: dict[str, Any]) -> None:
    """Be a desk: the real ``run`` with the real settings, until told to stop or killed."""
    for pipe, path, flags in ((0, os.devnull, os.O_RDONLY), (1, order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)):
        os.dup2(os.open(path, flags), pipe)
    os.dup2(1, 2)
    os.environ.update(order["environment"])
    _arm(order["point"], order["nth"], at_once=order["at_once"])
    _poison(order["poison"])
    chosen = settings.load_settings(_env_file=None)
    logs.configure_logging(chosen.log_level, chosen.log_format, secrets=chosen.secrets)
    clock = FastClock(order["epoch"], order["factor"], order["ahead"]) if order["factor"] != 1 else None
    asyncio.run(process.serve_desk(chosen, clock=clock))
    os._exit(0)


def _arm(point: str, nth: int, *, at_once: bool) -> None:
    """Kill this process when it reaches ``point`` for the ``nth`` time, counted from the start or from SIGUSR1."""
    armed, count = at_once, 0

    def arm(*_: object) -> None:
        nonlocal armed
        armed = True

    def reached(name: str) -> None:
        nonlocal count
        if armed and name == point:
            count += 1
            if count == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    signal.signal(signal.SIGUSR1, arm)
    if point:
        failpoints.set_failpoint_hook(reached)


def _poison(words: str) -> None:
    """Let every turn about these words end the process, once it has done all it does, as a bug in native code would."""
    handle = dispatch.dispatch

    def deadly(turn: Turn) -> None:
        handle(turn)
        if words in turn.event.words.text:
            os.kill(os.getpid(), signal.SIGKILL)

    if words:
        dispatch.dispatch = deadly


def _reap(desks: set[int]) -> None:
    while desks:
        child, status = os.waitpid(-1, os.WNOHANG)
        if child == 0:
            return
        desks.discard(child)
        _tell(ended=child, code=os.waitstatus_to_exitcode(status))


def _end(desks: set[int]) -> None:
    for child in desks:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _tell(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
