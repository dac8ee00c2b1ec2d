"""Modals and home tabs."""

from bot.sandbox.slack import viewing
from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.events import native_view
from bot.sandbox.slack.methods.registry import serves
from bot.sandbox.slack.model import Json, View
from bot.sandbox.slack.workspace import Workspace


@serves("views.open")
def open_view(space: Workspace, args: Args) -> Json:
    """Open a modal for whoever has just pressed something."""
    trigger = viewing.exchange(space, args.get("trigger_id"))
    native = viewing.checked(space, args["view"], "modal")
    return _answer(viewing.show(space, trigger.user, native, fresh=True))


@serves("views.push")
def push_view(space: Workspace, args: Args) -> Json:
    """Put a modal on top of the one that is open."""
    trigger = viewing.exchange(space, args.get("trigger_id"))
    native = viewing.checked(space, args["view"], "modal")
    return _answer(viewing.push(space, trigger.user, native))


@serves("views.update")
def update_view(space: Workspace, args: Args) -> Json:
    """Change an open modal; what was typed stays where block and action ids stay."""
    found = viewing.find(space, args.get("view_id"), args.get("external_id"))
    if found is None:
        raise ApiError("not_found")
    if args.get("hash") not in (None, found.hash):
        raise ApiError("hash_conflict")
    native = viewing.checked(space, args["view"], found.native["type"], besides=found)
    viewing.replace(space, found, native)
    return _answer(found)


@serves("views.publish")
def publish(space: Workspace, args: Args) -> Json:
    """Put up somebody's home tab."""
    user = args["user_id"]
    if user not in space.world.users:
        raise ApiError("user_not_found")
    current = space.world.homes.get(user)
    if args.get("hash") is not None and args["hash"] != (current.hash if current else None):
        raise ApiError("hash_conflict")
    native = viewing.checked(space, args["view"], "home", besides=current)
    if current is None:
        current = space.world.homes[user] = viewing.new(space, user, native)
        space.changes.touch()
    else:
        viewing.replace(space, current, native)
    return _answer(current)


def _answer(view: View) -> Json:
    return {"view": native_view(view)}
