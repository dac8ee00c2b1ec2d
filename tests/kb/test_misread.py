"""A text is read as typed otherwise only where it looks so: clean words and slips of the finger stay what they are."""

import json

import pytest

from kb import Article, Index
from kb.text.letter_pairs import turned_likelier, typed_in_latin
from tests.bench import kb_letters

UKRAINIAN = Index(
    [
        Article("password", "Як змінити пароль?", "", ("забув пароль від кабінету", "мені треба новий пароль")),
        Article("bank", "Коли банк надішле смс?", "", ("не прийшло смс від банку", "вартість плану, стан рахунку")),
        Article(
            "stories", "Де замовити штори?", "", ("чи прийде кур'єр", "дані про замовлення", "меню"), language="uk"
        ),
    ],
    encoder=None,
)
ENGLISH = Index(
    [
        Article(
            "card",
            "Here is the card, can I block her?",
            "",
            ("the cells of this table ask me", "vt and he, via his kid"),
        ),
        Article("time", "What time does it start?", "", ("did you eat", "bye, that is fine", "why is it off")),
    ],
    encoder=None,
)
RUSSIAN = Index(
    [Article("data", "Где мои данные?", "", ("поставь на паузу", "какая стать, энергии нет"))], encoder=None
)


@pytest.mark.parametrize(
    ("index", "texts"),
    [
        (ENGLISH, "беру|ешь|баку|рублів|собаку|рубашку|суду|вів|міф|ще гірші|ілюсь|еге-ж|екшн сцени|ІТ сфери|каждуе|мебешь"),
        (UKRAINIAN, "plan|state|sms|bank|story|live|about|men|pro|how do i get a new card|what would it cost"),
        (UKRAINIAN, "парлоь|забуд пароль|банкк|мекні треба|штри|прийдк курєр|Більше PR у Kyiv Post і на Interactive Brokers"),
        (RUSSIAN, "поствь TV н паузу|гдк мои даные|energy|stat|semi|program|i need to set an alarm"),
    ],
)  # fmt: skip
def test_what_is_clean_or_only_mistyped_is_read_as_it_is(index: Index, texts: str) -> None:
    assert {
        text: how for text in texts.split("|") if (how := index.explain(text).how) not in ("typed", "exact", "")
    } == {}


@pytest.mark.parametrize(
    ("index", "text", "found"),
    [
        (UKRAINIAN, "gfhjkm", "password"), (UKRAINIAN, "Зr pvsybnb gfhjkm", "password"),
        (UKRAINIAN, "yt ghbqikj cvc dsl ,fyre", "bank"), (UKRAINIAN, "zabuv parol vid kabinetu", "password"),
        (UKRAINIAN, "shtory", "stories"), (ENGLISH, "здуфіу ищсл еру сфкв", "card"), (ENGLISH, "црфе ешьу вщуы ше ыефке", "time"),
        (RUSSIAN, "gjcnfdm yf gfepe", "data"),
    ],
)  # fmt: skip
def test_what_was_typed_otherwise_is_found(index: Index, text: str, found: str) -> None:
    assert [one.article_id for one in index.find(text).candidates][:1] == [found]


def test_one_word_of_either_alphabet_is_found_and_stays_what_it_is() -> None:
    read = UKRAINIAN.explain("bank")
    assert (read.how, read.words) == ("typed", ("bank", "банк"))
    assert read.candidates[0].article_id == "bank"


def test_letters_tell_a_layout_and_an_alphabet() -> None:
    assert turned_likelier(["ghbdsn"], "layout:en-uk") > 5 > 0 > turned_likelier(["hello"], "layout:en-uk")
    assert turned_likelier(["руддщ"], "layout:uk-en") > 5 > 0 > turned_likelier(["привіт"], "layout:uk-en")
    assert typed_in_latin(["zabuv", "kabinet"]) > 0 > typed_in_latin(["which", "one"])


def test_the_table_has_a_digit_for_each_pair() -> None:
    tables = json.loads(kb_letters.WRITTEN.read_text(encoding="utf-8"))
    for language, letters in {**kb_letters.LETTERS, "latin": kb_letters.LETTERS["en"]}.items():
        assert tables[language]["letters"] == " " + letters
        assert [len(row) for row in tables[language]["rows"]] == [len(letters) + 1] * (len(letters) + 1)
        assert "".join(tables[language]["rows"]).isdigit()
