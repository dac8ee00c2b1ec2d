"""Answers to and from files, in chat: everything in a file is taken, or nothing and every reason is told by its line."""

import pytest

from tests.stories.answers import admin, article, examples
from tests.stories.harness import LANGUAGES, QUEUE, Desk, House, Somebody, said_in

GOOD = """- id: canteen
  section: Office
  language: en
  question: Where is the canteen?
  aliases: [place for lunch, somewhere to eat]
  answer: |
    On the **second** floor.
- question: Where is the exit?
  answer: Behind you.
"""
WINDOWS = "питання;відповідь;варіанти;мова\r\nДе їдальня?;На другому поверсі.;де обідати|де поїсти;uk\r\n".encode(
    "cp1251"
)


@pytest.fixture
async def olga(desk: Desk) -> Somebody:
    """An admin."""
    return await admin(desk)


async def test_a_good_file_is_taken_whole(desk: Desk, olga: Somebody, ann: Somebody):
    await article(desk, "Where is the exit?", "In front of you.")
    await olga.sends("document", "/faq import", name="answers.yaml", data=GOOD.encode())
    await olga.sees("Reading answers.yaml…")
    await olga.sees("New: 1 · changed: 1 · as they are: 0 · not in the file, left alone: 0")
    await olga.presses("Take 2")
    await olga.sees("Taking answers.yaml…")
    await olga.sees("Taken: 1 new, 1 changed, 0 as they were.")
    await ann.says("place for lunch")
    await ann.sees("On the second floor.")
    await ann.says("where is the exit?")
    await ann.sees("Behind you.")
    await olga.sends("document", "/faq import", name="answers.yaml", data=GOOD.encode())
    await olga.sees("Reading")
    await olga.sees("Nothing new: all 2 answers in the file are here already.")
    await olga.says("/faq history 1")
    await olga.sees("1. ", "imported", "2. ", "added")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_file_may_come_after_the_command(desk: Desk, language: str):
    boss = await admin(desk, "Olga", language=language)
    await boss.says("/faq import")
    await boss.sees(boss.told("file.awaited", command="faq import"))
    await boss.sends("document", name="answers.csv", data=WINDOWS)
    await boss.sees(boss.told("faq.importing", name="answers.csv"))
    await boss.sees(boss.told("faq.preview", name="answers.csv"))
    await desk.passes(minutes=11)
    await boss.says("/faq import")
    await boss.sees(boss.told("file.awaited", command="faq import"))
    await desk.passes(minutes=11)
    await boss.sends("document", name="answers.csv", data=WINDOWS)
    await boss.sees(boss.told("answer.unknown"))


async def test_among_others_a_file_says_by_its_caption_what_it_is_for(desk: Desk, olga: Somebody):
    await olga.says("/faq import", at=QUEUE)
    await olga.sees(olga.told("refused.no_file_sent", command="faq import"), at=QUEUE)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_is_taken_of_a_file_with_a_bad_row_unless_the_rest_is_wanted(desk: Desk, language: str):
    boss = await admin(desk, "Olga", language=language)
    rows = [f"Question {number} about thing{number}?,Answer {number}" for number in range(300)]
    rows[200] = "Question without an answer?,"
    data = "\n".join(["question,answer", *rows]).encode()
    await boss.sends("document", "/faq import", name="answers.csv", data=data)
    await boss.sees(said_in(language, "faq.importing", name="answers.csv"))
    why = said_in(language, "problem.empty_answer", text="Question without an answer?")
    rest = said_in(language, "faq.take_rest", n=299)
    shown = await boss.sees(said_in(language, "faq.refused", n=1), said_in(language, "problem.line", line=202, why=why))
    assert rest in shown.buttons
    assert await desk.records(lambda tx: (tx.articles.everything(), tx.articles.revision())) == ([], 0)
    await boss.presses(rest)
    await boss.sees(said_in(language, "faq.taking", name="answers.csv"))
    await boss.sees(said_in(language, "faq.imported", added=299, changed=0, same=0))
    assert len(await desk.records(lambda tx: tx.articles.everything())) == 299


async def test_many_bad_rows_are_counted(desk: Desk, olga: Somebody):
    data = ("question,answer\n" + "What?,\n" * 25).encode()
    await olga.sends("document", "/faq import", name="answers.csv", data=data)
    await olga.sees("Reading")
    told = await olga.sees("Nothing was taken:", "line 2: ", "more.")
    assert told.text.count("\nline ") == 10


async def test_a_table_as_windows_saves_it(desk: Desk, olga: Somebody):
    iryna = desk.requester("Iryna", language="uk")
    await olga.sends("document", "/faq import", name="Відповіді.csv", data=WINDOWS)
    await olga.sees("Reading Відповіді.csv…")
    await olga.sees("New: 1")
    await olga.presses("Take 1")
    await olga.sees("Taking")
    await olga.sees("Taken: 1 new, 0 changed, 0 as they were.")
    await iryna.says("де поїсти")
    await iryna.sees("Де їдальня?", "На другому поверсі.")


async def test_what_is_no_such_file_is_refused(desk: Desk, olga: Somebody):
    await olga.says("/faq import")
    await olga.sees(olga.told("file.awaited", command="faq import"))
    await olga.sends("photo", "/faq import")
    await olga.sees(olga.told("file.awaited", command="faq import"))
    for name, data, why in (
        ("answers.odt", b"PK", "answers.odt is none of"),
        ("answers.docx", b"PK", "cannot be read"),
        ("answers.xlsx", b"PK", "cannot be read"),
        ("answers.zip", b"PK", "cannot be read"),
        ("answers.yaml", b"", "there are no articles in it"),
        ("answers.yaml", b"a: [", "cannot be read"),
    ):
        await olga.sends("document", "/faq import", name=name, data=data)
        await olga.sees("Reading")
        told = await olga.sees("Nothing was taken: 1 line is wrong.", why)
        assert "line 0" not in told.text


@pytest.mark.parametrize("ending", ["yaml", "csv", "md"])
async def test_what_is_exported_can_be_imported(desk: Desk, olga: Somebody, ending: str):
    total = len(await examples(desk, *LANGUAGES))
    await olga.says(f"/faq export {ending}")
    sent = await olga.sees(f"{total} answers:", kind="document")
    name, data = desk.stage.content(olga.native, sent)
    assert (sent.kind, name) == ("document", f"answers.{ending}")
    await olga.sends("document", "/faq import", name=name, data=data)
    await olga.sees("Reading")
    await olga.sees(f"Nothing new: all {total} answers")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_translations_that_a_file_ties_are_told_of_and_belong_together(desk: Desk, language: str):
    boss = await admin(desk, "Olga", language=language)
    table = (
        "id,language,question,answer,translates\n1,uk,Де вихід?,Позаду вас.,\n2,en,Where is the exit?,Behind you.,1\n"
    )
    await boss.sends("document", "/faq import", name="answers.csv", data=table.encode())
    await boss.sees(boss.told("faq.importing", name="answers.csv"))
    await boss.sees(boss.told("faq.counts", added=2, changed=0, same=0, alone=0), boss.told("faq.tied", n=1))
    await boss.presses(boss.told("faq.take", n=2))
    await boss.sees(boss.told("faq.taking", name="answers.csv"))
    await boss.sees(boss.told("faq.imported", added=2, changed=0, same=0))
    await boss.says("/faq export yaml")
    sent = await boss.sees(boss.told("faq.exported", n=2), kind="document")
    assert b"translates: 1" in desk.stage.content(boss.native, sent)[1]


async def test_a_desk_without_answers_says_so_and_sends_no_empty_file(desk: Desk, olga: Somebody):
    await olga.says("/faq export")
    await olga.sees("There are no answers here yet.")
    await olga.catches_up()


async def test_an_unknown_format_is_refused(desk: Desk, olga: Somebody):
    await olga.says("/faq export xlsx")
    await olga.sees("Write it so: /faq export yaml|csv|md")


async def test_a_file_that_would_end_its_reader_is_refused_and_everybody_is_served(
    desk: Desk, olga: Somebody, ann: Somebody
):
    await article(desk, "Where is the exit?", "In front of you.")
    await olga.sends("document", "/faq import", name="answers.yaml", data=b"[" * 200_000)
    await olga.sees("Reading answers.yaml…")
    await olga.sees("Nothing was taken: 1 line is wrong.", "nested too deeply")
    await ann.says("where is the exit?")
    await ann.sees("In front of you.")


async def test_a_file_that_is_too_large_for_a_chat_is_refused(desk: Desk, olga: Somebody, monkeypatch):
    monkeypatch.setattr("bot.delivery.article_import.LARGEST", 0)
    await olga.sends("document", "/faq import", name="answers.yaml", data=GOOD.encode())
    await olga.sees("Reading")
    await olga.sees("Nothing was taken", "more than 0 MB")
    monkeypatch.undo()
    monkeypatch.setattr("bot.delivery.article_import.MOST", 1)
    await olga.sends("document", "/faq import", name="answers.yaml", data=GOOD.encode())
    await olga.sees("Reading")
    await olga.sees("Nothing was taken", "more than 1 articles")


class TestWhereFormsAreAskedStepByStep:
    @pytest.fixture
    def house(self) -> House:
        return House(windows=False)

    async def test_a_file_for_a_form_is_not_taken_for_the_import_that_waits(self, desk: Desk):
        boss = await admin(desk, "Olga", language="uk")
        await boss.says("/faq import")
        await boss.sees(boss.told("file.awaited", command="faq import"))
        await boss.says("/new")
        await boss.catches_up()
        await boss.sends("document", "", name="photo.csv", data=WINDOWS)
        told = " ".join(line.text for line in await boss.catches_up())
        assert boss.told("faq.importing", name="photo.csv") not in told
        await boss.says("/cancel")
        await boss.catches_up()
        await boss.sends("document", "", name="answers.csv", data=WINDOWS)
        await boss.sees(boss.told("faq.importing", name="answers.csv"))
        await boss.catches_up()
