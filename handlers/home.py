"""The front page, where a messenger has one: a requester's requests and popular answers, an agent's queue, an admin's answers."""

from dataclasses import replace

from handlers import about_me, consult, faq, listing, roles
from handlers.messages import DRAWN, Button, Chat, Kind, Message, Operation, Part, column, phrase
from handlers.router import on
from handlers.turn import Turn
from storage import outbox
from storage.models import Role

SHOWN = 5  # of each kind


@on.kind(Kind.HOME)
def home(turn: Turn) -> None:
    """Somebody opened the front page: it is shown as things are now, and again whenever something of theirs changes."""
    show(turn, None)


def again(turn: Turn) -> None:
    """Tickets have changed: show it anew to their requesters and agents, where they have ever opened it."""
    involved = {turn.tx.tickets.get(number).requester_id for number in turn.touched}
    involved |= {each.requester_id for number in turn.touched for each in turn.tx.related.merged(number)}
    involved |= {agent for number in turn.touched if (agent := turn.tx.tickets.get(number).agent_id) is not None}
    if turn.touched and turn.actor is not None:
        involved.add(turn.actor.id)
    for person in sorted(involved):
        if opened := turn.tx.records.get(key(person)):
            reader = turn.tx.people.of_account(opened["account"])
            event = replace(turn.event, source=reader.source, private=True, chat=reader.chat)
            show(replace(turn, actor=roles.standing(turn, reader), event=event), opened["shown"])


def key(person: int) -> str:
    """Return under which name it is kept that somebody has opened the front page."""
    return f"home:{person}"


def show(turn: Turn, waiting: int | None) -> None:
    """Promise the actor's front page; a look of it that still waits to be sent gives way."""
    payload = DRAWN.dump_json(turn.draw(draw(turn), turn.reader(turn.person)), exclude_defaults=True).decode()
    if waiting is not None and outbox.replace(turn.tx.connection, waiting, payload):
        return
    address = Chat(turn.event.source, f"@{turn.person.native}")
    shown = turn.promise(address, {"operation": Operation.HOME, "payload": payload})
    turn.tx.records.put(key(turn.person.id), {"account": turn.person.account_id, "shown": shown})


def draw(turn: Turn) -> Message:
    """Draw a person's front page."""
    parts: list[Part] = [phrase("start.how")]
    buttons: list[tuple[Button, ...]] = [
        (
            Button(phrase("button.new"), "need", "anew"),
            Button(phrase("button.mine"), "my"),
            Button(phrase("faq.title"), "faq"),
        )
    ]
    if turn.person.may(Role.AGENT):
        waiting, total = turn.tx.queue.page(limit=SHOWN), turn.tx.queue.count()
        parts.append(phrase("queue.title", n=total) if total else phrase("queue.empty"))
        buttons += listing.listed(turn, waiting)
    mine = about_me.theirs(turn, SHOWN)
    if mine:
        buttons += column(*(Button(about_me.brief(turn, ticket), "status", str(ticket.id)) for ticket in mine))
    popular, _ = turn.tx.articles.page(language=faq.spoken(turn), limit=SHOWN)
    buttons += consult.choices(popular, 0)
    return Message(tuple(parts), title=phrase("start.hello", name=turn.person.name), buttons=tuple(buttons))
