"""The section ``outages``: when unusually many who ask alike make the desk ask whether there is an outage."""

from dataclasses import dataclass
from datetime import timedelta

from handlers.rules.node import Node

SHORTEST, LONGEST = timedelta(minutes=2), timedelta(hours=2)  # of what is looked at at once


@dataclass(frozen=True, slots=True)
class OutageRule:
    """Whether the desk asks by itself, about how many people at the least, within how long."""

    notice: bool = True
    people: int = 6  # fewer never ring; a desk that is younger than a week needs twice as many
    within: timedelta = timedelta(minutes=10)


def read_outage_rule(node: Node) -> OutageRule:
    """Return the rule; what is not given is as it goes without saying."""
    given, usual = node.fields("notice", "people", "within"), OutageRule()
    within = given["within"].duration(usual.within, low=SHORTEST) or usual.within
    if within > LONGEST:
        given["within"].refuse("bounds", word=str(given["within"].value), low="2m", high="2h")
        within = usual.within
    return OutageRule(
        given["notice"].yes(default=True), given["people"].whole(usual.people, low=3, high=10_000), within
    )
