"""What is said while a request is open: it joins, and beside it stands a sure answer, or the way to a request of its own."""

from collections.abc import Collection

from handlers.articles import answering
from handlers.tickets import assignment, relay, request_types
from handlers.tickets.readable import own_ticket
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.messages import Button, button_row, phrase
from kb import Sure, another
from storage.desk.articles import ArticleRow
from storage.desk.records import RELATED
from storage.lifecycle import Refused
from storage.queues.spoken import Said
from storage.tickets import search_terms
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket

on = Routes()


def stands_beside(turn: Turn, ticket: Ticket, message_id: int) -> bool:
    """Show a sure answer to words that have joined a request; return whether they look like another matter."""
    text = turn.event.asked.strip()
    if not text:
        return False
    verdict = turn.kb.find(turn.tx.articles, text, turn.reader(turn.person).language)
    sure = turn.tx.articles.of([verdict.candidates[0].article_id]) if isinstance(verdict, Sure) else []
    another_matter = is_another_matter(turn, ticket, text, sure[0] if sure else None)
    if sure and ticket.agent_id is None and sure[0].id not in turn.tx.records.shown_beside(ticket.id):
        kept, _ = answering.consult_articles(turn)
        turn.tx.records.stand_beside(kept, ticket.id)
        no_help_ = presses.NoHelp(kept, None if another_matter else message_id)
        answering.show_article(turn, sure[0], kept, way_out=no_help_.button(phrase("answer.no")))
    return another_matter


def apart_button(turn: Turn, said: Said, message_id: int) -> tuple[tuple[Button, ...], ...]:
    """Return the button by which words that have joined a request become one of their own."""
    return button_row(presses.MakeApart(keep_related_message(turn, said), message_id).button(phrase("talk.apart")))


def keep_related_message(turn: Turn, said: Said) -> int:
    """Keep what was said, so that a request can be made of it; return under which id."""
    return turn.tx.records.verdict(
        person=turn.person.id,
        question="",
        said=said,
        language=turn.reader(turn.person).language,
        verdict_=RELATED,
        candidates=[],
        at=turn.now,
    )


# What looks like another matter


def is_another_matter(turn: Turn, ticket: Ticket, text: str, sure: ArticleRow | None) -> bool:
    """Return whether words look as if they were about something else than the request they joined."""
    if another(text):
        return True
    said = search_terms.search_words(text)
    if assignment.is_of_another_group(turn, ticket.group_name, said):
        return True
    kind = turn.tx.requests.type_name(ticket.request_type_id)
    return is_of_another_type(turn, kind, said) or (sure is not None and answers_another(turn, ticket, sure))


def is_of_another_type(turn: Turn, kind: str, said: Collection[str]) -> bool:
    """Return whether words name another request type, or a choice in its form, and nothing of this one."""
    telling = [[each.name for each in turn.rules.types.values() if word in each.words] for word in set(said)]
    met = {names[0] for names in telling if len(names) == 1}  # a word of several types tells them not apart
    return bool(met) and kind not in met


def answers_another(turn: Turn, ticket: Ticket, sure: ArticleRow) -> bool:
    """Return whether an article is of another section than what the request itself is about."""
    own = turn.kb.find(turn.tx.articles, ticket.summary, ticket.language).candidates
    if not own or any(candidate.article_id == sure.id for candidate in own):
        return False
    sections = {article.section for article in turn.tx.articles.of(candidate.article_id for candidate in own)}
    return sure.section not in sections


# What can be done with it


@on.press(presses.NoHelp)
def no_help(turn: Turn) -> None:
    """The answer did not help: the team has the words, in the request they joined; they may be a request of their own."""
    pressed = turn.pressed(presses.NoHelp)
    kept, number = pressed.verdict, turn.tx.records.beside(pressed.verdict)
    said = turn.tx.records.said(kept, turn.person.id)
    if said is None or number is None:
        raise Refused("expired")
    if turn.tx.records.conclude(kept, "joined"):
        for tried in turn.tx.records.tried(kept):
            turn.tx.articles.count(tried, "not_helped")
    shown = turn.shown.outgoing_id if turn.shown else None
    turn.say(
        phrase("answer.no_help", ticket=number),
        buttons=apart_button(turn, said, pressed.message) if pressed.message else (),
        edits=shown,
        ticket=number,
    )


@on.press(presses.MakeApart)
def apart(turn: Turn) -> None:
    """It is another matter: the dialog opens with it, and once it is registered it is not in the other request any more."""
    pressed = turn.pressed(presses.MakeApart)
    said = turn.tx.records.unanswered(pressed.verdict, turn.person.id)
    message = turn.tx.talk.get(pressed.message)
    if said is None or message is None or message.person_id != turn.person.id or message.deleted_at is not None:
        raise Refused("expired")
    own_ticket(turn, message.ticket_id)
    request_types.begin_request(turn, said=said, about=DraftFacts(apart=message.id, verdict=pressed.verdict))


def move_apart(turn: Turn, message_id: int, ticket: Ticket) -> TicketMessage | None:
    """Let a message be a new request's that was another's until now, and tell that one's team; None where it cannot."""
    said = turn.tx.talk.get(message_id)
    if said is None or said.person_id != ticket.requester_id or said.deleted_at is not None:
        return None
    was = turn.tx.related.heir(turn.tx.tickets.get(said.ticket_id))
    turn.tx.talk.move(said, ticket.id)
    relay.in_threads(
        turn, was.id, phrase("thread.moved", name=turn.person.name, ticket=ticket.id, summary=ticket.summary)
    )
    return said
