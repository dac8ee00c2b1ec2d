"""What people of the town write: each text has a word in it that is nowhere else, so that it can be followed."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.town.people import Resident

TOKEN = re.compile(r"zq\d{4}x|Qz[a-z]{4}")  # in texts; in names
OWN, PUBLIC, REPLY, NOTE, TEAM, NAME = "own", "public", "reply", "note", "team", "name"
OPEN = "open"  # said in a request channel, by whomever
JOINS, NOTHING = "joins", "nothing"  # what words in a request channel must come to: a request's, or none's

ACTIVE = {"new", "open", "pending", "on_hold"}  # kinds of statuses in which somebody works on a request, or waits

SENTENCES = (
    "My card was charged twice",
    "The printer on the third floor does not print",
    "I cannot log in since this morning",
    "Where do I find the invoice",
    "It works again",
    "Please call me back",
    "Не приходить рахунок",
    "Не работает интернет",
    "Is there any news",
    "When is the office open",
)


@dataclass(eq=False, slots=True)
class Word:
    """A text that somebody wrote: who, what for, and where it stands."""

    token: str
    by: "Resident"
    kind: str
    at: datetime
    text: str = ""
    said: str = ""  # what was typed, which may be a command without them
    ticket: int | None = None  # a reply's or a note's
    readers: set[str] = field(default_factory=set)  # rooms besides the author's own and the team's that may show it
    room: str = ""
    line: str = ""
    deaths: int = 0  # of the desk before they were said
    calm: bool = True  # said when nothing was in the way
    unwanted: bool = False  # said by somebody whom the desk does not serve then
    answered: bool = False  # the desk has said or changed something there since
    deleted: bool = False
    edited: bool = False
    gone: str = ""  # how it went: nobody reads it any more, and no row has it
    fate: str = ""  # of words in a request channel, where that is certain


def tokens(text: str) -> list[str]:
    """Return the words to be followed in a text."""
    return TOKEN.findall(text)


def letters(number: int) -> str:
    """Return a number in letters, for names."""
    return "".join(chr(97 + number // 26**place % 26) for place in (3, 2, 1, 0))


def sentence(random: Random, token: str) -> str:
    """Return something to say."""
    return f"{random.choice(SENTENCES)} {token}"
