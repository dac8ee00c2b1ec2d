"""Articles that say the same in different languages: which there are, what is missing, and how they are tied."""

from handlers.articles import editing, showing
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import markdown, presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.messages import bold_text, button_column, phrase
from storage.lifecycle import Refused
from storage.models import Role

on = Routes()

ACT = "faq translation"
USAGE = "/faq translation 12 40"


@on.command(ACT, role=Role.ADMIN)
def tie_articles(turn: Turn) -> None:
    """One article says in its language what another says in its own: /faq translation 12 40."""
    numbers = [number_in(word) for word in turn.event.value.split()]
    if len(numbers) != 2 or None in numbers:
        raise Refused("usage", usage=USAGE)
    one, other = (turn.tx.articles.get(number or 0) for number in numbers)
    if one.root != other.root:
        spoken = [each.language for each in turn.tx.articles.translations([one.root])]
        editing.must_be_untold(turn, other.root, spoken)
        for each in turn.tx.articles.translations([other.root]):
            turn.tx.articles.tie(each, one, by=turn.person.id, at=turn.now)
        turn.audit(Deed.ARTICLE_EDITED, article=other.id)
    showing.show_to_admin(turn, turn.tx.articles.get(one.id))


@on.press(presses.UntieArticle, role=Role.ADMIN, act=ACT)
def untie_article(turn: Turn) -> None:
    """An article is no translation any more: it stands by itself."""
    article = turn.tx.articles.untie(showing.article_argument(turn), by=turn.person.id, at=turn.now)
    turn.audit(Deed.ARTICLE_EDITED, article=article.id)
    showing.show_to_admin(turn, article)


@on.press(presses.TranslateArticle, role=Role.ADMIN, act="faq add")
def translate_article(turn: Turn) -> None:
    """A translation is written: the original is shown, its section and the language stand in the form already."""
    pressed = turn.pressed(presses.TranslateArticle)
    article = turn.tx.articles.get(pressed.article)
    editing.must_be_untold(turn, article.root, [pressed.language])
    alone = continue_in_private(turn)
    alone.say(bold_text(article.question), markdown.markdown_text(article.answer))
    known = {"language": pressed.language, **({"section": article.section} if article.section else {})}
    editing.open_article_form(alone, known, DraftFacts(translates=article.root))


@on.press(presses.Untranslated, role=Role.ADMIN, act="faq list")
def show_untranslated(turn: Turn) -> None:
    """The articles that are not in every language of the answers, a page at a time."""
    offset = turn.pressed(presses.Untranslated).offset
    found, total = turn.tx.articles.untranslated(offset=offset, limit=showing.PAGE)
    moves = [presses.Untranslated(offset - showing.PAGE).button("‹")] if offset else []
    moves += [presses.Untranslated(offset + showing.PAGE).button("›")] if offset + showing.PAGE < total else []
    rows = button_column(*(presses.EditorArticle(one.id).button(showing.article_line(one)) for one in found))
    back = presses.EditorList(0, "").button(phrase("form.back"))
    edits = turn.shown.outgoing_id if turn.shown else None
    turn.say(phrase("article.all_untranslated", n=total), buttons=(*rows, (*moves, back)), edits=edits)
