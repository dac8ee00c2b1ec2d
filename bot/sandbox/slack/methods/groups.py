"""User groups: people who can be mentioned as one."""

from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.methods.registry import serves
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.workspace import Workspace


@serves("usergroups.users.update")
def usergroups_users_update(space: Workspace, args: Args) -> Json:
    """Let these people be all of a group; none is no group."""
    group, users = args["usergroup"], [user for user in args["users"].split(",") if user]
    if group not in space.world.groups:
        raise ApiError("no_such_subteam")
    if not users:
        raise ApiError("no_users_provided")
    if not space.world.groups_open:
        raise ApiError("permission_denied")
    if any(user not in space.world.users for user in users):
        raise ApiError("failed_for_some_users")
    space.world.groups[group] = users
    space.changes.touch()
    return {"usergroup": {"id": group, "is_usergroup": True, "users": users, "user_count": len(users)}}
