"""Phrases: a key and facts become words in the reader's language and at the reader's hour."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.vocabulary.messages import Phrase, RichText, phrase
from handlers.vocabulary.translations import LANGUAGES, Locale, Texts, Translator, known_language, moment_text

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OWN: dict[str, Texts] = {
    "en": {"greeting": "Hello, {name}!", "when": "At {at}.", "many": ("{n} item", "{n} items"), "list": "{all}"},
    "uk": {"greeting": "Вітаю, {name}!", "many": ("{n} річ", "{n} речі", "{n} речей")},
}
SPEECH = Translator(OWN)


def say(key, language="en", zone="UTC", now=NOON, **facts):
    return SPEECH.say(phrase(key, **facts), Locale(language, zone), now)


def test_the_readers_language_comes_first_and_then_english():
    assert say("greeting", "uk", name="Ann") == "Вітаю, Ann!"
    assert say("greeting", "ru", name="Ann") == "Hello, Ann!"
    assert say("list", "uk", all="x") == "x"


def test_the_desks_own_text_comes_before_the_catalogue():
    assert Translator().say("plain text", Locale()) == "plain text"
    assert Translator({"uk": {"form.yes": "Еге ж"}}).say(Phrase("form.yes"), Locale("uk")) == "Еге ж"
    assert Translator().say(Phrase("form.yes"), Locale("uk")) == "Так"


def test_a_key_that_nobody_knows_is_an_error():
    with pytest.raises(KeyError, match="no_such_key"):
        say("no_such_key")


@given(st.text(max_size=30))
def test_what_people_wrote_stays_as_it_is(name):
    """A brace in somebody's name is no place for a fact."""
    assert say("greeting", name=name) == f"Hello, {name}!"


def test_facts_may_be_phrases_words_lists_and_times():
    assert say("greeting", "uk", name=phrase("greeting", name="Ann")) == "Вітаю, Вітаю, Ann!!"
    assert say("greeting", name=RichText("Ann")) == "Hello, Ann!"
    assert say("list", all=[1, "two", RichText("three")]) == "1, two, three"
    assert say("list", all=timedelta(hours=2)) == "2 hours"
    assert SPEECH.say(phrase("list", all=timedelta(hours=2)), Locale("uk"), NOON) == "2 години"


@pytest.mark.parametrize(
    ("language", "zone", "said"),
    [("en", "UTC", "12:00"), ("en", "Europe/Kyiv", "14:00"), ("en", "Asia/Tokyo", "21:00")],
)
def test_a_time_today_is_its_hour_where_the_reader_is(language, zone, said):
    assert moment_text(NOON, Locale(language, zone), NOON) == said


def test_a_time_on_another_day_of_the_reader_says_the_day():
    late = NOON.replace(hour=22)
    assert moment_text(late, Locale("en", "UTC"), NOON) == "22:00"
    assert moment_text(late, Locale("en", "Europe/Kyiv"), NOON) == "3 Mar, 00:00"  # there it is tomorrow
    assert moment_text(late, Locale("uk", "Europe/Kyiv"), NOON) == "3 бер., 00:00"
    assert moment_text(NOON, Locale("en", "UTC")) == "2 Mar, 12:00"


@pytest.mark.parametrize(
    ("n", "said"), [(1, "1 річ"), (2, "2 речі"), (5, "5 речей"), (11, "11 речей"), (21, "21 річ"), (104, "104 речі")]
)
def test_the_desks_own_plural_follows_the_languages_rule(n, said):
    assert say("many", "uk", n=n) == said


def test_a_messengers_code_means_one_of_our_languages():
    codes = {"uk": "uk", "en-US": "en", "ru_RU": "ru", "UK": "uk", "de": "en", "": "en", None: "en", "ukr": "en"}
    assert {code: known_language(code) for code in codes} == codes
    assert known_language("de", "uk") == "uk"
    assert all(known_language(code) == code for code in LANGUAGES)


def test_times_in_a_phrase_are_known_as_times(monkeypatch):
    speech = Translator({"en": {"x.one": "{who}: by {due}, {inner}", "x.two": "or {late} ({mark})"}})
    inner = phrase("x.two", late=NOON + timedelta(days=1), mark="\ue0000\ue001")
    said = speech.words(
        phrase("x.one", who="Ann \ue0007\ue001", due=NOON, inner=inner), Locale("en", "Europe/Kyiv"), NOON
    )
    times = [(said.text[span.start : span.end], span.kind, span.url) for span in said.spans]
    late = int((NOON + timedelta(days=1)).timestamp())
    first, second = ("14:00", "date", f"{int(NOON.timestamp())} EET"), ("3 Mar, 14:00", "date", f"{late} EET")
    assert times[:2] == [first, second]
    assert said.text.startswith("Ann ")
    assert (
        speech.say(phrase("x.one", who="Ann", due=NOON, inner="soon"), Locale("en", "UTC"), NOON)
        == "Ann: by 12:00, soon"
    )
