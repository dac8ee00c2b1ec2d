"""What is put and dropped is as if it had always been so; readers never wait."""

import random
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import Article, Index, Unknown
from kb.files.examples import example_articles
from kb.matching.encoders import Remembering
from kb.matching.segment import Floats

POOL = (*example_articles("uk"), *example_articles("en"))
ASKED = (
    "пропав інтернет",
    "як змінити тариф",
    "де мої гроші",
    "printer is broken",
    "forgot password",
    "погода",
    "vpn error",
)


def told(index: Index) -> list[tuple[str, list[tuple[int | str, float]]]]:
    verdicts = [index.find(text) for text in ASKED]
    return [(type(v).__name__, [(c.article_id, round(c.confidence, 2)) for c in v.candidates]) for v in verdicts]


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, len(POOL) - 1)), max_size=30))
def test_put_and_drop_equal_a_fresh_build(steps: list[tuple[bool, int]]) -> None:
    kept = {article.id: article for article in POOL[:30]}
    index = Index(kept.values(), encoder=None)
    for adds, at in steps:
        article = POOL[at]
        if adds:
            kept.pop(article.id, None)
            kept[article.id] = article
            index.put(article)
        else:
            kept.pop(article.id, None)
            index.drop(article.id)
    index.settle()
    assert told(index) == told(Index(kept.values(), encoder=None))
    assert len(index) == len(kept)


def test_what_is_put_is_found_before_it_is_weighed() -> None:
    index = Index(POOL, encoder=None)
    for number in range(60):
        start = time.perf_counter()
        index.put(Article(number, f"Питання про термоперетворювач {number}", "так", (f"термопара {number}",), (), "uk"))
        found = index.find(f"термоперетворювач {number}")
        assert found.candidates[0].article_id == number
        assert time.perf_counter() - start < 1.0  # some milliseconds; a rebuild would be a stall
    index.settle()
    assert index.find("питання про термоперетворювач 7").candidates[0].article_id == 7


def test_an_index_emptied_and_filled_again() -> None:
    index = Index(POOL[:3], encoder=None)
    for article in POOL[:3]:
        index.drop(article.id)
    assert index.find("пропав інтернет") == Unknown()
    index.put_all(POOL[:3])
    assert index.find("пропав інтернет").candidates


def test_a_word_that_was_asked_before_the_base_had_it_is_known_from_then_on() -> None:
    index = Index(POOL[:30], encoder=None)
    assert index.explain("rjgsh gjkfvfdcz").how == "typed"
    index.put(Article("copier", "Копір поламався", "Викличемо майстра.", (), (), "uk"))
    assert index.explain("rjgsh gjkfvfdcz").words == ("копир", "поламався")
    index.drop("copier")
    index.settle()
    assert index.explain("rjgsh gjkfvfdcz").how == "typed"


def test_what_is_found_in_one_language_is_told_in_the_readers_own() -> None:
    ours = Article("door", "How does the door open?", "Push.", language="en", group="door")
    index = Index([*POOL[:9], ours], encoder=None)
    asked = "how does the door open"
    assert index.find(asked, "uk").candidates[0].article_id == "door"
    index.put(Article("двері", "Як відчинити двері?", "Штовхніть.", language="uk", group="door"))
    assert [index.find(asked, language).candidates[0].article_id for language in ("uk", "en", "ru", None)] == [
        "двері",
        "door",
        "door",
        "door",
    ]
    index.put(Article("двері", "Як відчинити двері?", "Штовхніть.", language="uk"))
    assert index.find(asked, "uk").candidates[0].article_id == "door"


def test_how_well_a_word_is_known_is_remembered_for_so_many_words() -> None:
    snapshot = Index(POOL[:3], encoder=None)._store.snapshot
    words = [f"{number}" for number in range(10_000)]
    snapshot.coverage(words)
    assert len(snapshot._shares) == 10_000
    assert snapshot.coverage([*words[1:], "интернет"]) == pytest.approx(8 / (8 + sum(map(len, words[1:]))))
    assert len(snapshot._shares) == 1


@pytest.mark.slow
def test_readers_and_writers_together() -> None:
    index = Index(POOL, encoder=None)
    failures: list[BaseException] = []
    slowest = [0.0]
    stop = threading.Event()

    def read() -> None:
        rng = random.Random(threading.get_ident())
        try:
            while not stop.is_set():
                start = time.perf_counter()
                index.find(rng.choice(ASKED), rng.choice(("uk", "en", None)))
                slowest[0] = max(slowest[0], time.perf_counter() - start)
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    rng = random.Random(1)
    for number in range(300):
        article = rng.choice(POOL)
        index.drop(article.id) if number % 3 == 0 else index.put(article)
    stop.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert slowest[0] < 2.0  # a busy machine; what matters is that nobody waits for a rebuild
    index.settle()


class Toy:
    """An encoder that knows two meanings."""

    calls = 0

    def encode(self, texts: list[str]) -> Floats:
        self.calls += 1
        hot = [any(word in text for word in ("сонечко", "спека", "жарко")) for text in texts]
        return np.array([[1.0, 0.1] if warm else [0.1, 1.0] for warm in hot], np.float32)


@pytest.fixture
def weather() -> list[Article]:
    return [Article("hot", "Сьогодні спека", "Пийте воду."), Article("cold", "Випав сніг", "Вдягніть шапку.")]


def test_meaning_finds_what_letters_do_not(weather: list[Article]) -> None:
    index = Index(weather, encoder=Toy())
    index.settle()
    assert index.find("надворі жарко").candidates[0].article_id == "hot"


def test_meaning_is_read_first_in_the_language_of_whoever_asks(weather: list[Article]) -> None:
    weather = [Article(one.id, one.question, one.answer, language="uk") for one in weather]
    there = [Article("heat", "Коли жарко", "Drink water."), Article("frost", "Коли мороз", "Wear a hat.")]
    index = Index([*weather, *there], encoder=Toy())
    index.settle()
    assert index.find("надворі сонечко", "uk").candidates[0].article_id == "hot"
    assert index.find("надворі сонечко", "en").candidates[0].article_id == "heat"


def test_meaning_is_not_asked_where_likeness_is_sure(weather: list[Article]) -> None:
    encoder = Toy()
    index = Index(weather, encoder=encoder)
    index.settle()
    before = encoder.calls
    index.find("сьогодні спека!")
    assert encoder.calls == before


def test_what_is_put_is_encoded_behind_the_readers(weather: list[Article]) -> None:
    index = Index(weather[1:], encoder=Toy())
    index.put(weather[0])
    index.settle()
    assert index.find("надворі жарко").candidates[0].article_id == "hot"


def test_nobody_waits_for_the_encoder_who_does_not_want_to(weather: list[Article]) -> None:
    index = Index(weather, encoder=Remembering(Toy()))
    index.settle()
    assert index.find("надворі жарко", waiting=False).candidates == ()
    index.find("надворі жарко")  # beside the turns, before its own
    assert index.find("надворі жарко", waiting=False).candidates[0].article_id == "hot"


def test_what_is_remembered_has_an_end() -> None:
    encoder = Remembering(Toy(), most=2)
    encoder.encode(["жарко", "сніг"])
    encoder.encode(["жарко", "дощ"])
    assert encoder.known("сніг") is None
    assert encoder.known("жарко") is not None
