"""Links to files."""

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.methods.registry import serves
from bot.sandbox.telegram.model import Json
from bot.sandbox.telegram.world import World


@serves("getFile")
def get_file(world: World, args: Args) -> Json:
    """Return a path that can be downloaded for an hour."""
    return world.files.link(args["file_id"])
