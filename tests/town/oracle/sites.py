"""Choices from another program: what is kept was given so, whole, and nobody is offered what never was."""

import json
import re
from collections.abc import Iterator

from tests.town.town import Town

KEPT = "SELECT value FROM setting WHERE name LIKE 'choices:%'"
SITE = re.compile(r"\bSite \d+\b")


def kept(town: Town) -> list[str] | None:
    """Return the list that the desk keeps; None where it has none yet."""
    found = town.life.reader.one(KEPT)
    return None if found is None else list(json.loads(found))


def problems(town: Town) -> Iterator[str]:
    """Yield a list that was never given so, one older than what was kept before, and buttons of sites that there never were."""
    now = kept(town)
    if now is not None:
        if now not in town.sites.given:
            yield f"choices: {now} is kept, and was never given"
        elif (at := town.sites.given.index(now)) < town.sites_kept:
            yield f"choices: {now} is kept, after a newer list"
        else:
            town.sites_kept = at
    ever = {site for sites in town.sites.given for site in sites}
    offered = {site for label in town.offered for site in SITE.findall(label)}
    if offered:
        town.tally.count("reached", "choices from a program")
    for site in sorted(offered - ever):
        yield f"choices: {site} is offered, and there never was such"


def at_the_end(town: Town) -> Iterator[str]:
    """Yield a list that is old though the program has answered well for longer than it waits between two questions."""
    if kept(town) != town.sites.offers:
        yield f"choices: {kept(town)} is kept, and the program offers {town.sites.offers}"
