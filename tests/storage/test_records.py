"""What is kept for reports and for the desk itself: audit, verdicts, settings."""

from sqlalchemy import select

from storage.models import audit, verdict
from tests.clock import MONDAY
from tests.storage.rows import at, known, transact


def ask(tx, who, text="How do I reset it?"):
    said = {"words": {"text": text}, "files": []}
    return tx.records.verdict(
        person=who.id, question=text, said=said, language="en", verdict_="unknown", candidates=[], at=MONDAY
    )


async def test_a_setting_is_written_over(database):
    def story(tx):
        assert tx.records.get("offset") is None
        tx.records.put("offset", 41)
        tx.records.put("offset", {"at": ["й", None, True]})
        tx.records.put("other", "x")
        assert (tx.records.get("offset"), tx.records.get("other")) == ({"at": ["й", None, True]}, "x")

    await transact(database, story)


async def test_what_was_said_is_given_back_only_to_who_said_it(database):
    def story(tx):
        ann, bob = known(tx, "Ann"), known(tx, "Bob")
        asked = ask(tx, ann)
        assert tx.records.said(asked, ann.id) == {"words": {"text": "How do I reset it?"}, "files": []}
        assert tx.records.said(asked, bob.id) is None
        assert tx.records.said(asked + 1, ann.id) is None

    await transact(database, story)


async def test_what_came_of_a_verdict_is_kept(database):
    def story(tx):
        ann = known(tx, "Ann")
        ticket, asked, other = at(tx, ann), ask(tx, ann), ask(tx, ann, "other")
        tx.records.outcome(asked, "ticket", ticket.id)
        kept = tx.connection.execute(select(verdict.c.outcome, verdict.c.ticket_id).order_by(verdict.c.id)).all()
        assert kept == [("ticket", ticket.id), (None, None)]
        assert tx.records.conclude(other, "helped")
        assert not tx.records.conclude(asked, "helped")

    await transact(database, story)


async def test_an_act_is_audited_with_who_and_when(database):
    def story(tx):
        ann = known(tx, "Ann")
        tx.records.audit("refused", MONDAY, person=ann.id, ticket=7, facts={"reason": "taken"})
        tx.records.audit("started", MONDAY, person=None)
        kept = tx.connection.execute(select(audit).order_by(audit.c.id)).all()
        assert [row[1:] for row in kept] == [
            (ann.id, "refused", 7, {"reason": "taken"}, MONDAY),
            (None, "started", None, {}, MONDAY),
        ]

    await transact(database, story)
