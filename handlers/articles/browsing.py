"""Browsing the answers: by section, the popular ones, one's own favourites, by words."""

from handlers.articles import answering
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import ANYWHERE, OWN, Audience
from handlers.vocabulary.messages import Button, button_column, phrase
from handlers.vocabulary.translations import LANGUAGES
from kb import Unknown
from storage.desk.articles import ArticleRow
from storage.lifecycle import Refused

on = Routes()

PAGE = 8


@on.press(presses.Articles, audiences=ANYWHERE)
@on.command("faq", audiences=ANYWHERE)
def faq(turn: Turn) -> None:
    """The answers there are: by section, the popular ones first; /faq words looks for words."""
    if turn.event.value.strip():
        search_articles(turn, turn.event.value)
        return
    language = browsing_language(turn)
    sections = turn.tx.articles.sections(language)
    if not sections:
        turn.say(phrase("faq.none"), buttons=((answering.person_button(0),), *curation_buttons(turn)))
        return
    buttons = [
        presses.ArticleSection(n, 0).button(f"{name or '…'} ({count})") for n, (name, count) in enumerate(sections)
    ]
    if turn.audience is Audience.ALONE and turn.tx.articles.favourites(turn.person.id):
        buttons.insert(0, presses.Favourites().button(phrase("faq.favourites")))
    buttons.insert(0, presses.ArticleSection(-1, 0).button(phrase("faq.popular")))
    rows = (*button_column(*buttons), *curation_buttons(turn))
    turn.say(phrase("faq.title"), buttons=rows, edits=pressed_message(turn))


def curation_buttons(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    """Return what those who look after the answers may do with them: write one, bring a file of them, see all."""
    possible = {
        "faq add": presses.NewArticle().button(phrase("front.add_answer")),
        "faq list": presses.EditorList(0, "").button(phrase("faq.every")),
    }
    if turn.event.private:  # where a file that follows is meant for it
        possible["faq import"] = presses.ImportArticles().button(phrase("faq.import"))
    if turn.audience is Audience.PUBLIC:
        return ()
    return button_column(
        *(button for act, button in possible.items() if turn.person.may(permissions.role_needed_for(turn, act)))
    )


def browsing_language(turn: Turn) -> str:
    """Return the person's language, or another that has answers where theirs has none."""
    mine = turn.reader(turn.person).language
    order = dict.fromkeys((mine, turn.rules.language, *LANGUAGES))
    return next((language for language in order if turn.tx.articles.sections(language)), mine)


def pressed_message(turn: Turn) -> int | None:
    """Return the message whose button was pressed: it is changed in place."""
    return turn.shown.outgoing_id if turn.event.interaction and turn.shown else None


@on.press(presses.ArticleSection, audiences=ANYWHERE)
def section(turn: Turn) -> None:
    """A section's answers, a page at a time; -1 is all of them, the popular first."""
    asked = turn.pressed(presses.ArticleSection)
    at, offset = asked.section, asked.offset
    language = browsing_language(turn)
    sections = turn.tx.articles.sections(language)
    chosen = sections[at][0] if 0 <= at < len(sections) else None
    found, total = turn.tx.articles.page(language=language, section=chosen, offset=offset, limit=PAGE)
    moves = [presses.ArticleSection(at, offset - PAGE).button("‹")] if offset else []
    moves += [presses.ArticleSection(at, offset + PAGE).button("›")] if offset + PAGE < total else []
    turn.say(
        phrase("faq.popular") if chosen is None else chosen or "…",
        buttons=article_list(found, moves),
        edits=pressed_message(turn),
    )


def article_list(found: list[ArticleRow], moves: list[Button]) -> tuple[tuple[Button, ...], ...]:
    """Return articles as buttons, with the ways on and back under them."""
    return (
        *answering.article_buttons(found, 0),
        *((tuple(moves),) if moves else ()),
        (presses.Articles().button(phrase("form.back")),),
    )


@on.press(presses.Favourites, audiences=OWN)
def favourites(turn: Turn) -> None:
    """The answers that the person keeps at hand."""
    found = [article for article in turn.tx.articles.favourites(turn.person.id) if article.live]
    turn.say(phrase("faq.favourites"), buttons=article_list(found, []), edits=pressed_message(turn))


def search_articles(turn: Turn, words: str) -> None:
    """The answers that these words may mean, the likeliest first."""
    kept, verdict = answering.consult_articles(turn, words)
    found = turn.tx.articles.of(c.article_id for c in verdict.candidates)
    if found and not isinstance(verdict, Unknown):
        turn.say(
            phrase("faq.found"), buttons=(*answering.article_buttons(found, kept), (answering.person_button(kept),))
        )
    else:
        turn.say(phrase("answer.unknown"), buttons=((answering.person_button(kept),),))


def open_linked_article(turn: Turn, number: str) -> None:
    """A link leads straight to an article."""
    article = number_in(number)
    if article is None:
        raise Refused("no_article", article=number[:20])
    answering.show_article(turn, answering.live_article(turn, article), 0)
