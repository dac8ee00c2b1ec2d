"""``<!date^…>``: how Slack's apps draw a moment for a reader in their own time zone."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

TOKEN = re.compile(r"\{(\w+)\}")


def formatted(rest: str, fallback: str, tz: str) -> str:
    """Return the moment as the reader sees it; ``rest`` is ``seconds^format[^link]``."""
    seconds, _, form = rest.partition("^")
    if not seconds.lstrip("-").isdigit() or not form:
        return fallback
    moment = datetime.fromtimestamp(int(seconds), UTC).astimezone(ZoneInfo(tz))
    return TOKEN.sub(lambda found: _token(found[1], moment), form.partition("^")[0])


def _token(name: str, moment: datetime) -> str:
    match name:
        case "date_num":
            return f"{moment:%Y-%m-%d}"
        case "date_slash":
            return f"{moment:%m/%d/%Y}"
        case "date_long" | "date_long_pretty" | "date_long_full":
            return f"{moment:%A, %B} {moment.day}, {moment.year}"
        case "date_short" | "date_short_pretty":
            return f"{moment:%b} {moment.day}, {moment.year}"
        case "date" | "date_pretty":
            return f"{moment:%B} {moment.day}, {moment.year}"
        case "time":
            return f"{moment.hour % 12 or 12}:{moment:%M %p}"
        case "time_secs":
            return f"{moment.hour % 12 or 12}:{moment:%M:%S %p}"
        case _:
            return f"{{{name}}}"
