"""Messages without a file, and what all messages share on their way into a chat."""

import random

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.entities import formatted
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.methods.access import place, text_of, writable
from bot.sandbox.telegram.methods.markups import keyboard
from bot.sandbox.telegram.methods.registry import serves
from bot.sandbox.telegram.model import Json, Post
from bot.sandbox.telegram.posting import post
from bot.sandbox.telegram.tables import CHAT_ACTIONS, DICE
from bot.sandbox.telegram.world import World


def deliver(world: World, args: Args, content: Json) -> Post:
    """Write the bot's message where the call wants it, at the permitted rate."""
    chat = writable(world, args["chat_id"])
    spot = place(world, chat, args)
    inline, other = keyboard(world, args)
    if inline is not None:
        content = content | {"reply_markup": inline}
    if args.get("protect_content"):
        content = content | {"has_protected_content": True}
    world.meter.take(chat)
    return post(world, chat, world.bot, content, thread=spot.thread, reply=spot.reply, keyboard=other)


@serves("sendMessage")
def send_message(world: World, args: Args) -> Json:
    """Send a text."""
    return deliver(world, args, text_of(world, args)).data


@serves("sendLocation")
def send_location(world: World, args: Args) -> Json:
    """Send a point on the map."""
    return deliver(world, args, {"location": _location(args)}).data


@serves("sendVenue")
def send_venue(world: World, args: Args) -> Json:
    """Send a named place; it travels with its location beside it."""
    where = _location(args)
    venue = {"location": where, "title": args["title"], "address": args["address"]}
    return deliver(world, args, {"venue": venue, "location": where}).data


def _location(args: Args) -> Json:
    if not (-90 <= args["latitude"] <= 90 and -180 <= args["longitude"] <= 180):
        raise ApiError(Refusal.WRONG_VALUE, what="wrong latitude or longitude specified")
    return {"latitude": args["latitude"], "longitude": args["longitude"]}


@serves("sendContact")
def send_contact(world: World, args: Args) -> Json:
    """Send a phone number with a name."""
    names = ("phone_number", "first_name", "last_name", "vcard")
    return deliver(world, args, {"contact": {name: args[name] for name in names if name in args}}).data


@serves("sendDice")
def send_dice(world: World, args: Args) -> Json:
    """Throw a die; the value is the server's to choose."""
    emoji = args.get("emoji", DICE[0])
    if emoji not in DICE:
        raise ApiError(Refusal.WRONG_VALUE, what="emoji is not supported")
    value = random.Random(world.changes.count).randint(1, 5)
    return deliver(world, args, {"dice": {"emoji": emoji, "value": value}}).data


@serves("sendPoll")
def send_poll(world: World, args: Args) -> Json:
    """Ask a poll."""
    question, _ = formatted(args["question"], args.get("question_parse_mode"), args.get("question_entities"))
    options = [option if isinstance(option, str) else option["text"] for option in args["options"]]
    if not 1 <= len(question) <= 300 or not 1 <= len(options) <= 12:
        world.violate(args.method, "poll", "1-300 characters of question, 1-12 options")
        raise ApiError(Refusal.WRONG_VALUE, what="poll must have 1-12 options and a question of 1-300 characters")
    body = poll(str(world.number("other")), question, options, anonymous=args.get("is_anonymous", True))
    return deliver(world, args, {"poll": body}).data


def poll(poll_id: str, question: str, options: list[str], *, anonymous: bool = True) -> Json:
    """Return a ``Poll`` in which nobody has voted."""
    return {
        "id": poll_id,
        "question": question,
        "options": [
            {"persistent_id": str(number), "text": text, "voter_count": 0} for number, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": anonymous,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }


@serves("sendChatAction")
def send_chat_action(world: World, args: Args) -> bool:
    """Show that the bot is busy, for five seconds."""
    if args["action"] not in CHAT_ACTIONS:
        world.violate(args.method, "action", args["action"])
        raise ApiError(Refusal.WRONG_VALUE, what="wrong parameter action in request")
    chat = writable(world, args["chat_id"])
    spot = place(world, chat, args)
    chat.actions.append((world.clock.now(), args["action"], spot.thread))
    del chat.actions[:-100]
    world.changes.touch()
    return True
