"""An answer leads on to others: what stands in it as a link is a button below it."""

import pytest

from tests.stories.answers import admin, article, now
from tests.stories.harness import Desk, said_in

WORDS = {  # the first question, its answer around the link, and what it leads on to
    "en": (
        "How do I read my mail at home?",
        "First [connect the VPN](#1).",
        "First connect the VPN.",
        "VPN does not connect",
    ),
    "uk": ("Як читати пошту з дому?", "Спершу [увімкніть VPN](#1).", "Спершу увімкніть VPN.", "VPN не підключається"),
}


@pytest.mark.parametrize("language", WORDS)
async def test_an_answer_leads_on_to_another(desk: Desk, language: str):
    mail, answer, read, vpn = WORDS[language]
    boss, ann = await admin(desk, language=language), desk.requester("Ann", language=language)
    one = await article(desk, vpn, "Restart it.", language=language)
    await boss.says(f"/faq add {mail} = {answer.replace('#1', '#99')}")
    await boss.sees(said_in(language, "refused.article_link", article=99))
    await boss.says(f"/faq add {mail} = {answer}")
    await boss.sees(mail)

    await ann.says(mail)
    shown = await ann.sees(mail, read)
    assert shown.buttons[:2] == (vpn, said_in(language, "answer.helped"))
    await ann.presses(vpn)
    await ann.sees(
        "Restart it.", buttons=[said_in(language, name) for name in ("answer.helped", "answer.favour", "answer.need")]
    )
    await ann.presses(said_in(language, "answer.helped"))
    await ann.sees(said_in(language, "answer.thanks"))
    assert ((await now(desk, 1)).helped, (await now(desk, 2)).helped) == (1, 0)

    await boss.says(f"/faq delete {one.id}")
    await boss.sees(said_in(language, "article.linked_from", articles=["#2"]))
    await boss.presses(said_in(language, "article.delete"))
    await boss.sees(said_in(language, "article.deleted", article=one.id))
    await ann.says(mail)
    assert vpn not in (await ann.sees(mail, read)).buttons
