"""Nobody is stuck, and the desk never ended by itself or did what a careful program never does."""

from collections.abc import Iterator

from tests.stories.harness.crossed import CrossedStage
from tests.town.town import Town


def problems(town: Town) -> Iterator[str]:
    """Yield what stands in the way at the end."""
    yield from (f"fell: the desk ended by itself: {why}" for why in town.life.fell)
    if isinstance(town.stage, CrossedStage):
        yield from (f"cards: {differing}" for differing in town.stage._differing())
    for side in town.sides:
        for complaint in side.complaints:
            if "never acknowledged" not in complaint and "still spins" not in complaint:
                yield f"wire: {complaint}"
