"""Planned works that last now: whoever asks about what they touch reads of them first, once."""

from datetime import timedelta

from handlers.turns.turn import Turn
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.stored_text import words_of
from storage.announcements import Announcement
from storage.models import StateKind
from storage.tokens import words

AFTER = timedelta(minutes=1)  # what is remembered of it outlives the works for so long


def first_word(turn: Turn, question: str) -> bool:
    """Tell of the planned works that a question is about, unless the actor has read of them; return whether there was a word."""
    told = False
    for one in turn.tx.announcements.under_way(turn.now):
        key = f"works:{one.id}"
        if (
            one.ends_at is None
            or not touches(one, question)
            or turn.tx.states.get(turn.person.id, StateKind.TOLD, turn.now, key)
        ):
            continue
        turn.tx.states.put(turn.person.id, StateKind.TOLD, one.ends_at + AFTER, key=key)
        language = turn.here[1].language
        spoken = next((each for each in (language, "en") if each in one.words), next(iter(one.words)))
        turn.say(phrase("works.now", ends=one.ends_at), words_of(one.words[spoken]))
        told = True
    return told


def touches(one: Announcement, question: str) -> bool:
    """Return whether a question is about what the works touch; where they say nothing of it, every question is."""
    about = set(words(one.keywords))
    return not about or not about.isdisjoint(words(question))
