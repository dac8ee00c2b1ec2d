"""`frontdesk outages`: when the desk would have asked whether there is an outage, over its own history."""

import json
from typing import Annotated

import typer

from bot.commands.calling import progress, wait

Days = Annotated[int, typer.Option("--days", min=1, max=90, help="How far back; questions are kept for 90 days.")]
Least = Annotated[int, typer.Option("--least", min=2, help="Fewer people than this never ring.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def outages(days: Days = 90, least: Least = 6, as_json: AsJson = False) -> None:
    """Tell when many asked alike so unusually that the team would have been asked; nothing is changed."""
    from bot.operations import outages as history
    from bot.settings import load_settings

    with progress("Looking back"):
        looked, found = wait(history.dry_run(load_settings().database_url, days, least))
    if as_json:
        typer.echo(json.dumps([ring.as_dict() for ring in found], ensure_ascii=False))
        return
    for ring in found:
        typer.echo(f"{ring.at[:16]}Z  {ring.people} people (usual: {ring.expected:g}) about {', '.join(ring.about)}")
    typer.echo(f"{looked} questions in {days} days: it would have rung {len(found)} times.")
