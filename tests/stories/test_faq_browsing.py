"""Answers to browse: by section, the popular ones, one's own favourites, by words, by a link; rendered as they are written."""

import pytest

from tests.stories.answers import admin, article, examples, now
from tests.stories.harness import LANGUAGES, QUEUE, Desk, House, Somebody, said_in

PASSWORD = "How do I reset my password?"


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: these stories are about the questions one by one."""
    return House(windows=False)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_sections_and_popular_answers(desk: Desk, language: str):
    iryna = desk.requester("Iryna", language=language)
    await examples(desk, *LANGUAGES)
    sections = await desk.records(lambda tx: tx.articles.sections(language))
    found, _ = await desk.records(lambda tx: tx.articles.page(language=language, section=sections[0][0]))
    best = found[-1]
    await desk.records(lambda tx: tx.articles.count(best.id, "helped"))
    back = said_in(language, "form.back")

    await iryna.says("/faq")
    popular = said_in(language, "faq.popular")
    await iryna.sees(
        said_in(language, "faq.title"), buttons=[popular, *(f"{name} ({count})" for name, count in sections)]
    )
    await iryna.presses(popular)
    shown = await iryna.sees(popular)
    assert (shown.buttons[0], shown.buttons[-2:]) == (best.question, ("›", back))
    await iryna.presses("›")
    assert (await iryna.sees(popular)).buttons[-3:] == ("‹", "›", back)
    await iryna.presses(back)
    await iryna.sees(said_in(language, "faq.title"))
    await iryna.presses(f"{sections[0][0]} ({sections[0][1]})")
    assert (await iryna.sees(sections[0][0])).buttons[0] == best.question
    await iryna.presses(best.question)
    await iryna.sees(
        best.question,
        buttons=[
            said_in(language, "answer.helped"),
            said_in(language, "answer.favour"),
            said_in(language, "answer.need"),
        ],
    )
    await iryna.presses(said_in(language, "answer.helped"))
    await iryna.sees(said_in(language, "answer.thanks"), buttons=[])
    assert (await now(desk, best.id)).helped == 1  # nobody asked a question: it counts for none


async def test_favourites_are_kept_at_hand(desk: Desk, ann: Somebody):
    await examples(desk, "en")
    await ann.says(PASSWORD)
    await ann.sees(PASSWORD)
    await ann.presses("⭐ Favourite")
    ann.sees_toast("⭐ Kept among your favourites.")
    await ann.says("/faq")
    front = await ann.sees("What is it about?")
    assert front.buttons[1] == "⭐ Favourites"
    await ann.presses("⭐ Favourites")
    await ann.sees("⭐ Favourites", buttons=[PASSWORD, "‹ Back"])
    await ann.presses("⭐ Favourite")
    ann.sees_toast("Put away from your favourites.")
    await ann.presses("‹ Back")
    assert "⭐ Favourites" not in (await ann.sees("What is it about?")).buttons


async def test_search_by_words(desk: Desk, ann: Somebody):
    await examples(desk, "en")
    await ann.says("/faq reset pasword")
    found = await ann.sees("This was found:")
    assert found.buttons[0] == PASSWORD
    await ann.presses(PASSWORD)
    await ann.sees(PASSWORD, buttons=["It helped", "⭐ Favourite", "I still need a person"])
    await ann.says("/faq my cat is on fire")
    await ann.sees("I don't have an answer to that yet.", buttons=["I still need a person"])


async def test_who_has_no_answers_in_their_language_browses_another(desk: Desk):
    iryna = desk.requester("Iryna", language="uk")
    await article(desk, PASSWORD, section="Accounts")
    await iryna.says("/faq")
    await iryna.sees(said_in("uk", "faq.title"), buttons=[said_in("uk", "faq.popular"), "Accounts (1)"])


async def test_nothing_to_browse(desk: Desk, ann: Somebody):
    await ann.says("/faq")
    await ann.sees("There are no answers here yet.", buttons=["I still need a person"])
    await ann.presses("I still need a person")
    await ann.sees("What is it about?")


async def test_a_link_to_an_answer(desk: Desk, ann: Somebody):
    await article(desk, PASSWORD, "Open **reset.example.com**")
    await ann.starts("faq_1")
    await ann.sees(PASSWORD, "Open reset.example.com", buttons=["It helped", "⭐ Favourite", "I still need a person"])
    for dead in ("faq_77", "faq_x", "faq_99999999999999999999", "faq_²"):
        await ann.starts(dead)
        await ann.sees("There is no article #")


async def test_markdown_becomes_formatting(desk: Desk, ann: Somebody):
    written = (
        "# Steps\n\n1. Open **the *site***\n2. Run `reset`\n   - or ~~not~~\n\n> quoted\n\n```\ncode <b>\n```\n\n"
        "See [the page](https://example.com/a?b=1&c=2) or [bad](javascript:alert)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "Broken **mark, <b>html</b> & _more"
    )
    await article(desk, PASSWORD, written)
    await ann.says(PASSWORD)
    shown = await ann.sees("Steps", "1. Open the site", "2. Run reset", "• or not", "code <b>", "a · b\n1 · 2")
    assert "Broken **mark, <b>html</b> & _more" in shown.text
    marked = set(shown.marked)
    assert {
        *(("bold", "Steps"), ("bold", "the site"), ("italic", "site"), ("code", "reset"), ("strike", "not")),
        *(("quote", "quoted"), ("pre", "code <b>"), ("link", "the page"), ("bold", PASSWORD)),
    } <= marked
    assert ("link", "bad") not in marked


async def test_an_answer_longer_than_a_message_is_split(desk: Desk, ann: Somebody):
    paragraphs = [f"Paragraph {number}: " + "word " * 60 for number in range(30)]
    await article(desk, PASSWORD, "\n\n".join(paragraphs))
    await ann.says(PASSWORD)
    parts = await ann.catches_up()
    assert len(parts) == 3
    assert all(len(part.text) <= 4096 for part in parts)
    together = "".join(part.text for part in parts)
    assert [f"Paragraph {number}:" in together for number in range(30)] == [True] * 30
    assert [bool(part.buttons) for part in parts] == [False, False, True]
    await ann.presses("It helped")
    last = (await ann.catches_up())[-1]
    assert ("Glad it helped!" in last.text, last.buttons) == (True, ())


async def test_an_answer_with_files(desk: Desk, ann: Somebody):
    olga = await admin(desk)
    await olga.says("/faq add Where is the canteen?")
    await olga.sees("The answer")
    await olga.sends("photo", "On the **second** floor.")
    await olga.sees("Other ways", "📎 1 file")
    for _ in range(2):
        await olga.presses("Skip")
        await olga.sees()
    await olga.sends("document")
    await olga.sees("The language", "📎 2 files")
    await olga.presses("English")
    await olga.sees("Please check", "📎 2 files")
    await olga.presses("Submit")
    await olga.sees("📎 2 files", buttons=[])
    await olga.sees("Article #1 is live")
    await ann.says("where is the canteen?")
    shown = await ann.catches_up()
    assert sorted(line.kind for line in shown if line.kind != "text") == ["document", "photo"]
    assert any("On the second floor." in line.text for line in shown)
    await ann.presses("It helped")
    again = await ann.catches_up()
    assert "Glad it helped!" in "".join(line.text for line in again)
    assert not [line for line in desk.stage.lines(ann.native, None) if line.buttons]
    assert len([line for line in desk.stage.lines(ann.native, None) if line.kind in ("photo", "document")]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_looks_after_the_answers_has_the_buttons_for_it(desk: Desk, language: str):
    olga, iryna = await admin(desk, language=language), desk.requester("Iryna", language=language)
    write, bring, every = (said_in(language, key) for key in ("front.add_answer", "faq.import", "faq.every"))
    await olga.says("/faq")
    none = await olga.sees(said_in(language, "faq.none"))
    assert none.buttons[-3:] == (write, every, bring)
    await olga.presses(bring)
    await olga.sees(said_in(language, "file.awaited", command="faq import"))
    await examples(desk, language)
    await olga.says("/faq")
    await olga.presses(every, on=await olga.sees(said_in(language, "faq.title")))
    assert (await olga.sees()).buttons[0].startswith("#1 ")
    await olga.says("/faq", at=QUEUE)
    shown = await olga.sees(said_in("en", "faq.title"), at=QUEUE)
    assert shown.buttons[-2:] == (said_in("en", "front.add_answer"), said_in("en", "faq.every"))
    await iryna.says("/faq")
    shown = await iryna.sees(said_in(language, "faq.title"))
    assert not {write, bring, every} & set(shown.buttons)


@pytest.mark.parametrize(
    ("language", "add", "list_", "change"),
    [("uk", "додати", "список", "змінити"), ("ru", "Добавить", "список", "изменить")],
)
async def test_second_words_are_of_their_language(desk: Desk, language: str, add: str, list_: str, change: str):
    olga, iryna = await admin(desk, language=language), desk.requester("Iryna", language=language)
    await olga.says(f"/faq {add} Де їдальня? = На другому поверсі.")
    await olga.sees("#1", "Де їдальня?")
    await olga.says(f"/faq {list_}")
    await olga.sees(said_in(language, "article.list", n=1))
    await olga.says(f"/faq {change} пароль")
    await olga.sees(said_in(language, "answer.unknown"))
    await iryna.says(f"/faq {add} Де їдальня? = Немає")
    await iryna.sees(said_in(language, "faq.found"), buttons=["Де їдальня?", said_in(language, "answer.need")])
