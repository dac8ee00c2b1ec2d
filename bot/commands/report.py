"""`frontdesk report`: the reports of `/report` as a file, beside a running desk."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.calling import bar, wait
from bot.errors import OperatorError
from handlers.reports.kinds import ReportKind

KINDS = " or ".join(", ".join(ReportKind).rsplit(", ", 1))


def report(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="XLSX, PNG, CSV or JSON, by its ending.")],
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[FILTER]...", help="As in the chat: last month billing @anna -#vip.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="The first day: 2026-10-01, 01.10.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day; today if left out.")] = None,
    kind: Annotated[str, typer.Option(help=f"What it is about: {KINDS}.")] = "overview",
    language: Annotated[
        str | None, typer.Option(help="Of its words: en, uk or ru; the desk's own if left out.")
    ] = None,
    compare: Annotated[bool, typer.Option("--compare/--no-compare", help="With the stretch of days before.")] = True,
) -> None:
    """Write a report to a file: figures and tables of some days, as /report shows them."""
    from bot.operations.rules_apply import rules_of
    from bot.reports.from_shell import write_report
    from bot.settings import load_settings

    _check(out, kind, language)
    settings = load_settings()
    with bar() as tell, _written(out):
        asked = wait(
            write_report(
                settings.database_url,
                rules_of(settings),
                out,
                kind=ReportKind(kind),
                since=since,
                until=until,
                words=" ".join(words or ()),
                language=language or settings.language,
                compare=compare,
                tell=lambda done, of: tell("Counting", done, of),
            )
        )
    typer.echo(f"{out} has {asked.first} to {asked.period.last}.")


@contextlib.contextmanager
def _written(out: Path) -> Iterator[None]:
    """Tell in one line that a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise OperatorError("--out", f"{out} cannot be written ({error.strerror})") from None


def _check(out: Path, kind: str, language: str | None) -> None:
    """Refuse what there is no report of."""
    from bot.reports.from_shell import ENDINGS
    from handlers.vocabulary.translations import LANGUAGES

    if out.suffix[1:].lower() not in ENDINGS:
        raise OperatorError("--out", f"{out.name!r} ends in none of {', '.join(ENDINGS)}")
    if kind not in set(ReportKind):
        raise OperatorError("--kind", f"{kind!r} is none of {KINDS}")
    if language is not None and language not in LANGUAGES:
        raise OperatorError("--language", f"{language!r} is none of {', '.join(LANGUAGES)}")
