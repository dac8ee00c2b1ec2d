"""At night nobody is woken: what comes unasked comes without a sound."""

from tests.stories.harness import THREAD, Capability, Desk, Somebody, needs
from tests.stories.harness.given import talking


def last_said(desk: Desk, person: Somebody) -> dict[str, object]:
    return dict(desk.stage.of(person.native).sandbox.calls_of("sendMessage", person.native.id)[-1].args)


@needs(requesters=Capability.SILENCE)
async def test_an_answer_in_the_night_makes_no_sound(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/r We are on it", at=THREAD(1))
    await ann.sees("We are on it")
    await bob.catches_up(at=THREAD(1))
    assert not last_said(desk, ann).get("disable_notification")

    await desk.passes(hours=14)
    await bob.catches_up(at=THREAD(1))
    await bob.says("/r It is solved now", at=THREAD(1))
    await ann.sees("It is solved now")
    await bob.catches_up(at=THREAD(1))
    assert last_said(desk, ann)["disable_notification"]

    await ann.says("/help")  # who has just written is awake
    await ann.sees("/new")
    assert not last_said(desk, ann).get("disable_notification")
