"""Writing, changing and deleting messages."""

from bot.sandbox.slack import content, natives, posting
from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.methods.registry import serves
from bot.sandbox.slack.methods.where import inside, message, reachable, root_of, target
from bot.sandbox.slack.model import Json, Post
from bot.sandbox.slack.tables import LIMITS
from bot.sandbox.slack.workspace import Workspace


def _parsed(args: Args, default: str) -> tuple[str, bool]:
    mode = args.get("parse", default)
    return mode, args.get("link_names", False) or mode == "full"


@serves("chat.postMessage")
def post_message(space: Workspace, args: Args) -> Json:
    """Write a message into a channel, a thread or a direct message."""
    channel = target(space, args["channel"])
    inside(space, channel, public=True)
    said = content.message(space, args.method, args.values, most=LIMITS["text_chars"], cut=True)
    said |= content.dress(space, args.values)
    if not args.get("mrkdwn", True):
        said["mrkdwn"] = False
    thread = root_of(space, channel, args)
    if thread is not None and args.get("reply_broadcast"):
        said |= {"subtype": "thread_broadcast", "root": natives.message(channel.posts[thread])}
    post = posting.post(space, channel, space.world.bot.id, said, thread=thread, parsed=_parsed(args, "none"))
    answer: Json = {"channel": channel.id, "ts": post.ts, "message": post.native}
    if len(args.get("text", "")) > LIMITS["text_chars"]:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


@serves("chat.postEphemeral")
def post_ephemeral(space: Workspace, args: Args) -> Json:
    """Write a message that one person sees, until they look away."""
    channel = reachable(space, args["channel"])
    inside(space, channel)
    if args["user"] not in channel.members or space.world.users[args["user"]].deactivated:
        raise ApiError("user_not_in_channel")
    said = content.message(space, args.method, args.values, most=LIMITS["text_chars"])
    said |= content.dress(space, args.values)
    thread = root_of(space, channel, args)
    bot, only_for = space.world.bot.id, args["user"]
    post = posting.post(space, channel, bot, said, thread=thread, only_for=only_for, parsed=_parsed(args, "none"))
    return {"message_ts": post.ts}


def _own(space: Workspace, args: Args, refusal: str) -> Post:
    channel = reachable(space, args["channel"])
    found = message(channel, args["ts"])
    if found.author != space.world.bot.id:
        raise ApiError(refusal)
    return found


@serves("chat.update")
def update(space: Workspace, args: Args) -> Json:
    """Change a message; text alone takes its blocks away, blocks alone leave its text."""
    post = _own(space, args, "cant_update_message")
    given = dict(args.values)
    if given.get("blocks") == [] and not given.get("text"):
        raise ApiError("no_text")
    if "text" not in given and given.get("blocks"):
        given["text"] = post.native.get("text", "")
    said = content.message(space, args.method, given, most=LIMITS["update_text_chars"])
    if "blocks" not in said and "text" in args:
        said["blocks"] = None
    if given.get("attachments") == []:
        said["attachments"] = None
    if given.get("metadata") == {}:
        said["metadata"] = None
    post.parsed = _parsed(args, "client")
    posting.change(space, post, said, by=space.world.bot.id, flag=said.get("blocks") is None)
    return {"channel": post.channel, "ts": post.ts, "text": post.native["text"], "message": post.native}


@serves("chat.delete")
def delete(space: Workspace, args: Args) -> Json:
    """Delete a message of the bot's own."""
    post = _own(space, args, "cant_delete_message")
    posting.erase(space, post)
    return {"channel": post.channel, "ts": post.ts}


@serves("chat.getPermalink")
def permalink(space: Workspace, args: Args) -> Json:
    """Return the address of a message."""
    channel = space.world.channel(args["channel"])
    post = message(channel, args["message_ts"])
    address = f"{space.world.url}/archives/{channel.id}/p{post.ts.replace('.', '')}"
    address += f"?thread_ts={post.thread}&cid={channel.id}" if post.thread else ""
    return {"channel": channel.id, "permalink": address}
