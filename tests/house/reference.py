"""The parts of the pages that follow from the code; `make docs` writes them, and a test fails when they are stale."""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from bot.__main__ import app
from bot.settings import Settings
from handlers.rules.people import ALWAYS_ADMIN
from handlers.vocabulary.acts import ACTS
from storage.models import Role
from storage.retention.forgetting import TERMS
from storage.retention.privacy import HELD

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- written by `make docs`: {} -->", "<!-- end -->"


def settings() -> Iterator[tuple[str, str, str]]:
    """Yield each setting's name, its default as it would be written down, and what it does."""
    for name, field in Settings.model_fields.items():
        assert field.description, f"{name} has no description"
        default = field.get_default(call_default_factory=False)
        if field.default_factory or default in (None, ()):
            default = ""
        yield name.upper(), str(default), field.description


def settings_table() -> str:
    """Return the settings as a Markdown table."""
    rows = (f"| `{name}` | {f'`{default}`' if default else ''} | {does} |" for name, default, does in settings())
    return "\n".join(["| setting | default | what it does |", "|---|---|---|", *rows])


def env_example() -> str:
    """Return `.env.example`: every setting, explained."""
    parts = [
        "# Copy this file to .env in the folder you start frontdesk in, and fill in what you need.",
        "# A setting left empty has its default. The environment wins over this file.",
        "# One messenger and one team channel are enough to begin with.",
    ]
    for name, default, does in settings():
        explained = textwrap.fill(does.replace("`", ""), 100, initial_indent="# ", subsequent_indent="# ")
        parts += ["", explained, f"#{name}={default}" if default else f"{name}="]
    return "\n".join(parts) + "\n"


def commands() -> Iterator[tuple[str, str]]:
    """Yield each command's usage and the first line of its help."""
    yield from _walk("frontdesk", typer.main.get_command(app))


def _walk(path: str, command: Any) -> Iterator[tuple[str, str]]:
    if hasattr(command, "commands"):
        for name, below in command.commands.items():
            yield from _walk(f"{path} {name}", below)
    else:
        usage = [path, *(_shape(parameter) for parameter in command.params if parameter.name != "help")]
        yield " ".join(usage), (command.help or "").strip().splitlines()[0]


def _shape(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name).upper()
    if parameter.param_type_name == "argument":
        return name if parameter.required else f"[{name}]"
    option = parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {name}"
    return option if parameter.required else f"[{option}]"


def commands_table() -> str:
    """Return the commands as a Markdown table."""
    rows = (f"| `{usage.replace('|', chr(92) + '|')}` | {does} |" for usage, does in commands())
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def privacy_table() -> str:
    """Return what is kept of people as a Markdown table, one line for columns that hold the same."""
    terms = {term.name: term.told for term in TERMS}
    rows = [
        f"| {table} | {', '.join(f'`{name}`' for name in held.columns.split())} | {held.what} | {held.owner} "
        f"| {'; '.join(filter(None, [*(terms[name] for name in held.terms), held.end]))} | {held.export} | {held.erase} |"
        for table, lines in HELD.items()
        for held in lines
    ]
    head = ["| table | columns | what | of whom | end | export | erase |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*head, *rows])


def acts_table() -> str:
    """Return the acts that may be given another role as a Markdown table, by the role that each asks for."""
    rows = (
        f"| {role} | {', '.join(f'`{act}`' for act, asks in ACTS.items() if asks is role and act not in ALWAYS_ADMIN)} |"
        for role in (Role.AGENT, Role.SENIOR, Role.ADMIN)
    )
    return "\n".join(["| role | acts |", "|---|---|", *rows])


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each page with the text it should have now."""
    yield ROOT / ".env.example", env_example()
    yield _page("docs/configuration.md", "settings", settings_table())
    yield _page("docs/running.md", "commands", commands_table())
    yield _page("docs/rules.md", "acts", acts_table())
    yield _page("docs/privacy.md", "privacy", privacy_table())


def _page(path: str, name: str, written: str) -> tuple[Path, str]:
    begin = BEGIN.format(name)
    before, _, rest = (ROOT / path).read_text(encoding="utf-8").partition(begin)
    assert rest, f"{path} has no line {begin}"
    return ROOT / path, f"{before}{begin}\n{written}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    for file, text in pages():
        file.write_text(text, encoding="utf-8")
