"""One reading of a text: what is found by it, by likeness first and by meaning where that is not sure."""

from dataclasses import dataclass

from kb.matching.calibration import MOST_UNSURE, Asked, candidate_confidences, verdict_by_confidence
from kb.matching.candidates import FEATURES, Evidence, gather_evidence
from kb.matching.doubts import asks_another_thing
from kb.matching.embeddings import question_vector
from kb.matching.encoders import Encoder
from kb.matching.query import Question
from kb.matching.segment import Floats
from kb.matching.small_base import SMALL, is_grounded_candidate
from kb.matching.snapshot import Scores, Snapshot
from kb.matching.votes import LIFTED
from kb.verdict import Candidate, Sure

_OWN = 0.6  # an article in the person's language is shown down to this share of a foreign one's confidence


_MEANT = FEATURES.index("meant")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text was read, and what was found by it: data for ``kb match``."""

    how: str  # "exact", "typed", "layout:…", "translit", "sentence", or "" where there is nothing to read
    words: tuple[str, ...]
    evidence: Evidence | None
    candidates: tuple[Candidate, ...]
    doubted: bool = False  # the best would answer, or would with votes, but for what ``doubts`` sees

    @property
    def confidence(self) -> float:
        """Return the confidence of the best candidate, -1 without one."""
        return self.candidates[0].confidence if self.candidates else -1.0

    @property
    def sure(self) -> bool:
        """Return whether the best candidate answers."""
        return isinstance(verdict_by_confidence(self.candidates), Sure)


@dataclass(frozen=True, slots=True)
class Heard:
    """Some words with the scores of everything in the base."""

    question: Question
    scores: list[Scores]
    about: Asked

    def evidence(self, language: str | None = None) -> Evidence:
        """Return the candidates; with a language, as if there were no articles in others."""
        scores = [score.only(language) for score in self.scores] if language else self.scores
        return gather_evidence(scores, self.question)

    def with_meaning(self, meant: Floats) -> "Heard":
        """Return the same with the scores by what a text means."""
        return Heard(self.question, [score.with_meaning(meant) for score in self.scores], self.about)


def score_words(now: Snapshot, words: list[str], articles: int) -> Heard:
    """Return the scores of everything for some words; ``articles`` is how many there are."""
    asked, scores, known = now.ask(words)
    return Heard(asked, scores, Asked(known, len(words), articles))


def read_question_text(
    how: str, heard: Heard, language: str | None, encoder: Encoder | None, text: str, *, waiting: bool = True
) -> Reading:
    """Return what is found by likeness, and where that is not sure and there is an encoder, by meaning as well.

    Unless it is ``waiting`` for the encoder, only a text that was encoded before is read by its meaning.
    """
    found = _weigh(how, heard, language)
    if encoder is None or found.sure:
        return found
    meant = question_vector(encoder, text, waiting=waiting)
    return found if meant is None else _weigh(how, heard.with_meaning(meant), language)


def _weigh(how: str, heard: Heard, language: str | None) -> Reading:
    """Return what is found in the person's language, or in all where that is clearly better."""
    own = _reading(how, heard, language) if language else None
    if own and own.sure:
        return own
    found = _reading(how, heard, None)
    return own if own and own.confidence >= _OWN * found.confidence else found


def _reading(how: str, heard: Heard, language: str | None) -> Reading:
    evidence = heard.evidence(language)
    if not evidence.articles:
        return Reading(how, tuple(heard.question.words), evidence, ())
    chance, places = candidate_confidences(evidence, heard.about)
    best = places[0]
    spelt = how != "translit"  # where it is, a word nobody knows is one that was spelt in a way of its own
    likely = chance[0] >= LIFTED and spelt
    if doubted := likely and asks_another_thing(heard.question, evidence.phrasings[best], evidence.articles[best]):
        chance[0] = min(chance[0], MOST_UNSURE)
    words = tuple(heard.question.words)
    candidates = tuple(
        Candidate(
            *(evidence.articles[at].id, round(float(p), 4), evidence.phrasings[at]),
            offered=at in evidence.against or (doubted and at == best),
        )
        for at, p in zip(places, chance, strict=True)
        if heard.about.articles >= SMALL
        or is_grounded_candidate(words, evidence.phrasings[at], float(evidence.features[at][_MEANT]))
    )
    return Reading(how, words, evidence, candidates, doubted)
