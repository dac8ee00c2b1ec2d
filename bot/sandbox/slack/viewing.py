"""What becomes of views: opened, pushed, replaced, closed, and what people have typed into them."""

import secrets
from datetime import timedelta
from typing import Any

from bot.sandbox.slack.content import new_id
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.kit import check
from bot.sandbox.slack.kit.values import initial
from bot.sandbox.slack.model import Json, Trigger, View
from bot.sandbox.slack.tables import LIMITS
from bot.sandbox.slack.workspace import Workspace

NEVER_SENT = {"private_metadata": "", "callback_id": "", "external_id": ""}
MODAL_DEFAULTS: Json = {"submit": None, "close": None, "clear_on_close": False, "notify_on_close": False}


def exchange(space: Workspace, trigger_id: str | None) -> Trigger:
    """Use up the right to open a modal, or refuse."""
    trigger = space.world.triggers.get(trigger_id or "")
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if space.clock.now() - trigger.at > timedelta(seconds=LIMITS["trigger_id_s"]):
        raise ApiError("expired_trigger_id")
    trigger.used = True
    return trigger


def checked(space: Workspace, given: Any, kind: str, besides: View | None = None) -> Json:
    """Return a view that Slack would take."""
    native = check.view(given, kind, lambda: new_id(space))
    external = native.get("external_id")
    if external and any(view is not besides and view.native.get("external_id") == external for view in _all(space)):
        raise ApiError("duplicate_external_id")
    return NEVER_SENT | (MODAL_DEFAULTS if kind == "modal" else {}) | native


def _all(space: Workspace) -> list[View]:
    return [view for stack in space.world.modals.values() for view in stack] + list(space.world.homes.values())


def find(space: Workspace, view_id: str | None, external_id: str | None) -> View | None:
    """Return an open view by one of its ids."""
    for view in _all(space):
        if (view_id and view.id == view_id) or (external_id and view.native.get("external_id") == external_id):
            return view
    return None


def new(space: Workspace, user: str, native: Json) -> View:
    """Return a view that nobody has typed into."""
    view_id = space.world.id("V")
    return View(view_id, user, native, _hash(space), view_id, values=initial(native["blocks"], {}))


def show(space: Workspace, user: str, native: Json, *, fresh: bool = False) -> View:
    """Open a modal; ``fresh`` closes whatever was open."""
    view = new(space, user, native)
    stack = space.world.modals.setdefault(user, [])
    if fresh:
        stack.clear()
    if stack:
        view.root, view.previous = stack[0].id, stack[-1].id
    stack.append(view)
    space.changes.touch()
    return view


def push(space: Workspace, user: str, native: Json) -> View:
    """Open a modal on top of another, or refuse."""
    stack = space.world.modals.get(user)
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= LIMITS["view_stack"]:
        raise ApiError("push_limit_reached")
    return show(space, user, native)


def replace(space: Workspace, view: View, native: Json) -> None:
    """Draw a view anew; what was typed stays where block id, action id and kind of input stay."""
    view.values = initial(native["blocks"], view.values)
    view.native, view.hash = native, _hash(space)
    view.errors = {}
    space.changes.touch()


def answered(space: Workspace, view: View, answer: Any) -> None:
    """Do what the acknowledgement of a submission says: errors, another view, clear; nothing closes it."""
    said = answer if isinstance(answer, dict) else {}
    stack = space.world.modals.get(view.user, [])
    action = said.get("response_action")
    try:
        match action:
            case "errors":
                _show_errors(space, view, said.get("errors"))
            case "clear":
                stack.clear()
            case "update":
                replace(space, view, checked(space, said.get("view"), "modal", besides=view))
            case "push":
                push(space, view.user, checked(space, said.get("view"), "modal"))
            case None:
                if view in stack:
                    stack.remove(view)
            case _:
                raise ApiError("invalid_arguments", f"[ERROR] response_action {action}")
    except ApiError as error:
        trouble(space, view)
        space.world.violate("view_submission", "bad answer", f"{error.code} {' '.join(error.messages)}")
    space.changes.touch()


def trouble(space: Workspace, view: View) -> None:
    """Show what Slack shows when a submission was not answered, or not well: the modal stays open."""
    view.errors = {"": "We had some trouble connecting. Try again?"}
    space.changes.touch()


def _show_errors(space: Workspace, view: View, errors: Any) -> None:
    inputs = {block["block_id"] for block in view.native["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise ApiError("invalid_arguments", f"[ERROR] errors for {errors}; the inputs are {sorted(inputs)}")
    view.errors = dict(errors)


def _hash(space: Workspace) -> str:
    return f"{int(space.clock.now().timestamp())}.{secrets.token_hex(4)}"
