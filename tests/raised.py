"""Every polite no is seen by some test: each place that raises one is noted; `make test-all` ends red where one was not.

A pytest plugin. Places are read from the source; what is raised is noted as it is made. A process that a test starts is not
looked into: what only happens there is in ``ELSEWHERE``, with the test that sees it.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.errors import OperatorError
from bot.messengers.protocol import Rejected
from storage.engine.database import DatabaseUnusable
from storage.lifecycle import Refused
from tests.lengths import FULL

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "handlers", "kb", "storage")
KINDS: tuple[type[Exception], ...] = (Refused, Rejected, OperatorError, DatabaseUnusable)
NAMES = {kind.__name__ for kind in KINDS}
# A place as `file: the line as it stands`, and the test that sees it raised in a process of its own.
ELSEWHERE: dict[str, str] = {}

_seen: set[tuple[str, int]] = set()


@dataclass(frozen=True, slots=True)
class Site:
    """One statement that raises; lines count from 1, the last included."""

    file: str
    first: int
    last: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}: {self.words}"


def sites() -> Iterator[Site]:
    """Yield every statement of the product that raises one of the kinds."""
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        file, text = str(path.relative_to(ROOT)), path.read_text("utf-8")
        if file.startswith("bot/sandbox/"):
            continue
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Raise) and _name(node.exc) in NAMES:
                yield Site(file, node.lineno, node.end_lineno or node.lineno, lines[node.lineno - 1].strip())


def _name(raised: ast.expr | None) -> str:
    return raised.func.id if isinstance(raised, ast.Call) and isinstance(raised.func, ast.Name) else ""


def _note(kind: type[Exception]) -> None:
    """Let a kind note where each one of it is made."""
    made: Any = kind.__init__

    def noted(self: Exception, *args: Any, **facts: Any) -> None:
        maker = sys._getframe(1)
        _seen.add((maker.f_code.co_filename, maker.f_lineno))
        made(self, *args, **facts)

    kind.__init__ = noted  # type: ignore[assignment, method-assign]


def pytest_configure(config: pytest.Config) -> None:
    """Begin to note."""
    config.stash[OTHERS] = set()
    for kind in KINDS:
        _note(kind)


OTHERS = pytest.StashKey[set[tuple[str, int]]]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Tell whoever began this worker what it has seen; whoever began the run judges."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["raised"] = sorted(_seen)
    elif exitstatus == 0 and FULL and _whole(config) and unseen(config.stash[OTHERS] | _seen):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker has seen."""
    node.config.stash[OTHERS] |= {(file, line) for file, line in getattr(node, "workeroutput", {}).get("raised", ())}


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name what nobody has seen raised."""
    if _whole(config) and (left := unseen(config.stash[OTHERS] | _seen)):
        terminalreporter.section(f"{len(left)} refusals that no test has seen")
        for site in left:
            terminalreporter.write_line(f"{site.file}:{site.first}: {site.words}")


def unseen(seen: set[tuple[str, int]]) -> list[Site]:
    """Return the places that were not seen to raise, and are not seen elsewhere."""
    raised: dict[str, set[int]] = {}
    for file, line in seen:
        raised.setdefault(file, set()).add(line)
    return [
        site
        for site in sites()
        if str(site) not in ELSEWHERE
        and not any(site.first <= line <= site.last for line in raised.get(str(ROOT / site.file), ()))
    ]


def _whole(config: pytest.Config) -> bool:
    """Return whether a run tells everything: no file, no word and no mark was chosen."""
    return not (config.option.keyword or config.option.markexpr or getattr(config.option, "lf", False)) and (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.collectonly
    )
