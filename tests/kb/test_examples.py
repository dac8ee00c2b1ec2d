"""The example knowledge bases answer what people ask of them."""

import pytest

from kb import Index, Sure, Unknown
from kb.files.examples import LANGUAGES, example_articles


@pytest.fixture(scope="module")
def index() -> Index:
    return Index([article for language in LANGUAGES for article in example_articles(language)], encoder=None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_base_is_whole(language: str) -> None:
    articles = example_articles(language)
    assert 38 <= len(articles) <= 45
    assert all(3 <= len(article.aliases) <= 5 and article.section for article in articles)
    assert {article.language for article in articles} == {language}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrasing_finds_its_article(index: Index, language: str) -> None:
    for article in example_articles(language):
        for text in article.phrasings:
            verdict = index.find(f"{text}!", language)
            assert isinstance(verdict, Sure), text
            assert verdict.candidates[0].article_id == article.id


@pytest.mark.parametrize(
    ("text", "language", "article"),
    [
        ("доброго дня! підкажіть як поміняти пароль на вайфай?", "uk", "uk-wifi-password"),
        ("інтернет пропав", "uk", "uk-no-internet"), ("оплатив але гроші не зарахувались", "uk", "uk-paid-not-credited"),
        ("zminyty taryf", "uk", "uk-change-tariff"), ("pvsybnb nfhba", "uk", "uk-change-tariff"),
        ("не прийшов майстер", "uk", "uk-visit-time"), ("пропал инернет", "ru", "ru-no-internet"),
        ("ne rabotaet internet", "ru", "ru-no-internet"), ("yt hf,jnftn bynthytn", "ru", "ru-no-internet"),
        ("нужен белый ip адрес", "ru", "ru-static-ip"), ("хочу расторгнуть контракт", "ru", "ru-terminate"),
        ("the printer isnt printing", "en", "en-printer"), ("forgoten my pasword", "en", "en-password"),
        ("мзт вщуы тще сщттусе", "en", "en-vpn"), ("someone stole my laptop!!", "en", "en-lost"),
        ("hello, could you please tell me how to book a meeting room? thanks a lot 🙏", "en", "en-room"),
    ],
)  # fmt: skip
def test_people_are_understood(index: Index, text: str, language: str, article: str) -> None:
    verdict = index.find(text, language)
    assert not isinstance(verdict, Unknown)
    assert verdict.candidates[0].article_id == article


def test_a_question_inside_a_long_message(index: Index) -> None:
    story = "Ми живемо тут уже сім років і завжди були задоволені. Учора приїхали з дачі, діти хотіли мультики. "
    text = f"{story * 3} Забув пароль від кабінету. {story}"
    assert "uk-password" in [c.article_id for c in index.find(text, "uk").candidates]


@pytest.mark.parametrize(("language", "article"), [("uk", "uk-virus"), ("ru", "ru-virus")])
def test_the_language_of_the_person_comes_first(index: Index, language: str, article: str) -> None:
    assert index.find("антивирус вірус комп'ютер", language).candidates[0].article_id == article


@pytest.mark.parametrize("text", ["яка погода завтра", "кто выиграл матч", "tell me a joke", "рецепт борщу", "2+2"])
def test_strangers_get_no_answer(index: Index, text: str) -> None:
    assert not isinstance(index.find(text), Sure)
