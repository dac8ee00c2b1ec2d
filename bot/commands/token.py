"""`frontdesk token …`: which other programs may use the API, and what they may do."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.commands.calling import wait
from bot.errors import OperatorError

app = typer.Typer(name="token", help="Which other programs may use the API: add, list, drop.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the program is called: in history, audit and cards.")]
Scopes = Annotated[
    list[str] | None,
    typer.Option("--scope", metavar="SCOPE", help="What it may do, like tickets:read; again for more."),
]
ActsAs = Annotated[
    str,
    typer.Option("--as", metavar="PERSON", help="Whom of the team it acts as: telegram:123, @name; else as itself."),
]
ItsRole = Annotated[
    str, typer.Option("--role", metavar="ROLE", help="Of a program that acts as itself: agent, senior or admin.")
]
Rate = Annotated[int, typer.Option("--rate", min=1, max=100_000, metavar="N", help="Calls a minute.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def add(
    name: Name,
    scope: Scopes = None,
    acts_as: ActsAs = "",
    role: ItsRole = "senior",
    rate: Rate = 600,
    as_json: AsJson = False,
) -> None:
    """Let a program in; its token is shown this once."""
    from bot.api import issuing
    from bot.api.scopes import Scope, read_scopes
    from bot.operations.rules_apply import rules_of
    from bot.settings import load_settings
    from storage.models import Role

    settings, name = load_settings(), " ".join(name.split())
    if not 0 < len(name) <= 64:
        raise OperatorError("NAME", "a name has 1 to 64 characters")
    if role not in (Role.AGENT, Role.SENIOR, Role.ADMIN):
        raise OperatorError("--role", f"{role!r} is none of agent, senior and admin")
    try:
        scopes = read_scopes(" ".join(scope or ()))
    except ValueError as error:
        raise OperatorError("--scope", f"{error}; there are {', '.join(Scope)}") from None
    if not scopes:
        raise OperatorError("--scope", f"name at least one of {', '.join(Scope)}")
    wish = issuing.Wish(name, scopes, Role(role), acts_as, rate)
    secret = wait(issuing.add_token(settings.database_url, wish, rules_of(settings)))
    if as_json:
        typer.echo(json.dumps({"name": name, "token": secret, "scopes": scopes}, ensure_ascii=False))
        return
    typer.echo(secret)
    typer.echo(f"This is the token of {name}, shown once: {', '.join(scopes)}.", err=True)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the programs that are let in, and when each was here last."""
    from bot.api import issuing
    from bot.settings import load_settings

    found = wait(issuing.list_tokens(load_settings().database_url))
    if as_json:
        typer.echo(json.dumps([issuing.token_as_dict(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        token = each.token
        used = f"used {token.used_at:%Y-%m-%d %H:%M}Z" if token.used_at else "never used"
        acts = "" if each.own else f", as {each.person}"
        typer.echo(f"{token.name}: {', '.join(token.scopes)}; {token.per_minute} a minute{acts}; {used}")
    if not found:
        typer.echo("No program is let in: the API is off.")


@app.command()
def drop(name: Name) -> None:
    """Let a program in no more, from its next call on."""
    from bot.api import issuing
    from bot.settings import load_settings

    wait(issuing.drop_token(load_settings().database_url, name, datetime.now(UTC)))
    typer.echo(f"{name} is let in no more.")
