"""The section ``desk``: languages, zone, windows, and whether talk in a thread is internal unless sent."""

from datetime import timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from handlers.rules.node import Node
from handlers.vocabulary.translations import LANGUAGES

DIGESTS = ("off", "day", "week", "month")  # how often the team's channels have one
REPORTS = ("own", "group", "all")  # whose work an agent may see in reports
WAITS = ("pending_reminder", "pending_close", "idle_reminder", "plan_reminder")
DURATIONS = ("conversation_window", "reopen_window", "auto_close", "reminder", "unclaimed_reminder", *WAITS)
LANGUAGE_KEYS = ("language", "team_language")
INTERNAL, DIRECT = TALK = ("internal", "direct")
NEVER = timedelta(0)


def read_general(node: Node) -> dict[str, Any]:
    """Return the fields of ``Rules`` that are given here."""
    given = node.fields(*LANGUAGE_KEYS, "time_zone", "talk", "reports", "digest", *DURATIONS)
    found: dict[str, Any] = {}
    for key in LANGUAGE_KEYS:
        if language := given[key].choice(LANGUAGES):
            found[key] = language
    if (zone := read_zone(given["time_zone"])) is not None:
        found["zone"] = zone
    for key, words in (("talk", TALK), ("digest", DIGESTS), ("reports", REPORTS)):
        if word := given[key].choice(words):
            found[key] = word
    for key in DURATIONS:
        shortest = NEVER if key in WAITS else timedelta(seconds=1)
        if (length := given[key].duration(low=shortest)) is not None:
            found[key] = length
    if found.get("reminder", NEVER) >= found.get("auto_close", timedelta.max):
        given["reminder"].refuse("reminder")
    if found.get("pending_reminder", NEVER) >= (found.get("pending_close") or timedelta.max):
        given["pending_reminder"].refuse("pending_reminder")
    return found


def read_zone(node: Node) -> str | None:
    """Return the name of a time zone that this machine knows; None where none is given."""
    name = node.text(limit=64)
    if not name:
        return None
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        node.unknown(name, time_zones())
        return None
    return name


def time_zones() -> list[str]:
    """Return the names of time zones that are in use today: Europe/Kyiv, and not Europe/Kiev, which is known all the same."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    return ["UTC", *sorted(line.split("\t")[2] for line in table.splitlines() if not line.startswith("#"))]
