"""Answers grow out of the team's own work: gaps, words that found them, resolved tickets."""

import pytest

from tests.stories.answers import admin, article, examples, now
from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Capability, Desk, House, Place, Somebody, said_in
from tests.stories.harness.given import resolved, talking

CANTEEN = ("where is the canteen", "where is the canteen please", "whereis the canteen")


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: these stories are about the questions one by one."""
    return House(windows=False)


@pytest.fixture
async def olga(desk: Desk) -> Somebody:
    """An admin."""
    return await admin(desk)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_gap_is_filled(desk: Desk, ann: Somebody, language: str):
    boss = await admin(desk, "Olga", language=language)
    await boss.says("/faq gaps")
    await boss.sees(said_in(language, "gaps.none"))
    for question in ("zebra crossing paint", *CANTEEN):
        await ann.says(question)
        await ann.sees("I don't have an answer to that yet.")
    await boss.says("/faq gaps")
    write = [said_in(language, "gaps.write", number=number) for number in (1, 2)]
    await boss.sees("1. ×3 ", "2. ×1 zebra crossing paint", buttons=write)
    await boss.presses(write[0])
    await boss.sees(said_in(language, "article.answer"))
    await boss.says("On the second floor.")
    for _ in range(2):
        await boss.sees()
        await boss.presses(said_in(language, "form.skip"))
    await boss.sees(said_in(language, "article.language"))
    await boss.presses("English")
    await boss.sees(said_in(language, "form.review"))
    await boss.presses(said_in(language, "form.submit"))
    await boss.sees("On the second floor.", buttons=[])
    await boss.sees(said_in(language, "article.live", article=1, question=(await now(desk, 1)).question))
    await ann.says(CANTEEN[0])
    await ann.sees("On the second floor.")


async def test_what_is_answered_since_is_no_gap(desk: Desk, olga: Somebody, ann: Somebody):
    await examples(desk, "en")
    for question in (CANTEEN[0], "zebra crossing paint"):
        await ann.says(question)
        await ann.sees("I don't have an answer to that yet.")
    await olga.says(f"/faq add {CANTEEN[0]} = On the second floor.")
    await olga.sees(f"is live: “{CANTEEN[0]}”")
    await olga.says("/faq gaps")
    await olga.sees("1 question found no answer", "1. ×1 zebra crossing paint", buttons=["Write an answer to 1"])


async def test_a_word_on_a_ticket_is_no_gap(desk: Desk, olga: Somebody, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await desk.passes(days=2)
    await ann.says("the canteen again")
    await ann.sees("Is this about request #1")
    await ann.presses("About #1")
    await ann.sees("Added to request #1.")
    await bob.catches_up(at=THREAD(1))
    await olga.says("/faq gaps")
    await olga.sees("No gaps")


async def test_proposed_aliases_are_taken_or_refused_with_one_press(desk: Desk, olga: Somebody, ann: Somebody):
    await examples(desk, "en")
    await olga.says("/faq proposed")
    await olga.sees("No aliases wait for a decision.")
    for question in ("how do i reset my pasword", "VPN does not conect"):
        await ann.says(question)
        await ann.sees()
        await ann.presses("It helped")
        await ann.sees("Glad it helped!")
    await olga.says("/faq proposed")
    first = await olga.sees("“how do i reset my pasword” found article #", buttons=["Take it", "No"])
    second = await olga.sees("“VPN does not conect” found article #", buttons=["Take it", "No"])
    await olga.presses("Take it", on=first)
    await olga.sees("“how do i reset my pasword” is an alias of #", buttons=[])
    await olga.presses("No", on=second)
    await olga.sees("“VPN does not conect” is no alias of #", buttons=[])
    await olga.presses_name(first.names[1], first)
    olga.sees_toast("That is decided already.")
    await olga.says("/faq proposed")
    await olga.sees("No aliases wait for a decision.")
    rows = {row.question: row for row in await desk.records(lambda tx: tx.articles.everything())}
    assert "how do i reset my pasword" in rows["How do I reset my password?"].aliases
    await ann.says("VPN does not conect")  # refused once, it is not proposed again
    await ann.sees()
    await ann.presses("It helped")
    await ann.sees("Glad it helped!")
    await olga.says("/faq proposed")
    await olga.sees("No aliases wait for a decision.")


async def test_a_proposal_that_another_article_answers_meanwhile_is_not_taken(
    desk: Desk, olga: Somebody, ann: Somebody
):
    await examples(desk, "en")
    await ann.says("how do i reset my pasword")
    await ann.sees()
    await ann.presses("It helped")
    await ann.sees("Glad it helped!")
    await article(desk, "How do I reset my pasword?", "Another.")
    await olga.says("/faq proposed")
    await olga.sees("found article #")
    await olga.presses("Take it")
    olga.sees_toast("answers “how do i reset my pasword” already")
    await olga.presses("No")
    await olga.sees("is no alias of #")


async def over(desk: Desk, ann: Somebody, bob: Somebody, olga: Somebody, question: str) -> None:
    """A ticket was answered and resolved; everybody has read it."""
    await talking(ann, bob, question)
    await bob.says("/r Take the stairs to the second floor", at=THREAD(1))
    await ann.sees("Take the stairs")
    await bob.sees("✓ delivered", at=THREAD(1))
    await resolved(bob, ann)
    await bob.catches_up(at=THREAD(1))


def here(olga: Somebody) -> Place:
    """Return where it is asked what is pressed on a card of the queue: beside it, or under it."""
    return QUEUE if olga.can(Capability.TOPICS) else THREAD(1)


async def test_a_resolved_ticket_becomes_an_answer(desk: Desk, olga: Somebody, ann: Somebody, bob: Somebody):
    await over(desk, ann, bob, olga, "where is the canteen")
    await bob.presses("Make it an answer", at=QUEUE)
    bob.sees_toast("That is for: admin")
    await olga.presses("Make it an answer", at=QUEUE)
    await olga.sees("Asked: “where is the canteen”. No answer is near.", buttons=["New article", "Skip"], at=here(olga))
    await olga.presses("New article", at=here(olga))
    if not olga.can(Capability.WINDOWS):  # a window is private by itself
        olga.sees_toast("I have asked you in our own chat.")
    await olga.sees("Other ways people ask it")
    for _ in range(2):
        await olga.presses("Skip")
        await olga.sees()
    await olga.presses("Submit")
    await olga.sees("where is the canteen", "Take the stairs to the second floor", buttons=[])
    await olga.sees("Article #1 is live: “where is the canteen”")
    await ann.says("where is the canteen")
    await ann.sees(
        "Take the stairs to the second floor", buttons=["It helped", "⭐ Favourite", "I still need a person"]
    )
    await ann.sees("Is this about request #1")


async def test_or_an_alias_of_the_nearest(desk: Desk, olga: Somebody, ann: Somebody, bob: Somebody):
    known = (await examples(desk, "en"))["VPN does not connect"]
    await talking(ann, bob, "the vpn connection gives me trouble")
    await resolved(bob, ann)
    await bob.catches_up(at=THREAD(1))
    await olga.presses("Make it an answer", at=QUEUE)
    near = f"Alias of #{known.id}"
    await olga.sees("The nearest answer is", buttons=[near, "New article", "Skip"], at=here(olga))
    await olga.presses(near, at=here(olga))
    await olga.sees(f"Article #{known.id} can be asked in", buttons=[], at=here(olga))
    assert "the vpn connection gives me trouble" in (await now(desk, known.id)).aliases


async def test_or_nothing(desk: Desk, olga: Somebody, ann: Somebody, bob: Somebody):
    await over(desk, ann, bob, olga, "where is the canteen")
    await olga.presses("Make it an answer", at=QUEUE)
    await olga.sees("Asked: “where is the canteen”.", at=here(olga))
    await olga.presses("Skip", at=here(olga))
    await olga.sees("Skipped.", buttons=[], at=here(olga))
    assert await desk.records(lambda tx: tx.articles.everything()) == []


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_votes_make_an_answer_less_sure_and_that_is_explained(desk: Desk, language: str):
    one = await article(desk, "How do I enter the garage at night?", "By the side door.")
    await article(desk, "Where is the garden?", "Behind the house.")
    boss = await admin(desk, "Olga", language=language)

    def votes(tx):
        for _ in range(12):
            tx.articles.count(one.id, "not_helped")

    await boss.says("/faq test how to enter garage at nite")
    before = await boss.sees(f"#{one.id}")
    await desk.records(votes)
    await boss.says("/faq test how to enter garage at nite")
    after = await boss.sees(f"#{one.id}", "👍0 👎12")
    assert "👎" not in before.text
    shown = [int(told.text.split("%")[0].split()[-1]) for told in (before, after)]
    assert shown[1] < shown[0]
