"""The front page, where a messenger has one: shown when it is opened, and again whenever what stands on it changes.

Who has something to do with a change sees it at once. All other agents see it a moment later: changes that come close together
are one look, a few pages at a time.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers import faq_admin, front, roles
from handlers.messages import DRAWN, Chat, Drawn, Kind, Operation
from handlers.phrases import utc
from handlers.router import on
from handlers.turn import Turn
from storage import outbox
from storage.models import Role

OPEN = "fronts"  # under which name it is kept whose pages are open
LOOKED = timedelta(hours=12)  # a page that was opened longer ago is shown anew when it is opened again
PAGES = 100  # of agents, that are kept up to date
TOGETHER = 10  # pages drawn in one turn
SOON, BREATH = timedelta(seconds=2), timedelta(seconds=1)  # until the first look, and between two
LOST = timedelta(minutes=1)  # after which a look that never came is waited for no more
CURATED = ("faq", "alias", "teach", "gap", "article")  # how acts begin that change answers


@on.kind(Kind.HOME)
def home(turn: Turn) -> None:
    """Somebody opened the front page: it is shown as things are now."""
    kept = turn.tx.records.get(key(turn.person.id)) or {}
    show(turn, {**kept, "shown": None})
    if turn.person.may(Role.AGENT):
        known = turn.tx.records.get(OPEN) or {}
        opened = {number: at for number, at in known.get("opened", {}).items() if turn.now - utc(at) < LOOKED}
        opened.pop(str(turn.person.id), None)
        newest = [*opened.items()][1 - PAGES :]
        turn.tx.records.put(OPEN, {**known, "opened": {**dict(newest), str(turn.person.id): turn.now.isoformat()}})


@on.press("front", key="[a-z]{1,8}", role=Role.AGENT, act="queue")
def look(turn: Turn) -> None:
    """An agent looks at another part of the queue."""
    kept = turn.tx.records.get(key(turn.person.id))
    if kept:
        turn.tx.records.put(key(turn.person.id), {**kept, "view": turn.event.value})


@on.press("faq_new", key="", role=Role.ADMIN, act="faq add")
def add(turn: Turn) -> None:
    """An admin writes a new answer."""
    faq_admin.write(turn, {})


def again(turn: Turn) -> None:
    """Show it anew to whoever has to do with what changed, where they have ever opened it, and soon to every agent."""
    involved = {turn.tx.tickets.get(number).requester_id for number in turn.touched}
    involved |= {each.requester_id for number in turn.touched for each in turn.tx.related.merged(number)}
    involved |= {agent for number in turn.touched if (agent := turn.tx.tickets.get(number).agent_id) is not None}
    if turn.actor is not None and (turn.touched or at_home(turn)):
        involved.add(turn.actor.id)
    refresh(turn, sorted(involved))
    if turn.touched or turn.event.name.startswith(CURATED):
        stir(turn)


def at_home(turn: Turn) -> bool:
    """Return whether somebody acts on their front page: it has no message, and shows nothing by itself."""
    event = turn.event
    return event.kind in (Kind.PRESS, Kind.SUBMIT) and event.private and not event.message


def refresh(turn: Turn, people: list[int]) -> None:
    """Show the front pages of these people anew, where they have ever opened them."""
    for person in people:
        if kept := turn.tx.records.get(key(person)):
            reader = turn.tx.people.of_account(kept["account"])
            event = replace(turn.event, source=reader.source, private=True, chat=reader.chat)
            show(replace(turn, actor=roles.standing(turn, reader), event=event), kept)


def stir(turn: Turn) -> None:
    """Something changed that stands on agents' pages: they are looked after soon, once for all that changes until then."""
    known = turn.tx.records.get(OPEN)
    if not known or not known.get("opened"):
        return
    due = known.get("due")
    if due and turn.now - utc(due) < LOST:
        if not known.get("stale"):
            turn.tx.records.put(OPEN, {**known, "stale": True})
        return
    next_look(turn, known, [], SOON, stale=True)


@on.timer("fronts")
def looked_after(turn: Turn) -> None:
    """The next few agents' pages are shown anew, and then the rest."""
    known = turn.tx.records.get(OPEN) or {}
    left = [int(number) for number in known.get("left") or ()]
    stale = bool(known.get("stale"))
    if not left and stale:
        opened = known.get("opened", {})
        left, stale = [int(number) for number, at in opened.items() if turn.now - utc(at) < LOOKED], False
    refresh(turn, left[:TOGETHER])
    left = left[TOGETHER:]
    if left or stale:
        next_look(turn, known, left, BREATH if left else SOON, stale=stale)
    else:
        turn.tx.records.put(OPEN, {"opened": known.get("opened", {})})


def next_look(turn: Turn, known: dict[str, Any], left: list[int], pause: timedelta, *, stale: bool) -> None:
    """Look after pages once more, a little later."""
    due = turn.now + pause
    turn.tx.records.put(OPEN, {"opened": known.get("opened", {}), "left": left, "stale": stale, "due": due.isoformat()})
    turn.schedule("fronts", pause)


def key(person: int) -> str:
    """Return under which name it is kept that somebody has opened the front page, and how they look at it."""
    return f"home:{person}"


def show(turn: Turn, kept: dict[str, Any]) -> None:
    """Promise the actor's front page; a look of it that still waits to be sent gives way."""
    reader = turn.reader(turn.person)
    parts = [turn.draw(each, reader) for each in front.sections(turn, str(kept.get("view") or ""))]
    sections = [DRAWN.dump_python(part, mode="json", exclude_defaults=True) for part in parts]
    payload = DRAWN.dump_json(Drawn(facts={"sections": sections}), exclude_defaults=True).decode()
    waiting = kept.get("shown")
    if waiting is not None and outbox.replace(turn.tx.connection, waiting, payload):
        return
    address = Chat(turn.event.source, f"home@{turn.person.native}")  # a lane of its own: it holds up nobody's messages
    shown = turn.promise(address, {"operation": Operation.HOME, "payload": payload})
    turn.tx.records.put(key(turn.person.id), {**kept, "account": turn.person.account_id, "shown": shown})
