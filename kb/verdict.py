"""What the knowledge base says to a question: Sure, Maybe or Unknown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may answer, how probably (0..1, calibrated), and the phrasing that it was found by.

    What is only to be ``offered`` never answers: a number, an opposite or another telling word speaks against it.
    """

    article_id: int | str
    confidence: float
    phrasing: str
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Sure:
    """The first candidate answers the question: show it."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """One of the candidates probably answers the question: let the person choose."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """No article answers the question; the candidates, if any, are for agents to look at."""

    candidates: tuple[Candidate, ...] = ()


Verdict = Sure | Maybe | Unknown
