"""What an admin types as an answer is what people read, sign by sign; what would be formatting is shown and asked about."""

import pytest

from tests.stories.answers import admin
from tests.stories.harness import LANGUAGES, Desk, Somebody, said_in


@pytest.mark.parametrize("language", LANGUAGES)
async def test_numbers_to_dial_are_read_as_they_were_typed(desk: Desk, ann: Somebody, language: str):
    boss = await admin(desk, "Olga", language=language)
    await boss.says("/faq add How do I see my balance? = Dial *100*1# (5*3*2 is a tariff)")
    told = await boss.sees(said_in(language, "article.live", article=1, question="How do I see my balance?"))
    assert said_in(language, "article.keep_typed") not in told.buttons  # there is nothing to ask
    await ann.says("how do I see my balance")
    await ann.sees("Dial *100*1# (5*3*2 is a tariff)")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_would_be_formatting_is_shown_and_kept_as_typed_by_one_press(
    desk: Desk, ann: Somebody, language: str
):
    boss = await admin(desk, "Olga", language=language)
    await boss.says("/faq add Where are the settings? = In __init__.py, see C:\\Projects\\*")
    await boss.sees(said_in(language, "article.reads"), "In init.py, see C:\\Projects*")
    await boss.presses(said_in(language, "article.keep_typed"))
    await boss.sees("In __init__.py, see C:\\Projects\\*")
    await ann.says("where are the settings")
    await ann.sees("In __init__.py, see C:\\Projects\\*")
