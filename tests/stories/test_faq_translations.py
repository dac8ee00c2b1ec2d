"""Articles that say the same in different languages: written from one another, tied, shown to each reader in their own."""

import pytest

from tests.stories.answers import admin, article, now
from tests.stories.harness import Desk, House, said_in

MAIL, VPN = "How do I read my mail at home?", "VPN does not connect"


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: this story is about the questions one by one."""
    return House(windows=False)


@pytest.mark.parametrize("language", ["uk", "en"])
async def test_each_reads_an_answer_in_their_own_language(desk: Desk, language: str):
    boss, ann = await admin(desk, language=language), desk.requester("Ann", language="uk")
    mail = await article(desk, MAIL, "By the web.")
    await boss.says("/faq show 1")
    assert said_in(language, "article.untranslated", languages=["Українська"]) not in (await boss.sees(MAIL)).text

    await article(desk, "Принтер зминає папір", "Кличте нас.", language="uk")
    await boss.says("/faq show 1")
    await boss.sees(MAIL, said_in(language, "article.untranslated", languages=["Українська"]))
    await boss.presses(said_in(language, "article.translate", spoken="Українська"))
    await boss.sees(MAIL, "By the web.")
    await boss.sees(said_in(language, "article.question"))
    for words in ("Як читати пошту з дому?", "Через браузер."):
        await boss.says(words)
        await boss.sees()
    await boss.presses(said_in(language, "form.skip"))
    while said_in(language, "form.submit") not in (line := await boss.sees()).buttons:
        await boss.presses(said_in(language, "form.skip"), on=line)
    await boss.presses(said_in(language, "form.submit"))
    await boss.catches_up()
    assert (await now(desk, 3)).translates == mail.id

    await ann.says(MAIL)  # asked in English, read in Ukrainian
    await ann.sees("Як читати пошту з дому?", "Через браузер.")
    await ann.presses(said_in("uk", "answer.helped"))
    await ann.sees(said_in("uk", "answer.thanks"))
    assert ((await now(desk, 1)).helped, (await now(desk, 3)).helped) == (0, 1)

    await article(desk, VPN, "Restart it.")
    await boss.says("/faq translation 4 3")  # which says what 1 says, in the language of 4
    await boss.sees(said_in(language, "refused.article_told", article=1, spoken="English"))
    await boss.says("/faq translation 4 2")
    await boss.sees(VPN, said_in(language, "article.translations", articles=["Українська #2"]))
    await boss.presses(said_in(language, "article.untie"))
    await boss.sees(VPN, said_in(language, "article.untranslated", languages=["Українська"]))
    await boss.says("/faq list")
    await boss.sees(said_in(language, "article.list", n=4))
    await boss.presses(said_in(language, "article.list_untranslated", n=2))
    listed = await boss.sees(said_in(language, "article.all_untranslated", n=2))
    assert listed.buttons[:2] == ("#2 Принтер зминає папір", f"#4 {VPN}")
