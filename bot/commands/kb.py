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
    from bot.operations.article_files import PartlyTaken
    from kb import Article
    from kb.files.formats import Changes
    from kb.files.validation import BadFile, Problem

app = typer.Typer(name="kb", help="The knowledge base.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A table, pages or a list, by its ending; or a folder of pages.")
]
Language = Annotated[str | None, typer.Option(help="Of whoever asks, or of articles that name none: en, uk or ru.")]
Columns = Annotated[str, typer.Option(help="Which columns of a table are meant: question=B,answer=D.")]
Charset = Annotated[
    str | None, typer.Option(help="What a file is saved in, where that cannot be found: koi8-u, cp1251 …")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")]
Text = Annotated[str, typer.Argument(metavar="TEXT", help="What somebody might ask.")]
SHOWN = 20  # articles, or reasons, told one by one

DOUBTED = (
    "Offered, not answered: alike as it is, the question has a word or number of its own, undoes what the article does,"
    " or is one bare word. If it is the same, add it as an alias."
)
SAID = {"sure": "It would answer:", "maybe": "It would offer a choice:", "unknown": "It would offer a person."}
READ = {"exact": "word for word", "typed": "as it was typed", "translit": "written in other letters"}
READ |= {"layout": "typed in another keyboard layout", "sentence": "one sentence of it"}


@app.callback()
def kb() -> None:
    """Ask, measure and fill the knowledge base."""


@app.command("import")
def import_(
    file: File,
    language: Language = None,
    columns: Columns = "",
    charset: Charset = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take articles from a file, all or nothing; a running desk answers with them from the next question on."""
    from bot.operations import article_files
    from kb.files.notes import Options
    from kb.files.validation import BadFile

    url, fallback = _settled(language)
    options = Options(language=language, fallback=fallback, columns=_columns(columns), charset=charset)
    try:
        with bar() as tell:
            changes, token = wait(article_files.import_file(url, file, tell=tell, options=options, dry=dry_run))
    except BadFile as bad:
        _refuse(bad, as_json=as_json)
    except article_files.PartlyTaken as ended:
        _stop(ended, as_json=as_json)
    else:
        if as_json:
            way = {"dry_run": True} if dry_run else {"import": token} if _is_change(changes) else {}
            typer.echo(json.dumps(_counts(changes) | _besides(changes) | way))
        else:
            typer.echo("\n".join([*_told(changes), *_how(changes), _end(changes, token, dry_run=dry_run)]))


@app.command("undo")
def undo(
    token: Annotated[
        str,
        typer.Argument(metavar="IMPORT", help="What `kb import` called it; without it, those that can be undone."),
    ] = "",
) -> None:
    """Make all articles of an import what they were before it; those changed since stay as they are."""
    from bot.operations import article_files

    url, _ = _settled(None)
    if not token:
        for name, at, taken in wait(article_files.list_imports(url)):
            typer.echo(f"{name}  {at:%Y-%m-%d %H:%M} UTC  {taken.added} added, {taken.changed} changed")
        return
    with bar() as tell:
        undone = wait(article_files.undo_import(url, token, tell))
    if undone is None:
        raise OperatorError("IMPORT", f"{token} is no import that is remembered; `frontdesk kb undo` alone lists those")
    typer.echo(f"{undone[0]} removed, {undone[1]} as they were before.")


@app.command("export")
def export(file: File) -> None:
    """Write all articles to a file that `kb import` reads."""
    from bot.operations import article_files
    from kb.files.validation import BadFile

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
        answered = wait(article_files.match_question(url, text, chosen))
    found = answered.as_dict()
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(_explained(found)))


app.command("eval")(kb_eval.evaluate)


def _settled(language: str | None) -> tuple[str, str]:
    """Return the database, and the language chosen or the desk's own."""
    from bot.settings import load_settings

    if language is not None and not re.fullmatch("[a-z]{2,3}", language):
        raise OperatorError("--language", f"{language!r} is no language code such as uk, ru or en")
    settings = load_settings()
    return settings.database_url, language or settings.language


def _refuse(bad: "BadFile", *, as_json: bool) -> None:
    """Tell why nothing was taken: a file that cannot be read is wrong usage, one with wrong articles is refused."""
    if all(problem.line == 0 for problem in bad.problems):
        raise OperatorError("FILE", str(bad)) from None
    if as_json:
        reasons = [_reason(problem) for problem in bad.problems]
        typer.echo(json.dumps({"refused": reasons}, ensure_ascii=False))
    else:
        for problem in bad.problems[:SHOWN]:
            typer.echo(str(problem), err=True)
        if len(bad.problems) > SHOWN:
            typer.echo(f"... and {len(bad.problems) - SHOWN} more", err=True)
        typer.echo(f"Nothing was changed; to be mended: {len(bad.problems)}.", err=True)
    raise typer.Exit(1)


def _columns(said: str) -> dict[str, int]:
    """Return which columns somebody says a table's fields stand in."""
    from kb.files.columns import column_at
    from kb.files.fields import FIELDS

    found = {}
    for pair in filter(None, said.split(",")):
        name, _, place = pair.partition("=")
        at = column_at(place)
        if name.strip() not in FIELDS or at is None:
            raise OperatorError("--columns", f"{pair.strip()!r}: write it so: question=B,answer=D")
        found[name.strip()] = at
    return found


def _reason(problem: "Problem") -> dict[str, str | int]:
    return {"line": problem.line, "reason": problem.reason, "said": str(problem)}


def _besides(changes: "Changes") -> dict[str, Any]:
    """Return what an import left alone, where there is any of it."""
    told = {"clashes": changes.clashes, "left_out": changes.left_out}
    guessed = {"unsure": list(changes.unsure)} if changes.unsure else {}
    return guessed | {
        name: [{"line": one.line, "reason": one.reason, "said": str(one)} for one in some]
        for name, some in told.items()
        if some
    }


def _how(changes: "Changes") -> list[str]:
    """Return what was left alone, and how the file was read where that is not plain."""
    from bot.operations import article_files
    from kb.files.fields import FIELDS

    lines = []
    if changes.unsure:
        said = article_files.columns_option(changes)
        lines.append(f"The columns are guessed: without a dry run, say which are meant, such as `--columns {said}`.")
    for title, some in (("Left as it is here", changes.clashes), ("Not taken from the file", changes.left_out)):
        if some:
            lines += [f"{title}:", *(f"  {one}" for one in some[:SHOWN])]
            lines += [f"  ... and {len(some) - SHOWN} more"] if len(some) > SHOWN else []
    if changes.columns and any(name not in FIELDS or f"“{name}”" not in said for name, said in changes.columns.items()):
        lines.append("Read: " + "; ".join(f"{name} from {said}" for name, said in changes.columns.items()))
    return lines + ([f"Saved in {changes.charset}."] if changes.charset not in ("", "utf-8") else [])


def _end(changes: "Changes", token: str, *, dry_run: bool) -> str:
    counts = _counts(changes)
    line = f"{counts['added']} added, {counts['changed']} changed, {counts['same']} were the same."
    if dry_run:
        return f"{line} Nothing was done: this was a dry run."
    return line + (f" Take it back with `frontdesk kb undo {token}`." if _is_change(changes) else "")


def _is_change(changes: "Changes") -> bool:
    return bool(changes.added or changes.changed)


def _stop(ended: "PartlyTaken", *, as_json: bool) -> None:
    """Tell what an import left behind that ended before it was through."""
    taken, token = ended.taken, ended.token
    if as_json:
        typer.echo(json.dumps({"stopped": True, "added": taken.added, "changed": taken.changed, "import": token}))
    else:
        typer.echo(
            f"Stopped half-way: {taken.added} added, {taken.changed} changed so far. Run it again to take the rest, or take it "
            f"back with `frontdesk kb undo {token}`.",
            err=True,
        )
    raise typer.Exit(1)


def _counts(changes: "Changes") -> dict[str, int]:
    return {"added": len(changes.added), "changed": len(changes.changed), "same": len(changes.same)}


def _told(changes: "Changes") -> list[str]:
    """Return the articles of an import by name where they are few."""
    return [*_named("+", changes.added), *_named("~", changes.changed)]


def _named(sign: str, found: "tuple[Article, ...]") -> list[str]:
    return [f"{sign} {article.question}" for article in found] if len(found) <= SHOWN else []


def _explained(found: dict[str, Any]) -> list[str]:
    """Return a verdict as lines; ``found`` is what it is for JSON, as ``Answered.as_dict`` returns it."""
    how, _, detail = found["read_as"]["how"].partition(":")
    read = f"Read {READ[how]}{f' ({detail})' if detail else ''}: " if how else "Nothing to go by in it: "
    candidates = [
        f"{one['confidence']:>6.1%}  #{one['article']} {one['question']}  [{one['language']}]  by “{one['phrasing']}”"
        for one in found["candidates"]
    ]
    return [
        SAID[found["verdict"]],
        *([DOUBTED] if found["doubted"] else []),
        *candidates,
        read + (" ".join(found["read_as"]["words"]) or "-"),
    ]
