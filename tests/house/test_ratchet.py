"""What of the house is not as it should be yet: each list may only grow shorter.

``tests/house/ratchet.yaml`` is written anew by ``python -m tests.house.ratchet``; a reviewer sees whether a list grew.
"""

import pytest
import yaml

from tests.house.ratchet import FILE, LISTS

KEPT = yaml.safe_load(FILE.read_text("utf-8"))


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_added_to_what_is_not_reached_yet(name: str):
    found, kept = LISTS[name](), KEPT[name]
    assert [one for one in found if one not in kept] == [], "follow the rule; the list is for what is older than it"
    assert [one for one in kept if one not in found] == [], (
        "well done: write the shorter list (python -m tests.house.ratchet)"
    )
