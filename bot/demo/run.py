"""The demo from the first word to the last, for whoever sits at a terminal or only listens."""

import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from rich.console import Console

from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.demo.behind import Behind
    from bot.demo.prompt import Prompt

OPENING = "A desk of three people opens; nothing leaves this machine."
ON = "\nGo on by hand: write as {who}, /as bob to change sides, /help for more, Ctrl-D to end."


def play(language: str, port: int, *, by_hand: bool) -> None:
    """Tell the story, and go on by hand where somebody is there to."""
    console = Console(highlight=False)
    console.print(OPENING, style="dim")
    from bot.demo.behind import Behind
    from bot.demo.stage import Stage
    from bot.demo.story import Teller, tell
    from bot.demo.transcript import Transcript
    from bot.demo.watching import Watch
    from bot.demo.words import words

    signal.signal(signal.SIGTERM, _interrupted)
    behind, spoken = Behind(), words(language)
    with folder() as made:
        with console.status("Opening"):
            stage = behind.run(Stage.open(spoken, made, port))
        try:
            watch = Watch(stage)
            watch.read_all()
            transcript = Transcript(console, spoken)
            behind.run(tell(Teller(stage, watch, transcript)))
            console.print()
            if by_hand:
                from bot.demo.prompt import Prompt

                stage.clock.runs()
                watch.read_all()
                console.print(ON.format(who=spoken.names["ann"]), style="bold")
                _ask(behind, Prompt(stage, watch, transcript))
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C would leave half of it behind
            behind.run(stage.close())
            behind.close()
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _ask(behind: "Behind", prompt: "Prompt") -> None:
    """Take line after line until Ctrl-D or Ctrl-C."""
    import readline  # noqa: F401 - arrow keys and history for input()

    try:
        while True:
            line = input(f"\n{prompt.label}")
            if line.strip():
                behind.run(prompt.do(line.strip()))
    except (EOFError, KeyboardInterrupt):
        sys.stdout.write("\n")


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder for the demo's database; it is gone afterwards."""
    try:
        made = tempfile.TemporaryDirectory(prefix="frontdesk-demo-", ignore_cleanup_errors=True)
    except OSError as error:
        raise OperatorError(
            "TMPDIR", f"there is no folder for the demo's database ({error.strerror}); name one this user may write"
        ) from None
    with made as name:
        yield Path(name)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
