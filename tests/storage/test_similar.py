"""What was answered before: only what is over and was answered, by what stands now, on both databases."""

from storage.lifecycle import Action
from storage.models import MessageKind
from storage.tickets.similar import answered_requests, last_replies
from tests.clock import MONDAY
from tests.storage.rows import at, known, transact


async def test_only_what_is_over_and_was_answered_is_found_those_with_most_of_the_words_first(database):
    def said(tx, number, by, text, kind=MessageKind.REPLY):
        return tx.talk.add(number, by.id, kind, words={"text": text, "spans": []}, files=[], at=MONDAY)

    def story(tx):
        ann, bob = known(tx, "Ann"), known(tx, "Bob")
        asked = ("The printer jams", "Printer out of toner", "The printer jams loudly", "Printer jams", "Printer jams")
        near, far, active, silent, merged = (at(tx, ann, summary=summary) for summary in asked)
        mine = at(tx, ann, summary="A printer jams")
        for each in (near, far, active, silent, merged, mine):
            tx.search.add(each.id, [each.summary])
        for each in (near, far, active, merged, mine):
            said(tx, each.id, bob, "Open the door")
        taken_back = said(tx, near.id, bob, "No, wait")
        tx.talk.delete(taken_back, MONDAY)
        said(tx, near.id, bob, "Nobody reads this", MessageKind.NOTE)
        said(tx, silent.id, bob, "A note is no answer", MessageKind.NOTE)
        tx.tickets.act(merged, Action.MERGE, by=bob.id, at=MONDAY, to=active.id)
        for each in (near, far, silent):
            tx.tickets.act(tx.tickets.get(each.id), Action.CLOSE, by=bob.id, at=MONDAY)
        found = answered_requests(tx.connection, ["printer", "jams"], but=mine.id)
        assert [one.id for one in found] == [near.id, far.id]
        replies = last_replies(tx.connection, [near.id, far.id])
        assert {number: (one.agent, one.words["text"]) for number, one in replies.items()} == {
            near.id: ("Bob", "Open the door"),
            far.id: ("Bob", "Open the door"),
        }

    await transact(database, story)
