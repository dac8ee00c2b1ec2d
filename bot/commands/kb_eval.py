"""`frontdesk kb eval`: how good the answers are on labelled questions."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.calling import progress
from bot.errors import OperatorError

if TYPE_CHECKING:
    from kb.evaluation.measure import Labelled, Measured
    from kb.index import Index


def evaluate(
    train: Annotated[Path, typer.Option(help="Labelled questions to make the articles from.")],
    test: Annotated[Path, typer.Option(help="Labelled questions to ask.")],
    dev: Annotated[Path | None, typer.Option(help="More labelled questions, measured apart.")] = None,
    oos: Annotated[Path | None, typer.Option(help="Questions no article answers, asked with --test.")] = None,
    oos_dev: Annotated[Path | None, typer.Option(help="Questions no article answers, asked with --dev.")] = None,
    per_label: Annotated[int | None, typer.Option(min=1, help="At most so many phrasings for each label.")] = None,
    hold_out: Annotated[Path | None, typer.Option(help="Labels, one a line, whose questions nobody answers.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Measure the answers on labelled TSV files (`label<TAB>text`, with a header line)."""
    from kb.evaluation.measure import base_of
    from kb.index import Index

    held = frozenset(_lines(hold_out)) if hold_out else frozenset()
    with progress("Asking every question"):
        index = Index(base_of(_rows("--train", train), per_label, held))
        index.settle()  # encoded too, where there is an encoder
        measured = {"test": _measure(index, "--test", test, "--oos", oos, held)}
        if dev:
            measured["dev"] = _measure(index, "--dev", dev, "--oos-dev", oos_dev, held)
    documents = {name: result.as_dict() for name, result in measured.items()}
    typer.echo(json.dumps(documents) if as_json else "\n".join(_told(documents)))


def _measure(index: "Index", name: str, asked: Path, others: str, oos: Path | None, held: frozenset[str]) -> "Measured":
    from kb.evaluation.measure import evaluate_index as measure

    rows = _rows(name, asked)
    strangers = [text for label, text in rows if label in held]
    strangers += [text for _, text in (_rows(others, oos) if oos else [])]
    return measure(index, [row for row in rows if row[0] not in held], strangers)


def _rows(name: str, path: Path) -> "list[Labelled]":
    from kb.evaluation.measure import BadRow, read_labelled

    try:
        return read_labelled(path)
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(name, f"{path} cannot be read ({type(error).__name__}); name a UTF-8 file") from None
    except BadRow as error:
        raise OperatorError(name, str(error)) from None


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(
            "--hold-out", f"{path} cannot be read ({type(error).__name__}); name a UTF-8 file"
        ) from None


def _told(documents: dict[str, dict[str, float | int | None]]) -> list[str]:
    """Return a table: a measure a line, a column for each set."""
    lines = ["".join(f"{word:>20}" for word in ("", *documents))]
    for measure in documents["test"]:
        cells = (document[measure] for document in documents.values())
        lines.append(f"{measure:>20}" + "".join(f"{'-' if cell is None else round(cell, 3):>20}" for cell in cells))
    return lines
