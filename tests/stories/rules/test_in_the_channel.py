"""What an admin begins in the team's channel is asked in private: in a window where there are windows, else in their own chat."""

from tests.stories.harness import QUEUE, Desk, Somebody, said_in
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import account, present, ruled


async def writes(bob: Somebody, answers: dict[str, str]) -> None:
    """Fill a form in its window, or question by question, and submit it."""
    await bob.desk.settles()
    if bob.desk.stage.window(bob.native) is not None:
        await bob.fills(**answers)  # type: ignore[arg-type]  # names of fields, none of them the method's own
        return
    for answer in answers.values():
        card = await bob.sees()
        label = said_in("en", "form.skip") if answer == SKIP else answer
        await (bob.presses(label, on=card) if label in card.buttons else bob.says(answer))
    await bob.sees(said_in("en", "form.review"))
    await bob.presses(said_in("en", "form.submit"))
    await bob.sees(buttons=[])


async def test_a_request_type_and_an_answer_are_written(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await ruled(desk, desk={"unclaimed_reminder": "9d"}, roles={"admins": [account(bob)]})
    await bob.starts()
    await bob.catches_up()
    await bob.says("/type add", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    kinds = {"kind": "something is needed", "priority": "normal", "of_workflow": SKIP}
    await writes(bob, {"name": "parking", "title_en": "Parking", **kinds, "may_file": "everybody", "asks_impact": SKIP})
    await bob.sees("What changes: parking", "Title (English): — → Parking")
    await bob.presses("Apply")
    await bob.sees("Done: “parking”.")

    await bob.says("/faq add", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    texts = {"question": "Where is the lift?", "answer": "On the left.", "aliases": SKIP, "section": SKIP}
    await writes(bob, {**texts, "language": "English"})
    await bob.sees("Where is the lift?", "live")

    await ann.says("/new")
    await ann.fills(type="Parking", details="A place for my bicycle")
    await ann.sees(said_in("en", "request.registered", ticket=1))
    await bob.sees("#1 Parking", at=QUEUE)
