"""The switches for trouble: each is turned on and off by name, and tells how often it was met."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.faults import Fault
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox

WAIT = 3  # seconds that a messenger asks for when it is asked too often


class Switches:
    """Trouble that somebody makes by hand; what is on stays on until it is turned off."""

    def __init__(self, telegram: TelegramSandbox, slack: SlackSandbox) -> None:
        self._telegram, self._slack = telegram, slack
        on_telegram, on_slack = telegram.faults, slack.faults
        self._kinds: dict[str, tuple[Any, Callable[[], Fault]]] = {
            "telegram_429": (on_telegram, lambda: on_telegram.retry_after(WAIT, times=None)),
            "telegram_down": (on_telegram, lambda: on_telegram.html(method="[!g]*", times=None)),
            "telegram_cut": (on_telegram, lambda: on_telegram.drop(method="send*", after=True, times=1)),
            "telegram_proxy": (on_telegram, lambda: on_telegram.foreign("plain_503", method="[!g]*", times=None)),
            "slack_429": (on_slack, lambda: on_slack.ratelimited(WAIT, times=None)),
            "slack_down": (on_slack, lambda: on_slack.html(method="[!a]*", times=None)),
            "slack_proxy": (on_slack, lambda: on_slack.foreign("html_200", method="[!a]*", times=None)),
        }
        self._on: dict[str, Fault] = {}

    def turn(self, name: str, *, on: bool) -> bool:
        """Turn a switch; return whether there is one of this name."""
        if name == "slack_silent":
            if on:
                self._slack.sockets.silence()
            return True
        if name not in self._kinds:
            return False
        faults, make = self._kinds[name]
        if name in self._on:
            faults.remove(self._on.pop(name))
        if on:
            self._on[name] = make()
        self._telegram.changes.touch()
        return True

    def told(self) -> dict[str, dict[str, Any]]:
        """Return every switch: whether it is on, and how many calls have met it."""
        told: dict[str, dict[str, Any]] = {}
        for name, (faults, _) in self._kinds.items():
            fault = self._on.get(name)
            told[name] = {"on": fault in faults.waiting, "hits": fault.hits if fault is not None else 0}
        told["slack_silent"] = {"on": self._slack.sockets.silent, "hits": 0}
        return told

    def blocked(self) -> list[int]:
        """Return who on Telegram has blocked the bot."""
        return [person.id for person in self._telegram.people if person.blocked]

    def waiting(self) -> dict[str, int]:
        """Return how much of what people did each messenger still keeps, because the desk has not taken it."""
        return {"telegram": len(self._telegram.unconfirmed), "slack": len(self._slack.unacked)}
