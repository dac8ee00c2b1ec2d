"""`frontdesk dead …`: events and messages that failed for good."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.calling import wait
from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.operations.dead_letters import DeadLetter

app = typer.Typer(name="dead", help="Events and messages that failed for good.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="As `dead list` shows it, like event:12 or message:34.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID…", help="As `dead list` shows them.")]
Every = Annotated[bool, typer.Option("--all", help="All of them.")]


def _url() -> str:
    from bot.settings import load_settings

    return load_settings().database_url


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List them, the newest first, and what waits for a place that takes nothing."""
    letters = _letters()
    if as_json:
        typer.echo(json.dumps([letter.as_dict() for letter in letters], ensure_ascii=False))
    elif not letters:
        typer.echo("Nothing failed for good.")
    else:
        for letter in letters:
            typer.echo(_line(letter))


@app.command()
def show(letter: Id, as_json: AsJson = False) -> None:
    """Show one with all that came or was to go: what a person wrote, too."""
    (found,) = _chosen([letter])
    typer.echo(json.dumps(found.as_dict(), ensure_ascii=False) if as_json else f"{_line(found)}\n{found.payload}")


@app.command()
def retry(letters: Ids = None, every: Every = False) -> None:
    """Put some back where they came from; a running desk takes them at once."""
    from bot.operations import dead_letters

    chosen = [letter.id for letter in _picked(letters, every=every)]
    typer.echo(f"{wait(dead_letters.retry_dead_letters(_url(), chosen))} put back.")


@app.command()
def drop(letters: Ids = None, every: Every = False) -> None:
    """Forget some for good."""
    from bot.operations import dead_letters

    chosen = [letter.id for letter in _picked(letters, every=every)]
    typer.echo(f"{wait(dead_letters.drop_dead_letters(_url(), chosen))} dropped.")


def _letters() -> "list[DeadLetter]":
    from bot.operations import dead_letters

    return wait(dead_letters.dead_letters(_url()))


def _picked(ids: list[str] | None, *, every: bool) -> "list[DeadLetter]":
    if every == bool(ids):
        raise OperatorError("ID", "name dead letters as 'frontdesk dead list' shows them, or write --all")
    return [letter for letter in _letters() if not letter.waits] if every else _chosen(ids or [])


def _chosen(ids: list[str]) -> "list[DeadLetter]":
    known = {letter.id: letter for letter in _letters()}
    for name in ids:
        if name not in known:
            raise OperatorError("ID", f"there is no dead letter {name!r}; 'frontdesk dead list' shows them all")
    return [known[name] for name in dict.fromkeys(ids)]


def _line(letter: "DeadLetter") -> str:
    return (
        f"{letter.id:<12} {letter.since:%Y-%m-%d %H:%M:%S}Z  {letter.where}  after {letter.tries} tries: {letter.why}"
    )
