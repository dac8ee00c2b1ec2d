"""Named places where the crash test may kill the process; in ordinary life passing one is a single call that does nothing."""

from collections.abc import Callable

POINTS = ("stored", "turn", "before_commit", "after_commit", "before_send", "after_send", "timer")


def _nothing(_point: str) -> None:
    """Pass by."""


_hook: Callable[[str], None] = _nothing


def set_failpoint_hook(hook: Callable[[str], None]) -> None:
    """Let ``hook`` hear each point as it is reached."""
    global _hook
    _hook = hook


def reach_failpoint(point: str) -> None:
    """Say that this point is reached."""
    _hook(point)
