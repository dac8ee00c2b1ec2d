"""How a command calls the core: settings first, logs next, then one call, and what can go wrong told in one line."""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from bot.errors import OperatorError

if TYPE_CHECKING:
    from rich.progress import TaskID

T = TypeVar("T")


@contextlib.contextmanager
def progress(doing: str) -> Iterator[None]:
    """Show on a terminal that something is under way; say nothing to a file or a program."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


@contextlib.contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
    """Yield what shows on a terminal how much is done: ``tell(what, done, of)``; it says nothing to a file or a program."""
    if not sys.stderr.isatty():
        yield lambda doing, done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def tell(doing: str, done: int, of: int) -> None:
            if doing not in tasks:
                tasks[doing] = shown.add_task(doing)
            shown.update(tasks[doing], completed=done, total=of)

        yield tell


def wait(work: Coroutine[Any, Any, T]) -> T:
    """Return what ``work`` comes to; a database that cannot be used is the operator's to mend."""
    from storage.engine.database import DatabaseUnavailable, DatabaseUnusable

    try:
        return asyncio.run(work)
    except DatabaseUnusable as error:
        name, _, fix = str(error).partition(": ")
        raise OperatorError(name, fix) from None
    except DatabaseUnavailable as error:
        typer.echo(f"The database does not serve now ({error}); try again.", err=True)
        raise typer.Exit(1) from None
