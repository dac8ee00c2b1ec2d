"""A turn has an end: what goes on for too long is ended from outside, and counted as a try that failed."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from storage.engine.begun_turns import Begun

log = logging.getLogger("frontdesk.desk")

TOO_LONG = 20.0  # seconds after which a turn is ended
STUCK = 60.0  # seconds after which its process is: nothing inside it can end the turn
_LOOK = 1.0  # seconds between two looks
_ENDED = 70  # exit code: an internal error, so that a supervisor starts it anew


@dataclass(slots=True, eq=False)
class _Watched:
    begun: Begun
    since: float
    ended: bool = False


class Watch:
    """Looks once a second at the turns under way; beginning and ending one costs nothing but a note."""

    def __init__(
        self,
        interrupt: Callable[[], None],
        calm: Callable[[], None],
        *,
        too_long: float = TOO_LONG,
        stuck: float = STUCK,
        give_up: Callable[[], None] = lambda: os._exit(_ENDED),
    ) -> None:
        self._interrupt, self._calm = interrupt, calm
        self._too_long, self._stuck, self._give_up = too_long, stuck, give_up
        self._turns: dict[int, _Watched] = {}
        self._overdue: list[Begun] = []
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, slot: int, begun: Begun) -> Iterator[None]:
        """Watch the turn of these events."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="watch", daemon=True)
            self._thread.start()
        watched = self._turns[slot] = _Watched(begun, monotonic())
        try:
            yield
        except BaseException:
            if watched.ended:
                self._overdue.append(begun)
            raise
        finally:
            with self._lock:
                self._turns.pop(slot, None)
            if watched.ended:
                self._calm()

    def overdue(self) -> list[Begun]:
        """Return the turns that were ended since the last time this was asked."""
        with self._lock:
            found, self._overdue = self._overdue, []
            found += [watched.begun for watched in self._turns.values() if watched.ended]
            self._turns = {slot: watched for slot, watched in self._turns.items() if not watched.ended}
        return found

    def close(self) -> None:
        """Look no more."""
        self._closed.set()

    def _serve(self) -> None:
        while not self._closed.wait(min(_LOOK, self._too_long / 2)):
            for watched in list(self._turns.values()):
                lasted = monotonic() - watched.since
                if lasted > self._stuck:
                    facts = {"event": "stuck", "id": watched.begun.ids[0]}
                    log.critical(
                        "a turn has hung for %d s: the process ends, and is to be started anew", lasted, extra=facts
                    )
                    self._give_up()
                elif lasted > self._too_long:
                    self._end(watched)

    def _end(self, watched: _Watched) -> None:
        with self._lock:
            if watched not in self._turns.values():
                return
            watched.ended = True
            self._interrupt()
