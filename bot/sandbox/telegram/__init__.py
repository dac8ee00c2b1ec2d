"""The Bot API on loopback: a server that behaves as Telegram's, and the people who use it."""

from bot.sandbox.telegram.calls import Call
from bot.sandbox.telegram.control.person import Person
from bot.sandbox.telegram.control.room import Group, Room
from bot.sandbox.telegram.control.view import Button, Seen, SeenTopic, Toast
from bot.sandbox.telegram.rates import Rates
from bot.sandbox.telegram.sandbox import TelegramSandbox
from bot.sandbox.telegram.tables import RIGHTS
from bot.sandbox.telegram.updates import Update
from bot.sandbox.telegram.world import Keep

__all__ = [
    "RIGHTS",
    "Button",
    "Call",
    "Group",
    "Keep",
    "Person",
    "Rates",
    "Room",
    "Seen",
    "SeenTopic",
    "TelegramSandbox",
    "Toast",
    "Update",
]
