"""The team's commands, each with the role that it asks for unless the rules say otherwise; written down as they are routed."""

from storage.models import Role

TEAMS: dict[str, Role] = {}
