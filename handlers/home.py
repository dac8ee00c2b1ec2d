"""The front page, where a messenger has one: a requester's requests and popular answers, an agent's queue, an admin's answers."""

from handlers import about_me, consult, faq, queue
from handlers.messages import DRAWN, Button, Chat, Kind, Message, Operation, Part, column, phrase
from handlers.router import on
from handlers.turn import Turn
from storage.models import Role

SHOWN = 5  # of each kind


@on.kind(Kind.HOME)
def home(turn: Turn) -> None:
    """Somebody opened the front page: it is shown as things are now."""
    reader = turn.reader(turn.person)
    payload = DRAWN.dump_json(turn.draw(draw(turn), reader), exclude_defaults=True).decode()
    turn.promise(Chat(turn.event.source, f"@{turn.person.native}"), {"operation": Operation.HOME, "payload": payload})


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
        waiting, total = turn.tx.tickets.queue(limit=SHOWN)
        parts.append(phrase("queue.title", n=total) if total else phrase("queue.empty"))
        buttons += queue.listed(turn, waiting)
    mine = turn.tx.tickets.of_requester(turn.person.id, SHOWN)
    if mine:
        buttons += column(*(Button(about_me.brief(turn, ticket), "status", str(ticket.id)) for ticket in mine))
    popular, _ = turn.tx.articles.page(language=faq.spoken(turn), limit=SHOWN)
    buttons += consult.choices(popular, 0)
    return Message(tuple(parts), title=phrase("start.hello", name=turn.person.name), buttons=tuple(buttons))
