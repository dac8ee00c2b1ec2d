"""The story of a first day can be told in each language, is always the same, and is what the pages show."""

import pytest

from bot.demo.words import words
from tests.demo.pages import pages, transcript


async def test_the_pages_show_the_story_as_it_is_told():
    for page, text in pages(await transcript("en")):
        assert page.read_text(encoding="utf-8") == text, f"{page.name} is stale; run: make docs"


@pytest.mark.parametrize("language", ["uk", "ru"])
async def test_it_is_told_in_each_language(language):
    told = await transcript(language)
    spoken = words(language)
    for scene in spoken.scenes:
        assert scene in told
    for key in ("answer.helped", "answer.need", "button.claim", "receipt.delivered", "rate.ask", "teach.new"):
        assert spoken.desk(key) in told
    english = words("en")
    assert english.desk("answer.need") not in told
    note = spoken.said["note"]
    assert told.count(note) == 1  # the team's own: it stands where it was said, and nowhere else


def test_the_languages_tell_the_same_story():
    told = [words(language) for language in ("en", "uk", "ru")]
    assert len({tuple(one.said) for one in told}) == 1
    assert len({len(one.scenes) for one in told}) == 1
    assert len({tuple(one.places) for one in told}) == 1
