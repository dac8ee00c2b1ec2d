"""Files as people keep them: shown before anything changes, taken with one press, undone with another."""

import pytest

from tests.stories.answers import admin, article
from tests.stories.harness import Desk
from tests.stories.kept_files import KEPT, Kept


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT.keys())
async def test_a_file_is_shown_taken_and_undone(desk: Desk, kept: Kept):
    own = await article(desk, "Де ви є?", "На розі Липової.", language="uk")
    olga = await admin(desk, language="uk")
    iryna = desk.requester("Iryna", language=kept.languages[-1])
    await olga.sends("document", "/faq import", name=kept.name, data=kept.data)
    await olga.sees(f"Читаю файл {kept.name}…")
    await olga.sees(f"Що змінить {kept.name}", f"Нових: {kept.articles} · змінених: 0", *kept.told)
    assert await everything(desk) == {own.question: own.answer}  # nothing has changed so far

    await olga.presses(f"Прийняти {kept.articles}")
    await olga.sees(f"Приймаю {kept.name}…")
    await olga.sees(f"Прийнято: нових {kept.articles}, змінених 0, без змін 0.", buttons=["Скасувати імпорт"])
    there = await everything(desk)
    assert len(there) == kept.articles + 1
    assert there[own.question] == own.answer
    await iryna.says(kept.question)
    await iryna.sees(kept.question, kept.answer)

    await olga.presses("Скасувати імпорт")
    await olga.sees("Скасувати весь імпорт?", f"Буде прибрано: {kept.articles}")
    await olga.presses("Так, повернути як було")
    await olga.sees(f"Імпорт скасовано: прибрано {kept.articles}, повернуто 0.")
    assert await everything(desk) == {own.question: own.answer}


async def test_columns_that_cannot_be_told_are_asked_for(desk: Desk):
    olga = await admin(desk)
    table = "Код;Коротко;Докладно\n1;Що робити з ключем?;Здати вахтеру.\n2;Хто вахтер?;Пан Остап.\n"
    await olga.sends("document", "/faq import", name="вахта.csv", data=table.encode())
    await olga.sees("Reading вахта.csv…")
    await olga.sees("What вахта.csv would change", "⚠️ The columns are guessed", "the question ← B (Коротко)")
    await olga.presses("Other columns…")
    await olga.sees("Which column holds the questions?", buttons=["A Код", "B Коротко", "C Докладно"])
    await olga.presses("C Докладно")
    await olga.sees("And which one holds the answers?")
    await olga.presses("B Коротко")
    await olga.sees("Reading вахта.csv…")
    shown = await olga.sees("What вахта.csv would change", "the question ← C (Докладно), the answer ← B (Коротко)")
    assert "guessed" not in shown.text
    await olga.presses("Cancel")
    await olga.sees("Everything stays as it was.")
    assert await everything(desk) == {}


async def test_a_table_without_answers_is_asked_about(desk: Desk):
    olga = await admin(desk)
    table = "Питання;Так\nЧи є пандус?;так\nЧи є ліфт?;так\n"
    await olga.sends("document", "/faq import", name="будинок.csv", data=table.encode())
    await olga.sees("Reading")
    await olga.sees("Which column holds the questions?")
    await olga.presses("A Питання")
    await olga.sees("And which one holds the answers?")
    await olga.presses("B Так")
    await olga.sees("Reading")
    await olga.sees("New: 2")


async def test_a_charset_that_cannot_be_found_is_asked_for(desk: Desk):
    olga = await admin(desk)
    table = "question,answer\nWhere is the café?,Left.\n".encode("cp1252")
    await olga.sends("document", "/faq import", name="cafe.csv", data=table)
    await olga.sees("Reading")
    await olga.sees("it cannot be told what the file is saved in", "What is the file saved in?")
    await olga.presses("CP1252")
    await olga.sees("Reading")
    await olga.sees("New: 1", "Where is the café?", "The file is saved in cp1252.")


async def test_a_strangers_numbers_replace_nothing(desk: Desk):
    """The file's ids are those of articles here, and mean others: forty answers of a desk were once lost so."""
    mine = [await article(desk, f"Own question about thing{n}?", f"Own {n}.") for n in range(40)]
    rows = [f"{one.id},Foreign matter number{one.id}?,Foreign {one.id}." for one in mine]
    olga = await admin(desk)
    data = "\n".join(["id,question,answer", *rows]).encode()
    await olga.sends("document", "/faq import", name="table.csv", data=data)
    await olga.sees("Reading")
    await olga.sees(
        "New: 40 · changed: 0 · as they are: 0 · not in the file, left alone: 40", "40 places where the file and the"
    )
    await olga.presses("Take 40")
    await olga.sees("Taking")
    await olga.sees("Taken: 40 new, 0 changed")
    there = await everything(desk)
    assert [there[one.question] for one in mine] == [one.answer for one in mine]
    assert len(there) == 80


async def test_what_a_file_does_not_speak_of_stays_and_what_was_changed_since_is_not_undone(desk: Desk):
    kept = await article(desk, "Where is the pool?", "Behind the hall.", section="Sport", aliases=["place to swim"])
    other = await article(desk, "Where is the sauna?", "Downstairs.", section="Sport", aliases=["place to sweat"])
    olga = await admin(desk)
    data = b"question,answer\nWhere is the pool?,Beside the hall.\nWhere is the sauna?,Upstairs.\nWhere is the bar?,Outside.\n"
    await olga.sends("document", "/faq import", name="table.csv", data=data)
    await olga.sees("Reading")
    await olga.sees("New: 1 · changed: 2", f"~ #{kept.id} Where is the pool?: the answer")
    await olga.presses("Take 3")
    await olga.sees("Taking")
    await olga.sees("Taken: 1 new, 2 changed, 0 as they were.")
    now = await desk.records(lambda tx: tx.articles.get(kept.id))
    assert (now.answer, now.section, now.aliases) == ("Beside the hall.", "Sport", ("place to swim",))
    await olga.says(f"/faq alias {other.id} hot room")
    await olga.sees("can be asked in 2 other ways")
    await olga.presses("Take it back")
    await olga.sees("Take the whole import back?", "Removed again: 1 · as before: 2")
    await olga.presses("Yes, take it back")
    await olga.sees("Taken back: 1 removed, 1 as before.", "1 answer was changed since and stays.")
    assert await everything(desk) == {"Where is the pool?": "Behind the hall.", "Where is the sauna?": "Upstairs."}


async def test_what_changed_since_it_was_shown_is_shown_anew(desk: Desk):
    olga = await admin(desk)
    data = b"question,answer\nWhere is the bar?,Outside.\n"
    await olga.sends("document", "/faq import", name="table.csv", data=data)
    await olga.sees("Reading")
    await olga.sees("New: 1")
    await article(desk, "Where is the bar?", "Inside.")
    await olga.presses("Take 1")
    await olga.sees("Taking")
    await olga.sees("The answers have changed since you saw this.")
    await olga.sees("New: 0 · changed: 1")
    await olga.presses("Take 1")
    await olga.sees("Taking")
    await olga.sees("Taken: 0 new, 1 changed")


async def everything(desk: Desk) -> dict[str, str]:
    """Return what is answered now."""
    return {row.question: row.answer for row in await desk.records(lambda tx: tx.articles.everything())}
