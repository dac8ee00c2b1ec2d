"""What an article is refused for: words that another one answers, a courtesy, words that say nothing by themselves."""

from collections.abc import Sequence

from handlers.turns.turn import Turn
from handlers.vocabulary.markdown import linked_articles
from handlers.vocabulary.messages import phrase
from kb import Article, courtesy
from kb.files.validation import Checker
from storage.lifecycle import Refused


def check_phrasings(turn: Turn, texts: Sequence[str], number: int | None, language: str, answer: str = "…") -> None:
    """Refuse words that another article answers, that are a courtesy, or that say nothing by themselves."""
    for text in texts:
        if courtesy(text):
            raise Refused("article_courtesy", text=text)
        owner = owner_of(turn, text, number, language)
        if owner is not None:
            raise Refused("article_has_it", text=text, article=owner)
    for problem in Checker().check(Article(0, texts[0], answer, tuple(texts[1:]), (), language)) if texts else ():
        raise Refused("article", why=phrase(f"problem.{problem.reason}", **problem.facts))


def check_links(turn: Turn, answer: str) -> None:
    """Refuse an answer that leads on to an article that is not there."""
    linked = linked_articles(answer)
    there = {one.id for one in turn.tx.articles.of(linked)}
    for number in linked:
        if number not in there:
            raise Refused("article_link", article=number)


def owner_of(turn: Turn, text: str, number: int | None, language: str) -> int | None:
    """Return another article that is asked by these words, whatever the letters' case and the marks between them."""
    owner = turn.tx.articles.owner_of(text, language)
    if owner is not None and owner != number:
        return owner
    reading = turn.kb.explain(turn.tx.articles, text, language)
    asked = [int(candidate.article_id) for candidate in reading.candidates] if reading.how == "exact" else []
    same = (article for article in turn.tx.articles.of(asked) if article.language == language)
    return next((article.id for article in same if article.id != number), None)
