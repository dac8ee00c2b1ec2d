"""Answers to pressed buttons, and the bot's own reactions."""

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.methods.access import writable
from bot.sandbox.telegram.methods.registry import serves
from bot.sandbox.telegram.tables import LIMITS, REACTIONS
from bot.sandbox.telegram.world import World


@serves("answerCallbackQuery")
def answer_callback_query(world: World, args: Args) -> bool:
    """Stop the button's spinning, perhaps with a toast."""
    press = world.presses.get(args["callback_query_id"])
    text: str = args.get("text", "")
    if len(text) > LIMITS["answer_callback_text_chars"]:
        world.violate(args.method, "text", f"{len(text)} characters")
        raise ApiError(Refusal.WRONG_VALUE, what="MESSAGE_TOO_LONG")
    if press is None or not world.fresh(press):
        raise ApiError(Refusal.QUERY_TOO_OLD)
    press.answered, press.text, press.url = True, text, args.get("url")
    press.alert = args.get("show_alert", False)
    world.changes.touch()
    return True


@serves("setMessageReaction")
def set_message_reaction(world: World, args: Args) -> bool:
    """Put the bot's own reaction on a message, or take it back."""
    chat = writable(world, args["chat_id"])
    post = chat.posts.get(args["message_id"])
    if post is None:
        raise ApiError(Refusal.REACT_NOT_FOUND)
    wanted = args.get("reaction") or []
    known = all(item.get("emoji") in REACTIONS for item in wanted if item["type"] == "emoji")
    if len(wanted) > 1 or not known or any(item["type"] == "paid" for item in wanted):
        world.violate(args.method, "reaction", str(wanted))
        raise ApiError(Refusal.REACTION_INVALID)
    post.reactions[world.bot.id] = wanted
    world.changes.touch()
    return True
