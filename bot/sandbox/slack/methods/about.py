"""The app, its token and its workspace."""

from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.methods.registry import serves
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import APP, BOT, TEAM

NAME, DOMAIN = "Sandbox", "sandbox"


@serves("api.test")
def api_test(space: Workspace, args: Args) -> Json:
    """Say that the service is there."""
    if "error" in args:
        raise ApiError("fatal_error", args={"error": args["error"]})
    return {"args": args.values}


@serves("auth.test")
def auth_test(space: Workspace, args: Args) -> Json:
    """Say whose token this is."""
    bot = space.world.bot
    about = {"url": f"{space.world.url}/", "team": NAME, "user": bot.name, "team_id": TEAM, "user_id": bot.id}
    return {**about, "bot_id": BOT, "is_enterprise_install": False}


@serves("apps.connections.open")
def connections_open(space: Workspace, args: Args) -> Json:
    """Give the address of a new Socket Mode connection."""
    host = space.world.url.removeprefix("http://")
    return {"url": f"ws://{host}/link?ticket={space.sockets.ticket()}&app_id={APP}"}


@serves("bots.info")
def bots_info(space: Workspace, args: Args) -> Json:
    """Describe a bot; there is only ours."""
    if args.get("bot", BOT) != BOT:
        raise ApiError("bot_not_found")
    bot = space.world.bot
    about: Json = {"id": BOT, "deleted": False, "name": bot.name, "updated": 0, "app_id": APP, "user_id": bot.id}
    return {"bot": about | {"icons": {"image_36": "https://avatars.example/36.png"}}}


@serves("team.info")
def team_info(space: Workspace, args: Args) -> Json:
    """Describe the workspace."""
    if args.get("team", TEAM) != TEAM:
        raise ApiError("team_not_found")
    about: Json = {"id": TEAM, "name": NAME, "domain": DOMAIN, "email_domain": "", "icon": {"image_default": True}}
    return {"team": about | {"url": f"{space.world.url}/"}}


@serves("emoji.list")
def emoji_list(space: Workspace, args: Args) -> Json:
    """Return the workspace's own emoji: it has none."""
    return {"emoji": {}, "cache_ts": space.world.ts()}
