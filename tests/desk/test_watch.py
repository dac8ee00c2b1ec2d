"""A turn that nothing inside the process can end."""

import threading

from bot.intake.turn_watchdog import Watch
from storage.engine.begun_turns import Begun


def test_a_process_that_hangs_in_a_turn_ends():
    """A supervisor starts it anew, and what was begun counts as a try."""
    given_up, interrupted = threading.Event(), threading.Event()
    watch = Watch(interrupted.set, lambda: None, too_long=0.02, stuck=0.05, give_up=given_up.set)
    with watch.over(0, Begun((1,), 0)):
        assert given_up.wait(10)
    assert interrupted.is_set()
    watch.close()


def test_a_turn_that_ends_in_time_is_left_alone():
    interrupted = threading.Event()
    watch = Watch(interrupted.set, lambda: None, too_long=60)
    with watch.over(0, Begun((1,), 0)):
        pass
    assert watch.overdue() == []
    assert not interrupted.is_set()
    watch.close()
