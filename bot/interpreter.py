"""What Python is told about a desk's process: whom to let run, and what not to look through again and again."""

import gc
import sys

TURN = 0.0005  # seconds; Python's own is ten times as long


def switch_threads_often() -> None:
    """Let a thread that counts a report or draws a picture give way sooner to the turns.

    A turn gives the interpreter away at each of its statements, and waits so long to have it back while another thread counts.
    """
    sys.setswitchinterval(TURN)


def spare_startup_objects() -> None:
    """Let the garbage collector pass over all that is there by now: modules, rules, the index of the knowledge base.

    They live as long as the process. Looking through them each time was a quarter of what a large report cost.
    """
    gc.collect()
    gc.freeze()
