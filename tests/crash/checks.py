"""What must be true when all is quiet, whatever was killed before: nothing lost, nothing twice, everything in order.

Each check yields sentences about what is wrong. "Twice" is forgiven only where the desk itself says that it is uncertain, and on
a side that cannot be asked whether something arrived.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from bot.intake.turn_loop import TRIES
from storage.lifecycle import Action
from storage.models import MessageKind, Sending
from tests.crash.rows import Rows
from tests.crash.side import WORDS, Side
from tests.crash.town import Request, Town


class Look:
    """One look at the wire and into the database, sorted by what is asked for."""

    def __init__(self, town: Town, rows: Rows) -> None:
        self.town, self.rows = town, rows
        self.said: dict[int, list[Any]] = defaultdict(list)
        for row in rows.messages:
            self.said[row.ticket_id].append(row)
        self.entries = Counter((row.ticket_id, row.action) for row in rows.entries)
        reminders = [row for row in rows.timers if row.name == "remind"]
        self.reminded = Counter(row.ticket_id for row in reminders if row.fired_at is not None)
        # What rang late in somebody's night was put off: it has another timer, and was not said yet.
        self.reminded.subtract(row.ticket_id for row in reminders if row.facts.get("late"))
        self._certain = {side.source for side in town.sides if side.certain}
        self._unsure: Counter[tuple[str, str]] = Counter()  # by lane, and the words or the file that it carries
        self._lanes: Counter[tuple[str, int | None]] = Counter()  # by lane and request
        carried = {row.id: row for row in rows.messages}
        for row in rows.outgoing.values():
            if row.uncertain:
                self._doubt(row, carried.get(row.message_id))

    def _doubt(self, row: Any, said: Any) -> None:
        """Count how often an uncertain row was sent anew, where nobody can look up whether it had arrived."""
        if ":".join(row.lane.split(":")[:2]) in self._certain:
            return
        self._lanes[row.lane, row.ticket_id] += row.tries - 1
        text = json.loads(row.payload).get("words", {}).get("text", "") if row.payload else ""
        files = [name for file in (said.files if said else ()) for name in (file["ref"], file["name"])]
        for name in {*WORDS.findall(text), *files}:
            self._unsure[row.lane, name] += row.tries - 1

    def at_home(self, request: Request, words: str = "") -> int:
        """Return how often these words, or any, were sent anew in doubt to a requester."""
        lane = request.home.home(request.requester)
        if words:
            return self._unsure[lane, words]
        lanes = self._lanes.items()  # what was said to others in their channel is no doubt of this request's
        return sum(n for (there, about), n in lanes if there == lane and (not request.among or about == request.number))

    def in_lane(self, lane: str, number: int) -> int:
        """Return how often anything about a request was sent anew in doubt to one chat."""
        return self._lanes[lane, number]

    def in_thread(self, request: Request, side: Side, words: str = "") -> int:
        """Return how often these words (or a file), or any words, were sent anew in doubt in a request's thread on one side."""
        thread = f"{side.source}:#{request.number}/"
        if words:
            return sum(n for (lane, name), n in self._unsure.items() if name == words and lane.startswith(thread))
        return sum(n for (lane, _), n in self._lanes.items() if lane.startswith(thread))


def problems(town: Town, rows: Rows, kills: int, known_unsure: set[int]) -> Iterator[str]:
    """Yield everything that is wrong after so many kills since the last look."""
    look = Look(town, rows)
    yield from _accepted(look)
    yield from _delivered(look)
    yield from _unsure(look, kills, known_unsure)
    for request in town.requests.values():
        yield from _request(look, request)


def _accepted(look: Look) -> Iterator[str]:
    """Everything that came was taken, stored once and handled; nothing failed."""
    keys = Counter((row.source, row.key) for row in look.rows.inbox)
    yield from look.town.wrong(set(keys))
    yield from (f"{key} is stored {times} times" for key, times in keys.items() if times > 1)
    for row in look.rows.inbox:
        # A kill in the middle of its turn counts as a try.
        if row.done_at is None or row.incident or row.tries >= TRIES:
            yield f"event {row.key}: done {row.done_at}, tries {row.tries}, incident {row.incident}"
    fired = [row for row in look.rows.timers if row.fired_at is not None]
    events = {row.key for row in look.rows.inbox}
    yield from (f"timer {row.id} made no event" for row in fired if f"timer:{row.id}" not in events)


def _delivered(look: Look) -> Iterator[str]:
    """Everything promised was taken, or had nothing to do any more."""
    for row in look.rows.outgoing.values():
        if row.rank > 0 and row.state is Sending.FAILED and row.error == "uncertain":
            continue  # said to many, and its sender died twice: who that was is told where it was announced
        if row.state not in (Sending.SENT, Sending.DROPPED) or row.done_at is None:
            yield f"outgoing {row.id} in {row.lane} is {row.state}: {row.error}"
        elif row.state is Sending.DROPPED and row.operation == "send":
            yield f"outgoing {row.id} in {row.lane} was dropped: {row.error}"


def _unsure(look: Look, kills: int, known: set[int]) -> Iterator[str]:
    """At most one send per address and kill is uncertain (a folded one has several rows)."""
    posts: dict[int, list[str]] = defaultdict(list)
    for row in look.rows.posts:
        if row.outgoing_id is not None:
            posts[row.outgoing_id].append(row.native)
    sends: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in look.rows.outgoing.values():
        if row.uncertain and row.id not in known:
            sends[row.lane].add(tuple(posts[row.id]) or (f"row {row.id}",))
    for lane, each in sends.items():
        if len(each) > kills:
            yield f"{len(each)} sends are uncertain in {lane} after {kills} kills: {each}"


def _request(look: Look, request: Request) -> Iterator[str]:
    about = f"#{request.number}"
    said = look.said[request.number]
    by_text = Counter(row.words["text"] for row in said)
    for words in (*request.said, *request.replies, *request.notes):
        if by_text[words] != 1:
            yield f"{about}: {words} is kept {by_text[words]} times"
    late = {words for side in look.town.sides for words in side.given_up}
    yield from _kept(about, request, said, late)
    yield from _history(look, request, said)
    yield from _private(look, request)
    if request.ready:
        for side in look.town.sides:
            yield from _thread(look, request, side)
        yield from _receipts(look, request)


def _kept(about: str, request: Request, said: Sequence[Any], late: Collection[str]) -> Iterator[str]:
    """In the database: each thing once, of its kind, in order, but for what was found late."""
    kinds = {"first": MessageKind.FOLLOW_UP, "more": MessageKind.FOLLOW_UP, "reply": MessageKind.REPLY}
    texts = {row.words["text"]: row.kind for row in said}
    for text, kind in texts.items():
        if text and kinds.get(text.split("-")[0], MessageKind.NOTE) is not kind:
            yield f"{about}: {text} is kept as {kind}"
    for each in ([text for text in all_of_it if text not in late] for all_of_it in _in_order(request)):
        kept = [text for text in texts if text in each]
        if kept != each:
            yield f"{about}: kept in the order {kept}, said in the order {each}"
    files = Counter(request.home.known_by(file) for row in said for file in row.files)
    if files != Counter(request.files):
        yield f"{about}: files kept {files}, sent {request.files}"


def _in_order(request: Request) -> Iterator[list[str]]:
    """Yield what has an order: the requester's words, and what was said on each side by the team."""
    yield request.said
    replies = [(words, side) for words, (side, _) in request.replies.items()]
    for team in (replies, list(request.notes.items())):
        for here in dict.fromkeys(side for _, side in team):
            yield [words for words, side in team if side is here]


def _history(look: Look, request: Request, said: Sequence[Any]) -> Iterator[str]:
    """Each act has one entry."""
    follow_ups = sum(row.kind is MessageKind.FOLLOW_UP for row in said) - 1
    expected = {
        Action.REGISTER: 1,
        Action.CLAIM: int(request.pressed),
        Action.RESOLVE: int(request.over),
        Action.FOLLOW_UP: follow_ups,
        Action.REPLY: len(request.replies),
    }
    for action, times in expected.items():
        found = look.entries[request.number, action]
        if found != times:
            yield f"#{request.number}: {found} entries of {action}, not {times}"
    if look.entries[request.number, Action.CLOSE] > int(request.over):
        yield f"#{request.number}: closed more than once"


def _private(look: Look, request: Request) -> Iterator[str]:
    """In the requester's chat: every reply once and in order, every word about the request once, no note."""
    about, number, home = f"#{request.number}", request.number, request.home
    bot = home.private(request.requester)
    shown = [words for text in bot for words in WORDS.findall(text)]
    times = Counter(shown)
    for words in request.replies:
        yield from _once(f"{about}: {words} came", times[words], look.at_home(request, words))
    for words in request.notes:
        if times[words]:
            yield f"{about}: the note {words} was shown to the requester"
    came = list(dict.fromkeys(words for words in shown if words.startswith("reply")))
    kept = [row.words["text"] for row in look.said[number] if row.kind is MessageKind.REPLY]
    if came != kept:
        yield f"{about}: replies came in the order {came}, were kept in the order {kept}"
    told = {
        f"this is request #{number}." if request.among else f"Request #{number} is registered": 1,
        f"is on your request #{number}.": int(request.pressed),
        f"Request #{number} is resolved": int(request.over),
        f"Request #{number} is closed": look.entries[number, Action.CLOSE],
        f"Is request #{number} solved?": look.reminded[number],
        f"Good news: request #{number} “{request.said[0]}” is approved.": int(request.asked is not None),
    }
    unsure = look.at_home(request)
    for words, wanted in told.items():
        found = sum(words in text for text in bot)
        if not wanted <= found <= wanted + unsure * bool(wanted):
            yield f"{about}: {words!r} was told {found} times, not {wanted}"


def _thread(look: Look, request: Request, side: Side) -> Iterator[str]:
    """In the request's thread on one side: every word of the requester, and of the team on other sides, once and in order."""
    about, here = f"#{request.number} on {side.source}", side.thread(request.number)
    shown = [words for seen in here for words in WORDS.findall(seen.text)]
    times = Counter(shown)
    elsewhere = [words for words, (written, _) in request.replies.items() if written is not side]
    elsewhere += [words for words, written in request.notes.items() if written is not side]
    for words in (*request.said, *elsewhere):
        yield from _once(f"{about}: {words} is in its thread", times[words], look.in_thread(request, side, words))
    late = {words for one in look.town.sides for words in one.given_up}
    in_order = [words for words in request.said if words not in late]
    came = list(dict.fromkeys(words for words in shown if words in in_order))
    if came != in_order:
        yield f"{about}: the thread shows {came}, they said {in_order}"
    if side.threads(request.number) != 1 and not look.in_thread(request, side):
        yield f"{about} has {side.threads(request.number)} threads"
    yield from _files(look, request, side, about)


def _files(look: Look, request: Request, side: Side, about: str) -> Iterator[str]:
    """Every file of the requester is there once; by its name, or by the number of them where no name crosses."""
    files = Counter(name for seen in side.thread(request.number) for name in seen.files)
    if side is request.home or request.home.lasting:
        for file in request.files:
            yield from _once(f"{about}: file {file} is in its thread", files[file], look.in_thread(request, side, file))
    else:
        unsure = sum(look.in_thread(request, side, file) for file in request.files)
        if not len(request.files) <= files.total() <= len(request.files) + unsure:
            yield f"{about}: {files.total()} files are in its thread, not {len(request.files)}; in doubt: {unsure}"


def _receipts(look: Look, request: Request) -> Iterator[str]:
    """Under each reply stands one receipt, where the reply was written."""
    ids = {row.words["text"]: row.receipt_id for row in look.said[request.number]}
    for words, (side, reply) in request.replies.items():
        receipts = side.receipts(request.number, reply, ids.get(words))
        wanted = "?" if look.at_home(request, words) else "✓"
        twice = len(receipts) > 1 and not look.in_thread(request, side)
        if not receipts or not receipts[-1].startswith(wanted) or twice:
            yield f"#{request.number}: {words} has the receipts {receipts}, not one {wanted}"


def _once(what: str, times: int, unsure: int) -> Iterator[str]:
    """Once, or once more for each time that an uncertain one was sent anew."""
    if not 1 <= times <= 1 + unsure:
        yield f"{what} {times} times; sent anew in doubt: {unsure} times"
