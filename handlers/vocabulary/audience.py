"""Who reads what is said where an event happened, and for which of these a route is."""

from enum import StrEnum


class Audience(StrEnum):
    """Who reads what is said where an event happened."""

    ALONE = "alone"  # the person themselves
    TEAM = "team"
    PUBLIC = "public"  # people who are neither: the bot was asked in a channel that is not the team's


OWN = frozenset({Audience.ALONE})  # about the person themselves
INSIDE = OWN | {Audience.TEAM}
ANYWHERE = INSIDE | {Audience.PUBLIC}  # answers from the knowledge base, and nothing of anybody's
