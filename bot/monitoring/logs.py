"""Logs: a sentence and its facts, to stderr, for people or for machines; never a token, never a person's words."""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

HIDDEN = "***"
OURS = ("bot.errors", "bot.messengers.protocol", "storage.engine.database")  # whose errors say what we wrote

_EDGE = r"(?:(?<!\w)|(?<=\\[nrt]))"  # where a word begins, also behind the \\n of a quoted or JSON text
# Each pattern keeps its first group. A token is hidden wherever it stands: in a message, a URL, a traceback.
_TOKENS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (rf"({_EDGE}bot)[0-9]+(?::|%3A)[\w-]+", re.IGNORECASE),  # in the Bot API's paths, whatever its shape
        (rf"({_EDGE})[0-9]{{6,}}(?::|%3A)[\w-]{{30,}}", re.IGNORECASE),
        (rf"({_EDGE})(?:xox[a-z]|xapp)[.-][\w.-]+", re.IGNORECASE),
        (rf"({_EDGE})fd_[\w-]{{20,}}", 0),  # of another program
        (r"(hooks\.slack\.com/\w+/)[\w/-]+", re.IGNORECASE),
        (r"([?&](?:ticket|token)=)[^&\s\"']+", re.IGNORECASE),  # the ticket of a Socket Mode address
        (r"(://[^/\s:@]*:)[^/\s@]+(?=@)", 0),
    )
)
# Libraries put what they choked on into their errors: row values, parts of an update.
_WORDS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"(\[parameters: ).*?(?=\]\s*(?:\\n|\n|\(Background|$))",
        r"(input_value=).*?(?=, input_type=)",
        r"(DETAIL: ).*?(?=\\n|\n|$)",
    )
)
# Below these levels they log what people wrote, or every request.
_LIBRARIES = {
    "aiogram": logging.INFO,
    "slack_bolt": logging.ERROR,
    "slack_sdk": logging.INFO,
    "aiohttp": logging.WARNING,
    "asyncio": logging.INFO,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
}
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def redact_secrets(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without tokens, without the given secrets, and without what people wrote."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN).replace(json.dumps(secret)[1:-1], HIDDEN)
    for pattern in _TOKENS + _WORDS:
        text = pattern.sub(rf"\1{HIDDEN}", text)
    return text


class Formatter(logging.Formatter):
    """One record as one text: a line for people, or a JSON object for machines."""

    def __init__(self, style: str, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._draw = _json if style == "json" else _console
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record, redacted last, so that nothing it contains escapes."""
        facts = {name: value for name, value in vars(record).items() if name not in _ORDINARY}
        trace = self.formatException(record.exc_info) if record.exc_info else (record.exc_text or "")
        return redact_secrets(self._draw(record, facts, trace), self._secrets)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        """Return where each error of a chain was raised and of what type it is; what it says may be somebody's words."""
        return "\n".join(_traced(ei[1])) if ei[1] is not None else ""


def _traced(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """Yield the places and types of an error, those of its causes first."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _traced(cause, seen | {id(error)})
        yield ""
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    kind, said = type(error), _said(error)
    yield f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.") + (f": {said}" if said else "")
    for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _traced(each, seen | {id(error)})


def _said(error: BaseException) -> str:
    """Return what an error says where that is nobody's words: ours, or the system's."""
    if type(error).__module__ in OURS:
        return str(error)
    return (error.strerror or "") if isinstance(error, OSError) else ""


def _console(record: logging.LogRecord, facts: dict[str, object], trace: str) -> str:
    """Return a line for people; ``facts`` are what the call named as ``extra``."""
    said = f"{_time(record):%H:%M:%S} {record.levelname.lower():<7} {record.getMessage()}"
    told = "".join(f"  {name}={value}" for name, value in facts.items())
    return f"{said}{told}" + (f"\n{trace}" if trace else "")


def _json(record: logging.LogRecord, facts: dict[str, object], trace: str) -> str:
    """Return an object for machines; ``facts`` are what the call named as ``extra``."""
    line = {
        "time": _time(record).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
        **({"traceback": trace} if trace else {}),
    }
    return json.dumps(line | {name: facts[name] for name in facts if name not in line}, ensure_ascii=False, default=str)


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def configure_logging(
    level: str = "info", style: str = "console", *, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send all logs to ``stream`` (stderr), from ``level`` up, without the given secrets."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Formatter(style, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    chosen = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(chosen)
    for name, least in _LIBRARIES.items():
        logging.getLogger(name).setLevel(max(chosen, least))
    logging.captureWarnings(capture=True)
