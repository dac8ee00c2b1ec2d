"""Companies: whose request it is, what the contract says, and who comes from where."""

import io
from datetime import date
from typing import Any

import openpyxl

from storage.people.companies import Company
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.stories.answers import admin
from tests.stories.channels import EVERY, takes_requests
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import asked
from tests.stories.rules.ruled import ruled


async def known(desk: Desk, name: str, **facts: Any) -> Company:
    """Let a company be known, as an earlier day's work."""
    return await desk.records(lambda tx: tx.companies.put(name, MONDAY, **facts))


async def test_who_asks_in_a_companys_channel_is_of_the_company(desk: Desk, ann: Somebody, bob: Somebody):
    acme = await known(desk, "Acme", contract="C-12")
    room = await takes_requests(desk, "acme support", ann, opens=EVERY)
    chat = desk.rooms["acme support"]
    source = desk.stage.source(ann.native)

    def give(tx: Transaction) -> None:
        channel = tx.request_channels.at(source, chat)
        assert channel is not None
        tx.companies.give_channel(channel.id, acme.id)

    await desk.records(give)
    await ann.says("The printer jams", at=room)
    await ann.sees("this is request #1", at=room)
    await bob.sees("#1", "🏢 Acme · contract C-12", at=QUEUE)
    await asked(ann, ticket=2)
    await bob.sees("#2", "🏢 Acme", at=QUEUE)
    dan = desk.requester("Dan")
    await asked(dan, "The lamp is broken", ticket=3)
    await bob.sees("#3", at=QUEUE)
    await bob.says("/queue company acme", at=QUEUE)
    shown = await bob.sees("2", at=QUEUE)
    assert [label.partition(" ")[0] for label in shown.buttons[:2]] != []
    assert not any("#3" in label for label in shown.buttons)
    await bob.says("/company acme")
    await bob.sees("🏢 Acme", "Contract: C-12", "People: Ann", "Channels: acme support")


async def test_a_contract_decides_the_targets_before_the_type_does(desk: Desk, ann: Somebody, bob: Somebody):
    gold = {"first_response": {"normal": "30m"}, "resolution": {"normal": "2h"}}
    await ruled(desk, desk={"unclaimed_reminder": "9d"}, sla={"gold": gold})
    acme = await known(desk, "Acme", policy="gold")
    await ann.starts()
    await ann.catches_up()
    source = desk.stage.source(ann.native)

    def join(tx: Transaction) -> None:
        person = tx.people.find(source, str(ann.native.id))
        assert person is not None
        tx.companies.join(acme.id, person.id)

    await desk.records(join)
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    ticket = await desk.records(lambda tx: tx.tickets.get(1))
    assert ticket.first_response_due is not None
    assert (ticket.first_response_due - ticket.created_at).total_seconds() == 30 * 60


async def test_whoever_takes_a_request_hears_that_the_contract_is_over(desk: Desk, ann: Somebody, bob: Somebody):
    acme = await known(desk, "Acme", until="2026-02-28")
    await ann.starts()
    await ann.catches_up()
    source = desk.stage.source(ann.native)

    def join(tx: Transaction) -> None:
        person = tx.people.find(source, str(ann.native.id))
        assert person is not None
        tx.companies.join(acme.id, person.id)

    await desk.records(join)
    await asked(ann)
    await bob.presses("Claim", at=QUEUE)
    await ann.catches_up()
    await bob.reads("The contract of Acme ended", at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_an_admin_keeps_companies_by_words_and_by_a_table(desk: Desk, ann: Somebody, bob: Somebody):
    olga = await admin(desk)
    await olga.says("/company add Acme")
    await olga.sees("🏢 Acme", "People: —")
    await olga.says("/company acme until 31.12.2026")
    await olga.sees("Until", "2026")
    await olga.says("/company acme policy platinum")
    await olga.catches_up()
    await bob.says("/company acme contract C-1")
    await bob.catches_up()
    table = "name,contract,until\nAcme,C-77,2027-06-30\nGlobex,G-1,\n"
    await olga.sends("document", "/company import", name="companies.csv", data=table.encode())
    await olga.sees("Reading companies.csv")
    await olga.sees("contract: — → C-77", "Globex: new", buttons=["Apply", "Cancel"])
    await olga.presses("Apply")
    await olga.sees("Companies taken from the table: 2.")
    acme = await desk.records(lambda tx: tx.companies.named("acme"))
    assert acme is not None
    assert (acme.contract, acme.until) == ("C-77", "2027-06-30")


async def sends_table(olga: Somebody, table: str) -> None:
    """Olga sends a table of companies, and sees what it would change."""
    await olga.sends("document", "/company import", name="companies.csv", data=table.encode())
    await olga.sees("Reading companies.csv")
    await olga.sees(buttons=["Apply", "Cancel"])


async def test_a_table_leaves_alone_what_was_changed_after_it_was_shown(desk: Desk):
    olga = await admin(desk)
    await known(desk, "Acme", contract="C-1", notes="Calls at night")
    await sends_table(olga, "name,contract,notes\nAcme,C-2,Calls at night\nGlobex,G-1,\n")
    await known(desk, "Acme", notes="Calls by day", until="2026-12-31")
    await olga.presses("Apply")
    await olga.sees("Companies taken from the table: 2.")
    acme = await desk.records(lambda tx: tx.companies.named("Acme"))
    assert acme is not None
    assert (acme.contract, acme.notes, acme.until) == ("C-2", "Calls by day", "2026-12-31")


async def test_a_table_is_sent_again_where_somebody_changed_the_same(desk: Desk):
    olga = await admin(desk)
    await known(desk, "Acme", contract="C-1")
    await sends_table(olga, "name,contract\nAcme,C-2\nGlobex,G-1\n")
    await known(desk, "Acme", contract="C-9")
    await olga.presses("Apply")
    olga.sees_toast("Somebody else has changed Acme meanwhile: contract: C-1 → C-9")
    assert (await desk.records(lambda tx: tx.companies.named("Globex"))) is None
    await sends_table(olga, "name,contract\nAcme,C-2\nGlobex,G-1\n")
    await known(desk, "Globex", contract="G-1")
    await olga.presses("Apply")
    await olga.sees("Companies taken from the table: 2.")
    acme = await desk.records(lambda tx: tx.companies.named("Acme"))
    assert acme is not None
    assert acme.contract == "C-2"


async def companies_of(desk: Desk, *names: str) -> list[str | None]:
    """Return of which company each of these people is."""

    def look(tx: Transaction) -> list[str | None]:
        found = (tx.companies.of(tx.people.named(name)[0].id) for name in names)
        return [one.name if one is not None else None for one in found]

    return await desk.records(look)


async def test_who_is_of_a_company_is_shown_with_who_they_are_and_confirmed(desk: Desk, ann: Somebody):
    olga = await admin(desk)
    dan = desk.requester("Dan")
    for each in (ann, dan):
        await each.starts()
        await each.catches_up()
    await known(desk, "Acme")
    await known(desk, "Beta")
    await olga.says("/company beta people Dan")
    await olga.sees("Beta", "Dan · ", "known since", "They would belong to Beta.", buttons=["Apply", "Cancel"])
    assert await companies_of(desk, "Dan") == [None]
    await olga.presses("Apply")
    await olga.sees("Dan belongs to Beta now.", buttons=[])

    await olga.says("/company acme people -Dan")
    await olga.sees("Dan does not belong to Acme. Their company: Beta.")
    await olga.says("/company acme people - Ann")
    await olga.sees("Ann does not belong to Acme. Their company: —.")
    await olga.says("/company beta people + Dan")
    await olga.sees("Dan belongs to Beta already.")
    assert await companies_of(desk, "Dan", "Ann") == ["Beta", None]

    await olga.says("/company acme people + Dan")
    await olga.sees("They belong to Beta now, and would belong to Acme instead.", buttons=["Apply", "Cancel"])
    await olga.presses("Apply")
    await olga.sees("Dan belongs to Acme now.")
    await olga.says("/company acme people - Dan")
    await olga.sees("Dan · ", "They would belong to Acme no more.", buttons=["Apply", "Cancel"])
    await olga.presses("Apply")
    await olga.sees("Dan belongs to Acme no more.")
    assert await companies_of(desk, "Dan") == [None]
    await olga.says("/audit company")
    await olga.sees(
        *("(Dan; company: Beta; what: people; change: in)", "(Dan; company: Acme; what: people; change: in)"),
        "(Dan; company: Acme; what: people; change: out)",
    )


async def test_whom_a_name_may_mean_and_what_has_changed_since_is_no_guess(desk: Desk):
    olga = await admin(desk)
    for each in (desk.requester("Dan"), desk.requester("Dan"), desk.requester("Eve")):
        await each.starts()
        await each.catches_up()
    await known(desk, "Acme")
    beta = await known(desk, "Beta")
    await olga.says("/company acme people + Dan")
    await olga.sees("Dan · ", "known since")
    await olga.says("/company acme people + Nobody")
    await olga.catches_up()
    await olga.says("/company acme people")
    await olga.sees("/company Acme people + @ann")
    await olga.says("/company acme people + Eve")
    await olga.sees("Eve · ", buttons=["Apply", "Cancel"])
    await desk.records(lambda tx: tx.companies.join(beta.id, tx.people.named("Eve")[0].id))
    await olga.presses("Apply")
    olga.sees_toast("Somebody else has changed “Eve” meanwhile")
    assert await companies_of(desk, "Eve") == ["Beta"]
    for each in desk.people:
        await each.catches_up()


async def test_a_workbook_is_a_table_too(desk: Desk):
    """As people keep it: a first sheet that is empty, a date that is one, a number that is no text."""
    olga = await admin(desk)
    await known(desk, "Acme", contract="C-1")
    book = openpyxl.Workbook()
    book.create_sheet("Clients")
    for row in (["name", "contract", "until"], ["Acme", 77, date(2027, 6, 30)], ["Ґанок", "Г-5", None]):
        book["Clients"].append(row)
    out = io.BytesIO()
    book.save(out)
    await olga.sends("document", "/company import", name="clients.xlsx", data=out.getvalue())
    await olga.sees("Reading clients.xlsx")
    await olga.sees("contract: C-1 → 77", "Ґанок: new", buttons=["Apply", "Cancel"])
    await olga.presses("Apply")
    await olga.sees("Companies taken from the table: 2.")
    acme = await desk.records(lambda tx: tx.companies.named("acme"))
    assert acme is not None
    assert (acme.contract, acme.until) == ("77", "2027-06-30")


async def test_what_is_no_workbook_is_refused(desk: Desk):
    olga = await admin(desk)
    await olga.sends("document", "/company import", name="clients.xlsx", data=b"PK\x03\x04\xff\xfe no workbook")
    await olga.sees("Reading clients.xlsx")
    await olga.sees("it is no table: CSV in UTF-8, or a workbook (XLSX)")
