"""An article goes from a request's thread to its requester, as the agent's own words; they may be asked whether it helped."""

from handlers.articles import answering, remarks
from handlers.tickets import relay
from handlers.tickets.readable import own_ticket
from handlers.tickets.replies import send_words
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import markdown, presses
from handlers.vocabulary.audience import OWN
from handlers.vocabulary.messages import bold_text, button_row, phrase
from handlers.vocabulary.stored_text import files_of
from handlers.vocabulary.text import join_lines
from storage.desk.articles import ArticleRow
from storage.lifecycle import Refused
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()


@on.press(presses.SendArticle, role=Role.AGENT, act="r")
def send(turn: Turn) -> None:
    """The article goes to the requester."""
    pressed = turn.pressed(presses.SendArticle)
    share_article(turn, pressed.ticket, pressed.article, ask=False)


@on.press(presses.SendArticleAndAsk, role=Role.AGENT, act="r")
def send_and_ask(turn: Turn) -> None:
    """The article goes to the requester, with the question whether it helped."""
    pressed = turn.pressed(presses.SendArticleAndAsk)
    share_article(turn, pressed.ticket, pressed.article, ask=True)


def share_article(turn: Turn, number: int, wanted: int, *, ask: bool) -> None:
    """Send an article as the agent's words, counted; the buttons that did it are gone, so that it is not sent twice."""
    article = answering.live_article(turn, wanted)
    words = join_lines(bold_text(article.question), markdown.markdown_text(article.answer))
    ticket = send_words(turn, turn.tx.tickets.get(number), words, files=files_of(article.files))
    turn.tx.articles.count(article.id, "shown")
    if ask:
        ask_whether_helped(turn, ticket, article)
    shown = turn.shown.outgoing_id if turn.shown else None
    turn.say(
        phrase("share.sent", article=article.id, question=article.question, ticket=number), edits=shown, ticket=number
    )


def ask_whether_helped(turn: Turn, ticket: Ticket, article: ArticleRow) -> None:
    """Ask the requester whether an article helped; their press is counted, and told in the thread."""
    requester = turn.tx.people.of_account(ticket.account_id)
    kept = turn.tx.records.verdict(
        person=requester.id,
        question="",
        said={"words": {"text": "", "spans": []}, "files": []},
        language=turn.reader(requester).language,
        verdict_="sure",
        candidates=[[article.id, 1.0, ""]],
        at=turn.now,
    )
    turn.tx.records.tried(kept, article.id)
    yes = presses.ArticleHelped(kept, article.id, ticket.id).button(phrase("answer.helped"))
    no = presses.ArticleFailed(kept, article.id, ticket.id).button(phrase("share.no"))
    turn.tell(ticket, phrase("share.ask", question=article.question), buttons=button_row(yes, no))


@on.press(presses.ArticleHelped, audiences=OWN)
def yes(turn: Turn) -> None:
    """It helped: that is counted, and the team sees it."""
    pressed = turn.pressed(presses.ArticleHelped)
    record_whether_helped(turn, pressed.verdict, pressed.article, pressed.ticket, helped=True)


@on.press(presses.ArticleFailed, audiences=OWN)
def no(turn: Turn) -> None:
    """It did not help: that is counted, and the team sees it."""
    pressed = turn.pressed(presses.ArticleFailed)
    record_whether_helped(turn, pressed.verdict, pressed.article, pressed.ticket, helped=False)


def record_whether_helped(turn: Turn, verdict: int, article: int, ticket: int, *, helped: bool) -> None:
    """Count what the requester said of an article, once, and tell the team."""
    if turn.tx.records.said(verdict, turn.person.id) is None or article not in turn.tx.records.tried(verdict):
        raise Refused("expired")
    own_ticket(turn, ticket)
    if not turn.tx.records.conclude(verdict, "helped" if helped else "handoff"):
        turn.toast(phrase("answer.thanks"))
        return
    turn.tx.articles.count(article, "helped" if helped else "not_helped")
    shown = turn.shown.outgoing_id if turn.shown else None
    missing = () if helped else remarks.remark_row(turn, verdict)
    turn.say(phrase("share.glad" if helped else "share.sorry"), buttons=missing, edits=shown)
    relay.in_threads(turn, ticket, phrase("share.helped" if helped else "share.failed", article=article))
