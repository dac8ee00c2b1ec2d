"""Admins curate the answers in chat; what they change answers from the next question on."""

import pytest

from storage.transaction import Transaction
from tests.stories.answers import admin, article, examples, now
from tests.stories.harness import LANGUAGES, QUEUE, Capability, Desk, House, Somebody, said_in

MANAGED = ["Edit", "+ Alias", "Turn off", "History", "Delete"]


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: these stories are about the questions one by one."""
    return House(windows=False)


@pytest.fixture
async def olga(desk: Desk) -> Somebody:
    """An admin."""
    return await admin(desk)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_answer_is_added_step_by_step(desk: Desk, ann: Somebody, language: str):
    boss = await admin(desk, "Olga", language=language)
    await boss.says("/faq add")
    await boss.sees(said_in(language, "article.question"))
    await boss.says("Where is\nthe canteen?")
    await boss.sees(said_in(language, "article.answer"), said_in(language, "article.answer_hint"))
    await boss.says("On the **second** floor.")
    await boss.sees(said_in(language, "article.aliases"))
    await boss.says("where do we eat\nplace for lunch\nWhere do we eat")
    await boss.sees(said_in(language, "article.section"))
    await boss.presses(said_in(language, "form.skip"))
    await boss.sees(said_in(language, "article.language"))
    await boss.presses("English")
    await boss.sees(said_in(language, "form.review"))
    await boss.presses(said_in(language, "form.submit"))
    await boss.sees("where do we eat", buttons=[])
    await boss.sees(said_in(language, "article.live", article=1, question="Where is the canteen?"))
    assert (await now(desk, 1)).aliases == ("where do we eat", "place for lunch")
    await ann.says("place for lunch")
    answer = await ann.sees("On the second floor.")
    # Where what is typed is read as markup, one pair of the stars is gone before the desk sees it.
    assert ("bold" if boss.can(Capability.LITERAL) else "italic", "second") in answer.marked


async def test_or_in_one_line(desk: Desk, olga: Somebody, ann: Somebody):
    await olga.says("/faq add Where is the canteen? = On the second floor.")
    await olga.sees("Article #1 is live: “Where is the canteen?”", buttons=MANAGED)
    await ann.says("where is the canteen")
    await ann.sees("On the second floor.")


async def test_in_the_team_channel_the_dialog_is_held_in_private(desk: Desk, olga: Somebody):
    await olga.says("/faq add", at=QUEUE)
    if not olga.can(Capability.WINDOWS):  # a window is private by itself
        await olga.sees("I have asked you in our own chat.", at=QUEUE)
    await olga.sees("The question, as people ask it")
    await olga.says("/cancel")
    for _ in range(2):
        await olga.sees("Cancelled", buttons=[])


async def test_an_answer_is_edited_in_the_part_that_is_wrong(desk: Desk, olga: Somebody, ann: Somebody):
    await article(desk, "Where is the canteen?", "On the first floor.", aliases=["place for lunch"])
    await olga.says("/faq edit 1")
    await olga.sees("Please check", "On the first floor.", "place for lunch")
    await olga.presses("Change: The answer")
    await olga.sees("The answer")
    await olga.says("On the second floor.")
    await olga.sees("Please check", "On the second floor.", "place for lunch")
    await olga.presses("Submit")
    await olga.sees("On the second floor.", buttons=[])
    await olga.sees("Article #1 is live")
    await ann.says("place for lunch")
    await ann.sees("On the second floor.")


async def test_an_alias_by_command_and_by_button(desk: Desk, olga: Somebody, ann: Somebody):
    await article(desk, "Where is the canteen?", "On the second floor.")
    await olga.says("/faq alias 1 somewhere to eat")
    await olga.sees("Article #1 can be asked in 1 other way now.")
    await olga.says("/faq show 1")
    await olga.sees("– somewhere to eat")
    await olga.presses("+ Alias")
    await olga.sees("Other ways people ask it")
    await olga.says("I am hungry\nSomewhere to eat")
    await olga.sees("Article #1 can be asked in 2 other ways now.")
    for question in ("somewhere to eat", "i am hungry"):
        await ann.says(question)
        await ann.sees("On the second floor.")


async def test_off_and_on(desk: Desk, olga: Somebody, ann: Somebody):
    await article(desk, "Where is the canteen?", "On the second floor.")
    await olga.says("/faq off 1")
    await olga.sees("⏸ It is turned off", buttons=["Edit", "+ Alias", "Turn on", "History", "Delete"])
    await ann.says("where is the canteen?")
    await ann.sees("I don't have an answer to that yet.")
    await ann.starts("faq_1")
    await ann.sees("There is no article #1.")
    await olga.presses("Turn on")
    await olga.sees("Where is the canteen?", buttons=MANAGED)
    await ann.says("where is the canteen?")
    await ann.sees("There is an answer below.")
    await ann.sees("On the second floor.")


async def test_deleting_asks_first_and_history_brings_back(desk: Desk, olga: Somebody, ann: Somebody):
    await article(desk, "Where is the canteen?", "On the second floor.")
    await olga.says("/faq delete 1")
    await olga.sees("Delete article #1, “Where is the canteen?”?", buttons=["Delete", "Cancel"])
    await olga.presses("Cancel")
    await olga.sees("Where is the canteen?", buttons=MANAGED)
    await olga.says("/faq delete 1")
    await olga.sees("Delete article #1")
    await olga.presses("Delete")
    await olga.sees("Article #1 is deleted", buttons=["History"])
    await ann.says("where is the canteen?")
    await ann.sees("I don't have an answer to that yet.")
    await olga.presses("History")
    await olga.sees("The history of article #1", "1. ", "deleted", "2. ", "added", buttons=["1", "2"])
    await olga.presses("2")
    await olga.sees("Where is the canteen?", buttons=MANAGED)
    await ann.says("where is the canteen?")
    await ann.sees("There is an answer below.")
    await ann.sees("On the second floor.")


async def test_every_version_is_kept_and_restorable(desk: Desk, olga: Somebody):
    await article(desk, "Where is the canteen?", "Version 0")

    def edited(tx: Transaction) -> None:
        for number in range(1, 20):
            tx.articles.change(1, "edit", by=None, at=desk.clock.now(), answer=f"Version {number}")

    await desk.records(edited)
    await olga.says("/faq history 1")
    await olga.sees("1. ", "8. ", buttons=[*"12345678", "›"])
    await olga.presses("›")
    await olga.sees("9. ", "16. ", buttons=["9", "10", "11", "12", "13", "14", "15", "16", "‹", "›"])
    await olga.presses("›")
    await olga.sees("20. ", "added", buttons=["17", "18", "19", "20", "‹"])
    await olga.presses("20")
    await olga.sees("Version 0")


async def test_a_state_whose_question_another_has_now_is_not_restored(desk: Desk, olga: Somebody):
    await article(desk, "Where is the canteen?")
    await desk.records(lambda tx: tx.articles.remove(1, by=None, at=desk.clock.now()))
    await article(desk, "Where is the canteen?", "Elsewhere.")
    await olga.says("/faq history 1")
    await olga.sees("The history of article #1")
    await olga.presses("2")
    olga.sees_toast("Article #2 answers “Where is the canteen?” already.")


async def test_the_list_shows_votes_and_sections(desk: Desk, olga: Somebody):
    await examples(desk, "en")

    def votes(tx):
        row = next(r for r in tx.articles.everything() if r.question == "VPN does not connect")
        for name in ("helped", "helped", "not_helped"):
            tx.articles.count(row.id, name)
        tx.articles.change(row.id, "off", by=None, at=desk.clock.now(), enabled=False)
        return row.id, len(tx.articles.everything())

    number, total = await desk.records(votes)
    await olga.says("/faq list")
    shown = await olga.sees(f"{total} articles:")
    assert shown.buttons[0] == f"⏸ #{number} VPN does not connect 👍2 👎1"
    await olga.presses("›")
    more = await olga.sees(f"{total} articles:")
    assert more.buttons[-2:] == ("‹", "›")
    await olga.says("/faq list network")
    section = await olga.sees("articles:")
    assert f"⏸ #{number} VPN does not connect 👍2 👎1" in section.buttons
    await olga.presses(section.buttons[0])
    await olga.sees("Shown 0, helped 2, did not help 1")
    await olga.says("/faq list nowhere")
    await olga.sees("There are no answers here yet.")


async def test_what_a_text_would_get_and_why(desk: Desk, olga: Somebody):
    await examples(desk, "en")
    await olga.says("/faq test how do i reset my pasword")
    await olga.sees("It would answer:", "Read as (", "How do I reset my password? ←")
    await olga.says("/faq test the printer")
    await olga.sees("It would offer a choice:")
    ann = desk.requester("Ann")
    await ann.says("i forgot my pasword")
    await ann.presses(said_in("en", "answer.helped"), on=await ann.sees("How do I reset my password?"))
    await ann.catches_up()
    await olga.says(
        "/faq test cancel my password reset"
    )  # what helped with another question answers this one no more surely
    await olga.sees("It would offer a choice:", "Offered, not answered:")
    await olga.says("/faq test my cat is on fire")
    await olga.sees("It would offer a person.")
    await olga.says("/faq test")
    await olga.sees("Write it so: /faq test …")


async def test_a_requester_curates_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    await article(desk, "Where is the canteen?")
    commands = ("add a = b", "edit 1", "alias 1 x", "off 1", "on 1", "delete 1", "show 1", "list", "history 1")
    for who in (ann, bob):
        for command in (*commands, "test x", "import", "export", "gaps", "proposed"):
            await who.says(f"/faq {command}")
            await who.sees("That is for: admin")
    assert (await now(desk, 1)).live


async def test_what_cannot_be_an_article_is_refused_and_nothing_changes(desk: Desk, olga: Somebody):
    await article(desk, "Where is the canteen?", aliases=["place for lunch"])
    await article(desk, "Where is the exit?")
    for words, why in (
        ("add Where is the canteen = Here", "Article #1 answers “Where is the canteen” already."),
        ("add WHERE is the canteen?! = Here", "Article #1 answers"),
        ("add Place for lunch = Here", "Article #1 answers “Place for lunch” already."),
        ("alias 2 place for lunch", "Article #1 answers “place for lunch” already."),
        ("add thanks = You are welcome", "“thanks” is a courtesy"),
        ("alias 2 дякую", "“дякую” is a courtesy"),
        ("add ??? = Yes", "“???” has no words to be found by"),
        (f"add {'long ' * 120} = Yes", "is longer than 500 characters"),
        ("edit 77", "There is no article #77."),
        ("show", "Write it so: /faq show 12"),
        ("off ²", "Write it so: /faq off 12"),
        ("delete 99999999999999999999", "Write it so: /faq delete 12"),
        ("alias 1", "Write it so: /faq alias 12 …"),
        ("history x", "Write it so: /faq history 12"),
    ):
        await olga.says(f"/faq {words}")
        await olga.sees(why)
    assert [row.question for row in await desk.records(lambda tx: tx.articles.everything())] == [
        "Where is the canteen?",
        "Where is the exit?",
    ]


async def test_a_refused_article_stays_in_its_dialog(desk: Desk, olga: Somebody):
    await article(desk, "Where is the canteen?")
    await olga.says("/faq add")
    await olga.sees("The question")
    await olga.says("where is the canteen")
    await olga.sees("The answer")
    await olga.says("Here.")
    for _ in range(2):
        await olga.sees()
        await olga.presses("Skip")
    await olga.sees("The language")
    await olga.presses("English")
    review = await olga.sees("Please check")
    await olga.presses("Submit")
    olga.sees_toast("Article #1 answers “where is the canteen” already.")
    await olga.presses("Change: The question, as people ask it", on=review)
    await olga.sees("The question")
    await olga.says("Where do we eat?")
    await olga.sees("Please check", "Where do we eat?")
    await olga.presses("Submit")
    await olga.sees("Where do we eat?", buttons=[])
    await olga.sees("Article #2 is live")


async def test_an_empty_question_is_asked_again(desk: Desk, olga: Somebody):
    await olga.says("/faq add = an answer")
    await olga.sees("The question")
    await olga.sends("photo")
    await olga.sees("The question", "📎 1 file")
    await olga.says("/cancel")
    for _ in range(2):
        await olga.sees("Cancelled", buttons=[])
