"""The people of the workspace."""

from bot.sandbox.slack import natives
from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.methods.registry import serves
from bot.sandbox.slack.methods.where import page
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.workspace import Workspace


@serves("users.info")
def users_info(space: Workspace, args: Args) -> Json:
    """Describe somebody; their language only when asked."""
    found = space.world.user(args["user"])
    return {"user": natives.user(found, space.clock.now(), locale=args.get("include_locale", False))}


@serves("users.list")
def users_list(space: Workspace, args: Args) -> Json:
    """List everybody, the bot and those who have left included."""
    found, more = page([space.world.bot, *space.world.users.values()], args)
    now, locale = space.clock.now(), args.get("include_locale", False)
    return {
        "members": [natives.user(user, now, locale=locale) for user in found],
        "cache_ts": int(now.timestamp()),
    } | more
