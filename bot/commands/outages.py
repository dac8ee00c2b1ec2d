"""`frontdesk outages`: when the desk would have asked whether there is an outage, over its own history."""

import json
from typing import Annotated

import typer

from bot.commands.calling import progress, wait

Days = Annotated[int, typer.Option("--days", min=1, max=90, help="How far back; questions are kept for 90 days.")]
Least = Annotated[
    int | None, typer.Option("--least", min=3, help="Fewer people than this never ring; else as the rules say.")
]
Minutes = Annotated[
    int | None,
    typer.Option("--within", min=2, max=120, help="Minutes that are looked at at once; else as the rules say."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def outages(days: Days = 90, least: Least = None, within: Minutes = None, as_json: AsJson = False) -> None:
    """Tell when many asked alike so unusually that the team would have been asked; nothing is changed."""
    from bot.operations import outages as history
    from bot.operations.rules_apply import rules_of
    from bot.settings import load_settings

    settings = load_settings()
    with progress("Looking back"):
        looked, rule, found = wait(
            history.dry_run(settings.database_url, days, rules_of(settings), least=least, minutes=within)
        )
    if as_json:
        typer.echo(json.dumps([ring.as_dict() for ring in found], ensure_ascii=False))
        return
    for ring in found:
        typer.echo(f"{ring.at[:16]}Z  {ring.people} people (usual: {ring.expected:g}) about {', '.join(ring.about)}")
    minutes = int(rule.within.total_seconds() // 60)
    typer.echo(
        f"{looked} questions in {days} days: at {rule.people} people within {minutes} minutes it would have rung"
        f" {len(found)} times."
    )
