"""Answers and likeness: text in, verdict out."""

from kb.article import Article
from kb.index import Index
from kb.matching.similarity import clusters, measure_likeness, nearest, retyped
from kb.text.consent import another, consent, is_trying, nudges
from kb.text.courtesy import courtesy, leads_in
from kb.text.stopwords import telling_words
from kb.verdict import Candidate, Maybe, Sure, Unknown, Verdict

__all__ = [
    "Article",
    "Candidate",
    "Index",
    "Maybe",
    "Sure",
    "Unknown",
    "Verdict",
    "another",
    "clusters",
    "consent",
    "courtesy",
    "is_trying",
    "leads_in",
    "measure_likeness",
    "nearest",
    "nudges",
    "retyped",
    "telling_words",
]
