"""The command line `frontdesk` (also `python -m bot`).

Nothing heavy is imported here: a command imports what it needs when it runs, so that `--help` answers at once.
"""

import sys
from importlib.metadata import version
from types import TracebackType
from typing import Annotated

import typer
import typer.main

from bot.commands import audit, dead, demo, desk, doctor, kb, migrate, outages, privacy, report, sandbox, serve, token
from bot.errors import OperatorError

DONE, FAILED, WRONG = 0, 1, 2

app = typer.Typer(
    name="frontdesk",
    help="A help desk that lives in your team's own chat, on Telegram and Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, tokens among them
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _options(
    _: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,  # answered by main()
) -> None: ...


app.command()(serve.run)
app.command()(demo.demo)
app.command()(sandbox.sandbox)
app.command()(doctor.doctor)
app.command()(migrate.migrate)
app.command()(audit.audit)
app.command()(outages.outages)
app.command()(report.report)
app.add_typer(desk.app)
app.add_typer(dead.app)
app.add_typer(kb.app)
app.add_typer(privacy.app)
app.add_typer(token.app)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 failed or found problems, 2 wrong usage or settings."""
    sys.excepthook = _broken
    sys.exit(run_command_line(sys.argv[1:] if arguments is None else arguments))


def _broken(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Show a bug's traceback without what it must not show."""
    import traceback

    from bot.monitoring.logs import redact_secrets

    sys.stderr.write(redact_secrets("".join(traceback.format_exception(kind, error, trace))))


def run_command_line(arguments: list[str]) -> int:
    """Run one command and return its exit code; whatever goes wrong is told in one line on stderr."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if "--version" in options:
        sys.stdout.write(f"frontdesk {version('frontdesk')}\n")
        return DONE
    try:
        command = typer.main.get_command(app)  # called itself, the app would show tracebacks its own way
        return int(command(arguments, prog_name="frontdesk", standalone_mode=False) or DONE)
    except OperatorError as error:
        return _tell(str(error), WRONG)
    except typer.TyperException as error:
        return _tell(error.format_message(), error.exit_code)
    except typer.Abort:
        return _tell("stopped", FAILED)


def _tell(line: str, code: int) -> int:
    sys.stderr.write(f"{line}\n")
    return code


if __name__ == "__main__":
    main()
