"""Each safeguard switched off once, by changing one function in this process: the town must find that it is gone.

A safeguard that nothing finds is either not tested or not needed.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import bot.delivery.settle
import bot.inbox
import bot.intake.turn_runner
import bot.integrations.webhooks
import bot.operations.retention
import bot.slack.posting
import handlers.admin.bans
import handlers.agent.history
import handlers.channels.hearing
import handlers.channels.threads
import handlers.dispatch
import handlers.tickets.replies
import handlers.tickets.webhooks
import storage.engine.memo
import storage.people
import storage.queues.inbox
import storage.queues.lanes
import storage.queues.outbox
import storage.queues.send_rates
import storage.queues.timers
import storage.queues.tries
from storage.engine.database import DatabaseUnavailable
from storage.models import Sending
from tests.town.database import Homes
from tests.town.plan import plan
from tests.town.run import LENGTH, play, weights
from tests.town.tally import Tally

STAGES = ("telegram", "slack", "crossed")


@dataclass(frozen=True, slots=True)
class Ablation:
    """A safeguard, and what is changed so that it is not there."""

    name: str
    where: Any
    what: str
    instead: Callable[[Any], Any]  # from what is there to what is put in its place


_fresh = itertools.count()


def _unlike(arrival: Any) -> Any:
    return lambda event: replace(made := arrival(event), key=f"{made.key}/{next(_fresh)}")


def _acknowledged(accept: Any) -> Any:
    async def careless(self: Any, events: Any) -> None:
        try:
            await accept(self, events)
        except DatabaseUnavailable:
            self._stirred.set()

    return careless


def _certain(start: Any) -> Any:
    def forgetful(connection: Any, rows: Any, now: Any) -> Any:
        return start(connection, [replace(row, uncertain=False, state=Sending.QUEUED) for row in rows], now)

    return forgetful


def _undoubted(settle: Any) -> Any:
    def careless(connection: Any, settled: Any, now: Any) -> None:
        settle(connection, [replace(each, doubt=False) for each in settled], now)

    return careless


def _anybodys(own: Any) -> Any:
    return lambda turn, number: turn.tx.related.heir(turn.tx.tickets.get(number))


def _to_requesters(keep_note: Any) -> Any:
    def careless(turn: Any, ticket: Any, said: Any = None) -> None:
        handlers.tickets.replies.send_words(turn, ticket, turn.event.words if said is None else said)

    return careless


def _among_others(_: Any) -> Any:
    return lambda turn, route: turn


def _none_looked_for(already: Any) -> Any:
    async def nothing(*_: Any) -> tuple[list[str], bool]:
        return [], True

    return nothing


def _nothing_forgotten(forget: Any) -> Any:
    return lambda *_, **__: ({}, False)


def _nothing(result: Any = None) -> Callable[[Any], Any]:
    return lambda _: lambda *args, **more: result


@contextmanager
def _open(_connection: Any) -> Iterator[None]:
    yield


def _renamed(named: Any) -> Any:
    return lambda row: f"{named(row)}-{row.tries}"


ABLATIONS = (
    Ablation("an event is stored once, whoever brings it again", bot.inbox, "inbox_arrival", _unlike),
    Ablation("nothing is acknowledged that is not stored", bot.inbox.Inbox, "accept", _acknowledged),
    Ablation("an address is leased while something is sent there", storage.queues.outbox._LEASE, "each", _nothing()),
    Ablation("what was being sent at a death is uncertain", storage.queues.tries, "mark_sending", _certain),
    Ablation("an answer that was lost is remembered as a doubt", storage.queues.outbox, "settle_rows", _undoubted),
    Ablation(
        "a post in doubt is looked for before it is said again", bot.slack.posting.Poster, "_already", _none_looked_for
    ),
    Ablation("what a program is told again has the same id", bot.integrations.webhooks, "message_id", _renamed),
    Ablation("a program is told with the commit", handlers.tickets.webhooks, "promise_to_webhooks", _nothing()),
    Ablation("a route asks for its role", handlers.dispatch, "turn_may", _nothing(True)),
    Ablation("a requester has a request of their own only", handlers.agent.history, "own_ticket", _anybodys),
    Ablation("a note stays with the team", handlers.tickets.replies, "keep_note", _to_requesters),
    Ablation("what is asked among others is not answered there", handlers.dispatch, "for_audience", _among_others),
    Ablation("thanks and greetings open nothing", handlers.channels.hearing, "asks_for_nothing", _nothing(False)),
    Ablation(
        "who speaks in a request's thread speaks on it", handlers.channels.threads, "event_request_thread", _nothing()
    ),
    Ablation("who has left the channel is no member", storage.people.people.Channels, "leave", _nothing(True)),
    Ablation("rates are kept", storage.queues.send_rates.Allowance, "take", _nothing()),
    Ablation("a wait that the messenger names is kept", bot.delivery.settle, "_hold", _nothing()),
    Ablation("what a person banned says is not served", handlers.admin.bans, "kept_out", _nothing(False)),
    Ablation("what is old is emptied and deleted", bot.operations.retention, "forget_expired_rows", _nothing_forgotten),
    Ablation("a turn that failed leaves nothing behind", bot.intake.turn_runner, "savepoint", lambda _: _open),
    Ablation("what a turn writes it reads anew", storage.engine.memo.Memo, "forget", _nothing()),
    Ablation("a timer fires once", storage.queues.timers.Timers, "fired", _nothing()),
    Ablation("a lane goes on with what waits behind", storage.queues.inbox._ONWARDS, "run", _nothing()),
    Ablation(
        "a messenger that does not answer is asked again",
        bot.delivery.settle,
        "_judged",
        lambda judged: _resigned(judged),
    ),
)


def _resigned(judged: Any) -> Any:
    def careless(row: Any, result: Any, now: Any, still: Any) -> Any:
        fate = judged(row, result, now, still)
        return replace(fate, state=Sending.SENT) if fate.state is Sending.QUEUED and row.tries > 1 else fate

    return careless


@contextmanager
def switched_off(ablation: Ablation) -> Iterator[None]:
    """Let a safeguard be gone for a while."""
    real = getattr(ablation.where, ablation.what)
    setattr(ablation.where, ablation.what, ablation.instead(real))
    try:
        yield
    finally:
        setattr(ablation.where, ablation.what, real)


def judged(ablation: Ablation, seeds: range, homes: Homes) -> tuple[int, str, str]:
    """Return in how many seeds it is found that a safeguard is gone, in which first, and by what."""
    found, first, by = 0, "", ""
    with switched_off(ablation):
        for seed in seeds:
            stage = STAGES[seed % len(STAGES)]
            outcome = play(stage, seed, homes, Tally(), plan(seed, LENGTH, weights()))
            if outcome.wrong:
                found += 1
                first, by = (first, by) if first else (f"{seed} {stage}", outcome.wrong[0].partition(":")[0])
    return found, first, by


def table(seeds: range, homes: Homes, only: str) -> int:
    """Print the table of all safeguards; return 1 where the town has missed one."""
    print("| safeguard switched off | of 1,000 seeds | first seed | seen as |\n|---|---|---|---|")  # noqa: T201
    missed = 0
    for ablation in ABLATIONS:
        if only in ablation.name:
            found, first, by = judged(ablation, seeds, homes)
            missed += not found
            line = f"| {ablation.name} | {found * 1000 // len(seeds)} | {first or '–'} | {by or 'nothing'} |"
            print(line, flush=True)  # noqa: T201
    return int(bool(missed))
