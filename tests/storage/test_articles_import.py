"""What a file brings is written in one go: numbered, versioned, and never over somebody else's change."""

from datetime import UTC, datetime

import pytest

from storage.desk.articles import Articles
from storage.desk.articles_import import (
    ArticleConflict,
    Brought,
    bring_in,
    plan_import,
    read_import_start,
    undo_part,
    write_import,
    write_part,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def asked(question: str, *, number: int | None = None, **more) -> Brought:
    return Brought(number, "Network", "en", question, "Like **so**.", **more)


async def test_new_articles_are_numbered_and_all_have_one_revision(database):
    def work(connection):
        bring_in(
            connection,
            [asked("How?", keywords=("wifi",), aliases=("how so", "how ever")), asked("Why?")],
            by=None,
            at=AT,
        )
        return Articles(connection).everything(), Articles(connection).revision()

    (how, why), revision = await database.run(work)
    assert (how.question, how.aliases, how.keywords, how.live) == ("How?", ("how so", "how ever"), ["wifi"], True)
    assert (why.id, why.aliases) == (how.id + 1, ())
    assert how.revision == why.revision == revision == 1


async def test_a_number_is_kept_and_the_next_article_gets_another(database):
    def work(connection):
        bring_in(connection, [asked("How?", number=41), asked("Why?")], by=None, at=AT)
        facts = {"language": "en", "question": "When?", "answer": "Now."}
        Articles(connection).add(by=None, at=AT, **facts)
        return [row.id for row in Articles(connection).everything()]

    assert await database.run(work) == [41, 42, 43]


async def test_an_article_that_is_there_is_changed_and_keeps_its_history(database):
    def work(connection):
        articles = Articles(connection)
        old = articles.add(
            by=None, at=AT, aliases=["say how"], language="uk", question="Як?", answer="Так.", section=""
        )
        articles.change(old.id, "off", by=None, at=AT, enabled=False)
        bring_in(connection, [asked("How?", number=old.id, aliases=("tell how",))], by=None, at=AT)
        return articles.get(old.id), articles.versions(old.id)

    now, versions = await database.run(work)
    assert (now.question, now.language, now.aliases, now.enabled) == ("How?", "en", ("tell how",), False)
    assert [version.act for version in versions] == ["import", "off", "add"]
    assert versions[0].data["aliases"] == ["tell how"]
    assert versions[0].data["enabled"] is False


async def test_a_version_of_an_import_can_be_restored(database):
    def work(connection):
        articles = Articles(connection)
        bring_in(connection, [asked("How?", aliases=("tell how",))], by=None, at=AT)
        (first,) = articles.everything()
        articles.change(first.id, "edit", by=None, at=AT, aliases=[], question="What?")
        return articles.restore(articles.versions(first.id)[-1], by=None, at=AT)

    restored = await database.run(work)
    assert (restored.question, restored.aliases) == ("How?", ("tell how",))


async def test_a_deleted_article_comes_back_with_its_number(database):
    def work(connection):
        articles = Articles(connection)
        old = articles.add(by=None, at=AT, language="en", question="How?", answer="So.")
        articles.remove(old.id, by=None, at=AT)
        bring_in(connection, [asked("How?", number=old.id)], by=None, at=AT)
        return articles.get(old.id).live

    assert await database.run(work)


async def test_a_change_made_meanwhile_is_not_written_over(database):
    start = await database.run(read_import_start)
    planned = plan_import(start, [asked("How?")], by=None, at=AT)
    await database.run(
        lambda connection: Articles(connection).add(by=None, at=AT, language="en", question="Why?", answer="So.")
    )
    with pytest.raises(ArticleConflict):
        await database.run(lambda connection: write_import(connection, planned))
    assert [row.question for row in await database.run(lambda c: Articles(c).everything())] == ["Why?"]


async def test_translations_of_a_file_are_tied_and_an_undone_import_unties_what_it_tied(database):
    def work(connection):
        articles = Articles(connection)
        old = articles.add(by=None, at=AT, language="uk", question="Як?", answer="Так.", section="")
        brought = [
            Brought(None, "", "en", "How?", "So.", name="how", translates=None),
            Brought(None, "", "ru", "Как?", "Так.", name="kak", translates="how"),
            Brought(old.id, "", "uk", "Як?", "Так.", name=old.id, translates="how"),
        ]
        planned = plan_import(read_import_start(connection, brought), brought, by=None, at=AT)
        write_part(connection, "t", planned, AT)
        tied = [row.root for row in articles.everything()]
        undone = undo_part(connection, "t", 10, by=None, at=AT)
        return old.id, tied, undone, [(row.id, row.root) for row in articles.everything()]

    old, tied, undone, rest = await database.run(work)
    assert tied == [old + 1] * 3
    assert (undone.removed, undone.restored, undone.left) == (2, 1, 0)
    assert rest == [(old, old)]
