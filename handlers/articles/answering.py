"""Asking the knowledge base: answer when sure, offer guesses when not, hand off when lost; and learn from what came of it."""

from dataclasses import replace
from datetime import timedelta

from handlers.tickets import notices, request_types
from handlers.turns import form_dialog
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import markdown, presses
from handlers.vocabulary.audience import ANYWHERE, Audience
from handlers.vocabulary.draft_facts import NOTHING, DraftFacts
from handlers.vocabulary.forms import Field
from handlers.vocabulary.messages import Button, Message, Part, button_column, button_row, phrase
from handlers.vocabulary.stored_text import files_of, message_pieces, whole_message
from kb import Maybe, Sure, Verdict
from storage.desk.articles import ArticleRow
from storage.desk.request_types import Draft
from storage.lifecycle import Refused
from storage.tickets.tickets import Ticket

on = Routes()

ALIAS = 200  # characters of a question that may become an alias
LINKS = 4  # articles that one leads on to
BUTTON = 60  # characters of a question on a button


def answer_from_articles(turn: Turn) -> None:
    """Answer the event's words from the knowledge base; what is broken or worked on just now is told first."""
    kept, verdict = consult_articles(turn)
    if not notices.first_word(turn, kept, turn.event.asked):
        respond_with(turn, kept, verdict)


def consult_articles(turn: Turn, text: str | None = None) -> tuple[int, Verdict]:
    """Ask the knowledge base and keep what it said, with the whole message, so that nothing is retyped."""
    language = turn.reader(turn.person).language
    question = turn.event.asked if text is None else text
    verdict = turn.kb.find(turn.tx.articles, question, language)
    candidates = [[c.article_id, round(c.confidence, 4), c.phrasing] for c in verdict.candidates]
    said = whole_message(turn.event) if text is None else {"words": {"text": text, "spans": []}, "files": []}
    kept = turn.tx.records.verdict(
        person=turn.person.id,
        question=question,
        said=said,
        language=language,
        verdict_=type(verdict).__name__.lower(),
        candidates=candidates,
        at=turn.now,
    )
    return kept, verdict


def respond_with(turn: Turn, kept: int, verdict: Verdict) -> None:
    """Say what the verdict means: an answer, a choice, or a person."""
    found = turn.tx.articles.of(c.article_id for c in verdict.candidates)
    match verdict:
        case Sure() if found:
            show_article(turn, found[0], kept)
        case _:
            offer = offer_message(turn, kept, verdict)
            turn.say(*offer.parts, buttons=offer.buttons)


def offer_message(turn: Turn, kept: int, verdict: Verdict, more: tuple[Part, ...] = ()) -> Message:
    """Return what is offered where nothing answers for sure: a choice of articles, or a person; ``more`` stands below it."""
    found = turn.tx.articles.of(c.article_id for c in verdict.candidates)
    if isinstance(verdict, Maybe) and found:
        return Message((phrase("answer.maybe"), *more), buttons=(*article_buttons(found, kept), (person_button(kept),)))
    return Message((phrase("answer.unknown"), *more), buttons=button_row(person_button(kept)))


def article_buttons(found: list[ArticleRow], kept: int) -> tuple[tuple[Button, ...], ...]:
    """Return articles as buttons, one a row."""
    return button_column(
        *(presses.ShowArticle(kept, article.id).button(short_question(article.question)) for article in found)
    )


def short_question(question: str) -> str:
    """Return a question that fits on a button."""
    return question if len(question) <= BUTTON else question[: BUTTON - 1].rstrip() + "…"


def person_button(kept: int) -> Button:
    """Return the way out that every answer has: a person."""
    return presses.NewRequest(str(kept) if kept else "anew").button(phrase("answer.need"))


def show_article(
    turn: Turn,
    article: ArticleRow,
    kept: int,
    *,
    edits: int | None = None,
    thanked: bool = False,
    way_out: Button | None = None,
    more: tuple[Part, ...] = (),
    instead: tuple[tuple[Button, ...], ...] = (),
    step: int = 1,
) -> int:
    """Show an article, with those it leads on to, *It helped* and the way out: to a person, if none is given.

    Once it helped all of them are gone. Of one in steps a reader sees the first ``step``, and a button for the next.
    ``more`` stands below it; ``instead`` are other buttons, for whoever does not read it for themselves. Return our id for
    what shows it.
    """
    steps = [article.answer] if instead else markdown.steps_of(article.answer)
    verdict = instead or (verdict_buttons(article, kept, step, len(steps)), (way_out or person_button(kept),))
    buttons = (*article_buttons(articles_linked(turn, article)[:LINKS], kept), *verdict)
    thanks = (phrase("answer.thanks"),) if thanked else ()
    place = (phrase("answer.step", step=step, steps=len(steps)),) if len(steps) > 1 else ()
    shown = turn.say(
        *(markdown.markdown_text(each) for each in steps[:step]),
        *place,
        *thanks,
        *more,
        title=article.question,
        files=files_of(article.files),
        buttons=() if thanked else buttons,
        edits=edits,
    )
    if not thanked and not more and not instead and step == 1:
        turn.tx.articles.count(article.id, "shown")
        if kept:
            turn.tx.records.tried(kept, article.id)
    return shown


def verdict_buttons(article: ArticleRow, kept: int, step: int, steps: int) -> tuple[Button, ...]:
    """Return what a reader may say of an article, at one of its steps: before the last, that it did not help yet."""
    at = step if steps > 1 else None
    helped_ = presses.Helped(kept, article.id, at).button(phrase("answer.helped"))
    if step < steps:
        return helped_, presses.NextStep(kept, article.id, step + 1).button(phrase("answer.next_step"))
    return helped_, presses.Favour(article.id).button(phrase("answer.favour"))


def articles_linked(turn: Turn, article: ArticleRow) -> list[ArticleRow]:
    """Return the articles that an answer leads on to, as far as they answer."""
    linked = markdown.linked_articles(article.answer) if "](#" in article.answer else []
    found = turn.tx.articles.in_language(turn.tx.articles.of(linked), article.language) if linked else []
    return [one for one in found if one.live and one.id != article.id]


def share_buttons(turn: Turn, article: ArticleRow) -> tuple[tuple[Button, ...], ...]:
    """Return what an agent may do with an article in a request's thread; nothing elsewhere."""
    if turn.audience is not Audience.TEAM or turn.number is None:
        return ()
    send = presses.SendArticle(turn.number, article.id).button(phrase("share.send"))
    ask = presses.SendArticleAndAsk(turn.number, article.id).button(phrase("share.send_ask"))
    return ((send,), (ask,))


def chosen_article(turn: Turn) -> tuple[int, ArticleRow]:
    """Return the verdict and the article that a button names."""
    named = turn.pressed(presses.ShowArticle)
    return named.verdict, live_article(turn, named.article)


def live_article(turn: Turn, number: int) -> ArticleRow:
    """Return an article that answers, or refuse: one that is turned off is shown to nobody."""
    found = turn.tx.articles.get(number)
    if not found.live:
        raise Refused("no_article", article=number)
    return found


@on.press(presses.ShowArticle, audiences=ANYWHERE)
def article_chosen(turn: Turn) -> None:
    """One of the guesses is shown; the choice stays for another."""
    kept, article = chosen_article(turn)
    show_article(turn, article, kept, instead=share_buttons(turn, article))
    if (draft := suggested_draft(turn)) is not None:  # a look at a suggestion does not end the dialog it stands beside
        turn.tx.drafts.save(replace(draft, waiting=True), turn.now)


@on.press(presses.NextStep, audiences=ANYWHERE)
def next_step(turn: Turn) -> None:
    """That did not help yet: one more step of the article stands below those before it."""
    pressed = turn.pressed(presses.NextStep)
    article = live_article(turn, pressed.article)
    step = max(1, min(pressed.step, len(markdown.steps_of(article.answer))))
    shown = turn.shown.outgoing_id if turn.shown else None
    show_article(turn, article, pressed.verdict, edits=shown, step=step)


@on.press(presses.Helped, audiences=ANYWHERE)
def helped(turn: Turn) -> None:
    """It helped: that is counted where the actor's own question found it, and the words are proposed as an alias.

    Where the question has become a request meanwhile, or stands beside one, that may be withdrawn.
    """
    pressed = turn.pressed(presses.Helped)
    kept, article = pressed.verdict, live_article(turn, pressed.article)
    said = turn.tx.records.said(kept, turn.person.id) if kept else None
    if said is not None and article.id in turn.tx.records.tried(kept):
        if turn.tx.records.outcome_of(kept) == "helped":
            turn.toast(phrase("answer.thanks"))
            return
        if turn.tx.records.conclude(kept, "helped"):
            if article.id in turn.tx.records.candidates(kept):  # what was asked last found it
                propose_alias(turn, article, turn.tx.records.question(kept).strip())
            turn.tx.articles.count(article.id, "helped")
    shown = turn.shown.outgoing_id if turn.shown else None
    show_article(turn, article, kept, edits=shown, thanked=True, step=pressed.step or 1)
    give_up_request(turn)
    if said is not None and turn.audience is Audience.ALONE:
        offer_to_withdraw(turn, kept)


def offer_to_withdraw(turn: Turn, kept: int) -> None:
    """Offer to withdraw the request that a question stands beside, or has become: an answer has helped meanwhile."""
    number = turn.tx.records.beside(kept)
    if number is not None and turn.tx.tickets.get(number).active:
        end = presses.Withdraw(number).button(phrase("button.withdraw"), danger=True)
        turn.say(phrase("answer.still_needed", ticket=number), buttons=button_row(end), ticket=number)


def propose_alias(turn: Turn, article: ArticleRow, question: str) -> None:
    """Propose a question as an alias, unless it says nothing new."""
    known = {text.casefold() for text in (article.question, *article.aliases)}
    if question and "\n" not in question and len(question) <= ALIAS and question.casefold() not in known:
        turn.tx.articles.propose(article.id, question, by=turn.person.id, at=turn.now)


def suggested_draft(turn: Turn) -> Draft | None:
    """Return the request dialog under way here, if answers were offered beside it."""
    draft = turn.tx.drafts.at(turn.person.id, turn.here[0].lane)
    return draft if draft is not None and DraftFacts.read(draft.facts).suggested else None


def give_up_request(turn: Turn) -> None:
    """End the request dialog under way here: the answer came first."""
    if (draft := suggested_draft(turn)) is not None:
        form_dialog.cancel_draft(turn, draft)


@on.press(presses.Favour, audiences=ANYWHERE)
def favour(turn: Turn) -> None:
    """An article is kept at hand, or put away again."""
    kept = turn.tx.articles.favour(turn.person.id, turn.tx.articles.get(turn.pressed(presses.Favour).article).id)
    turn.toast(phrase("faq.favoured" if kept else "faq.unfavoured"))


@on.press(presses.NewRequest)
def need(turn: Turn) -> None:
    """A person is wanted: the dialog opens with what was asked already in it, and the agents see what was tried."""
    value = turn.pressed(presses.NewRequest).asked
    kept = all_of(turn, int(value)) if value.isdigit() else 0
    said = turn.tx.records.said(kept, turn.person.id) if kept else None
    if said is None:
        request_types.begin_request(turn)
        return
    if (made := waiting_request(turn, kept)) is not None:
        turn.say(phrase("answer.no_help", ticket=made.id), ticket=made.id)
        return
    if turn.tx.records.conclude(kept, "handoff"):
        for tried in turn.tx.records.tried(kept):
            turn.tx.articles.count(tried, "not_helped")
    if (draft := suggested_draft(turn)) is not None and DraftFacts.read(draft.facts).verdict == kept:
        form_dialog.go_on(turn, draft)
        return
    request_types.begin_request(turn, said=said, about=DraftFacts(verdict=kept))


def waiting_request(turn: Turn, kept: int) -> Ticket | None:
    """Return the actor's request that came of a question already, while it waits or is worked on: nothing is filed twice."""
    number = turn.tx.records.request_of(kept, turn.person.id)
    ticket = turn.tx.tickets.find(number) if number is not None else None
    return ticket if ticket is not None and ticket.ended_at is None and turn.tx.related.heir(ticket).active else None


def all_of(turn: Turn, kept: int) -> int:
    """Return the verdict that keeps all that its author has said by now, where they went on after an answer."""
    said = turn.tx.records.unanswered(kept, turn.person.id)
    if said is None:
        return kept
    begun = [(piece.get("place"), piece.get("native")) for piece in message_pieces(said)]
    for later, _, more in turn.tx.records.recent(turn.person.id, turn.now - timedelta(days=1)):
        natives = [(piece.get("place"), piece.get("native")) for piece in message_pieces(more)]
        if later > kept and natives[: len(begun)] == begun and turn.tx.records.unanswered(later, turn.person.id):
            return later
    return kept


def suggest_article(turn: Turn, field: Field, answer: str) -> DraftFacts:
    """While a request is described, a sure answer is offered beside the dialog, which goes on all the same."""
    if field.kind != "long_text":
        return NOTHING
    verdict = turn.kb.find(turn.tx.articles, answer, turn.reader(turn.person).language)
    if not isinstance(verdict, Sure):
        return NOTHING
    kept, _ = consult_articles(turn, answer)
    found = turn.tx.articles.of([verdict.candidates[0].article_id])
    turn.say(phrase("answer.perhaps"), buttons=article_buttons(found, kept))
    return DraftFacts(suggested=True, verdict=kept)
