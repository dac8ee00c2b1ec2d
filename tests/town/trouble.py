"""What goes wrong around the desk, on purpose: each kind is made by the simulated messengers themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from bot.sandbox.faults import Fault, Gate
from tests.stories.harness.house import House
from tests.stories.harness.slack import SlackStage
from tests.stories.harness.stage import Stage
from tests.stories.harness.telegram import TelegramStage
from tests.town.tally import Tally

KINDS = ("429", "5xx", "drop before", "drop after", "silence", "slow", "receiving")
LATE = ("silence", "slow")
SETTLED = timedelta(minutes=1)  # after which no rate remembers a call that came late
SOCKETS = ("socket cut", "socket refreshed", "socket refused")


class Trouble:
    """The trouble that lasts now, on every side."""

    def __init__(self, sides: list[Stage], house: House, tally: Tally, now: Callable[[], datetime]) -> None:
        self.sides, self.house, self.tally, self.now = sides, house, tally, now
        self.late: list[tuple[datetime, datetime]] = []  # when calls came later than they were made, or answers did
        self._late_since: datetime | None = None
        self.made: list[tuple[str, Stage, Fault]] = []
        self.gates: list[Gate] = []
        self.refused: list[SlackStage] = []
        self.lock: Callable[[], None] | None = None  # lets go of the database

    @property
    def lasts(self) -> bool:
        """Return whether something may go wrong now."""
        hits = any(fault.times is None or fault.hits < fault.times for _, _, fault in self.made)
        return hits or bool(self.gates or self.refused or self.lock)

    def begin(self, random: Random) -> str:
        """Make trouble of a kind on a side; return which."""
        side = random.choice(self.sides)
        kinds = KINDS + (SOCKETS if isinstance(side, SlackStage) else ())
        kind = random.choice(kinds)
        times = random.choice((1, 1, 2, 5))
        if kind in LATE and self._late_since is None:
            self._late_since = self.now()
        if isinstance(side, SlackStage):
            self._on_slack(side, kind, times, random)
        else:
            assert isinstance(side, TelegramStage)
            self._on_telegram(side, kind, times, random)
        return kind

    def _on_telegram(self, side: TelegramStage, kind: str, times: int, random: Random) -> None:
        faults = side.sandbox.faults
        method = random.choice(("send*", "edit*", "send*", "*Topic", "answer*", "*"))
        match kind:
            case "429":
                made = faults.retry_after(random.choice((1, 5, 40)), method="send*", times=times)
            case "5xx":
                made = faults.html(method=method, times=times, status=random.choice((500, 502, 503, 504)))
            case "drop before" | "drop after":
                made = faults.drop(after=kind == "drop after", method=method, times=times)
            case "slow":
                made = faults.slow(random.choice((3.0, 15.0)), method="send*", times=times, after=random.random() < 0.5)
            case "receiving":
                made = faults.drop(after=random.random() < 0.5, method="getUpdates", times=times)
            case _:
                self.gates.append(faults.hold(after=random.random() < 0.5, method="send*", times=times))
                made = faults.waiting[-1]
        self.made.append((kind, side, made))

    def _on_slack(self, side: SlackStage, kind: str, times: int, random: Random) -> None:
        faults, sockets = side.sandbox.faults, side.sandbox.sockets
        method = random.choice(("chat.*", "chat.postMessage", "views.*", "conversations.*", "*"))
        match kind:
            case "429":
                made = faults.ratelimited(random.choice((1, 5, 40)), times=times)
            case "5xx":
                made = faults.html(method=method, times=times, status=random.choice((500, 502, 503, 504)))
            case "drop before" | "drop after":
                made = faults.drop(after=kind == "drop after", method=method, times=times)
            case "slow":
                made = faults.slow(random.choice((2.0, 12.0)), times=times, after=random.random() < 0.5)
            case "receiving":
                made = faults.html(method="conversations.*", times=times)
            case "silence":
                after = random.random() < 0.5
                # No edit lands an hour late, over all that came after it.
                held = "chat.*" if after else "chat.postMessage"
                self.gates.append(faults.hold(after=after, method=held, times=times))
                made = faults.waiting[-1]
            case "socket cut":
                sockets.cut()
                return self.tally.count("fault", kind)
            case "socket refreshed":
                sockets.refresh()
                return self.tally.count("fault", kind)
            case _:
                sockets.refuse()
                sockets.cut()
                self.refused.append(side)
                return self.tally.count("fault", kind)
        self.made.append((kind, side, made))
        return None

    def end(self) -> None:
        """Let all be well again."""
        if self._late_since is not None:
            self.late.append((self._late_since, self.now() + SETTLED))
            self._late_since = None
        for kind, side, fault in self.made:
            self.tally.count("fault", kind, fault.hits)
            side.sandbox.faults.remove(fault)
        for gate in self.gates:
            gate.open()
        for slack in self.refused:
            slack.sandbox.sockets.refuse(on=False)
        self.let_go()
        self.made, self.gates, self.refused = [], [], []

    def let_go(self) -> None:
        """Let the database be written again: nobody holds it for long."""
        if self.lock is not None:
            self.lock()
        self.lock = None
