"""The front page, where a messenger has one: shown when it is opened, and again whenever what stands on it changes.

Who has something to do with a change sees it at once. All other agents see it a moment later: changes that come close together
are one look, a few pages at a time.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.articles import editing
from handlers.home import page as front
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.messages import RENDERED_MESSAGE, Chat, Kind, Operation, RenderedMessage
from handlers.vocabulary.translations import utc_of_iso
from storage.desk.states import State
from storage.models import Role, StateKind
from storage.queues import outbox

on = Routes()

LOOK = "fronts"  # under which name it is kept when agents' pages are looked after next
LOOKED = timedelta(hours=12)  # a page that was opened longer ago is shown anew when it is opened again
FORGOTTEN = timedelta(days=90)  # a page that was shown longer ago is shown anew when it is opened again
PAGES = 100  # of agents, that are kept up to date
TOGETHER = 10  # pages drawn in one turn
SOON, BREATH = timedelta(seconds=2), timedelta(seconds=1)  # until the first look, and between two
LOST = timedelta(minutes=1)  # after which a look that never came is waited for no more
CURATED = ("faq", "alias", "teach", "gap", "article")  # how acts begin that change answers


@on.kind(Kind.HOME)
def home(turn: Turn) -> None:
    """Somebody opened the front page: it is shown as things are now."""
    kept = look_of(turn, turn.person.id) or {}
    promise_home(turn, {**kept, "shown": None})
    if turn.person.may(Role.AGENT):
        turn.tx.states.put(turn.person.id, StateKind.PAGE_OPEN, turn.now + LOOKED, value=False)


def look_of(turn: Turn, person: int) -> dict[str, Any] | None:
    """Return how somebody looks at their front page; None where they have not opened it for long."""
    found: dict[str, Any] | None = turn.tx.states.get(person, StateKind.HOME, turn.now)
    return found


def open_pages(turn: Turn) -> list[State]:
    """Return the agents' pages that are kept up to date, each with whether it has to be looked after."""
    return turn.tx.states.all(StateKind.PAGE_OPEN, turn.now, limit=PAGES)


@on.press(presses.ShowOnHome, role=Role.AGENT, act="queue")
def look(turn: Turn) -> None:
    """An agent looks at another part of the queue."""
    kept = look_of(turn, turn.person.id)
    if kept:
        turn.tx.states.put(
            turn.person.id,
            StateKind.HOME,
            turn.now + FORGOTTEN,
            value={**kept, "view": turn.pressed(presses.ShowOnHome).view},
        )


@on.press(presses.NewArticle, role=Role.ADMIN, act="faq add")
def add(turn: Turn) -> None:
    """An admin writes a new answer."""
    editing.open_article_form(turn, {})


def refresh_touched(turn: Turn) -> None:
    """Show it anew to whoever has to do with what changed, where they have ever opened it, and soon to every agent."""
    involved = {turn.tx.tickets.get(number).requester_id for number in turn.touched}
    involved |= {each.requester_id for number in turn.touched for each in turn.tx.related.merged(number)}
    involved |= {agent for number in turn.touched if (agent := turn.tx.tickets.get(number).agent_id) is not None}
    if turn.actor is not None and (turn.touched or at_home(turn)):
        involved.add(turn.actor.id)
    refresh_pages(turn, sorted(involved))
    if turn.touched or turn.event.name.startswith(CURATED):
        mark_pages_stale(turn)


def at_home(turn: Turn) -> bool:
    """Return whether somebody acts on their front page: it has no message, and shows nothing by itself."""
    event = turn.event
    return event.kind in (Kind.PRESS, Kind.SUBMIT) and event.private and not event.message


def refresh_pages(turn: Turn, people: list[int]) -> None:
    """Show the front pages of these people anew, where they have opened them."""
    looks = turn.tx.states.of_each(people, StateKind.HOME, turn.now)
    for person in people:
        if kept := looks.get(person):
            reader = turn.tx.people.of_account(kept["account"])
            event = replace(turn.event, source=reader.source, private=True, chat=reader.chat)
            promise_home(replace(turn, actor=permissions.with_standing(turn, reader), event=event), kept)


def mark_pages_stale(turn: Turn) -> None:
    """Something changed that stands on agents' pages: they are looked after soon, once for all that changes until then."""
    if not open_pages(turn):
        return
    known = turn.tx.records.get(LOOK) or {}
    due = known.get("due")
    if due and turn.now - utc_of_iso(due) < LOST:
        if not known.get("stale"):
            turn.tx.records.put(LOOK, {**known, "stale": True})
        return
    next_look(turn, SOON, stale=True)


@on.timer(timers.RefreshPages)
def looked_after(turn: Turn) -> None:
    """The next few agents' pages are shown anew, and then the rest."""
    stale = bool((turn.tx.records.get(LOOK) or {}).get("stale"))
    pages = open_pages(turn)
    left = [page for page in pages if page.value]
    if not left and stale:
        left, stale = pages, False
    refresh_pages(turn, [page.person_id for page in left[:TOGETHER]])
    for number, page in enumerate(left):
        if page.value is not (number >= TOGETHER):
            turn.tx.states.put(page.person_id, StateKind.PAGE_OPEN, page.until, value=number >= TOGETHER)
    if len(left) > TOGETHER or stale:
        next_look(turn, BREATH if len(left) > TOGETHER else SOON, stale=stale)
    else:
        turn.tx.records.put(LOOK, {})


def next_look(turn: Turn, pause: timedelta, *, stale: bool) -> None:
    """Look after pages once more, a little later."""
    turn.tx.records.put(LOOK, {"stale": stale, "due": (turn.now + pause).isoformat()})
    turn.schedule(timers.RefreshPages(), pause)


def promise_home(turn: Turn, kept: dict[str, Any]) -> None:
    """Promise the actor's front page; a look of it that still waits to be sent gives way.

    ``kept`` is how they look at it: {"view" (a part of the queue), "account", "shown" (the last promise of it)}.
    """
    reader = turn.reader(turn.person)
    parts = [turn.draw(each, reader) for each in front.home_sections(turn, str(kept.get("view") or ""))]
    sections = [RENDERED_MESSAGE.dump_python(part, mode="json", exclude_defaults=True) for part in parts]
    payload = RENDERED_MESSAGE.dump_json(RenderedMessage(facts={"sections": sections}), exclude_defaults=True).decode()
    waiting = kept.get("shown")
    if waiting is not None and outbox.replace_waiting(turn.tx.connection, waiting, payload):
        return
    address = Chat(turn.event.source, f"home@{turn.person.native}")  # a lane of its own: it holds up nobody's messages
    shown = turn.promise(address, {"operation": Operation.HOME, "payload": payload})
    value = {**kept, "account": turn.person.account_id, "shown": shown}
    turn.tx.states.put(turn.person.id, StateKind.HOME, turn.now + FORGOTTEN, value=value)
