"""The section ``surveys``: when requesters are asked how it was, how many of them, and by which scale."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from handlers.rules.node import Node

LONGEST = timedelta(days=60)
NEVER = timedelta(0)
WHOLE = 100  # per cent


class Scale(StrEnum):
    """By what a requester says how it was."""

    STARS = "stars"  # 1 to 5
    NPS = "nps"  # 0 to 10: whether they would recommend the desk


@dataclass(frozen=True, slots=True)
class SurveyRule:
    """When after its end a request is asked about, which share of them, and at most how often a person is asked."""

    after: timedelta = timedelta(days=1)
    share: int = WHOLE
    once_in: timedelta = NEVER  # 0: of each request
    scale: Scale = Scale.STARS


def read_survey_rule(node: Node) -> SurveyRule | None:
    """Return the rule; what is not given is as it goes without saying, and where nothing is, there is none."""
    given, usual = node.fields("after", "share", "once_in", "scale"), SurveyRule()
    if not any(each.given for each in given.values()):
        return None
    after = given["after"].duration(usual.after, low=NEVER)
    if after is None or after > LONGEST:
        given["after"].refuse("bounds", word=str(given["after"].value), low="0m", high="60d")
        after = usual.after
    return SurveyRule(
        after,
        given["share"].whole(WHOLE, low=1, high=WHOLE),
        given["once_in"].duration(NEVER, low=NEVER) or NEVER,
        Scale(given["scale"].choice(Scale, Scale.STARS)),
    )
