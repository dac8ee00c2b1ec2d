"""Canned replies: found by any spelling of their name, seen before they are sent, counted."""

import pytest

from handlers.rules import Rules
from handlers.rules.document import read_document
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.ruled import ruled

REPLIES = {
    "refund": {
        "text": {
            "en": "Dear {requester}, the money of {ticket} is on its way. {agent}",
            "uk": "{requester}, кошти за {ticket} вже в дорозі. {agent}",
            "ru": "{requester}, деньги по {ticket} уже в пути. {agent}",
        }
    },
    "greeting": {"text": "Hello, {requester}!"},
}


class TestInUkrainian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="uk")

    @pytest.fixture
    def bob(self, desk: Desk) -> Somebody:
        return desk.agent("Bob", language="uk")

    async def test_a_reply_is_seen_sent_and_counted(self, desk: Desk, bob: Somebody):
        await ruled(desk, canned=REPLIES)
        olena = desk.requester("Олена", language="uk")
        await asked(olena, "Де мої гроші?")
        await claimed(bob, olena, language="uk")
        await bob.says("/canned", at=THREAD(1))
        buttons = ["greeting · Hello, {requester}!", "refund · {requester}, кошти за {ticket} вже в дорозі. {agen…"]
        await bob.sees("Готові відповіді:", buttons=buttons, at=THREAD(1))
        await bob.says("/canned refnud", at=THREAD(1))
        words = "Олена, кошти за #1 вже в дорозі. Bob"
        shown = await bob.sees(
            f"#1 · Олена прочитає:\n{words}", buttons=["Надіслати", "Надіслати й чекати"], at=THREAD(1)
        )
        await olena.sees_nothing()
        await bob.presses("Надіслати й чекати", on=shown)
        await olena.sees("Bob", words)
        after = await bob.sees(f"Надіслано «refund» у #1:\n{words}", buttons=[], at=THREAD(1))
        assert after.id == shown.id
        await bob.presses_name(shown.names[1], shown)
        bob.sees_toast("Ці самі слова щойно надіслано в #1.")
        await bob.sees("⏳ #1", at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        await bob.says("/canned", at=QUEUE)
        await bob.sees("Готові відповіді:\nrefund –", "greeting –", "Щоб надіслати:", at=QUEUE)
        assert await desk.records(lambda tx: tx.kept.used()) == {"refund": 1}


class TestInRussian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="ru")

    @pytest.fixture
    def bob(self, desk: Desk) -> Somebody:
        return desk.agent("Bob", language="ru")

    async def test_in_the_requesters_own_language_from_anywhere(self, desk: Desk, ann: Somebody, bob: Somebody):
        await bob.says("/canned", at=QUEUE)
        await bob.sees("Готовых ответов ещё нет.", at=QUEUE)
        await ruled(desk, canned=REPLIES)
        await asked(ann)
        await claimed(bob, ann, language="ru")
        await bob.says("/canned refund 1", at=QUEUE)
        await bob.sees("#1 · Ann прочитает:\nDear Ann, the money of #1 is on its way. Bob", at=QUEUE)
        await bob.says("/canned refund", at=QUEUE)
        await bob.sees("refund\n{requester}, деньги по {ticket} уже в пути. {agent}\nЧтобы отправить:", at=QUEUE)
        await bob.says("/canned elephants", at=QUEUE)
        await bob.sees("Готового ответа «elephants» нет. Есть такие: refund, greeting.", at=QUEUE)
        await bob.says("/canned greeting 1", at=QUEUE)
        shown = await bob.sees("#1 · Ann прочитает:\nHello, Ann!", at=QUEUE)
        await ruled(desk, canned={"refund": REPLIES["refund"]})
        await bob.presses("Отправить", on=shown)
        bob.sees_toast("Готового ответа «greeting» нет.")
        await ann.sees_nothing()


def test_a_placeholder_nobody_fills_is_refused_with_those_that_are():
    document = {"canned": {"a": {"text": {"en": "Dear {name}"}}, "b": "Hi {requester!r}", "c": {"texts": "x"}}}
    rules, problems = read_document(document, Rules())
    assert [(problem.place, problem.said.key) for problem in problems] == [
        ("canned.a.text", "rules.wrong.placeholder"),
        ("canned.b", "rules.wrong.braces"),
        ("canned.c.texts", "rules.wrong.meant"),
        ("canned.c.text", "rules.wrong.missing"),
    ]
    assert set(rules.canned) == {"a", "b"}
