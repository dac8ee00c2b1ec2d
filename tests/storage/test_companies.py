"""A company is found by the words that begin with its name: the longest that is one's, in one look."""

import pytest
from sqlalchemy import event

from tests.clock import MONDAY
from tests.storage.rows import transact

LONG = "Royal Society for the Protection of Birds"


@pytest.mark.parametrize(
    ("said", "name", "left"),
    [
        ("acme until 31.12.2026", "Acme", ["until", "31.12.2026"]),
        ("ACME Labs people + Dan", "Acme Labs", ["people", "+", "Dan"]),
        (f"{LONG.lower()} contract C-12", LONG, ["contract", "C-12"]),
        (f"{LONG} {'word ' * 2000}", LONG, ["word"] * 2000),
        ("nobody knows it " * 500, None, None),
        ("", None, None),
    ],
)
async def test_it_is_the_longest_name_and_one_look(database, said, name, left):
    looks = []

    def story(tx):
        for each in ("Acme", "Acme Labs", LONG):
            tx.companies.put(each, MONDAY)
        event.listen(tx.connection, "before_cursor_execute", lambda *_: looks.append(1))
        words = said.split()
        known, count = tx.companies.named_first(words)
        assert (known.name if known else None) == name
        assert (words[count:] if known else None) == left

    await transact(database, story)
    assert len(looks) == 1
