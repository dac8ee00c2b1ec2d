"""Slack on loopback: a workspace that behaves as Slack's do, and the people who use it."""

from bot.sandbox.slack.calling import Call
from bot.sandbox.slack.control.person import Person
from bot.sandbox.slack.control.room import Room
from bot.sandbox.slack.control.surface import Field, SeenView
from bot.sandbox.slack.control.view import Seen, SeenFile
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.kit.draw import Control, Option
from bot.sandbox.slack.mrkdwn import Active
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.sandbox import SlackSandbox
from bot.sandbox.slack.tables import SCOPES
from bot.sandbox.slack.world import Keep

__all__ = [
    "SCOPES",
    "Active",
    "Call",
    "Control",
    "Delivery",
    "Field",
    "Keep",
    "Option",
    "Person",
    "Rates",
    "Room",
    "Seen",
    "SeenFile",
    "SeenView",
    "SlackSandbox",
]
