"""`frontdesk desk …`: the desk's rules as a file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.calling import progress, wait
from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.operations.rules_file import BadDeskFile
    from bot.settings import Settings
    from handlers.rules import Rules

app = typer.Typer(name="desk", help="The desk's rules.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The rules as YAML: desk.yaml.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]


@app.callback()
def desk() -> None:
    """Keep the desk's rules in a file: types, forms, groups, hours, targets, texts."""


@app.command("export")
def export(file: File) -> None:
    """Write the rules in force to a file; applying it changes nothing."""
    from bot.operations import rules_apply

    settings, _ = _settled()
    try:
        with progress("Writing the rules"):
            wait(rules_apply.export_file(settings.database_url, file))
    except OSError as error:
        raise OperatorError("FILE", f"{file} cannot be written ({error.strerror})") from None
    typer.echo(f"The rules are in {file}.")


@app.command("check")
def check(file: File, as_json: Json = False) -> None:
    """Tell every mistake of a file, with its line and the fix; change nothing."""
    from bot.operations.rules_file import BadDeskFile, load_desk_file

    _, base = _settled()
    try:
        load_desk_file(file, base)
    except BadDeskFile as bad:
        _refuse(bad, as_json=as_json)
    typer.echo(json.dumps({"problems": []}) if as_json else f"{file} can be applied.")


@app.command("apply")
def apply(file: File, dry: Dry = False, as_json: Json = False) -> None:
    """Put a file's rules in force, all or nothing, and show what changed; a running desk follows from its next turn on."""
    from bot.operations import rules_apply
    from bot.operations.rules_file import BadDeskFile

    settings, base = _settled()
    try:
        with progress("Applying the rules"):
            found = wait(rules_apply.apply_file(settings.database_url, file, base, dry=dry))
    except BadDeskFile as bad:
        _refuse(bad, as_json=as_json)
    lines = rules_apply.rules_change_lines(found)
    if as_json:
        typer.echo(json.dumps({"applied": not dry, "changes": lines}, ensure_ascii=False))
        return
    for line in lines:
        typer.echo(line)
    done = "would change" if dry else "changed"
    typer.echo(f"{len(lines)} {'place' if len(lines) == 1 else 'places'} {done}." if lines else "Nothing differs.")


def _refuse(bad: "BadDeskFile", *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"applied": False, "problems": bad.lines}, ensure_ascii=False))
    else:
        for line in bad.lines:
            typer.echo(line, err=True)
    raise typer.Exit(1)


def _settled() -> "tuple[Settings, Rules]":
    from bot.operations.rules_apply import rules_of
    from bot.settings import load_settings

    settings = load_settings()
    return settings, rules_of(settings)
