"""The section ``monitoring``: of which type the requests are that alerts open, and which alerts are one request."""

from dataclasses import dataclass
from datetime import timedelta

from handlers.rules.node import Node

LABEL = 60  # characters of a label's name


@dataclass(frozen=True, slots=True)
class MonitoringRule:
    """How alerts become requests; no type: ``other``, or the last of the list."""

    type: str = ""
    group: str = ""
    group_by: tuple[
        str, ...
    ] = ()  # labels: alerts that have the same in these are one request; none: as the program says
    reopen: timedelta = timedelta(hours=1)  # what fires again within this after its end takes its request up again


def read_monitoring_rule(node: Node) -> MonitoringRule:
    """Return the rule; what is not given is as it goes without saying."""
    given, usual = node.fields("type", "group", "group_by", "reopen"), MonitoringRule()
    labels = [inner.text(limit=LABEL, required=True) for inner in given["group_by"].items()]
    return MonitoringRule(
        given["type"].reference("types"),
        given["group"].reference("groups"),
        tuple(label for label in labels if label),
        given["reopen"].duration(usual.reopen, low=timedelta(0)) or timedelta(0),
    )
