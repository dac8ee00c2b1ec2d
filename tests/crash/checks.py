"""What must be true when all is quiet, whatever was killed before: nothing lost, nothing twice, everything in order.

Each check yields sentences about what is wrong. "Twice" is forgiven only where the desk itself says that it is uncertain.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from bot.sandbox.telegram import Seen
from storage.lifecycle import Action
from storage.models import MessageKind, Sending
from tests.crash.rows import Rows
from tests.crash.town import Request, Town

WORDS = re.compile(r"\b(?:first|more|reply|note)-\d{6}\b")
RECEIPTS = ("✓", "?")


class Look:
    """One look at the wire and into the database, sorted by what is asked for."""

    def __init__(self, town: Town, rows: Rows) -> None:
        self.town, self.rows = town, rows
        self.by_topic: dict[int, list[Seen]] = defaultdict(list)
        for seen in town.team.messages:
            if seen.from_bot and seen.thread is not None:
                self.by_topic[seen.thread].append(seen)
        in_topics = [seen for topic in self.by_topic.values() for seen in topic]
        self.shown = Counter(w for seen in in_topics if not seen.buttons for w in WORDS.findall(seen.text))
        self.files = Counter(seen.file_id for seen in in_topics if seen.file_id)
        self.said: dict[int, list[Any]] = defaultdict(list)
        for row in rows.messages:
            self.said[row.ticket_id].append(row)
        self.entries = Counter((row.ticket_id, row.action) for row in rows.entries)
        self.reminded = Counter(r.ticket_id for r in rows.timers if r.name == "remind" and r.fired_at is not None)
        self.unsure, self.unsure_lanes = self._unsure()

    def _unsure(self) -> tuple[Counter[str], Counter[str]]:
        """Return how often uncertain rows were sent anew, by the words or file they carry and by their lane."""
        carried = {row.id: row for row in self.rows.messages}
        unsure: Counter[str] = Counter()
        lanes: Counter[str] = Counter()
        for row in self.rows.outgoing.values():
            if row.uncertain:
                lanes[row.lane] += row.tries - 1
                said = carried.get(row.message_id)
                text = json.loads(row.payload).get("words", {}).get("text", "") if row.payload else ""
                for name in (*WORDS.findall(text), *(file["ref"] for file in (said.files if said else ()))):
                    unsure[name] += row.tries - 1
        return unsure, lanes


def problems(town: Town, rows: Rows, kills: int, known_unsure: set[int]) -> Iterator[str]:
    """Yield everything that is wrong after so many kills since the last look."""
    look = Look(town, rows)
    yield from _accepted(look)
    yield from _delivered(look)
    yield from _unsure(look, kills, known_unsure)
    for request in town.requests.values():
        yield from _request(look, request)


def _accepted(look: Look) -> Iterator[str]:
    """Every update was confirmed, stored once and handled; nothing failed."""
    lost = [update for update in look.town.sandbox.updates if not update.confirmed]
    yield from (f"update {update.id} was never confirmed" for update in lost)
    keys = Counter((row.source, row.key) for row in look.rows.inbox)
    yield from (f"{key} is stored {times} times" for key, times in keys.items() if times > 1)
    for row in look.rows.inbox:
        if row.done_at is None or row.incident or row.tries:
            yield f"event {row.key}: done {row.done_at}, tries {row.tries}, incident {row.incident}"
    fired = [row for row in look.rows.timers if row.fired_at is not None]
    events = {row.key for row in look.rows.inbox}
    yield from (f"timer {row.id} made no event" for row in fired if f"timer:{row.id}" not in events)
    yield from (str(violation) for violation in look.town.sandbox.violations)


def _delivered(look: Look) -> Iterator[str]:
    """Everything promised was taken, or had nothing to do any more."""
    for row in look.rows.outgoing.values():
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
    yield from _kept(about, request, said)
    yield from _history(look, request, said)
    yield from _private(look, request)
    if request.ready:
        yield from _thread(look, request)


def _kept(about: str, request: Request, said: Sequence[Any]) -> Iterator[str]:
    """In the database: each thing once, of its kind, in order."""
    kinds = {"first": MessageKind.FOLLOW_UP, "more": MessageKind.FOLLOW_UP, "reply": MessageKind.REPLY}
    texts = {row.words["text"]: row.kind for row in said}
    for text, kind in texts.items():
        if text and kinds.get(text.split("-")[0], MessageKind.NOTE) is not kind:
            yield f"{about}: {text} is kept as {kind}"
    for each in (request.said, list(request.replies), request.notes):
        kept = [text for text in texts if text in each]
        if kept != each:
            yield f"{about}: kept in the order {kept}, said in the order {each}"
    files = Counter(file["ref"] for row in said for file in row.files)
    if files != Counter(request.files):
        yield f"{about}: files kept {files}, sent {request.files}"


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
    about, number = f"#{request.number}", request.number
    bot = [seen for seen in request.requester.chat.messages if seen.from_bot]
    times = Counter(words for seen in bot for words in WORDS.findall(seen.text))
    for words in request.replies:
        yield from _once(look, f"{about}: {words} came", times[words], words)
    for words in request.notes:
        if times[words]:
            yield f"{about}: the note {words} was shown to the requester"
    came = list(dict.fromkeys(w for seen in bot for w in WORDS.findall(seen.text) if w.startswith("reply")))
    if came != list(request.replies):
        yield f"{about}: replies came in the order {came}, were sent in the order {list(request.replies)}"
    told = {
        f"Request #{number} is registered": 1,
        f"is on your request #{number}.": int(request.pressed),
        f"Request #{number} is resolved": int(request.over),
        f"Request #{number} is closed": look.entries[number, Action.CLOSE],
        f"Is request #{number} solved?": look.reminded[number],
    }
    unsure = look.unsure_lanes[_lane(look, str(request.requester.id))]
    for words, wanted in told.items():
        found = sum(words in seen.text for seen in bot)
        if not wanted <= found <= wanted + unsure * bool(wanted):
            yield f"{about}: {words!r} was told {found} times, not {wanted}"


def _lane(look: Look, where: str) -> str:
    return f"telegram:{look.town.sandbox.token.partition(':')[0]}:{where}"


def _thread(look: Look, request: Request) -> Iterator[str]:
    """In the request's topic: every word and file of the requester once and in order, one receipt under each reply."""
    about = f"#{request.number}"
    for words in request.said:
        yield from _once(look, f"{about}: {words} is in its topic", look.shown[words], words)
    for file in request.files:
        yield from _once(look, f"{about}: file {file} is in its topic", look.files[file], file)
    here = [seen for topic in request.topics for seen in look.by_topic[topic]]
    unsure = look.unsure_lanes[_lane(look, f"#{request.number}/1")]
    if len(request.topics) != 1 and not unsure:
        yield f"{about} has {len(request.topics)} topics"
    came = list(dict.fromkeys(w for s in here if not s.buttons for w in WORDS.findall(s.text) if w in request.said))
    if came != request.said:
        yield f"{about}: the topic shows {came}, they said {request.said}"
    for words, message in request.replies.items():
        receipts = [seen.text for seen in here if seen.reply_to == message and seen.text.startswith(RECEIPTS)]
        wanted = "?" if look.unsure[words] else "✓"
        if not receipts or not receipts[-1].startswith(wanted) or (len(receipts) > 1 and not unsure):
            yield f"{about}: {words} has the receipts {receipts}, not one {wanted}"


def _once(look: Look, what: str, times: int, words: str) -> Iterator[str]:
    """Once, or once more for each time that an uncertain one was sent anew."""
    if not 1 <= times <= 1 + look.unsure[words]:
        yield f"{what} {times} times; sent anew in doubt: {look.unsure[words]} times"
