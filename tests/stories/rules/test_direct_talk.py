"""Talk may be direct: what is said in a thread is sent, but for notes; and cards follow the rules in language."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.ruled import present, ruled


async def test_what_is_said_in_a_thread_is_sent(desk: Desk, bob: Somebody):
    anna = desk.requester("Анна", language="uk")
    await present(bob)
    await ruled(desk, desk={"talk": "direct"})
    await asked(anna, "Двічі списали гроші")
    await claimed(bob, anna)
    await bob.says("Яка сума?", at=THREAD(1))
    await anna.sees("Bob", "Яка сума?")
    await bob.says("/note дивна історія", at=THREAD(1))
    await anna.sees_nothing()
    await bob.says("Добрий ранок усім", at=QUEUE)  # the team's own talk
    await anna.sees_nothing()
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_cards_speak_the_teams_new_language_at_once(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await ruled(desk, desk={"team_language": "ru"})
    await asked(ann)
    card = await bob.sees("#1 ", at=QUEUE)
    assert list(card.buttons[:4]) == [said_in("ru", f"button.{name}") for name in ("claim", "reply", "note", "resolve")]
