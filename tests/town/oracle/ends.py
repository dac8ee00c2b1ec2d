"""Nobody is stuck, and the desk never ended by itself or did what a careful program never does."""

from collections.abc import Iterator

from tests.stories.harness.crossed import CrossedStage, words
from tests.stories.harness.stage import Stage
from tests.town.rooms import GROUP
from tests.town.town import Town


def problems(town: Town) -> Iterator[str]:
    """Yield what stands in the way at the end."""
    yield from (f"fell: the desk ended by itself: {why}" for why in town.life.fell)
    if isinstance(town.stage, CrossedStage):
        # A card that nobody answered for is said once more, and of the first one nobody knows.
        twice = town.life.reader.rows(
            "SELECT card.ticket_id FROM card JOIN outgoing o ON o.id = card.outgoing_id WHERE o.uncertain"
        )
        # A request that stands in its group's channel has no card in the first: what is there was asked for once.
        first = {each for side in town.sides for each in side.teams}
        here = town.life.reader.rows(
            "SELECT c.ticket_id, t.chat FROM card c JOIN team_channel t ON t.id = c.team_channel_id"
        )
        away = set(town.tickets()) - {row["ticket_id"] for row in here if row["chat"] in first}
        but = {str(row["ticket_id"]) for row in twice} | {str(number) for number in away}
        yield from (f"cards: {differing}" for differing in town.stage.differing(but=but))
        yield from _differing(town, {str(row["ticket_id"]) for row in twice})
    for side in town.sides:
        for complaint in side.complaints:
            if (
                "never acknowledged" not in complaint
                and "still spins" not in complaint
                and complaint not in late(town, side)
            ):
                yield f"wire: {complaint}"


def _differing(town: Town, but: set[str]) -> Iterator[str]:
    """Where a group has a channel on each messenger, both show the same, as the first channels do."""
    rooms = town.of_kind(GROUP)
    if len(rooms) < 2 or any(room.shut for room in rooms):  # where the bot is not, nobody changes a card
        return
    stand = town.life.reader.rows(
        "SELECT c.ticket_id, t.chat, p.native FROM card c JOIN team_channel t ON t.id = c.team_channel_id"
        " LEFT JOIN post p ON p.outgoing_id = c.outgoing_id WHERE c.place = 'queue'"
    )
    shown: list[
        dict[str, str]
    ] = []  # what each request's card says, by room: a room that was left has an older one too
    for room in rooms:
        said = {line.id: words(line) for line in room.side.lines(room.side.founder, room.place)}
        shown.append({str(row["ticket_id"]): said.get(row["native"], "") for row in stand if row["chat"] == room.id})
    for number in sorted((shown[0].keys() | shown[1].keys()) - but):
        if (one := shown[0].get(number)) != (other := shown[1].get(number)):
            yield f"cards: the channels of a group differ: {one!r}, {other!r}"


def late(town: Town, side: Stage) -> set[str]:
    """Return what was said of rates while calls came late: the desk counts when it makes one, the messenger when it comes."""
    spans = town.trouble.late
    return {
        str(each)
        for each in side.sandbox.violations
        if each.rule == "rate" and any(since <= each.at <= until for since, until in spans)
    }
