"""What a person types, and what the knowledge base says to it."""

from itertools import pairwise

import pytest

from kb import Article, Index, Sure, Unknown

BASE = (
    Article(1, "Не працює інтернет", "Перезапуск.", ("зник інтернет", "немає інтернету вдома"), language="uk"),
    Article(2, "Як змінити пароль від Wi-Fi?", "…", ("забув пароль вайфай", "поміняти пароль wi-fi"), language="uk"),
    Article(3, "Как оплатить счёт картой?", "…", ("оплата картой", "хочу оплатить интернет"), language="ru"),
    Article(4, "Как вызвать мастера на дом?", "…", ("нужен мастер", "вызов специалиста"), language="ru"),
    Article(5, "How do I reset my email password?", "…", ("forgot my mail password", "mailbox password reset")),
    Article(6, "The printer does not print", "…", ("printer is not working", "cannot print a document")),
)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(BASE)


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("Не працює інтернет!!!", 1), ("не працюе інтернт", 1), ("інтернет не працює", 1), ("yt ghfw.' synthytn", 1),
        ("ne pratsyuye internet", 1), ("добрий день, не працює інтернет, допоможіть будь ласка 🙏", 1),
        ("поменять пароль wi-fi", 2), ("pabyv parol vaifai", 2), ("оплатить картой счет", 3), ("jgkfnf rfhnjq", 3),
        ("oplata kartoj", 3), ("мне нужен мастер", 4), ("нужны мастера", 4), ("reset email pasword", 5),
        ("кфіуе ьн уьфшд зфііцщкв", 5), ("hi! my printer is not printing, please help", 6), ("зкштеук тще цщклштп", 6),
    ],
)  # fmt: skip
def test_the_right_article_is_surely_found(index: Index, text: str, article: int) -> None:
    verdict = index.find(text)
    assert isinstance(verdict, Sure)
    assert verdict.candidates[0].article_id == article


LONG = {
    "Доброго дня! Я ваш клієнт уже п'ять років і ніколи не скаржився на жодну дрібницю чи затримку. Сьогодні зранку прийшли "
    "гості з дітьми, і ми хотіли разом подивитися футбол у вітальні. Не працює інтернет. Сусіди з третього поверху кажуть, "
    "що в них усе добре, тому я вже не знаю, на кого гніватися.": 1,
    "Hello, I have been with you since the spring and like it here very much. My colleague from the second floor told me to "
    "write to this address. The printer does not print. We have a meeting with our partners at noon and nobody here knows "
    "what to do about it any more.": 6,
}


@pytest.mark.parametrize("text", list(LONG))
def test_of_a_long_text_each_sentence_is_read(index: Index, text: str) -> None:
    found = index.find(text)
    assert isinstance(found, Sure)
    assert found.candidates[0].article_id == LONG[text]
    asks = [sentence for sentence in text.split(". ") if isinstance(index.find(sentence), Sure)]
    assert len(asks) == 1, "it is found by the one sentence that asks"
    others = text.replace(asks[0], "")
    assert not isinstance(index.find(others), Sure), "and by nothing beside it"


@pytest.mark.parametrize(
    ("polite", "plain"),
    [
        ("добрий день, будь ласка, підкажіть, не працює інтернет, дуже дякую", "не працює інтернет"),
        ("hi! could you please help, the printer does not print, thanks in advance", "the printer does not print"),
        ("здравствуйте, подскажите пожалуйста, как оплатить счёт картой, спасибо", "как оплатить счёт картой"),
    ],
)
def test_politeness_takes_nothing_from_a_question(index: Index, polite: str, plain: str) -> None:
    heard, asked = index.find(polite), index.find(plain)
    assert isinstance(heard, Sure)
    assert heard.candidates[0].article_id == asked.candidates[0].article_id
    assert heard.candidates[0].confidence >= asked.candidates[0].confidence - 0.1


@pytest.mark.parametrize("text", ["я", "ні", "7", "", "?", "що це", "как", "the", "ок", "дякую", "hello", "1234", "🙏"])
def test_a_short_accident_is_never_an_answer(index: Index, text: str) -> None:
    assert index.find(text) == Unknown()


@pytest.mark.parametrize("text", ["яка сьогодні погода у львові", "расскажи анекдот", "who won the match yesterday"])
def test_a_stranger_is_not_answered(index: Index, text: str) -> None:
    assert not isinstance(index.find(text), Sure)


def test_candidates_are_few_ordered_and_probable(index: Index) -> None:
    found = index.find("пароль wi-fi забув").candidates
    assert 1 <= len(found) <= 3
    assert all(0 <= c.confidence <= 1 for c in found)
    assert all(a.confidence >= b.confidence for a, b in pairwise(found))
    assert found[0].phrasing in BASE[1].phrasings


def test_nothing_to_answer_from() -> None:
    assert Index([]).find("не працює інтернет") == Unknown()


def test_what_is_put_answers_at_once_and_what_is_dropped_does_not() -> None:
    index = Index(BASE)
    index.put(Article("vpn", "VPN does not connect", "…", ("vpn error",)))
    assert index.find("vpn does not connect").candidates[0].article_id == "vpn"
    index.put(Article("vpn", "Tunnel is down", "…"))
    assert all(c.confidence < 1 for c in index.find("vpn does not connect").candidates)
    index.drop("vpn")
    index.drop("vpn")
    assert all(c.article_id != "vpn" for c in index.find("tunnel is down").candidates)
