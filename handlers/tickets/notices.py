"""What is told before any answer: planned works that last, and what is broken for many just now; each once."""

from datetime import timedelta

from handlers.tickets import outage_scope
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.messages import Part, RichText, button_column, phrase
from handlers.vocabulary.stored_text import words_of
from handlers.vocabulary.translations import utc_of_iso
from storage.care.announcements import Announcement
from storage.care.outages import Outage, Stage, Touched
from storage.models import StateKind
from storage.tickets.search_terms import search_words
from storage.tickets.tickets import Ticket

AFTER = timedelta(minutes=1)  # what is remembered of works outlives them for so long
LOOK = timedelta(minutes=1)  # between two looks whether many ask alike
DUE = "outage look"  # the setting that says when it is looked next


def first_word(turn: Turn, kept: int, question: str) -> bool:
    """Tell what concerns a question and the actor has not read; return whether that is the answer: it is broken for many.

    ``kept`` is the verdict that keeps what was asked: whose trouble is another goes on with it, and retypes nothing.
    """
    schedule_notice_check(turn)
    tell_works(turn, question)
    return tell_outage(turn, kept, question)


def schedule_notice_check(turn: Turn) -> None:
    """See to it that somebody looks soon whether many ask alike, once for all that is asked until then."""
    due = turn.tx.records.get(DUE)
    if due and turn.now < utc_of_iso(str(due)) <= turn.now + LOOK:
        return
    turn.tx.records.put(DUE, (turn.now + LOOK).isoformat())
    turn.schedule(timers.OutageLook(), LOOK)


def tell_works(turn: Turn, question: str) -> None:
    """Tell of the planned works that a question is about."""
    for one in turn.tx.announcements.under_way(turn.now):
        key = f"works:{one.id}"
        if one.ends_at is None or not works_affect_question(one, question):
            continue
        if turn.tx.states.get(turn.person.id, StateKind.TOLD, turn.now, key):
            continue
        turn.tx.states.put(turn.person.id, StateKind.TOLD, one.ends_at + AFTER, key=key)
        language = turn.here[1].language
        spoken = next((each for each in (language, "en") if each in one.words), next(iter(one.words)))
        turn.say(phrase("works.now", ends=one.ends_at), words_of(one.words[spoken]))


def works_affect_question(one: Announcement, question: str) -> bool:
    """Return whether a question is about what the works touch; where they say nothing of it, every question is."""
    about = set(search_words(one.keywords))
    return not about or not about.isdisjoint(search_words(question))


def tell_outage(turn: Turn, kept: int, question: str) -> bool:
    """Tell what is known of the outage that a question is about, once; return whether it was told."""
    for one in turn.tx.outages.all(Stage.OPEN):
        if not outage_scope.covers_question(turn, one, question) or turn.tx.outages.state(one.id, turn.person.id):
            continue
        turn.tx.outages.touch(one.id, turn.person.id, turn.person.account_id, Touched.TOLD, turn.now)
        buttons = button_column(
            presses.OutageWait(one.id).button(phrase("outage.wait")),
            presses.OutageDifferent(one.id, kept).button(phrase("outage.different")),
        )
        turn.tx.records.conclude(kept, "outage")
        turn.say(*known_words(one), buttons=buttons)
        return True
    return False


def request_notice(turn: Turn, ticket: Ticket) -> None:
    """Tell whose request is about an outage what is known, where nothing has told them; look soon whether many ask alike."""
    schedule_notice_check(turn)
    for one in turn.tx.outages.all(Stage.OPEN):
        if turn.tx.outages.state(one.id, ticket.requester_id) or not outage_scope.covers_request(turn, one, ticket):
            continue
        turn.tx.outages.touch(one.id, ticket.requester_id, ticket.account_id, Touched.TOLD, turn.now)
        turn.tell(ticket, *known_words(one), phrase("outage.registered", ticket=ticket.id))


def known_words(one: Outage) -> tuple[Part, ...]:
    """Return what is known, as it was written, or in the desk's own words."""
    return (phrase("outage.known"), RichText(one.words) if one.words else phrase("outage.default"))
