"""What is refused about channels and companies, and by which word: each line of these tables is one slip of an admin."""

from typing import Any

import pytest

from handlers.admin import companies, companies_import
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Kind
from storage.engine.database import Database
from storage.lifecycle import Refused
from storage.models import Role
from tests.desk.scenes import SOURCE, TEAM, document
from tests.desk.test_request_channels import ROOM, Room, database, played

__all__ = ["database"]


def says_in(room: Room, chat: str, line: str) -> list[str]:
    """Let an admin give a command in a chat; return what was refused."""
    room.refusals.clear()
    name, _, value = line.partition(" ")
    chief = room.person("Chief", Role.ADMIN)
    facts: dict[str, Any] = {"chat": chat, "private": False}
    if chat != TEAM:
        facts |= {"passing": True, "among": room.there(chief, Kind.TEXT).among}
    room.gives(room.event(chief, Kind.COMMAND, name, value, **facts))
    return list(room.refusals)


@pytest.mark.parametrize(
    ("chat", "line", "reason"),
    [
        (ROOM, "channel requests everything", "channel_value"),
        (ROOM, "channel answer perhaps", "channel_value"),
        (ROOM, "channel quiet late", "channel_value"),
        (ROOM, "channel together always", "channel_value"),
        (ROOM, "channel language klingon", "channel_value"),
        (ROOM, "channel colour blue", "channel_word"),
        (ROOM, "channel company Acmee", "no_company"),
        (ROOM, "channel team network", "requests_channel"),
        ("-900", "channel off", "no_channel"),
        ("-900", "channel company Acme", "no_channel"),
        ("-900", "channel team", "which_group"),
        (TEAM, "channel language klingon", "channel_value"),
        (TEAM, "channel off", "team_channel"),
        (TEAM, "company acme colour blue", "channel_word"),
        (TEAM, "company acme until some day", "channel_value"),
        (TEAM, "company acme people +", "usage"),
        (TEAM, "company acme people - @ann", "not_of_company"),
    ],
)
async def test_a_slip(database: Database, chat: str, line: str, reason: str):
    def story(room: Room) -> None:
        room.tx.companies.put("Acme", room.at, contract="C-1")
        room.tx.companies.put("Globex", room.at, contract="C-2")
        kept = room.tx.request_channels.at(SOURCE, ROOM)
        assert says_in(room, chat, line) == [reason]
        assert room.tx.request_channels.at(SOURCE, ROOM) == kept
        assert [room.tx.companies.named(name).contract for name in ("Acme", "Globex")] == ["C-1", "C-2"]  # type: ignore[union-attr]

    await database.run(played(story))


async def test_a_table_of_companies_that_cannot_be_taken(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(companies_import, "LARGEST", 200)
    monkeypatch.setattr(companies_import, "MOST", 2)

    def story(room: Room) -> None:
        turn = room.turn(room.event(room.person("Chief", Role.ADMIN), Kind.COMMAND, "company"))
        for table, problem in (
            (b"name\n" + b"x" * 300, "company.too_large"),
            (b"name\nA\nB\nC\n", "company.too_many"),
            (b"name,colour\nA,blue\n", "company.columns"),
            (b"name,until\nA,some day\n", "company.bad_cell"),
            (b"\xff\xfe\x00", "company.not_text"),
        ):
            with pytest.raises(Refused) as no:
                companies_import.read_company_table(turn, table)
            assert (no.value.reason, no.value.facts["problem"].key) == ("company_file", problem)
        assert room.tx.companies.named("A") is None

    await database.run(played(story))


async def test_a_table_that_is_said_to_be_too_large_is_not_even_fetched(database: Database):
    def story(room: Room) -> None:
        chief = room.person("Chief", Role.ADMIN)
        large = document("companies.csv")
        large = type(large)(large.kind, ref="f", name="companies.csv", source=SOURCE, size=companies_import.LARGEST + 1)
        before = room.last()
        room.gives(room.event(chief, Kind.COMMAND, "company import", files=(large,)))
        assert room.refusals == ["company_file"]
        assert all(operation != "fetch" for _, operation, _ in room.promised(f"{SOURCE}:{chief.chat}", after=before))

    await database.run(played(story))


async def test_a_company_that_is_gone_and_a_table_of_the_version_before(database: Database):
    def story(room: Room) -> None:
        turn = room.turn(room.event(room.person("Chief", Role.ADMIN), Kind.PRESS, "apply", "x"))
        with pytest.raises(Refused, match="expired"):
            companies.apply_company_person(
                turn, {"who": room.ann.account_id, "company": 999, "was": None, "out": False}
            )
        with pytest.raises(Refused, match="expired"):
            companies_import.apply_company_rows(turn, {"rows": [{"name": "Acme"}]})
        assert room.tx.companies.id_of(room.ann.id) is None

    await database.run(played(story))


async def test_a_press_under_an_answer_that_is_of_another_channel(database: Database):
    """What is pressed in one channel is about what was answered there."""

    def story(room: Room) -> None:
        for channel_number in ("999", "1"):
            room.refusals.clear()
            room.gives(room.there(room.ann, Kind.PRESS, presses.NeedPerson.name, channel_number))
            assert room.refusals == ["expired"]
        assert room.of(room.ann) == []

    await database.run(played(story))


async def test_a_button_of_another_request_in_public_is_about_none(database: Database):
    """What is no request of this channel is not even named there."""

    def story(room: Room) -> None:
        number = room.of(room.max)[0].id
        room.gives(room.there(room.zoe, Kind.PRESS, presses.Solved.name, f"{number}"))
        assert room.refusals == ["no_ticket"]

    await database.run(played(story))


async def test_what_is_over_was_a_request(database: Database):
    """A button that stayed under an older line takes nothing back that has ended meanwhile."""

    def story(room: Room) -> None:
        number = room.opens(room.ann, "The lamp is broken")
        for refused in ([], ["expired"]):
            room.gives(room.there(room.ann, Kind.PRESS, presses.NotRequest.name, f"{number}"))
            assert room.refusals == refused
        assert not room.tx.tickets.get(number).active

    await database.run(played(story))
