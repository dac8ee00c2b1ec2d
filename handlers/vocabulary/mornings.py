"""When what comes by itself comes: at nine by the desk's own clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = time(9)


def next_morning(every: str, now: datetime, zone: str) -> datetime:
    """Return the next morning of a day, of a Monday ("week"), or of the first of a month ("month")."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() < HOUR else local.date() + timedelta(days=1)
    while (every == "week" and day.weekday()) or (every == "month" and day.day != 1):
        day += timedelta(days=1)
    return datetime.combine(day, HOUR, ZoneInfo(zone)).astimezone(UTC)
