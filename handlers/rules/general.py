"""The section ``desk``: languages, zone, windows, and whether talk in a thread is internal unless sent."""

from collections.abc import Mapping
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
REMINDERS = (("reminder", "auto_close"), ("pending_reminder", "pending_close"))  # each comes before its end
LANGUAGE_KEYS = ("language", "team_language")
INTERNAL, DIRECT = TALK = ("internal", "direct")
NEVER = timedelta(0)


def read_general(node: Node, usual: Mapping[str, timedelta]) -> dict[str, Any]:
    """Return the fields of ``Rules`` that are given here; ``usual`` are the lengths of what is not."""
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
    lengths = {key: given[key].duration(low=NEVER if key in WAITS else timedelta(seconds=1)) for key in DURATIONS}
    return found | _reminded(given, {key: length for key, length in lengths.items() if length is not None}, usual)


def _reminded(
    given: Mapping[str, Node], found: Mapping[str, timedelta], usual: Mapping[str, timedelta]
) -> dict[str, timedelta]:
    """Return the lengths that were found, and each reminder that is not given and would come too late; refuse one that is."""
    early = {
        reminder: found[end] / 2
        for reminder, end in REMINDERS
        if reminder not in found and NEVER < found.get(end, NEVER) <= usual[reminder]
    }
    lengths = {**usual, **found, **early}
    if lengths["auto_close"] <= lengths["reminder"]:
        given["reminder"].refuse("reminder")
    if NEVER < lengths["pending_close"] <= lengths["pending_reminder"]:
        given["pending_reminder"].refuse("pending_reminder")
    return {**found, **early}


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
