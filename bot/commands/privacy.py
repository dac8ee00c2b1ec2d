"""`frontdesk privacy …`: what is kept of a person: shown, given, erased, looked for, copied without names."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.calling import progress, wait
from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    name="privacy", help="What is kept of a person: to show, give, erase, and look for.", no_args_is_help=True
)

Who = Annotated[str, typer.Argument(metavar="PERSON", help="An account like telegram:123, @name, or a name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")]
OF_COMPANY = "company:"
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
List = Annotated[Path | None, typer.Argument(metavar="FILE", help="The list; left out: as ERASED_FILE says.")]
Words = Annotated[
    list[str] | None, typer.Argument(metavar="WORD…", help="A name, an id, a word to look for everywhere.")
]
New = Annotated[Path, typer.Argument(metavar="FILE", help="The SQLite file to make.")]


def _settings() -> "Settings":
    from bot.settings import load_settings

    return load_settings()


@app.command()
def show(person: Who, as_json: AsJson = False) -> None:
    """Show what is kept of somebody."""
    from bot.operations import privacy

    found = wait(privacy.summarize_person(_settings().database_url, person))
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
        return
    typer.echo(f"{found.name} ({', '.join(found.accounts)}), person {found.person}")
    typer.echo(
        f"{found.requests} requests, {found.messages} messages on them, {found.questions} questions with their words"
    )
    if found.erase_at:
        typer.echo(f"to be erased at {found.erase_at}")


@app.command()
def export(person: Who, out: Out) -> None:
    """Write all that is somebody's to an archive: a page and JSON; files stay with their messengers."""
    from bot.operations import privacy

    settings = _settings()
    if out.exists():
        raise OperatorError("--out", f"{out} is there already; name a new file")
    try:
        with progress("Gathering"):
            size = wait(
                privacy.export_person(settings.database_url, person, out, settings.language, settings.time_zone)
            )
    except OSError as error:
        raise OperatorError("--out", f"{out} cannot be written ({error.strerror})") from None
    typer.echo(f"{out} has it ({size} bytes).")


@app.command()
def erase(person: Who, sure: Sure = False) -> None:
    """Erase somebody now, or everybody of company:NAME; a running desk begins at once, another with its next start."""
    from bot.operations import privacy

    url = _settings().database_url
    if person.startswith(OF_COMPANY):
        name, people, requests = wait(privacy.summarize_company(url, person.removeprefix(OF_COMPANY)))
        if not sure:
            typer.confirm(f"Erase the {people} people of {name}, {requests} requests, for good?", abort=True)
        wait(privacy.erase_company(url, name))
        typer.echo(f"Everybody of {name} is being erased.")
        return
    found = wait(privacy.summarize_person(url, person))
    if not sure:
        typer.confirm(
            f"Erase {found.name} ({', '.join(found.accounts)}), {found.requests} requests, for good?", abort=True
        )
    wait(privacy.erase_person(url, person))
    typer.echo(f"{found.name} is being erased.")


@app.command()
def replay(file: List = None) -> None:
    """Erase again whoever is in the list of erasures: after a restore, before anybody is served."""
    from bot.operations import privacy
    from bot.operations.erased_list import list_of

    settings = _settings()
    path = file or list_of(settings.database_url, settings.erased_file)
    with progress("Comparing"):
        back, again = wait(privacy.replay_erasures(settings.database_url, path))
    typer.echo(f"{back} were back and are being erased; {again} were erased before and are looked through once more.")


@app.command()
def verify(words: Words = None, as_json: AsJson = False) -> None:
    """Look for what should be gone: of everybody erased, and words, in every table and every byte of the files."""
    from bot.operations import privacy

    with progress("Looking"):
        found = wait(privacy.verify_erasures(_settings().database_url, words or []))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        typer.echo("\n".join(found) or "Nothing is left.")
    if found:
        raise typer.Exit(1)


@app.command()
def copy(file: New) -> None:
    """Write a copy for trials to a new SQLite file, without anybody's words, names and ids."""
    from bot.operations import privacy

    with progress("Copying"):
        counts = wait(privacy.copy_for_trials(_settings().database_url, file))
    typer.echo(f"{file}: {sum(counts.values())} rows of {len(counts)} tables, with nobody's words in them.")
