"""What the desk may hear: words among people are kept where they are meant for it, and left where they are not.

A messenger brings whatever is said in the chats that the bot is in. What is said in a team's channel or a request channel is
heard, everywhere else only whoever addresses the bot; nothing else is ever stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.payloads import Among
from storage.desk.request_channels import kinds_of
from storage.engine.database import Database

Place = tuple[str, str]

ADDRESSED = (Kind.COMMAND, Kind.PRESS, Kind.SUBMIT)  # nobody does these but to the bot
OF_PLACES = ("bot_added", "bot_removed", "moved")  # what became of the bot or of the place itself


class Earshot:
    """Sorts what comes in by where it was said; one look at the records for all of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heard(self, events: Sequence[Event]) -> list[Event]:
        """Return what is for the desk, each as the place it was said in has it."""
        asked = {place for event in events if (place := chat_to_check(event)) is not None}
        kinds = await self._database.read(lambda connection: kinds_of(connection, asked)) if asked else {}
        return [found for event in events if (found := sorted_out(event, kinds)) is not None]


def chat_to_check(event: Event) -> Place | None:
    """Return the chat that decides whether an event is heard; None where nothing has to be asked."""
    if event.kind in (Kind.RAW, Kind.TIMER):
        return None
    if event.among is not None and event.among.asked_in:
        return event.source, event.among.asked_in
    return None if event.private else (event.source, event.group)


def sorted_out(event: Event, kinds: Mapping[Place, str]) -> Event | None:
    """Return an event as its place has it; None where it is not for the desk."""
    place = chat_to_check(event)
    if place is None:
        return event
    kind = kinds.get(place)
    if kind == "team":
        return in_team(event)
    if kind is None and event.kind not in (*ADDRESSED, Kind.MEMBER) and not event.names_bot:
        return None
    if event.kind is Kind.MEMBER:
        return event if event.name in OF_PLACES else None
    if event.private:  # a command that is told in private, wherever it was given
        return event
    return replace(event, passing=True, among=event.among or Among())


def in_team(event: Event) -> Event:
    """Return an event of a team's channel that its messenger took for any other."""
    among = event.among
    if among is None:
        return event
    if among.asked_in:
        return replace(event, chat=among.asked_in, private=False, conversation=among.asked_in, among=None)
    conversation = event.conversation
    if "/" in event.chat:
        conversation = f"{event.group}/{among.thread}" if among.thread else event.group
    found = replace(event, chat=event.group, conversation=conversation, passing=False, among=None)
    if not among.command or event.kind is not Kind.TEXT:
        return found
    said = event.words.cut(among.command_end, len(event.words.text))
    return replace(found, kind=Kind.COMMAND, name=among.command, words=said, value=said.text)
