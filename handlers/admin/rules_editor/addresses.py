"""How a button names an entry: a section's word and the entry's key, or (a long one) what tells it from the others."""

import hashlib
import re

from handlers.admin.rules_editor.review import current_document
from handlers.admin.rules_editor.sections import SECTIONS, TEXT, Section
from handlers.turns.turn import Turn
from handlers.vocabulary.translations import load_catalogue
from storage.lifecycle import Refused

WORDS = "|".join(SECTIONS)
PLACE = rf"(?:{WORDS})(?:\.[a-z0-9_.~]+)?"
ROOM = 47  # bytes that a messenger's 64 leave beside the longest name of a button
SHORT = "~"


def entry_address(of: Section, key: str) -> str:
    """Return the place of an entry as a button carries it."""
    whole = f"{of.word}.{key}" if key else of.word
    return whole if len(whole) <= ROOM and re.fullmatch(PLACE, whole) else f"{of.word}.{SHORT}{_digest(key)}"


def entry_at(turn: Turn, place: str) -> tuple[Section, str]:
    """Return the section and the key that a button carries; a key that is gone stays as it was written."""
    word, _, key = place.partition(".")
    if word not in SECTIONS:
        raise Refused("expired")
    of = SECTIONS[word]
    if key.startswith(SHORT):
        key = next((each for each in all_entry_keys(turn, of) if _digest(each) == key.removeprefix(SHORT)), key)
    return of, key


def all_entry_keys(turn: Turn, of: Section) -> list[str]:
    """Return the keys of all entries of a section, whatever they belong to."""
    written = current_document(turn)
    if of is TEXT:
        return list(load_catalogue("en").texts)
    whose = list(SECTIONS[of.within].shelf.entries(written)) if of.within else [""]
    return [key for each in whose for key in of.shelf.entries(written, each)]


def _digest(key: str) -> str:
    return hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()[:10]
