"""What stories about answers begin with: articles that are there, and an admin who may change them."""

import asyncio

from handlers.turns.knowledge import index_of
from storage.desk.articles import ArticleRow
from storage.desk.articles_import import Brought, bring_in
from storage.models import Role
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.stories.harness import Desk, Somebody

WIFI = "How do I connect to the office Wi-Fi?"
VPN = "VPN does not connect"


async def article(desk: Desk, question: str, answer: str = "Like **so**.", **facts) -> ArticleRow:
    """Write an article as an earlier day's work, and return it."""
    values = {"language": "en", "section": "", "at": MONDAY, **facts}
    return await desk.records(lambda tx: tx.articles.add(by=None, question=question, answer=answer, **values))


async def examples(desk: Desk, *languages: str) -> dict[str, ArticleRow]:
    """Bring in the example knowledge bases of these languages; return the articles by their questions."""
    from kb.files.examples import example_articles

    found = [
        Brought(None, one.section, one.language, one.question, one.answer, one.keywords, one.aliases)
        for language in languages
        for one in example_articles(language)
    ]

    def work(tx: Transaction) -> list[ArticleRow]:
        bring_in(tx.connection, found, by=None, at=MONDAY)
        return tx.articles.everything()

    rows = await desk.records(work)
    # So many at once are read beside the turns: as on an earlier day, they have been.
    revision = await desk.records(lambda tx: tx.articles.revision())
    desk.app.knowledge.swap(await asyncio.to_thread(index_of, rows), revision)
    return {row.question: row for row in rows}


async def admin(desk: Desk, name: str = "Olga", *, language: str = "en") -> Somebody:
    """Let an admin exist, whom the bot knows already."""
    somebody = desk.agent(name, language=language)
    await somebody.starts()
    await somebody.catches_up()

    source = desk.stage.source(somebody.native)

    def grant(tx: Transaction) -> None:
        person = tx.people.find(source, str(somebody.native.id))
        assert person is not None, f"{name} has never written to the desk"
        tx.people.grant(person.id, Role.ADMIN)

    await desk.records(grant)
    return somebody


async def now(desk: Desk, number: int) -> ArticleRow:
    """Return an article as it is now."""
    return await desk.records(lambda tx: tx.articles.get(number))


async def outcomes(desk: Desk) -> list[tuple[str, str | None]]:
    """Return each verdict that was given and what came of it, the oldest first."""
    from sqlalchemy import select

    from storage.models import verdict

    query = select(verdict.c.verdict, verdict.c.outcome).order_by(verdict.c.id)
    return [(row[0], row[1]) for row in await desk.look(lambda connection: connection.execute(query).all())]
