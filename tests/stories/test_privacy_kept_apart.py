"""What is a person's, and nothing of others: their archive, an erase where a request is others' too, and after a restore."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from bot.delivery.archive import build_archive
from bot.operations import privacy
from handlers.vocabulary.translations import Locale
from storage.models import Role
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import asked, claimed, talking
from tests.stories.test_privacy import erase, everything


async def person_of(desk: Desk, name: str) -> int:
    return await desk.records(lambda tx: tx.people.named(name)[0].id)


async def test_an_archive_has_all_that_is_theirs_and_nothing_of_others(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob, "My wombat card was charged twice")
    zoe = desk.requester("Zoe")
    await asked(zoe, "Somebody else's penguin", ticket=2)
    await bob.says("/r The wombat is refunded", at=THREAD(1))
    await ann.sees("The wombat is refunded")
    await bob.says("/note a difficult ostrich", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    await ann.says("/privacy")
    await ann.catches_up()
    await ann.presses("Export")
    await ann.sees("Here is all that is kept", kind="document")
    await ann.presses("Export")
    ann.sees_toast("within the last day")
    raw = await build_archive(desk.app.database, await person_of(desk, "ann"), Locale("en", "UTC"), desk.clock.now())
    with ZipFile(BytesIO(raw)) as archive:
        page = archive.read("my-data.html").decode()
        data = json.loads(archive.read("my-data.json"))
    for text in (page, json.dumps(data)):
        assert "My wombat card was charged twice" in text
        assert "The wombat is refunded" in text
        assert "penguin" not in text
        assert "ostrich" not in text
    assert [one["number"] for one in data["requests"]] == [1]
    assert data["account"][0]["name"] == "Ann"


async def test_of_a_merged_pair_one_is_erased(desk: Desk, ann: Somebody, bob: Somebody):
    """What the other wrote stays, and goes on; of hers nothing is left."""
    await desk.records(lambda tx: None)
    zoe = desk.requester("Zoelyn", username="zoelyn_w")
    await asked(ann, "The lift is stuck")
    await asked(zoe, "A wombat in the lift", ticket=2)
    await bob.says("/queue", at=QUEUE)
    await desk.settles()
    await desk.records(lambda tx: tx.people.grant(tx.people.named("bob")[0].id, Role.SENIOR))
    await claimed(bob, ann, ticket=1)
    await bob.says("/merge 2 1", at=QUEUE)
    await bob.presses("Apply", at=QUEUE)
    for one in (ann, zoe):
        await one.catches_up()
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
    await erase(desk, zoe)
    await zoe.catches_up()
    kept = await everything(desk)
    assert "wombat" not in kept
    assert "Zoelyn" not in kept
    assert "The lift is stuck" in kept
    ticket = await desk.records(lambda tx: tx.tickets.get(1))
    assert ticket.active
    await ann.says("Still stuck")
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
    await ann.catches_up()


async def test_who_comes_back_with_a_backup_is_erased_again(desk: Desk, ann: Somebody, bob: Somebody):
    """A row of theirs is put back as a restore would; the list outside the database finds it."""
    await talking(ann, bob, "My wombat card was charged twice")
    was = await desk.records(lambda tx: tx.people.named("ann")[0])
    await erase(desk, ann)
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)

    def restored(tx):
        facts: Any = {"name": "Ann", "username": "ann", "language": "en", "chat": was.chat}
        return tx.people.meet(was.source, was.native, at=was.known_since, done_at=desk.clock.now(), **facts).id

    back = await desk.records(restored)
    url, listed = desk.app.settings.database_url, desk.app.settings.erased_file
    assert listed is not None
    assert await privacy.replay_erasures(url, listed) == (1, 1)
    await desk.passes(days=300)  # the command counts by the real clock, which is ahead of the story's
    assert await desk.records(lambda tx: tx.erasure.erased_at(back)) is not None
    assert not await privacy.verify_erasures(url, ["wombat"])
    await ann.catches_up()
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)


async def test_of_a_question_before_a_yes_each_takes_their_own_words_along(desk: Desk, ann: Somebody, bob: Somebody):
    """Kay asked first, and Zoe answered, whose request goes on in Ann's: neither's words stay when they are erased."""
    kay, zoe = desk.requester("Kay"), desk.requester("Zoe")
    await kay.starts()
    await asked(ann, "The lift is stuck")
    await asked(zoe, "The same lift", ticket=2)
    await claimed(bob, ann)
    await desk.records(lambda tx: tx.people.grant(tx.people.named("bob")[0].id, Role.SENIOR))
    await bob.says("/merge 2 1", at=QUEUE)
    await bob.presses("Apply", at=QUEUE)
    await bob.says("/approval 1 Kay it costs 900", at=QUEUE)
    await bob.presses("Ask", at=QUEUE)
    await kay.catches_up()
    await kay.presses("❓ Ask for changes")
    await kay.fills(text="Call my wife Olha about the ostrich", review=False)
    await kay.sees("Thank you")
    for one in (ann, zoe):
        await one.sees("Olha")
    await bob.sees("#1 ", "Olha", at=QUEUE)
    await erase(desk, kay)
    await kay.catches_up()
    (approval,) = await desk.records(lambda tx: tx.approvals.of(1))
    assert (approval.question, approval.why) == ("", "it costs 900")
    await bob.catches_up(at=QUEUE)
    assert not any("Olha" in line.text for line in desk.stage.lines(bob.native, QUEUE))
    await zoe.presses("Answer")
    await zoe.fills(text="A wombat sits in it", review=False)
    await zoe.catches_up()
    assert "wombat" in await desk.records(lambda tx: tx.approvals.of(1)[0].answer)
    await erase(desk, zoe)
    await zoe.catches_up()
    left = await everything(desk)
    assert not any(word in left for word in ("Olha", "wombat"))
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
    await ann.catches_up()
