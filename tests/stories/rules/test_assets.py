"""Assets: put on the books by an admin, chosen in a form by a few letters, read by an agent with their whole history."""

from typing import Any

import pytest

from storage.people.account_merge import link_people
from storage.people.assets import EVERYBODY
from storage.transaction import Transaction
from tests.api.client import Client, TicketSent
from tests.api.program import let_in
from tests.clock import MONDAY
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.rules.ruled import account, present, ruled

ACCESS = {"en": "Access", "uk": "Доступ"}
LAPTOP = {"en": "Laptop", "uk": "Ноутбук"}
KINDS = {"laptop": {"title": {**LAPTOP, "ru": "Ноутбук"}, "fields": {"serial": {"en": "Serial", "uk": "Серійний"}}}}


async def with_assets(desk: Desk, bob: Somebody, language: str) -> None:
    """Requests for access ask which laptop; Bob is an admin."""
    await present(bob)
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    kinds = newest.data["types"]
    asks = {"name": "laptop", "kind": "asset", "of": ["laptop"], "label": LAPTOP}
    access = {**kinds["access"], "fields": [kinds["access"]["fields"][1], asks]}
    await ruled(
        desk,
        types={**kinds, "access": access},
        assets=KINDS,
        desk={"team_language": language, "unclaimed_reminder": "9d"},
        roles={"admins": [account(bob)]},
    )


async def owned(desk: Desk, ann: Somebody, *numbers: str, company: str = "", **facts: Any) -> None:
    """Ann has some laptops, or her company has."""
    await ann.starts()
    await ann.catches_up()
    source = desk.stage.source(ann.native)

    def work(tx: Transaction) -> None:
        person = tx.people.find(source, str(ann.native.id))
        assert person is not None
        whose: dict[str, Any] = {"person_id": person.id}
        if company:
            known = tx.companies.put(company, MONDAY)
            tx.companies.join(known.id, person.id)
            whose = {"company_id": known.id}
        for number in numbers:
            tx.assets.add(number, "laptop", MONDAY, **whose, **facts)

    await desk.records(work)


class TestStepByStep:
    @pytest.fixture
    def house(self) -> House:
        return House(windows=False)

    @pytest.mark.parametrize("language", ["en", "uk"])
    async def test_a_requester_picks_theirs_and_an_agent_reads_its_history(self, desk: Desk, language: str):
        ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
        await with_assets(desk, bob, language)
        await owned(desk, ann, "PC-114", "PC-115", name="Lenovo T14", company="Acme")
        dan = desk.requester("Dan", language=language)
        await owned(desk, dan, "PC-900", name="Lenovo X1", company="Brew")
        await ann.says("/new")
        await ann.presses(ACCESS[language], on=await ann.sees())
        await ann.sees()
        await ann.says("It is slow")
        await ann.sees(
            said_in(language, "form.asset"),
            buttons=[
                "PC-114 · Lenovo T14",
                "PC-115 · Lenovo T14",
                said_in(language, "form.back"),
                said_in(language, "form.cancel"),
            ],
        )
        await ann.says("pc-900")  # somebody else's: not even that it is known is said
        card = await ann.sees(said_in(language, "form.wrong.asset"))
        assert not any("900" in label for label in card.buttons)
        written = await ann.says("lenovo 115")
        await ann.sees(said_in(language, "form.review"), "PC-115")
        await ann.edits(written, "PC-900")  # nor by correcting what was written, before it is sent and after
        await ann.sees(said_in(language, "form.wrong.asset"), "PC-115")
        await ann.edits(written, "lenovo 114")
        await ann.sees(said_in(language, "form.review"), "PC-114")
        await ann.presses(said_in(language, "form.submit"))
        await ann.catches_up()
        await bob.sees("#1", "🖥 PC-114 · Lenovo T14", "Acme", at=QUEUE)
        await ann.edits(written, "PC-900")
        await ann.sees("PC-114", said_in(language, "form.wrong.asset"))
        await ann.edits(written, "lenovo 115")
        await ann.catches_up()
        await bob.sees("#1", "🖥 PC-115 · Lenovo T14", "Acme", at=QUEUE)
        assert said_in(language, "asset.button", number="PC-115") in await bob.unfolds(at=QUEUE)
        await bob.presses(said_in(language, "asset.button", number="PC-115"), at=QUEUE)
        for at in (QUEUE, THREAD(1)):  # where the card is pressed, its messenger says
            await bob.catches_up(at=at)
        await bob.says("/asset PC-115", at=QUEUE)
        await bob.sees("PC-115", LAPTOP[language], "Acme", at=QUEUE)
        await bob.presses(said_in(language, "asset.history"), at=QUEUE)
        shown = await bob.sees("asset:PC-115", at=QUEUE)
        assert "#1" in shown.buttons[0]
        await bob.says("/queue asset:PC114", at=QUEUE)  # the other one, however it is typed
        await bob.sees(said_in(language, "queue.empty"), at=QUEUE)
        await bob.says(f"/queue asset:{LAPTOP[language]}", at=QUEUE)
        assert "#1" in (await bob.sees(at=QUEUE)).buttons[0]
        await bob.says("/asset lenovo", at=QUEUE)
        assert len((await bob.sees(said_in(language, "asset.which"), at=QUEUE)).buttons) == 3
        await bob.says("/asset PC-115 retire", at=QUEUE)
        await bob.sees("PC-115", at=QUEUE)
        await ann.says("/new")
        await ann.presses(ACCESS[language], on=await ann.sees())
        await ann.sees()
        await ann.says("It is slow again")
        assert "PC-115 · Lenovo T14" not in (await ann.sees(said_in(language, "form.asset"))).buttons
        for each in (ann, dan):
            await each.catches_up()
        await bob.catches_up(at=QUEUE)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_an_admin_keeps_the_books(desk: Desk, language: str):
    bob, eve = desk.agent("Bob", language=language), desk.agent("Eve", language=language)
    await with_assets(desk, bob, language)
    await desk.records(lambda tx: tx.companies.put("Acme", MONDAY))
    await bob.says(f"/asset add {LAPTOP[language].lower()} PC-114 Lenovo T14", at=QUEUE)
    await bob.sees("PC-114 · Lenovo T14", said_in(language, "asset.no_requests"), at=QUEUE)
    await bob.says("/asset add laptop рс-114 Again", at=QUEUE)  # the same letters in another alphabet
    await bob.catches_up(at=QUEUE)
    serial = {"en": "Serial", "uk": "Серійний"}[language]
    await bob.says(f"/asset pc114 {serial} XY-1", at=QUEUE)
    await bob.sees(f"{serial}: XY-1", at=QUEUE)
    await bob.says("/asset PC-114 company Acme", at=QUEUE)
    await bob.sees(LAPTOP[language], "Acme", at=QUEUE)
    await bob.says("/asset xy-1", at=QUEUE)
    await bob.sees("PC-114", at=QUEUE)
    await bob.says("/asset", at=QUEUE)
    await bob.sees(f"{LAPTOP[language]} · 1", at=QUEUE)
    await eve.says("/back", at=QUEUE)
    await eve.says("/asset PC-114 retire", at=QUEUE)
    known = await desk.records(lambda tx: tx.assets.numbered("PC-114"))
    assert known is not None
    assert known.retired_at is None
    await bob.says("/asset PC-114 delete", at=QUEUE)
    await bob.sees(said_in(language, "asset.deleted", title="PC-114 · Lenovo T14"), at=QUEUE)
    await bob.catches_up(at=QUEUE)


async def test_a_program_names_only_what_its_requester_may(desk: Desk, ann: Somebody, bob: Somebody):
    await with_assets(desk, bob, "en")
    await owned(desk, ann, "PC-114")
    dan = desk.requester("Dan")
    await owned(desk, dan, "PC-900")
    async with let_in(desk) as shop:
        api = Client(shop)
        (person,) = (await api.list_people(name="Ann"))["items"]
        answers = {"details": "It is slow", "laptop": "pc900"}
        sent: TicketSent = {"type": "access", "requester": person["id"], "answers": answers}
        refused = await shop.asks("POST", "/tickets", 422, json=sent)
        assert refused["wrong"] == [{"where": "answers.laptop", "what": said_in("en", "form.wrong.asset")}]
        await api.open_ticket({**sent, "answers": {**answers, "laptop": "pc114"}})
    await bob.sees("#1", "🖥 PC-114", at=QUEUE)
    assert await desk.records(lambda tx: [one.number for one in tx.assets.of_ticket(1)]) == ["PC-114"]
    await ann.catches_up()
    await dan.catches_up()


async def test_a_window_lists_them(desk: Desk, ann: Somebody, bob: Somebody):
    await with_assets(desk, bob, "en")
    await owned(desk, ann, "PC-114", "PC-115", name="Lenovo T14")
    await ann.says("/new")
    await ann.fills(type="Access", details="It is slow", laptop="PC-115 · Lenovo T14")
    await ann.sees(said_in("en", "request.registered", ticket=1))
    await bob.sees("#1", "🖥 PC-115 · Lenovo T14", at=QUEUE)
    assert await desk.records(lambda tx: [one.number for one in tx.assets.of_ticket(1)]) == ["PC-115"]
    await bob.says("/report types today", at=QUEUE)
    await bob.sees(kind="photo", at=QUEUE)
    await bob.presses("Text", at=QUEUE)
    await bob.reads(said_in("en", "report_table.asset"), "PC-115 · Lenovo T14: ", at=QUEUE)
    await bob.catches_up(at=QUEUE)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_three_hundred_come_from_a_table_and_go_again(desk: Desk, language: str):
    bob = desk.agent("Bob", language=language)
    await with_assets(desk, bob, language)
    await desk.records(lambda tx: tx.companies.put("Acme", MONDAY))
    await desk.records(lambda tx: tx.assets.add("PC-7", "laptop", MONDAY, name="Old"))
    await bob.starts()
    await bob.catches_up()
    head = {"en": "Inventory number;Model;Owner;Serial;Colour", "uk": "Інвентарний номер;Модель;Власник;Серійний;Колір"}
    rows = [f"PC-{number};Lenovo {number};Acme;S{number};red" for number in range(300)]
    table = "\n".join([head[language], *rows, "PC-5;Twice;;;", "PC-900;Lost;Nobody Ltd;;"])
    await bob.sends("document", "/asset import", name="assets.csv", data=table.encode())
    would = said_in(language, "asset.would", new=299, changed=1, same=0, wrong=2)
    await bob.reads(would, "~ PC-7")
    await bob.presses(said_in(language, "rules.apply"))
    done = await bob.reads(said_in(language, "asset.imported", new=299, changed=1))
    known = await desk.records(lambda tx: tx.assets.numbered("PC-299"))
    assert known is not None
    assert (known.name, dict(known.fields)) == ("Lenovo 299", {"serial": "S299"})
    await bob.says("/asset s299")
    await bob.reads("PC-299 · Lenovo 299", "Acme")
    await bob.sends("document", "/asset import", name="more.csv", data=f"{head[language]}\nPC-901;One more;;;".encode())
    await bob.reads(said_in(language, "asset.would", new=1, changed=0, same=0, wrong=0))
    await bob.presses(said_in(language, "asset.undo"), on=done)  # what is asked next takes nothing from it
    await bob.reads(said_in(language, "asset.undone", n=299, changed=1))
    assert await desk.records(lambda tx: tx.assets.numbered("PC-299")) is None
    assert (await desk.records(lambda tx: tx.assets.numbered("PC-7"))).name == "Old"  # type: ignore[union-attr]
    await bob.catches_up()
    await bob.catches_up(at=QUEUE)


async def test_what_was_erased_or_changed_meanwhile_is_not_brought_back(desk: Desk, ann: Somebody, bob: Somebody):
    await with_assets(desk, bob, "en")
    await owned(desk, ann, "PC-1", name="Old")
    dan, eve, zed = desk.requester("Dan"), desk.requester("Eve"), desk.requester("Zed")
    for each, number in ((dan, "PC-2"), (eve, "PC-3"), (zed, "PC-8")):
        await owned(desk, each, number, name="Old")
    ids = await desk.records(lambda tx: {one.number: one.person_id or 0 for one in tx.assets.within(EVERYBODY, 9)})

    def work(tx: Transaction) -> None:
        tx.companies.put("Acme", MONDAY)
        tx.assets.add("PR-1", "printer", MONDAY)

    await desk.records(work)
    await bob.starts()
    await bob.catches_up()
    rows = [
        "PC-1;New;Dan;",
        "PC-8;New;Eve;",
        "PC-3;Old;;",
        "PC-4;;Ann;",
        "PC-5;;;Acme",
        "PC-6;;;",
        "PC-7;;;",
        "PR-1;;;",
    ]
    table = "\n".join(["number;name;person;company", *rows]).encode()
    await bob.sends("document", "/asset import", name="assets.csv", data=table)
    await bob.reads(said_in("en", "asset.would", new=4, changed=2, same=1, wrong=1))

    def meanwhile(tx: Transaction) -> None:
        tx.erasure.begin(ids["PC-1"], MONDAY)  # Ann is erased, Dan is one with somebody else, Acme is forgotten
        link_people(tx.connection, keep=ids["PC-3"], gone=ids["PC-2"])
        acme = tx.companies.named("Acme")
        assert acme is not None
        tx.companies.forget(acme.id)

    await desk.records(meanwhile)
    await bob.presses(said_in("en", "rules.apply"))
    await bob.reads(said_in("en", "asset.imported", new=2, changed=1), said_in("en", "asset.left", n=3))
    assert await desk.records(lambda tx: [tx.assets.numbered(each) for each in ("PC-4", "PC-5")]) == [None, None]
    await bob.says("/asset PC-7 name Mine")
    await bob.reads("PC-7 · Mine")
    await desk.records(lambda tx: tx.erasure.begin(ids["PC-8"], MONDAY))  # whose it was before
    await bob.presses(said_in("en", "asset.undo"))
    await bob.reads(said_in("en", "asset.undone", n=1, changed=1), said_in("en", "asset.left", n=1))
    known = await desk.records(lambda tx: [tx.assets.numbered(each) for each in ("PC-6", "PC-7", "PC-8")])
    assert known[0] is None
    assert [(one.name, one.person_id) for one in known if one] == [("Mine", None), ("Old", None)]
    for each in (ann, bob, dan, eve, zed):
        await each.catches_up()


async def test_the_books_go_out_as_a_table_that_comes_in_again(desk: Desk, ann: Somebody):
    bob, dan = desk.agent("Bob", language="uk"), desk.requester("Ann")  # two people of one name
    await with_assets(desk, bob, "uk")
    await owned(desk, ann, "-5", name="=cmd", fields={"serial": "S;1"})
    await owned(desk, dan, "PC-2", name="Old")

    def more(tx: Transaction) -> None:
        acme = tx.companies.put("Acme", MONDAY)
        tx.assets.add("PC-3", "laptop", MONDAY, name="X1", company_id=acme.id)
        tx.assets.add("PC-4", "laptop", MONDAY, retired_at=MONDAY)

    await desk.records(more)
    await bob.starts()
    await bob.catches_up()
    await bob.says("/asset export")
    sent = await bob.sees(said_in("uk", "asset.exported"), kind="document")
    _, data = desk.stage.content(bob.native, sent)
    head, first, *_ = data.decode("utf-8-sig").splitlines()
    assert head == "номер,вид,назва,компанія,людина,списано,Серійний"
    assert first == f"'-5,laptop,'=cmd,,{account(ann)},,S;1"
    await bob.sends("document", "/asset import", name="assets.csv", data=data)
    await bob.reads(said_in("uk", "asset.would", new=0, changed=0, same=3, wrong=1), "його списано")

    def forget(tx: Transaction) -> None:
        for one in tx.assets.after(0, 9):
            tx.assets.forget(one.id)

    await desk.records(forget)
    await bob.sends("document", "/asset import", name="assets.csv", data=data)
    await bob.reads(said_in("uk", "asset.would", new=3, changed=0, same=0, wrong=1))
    await bob.presses(said_in("uk", "rules.apply"))
    await bob.reads(said_in("uk", "asset.imported", new=3, changed=0))
    known = await desk.records(lambda tx: tx.assets.numbered("-5"))
    assert known is not None
    assert (known.name, known.fields, known.person_id is None) == ("=cmd", {"serial": "S;1"}, False)
    for each in (ann, bob, dan):
        await each.catches_up()
    await bob.catches_up(at=QUEUE)
