"""What a person types, and what the knowledge base says to it."""

from itertools import pairwise

import pytest

from kb import Article, Index, Maybe, Sure, Unknown

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
def test_the_right_article_comes_first(index: Index, text: str, article: int) -> None:
    verdict = index.find(text)
    assert isinstance(verdict, Sure | Maybe)
    assert verdict.candidates[0].article_id == article


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
