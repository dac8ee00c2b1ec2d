"""Calls to us that are not taken: each is counted, and the log says once a minute how many there were, and the likely reason."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messengers.protocol import CallRefused
from bot.monitoring.health import Now
from bot.monitoring.metrics import Metrics

log = logging.getLogger("frontdesk.web")

EVERY = timedelta(minutes=1)
REASONS = {  # what to look at
    "secret": "the secret is wrong: another program sets this bot's webhook, or somebody guesses",
    "unsigned": "it is not signed: somebody else than Slack calls",
    "signature": "the signature is wrong: compare SLACK_SIGNING_SECRET with the app's page",
    "old": "the signature is older or newer than five minutes: is this machine's clock right?",
    "unreadable": "nobody can read it as what the messenger sends",
    "too_large": "it is larger than anything the messenger sends",
    "path": "there is nothing at this path: compare the address that the messenger was told with /telegram and /slack/events",
    "method": "what is there takes no such call",
}


@dataclass(slots=True)
class _Said:
    at: datetime
    since: int = 0  # calls that the log does not tell of yet


class Refusals:
    """Counts them, by messenger and reason."""

    def __init__(self, metrics: Metrics, now: Now) -> None:
        self._metrics, self._now = metrics, now
        self._said: dict[tuple[str, str], _Said] = {}

    def count(self, refused: CallRefused) -> None:
        """Count one; say so where nothing was said of its kind for a minute."""
        self._metrics.refused_calls.labels(refused.messenger, refused.reason).inc()
        about, now = (refused.messenger, refused.reason), self._now()
        said = self._said.get(about)
        if said is not None and timedelta(0) <= now - said.at < EVERY:
            said.since += 1
            return
        calls = 1 + (said.since if said else 0)
        self._said[about] = _Said(now)
        log.warning(
            "%d call%s %s not taken: %s",
            calls,
            f"s of {refused.messenger}" if calls > 1 else f" of {refused.messenger}",
            "were" if calls > 1 else "was",
            REASONS[refused.reason],
            extra={"event": "calls_refused", "messenger": refused.messenger, "reason": refused.reason, "calls": calls},
        )
