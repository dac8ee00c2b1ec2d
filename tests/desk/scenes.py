"""Turns given without a messenger: real rules and a real database, events as an adapter would make them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from handlers import dispatch
from handlers.contents import CONTENTS
from handlers.rules import Rules
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import RENDERED_MESSAGE, Event, File, Kind, RenderedMessage, RichText, Sender
from handlers.vocabulary.translations import Translator
from storage.engine.compiled import savepoint
from storage.lifecycle import Refused
from storage.models import Priority, Role, metadata, outgoing
from storage.people.people import Person
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import known

SOURCE, TEAM = "telegram:1", "-100"
FORM: dict[str, Any] = {
    "name": "request",
    "title": {"": "request.title"},
    "fields": [
        {"name": "type", "label": {"en": "What is it about?"}, "kind": "choice", "choices": {"other": {"en": "Other"}}},
        {"name": "contract", "label": {"en": "Contract"}},
        {"name": "text", "label": {"en": "What happened?"}, "kind": "long_text"},
    ],
}


@dataclass
class Scene:
    """A desk in the middle of its day. ``at`` is its clock; what is refused is told as the desk tells it."""

    tx: Transaction
    rules: Rules = field(default_factory=Rules)
    at: Any = MONDAY
    natives: int = 1000
    refusals: list[str] = field(default_factory=list)
    # Of this database alone: another's revisions count the same.
    knowledge: Knowledge = field(default_factory=Knowledge)

    def person(self, who: str, role: Role = Role.REQUESTER, **facts: Any) -> Person:
        """Return somebody by name; who has a role is a member of the team channel."""
        found = known(self.tx, who, **facts)
        if role is not Role.REQUESTER:
            self.tx.channels.join(self.channel.id, found.id, self.at)
        if role.rank > Role.AGENT.rank:
            self.tx.people.grant(found.id, role)
        return self.tx.people.of_account(found.account_id)

    @property
    def channel(self) -> Any:
        """Return the team channel."""
        return self.tx.channels.ensure(SOURCE, TEAM, language="en", threads=True)

    def event(self, who: Person, kind: Kind, name: str = "", value: str = "", **facts: Any) -> Event:
        """Return what somebody does in their own chat, or elsewhere as ``facts`` say."""
        self.natives += 1
        text = facts.pop("text", value if kind in (Kind.COMMAND, Kind.TEXT) else "")
        given: dict[str, Any] = {
            "chat": who.chat,
            "message": str(self.natives),
            "interaction": "1" if kind is Kind.PRESS else "",
            "sender": Sender(who.native, who.shown_name, username=who.username, language="en", chat=who.chat),
            "words": RichText(text),
            **facts,
        }
        return Event(kind, who.source, str(self.natives), "c", self.at, name=name, value=value, **given)

    def in_team(self, who: Person, kind: Kind, name: str = "", value: str = "", **facts: Any) -> Event:
        """Return what somebody does in the team channel."""
        return replace(self.event(who, kind, name, value, chat=TEAM, private=False, **facts))

    def gives(self, event: Event) -> Turn:
        """Give an event its turn, as the desk does: what is refused is undone and said."""
        self.at += timedelta(seconds=30)
        try:
            with savepoint(self.tx.connection):
                turn = self.turn(event)
                dispatch.dispatch(turn)
                return turn
        except Refused as refusal:
            turn = self.turn(event)
            self.refusals.append(refusal.reason)
            dispatch.answer_refusal(turn, refusal)
            return turn

    def turn(self, event: Event) -> Turn:
        """Return a turn about an event, not yet given."""
        return Turn(event, self.tx, self.at, self.rules, Translator(), self.knowledge, contents=CONTENTS)

    def registers(self, who: Person, words: str, *, contract: str = "", file: str = "") -> int:
        """Let somebody register a request with these words; return its number."""
        kind = self.tx.requests.put_type(
            "other", position=0, kind="incident", title={"en": "Other"}, fields=[], priority=Priority.NORMAL,
            workflow=None,
        )  # fmt: skip
        del kind
        form = self.tx.requests.form_id("request", "canary", FORM, self.at)
        said = self.event(who, Kind.TEXT, text=words)
        files = [{"kind": "document", "ref": file, "name": file, "source": SOURCE}] if file else []
        draft = self.tx.drafts.open(
            who.id,
            f"{SOURCE}:{who.chat}",
            form,
            step="review",
            answers={"type": "other", "contract": contract, "text": words, "files": files},
            facts={
                "said": {
                    "words": {"text": words, "spans": []},
                    "files": files,
                    "place": said.place,
                    "native": said.message,
                }
            },
            at=self.at,
        )
        turn = self.gives(self.event(who, Kind.PRESS, "submit", str(draft.id)))
        assert not self.refusals, self.refusals
        return next(iter(turn.touched))

    def delivered(self) -> None:
        """Let everything promised be sent: each promise has a native message of its own where it was to go."""
        for row in self.tx.connection.execute(select(outgoing).where(outgoing.c.done_at.is_(None))).all():
            self.natives += 1
            place = row.lane if "#" not in row.lane else f"{SOURCE}:{TEAM}"
            self.tx.connection.execute(
                outgoing.update().where(outgoing.c.id == row.id).values(done_at=self.at, state="sent")
            )
            if row.operation == "send":
                values = {
                    "place": place, "native": str(self.natives), "part": 0, "outgoing_id": row.id,
                    "message_id": row.message_id, "ticket_id": row.ticket_id, "at": self.at,
                }  # fmt: skip
                self.tx.connection.execute(metadata.tables["post"].insert().values(**values))

    def promised(self, *lanes: str, after: int = 0) -> list[tuple[int, str, RenderedMessage]]:
        """Return what was promised these addresses behind an id: id, operation, what it shows."""
        rows = self.tx.connection.execute(
            select(outgoing).where(outgoing.c.lane.in_(lanes), outgoing.c.id > after).order_by(outgoing.c.id)
        ).all()
        return [(row.id, row.operation, RENDERED_MESSAGE.validate_json(row.payload or "{}")) for row in rows]

    def last(self) -> int:
        """Return the id of the latest promise."""
        return max(self.tx.connection.scalars(select(outgoing.c.id)).all(), default=0)


class Undone(Exception):
    """Nothing of a trial is kept."""


def alone(tx: Transaction, work: Callable[[], None]) -> None:
    """Do something and undo it."""
    try:
        with savepoint(tx.connection):
            work()
            raise Undone
    except Undone:
        pass


def document(name: str) -> File:
    """Return a file of this name."""
    return File("document", ref=name, name=name, source=SOURCE)
