"""What the bot may learn about a chat and do to it."""

from bot.sandbox.telegram import events
from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.methods.access import need, readable, writable
from bot.sandbox.telegram.methods.registry import serves
from bot.sandbox.telegram.model import Chat, Json, Member
from bot.sandbox.telegram.posting import post, quoted
from bot.sandbox.telegram.world import World

GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


@serves("getChat")
def get_chat(world: World, args: Args) -> Json:
    """Return all about a chat."""
    chat = readable(world, args["chat_id"])
    body = chat.native() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if chat.person is not None and chat.person.username:
        body["active_usernames"] = [chat.person.username]
    if chat.linked is not None:
        body["linked_chat_id"] = chat.linked
    if chat.joins_to_write:
        body["join_to_send_messages"] = True
    if chat.username is not None:
        body["active_usernames"] = [chat.username]
    if chat.pinned:
        body["pinned_message"] = quoted(chat.posts[chat.pinned[-1]])
    return body


def _native(world: World, account_id: int, member: Member) -> Json:
    return member.native(world.account(account_id).user())


@serves("getChatMember")
def get_chat_member(world: World, args: Args) -> Json:
    """Return what somebody is in a chat."""
    chat = readable(world, args["chat_id"])
    user: int = args["user_id"]
    if user != world.bot.id and user not in world.people:
        raise ApiError(Refusal.USER_NOT_FOUND)
    if chat.type == "private":
        return _native(world, user, Member("member"))
    return _native(world, user, chat.member(user))


@serves("getChatAdministrators")
def get_chat_administrators(world: World, args: Args) -> list[Json]:
    """Return who runs a group, other bots left out."""
    chat = readable(world, args["chat_id"])
    if chat.type == "private":
        raise ApiError(Refusal.WRONG_VALUE, what="there are no administrators in the private chat")
    return [_native(world, number, member) for number, member in chat.members.items() if member.is_admin]


@serves("getChatMemberCount")
def get_chat_member_count(world: World, args: Args) -> int:
    """Return how many are in a chat."""
    chat = readable(world, args["chat_id"])
    return 2 if chat.type == "private" else sum(member.is_here for member in chat.members.values())


def _need_pin(world: World, chat: Chat) -> None:
    if chat.type != "private":
        need(world, chat, "can_pin_messages", Refusal.NO_RIGHT_PIN)


@serves("pinChatMessage")
def pin_chat_message(world: World, args: Args) -> bool:
    """Pin a message; a service line says so."""
    chat = writable(world, args["chat_id"])
    _need_pin(world, chat)
    message = chat.posts.get(args["message_id"])
    if message is None:
        raise ApiError(Refusal.PIN_NOT_FOUND)
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        line = post(world, chat, world.bot, {"pinned_message": quoted(message)}, thread=message.thread)
        events.message(world, chat, line)
    return True


@serves("unpinChatMessage", "unpinAllChatMessages")
def unpin_chat_message(world: World, args: Args) -> bool:
    """Take a pin away: one message's, the newest, or all."""
    chat = writable(world, args["chat_id"])
    _need_pin(world, chat)
    if args.method == "unpinAllChatMessages":
        chat.pinned.clear()
    elif "message_id" not in args:
        del chat.pinned[-1:]
    elif args["message_id"] in chat.pinned:
        chat.pinned.remove(args["message_id"])
    world.changes.touch()
    return True


@serves("leaveChat")
def leave_chat(world: World, args: Args) -> bool:
    """Leave a group."""
    chat = readable(world, args["chat_id"])
    if chat.type == "private":
        raise ApiError(Refusal.WRONG_VALUE, what="chat member status can't be changed in private chats")
    old = chat.member(world.bot.id)
    chat.members[world.bot.id] = Member("left")
    events.member_changed(world, chat, world.bot, world.bot, old, Member("left"))
    world.changes.touch()
    return True
