"""A file that a command takes, sent after it: the next document without words is meant for it."""

from datetime import timedelta

from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn, dump_rendered, event_with
from handlers.vocabulary.fetches import UNFETCHED
from handlers.vocabulary.messages import Kind, Operation, RenderedMessage, phrase
from storage.lifecycle import Refused
from storage.models import StateKind

AWAITED = timedelta(minutes=10)


on = Routes()


@on.fetched(UNFETCHED)
def unfetched(turn: Turn) -> None:
    """A file that somebody sent could not be had: they read so, and send it again."""
    assert turn.event.fetched is not None
    turn.say(phrase("file.unfetched", name=turn.event.fetched.name))


def await_file(turn: Turn, command: str) -> None:
    """Ask for the file that a command takes; among others only its caption can say what a file is for."""
    if not turn.event.private:
        raise Refused("no_file_sent", command=command)
    turn.tx.states.put(turn.person.id, StateKind.FILE, turn.now + AWAITED, value=command)
    turn.say(phrase("file.awaited", command=command))


def fetch_document(turn: Turn, command: str, then: str, *, most: int, too_large: str) -> None:
    """Let the document that a command came with be read, by whoever hears ``then``; without one, wait for it.

    One of more than ``most`` bytes is refused by the reason ``too_large``.
    """
    file = next((file for file in turn.event.files if file.kind == "document"), None)
    if file is None:
        await_file(turn, command)
        return
    if file.size > most:
        raise Refused(too_large, problem=phrase("company.too_large"))
    fetched = RenderedMessage(files=(file,), facts={"then": then, "account": turn.person.account_id})
    turn.promise(turn.here[0], {"operation": Operation.FETCH, "payload": dump_rendered(fetched)})
    turn.say(phrase("faq.importing", name=file.name))


def takes_file(turn: Turn) -> bool:
    """Give a document without words to the command that waits for one; return whether one did.

    What answers a message of a request is for that request.
    """
    event = turn.event
    alone = [file.kind for file in event.files] == ["document"] and not event.words.text.strip()
    if not event.private or not alone or (event.reply_to and turn.number is not None):
        return False
    command = turn.tx.states.take(turn.person.id, StateKind.FILE, turn.now)
    route = turn.contents.router.find(Kind.COMMAND, command) if isinstance(command, str) else None
    if route is None or not turn.person.may(permissions.role_asked_by(turn, route)):
        return False
    route.handler(event_with(turn, kind=Kind.COMMAND, name=command))
    return True
