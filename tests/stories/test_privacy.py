"""What the desk keeps of a person: shown, given, and erased after a day to change one's mind."""

import asyncio
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from storage.engine.health import database_file
from storage.models import metadata
from tests.postgres import dumped
from tests.stories.answers import admin
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import asked, asked_to_be_erased, claimed, talking


async def everything(desk: Desk) -> str:
    """Return all that stands in any table, as one text; on SQLite what stands in the bytes of its files too."""

    def read(connection: Any) -> str:
        found: list[str] = []
        for table in metadata.tables.values():
            found += [f"{table.name}: {dict(row)}" for row in connection.execute(select(table)).mappings().all()]
        return "\n".join(found)

    return await desk.look(read)


async def gone(desk: Desk, *words: str) -> None:
    """See that none of these words stand in any table, nor in a byte of what is written: SQLite's files, PostgreSQL's dump."""
    kept = await everything(desk)
    for word in words:
        lines = [line for line in kept.splitlines() if word.casefold() in line.casefold()]
        assert not lines, f"{word!r} is still there:\n" + "\n".join(lines)
    for name, raw in (await asyncio.to_thread(bytes_kept, str(desk.app.settings.database_url))).items():
        for word in words:
            for written in (word, word.lower(), json.dumps(word)[1:-1]):
                at = raw.find(written.encode())
                assert at < 0, f"{written!r} stands in {name} at {at}: {raw[max(0, at - 80) : at + 80]!r}"


def bytes_kept(url: str) -> dict[str, bytes]:
    """Return what a database is on the disk, by the names of its files; of PostgreSQL, what pg_dump writes of it."""
    path = database_file(url)
    if path is None:
        return {"the dump": dumped(url)}
    return {file.name: file.read_bytes() for file in (path, Path(f"{path}-wal"))}


async def traces(desk: Desk, *names: str) -> list[str]:
    """Return how the ids of somebody's accounts are written where they are; a bare one may be a number like others."""
    people = await desk.records(lambda tx: [one for name in names for one in tx.people.named(name)])
    assert people
    found = []
    for one in people:
        found += [f'"native":"{one.native}"', f"{one.source}:{one.native}", f"home@{one.native}"]
        found += [f"{one.source}:{one.chat}", f"{one.source}/{one.chat}"] if one.chat else []
    return found


async def erase(desk: Desk, ann: Somebody) -> None:
    """Ann asks for it, and the day passes."""
    await ann.says("/privacy")
    await ann.sees("What is kept of you here:", buttons=["Export", "Erase…"])
    await ann.presses("Erase…")
    await ann.sees("What goes:", "What stays:", "In a day it begins", buttons=["Erase everything", "‹ Back"])
    await ann.presses("Erase everything")
    await ann.sees("Everything will be erased:", buttons=["Export", "Keep everything"])
    await desk.passes(hours=24, minutes=1)
    await ann.sees("All that was kept of you is being erased now; this is the last word.")
    await desk.passes(minutes=30)


async def test_a_requester_is_erased_after_a_day(desk: Desk, ann: Somebody, bob: Somebody):
    """Nothing is left of her: in no table, and on SQLite in no page of the file, free or not, nor in its log."""
    zoe = desk.requester("Zoëlyn", username="zoelyn_w")
    await zoe.says("Where is my wombat certificate?")
    await zoe.sees("I don't have an answer to that yet.")
    await zoe.presses("I still need a person")
    await zoe.fills(type="Billing question", contract="WMB-7781")
    await zoe.sees("Request #1 is registered")
    await claimed(bob, zoe)
    await bob.says("/r We look into the wombat", at=THREAD(1))
    await zoe.sees("We look into the wombat")
    await zoe.says("Please hurry, the wombat waits")
    await bob.catches_up(at=THREAD(1))
    await bob.says("/note she seems in a wombat hurry", at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    ids = await traces(desk, "zoelyn_w", "Zoëlyn")
    await erase(desk, zoe)
    await bob.sees("#1", "closed", "The requester's data was erased", at=QUEUE)
    await bob.sees_no("wombat", at=QUEUE)
    await bob.reads("data erased", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    await gone(desk, "Zoëlyn", "zoelyn_w", "wombat", "WMB-7781", *ids)


async def test_she_changes_her_mind(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await asked_to_be_erased(ann)
    await ann.sees("Everything will be erased:")
    await desk.passes(hours=20)
    await ann.presses("Keep everything")
    ann.sees_toast("Everything stays as it is.")
    await ann.sees("What is kept of you here:", buttons=["Export", "Erase…"])
    await desk.passes(days=2)
    await ann.says("/history 1")
    await ann.catches_up()
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_a_reply_on_its_way_is_dropped(desk: Desk, ann: Somebody, bob: Somebody):
    """She is erased while a reply cannot be delivered: it is not sent afterwards."""
    await talking(ann, bob)
    await asked_to_be_erased(ann)
    await ann.catches_up()
    await desk.passes(hours=23, minutes=59)
    trouble = desk.stage.trouble(ann.native)
    trouble.begins()
    await bob.says("/r Your wombat is ready", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await desk.passes(minutes=2)
    trouble.ends()
    await desk.passes(minutes=30)
    await ann.sees_no("wombat")
    await ann.catches_up()
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_who_writes_again_begins_anew(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await erase(desk, ann)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await ann.says("/my")
    await ann.sees("You have no requests yet")
    await ann.says("/history 1")
    await ann.sees("There is no request #1")


async def test_an_admin_erases_somebody_and_what_is_the_team_s_is_not_theirs(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says("/privacy @bob")
    await ann.sees("That is for")
    await bob.says("/privacy")
    await bob.catches_up()
    await bob.presses("Erase…")
    bob.sees_toast("Bob is in the team's channel")


async def test_an_agent_who_left_is_erased_and_what_they_said_to_others_stays(desk: Desk, ann: Somebody, bob: Somebody):
    """Fitzgerald's name is nowhere any more; what he answered Ann is hers to read."""
    fitz = desk.agent("Fitzgerald", username="fitz_w")
    ada = await admin(desk)
    await asked(ann)
    await fitz.sees("#1 ", at=QUEUE)
    await fitz.presses("Claim", at=QUEUE)
    await ann.sees("Fitzgerald")
    await fitz.says("/r The money is on its way", at=THREAD(1))
    await ann.sees("The money is on its way")
    await fitz.says("/note The bank confirms it", at=THREAD(1))
    await fitz.says("/plan 1 friday 10-12, ask for Umbridge, place: Quince 5", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.says("/plan 1 friday 10-12, ring twice", at=THREAD(1))  # the note is his now, the place is not
    await bob.sees("📍 Quince 5", "📝 ring twice", at=THREAD(1))
    await ann.catches_up()
    await fitz.says("/task 1 @bob check the cable", at=QUEUE)  # Bob's to do, whoever asked for it
    await fitz.sees("#2 ", "check the cable", at=QUEUE)
    await bob.says("/note It is the red one", at=THREAD(2))
    ids = await traces(desk, "fitz_w", "Fitzgerald")
    await desk.settles()
    await fitz.leaves()
    await bob.catches_up(at=QUEUE)
    await ada.catches_up()
    await ada.says("/privacy Fitzgerald")
    await ada.sees("What is kept of Fitzgerald here:")
    await ada.presses("Erase…")
    await ada.presses("Apply")
    await ada.catches_up()
    await desk.passes(days=1, minutes=1)
    await desk.passes(minutes=30)
    await fitz.catches_up()
    assert await desk.records(lambda tx: [(one.place, one.note) for one in tx.plans.of(1)]) == [("", "ring twice")]
    task = await desk.records(lambda tx: tx.tickets.get(2))
    assert (task.active, task.summary) == (True, "check the cable")
    assert [one.words["text"] for one, _ in await desk.records(lambda tx: tx.talk.of(2))] == ["It is the red one"]
    await bob.sees_no("Quince", at=QUEUE)
    await ann.says("/history 1")
    page = await ann.sees("The whole story of #1:", kind="document")
    story = desk.stage.content(ann.native, page)[1].decode()
    assert "The money is on its way" in story
    assert "Fitzgerald" not in story
    for place in (QUEUE, THREAD(1), THREAD(2)):
        await bob.catches_up(at=place)
    await ada.catches_up()
    await gone(desk, "Fitzgerald", "fitz_w", *ids)
