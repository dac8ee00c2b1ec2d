"""A long dialog of an admin is nobody else's to read: it is held in private, or in a window."""

from tests.stories.answers import admin
from tests.stories.harness import QUEUE, Capability, Desk, Somebody
from tests.stories.harness.people import SKIP


async def test_an_answer_begun_in_the_team_channel(desk: Desk, ann: Somebody, bob: Somebody):
    olga = await admin(desk)
    await olga.says("/faq add", at=QUEUE)
    if not olga.can(Capability.WINDOWS):
        await olga.sees("I have asked you in our own chat.", at=QUEUE)
    await olga.fills(
        question="Where is the canteen?",
        answer="On the **second** floor.",
        aliases=SKIP,
        section=SKIP,
        language="English",
    )
    await olga.sees("Article #1 is live")
    await bob.sees_nothing(at=QUEUE)
    await ann.says("where is the canteen")
    await ann.sees("On the")
