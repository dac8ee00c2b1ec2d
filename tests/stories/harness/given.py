"""What has happened before a story begins, for stories that are about something else."""

from tests.stories.harness.people import SKIP, Somebody
from tests.stories.harness.places import QUEUE, THREAD, Line, Place
from tests.stories.harness.words import said_in


async def asked(ann: Somebody, question: str = "My card was charged twice", *, ticket: int = 1) -> None:
    """Ann has registered a request about billing, and read what she was told."""
    language = ann.language
    titles = {"en": "Billing question", "uk": "Питання щодо оплати", "ru": "Вопрос по оплате"}
    await ann.says("/new")
    await ann.fills(type=titles[language], details=question, contract=SKIP)
    await ann.sees(said_in(language, "request.registered", ticket=ticket))


async def claimed(bob: Somebody, ann: Somebody, *, ticket: int = 1, language: str = "en") -> None:
    """Bob has claimed a request from the queue, and read what stands in its thread; Ann has heard of it."""
    card = await bob.sees(f"#{ticket} ", at=QUEUE)
    await bob.presses(said_in(language, "button.claim"), on=card)
    await ann.sees(f"#{ticket}", bob.name)
    await bob.sees(f"#{ticket} ", at=QUEUE)
    await bob.catches_up(at=THREAD(ticket))


async def talking(ann: Somebody, bob: Somebody, question: str = "My card was charged twice") -> None:
    """Ann has asked, and Bob is on it."""
    await asked(ann, question)
    await claimed(bob, ann)


async def asked_to_be_erased(ann: Somebody) -> None:
    """Ann has asked that all of her be erased, and pressed that she means it; what she is told then is not read yet."""
    await ann.says("/privacy")
    await ann.catches_up()
    await ann.presses(said_in(ann.language, "privacy.erase"))
    await ann.catches_up()
    await ann.presses(said_in(ann.language, "privacy.sure"))


async def gave_up(ann: Somebody) -> None:
    """Ann has cancelled the dialog under way: the card says so, and so does a line where she wrote it."""
    await ann.says("/cancel")
    for _ in range(2):
        await ann.sees(said_in(ann.language, "form.cancelled"), buttons=[])


async def resolved(bob: Somebody, ann: Somebody, *, ticket: int = 1) -> Line:
    """Bob has resolved a request, and Ann has read the question whether it is; the question is returned."""
    await resolves(bob)
    asking = await ann.sees(
        f"#{ticket}",
        buttons=[said_in(ann.language, "button.confirm"), said_in(ann.language, "button.reopen")],
    )
    await bob.sees(f"#{ticket} ", "resolved", at=QUEUE)
    return asking


async def resolves(bob: Somebody, *, at: Place = QUEUE, on: Line | None = None) -> None:
    """Bob says on a card that it is done; where he has answered nobody, he says that he means it."""
    await bob.presses(said_in(bob.language, "button.resolve"), at=at, on=on)
    sure = said_in(bob.language, "button.resolve_now")
    if any(sure in line.buttons for line in bob.desk.stage.lines(bob.native, at)):
        await bob.presses(sure, at=at)
