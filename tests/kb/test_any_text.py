"""Any text at all: nothing raises, and the work has a limit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb import Index, Sure, clusters, courtesy, nearest
from kb.files.examples import example_articles
from kb.matching import snapshot as snapshots
from kb.text.normalize import MAX_TOKEN, MAX_TOKENS, text_tokens

BASE = [article for language in ("uk", "ru", "en") for article in example_articles(language)]
ANY = st.text(max_size=300) | st.text(
    st.sampled_from("абвїєґё ghbdtn'’.,!?\n😀\u200d\u0301\ud800\ufdfa1०"), max_size=200
)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(BASE, encoder=None)


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_nothing_raises(index: Index, text: str) -> None:
    for language in (None, "uk", "xx"):
        found = index.find(text, language).candidates
        assert len(found) <= 3
        assert all(0.0 <= candidate.confidence <= 1.0 for candidate in found)
    courtesy(text)
    nearest(text, ("start", "status", text[:5]))


@settings(max_examples=50, deadline=None)
@given(st.lists(ANY, max_size=12))
def test_clusters_hold_every_text_once(texts: list[str]) -> None:
    groups = clusters(texts)
    assert sorted(at for group in groups for at in group) == list(range(len(texts)))
    assert [len(group) for group in groups] == sorted((len(group) for group in groups), reverse=True)


LONG = ["я" * 100_000, "слово " * 20_000, "qwerty zxcvbn " * 7_000, "a. " * 33_000, "\ufdfa" * 100_000, "\u0301" * 100_000,
        "😀" * 100_000, " ".join(f"ghbdtn{n}" for n in range(9_000)), "ы" * 50_000 + " і" * 50_000, "7" * 100_000]  # fmt: skip


@pytest.mark.parametrize("text", LONG)
def test_the_work_is_bounded(index: Index, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    ask = snapshots.Snapshot.ask

    def count(self: snapshots.Snapshot, words: list[str]) -> object:
        asked.append(len(words))
        assert all(len(word) <= MAX_TOKEN for word in words)
        return ask(self, words)

    monkeypatch.setattr(snapshots.Snapshot, "ask", count)
    index.find(text)
    assert len(text_tokens(text)) <= MAX_TOKENS
    assert len(asked) <= 7  # the whole and up to six sentences
    assert all(size <= MAX_TOKENS for size in asked)


@pytest.mark.parametrize(
    "junk", ["я", "ні", "7", "да", "нет", "що", "так", "є", "ок", "?", "...", "👍", "0", "42", "a", "to be", "і"]
)
def test_short_junk_finds_nothing(index: Index, junk: str) -> None:
    assert index.find(junk).candidates == ()


@pytest.mark.parametrize("junk", ["aaa", "asdf", "фыва", "ололо", "kek", "тест тест", "123 456", "мяу", "xyz", "ййй"])
def test_junk_is_never_answered(index: Index, junk: str) -> None:
    assert not isinstance(index.find(junk), Sure)
