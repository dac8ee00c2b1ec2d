"""A weekly word to those who look after the answers: which mislead, what is worth writing, what nobody has looked at for long."""

from collections import Counter
from datetime import datetime, timedelta

from handlers.articles import showing, suggestions
from handlers.rules import Rules
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Button, Chat, Message, Part, bold_text, button_column, phrase
from handlers.vocabulary.mornings import next_morning
from handlers.vocabulary.translations import Locale
from storage.desk.article_outcomes import last_versions, outcomes_since
from storage.desk.articles import ArticleRow
from storage.models import Role
from storage.people.people import Person
from storage.tickets.watchers import REVIEW
from storage.transaction import Transaction

on = Routes()

SHOWN = 3  # of each
LOOKED_BACK = timedelta(days=28)
FAILED, ASKED = 2, 2  # people whom an article failed, and questions of one gap, from which it is no accident
OLD = timedelta(days=182)
ACT = "faq edit"  # who may do this looks after the answers


@on.command("faq review", role=Role.ADMIN)
def show_answer_review(turn: Turn) -> None:
    """Articles that mislead, gaps worth writing, answers that nobody has looked at for long; the same comes on Mondays."""
    address, reader = turn.here
    turn.send(address, reader, review_message(turn, reader) or Message((phrase("review.none"),)))


def review_message(turn: Turn, reader: Locale) -> Message | None:
    """Return what is worth a look, None where nothing is."""
    outcomes = outcomes_since(turn.tx.connection, turn.now - LOOKED_BACK)
    shown = Counter(one.article_id for one in outcomes)
    failed = Counter(article for article, _ in {(one.article_id, one.person_id) for one in outcomes if one.failed})
    misled = [each for each, people in failed.most_common() if people >= FAILED and 2 * people > shown[each]]
    written = last_versions(turn.tx.connection, shown)
    old = [each for each, _ in shown.most_common() if written.get(each, turn.now) <= turn.now - OLD]
    misleading, stale = _live(turn, misled), _live(turn, [each for each in old if each not in misled])
    groups = suggestions.open_gaps(turn, suggestions.LOOKED_AT, 2 * SHOWN)
    gaps = [(verdict, question, asked) for verdict, question, asked in groups if asked >= ASKED][:SHOWN]
    remarked, said = _remarked(turn, reader)
    told: list[Part] = []
    if misleading:
        told.append(_heading(turn, reader, "review.misleading"))
        told += [
            phrase("review.misled", article=one.id, question=one.question, failed=failed[one.id], shown=shown[one.id])
            for one in misleading
        ]
    told += said
    if gaps:
        told.append(_heading(turn, reader, "review.gaps"))
        asked_for = enumerate(gaps, 1)
        told += [phrase("review.gap", number=n, question=words[:200], asked=many) for n, (_, words, many) in asked_for]
    if stale:
        told.append(_heading(turn, reader, "review.stale"))
        since = {one.id: written[one.id].date() for one in stale}
        told += [phrase("review.old", article=one.id, question=one.question, since=since[one.id]) for one in stale]
    if not told:
        return None
    writes = [
        presses.WriteGap(verdict).button(phrase("gaps.write", number=n)) for n, (verdict, _, _) in enumerate(gaps, 1)
    ]
    beside = [one for one in remarked if one not in (*misleading, *stale)]
    buttons = (
        *button_column(*map(_opens, (*misleading, *beside)), *writes),
        *((_opens(one), _checks(one)) for one in stale),
    )
    return Message((*told, phrase("review.weekly")), phrase("review.title"), buttons)


def _live(turn: Turn, articles: list[int]) -> list[ArticleRow]:
    return [one for one in turn.tx.articles.of(articles[: 4 * SHOWN]) if one.live][:SHOWN]


def _remarked(turn: Turn, reader: Locale) -> tuple[list[ArticleRow], list[Part]]:
    """Return the articles of which readers say what is missing, and what is told of them."""
    counts = dict(turn.tx.remarks.waiting(SHOWN))
    found = turn.tx.articles.of(counts)
    told = [phrase("review.remarked", article=one.id, question=one.question, n=counts[one.id]) for one in found]
    return found, [_heading(turn, reader, "review.remarks"), *told] if found else []


def _heading(turn: Turn, reader: Locale, key: str) -> Part:
    return bold_text(turn.text(phrase(key), reader))


def _opens(article: ArticleRow) -> Button:
    return presses.EditorArticle(article.id).button(showing.article_line(article))


def _checks(article: ArticleRow) -> Button:
    return presses.CheckArticle(article.id).button(phrase("review.right", article=article.id))


@on.press(presses.CheckArticle, role=Role.ADMIN, act=ACT)
def find_article_right(turn: Turn) -> None:
    """Somebody has looked at an answer, and it is right as of today."""
    article = showing.article_argument(turn)
    turn.tx.articles.change(article.id, "check", by=turn.person.id, at=turn.now)
    turn.audit(Deed.ARTICLE_CHECKED, article=article.id)
    turn.toast(phrase("review.checked", article=article.id))
    address, reader = turn.here
    rest = review_message(turn, reader) or Message((phrase("review.none"),))
    turn.send(address, reader, rest, edits=turn.shown.outgoing_id if turn.shown else None)


@on.press(presses.RemarksRead, role=Role.ADMIN, act=ACT)
def drop_remarks(turn: Turn) -> None:
    """What readers said of an answer is dealt with, as far as it was shown; what came since stays."""
    pressed = turn.pressed(presses.RemarksRead)
    article = turn.tx.articles.get(pressed.article)
    if turn.tx.remarks.dismiss(article.id, pressed.oldest, pressed.newest):
        turn.audit(Deed.REMARKS_READ, article=article.id)
    turn.toast(phrase("remark.dropped"))
    showing.show_to_admin(turn, article)


# By itself


def ensure_answer_review(tx: Transaction, rules: Rules, now: datetime) -> None:
    """Let the word come by itself, unless it is on its way already."""
    if not tx.timers.pending(timers.AnswerReview.name):
        tx.timers.schedule(timers.AnswerReview.name, next_morning("week", now, rules.zone), facts={})


@on.timer(timers.AnswerReview)
def send_answer_review(turn: Turn) -> None:
    """Each of those who look after the answers is told what is worth a look, in private, if anything is and they want to know."""
    if turn.tx.timers.pending(timers.AnswerReview.name):
        return  # another one is on its way
    for person in find_curators(turn):
        reader = turn.reader(person)
        word = review_message(turn, reader) if turn.tx.hearing.chosen(person.id).get(REVIEW, True) else None
        if word is not None:
            turn.send(Chat(person.source, person.chat), reader, word)
    turn.schedule(timers.AnswerReview(), next_morning("week", turn.now, turn.rules.zone) - turn.now)


def find_curators(turn: Turn) -> list[Person]:
    """Return those who may change answers and can be written to, each once."""
    needed = permissions.role_needed_for(turn, ACT)
    known = {one.id: one for one in (*turn.tx.people.admins(turn.rules.all_admins), *turn.tx.people.team())}
    may = [one for one in known.values() if permissions.strongest_account(turn, one).may(needed)]
    return [one for each in may if (one := turn.tx.people.reachable(each.id)) is not None]
