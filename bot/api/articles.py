"""Answers of the knowledge base, as programs read and write them."""

from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field

from bot.api.calls import Call
from bot.api.operations import Operation, Sent, Told
from bot.api.scopes import Scope
from bot.api.shapes import Next, Number, Paged, cursor_of, place_of
from bot.api.ticket_acts import press_button
from bot.api.turns import ProgramTurn
from handlers.articles import editing
from handlers.turns import form_view, permissions
from handlers.vocabulary import presses
from handlers.vocabulary.draft_facts import NOTHING, DraftFacts
from handlers.vocabulary.translations import LANGUAGES
from storage.desk.articles import ArticleRow
from storage.lifecycle import Refused

Question = Annotated[str, Field(min_length=1, max_length=300, pattern=r"\S")]
Answer = Annotated[str, Field(min_length=1, max_length=12_000, pattern=r"\S", description="Markdown.")]
Alias = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\n\r]*\S[^\n\r]*$")]
Aliases = Annotated[list[Alias], Field(max_length=100, description="Other ways to ask.")]
Section = Annotated[str, Field(max_length=64)]
Language = Annotated[str, Field(pattern=f"^({'|'.join(LANGUAGES)})$")]


class ArticlePlace(Sent):
    """Which answer."""

    article: Annotated[Number, Field(description="The number of the answer.")]


class ArticleTold(Told):
    """A question with its answer."""

    id: int
    question: str
    answer: Annotated[str, Field(description="Markdown.")]
    aliases: list[str]
    keywords: list[str]
    section: str
    language: str
    enabled: Annotated[bool, Field(description="Whether it answers.")]
    translates: Annotated[int | None, Field(description="The answer that it says in another language.")]
    shown: int
    helped: int
    not_helped: int


class ArticlesTold(Told):
    """A page of answers, by number."""

    items: list[ArticleTold]
    next: Next


class ArticleSent(Sent):
    """An answer to add."""

    question: Question
    answer: Answer
    language: Language
    aliases: Aliases = Field(default_factory=list)
    section: Section = ""


class ArticleChanged(Sent):
    """What is to be changed of an answer; what is left out stays."""

    question: Question | None = None
    answer: Answer | None = None
    language: Language | None = None
    aliases: Aliases | None = None
    section: Section | None = None
    enabled: bool | None = None


class ArticleWritten(Told):
    """An answer that was written."""

    id: int
    revision: Annotated[int, Field(description="Of the knowledge base.")]


def list_articles(turn: ProgramTurn, call: Call) -> ArticlesTold:
    """Return a page of answers; those that are turned off among them for whoever looks after the answers."""
    asked: Paged = call.query
    place = place_of(asked.cursor, int)
    found = turn.tx.articles.after(place[0] if place else 0, asked.limit + 1)
    shown = found[: asked.limit]
    items = [article_told(one) for one in shown if is_shown(turn, one)]
    return ArticlesTold(items=items, next=cursor_of(shown[-1].id) if len(found) > asked.limit else None)


def is_shown(turn: ProgramTurn, one: ArticleRow) -> bool:
    """Return whether a program may read an answer: what answers nobody is for those who curate."""
    return one.enabled or turn.person.may(permissions.role_needed_for(turn, "faq list"))


def get_article(turn: ProgramTurn, call: Call) -> ArticleTold:
    """Return one answer."""
    one = turn.tx.articles.get(call.place.article)
    if not is_shown(turn, one):
        raise Refused("no_article", article=one.id)
    return article_told(one)


def article_told(one: ArticleRow) -> ArticleTold:
    """Return an answer as it is told."""
    same = ("id", "question", "answer", "section", "language", "enabled", "translates", "shown", "helped", "not_helped")
    return ArticleTold(
        **{name: getattr(one, name) for name in same},
        aliases=list(one.aliases),
        keywords=[str(word) for word in one.keywords],
    )


def add_article(turn: ProgramTurn, call: Call) -> ArticleWritten:
    """Add an answer: it answers from the next question on."""
    sent: ArticleSent = call.body
    return _written(turn, _save(turn, sent.model_dump(), []).id)


def change_article(turn: ProgramTurn, call: Call) -> ArticleWritten:
    """Change an answer; each state it was in is kept."""
    was = turn.tx.articles.get(call.place.article)
    given = {name: value for name in call.body.model_fields_set if (value := getattr(call.body, name)) is not None}
    enabled = given.pop("enabled", was.enabled)
    if given:
        now = {name: getattr(was, name) for name in ("question", "answer", "language", "section")}
        files = [dict(file) for file in was.files]
        _save(turn, {**now, "aliases": list(was.aliases), **given}, files, DraftFacts(article=was.id))
    if enabled != was.enabled:
        turn.act("faq on" if enabled else "faq off", str(was.id))
    return _written(turn, was.id)


def _save(
    turn: ProgramTurn, sent: dict[str, Any], files: list[dict[str, Any]], about: DraftFacts = NOTHING
) -> ArticleRow:
    """Write an answer: ``sent`` has the fields of the article's form by name, ``files`` are as they are kept."""
    answers = {**sent, "aliases": "\n".join(sent["aliases"]), form_view.FILES: files}
    return editing.save_article(turn, answers, about)


def delete_article(turn: ProgramTurn, call: Call) -> ArticleWritten:
    """Delete an answer; its history can bring it back."""
    turn.tx.articles.get(call.place.article)
    press_button(turn, presses.ConfirmDelete(call.place.article))
    return ArticleWritten(id=call.place.article, revision=turn.tx.articles.revision())


def _written(turn: ProgramTurn, number: int) -> ArticleWritten:
    return ArticleWritten(id=number, revision=turn.tx.articles.get(number).revision)


OPERATIONS = (
    Operation(
        "listArticles",
        "GET",
        "/articles",
        Scope.ARTICLES_READ,
        "List answers",
        ArticlesTold,
        list_articles,
        query=Paged,
    ),
    Operation(
        "addArticle",
        "POST",
        "/articles",
        Scope.ARTICLES_WRITE,
        "Add an answer",
        ArticleWritten,
        add_article,
        status=HTTPStatus.CREATED,
        body=ArticleSent,
    ),
    Operation(
        "getArticle",
        "GET",
        "/articles/{article}",
        Scope.ARTICLES_READ,
        "Read an answer",
        ArticleTold,
        get_article,
        place=ArticlePlace,
    ),
    Operation(
        "changeArticle",
        "PATCH",
        "/articles/{article}",
        Scope.ARTICLES_WRITE,
        "Change an answer, or turn it on or off",
        ArticleWritten,
        change_article,
        place=ArticlePlace,
        body=ArticleChanged,
    ),
    Operation(
        "deleteArticle",
        "DELETE",
        "/articles/{article}",
        Scope.ARTICLES_WRITE,
        "Delete an answer",
        ArticleWritten,
        delete_article,
        place=ArticlePlace,
    ),
)
