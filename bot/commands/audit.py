"""`frontdesk audit`: who did what to whom when."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.calling import progress, wait
from bot.errors import OperatorError

if TYPE_CHECKING:
    from storage.desk.audit import Wanted

Person = Annotated[
    str, typer.Option("--person", metavar="PERSON", help="Done by: an account like telegram:123, or @name.")
]
Act = Annotated[
    list[str] | None, typer.Option("--act", metavar="ACT", help="Only this, like `banned`; again for more.")
]
Ticket = Annotated[int | None, typer.Option("--request", metavar="N", help="About this request.")]
Since = Annotated[str, typer.Option("--from", metavar="D", help="From this day or time on, like 2026-10-01.")]
Until = Annotated[str, typer.Option("--to", metavar="D", help="Before this day or time.")]
Refusals = Annotated[bool, typer.Option("--refused", help="What was refused, instead.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE.xlsx", help="Write a spreadsheet.")]


def audit(
    person: Person = "",
    act: Act = None,
    request: Ticket = None,
    since: Since = "",
    until: Until = "",
    refused: Refusals = False,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """Tell who did what to whom when, the newest first."""
    from bot.operations import audit as audits
    from bot.settings import load_settings
    from handlers.vocabulary.deeds import Deed

    settings = load_settings()
    for name in act or ():
        if name not in tuple(Deed):
            raise OperatorError("--act", f"{name!r} is none of {', '.join(Deed)}")
    wanted = _wanted(settings.database_url, person, act or [], request, since, until, refused=refused)
    if out is not None:
        with progress("Writing"):
            wait(audits.write_audit_sheet(settings.database_url, wanted, out, settings.language, settings.time_zone))
        typer.echo(f"{out} has it.")
        return
    told = wait(audits.read_audit_records(settings.database_url, wanted))
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told:
        typer.echo(f"{one['at'][:19]}Z  {one['who'] or 'desk':<20} {one['act']:<20} {one['about']}")
    if not told:
        typer.echo("Nothing was done.")


def _wanted(
    url: str, person: str, acts: list[str], request: int | None, since: str, until: str, *, refused: bool
) -> "Wanted":
    from bot.operations import privacy
    from storage.desk.audit import Wanted

    number = wait(privacy.summarize_person(url, person)).person if person else None
    return Wanted(number, tuple(acts), request, _time("--from", since), _time("--to", until), refused)


def _time(option: str, word: str) -> datetime | None:
    if not word:
        return None
    try:
        return datetime.fromisoformat(word).astimezone()
    except ValueError:
        raise OperatorError(option, f"{word!r} is no day like 2026-10-01 and no time like 2026-10-01T09:00") from None
