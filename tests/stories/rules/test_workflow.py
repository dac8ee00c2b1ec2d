"""Requests that go their own way: statuses of a type's own, moves by name, what is not possible refused with what is."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed

SUPPLIES = {"en": "Office supplies", "uk": "Канцтовари", "ru": "Канцелярия"}
HARDWARE = {"en": "Hardware", "uk": "Обладнання", "ru": "Оборудование"}
PRINTER = {"en": "Printer", "uk": "Принтер", "ru": "Принтер"}


async def ordered(ann: Somebody, what: str = "Ten boxes of paper") -> None:
    """Ann has asked for office supplies."""
    await ann.says("/new")
    await ann.fills(type=SUPPLIES[ann.language], details=what)
    await ann.sees(said_in(ann.language, "request.registered", ticket=1))


async def broken(ann: Somebody) -> None:
    """Ann has reported a printer."""
    await ann.says("/new")
    skip = "(skip)"
    await ann.fills(
        type=HARDWARE[ann.language], device=PRINTER[ann.language], details="Paper jam", place=skip, photo=skip
    )
    await ann.sees(said_in(ann.language, "request.registered", ticket=1))


class TestInUkrainian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="uk")

    async def test_an_order_is_approved_ordered_and_delivered(self, desk: Desk):
        bob = desk.agent("Bob", language="uk")
        iryna = desk.requester("Iryna", language="uk")
        await ordered(iryna, "Десять пачок паперу")
        card = await bob.sees("#1 Канцтовари", "Замовлення подано", at=QUEUE)
        assert {"→ Погоджено", "→ Відхилено"} < set(card.buttons)
        assert "Вирішити" not in card.buttons
        await bob.presses("→ Погоджено", on=card)
        bob.sees_toast("#1 — Погоджено.")
        await iryna.sees("Стан заявки #1: Погоджено.")
        await bob.sees("#1", "Погоджено", at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        await bob.says("/move замовлено", at=THREAD(1))
        await bob.sees("#1 — Замовлено.", at=THREAD(1))
        await iryna.sees("Стан заявки #1: Замовлено.")
        await bob.sees("#1", "Замовлено", at=QUEUE)
        await iryna.says("/my")
        mine = await iryna.sees(said_in("uk", "my.title"), buttons=["#1 Замовлено · Десять пачок паперу"])
        await iryna.presses_name("withdraw:1", mine)
        iryna.sees_toast("«закрити» неможливо, поки стан заявки — Замовлено. Зараз можливо: дописати.")
        await bob.says("/close", at=THREAD(1))
        await bob.sees("«закрити» неможливо", "Замовлено", "вирішити", "→ Доставлено", at=THREAD(1))
        await bob.presses("→ Доставлено", at=QUEUE)
        await iryna.sees("Заявка #1, «Десять пачок паперу»: Доставлено. Усе гаразд?")
        await bob.sees("#1", "Доставлено", at=QUEUE)
        await iryna.presses(said_in("uk", "button.confirm"))
        await iryna.sees(said_in("uk", "own.confirmed", ticket=1))
        await iryna.sees(said_in("uk", "rate.ask"))
        await bob.sees("#1", "закрито", at=QUEUE)


class TestInRussian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="ru")

    async def test_a_repair_waits_for_its_parts_whatever_is_asked_meanwhile(self, desk: Desk):
        bob = desk.agent("Bob", language="ru")
        oleg = desk.requester("Oleg", language="ru")
        await broken(oleg)
        await claimed(bob, oleg, language="ru")
        await bob.says("/move ждем детали", at=THREAD(1))  # as people type it
        await bob.sees("#1 · Ждём деталей.", at=THREAD(1))
        await oleg.sees("Статус заявки #1: Ждём деталей.")
        await bob.sees("💤 #1", "Ждём деталей", at=QUEUE)
        await oleg.says("Когда будет готово?")
        await bob.sees("Когда будет готово?", at=THREAD(1))
        await oleg.sees("Вашей заявкой #1 занимается Bob; передаю, что вы ждёте.")
        await bob.sees_no("Диагностика · Bob · новое")
        await bob.says("/move диагностика", at=THREAD(1))
        await bob.sees("«перевести в другой статус» невозможно", "Ждём деталей", "→ Ремонтируем", at=THREAD(1))
        await bob.says("/move покрасить", at=THREAD(1))
        await bob.sees("«покрасить» — не из статусов этой заявки", "Ремонтируем", at=THREAD(1))
        await bob.presses("→ Ремонтируем", at=QUEUE)
        await oleg.sees("Статус заявки #1: Ремонтируем.")
        await bob.sees("💬 #1", "Ремонтируем", at=QUEUE)


async def test_an_order_that_is_declined_ends_by_its_name(desk: Desk, ann: Somebody, bob: Somebody):
    await ordered(ann)
    await bob.sees("#1 Office supplies", "Requested", at=QUEUE)
    await bob.says("/move 1 declined", at=QUEUE)
    await bob.sees("#1: Declined.", at=QUEUE)
    await ann.sees("Request #1 is closed: Declined.")
    await bob.sees("📁", "#1", "Declined", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.says("/move 1 approved", at=QUEUE)
    await bob.sees("is not possible while the request is Declined", "reopen", at=QUEUE)


async def test_a_move_by_name_is_no_word_of_the_default_workflow(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    card = await bob.sees("#1", at=QUEUE)
    await bob.says("/move 1 approved", at=QUEUE)
    await bob.sees("“approved” is not among the statuses of this request. It can come to: nothing", at=QUEUE)
    await bob.says("/move 1 open", at=QUEUE)
    await bob.sees("“move to another status” is not possible while the request is new", "claim", at=QUEUE)
    await bob.presses_name("move:1.open", card)
    bob.sees_toast("not possible while the request is new")
    await ann.says("/move 1 open")
    await ann.sees(said_in("en", "refused.not_yours", role=said_in("en", "role.agent")))


async def test_a_request_keeps_the_workflow_it_was_registered_with(desk: Desk, ann: Somebody, bob: Somebody):
    await ordered(ann)
    await bob.sees("#1", "Requested", at=QUEUE)

    def another(tx):
        kind = next(t for t in tx.requests.types() if t.name == "supplies")
        facts = {n: getattr(kind, n) for n in ("position", "kind", "title", "fields", "priority")}
        tx.requests.put_type("supplies", **facts, workflow=None)

    await desk.records(another)
    await bob.presses("→ Approved", at=QUEUE)
    await ann.sees("Request #1 is now: Approved.")
    await bob.sees("#1", "Approved", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
