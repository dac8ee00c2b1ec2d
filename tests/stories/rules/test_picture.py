"""The workflow as a picture, for admins."""

import pytest

from tests.stories.harness import QUEUE, Desk, Somebody, said_in
from tests.stories.rules.ruled import account, ruled


@pytest.mark.parametrize(
    ("language", "word", "title"),
    [("uk", "supplies", "Канцтовари"), ("ru", "обарудование", "Оборудование"), ("en", "Hardware", "Hardware")],
)
async def test_an_admin_sees_a_types_workflow(desk: Desk, language: str, word: str, title: str):
    bob = desk.agent("Bob", language=language)
    await ruled(desk, roles={"admins": [account(bob)]})
    await bob.says(f"/settings workflow {word}")
    await bob.sees(title, said_in(language, "workflow.of", types=title), kind="photo")
    await bob.says("/settings workflow")
    await bob.sees(said_in(language, "workflow.default"), kind="photo")
    await bob.says("/settings workflow elephants")
    await bob.sees(said_in(language, "refused.no_type", word="elephants", known="\0").partition("\0")[0], title)


async def test_it_is_for_admins(desk: Desk, bob: Somebody):
    await bob.says("/settings workflow", at=QUEUE)
    await bob.sees(said_in("en", "refused.not_yours", role=said_in("en", "role.admin")), at=QUEUE)
