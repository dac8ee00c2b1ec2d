"""What may happen in the town. Importing this registers all of it."""

from tests.town.acts import (
    around,
    assets,
    channels,
    forms,
    groups,
    many,
    oddities,
    plans,
    programs,
    recurring,
    rota,
    talk,
    team,
)
from tests.town.acts.registry import ACTS, Impossible

__all__ = [
    "ACTS",
    "Impossible",
    "around",
    "assets",
    "channels",
    "forms",
    "groups",
    "many",
    "oddities",
    "plans",
    "programs",
    "recurring",
    "rota",
    "talk",
    "team",
]
