"""What the app is allowed to do."""

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.workspace import Workspace


def require(space: Workspace, *scopes: str) -> None:
    """Refuse unless the app has one of these scopes."""
    if not space.world.scopes.intersection(scopes):
        provided = ",".join(sorted(space.world.scopes))
        raise ApiError("missing_scope", needed=",".join(sorted(scopes)), provided=provided)
