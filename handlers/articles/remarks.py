"""A reader whom an answer did not help may say what is missing; whoever looks after the answers reads it, without a name."""

from datetime import timedelta

from handlers.turns import form_dialog, permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import OWN
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.forms import Field, Form, judge_answer
from handlers.vocabulary.messages import Button, Message, Part, RichText, bold_text, button_row, phrase
from storage.desk.articles import ArticleRow
from storage.lifecycle import Refused

on = Routes()

REMARK = Form(
    "remark",
    {"": "remark.title"},
    (Field("text", {"": "remark.ask"}, "long_text", {"": "remark.hint"}, required=False, limit=500),),
    review=False,
)
A_WORD = timedelta(minutes=30)  # what is said later is no remark but something new
SHOWN = 5  # remarks on an article that are read together
ACT = "faq edit"  # who may do this reads them


def remark_row(turn: Turn, verdict: int | None) -> tuple[tuple[Button, ...], ...]:
    """Return the button by which the actor says what the answer lacked that they read last; none where they read none."""
    tried = turn.tx.records.tried(verdict) if verdict else []
    live = [one for one in turn.tx.articles.of(tried[-1:]) if one.live] if tried else []
    return button_row(*(remark_button(verdict, one) for one in live)) if verdict and live else ()


def remark_button(verdict: int, article: ArticleRow) -> Button:
    """Return the button that asks what is missing in an article."""
    return presses.SayMissing(verdict, article.id).button(phrase("remark.say"))


@on.press(presses.SayMissing, audiences=OWN)
def ask_what_is_missing(turn: Turn) -> None:
    """One question, in the reader's own chat; what they are filling in there is not lost for it."""
    pressed = turn.pressed(presses.SayMissing)
    read = turn.tx.records.said(pressed.verdict, turn.person.id) is not None
    if not read or pressed.article not in turn.tx.records.tried(pressed.verdict):
        raise Refused("expired")
    article = turn.tx.articles.get(pressed.article)
    draft = turn.tx.drafts.at(turn.person.id, turn.here[0].lane)
    if draft is not None and draft.answers:
        resume = presses.ResumeDraft(draft.id).button(phrase("form.resume"))
        turn.say(phrase("remark.later"), buttons=button_row(resume))
        return
    about = DraftFacts(article=article.id, until=(turn.now + A_WORD).isoformat())
    form_dialog.open_form(turn, REMARK, about=about)


@on.submit("remark")
def keep_remark(turn: Turn) -> None:
    """It is kept for whoever looks after the answer, in the place of what the reader said of it before."""
    article = turn.tx.articles.get(of_draft(turn.event.about.article))
    text = " ".join(str(turn.event.answers.get("text") or "").split())
    if text:
        place, native = next(reversed(turn.event.about.typed.get("text", ())), (None, None))
        turn.tx.remarks.keep(article.id, turn.person.id, text, turn.now, place=place, native=native)
    address, reader = turn.here
    card = turn.event.submission.card if turn.event.submission else None
    turn.send(address, reader, Message((phrase("remark.thanks" if text else "rate.done"),)), edits=card)


def change_remark(turn: Turn) -> bool:
    """Keep what an edited remark says now, as one that nobody has read; return whether the message was one."""
    place, native = turn.event.place, turn.event.message
    article = turn.tx.remarks.written_at(turn.person.id, place, native)
    if article is None:
        return False
    text, wrong = judge_answer(REMARK.fields[0], " ".join(turn.event.words.text.split()))
    if wrong is not None:
        turn.say(phrase("form.wrong", why=wrong))
    elif text:
        turn.tx.remarks.keep(article, turn.person.id, text, turn.now, place=place, native=native)
    return True


def remarks_told(turn: Turn, article: ArticleRow) -> tuple[list[Part], tuple[tuple[Button, ...], ...]]:
    """Return the newest remarks on an article, with the button that drops them; nothing for who may not change it."""
    if not turn.person.may(permissions.role_needed_for(turn, ACT)):
        return [], ()
    found = turn.tx.remarks.of(article.id, SHOWN)
    if not found:
        return [], ()
    heading = turn.text(phrase("remark.heading", n=turn.tx.remarks.count(article.id)), turn.here[1])
    read = presses.RemarksRead(article.id, found[-1].id, found[0].id).button(phrase("remark.read"))
    return [bold_text(heading), *(RichText(f"– {one.text}") for one in found)], button_row(read)
