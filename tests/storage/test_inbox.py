"""The inbox: stored once, served one at a time in order, put off, put aside, brought back, forgotten."""

from datetime import timedelta

from storage.queues import inbox, lanes
from storage.queues.inbox import Arrival
from tests.clock import MONDAY

SOURCE = "telegram:1"
SECOND = timedelta(seconds=1)


def arrival(key: str, lane: str = "ann", album: str = "") -> Arrival:
    return Arrival(SOURCE, key, f"{SOURCE}/{lane}", key, album, SECOND if album else timedelta(0))


def heads(connection, after=timedelta(0), most=16):
    return [w.payloads for w in inbox.lane_heads(connection, MONDAY + after, most)]


async def test_a_redelivery_changes_nothing(database):
    def story(connection):
        inbox.accept_arrivals(connection, [arrival("1"), arrival("2"), arrival("1")], MONDAY)
        inbox.accept_arrivals(connection, [arrival("2"), arrival("3")], MONDAY + SECOND)
        assert inbox.inbox_backlog(connection) == 3
        for key in "123":
            [head] = inbox.lane_heads(connection, MONDAY + SECOND, 16)
            assert head.payloads == (key,)
            inbox.finish_event(connection, head, MONDAY + SECOND)
        inbox.accept_arrivals(connection, [arrival("1")], MONDAY + SECOND)
        assert heads(connection, SECOND) == []
        assert lanes.next_ready(connection, lanes.IN) is None

    await database.run(story)


async def test_one_key_of_two_sources_is_two_events(database):
    def story(connection):
        twin = Arrival("slack:T1", "1", "slack:T1/ann", "other")
        inbox.accept_arrivals(connection, [arrival("1"), twin], MONDAY)
        assert sorted(heads(connection)) == [("1",), ("other",)]

    await database.run(story)


async def test_conversations_do_not_wait_for_each_other(database):
    def story(connection):
        inbox.accept_arrivals(
            connection, [arrival("1"), arrival("2"), arrival("3", "bob"), arrival("4", "eve")], MONDAY
        )
        ann, bob, eve = inbox.lane_heads(connection, MONDAY, 16)
        assert [w.payloads for w in (ann, bob, eve)] == [("1",), ("3",), ("4",)]
        inbox.postpone_event(connection, ann, MONDAY + SECOND)
        inbox.finish_event(connection, bob, MONDAY)
        assert heads(connection) == [("4",)]
        assert lanes.next_ready(connection, lanes.IN) == MONDAY

    await database.run(story)


async def test_no_more_are_taken_than_asked_for_the_longest_waiting_first(database):
    def story(connection):
        for seconds, lane in ((2, "ann"), (0, "bob"), (1, "eve")):
            inbox.accept_arrivals(connection, [arrival(lane, lane)], MONDAY + seconds * SECOND)
        assert heads(connection, 5 * SECOND, 2) == [("bob",), ("eve",)]

    await database.run(story)


async def test_what_failed_waits_and_newer_words_do_not_pass_it(database):
    def story(connection):
        inbox.accept_arrivals(connection, [arrival("1")], MONDAY)
        [head] = inbox.lane_heads(connection, MONDAY, 16)
        inbox.postpone_event(connection, head, MONDAY + 4 * SECOND)
        inbox.accept_arrivals(connection, [arrival("2")], MONDAY + SECOND)
        assert heads(connection, SECOND) == []
        assert lanes.next_ready(connection, lanes.IN) == MONDAY + 4 * SECOND
        [head] = inbox.lane_heads(connection, MONDAY + 4 * SECOND, 16)
        assert (head.payloads, head.tries, head.received_at) == (("1",), 1, MONDAY)

    await database.run(story)


async def test_the_parts_of_an_album_are_waited_for_and_are_one(database):
    def story(connection):
        inbox.accept_arrivals(connection, [arrival("1", album="a")], MONDAY)
        inbox.accept_arrivals(connection, [arrival("2")], MONDAY + SECOND / 4)
        inbox.accept_arrivals(connection, [arrival("3", album="a")], MONDAY + SECOND / 2)
        assert heads(connection, SECOND / 2) == []
        [album] = inbox.lane_heads(connection, MONDAY + SECOND, 16)
        assert album.payloads == ("1", "3")
        inbox.finish_event(connection, album, MONDAY + SECOND)
        [between] = inbox.lane_heads(connection, MONDAY + SECOND, 16)
        assert between.payloads == ("2",)
        inbox.finish_event(connection, between, MONDAY + SECOND)
        inbox.accept_arrivals(connection, [arrival("4", album="a")], MONDAY + 2 * SECOND)
        assert heads(connection, 3 * SECOND) == [("4",)]  # too late for its album: it comes alone, with nobody again

    await database.run(story)


async def test_a_dead_letter_lets_the_conversation_go_on_and_can_come_back(database):
    def story(connection):
        inbox.accept_arrivals(connection, [arrival("1"), arrival("2"), arrival("3")], MONDAY)
        [head] = inbox.lane_heads(connection, MONDAY, 16)
        inbox.postpone_event(connection, head, MONDAY)
        inbox.finish_event(connection, head, MONDAY, "cafe")
        [dead] = inbox.dead_letters(connection)
        assert (dead.key, dead.payload, dead.tries, dead.incident) == ("1", "1", 1, "cafe")
        assert heads(connection) == [("2",)]

        assert (
            inbox.retry_dead_events(connection, [dead.id, dead.id + 1], MONDAY + SECOND) == 1
        )  # what waits is no dead letter
        assert inbox.dead_letters(connection) == []
        [back] = inbox.lane_heads(connection, MONDAY + SECOND, 16)
        assert (back.payloads, back.tries) == (("1",), 0)
        inbox.finish_event(connection, back, MONDAY, "beef")
        assert inbox.drop_dead_events(connection, [back.ids[0], back.ids[0] + 1]) == 1
        assert inbox.inbox_backlog(connection) == 2

    await database.run(story)
