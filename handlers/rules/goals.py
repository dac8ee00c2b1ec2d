"""The section ``goals``: what the team wants to reach, shown beside the figures of its reports."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.rules.node import Node

Goals = Mapping[str, float | int | timedelta]  # by the key of a figure of the reports
WHOLE = 100  # per cent
LENGTHS = ("first_response", "resolution")  # medians of working time
NAMES = ("liked", "nps", *LENGTHS)


def read_goals(node: Node) -> Goals:
    """Return the goals that are given: a share from 0 to 1, an NPS, lengths of working time."""
    given, found = node.fields(*NAMES), dict[str, float | int | timedelta]()
    if given["liked"].given:
        found["liked"] = given["liked"].whole(WHOLE, low=1, high=WHOLE) / WHOLE
    if given["nps"].given:
        found["nps"] = given["nps"].whole(0, low=-WHOLE, high=WHOLE)
    for name in LENGTHS:
        if (length := given[name].duration()) is not None:
            found[name] = length
    return found
