"""Nobody is stuck, and the desk never ended by itself or did what a careful program never does."""

from collections.abc import Iterator

from tests.stories.harness.crossed import CrossedStage
from tests.stories.harness.stage import Stage
from tests.town.town import Town


def problems(town: Town) -> Iterator[str]:
    """Yield what stands in the way at the end."""
    yield from (f"fell: the desk ended by itself: {why}" for why in town.life.fell)
    if isinstance(town.stage, CrossedStage):
        # A card that nobody answered for is said once more, and of the first one nobody knows.
        twice = town.life.reader.rows(
            "SELECT card.ticket_id FROM card JOIN outgoing o ON o.id = card.outgoing_id WHERE o.uncertain"
        )
        but = {str(row["ticket_id"]) for row in twice}
        yield from (f"cards: {differing}" for differing in town.stage.differing(but=but))
    for side in town.sides:
        for complaint in side.complaints:
            if (
                "never acknowledged" not in complaint
                and "still spins" not in complaint
                and complaint not in late(town, side)
            ):
                yield f"wire: {complaint}"


def late(town: Town, side: Stage) -> set[str]:
    """Return what was said of rates while calls came late: the desk counts when it makes one, the messenger when it comes."""
    spans = town.trouble.late
    return {
        str(each)
        for each in side.sandbox.violations
        if each.rule == "rate" and any(since <= each.at <= until for since, until in spans)
    }
