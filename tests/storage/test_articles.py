"""Articles keep every version, one revision after another, and learn from what people's words found."""

import pytest

from storage.desk.articles import Articles
from storage.lifecycle import Refused
from tests.clock import MONDAY
from tests.storage.rows import known, transact


def put(articles: Articles, question: str = "How?", **facts):
    values = {"language": "en", "answer": "So.", **facts}
    return articles.add(by=None, at=MONDAY, question=question, **values)


async def test_each_change_takes_the_next_revision_and_since_tells_it(database):
    def story(tx):
        how, why = put(tx.articles), put(tx.articles, "Why?")
        assert (how.revision, why.revision, tx.articles.revision()) == (1, 2, 2)
        tx.articles.change(how.id, "edit", by=None, at=MONDAY, answer="Thus.", aliases=["how so"])
        assert [(row.id, row.answer, row.aliases) for row in tx.articles.since(2)] == [(how.id, "Thus.", ("how so",))]
        tx.articles.remove(why.id, by=None, at=MONDAY)
        assert [(row.id, row.live) for row in tx.articles.since(3)] == [(why.id, False)]
        assert tx.articles.since(4) == []

    await transact(database, story)


async def test_every_state_is_kept_and_can_come_back(database):
    def story(tx):
        row = put(tx.articles, aliases=["how so"], files=[{"kind": "photo", "ref": "1"}], keywords=["way"])
        tx.articles.change(row.id, "edit", by=None, at=MONDAY, question="Why?", aliases=[], files=[], keywords=[])
        tx.articles.change(row.id, "off", by=None, at=MONDAY, enabled=False)
        tx.articles.remove(row.id, by=None, at=MONDAY)
        versions = tx.articles.versions(row.id)
        assert [version.act for version in versions] == ["delete", "off", "edit", "add"]
        assert [v.act for v in tx.articles.versions(row.id, offset=1, limit=2)] == ["off", "edit"]
        back = tx.articles.restore(versions[-1], by=None, at=MONDAY)
        kept = (back.question, back.aliases, back.files, back.keywords, back.live)
        assert kept == ("How?", ("how so",), [{"kind": "photo", "ref": "1"}], ["way"], True)
        assert tx.articles.versions(row.id)[0].act == "restore"
        with pytest.raises(Refused, match="expired"):
            tx.articles.version(10_000)

    await transact(database, story)


async def test_a_deleted_article_is_found_nowhere_but_in_its_history(database):
    def story(tx):
        row = put(tx.articles, section="Office", aliases=["how so"])
        tx.articles.remove(row.id, by=None, at=MONDAY)
        assert tx.articles.of([row.id]) == tx.articles.everything() == tx.articles.sections("en") == []
        assert tx.articles.page() == ([], 0)
        assert tx.articles.owner_of("how?", "en") is None
        with pytest.raises(Refused, match="no_article"):
            tx.articles.get(row.id)
        assert len(tx.articles.versions(row.id)) == 2

    await transact(database, story)


async def test_the_owner_of_words_is_known_in_any_letter_case_of_its_language(database):
    def story(tx):
        how = put(tx.articles, "Як СКИНУТИ пароль?", language="uk", aliases=["Їжак Ґанок"])
        off = put(tx.articles, "Turned off", enabled=False)
        assert tx.articles.owner_of("яК скинути ПАРОЛЬ?", "uk") == how.id
        assert tx.articles.owner_of("їжак ґАНОК", "uk") == how.id
        assert tx.articles.owner_of("Їжак Ґанок", "ru") is None
        assert tx.articles.owner_of("turned OFF", "en") == off.id
        assert tx.articles.propose(how.id, "їжак", by=None, at=MONDAY) is not None
        assert tx.articles.owner_of("їжак", "uk") is None  # proposed is not taken

    await transact(database, story)


async def test_pages_and_sections_count_what_answers(database):
    def story(tx):
        for number in range(5):
            put(tx.articles, f"Question {number}", section="A" if number < 3 else "Б", enabled=number != 0)
        third = tx.articles.everything()[3]
        tx.articles.count(third.id, "helped")
        assert tx.articles.sections("en") == [("A", 2), ("Б", 2)]
        assert tx.articles.sections("en", every=True) == [("A", 3), ("Б", 2)]
        found, total = tx.articles.page(limit=2)
        assert (found[0].id, len(found), total) == (third.id, 2, 4)
        assert tx.articles.page(section="A", every=True)[1] == 3
        assert tx.articles.page(language="uk") == ([], 0)
        assert len(tx.articles.page(offset=3)[0]) == 1

    await transact(database, story)


async def test_an_alias_is_proposed_once_and_decided_once(database):
    def story(tx):
        row = put(tx.articles, aliases=["how so"])
        ann = known(tx, "Ann")
        first = tx.articles.propose(row.id, "In what way", by=ann.id, at=MONDAY)
        second = tx.articles.propose(row.id, "whence", by=ann.id, at=MONDAY)
        assert tx.articles.propose(row.id, "in WHAT way", by=ann.id, at=MONDAY) is None
        assert tx.articles.propose(row.id, "How So", by=ann.id, at=MONDAY) is None
        assert [one.text for one in tx.articles.proposed()] == ["In what way", "whence"]
        assert tx.articles.get(row.id).aliases == ("how so",)
        before = tx.articles.revision()
        tx.articles.decide(first, live=True, by=None, at=MONDAY)
        assert (tx.articles.get(row.id).aliases, tx.articles.revision()) == (("how so", "In what way"), before + 1)
        tx.articles.decide(second, live=False, by=None, at=MONDAY)
        assert (tx.articles.revision(), tx.articles.proposed()) == (before + 1, [])
        assert tx.articles.propose(row.id, "whence", by=ann.id, at=MONDAY) is None  # refused once is refused
        for decided in (first, second, 10_000):
            with pytest.raises(Refused, match="decided"):
                tx.articles.decide(decided, live=True, by=None, at=MONDAY)

    await transact(database, story)


async def test_an_alias_written_by_hand_decides_the_same_words_proposed(database):
    def story(tx):
        row = put(tx.articles)
        tx.articles.propose(row.id, "how so", by=None, at=MONDAY)
        tx.articles.change(row.id, "alias", by=None, at=MONDAY, aliases=["How so"])
        assert (tx.articles.get(row.id).aliases, tx.articles.proposed()) == (("How so",), [])

    await transact(database, story)


async def test_proposals_for_a_deleted_article_wait_no_more(database):
    def story(tx):
        row = put(tx.articles)
        waiting = tx.articles.propose(row.id, "how so", by=None, at=MONDAY)
        tx.articles.remove(row.id, by=None, at=MONDAY)
        assert tx.articles.proposed() == []
        with pytest.raises(Refused, match="decided"):
            tx.articles.decide(waiting, live=True, by=None, at=MONDAY)

    await transact(database, story)


async def test_gaps_are_what_no_article_answered(database):
    def story(tx):
        ann = known(tx, "Ann")

        def asked(question: str, verdict: str, outcome: str = "") -> int:
            kept: int = tx.records.verdict(
                person=ann.id, question=question, said={}, language="en", verdict_=verdict, candidates=[], at=MONDAY
            )
            if outcome:
                tx.records.outcome(kept, outcome)
            return kept

        open_ = [asked("lost", "unknown"), asked("guessed", "maybe"), asked("handed", "unknown", "handoff")]
        for outcome in ("helped", "written", "joined"):
            asked(outcome, "maybe", outcome)
        asked("answered", "sure")
        asked("", "unknown")
        assert [number for number, _ in tx.records.gaps(MONDAY)] == open_[::-1]
        assert len(tx.records.gaps(MONDAY, limit=1)) == 1
        assert tx.records.gaps(MONDAY.replace(year=2027)) == []

    await transact(database, story)


async def test_a_favourite_is_kept_and_put_away(database):
    def story(tx):
        ann, row = known(tx, "Ann"), put(tx.articles)
        assert tx.articles.favour(ann.id, row.id)
        assert [one.id for one in tx.articles.favourites(ann.id)] == [row.id]
        assert not tx.articles.favour(ann.id, row.id)
        assert tx.articles.favourites(ann.id) == []

    await transact(database, story)
