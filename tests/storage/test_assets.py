"""Whatever many assets are called, the one that has all the words typed is found: the rarest word is looked at first."""

from types import SimpleNamespace
from typing import Any

import pytest

from handlers.turns.asset_search import near_assets
from storage.people.assets import EVERYBODY, Reach
from tests.clock import MONDAY
from tests.storage.rows import transact

MANY = 450


@pytest.mark.parametrize(
    ("said", "reach", "found"),
    [
        ("lenovo blue", EVERYBODY, ["BLUE-1"]),  # all the others are called Lenovo
        ("lenovo", Reach(kinds=("phone",), everybody=True), ["PHONE-1"]),  # and are laptops
        ("lenovo old", EVERYBODY, ["OLD-2"]),  # but as many as are retired
        ("lenovo", Reach(person=1, kinds=("phone",)), ["PHONE-1"]),
        ("lenovo", Reach(person=1, kinds=("printer",)), []),
        ("lenobo blue", EVERYBODY, ["BLUE-1"]),  # a slip
    ],
)
async def test_no_hit_is_cut_away_by_what_matches_more(database, said, reach, found):
    def story(tx: Any) -> list[str]:
        ann = tx.people.meet("telegram", "1", name="Ann", username="", language="en", chat="", at=MONDAY)
        for n in range(MANY):
            tx.assets.add(f"PC-{n}", "laptop", MONDAY, name="Lenovo T14")
            tx.assets.add(f"GONE-{n}", "laptop", MONDAY, name="Lenovo old", retired_at=MONDAY)
        tx.assets.add("BLUE-1", "laptop", MONDAY, name="Lenovo T14 blue")
        tx.assets.add("OLD-2", "laptop", MONDAY, name="Lenovo older")
        tx.assets.add("PHONE-1", "phone", MONDAY, name="Lenovo Moto", person_id=ann.id)
        turn: Any = SimpleNamespace(tx=tx)
        return [one.number for one in near_assets(turn, said, reach)][: len(found) or None]

    assert await transact(database, story) == found


async def test_of_a_large_company_too(database, monkeypatch):
    monkeypatch.setattr("storage.people.assets.FEW", 20)

    def story(tx: Any) -> list[str]:
        acme = tx.companies.put("Acme", MONDAY).id
        for n in range(30):
            tx.assets.add(f"PC-{n}", "laptop", MONDAY, name="Lenovo T14", company_id=acme)
        tx.assets.add("BLUE-1", "laptop", MONDAY, name="Lenovo T14 blue", company_id=acme)
        tx.assets.add("BLUE-2", "laptop", MONDAY, name="Lenovo T14 blue")
        turn: Any = SimpleNamespace(tx=tx)
        return [one.number for one in near_assets(turn, "lenovo blue", Reach(company=acme))]

    assert await transact(database, story) == ["BLUE-1"]
