"""A change of who is on duty is agreed to once and taken back once: of two who do it at once, the second one learns it."""

from datetime import timedelta

from storage.models import DutyChange
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import known, transact

HOUR = timedelta(hours=1)


async def test_of_those_who_agree_or_take_back_the_first_one_does_it(database):
    def story(tx: Transaction):
        bob, eve = known(tx, "Bob"), known(tx, "Eve")

        def asked() -> int:
            values = {"rota": "duty", "change": DutyChange.INSTEAD, "by_id": bob.id, "at": MONDAY}
            return tx.duty.add(person_id=eve.id, begins_at=MONDAY + HOUR, ends_at=MONDAY + 2 * HOUR, **values)

        def holding() -> list[int]:
            return [one.id for one in tx.duty.between("duty", MONDAY, MONDAY + 3 * HOUR)]

        first, second, third = asked(), asked(), asked()
        assert holding() == []
        assert [tx.duty.agree(first, MONDAY) for _ in range(2)] == [True, False]
        assert holding() == [first]
        assert not tx.duty.end(first, MONDAY, asked=True)  # that is only for what nobody has agreed to
        assert [tx.duty.end(second, MONDAY, asked=True) for _ in range(2)] == [True, False]
        assert not tx.duty.agree(second, MONDAY)
        assert tx.duty.agree(third, MONDAY)
        assert holding() == [first, third]
        assert [tx.duty.end(first, MONDAY) for _ in range(2)] == [True, False]
        assert holding() == [third]

    await transact(database, story)
