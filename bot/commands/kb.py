"""`frontdesk kb …`: the knowledge base from a shell."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands import kb_eval
from bot.commands.calling import bar, progress, wait
from bot.errors import OperatorError

if TYPE_CHECKING:
    from kb import Article
    from kb.files.formats import BadFile, Changes

app = typer.Typer(name="kb", help="The knowledge base.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="YAML, CSV or Markdown, by its ending.")]
Language = Annotated[str | None, typer.Option(help="Of whoever asks, or of articles that name none: en, uk or ru.")]
Text = Annotated[str, typer.Argument(metavar="TEXT", help="What somebody might ask.")]
SHOWN = 20  # articles, or reasons, told one by one

SAID = {"sure": "It would answer:", "maybe": "It would offer a choice:", "unknown": "It would offer a person."}
READ = {"exact": "word for word", "typed": "as it was typed", "translit": "written in other letters"}
READ |= {"layout": "typed in another keyboard layout", "sentence": "one sentence of it"}


@app.callback()
def kb() -> None:
    """Ask, measure and fill the knowledge base."""


@app.command("import")
def import_(file: File, language: Language = None, as_json: Json = False) -> None:
    """Take articles from a file, all or nothing; a running desk answers with them from the next question on."""
    from bot.operations import article_files
    from kb.files.formats import BadFile

    url, chosen = _settled(language)
    try:
        with bar() as tell:
            changes = wait(article_files.import_file(url, file, language=chosen, tell=tell))
    except BadFile as bad:
        _refuse(bad, as_json=as_json)
    else:
        typer.echo(json.dumps(_counts(changes)) if as_json else "\n".join(_told(changes)))


@app.command("export")
def export(file: File) -> None:
    """Write all articles to a file that `kb import` reads."""
    from bot.operations import article_files
    from kb.files.formats import BadFile

    url, _ = _settled(None)
    try:
        with progress("Writing the articles"):
            count = wait(article_files.export_file(url, file))
    except BadFile as bad:
        raise OperatorError("FILE", str(bad)) from None
    except OSError as error:
        raise OperatorError("FILE", f"{file} cannot be written ({error.strerror})") from None
    typer.echo(f"{count} articles are in {file}.")


@app.command("match")
def match(text: Text, language: Language = None, as_json: Json = False) -> None:
    """Tell what a text would get, and why."""
    from bot.operations import article_files

    url, chosen = _settled(language)
    with progress("Reading the knowledge base"):
        answered = wait(article_files.match(url, text, chosen))
    found = answered.as_dict()
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(_explained(found)))


app.command("eval")(kb_eval.evaluate)


def _settled(language: str | None) -> tuple[str, str]:
    """Return the database, and the language chosen or the desk's own."""
    from bot.settings import load

    if language is not None and not re.fullmatch("[a-z]{2,3}", language):
        raise OperatorError("--language", f"{language!r} is no language code such as uk, ru or en")
    settings = load()
    return settings.database_url, language or settings.language


def _refuse(bad: "BadFile", *, as_json: bool) -> None:
    """Tell why nothing was taken: a file that cannot be read is wrong usage, one with wrong articles is refused."""
    if all(problem.line == 0 for problem in bad.problems):
        raise OperatorError("FILE", str(bad)) from None
    if as_json:
        reasons = [{"line": problem.line, "reason": problem.reason, "said": str(problem)} for problem in bad.problems]
        typer.echo(json.dumps({"refused": reasons}, ensure_ascii=False))
    else:
        for problem in bad.problems[:SHOWN]:
            typer.echo(str(problem), err=True)
        if len(bad.problems) > SHOWN:
            typer.echo(f"... and {len(bad.problems) - SHOWN} more", err=True)
        typer.echo(f"Nothing was changed; to be mended: {len(bad.problems)}.", err=True)
    raise typer.Exit(1)


def _counts(changes: "Changes") -> dict[str, int]:
    return {"added": len(changes.added), "changed": len(changes.changed), "same": len(changes.same)}


def _told(changes: "Changes") -> list[str]:
    """Return what an import did, the articles by name where they are few."""
    lines = [*_named("+", changes.added), *_named("~", changes.changed)]
    counts = _counts(changes)
    return [*lines, f"{counts['added']} added, {counts['changed']} changed, {counts['same']} were the same."]


def _named(sign: str, found: "tuple[Article, ...]") -> list[str]:
    return [f"{sign} {article.question}" for article in found] if len(found) <= SHOWN else []


def _explained(found: dict[str, Any]) -> list[str]:
    """Return a verdict as lines."""
    how, _, detail = found["read_as"]["how"].partition(":")
    read = f"Read {READ[how]}{f' ({detail})' if detail else ''}: " if how else "Nothing to go by in it: "
    candidates = [
        f"{one['confidence']:>6.1%}  #{one['article']} {one['question']}  [{one['language']}]  by “{one['phrasing']}”"
        for one in found["candidates"]
    ]
    return [SAID[found["verdict"]], *candidates, read + (" ".join(found["read_as"]["words"]) or "-")]
