"""A list of very many is asked by a few letters: nothing is silent, and nothing is cut off."""

import pytest

from tests.stories.harness import QUEUE, Desk, Somebody, said_in
from tests.stories.rules.ruled import ruled

CITIES = {f"c{n}": {"en": f"Branch {n:03} Kharkiv" if n % 2 else f"Branch {n:03} Lviv"} for n in range(130)}
TYPE = {
    "kind": "incident",
    "title": {"en": "Branch", "uk": "Відділення"},
    "fields": [
        {
            "name": "branch",
            "kind": "choice",
            "label": {"en": "Which branch?", "uk": "Яке відділення?"},
            "choices": CITIES,
        },
        {"name": "details", "kind": "long_text", "label": {"en": "What happened?", "uk": "Що сталося?"}},
    ],
}


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_one_of_130_is_found_by_some_letters(desk: Desk, bob: Somebody, language: str):
    await ruled(desk, types={"branch": TYPE})
    iryna = desk.requester("Iryna", language=language)
    await iryna.says("/new")
    asking = await iryna.sees(said_in(language, "form.many", n=130))
    assert len([label for label in asking.buttons if label.startswith("Branch")]) == 8
    await iryna.says("077")
    await iryna.sees(said_in(language, "form.wrong.choice"))
    await iryna.presses("Branch 077 Kharkiv")
    await iryna.says("The door does not close")
    await iryna.sees(said_in(language, "form.review"), "Branch 077 Kharkiv")
    await iryna.presses(said_in(language, "form.submit"))
    await iryna.sees(buttons=[])
    await iryna.sees(said_in(language, "request.registered", ticket=1))
    await bob.sees("#1", "Branch 077 Kharkiv", at=QUEUE)
