"""Telling the bot what somebody did to it: pressed, chose, submitted, closed, ran a command or a shortcut."""

from typing import Any

from bot.sandbox.slack import natives, viewing
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.events import native_view
from bot.sandbox.slack.kit.values import FIELDS, initial
from bot.sandbox.slack.model import Json, Post, User, View
from bot.sandbox.slack.responding import acknowledged
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import APP, TEAM

DOMAIN = "sandbox"


def _base(space: Workspace, kind: str, user: User, *, from_modal: bool = False) -> Json:
    return {
        "type": kind,
        "user": user.short(),
        "api_app_id": APP,
        "token": "sandbox",
        "trigger_id": space.world.trigger(user.id, from_modal=from_modal).id,
        "team": {"id": TEAM, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel(space: Workspace, channel_id: str) -> Json:
    channel = space.world.channels[channel_id]
    name = {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)
    return {"id": channel.id, "name": name}


def acted(space: Workspace, user: User, element: Json, block_id: str, value: Any, on: Post | View) -> Delivery:
    """Tell of a press or a choice in a message, a modal or a home tab."""
    body = _base(space, "block_actions", user, from_modal=isinstance(on, View))
    if isinstance(on, View):
        body |= {"container": {"type": "view", "view_id": on.id}, "view": native_view(on)}
        body["state"] = body["view"]["state"]
    else:
        body |= _message_source(space, user, on)
        body["state"] = {"values": _state(on, block_id, element, value)}
    body["actions"] = [_action(space, element, block_id, value)]
    return space.deliveries.send("interactive", "block_actions", body)


def _message_source(space: Workspace, user: User, post: Post) -> Json:
    ephemeral = post.only_for is not None
    container: Json = {"type": "message", "message_ts": post.ts, "channel_id": post.channel, "is_ephemeral": ephemeral}
    if post.thread is not None:
        container["thread_ts"] = post.thread
    source: Json = {"container": container, "channel": _channel(space, post.channel)}
    source["response_url"] = space.world.response_url(user.id, post.channel, post, post.thread)
    if not ephemeral:  # an ephemeral message never comes back to the app
        source["message"] = natives.root(space.world.channels[post.channel], post, metadata=True)
    return source


def _state(post: Post, block_id: str, element: Json, value: Any) -> dict[str, Json]:
    values = initial(post.native.get("blocks", []), {})
    if element["type"] in FIELDS:
        field, _ = FIELDS[element["type"]]
        values.setdefault(block_id, {})[element["action_id"]] = {"type": element["type"], field: value}
    return values


def _action(space: Workspace, element: Json, block_id: str, value: Any) -> Json:
    action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
    if element["type"] == "button":
        action |= {name: element[name] for name in ("text", "value", "style", "url") if name in element}
    else:
        action[FIELDS.get(element["type"], ("selected_option", ""))[0]] = value
    return action | {"action_ts": space.world.ts()}


def submitted(space: Workspace, user: User, view: View) -> Delivery:
    """Tell of a modal sent; the acknowledgement says what becomes of it."""
    body = _base(space, "view_submission", user, from_modal=True)
    body |= {"view": native_view(view), "response_urls": []}
    return space.deliveries.send(
        "interactive",
        "view_submission",
        body,
        heard=lambda answer: viewing.answered(space, view, answer),
        given_up=lambda: viewing.trouble(space, view),
    )


def closed(space: Workspace, user: User, view: View, *, cleared: bool) -> Delivery:
    """Tell of a modal closed."""
    body = _base(space, "view_closed", user, from_modal=True)
    del body["trigger_id"]
    return space.deliveries.send(
        "interactive", "view_closed", body | {"view": native_view(view), "is_cleared": cleared}
    )


def shortcut(space: Workspace, user: User, callback_id: str) -> Delivery:
    """Tell of a global shortcut."""
    body = _base(space, "shortcut", user)
    del body["api_app_id"], body["user"]["name"]
    body |= {"callback_id": callback_id, "action_ts": space.world.ts()}
    return space.deliveries.send("interactive", "shortcut", body)


def message_shortcut(space: Workspace, user: User, callback_id: str, post: Post) -> Delivery:
    """Tell of a shortcut used on a message."""
    body = _base(space, "message_action", user)
    del body["api_app_id"], body["user"]["username"]
    body |= {"callback_id": callback_id, "action_ts": space.world.ts(), "channel": _channel(space, post.channel)}
    body |= {"message_ts": post.ts, "message": natives.root(space.world.channels[post.channel], post)}
    body["response_url"] = space.world.response_url(user.id, post.channel, post)
    return space.deliveries.send("interactive", "message_action", body)


def command(space: Workspace, user: User, name: str, text: str, channel_id: str) -> Delivery:
    """Tell of a slash command; what the acknowledgement says is shown to its author."""
    where, address = _channel(space, channel_id), space.world.response_url(user.id, channel_id)
    body: Json = {
        "token": "sandbox",
        "team_id": TEAM,
        "team_domain": DOMAIN,
        "channel_id": channel_id,
        "channel_name": where["name"],
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": address,
        "trigger_id": space.world.trigger(user.id).id,
    }
    right = space.world.response_urls[address.rpartition("/")[2]]
    return space.deliveries.send("slash_commands", name, body, heard=lambda answer: acknowledged(space, right, answer))
