"""Views: filters of the queue that an agent keeps under a name."""

import re

from handlers.agent import queue
from handlers.tickets import queue_filter
from handlers.turns import naming, recent_queries
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import RichText, button_column, phrase
from kb import nearest
from storage.lifecycle import Refused
from storage.models import Role, StateKind

on = Routes()

NAME = re.compile(r"[\w-]{1,32}")
MOST = 30  # of one agent
LONGEST = 256  # characters of a filter
SHARED = 20  # of others, shown at once
USAGE = "/view · /view NAME · /view save NAME [filter] · /view share NAME · /view drop NAME"


@on.command("view", role=Role.AGENT)
def view(turn: Turn) -> None:
    """An agent's kept filters as buttons; one of them by name: /view night."""
    kept = turn.tx.kept.views(turn.person.id)
    name = turn.event.value.strip().casefold()
    if name:
        theirs = {shared: words for shared, _, words in turn.tx.kept.shared()}
        if name not in kept and name not in theirs:
            raise unknown_view(turn, name)
        queue.show_queue(turn, kept[name] if name in kept else theirs[name])
        return
    others = [one for one in turn.tx.kept.shared() if one[1] != turn.person.id][:SHARED]
    if not kept and not others:
        turn.say(phrase("view.none", usage="/view save …"))
        return
    listed = (
        presses.OpenView(recent_queries.remember_query(turn, StateKind.VIEW, name)).button(
            f"{name} · {words}"[:60] if words else name
        )
        for name, words in reversed(list(kept.items())[: recent_queries.KEPT])
    )
    buttons = tuple(reversed(button_column(*listed)))
    buttons += button_column(
        *(
            presses.OpenSharedView(owner, name).button(f"👥 {name} · {turn.tx.tickets.name(owner)}"[:60])
            for name, owner, _ in others
        )
    )
    turn.say(phrase("view.title"), buttons=buttons)


@on.press(presses.OpenSharedView, role=Role.AGENT, act="view")
def pressed_shared(turn: Turn) -> None:
    """A view that somebody shares is shown, as whoever looks sees it."""
    wanted = turn.pressed(presses.OpenSharedView)
    shared = turn.tx.kept.shared()
    words = next((words for name, of, words in shared if (of, name) == (wanted.owner, wanted.view)), None)
    if words is None:
        raise Refused("list_gone")
    queue.show_queue(turn, words)


@on.command("view share", role=Role.AGENT)
def share(turn: Turn) -> None:
    """The team may look at a kept list too, or no more: /view share night, /view share -night."""
    said = turn.event.value.strip().casefold()
    name, shared = said.lstrip("-−–"), not said.startswith(("-", "−", "–"))
    if not name:
        raise Refused("usage", usage=USAGE)
    if not turn.tx.kept.share_view(turn.person.id, name, shared=shared):
        raise unknown_view(turn, name)
    turn.say(phrase("view.shared" if shared else "view.unshared", name=name))


@on.press(presses.OpenView, role=Role.AGENT)
def pressed(turn: Turn) -> None:
    """A kept filter is shown, as whoever kept it sees it now."""
    owner, name = recent_queries.recall_query(turn, StateKind.VIEW, turn.pressed(presses.OpenView).query)
    kept = turn.tx.kept.views(owner)
    if name not in kept:
        raise Refused("list_gone")
    queue.show_queue(turn, kept[name])


@on.command("view save", role=Role.AGENT)
def save(turn: Turn) -> None:
    """A filter is kept: the one the agent looked at last, or one that is named: /view save night urgent free."""
    name, _, words = naming.command_value(turn).strip().partition(" ")
    name, words = name.casefold(), " ".join(words.split())
    if not NAME.fullmatch(name) or name in ("save", "drop", "share"):
        raise Refused("usage", usage=USAGE)
    if not words:
        words = recent_queries.latest_query(turn, StateKind.QUEUE) or ""
    if len(words) > LONGEST:
        raise Refused("view_long", limit=LONGEST)
    queue_filter.parse_filter(turn, words, me=turn.person.id)
    kept = turn.tx.kept.views(turn.person.id)
    if name not in kept and len(kept) >= MOST:
        raise Refused("views_full", limit=MOST)
    turn.tx.kept.keep_view(turn.person.id, name, words)
    turn.say(phrase("view.saved", name=name), RichText(words or "/queue"))


@on.command("view drop", role=Role.AGENT)
def drop(turn: Turn) -> None:
    """A kept filter is forgotten: /view drop night."""
    name = turn.event.value.strip().casefold()
    if not name:
        raise Refused("usage", usage=USAGE)
    if not turn.tx.kept.drop_view(turn.person.id, name):
        raise unknown_view(turn, name)
    turn.say(phrase("view.dropped", name=name))


def unknown_view(turn: Turn, name: str) -> Refused:
    """Return the refusal of a name that no view has."""
    kept = turn.tx.kept.views(turn.person.id)
    meant = nearest(name, kept)
    return (
        Refused("view_meant", name=name, meant=meant)
        if meant
        else Refused("view", name=name, known=", ".join(kept) or "—")
    )
