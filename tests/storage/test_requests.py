"""Request types and forms keep their revisions; a draft is one for each person and place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.models import Priority
from tests.clock import MONDAY
from tests.storage.rows import known, transact


def put(tx, name="access", **facts):
    values = {"position": 0, "kind": "service", "title": {"en": "Access"}, "fields": [{"name": "what"}]}
    return tx.requests.put_type(name, **{**values, "priority": Priority.NORMAL, "workflow": None, **facts})


async def test_a_type_put_unchanged_is_the_same_revision(database):
    def story(tx):
        assert put(tx) == put(tx)
        [kind] = tx.requests.types()
        assert (kind.revision, kind.title, kind.fields) == (1, {"en": "Access"}, [{"name": "what"}])

    await transact(database, story)


async def test_a_changed_type_is_a_new_revision_and_the_old_one_stays_pinned(database):
    def story(tx):
        old = put(tx)
        new = put(tx, title={"en": "Access and rights"})
        assert new != old
        assert [(t.id, t.revision) for t in tx.requests.types()] == [(new, 2)]
        assert tx.requests.type(old).title == {"en": "Access"}
        assert put(tx) not in (old, new)  # back to the old words is a step onwards
        assert tx.requests.types()[0].revision == 3

    await transact(database, story)


async def test_types_come_in_their_order(database):
    def story(tx):
        put(tx, "third", position=2)
        put(tx, "first", position=0)
        put(tx, "second", position=1)
        assert [t.name for t in tx.requests.types()] == ["first", "second", "third"]

    await transact(database, story)


async def test_a_form_is_written_once_for_each_of_its_revisions(database):
    def story(tx):
        first = tx.requests.form_id("new", "aa", {"fields": [1]}, MONDAY)
        assert tx.requests.form_id("new", "aa", {"fields": [1]}, MONDAY) == first
        second = tx.requests.form_id("new", "bb", {"fields": [2]}, MONDAY)
        assert second not in (first, tx.requests.form_id("rating", "aa", {}, MONDAY))
        assert (tx.requests.form(first), tx.requests.form(second)) == ({"fields": [1]}, {"fields": [2]})
        with pytest.raises(AssertionError, match="no form"):
            tx.requests.form(second + 100)

    await transact(database, story)


async def test_the_order_of_choices_is_kept(database):
    """Whoever reads a form offers its choices as they were written."""

    def story(tx):
        choices = {"zebra": {"en": "Z"}, "b": {"en": "B"}, "apple": {"en": "A"}}
        pinned = tx.requests.form_id("new", "cc", {"choices": choices}, MONDAY)
        assert list(tx.requests.form(pinned)["choices"]) == ["zebra", "b", "apple"]
        put(tx, fields=[{"name": "what", "choices": choices}])
        [kind] = tx.requests.types()
        assert list(kind.fields[0]["choices"]) == ["zebra", "b", "apple"]

    await transact(database, story)


async def test_a_draft_is_one_for_each_person_and_place(database):
    def story(tx):
        ann, bob = known(tx, "Ann"), known(tx, "Bob")
        form = tx.requests.form_id("new", "aa", {}, MONDAY)

        def begin(who, place, step="type"):
            return tx.drafts.open(who.id, place, form, step=step, answers={"a": 1}, facts={"t": 2}, at=MONDAY)

        first, elsewhere, bobs = begin(ann, "here"), begin(ann, "there"), begin(bob, "here")
        assert tx.drafts.at(ann.id, "here") == first == tx.drafts.get(first.id)
        anew = begin(ann, "here", "summary")
        assert tx.drafts.get(first.id) is None
        assert tx.drafts.at(ann.id, "here") == anew
        assert (tx.drafts.at(ann.id, "there"), tx.drafts.at(bob.id, "here")) == (elsewhere, bobs)

    await transact(database, story)


async def test_a_draft_keeps_how_far_it_is_until_it_ends(database):
    def story(tx):
        ann = known(tx, "Ann")
        form = tx.requests.form_id("new", "aa", {}, MONDAY)
        begun = tx.drafts.open(ann.id, "here", form, step="type", answers={}, facts={}, at=MONDAY)
        later = MONDAY + timedelta(hours=1)
        kept = replace(begun, step="review", waiting=False, answers={"x": "й"}, facts={"n": [1]}, card=7)
        tx.drafts.save(kept, later)
        assert tx.drafts.at(ann.id, "here") == replace(kept, updated_at=later) == tx.drafts.asked_on(7)
        assert tx.drafts.asked_on(8) is None
        tx.drafts.end(begun.id)
        assert tx.drafts.at(ann.id, "here") is None

    await transact(database, story)
