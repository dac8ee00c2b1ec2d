"""Request types, forms and drafts: what can be asked for, and what is half asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.engine.compiled import Prepared
from storage.lifecycle import WorkflowData
from storage.models import Priority, draft, form, request_type
from storage.types import Answers, made_id

TASK = "_task"  # the type of tasks: no name of the rules begins so


@dataclass(frozen=True, slots=True)
class RequestType:
    """A service of the catalogue as it is now, in the columns' order."""

    id: int
    name: str
    revision: int
    position: int
    kind: str
    title: Mapping[str, str]
    fields: Sequence[Mapping[str, Any]]
    priority: Priority
    workflow: WorkflowData | None
    current: bool
    retired: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-filled form, in the columns' order."""

    id: int
    person_id: int
    place: str
    form_id: int
    step: str
    waiting: bool
    answers: Answers
    facts: Mapping[str, Any]
    card: int | None
    updated_at: datetime


_DRAFT_AT = Prepared(
    select(draft)
    .where(draft.c.person_id == bindparam("of_person"), draft.c.place == bindparam("of_place"))
    .order_by(draft.c.id.desc())
    .limit(1)
)
_TYPE = Prepared(select(request_type).where(request_type.c.id == bindparam("of_id")), once=True)
_FORM = Prepared(select(form.c.data).where(form.c.id == bindparam("of_id")), once=True)
_TYPES = Prepared(
    select(request_type).where(request_type.c.current, ~request_type.c.retired).order_by(request_type.c.position),
    once=True,
)


class Requests:
    """Request types and forms, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def types(self) -> list[RequestType]:
        """Return the request types that may be filed now, in their order."""
        return [RequestType(*row) for row in _TYPES.all(self._connection)]

    def type(self, type_id: int) -> RequestType:
        """Return one revision of a request type."""
        row = _TYPE.first(self._connection, {"of_id": type_id})
        assert row is not None, f"no request type {type_id}"
        return RequestType(*row)

    def type_name(self, type_id: int) -> str:
        """Return the name of a request type, which all its revisions share."""
        return self.type(type_id).name

    def latest(self, name: str) -> RequestType:
        """Return the newest revision of a request type, retired or not: a draft under way may be of one that is gone."""
        newest = select(request_type).where(request_type.c.name == name).order_by(request_type.c.revision.desc())
        return RequestType(*self._connection.execute(newest.limit(1)).one())

    def task_type(self, title: Mapping[str, str]) -> int:
        """Return the id of the type of tasks, written where there is none yet: no rules name it, and nobody may file it."""
        known = self._connection.scalar(select(request_type.c.id).where(request_type.c.name == TASK))
        if known is not None:
            return int(known)
        of = {"name": TASK, "revision": 1, "position": 0, "kind": "service", "title": dict(title), "fields": []}
        values = {**of, "priority": Priority.NORMAL, "workflow": None, "current": False, "retired": True}
        return made_id(self._connection.execute(insert(request_type).values(values)))

    def put_type(self, name: str, **facts: Any) -> int:
        """Write a revision of a request type and put it in force; return its id. Tickets keep the one they pinned."""
        newest = select(request_type).where(request_type.c.name == name, request_type.c.current)
        row = self._connection.execute(newest).first()
        was = RequestType(*row) if row else None
        if was and all(getattr(was, key) == value for key, value in facts.items()) and not was.retired:
            return was.id
        if was:
            self._connection.execute(update(request_type).where(request_type.c.name == name).values(current=False))
        values = {"name": name, "revision": was.revision + 1 if was else 1, "current": True, "retired": False, **facts}
        return made_id(self._connection.execute(insert(request_type).values(values)))

    def retire_types(self, *, but: Sequence[str]) -> None:
        """Offer no request type any more but these; tickets of the others keep the revision they pinned."""
        gone = update(request_type).where(request_type.c.current, request_type.c.name.not_in(list(but)))
        self._connection.execute(gone.values(retired=True))

    def form_id(self, name: str, digest: str, data: Mapping[str, Any], at: datetime) -> int:
        """Return the id of this revision of a form, written where it is new; ``data`` is what ``Form.dump`` returns."""
        it = select(form.c.id).where(form.c.name == name, form.c.digest == digest)
        known = self._connection.scalar(it.with_for_update(read=True, key_share=True))  # so that nobody forgets it now
        if known is not None:
            return int(known)
        values = {"name": name, "digest": digest, "data": dict(data), "created_at": at}
        return made_id(self._connection.execute(insert(form).values(values)))

    def form(self, form_id: int) -> Mapping[str, Any]:
        """Return the data of a form's revision."""
        row = _FORM.first(self._connection, {"of_id": form_id})
        assert row is not None, f"no form {form_id}"
        data: Mapping[str, Any] = row[0]
        return data


class Drafts:
    """Half-filled forms: one for each person and place."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def at(self, person_id: int, place: str) -> Draft | None:
        """Return the draft a person has in a place."""
        row = _DRAFT_AT.first(self._connection, {"of_person": person_id, "of_place": place})
        return Draft(*row) if row else None

    def get(self, draft_id: int) -> Draft | None:
        """Return a draft, if it is still there."""
        row = self._connection.execute(select(draft).where(draft.c.id == draft_id)).first()
        return Draft(*row) if row else None

    def asked_on(self, outgoing_id: int) -> Draft | None:
        """Return the draft that is filled on this outgoing message."""
        row = self._connection.execute(select(draft).where(draft.c.card == outgoing_id)).first()
        return Draft(*row) if row else None

    def open(
        self,
        person_id: int,
        place: str,
        form_id: int,
        *,
        step: str,
        answers: Answers,
        facts: Mapping[str, Any],
        at: datetime,
    ) -> Draft:
        """Start a draft; one that was open in the same place gives way. ``facts`` are what ``DraftFacts.dump`` returns."""
        self._connection.execute(delete(draft).where(draft.c.person_id == person_id, draft.c.place == place))
        values: dict[str, Any] = {
            "person_id": person_id,
            "place": place,
            "form_id": form_id,
            "step": step,
            "waiting": True,
            "answers": dict(answers),
            "facts": dict(facts),
            "card": None,
            "updated_at": at,
        }
        made = made_id(self._connection.execute(insert(draft).values(values)))
        return Draft(made, **values)

    def save(self, kept: Draft, at: datetime) -> None:
        """Keep how far a draft is."""
        values = {
            "form_id": kept.form_id,
            "step": kept.step,
            "waiting": kept.waiting,
            "answers": dict(kept.answers),
            "facts": dict(kept.facts),
            "card": kept.card,
            "updated_at": at,
        }
        self._connection.execute(update(draft).where(draft.c.id == kept.id).values(values))

    def end(self, draft_id: int) -> None:
        """Forget a draft: submitted or cancelled."""
        self._connection.execute(delete(draft).where(draft.c.id == draft_id))
