"""The question that is being asked: what one person says before anybody answers, in however many messages they say it.

A sure answer comes at once. Else the desk waits until they pause, and asks the knowledge base about all of it together.
An offer that was not taken stays, shows that more came, and leads into a request with everything in it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.articles import answering
from handlers.tickets import notices
from handlers.tickets.parties import within_reopen_window
from handlers.tickets.readable import Readable, readable_all
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn, event_with
from handlers.vocabulary import presses, timers
from handlers.vocabulary.messages import Message, button_row, phrase
from handlers.vocabulary.stored_text import as_data, asked_of, message_pieces, whole_message
from kb import Maybe, Sure, Unknown, Verdict, courtesy
from storage.desk.records import GREETING
from storage.models import StateKind
from storage.queues import spoken
from storage.queues.spoken import Reworded, Said

on = Routes()

PAUSE = timedelta(seconds=3)  # after the last message
PATIENCE = timedelta(seconds=30)  # with somebody who keeps writing, from the first message that waits
OPEN = timedelta(minutes=30)  # after the last message; what is said later is another question
KEPT = timedelta(days=3)  # what is remembered of it: what still waits is answered however late the desk is
MOST = 40  # messages of one question; what is said beyond them begins another, once they were answered


@dataclass(frozen=True, slots=True)
class Asking:
    """How far a question is."""

    kept: int = 0  # the verdict on the messages that are asked about together now, which keeps all that was said
    since: int = 0  # the first of those messages
    open: int = 0  # the first message after the last sure answer
    heard: int = 0  # messages in all
    waits: str = ""  # since when the first of those waits that nothing was said to; empty where none does
    answered: str = ""  # when the last sure answer was given, our message that shows it, and the article
    answer: int = 0
    article: int = 0
    offer: int = 0  # our message that offers a choice or a person, and how many messages it was made for
    offered: int = 0
    last: str = ""  # when the last of them came


def add_to_question(turn: Turn) -> None:
    """Take a message for the beginning of a question, or for more of the one that is being asked."""
    asking, said = current_question(turn)
    if asking.heard >= MOST and not asking.waits:
        asking, said = Asking(), None
    said = (
        spoken.joined_pieces([*message_pieces(said), *message_pieces(whole_message(turn.event))])
        if said
        else whole_message(turn.event)
    )
    if not asking.waits and not (asking.answered and _pausing(asking.answered, turn.now)):
        asking = replace(asking, kept=carried_on(turn, asking.kept, said), since=asking.heard, answered="")
    now = turn.now.isoformat()
    asking = replace(asking, heard=len(message_pieces(said)), waits=asking.waits or now, last=now)
    look_up_question(turn, asking, said)


def carried_on(turn: Turn, kept: int, said: Said) -> int:
    """Begin the verdict on what comes after an answer or an offer; what was tried before stands with it."""
    if not kept:
        return 0
    made = record_question(turn, 0, said, "", Unknown(), manners=False)
    for article in turn.tx.records.tried(kept):
        turn.tx.records.tried(made, article)
    return made


def look_up_question(turn: Turn, asking: Asking, said: Said) -> None:
    """Ask the knowledge base about what waits, keep what it says, and answer now or when its author pauses."""
    text, verdict, manners = question_verdict(turn, asking, said)
    if asking.answered and not is_new(turn, asking, verdict):
        turn.tx.records.reconsider(asking.kept, said=dict(said))
        add_to_answer(turn, replace(asking, waits=""))
        return
    asking = replace(asking, kept=record_question(turn, asking.kept, said, text, verdict, manners=manners))
    if is_new(turn, asking, verdict):
        answer_question(turn, asking, verdict)
    else:
        remember_question(turn, asking)
        schedule_question_pause(turn, asking)


def is_new(turn: Turn, asking: Asking, verdict: Verdict) -> bool:
    """Return whether a sure answer was found that was not shown yet."""
    return isinstance(verdict, Sure) and verdict.candidates[0].article_id not in turn.tx.records.tried(asking.kept)


def question_verdict(turn: Turn, asking: Asking, said: Said) -> tuple[str, Verdict, bool]:
    """Return what is asked, what the knowledge base says to it, and whether it is nothing but a greeting yet.

    Where the last messages alone find less than they do with those before them, it is asked about all of these.
    """
    every = message_pieces(said)
    new, language = every[asking.since :], turn.reader(turn.person).language
    text, together = asked_text(new), asked_text(every[asking.open :])
    if not text and all(piece["words"]["text"] and not piece["files"] for piece in new):
        return "", Unknown(), True
    alone = turn.kb.find(turn.tx.articles, text, language)
    if isinstance(alone, Sure) or text == together:
        return text, alone, False
    both = turn.kb.find(turn.tx.articles, together, language)
    better = isinstance(both, Sure) or (isinstance(both, Maybe) and isinstance(alone, Unknown))
    return (together, both, False) if better else (text, alone, False)


def asked_text(asked: Sequence[Said]) -> str:
    """Return what messages ask, one a line: greetings and thanks ask nothing."""
    texts = (asked_of(piece) for piece in asked)
    return "\n".join(text for text in texts if text and not courtesy(text))


def record_question(turn: Turn, kept: int, said: Said, text: str, verdict: Verdict, *, manners: bool) -> int:
    """Write down what was asked, and what the knowledge base said to it; return its id."""
    candidates = [[c.article_id, round(c.confidence, 4), c.phrasing] for c in verdict.candidates]
    name = GREETING if manners else type(verdict).__name__.lower()
    if kept:
        found = {"question": text, "said": dict(said), "verdict": name, "candidates": candidates}
        turn.tx.records.reconsider(kept, **found)
        return kept
    return turn.tx.records.verdict(
        person=turn.person.id,
        question=text,
        said=said,
        language=turn.reader(turn.person).language,
        verdict_=name,
        candidates=candidates,
        at=turn.now,
    )


# What is remembered of it


def current_question(turn: Turn) -> tuple[Asking, Said | None]:
    """Return the question that the actor is still asking and all they said of it, or a fresh one and None."""
    value = turn.tx.states.get(turn.person.id, StateKind.ASKING, turn.now, key=str(turn.person.account_id))
    asking = Asking(**value) if value else Asking()
    if asking.last and not asking.waits and turn.now - datetime.fromisoformat(asking.last) > OPEN:
        return Asking(), None
    said = turn.tx.records.unanswered(asking.kept, turn.person.id) if asking.kept else None
    return (asking, said) if said is not None else (Asking(), None)


def has_waiting_question(turn: Turn) -> bool:
    """Return whether the actor has begun a question that nothing was said to yet."""
    asking, said = current_question(turn)
    return said is not None and bool(asking.waits)


def taken_along(turn: Turn) -> tuple[int, Said | None]:
    """Let a request begin with a question that waits unanswered: return its verdict and what was said, or 0 and None."""
    asking, said = current_question(turn)
    if said is None or not asking.waits:
        return 0, None
    turn.tx.records.conclude(asking.kept, "handoff")
    return asking.kept, said


def remember_question(turn: Turn, asking: Asking) -> None:
    """Remember how far the question is."""
    key = str(turn.person.account_id)
    turn.tx.states.put(turn.person.id, StateKind.ASKING, turn.now + KEPT, value=asdict(asking), key=key)


def forget_greeting(turn: Turn, asking: Asking) -> None:
    """Keep nothing of a greeting that nothing followed; where it came after other words, they are kept as they were."""
    if asking.since == 0:
        turn.tx.records.drop(asking.kept)
        turn.tx.states.take(turn.person.id, StateKind.ASKING, turn.now, key=str(turn.person.account_id))
    else:
        remember_question(turn, asking)


def _pausing(since: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(since) <= PAUSE


# Waiting for the pause


def schedule_question_pause(turn: Turn, asking: Asking) -> None:
    """Answer when nothing more has come for a moment, after what they say until then."""
    most = datetime.fromisoformat(asking.waits) + PATIENCE - turn.now
    conversation = f"{turn.event.source}/{turn.event.conversation}"
    pause = timers.QuestionPause(turn.person.account_id, asking.kept, asking.heard, conversation)
    turn.schedule(pause, max(min(PAUSE, most), timedelta(0)))


@on.timer(timers.QuestionPause)
def paused(turn: Turn) -> None:
    """Nobody has written more: the question is answered, unless what came since has made another thing of it."""
    due = turn.due(timers.QuestionPause)
    turn.actor = permissions.with_standing(turn, turn.tx.people.of_account(due.account))
    theirs = event_with(turn, source=turn.person.source, chat=turn.person.home, private=True)
    asking, said = current_question(theirs)
    if said is None or not asking.waits or (asking.kept, asking.heard) != (due.verdict, due.heard):
        return
    _, verdict, manners = question_verdict(theirs, asking, said)
    answer_question(theirs, asking, verdict, manners=manners)


# Saying what there is to say


def answer_question(turn: Turn, asking: Asking, verdict: Verdict, *, manners: bool = False) -> None:
    """Answer, greet, or offer what can be done; what was offered before says so no more, or is changed in its place."""
    if notices.first_word(turn, asking.kept, turn.tx.records.question(asking.kept)):
        return
    asking = replace(asking, waits="")
    if manners:
        turn.say(phrase("courtesy.greeting", name=turn.person.name))
        forget_greeting(turn, asking)
        return
    older = older_request(turn)
    if isinstance(verdict, Sure) and (found := turn.tx.articles.of([verdict.candidates[0].article_id])):
        shown = answering.show_article(turn, found[0], asking.kept)
        asking = replace(asking, answered=turn.now.isoformat(), answer=shown, article=found[0].id)
        asking = replace(asking, open=asking.heard, since=asking.heard)
        if older is None:
            remember_question(turn, take_offer_back(turn, asking))
            return
    remember_question(turn, offer_choices(turn, asking, verdict, older))


def offer_choices(turn: Turn, asking: Asking, verdict: Verdict, older: Readable | None) -> Asking:
    """Offer articles, a person, or a request they may mean: in the place of the offer before."""
    if older is not None:
        said = phrase("talk.which", ticket=older.number, summary=older.summary)
        buttons = button_row(
            presses.AboutTicket(asking.kept, older.number).button(phrase("talk.about", ticket=older.number)),
            presses.AskArticles(asking.kept).button(phrase("talk.new_question")),
        )
        message = Message((said, *all_pieces_line(asking)), buttons=buttons)
    else:
        message = answering.offer_message(turn, asking.kept, verdict, all_pieces_line(asking))
    address, reader = turn.here
    shown = turn.send(address, reader, message, edits=asking.offer or None)
    return replace(asking, offer=shown, offered=asking.offered or asking.heard)


def all_pieces_line(asking: Asking) -> tuple[Any, ...]:
    """Return the line that says of an offer which was made before that what came since goes with it."""
    return (phrase("answer.all", n=asking.heard),) if 0 < asking.offered < asking.heard else ()


def take_offer_back(turn: Turn, asking: Asking) -> Asking:
    """Leave of an offer its words alone: an answer has come in its place."""
    if asking.offer:
        address, reader = turn.here
        turn.send(address, reader, Message((phrase("answer.found"),)), edits=asking.offer)
    return replace(asking, offer=0, offered=0)


def add_to_answer(turn: Turn, asking: Asking) -> None:
    """Say under the answer that was just given that what came since goes to the team with it, if it did not help."""
    found = turn.tx.articles.of([asking.article])
    if found:
        answering.show_article(
            turn, found[0], asking.kept, edits=asking.answer, more=(phrase("answer.all_if", n=asking.heard),)
        )
    remember_question(turn, asking)


def older_request(turn: Turn) -> Readable | None:
    """Return the request that words may be about though nobody has talked on it lately; None where there is none."""
    recent = readable_all(turn, turn.tx.tickets.recent(turn.person.id, turn.now - turn.rules.reopen_window))
    recent.sort(key=lambda view: view.talked_at, reverse=True)
    found = next((view for view in recent if view.active or within_reopen_window(turn, view)), None)
    if found is not None:
        return found
    theirs = readable_all(turn, turn.tx.tickets.of_requester(turn.person.id, 5))
    return next((view for view in theirs if view.active), None)


# Words that change


def update_edited_question(turn: Turn) -> bool:
    """Let a question whose words were edited say what it says now; one that is still being asked is asked anew."""
    written = (turn.event.place, turn.event.message)
    asking, said = current_question(turn)
    for kept, question, was in turn.tx.records.recent(turn.person.id, turn.now - OPEN):
        if not spoken.is_in(was, [written]):
            continue
        now = spoken.with_rewritten_piece(was, written, edited_content(turn))
        if now == was:
            return True
        if said is not None and kept == asking.kept:
            look_up_question(turn, replace(asking, waits=turn.now.isoformat()), now)
        else:
            turn.tx.records.reconsider(kept, said=now, question=asked_text(message_pieces(now)) if question else "")
        return True
    return False


def edited_content(turn: Turn) -> Reworded:
    """Return what an edited message says now; an edit that shows no file leaves the files it had."""
    words, files = as_data(turn.event)
    return {"words": words, "files": files} if files else {"words": words}
