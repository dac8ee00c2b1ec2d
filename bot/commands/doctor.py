"""`frontdesk doctor`: is everything fit to serve?"""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.calling import progress, wait

if TYPE_CHECKING:
    from bot.monitoring.finding import Finding


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check settings, database, and rights on each messenger; every failure names its fix."""
    with progress("Looking"):
        findings = wait(_examine(show=not as_json))
    fit = all(finding.ok for finding in findings)
    if as_json:
        typer.echo(json.dumps({"ok": fit, "findings": [finding.as_dict() for finding in findings]}, ensure_ascii=False))
    if not fit:
        raise typer.Exit(1)


async def _examine(*, show: bool) -> "list[Finding]":
    """Return all findings, each shown as soon as it is there."""
    from bot.operations.doctor import examine_desk

    found: list[Finding] = []
    async for finding in examine_desk():
        found.append(finding)
        if show:
            typer.echo(str(finding))
    return found
