"""Constants chosen on the development sets, and what follows from them: order, confidence, verdict."""

import numpy as np
from numpy.typing import NDArray

RANKER = np.array([6.0, 2.0, 2.0])
SLOPE = np.array([8.0, 4.0, 2.0, 0.5, -5.0])
SURE = 0.8
MAYBE = 0.25


def confidences(scores: NDArray[np.float64], features: NDArray[np.float64], known: float) -> NDArray[np.float64]:
    """Return the probability that each candidate answers, given the ranker's scores, best first."""
    second = scores[1] if scores.size > 1 else 0.0
    first = np.array([features[0, 0], scores[0] - second, features[0, 2], known, 1.0])
    top = 1.0 / (1.0 + np.exp(-float(first @ SLOPE)))
    rest: NDArray[np.float64] = top * np.exp(scores - scores[0])
    rest[1:] = np.minimum(rest[1:], 1.0 - top)
    return rest
