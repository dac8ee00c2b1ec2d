"""Erasing a person: what names them goes at once, what they wrote in pieces, so that no transaction takes long.

The row of a person stays, for numbers and times of requests point at it; it names nobody. Of each account a hash stays, keyed
with a secret of this desk, so that what the account did before does not bring its person back.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, or_, select, text, update
from sqlalchemy.sql import ColumnElement

from storage.models import (
    Role,
    Sending,
    StateKind,
    account,
    alias,
    announced,
    announcement,
    approval,
    approver,
    article_remark,
    asset,
    audit,
    ban,
    bucket,
    company_approver,
    company_person,
    draft,
    duty_override,
    entry,
    erased,
    favourite,
    guest,
    helper,
    inbox,
    lane,
    leaving,
    member,
    message,
    old_words,
    outage,
    outgoing,
    overheard,
    participant,
    person,
    person_state,
    post,
    recurrence,
    request_type,
    rules_revision,
    stand_in,
    thread,
    ticket,
    timer,
    token,
    verdict,
    view,
    watcher,
)
from storage.people.erased import MARK, ErasedAccounts, account_digest, is_erased
from storage.queues import outbox
from storage.queues.messenger_time import messenger_time
from storage.retention.references import still_named
from storage.tickets.recurrences import Stage
from storage.types import Moment

NOBODY = "—"
CHUNK = 500  # rows looked at in one transaction
SHORT = 5  # an id of so few characters is looked for only where it stands alone
PAGES = 200  # of the search index that are merged in one
KEPT = timedelta(days=90)  # what is looked for, should an erase never come to its end
NO_WORDS: Mapping[str, Any] = {"text": "", "spans": []}
PLAIN = frozenset(
    ("priority", "urgency", "to", "was", "now", "tickets", "count", "minutes", "target")
)  # facts that are nobody's words

AT_ONCE: Sequence[Table] = (
    draft,
    favourite,
    watcher,
    helper,
    view,
    member,
    leaving,
    company_person,
    company_approver,
    stand_in,
    overheard,
    participant,
    token,
    duty_override,
    article_remark,
)  # few rows of each person


@dataclass(frozen=True, slots=True)
class Sought:
    """By what a person is found in rows that do not point at them."""

    accounts: Sequence[tuple[str, str]]  # source, native
    places: Sequence[str]  # source:chat
    names: Sequence[str]
    ruled: Sequence[str]  # accounts as the rules name them
    at: str  # since when they are erased, ISO

    @property
    def called(self) -> list[str]:
        """Return the names that tell them from others; one of a single letter would be found in every text."""
        return [name for name in self.names if len(name) > 1]

    @property
    def words(self) -> list[str]:
        """Return what a text that names them has in it, also one that is kept as JSON."""
        ids = [f'"{native}"' for _, native in self.accounts] + [place.split(":", 2)[2] for place in self.places]
        ids += [native for _, native in self.accounts if len(native) > SHORT]
        stored = (json.dumps(name, ensure_ascii=plain)[1:-1] for name in self.called for plain in (False, True))
        return [one for one in dict.fromkeys((*ids, *self.called, *stored)) if len(one) > 1]


@dataclass(frozen=True, slots=True)
class Kept:
    """How much of a person is kept."""

    accounts: int
    requests: int
    messages: int
    questions: int


class Erasure:
    """Erasing people, as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.accounts = ErasedAccounts(connection)

    # Who

    def erased_at(self, person_id: int) -> datetime | None:
        """Return since when a person is erased."""
        found: datetime | None = self._connection.scalar(select(person.c.erased_at).where(person.c.id == person_id))
        return found

    def all(self) -> list[int]:
        """Return everybody who was erased."""
        query = select(person.c.id).where(person.c.erased_at.is_not(None)).order_by(person.c.id)
        return list(self._connection.scalars(query).all())

    def unlisted(self) -> list[tuple[str, datetime]]:
        """Return the hashes that the list outside the database does not have yet, each with its time by our clock.

        After a restore it is told against when a person was made known, which is our clock's too.
        """
        ours = func.coalesce(person.c.erased_at, erased.c.at, type_=Moment()).label("ours")
        query = select(erased.c.digest, ours).outerjoin(person, person.c.id == erased.c.person_id)
        rows = self._connection.execute(query.where(erased.c.listed_at.is_(None)).order_by(ours)).all()
        return [(row.digest, row.ours) for row in rows]

    def listed(self, digests: Sequence[str], at: datetime) -> None:
        """Remember that these stand in the list outside."""
        self._connection.execute(update(erased).where(erased.c.digest.in_(digests)).values(listed_at=at))

    def kept(self, person_id: int) -> Kept:
        """Return how much of a person is kept."""
        theirs = select(ticket.c.id).where(_made_by(person_id))
        asked = (
            select(func.count()).select_from(account).where(account.c.person_id == person_id),
            select(func.count()).select_from(ticket).where(_made_by(person_id)),
            select(func.count())
            .select_from(message)
            .where(message.c.person_id == person_id, message.c.ticket_id.in_(theirs)),
            select(func.count()).select_from(verdict).where(verdict.c.person_id == person_id, verdict.c.question != ""),
        )
        return Kept(*(self._connection.scalar(one) or 0 for one in asked))

    # Beginning

    def begin(self, person_id: int, at: datetime) -> Sought:
        """Let a person have no name, no account and no role any more; return by what the rest of them is found."""
        sought = self.sought(person_id) or self._seek(person_id, at)
        held = self._connection.execute(select(ban.c.until).where(ban.c.person_id == person_id)).first()
        for source, native in sought.accounts:
            self._keep_digest(person_id, source, native, messenger_time(self._connection, source, at), held)
        rows = self._connection.execute(select(account.c.id).where(account.c.person_id == person_id)).all()
        for row in rows:
            gone: dict[str, Any] = {
                "name": NOBODY,
                "username": "",
                "name_key": "",
                "username_key": "",
                "language": "",
                "chat": "",
            }
            gone |= {"native": MARK + secrets.token_hex(10), "blocked_at": at, "told_until": None}
            self._connection.execute(update(account).where(account.c.id == row.id).values(gone))
        role = self._connection.scalar(select(person.c.role).where(person.c.id == person_id))
        worked = self._connection.execute(select(ticket.c.id).where(ticket.c.agent_id == person_id).limit(1)).first()
        name = NOBODY if role is Role.REQUESTER and worked is None else "Agent"
        nobody = {"name": name, "role": Role.REQUESTER, "language": None, "time_zone": None, "away_since": None}
        self._connection.execute(
            update(person).where(person.c.id == person_id).values(**nobody, notify=None, erased_at=at)
        )
        for table in AT_ONCE:
            self._connection.execute(delete(table).where(table.c.person_id == person_id))
        self._connection.execute(delete(stand_in).where(stand_in.c.other_id == person_id))
        visits = update(guest).where(guest.c.person_id == person_id, guest.c.ended_at.is_(None))
        self._connection.execute(visits.values(ended_at=at))  # the rows stay: by them what they wrote is found
        self._connection.execute(update(asset).where(asset.c.person_id == person_id).values(person_id=None))
        unconfirmed = (recurrence.c.by_id == person_id, recurrence.c.stage == Stage.DRAFT)
        self._connection.execute(delete(recurrence).where(*unconfirmed))
        self._connection.execute(delete(ban).where(ban.c.person_id == person_id))
        self._connection.execute(update(ban).where(ban.c.by_id == person_id).values(reason=""))
        self._connection.execute(delete(person_state).where(person_state.c.person_id == person_id))
        self._drop_waiting(sought, at)
        self._keep(person_id, sought, at)
        return sought

    def sought(self, person_id: int) -> Sought | None:
        """Return by what the rest of a person is found who is being erased; None where nobody of them is left to find."""
        its = (person_state.c.person_id == person_id, person_state.c.kind == StateKind.ERASING)
        value = self._connection.scalar(select(person_state.c.value).where(*its))
        if value is None:
            return None
        accounts = [(str(source), str(native)) for source, native in value["accounts"]]
        return Sought(**{**value, "accounts": accounts})

    def _seek(self, person_id: int, at: datetime) -> Sought:
        rows = self._connection.execute(select(account).where(account.c.person_id == person_id)).all()
        real = [row for row in rows if not is_erased(row.native)]
        own = self._connection.scalar(select(person.c.name).where(person.c.id == person_id)) or ""
        names = {own, *(row.name for row in real), *(row.username for row in real)} - {"", NOBODY, "Agent"}
        return Sought(
            accounts=[(row.source, row.native) for row in real],
            places=[
                f"{row.source}:{chat}"
                for row in real
                for chat in (row.chat, f"@{row.native}", f"home@{row.native}")
                if chat
            ],
            names=sorted(names, key=len, reverse=True),
            ruled=[f"{row.source.partition(':')[0]}:{row.native}" for row in real],
            at=at.isoformat(),
        )

    def _keep_digest(self, person_id: int, source: str, native: str, at: datetime, held: Any) -> None:
        kept = account_digest(self.accounts.key(), source, native)
        self._connection.execute(delete(erased).where(erased.c.digest == kept))
        banned = {"banned": held is not None, "banned_until": held.until if held is not None else None}
        self._connection.execute(insert(erased).values(digest=kept, person_id=person_id, at=at, **banned))

    def _keep(self, person_id: int, sought: Sought, at: datetime) -> None:
        values = {"kind": StateKind.ERASING, "key": "", "value": asdict(sought), "until": at + KEPT}
        self._connection.execute(insert(person_state).values(person_id=person_id, **values))

    def _drop_waiting(self, sought: Sought, at: datetime) -> None:
        """Send no more what waits for them, and what they set to happen later and concerns no request."""
        waiting = (outgoing.c.lane.in_(sought.places), outgoing.c.done_at.is_(None))
        outbox.give_up(
            self._connection, list(self._connection.scalars(select(outgoing.c.id).where(*waiting)).all()), at
        )

    def under_way(self, sought: Sought) -> bool:
        """Return whether something is still to be sent to them: a reply on its way, or the last word."""
        since = datetime.fromisoformat(sought.at)
        its = (outgoing.c.lane.in_(sought.places), outgoing.c.done_at.is_(None), outgoing.c.created_at <= since)
        return self._connection.execute(select(outgoing.c.id).where(*its).limit(1)).first() is not None

    def give_up(self, sought: Sought, at: datetime) -> None:
        """Send no more what could not be sent to them for long."""
        self._drop_waiting(sought, at)

    # Their requests, one message at a time: what shows it is the talk's to take away

    def requests(self, person_id: int, after: int, most: int) -> list[int]:
        """Return a person's requests behind a number, and the tasks that they asked for, in their order."""
        query = select(ticket.c.id).where(ticket.c.requester_id == person_id, ticket.c.id > after)
        return list(self._connection.scalars(query.order_by(ticket.c.id).limit(most)).all())

    def said(self, person_id: int, after: int, most: int) -> list[int]:
        """Return what a person has said behind an id, that says anything yet; and what was said to them alone."""
        theirs = select(ticket.c.id).where(_made_by(person_id), ticket.c.merged_into.is_(None))
        other = ticket.alias("other")
        alone = (
            ~select(other.c.id)
            .where(other.c.merged_into == message.c.ticket_id, other.c.requester_id != person_id)
            .exists()
        )
        let_in = select(guest.c.ticket_id).where(guest.c.person_id == person_id)
        asked = (message.c.person_id == person_id) & (
            (message.c.kind == "follow_up") | ((message.c.kind == "note") & message.c.ticket_id.in_(let_in))
        )
        query = select(message.c.id).where(message.c.id > after, or_(asked, message.c.ticket_id.in_(theirs) & alone))
        return list(self._connection.scalars(query.order_by(message.c.id).limit(most)).all())

    def forget_words_before(self, message_id: int) -> None:
        """Keep nothing of what a message said before it was changed."""
        self._connection.execute(delete(old_words).where(old_words.c.message_id == message_id))

    def forget_titles(self, number: int, title: str) -> None:
        """Keep no other title of a request's threads; where one is shown, that it changes has been promised."""
        self._connection.execute(update(thread).where(thread.c.ticket_id == number).values(title=title))

    def forget_entries(self, number: int) -> None:
        """Keep of what was done to a request who, what and when, and no text."""
        self.change_entries(number, plain_facts)

    def change_entries(self, number: int, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        """Let what was done to a request be told otherwise: its facts as ``change`` returns them."""
        rows = self._connection.execute(select(entry.c.id, entry.c.facts).where(entry.c.ticket_id == number)).all()
        for row in rows:
            kept = change(row.facts)
            if kept != row.facts:
                self._connection.execute(update(entry).where(entry.c.id == row.id).values(facts=dict(kept)))

    # What only rows know, in pieces: each takes where it was and returns where it goes on, None where it is done

    def piece(self, name: str, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
        """Do some of a piece of the work, from behind an id; return behind which it goes on, None where it is done."""
        return PIECES[name](self._connection, person_id, sought, after, at)

    def naming(self, person_id: int, sought: Sought, after: int) -> tuple[list[tuple[int, str]], int | None]:
        """Return what waits behind an id to be sent to others and names them, id and payload; and behind which it goes on.

        What others said to others is theirs: a name may be any word.
        """
        own = _made_by(person_id)
        gone_on = select(ticket.c.merged_into).where(own, ticket.c.merged_into.is_not(None))
        theirs = select(message.c.id).where(
            or_(
                message.c.person_id == person_id,
                message.c.ticket_id.in_(select(ticket.c.id).where(own)),
                message.c.ticket_id.in_(gone_on),
            )
        )
        told_many = select(announced.c.outgoing_id).where(announced.c.outgoing_id == outgoing.c.id)
        rows = self._connection.execute(
            select(outgoing.c.id, outgoing.c.payload)
            .where(outgoing.c.id > after, outgoing.c.done_at.is_(None), outgoing.c.payload != "")
            .where(or_(outgoing.c.message_id.is_(None), outgoing.c.message_id.in_(theirs)), ~told_many.exists())
            .order_by(outgoing.c.id)
            .limit(CHUNK)
        ).all()
        named = [(row.id, row.payload) for row in rows if _named_in(row.payload, sought.words)]
        return named, _onwards([row.id for row in rows])

    def finish(self, person_id: int) -> None:
        """Forget by what they were found."""
        its = (person_state.c.person_id == person_id, person_state.c.kind == StateKind.ERASING)
        self._connection.execute(delete(person_state).where(*its))


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return of an entry's ``facts`` what is no text of anybody's: numbers, and what only has a few values (``PLAIN``)."""
    return {name: value for name, value in facts.items() if name in PLAIN or not _texts(value)}


def _texts(value: Any) -> bool:
    match value:
        case str():
            return bool(value)
        case Mapping():
            return any(_texts(each) for each in value.values())
        case list() | tuple():
            return any(_texts(each) for each in value)
    return False


def _made_by(person_id: int) -> ColumnElement[bool]:
    """A person's own requests: a task is its request's and the team's, also where they were one of it and asked for it."""
    return (ticket.c.requester_id == person_id) & ticket.c.task_of.is_(None)


def _named_in(said: str, words: Sequence[str]) -> bool:
    return any(word in said for word in words)


def _ids(connection: Connection, table: Table, after: int, *where: ColumnElement[bool], most: int = CHUNK) -> list[int]:
    query = select(table.c.id).where(table.c.id > after, *where).order_by(table.c.id).limit(most)
    return list(connection.scalars(query).all())


def _onwards(ids: Sequence[int]) -> int | None:
    return ids[-1] if len(ids) == CHUNK else None


def _questions(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """Every question they asked, and what was proposed because of it."""
    ids = _ids(connection, verdict, after, verdict.c.person_id == person_id)
    connection.execute(update(verdict).where(verdict.c.id.in_(ids)).values(question="", said={}))
    theirs = alias.c.proposed_by == person_id
    connection.execute(delete(alias).where(theirs, alias.c.state != "live"))
    connection.execute(update(alias).where(theirs).values(proposed_by=None))
    return _onwards(ids)


def _acts(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """What was written down of what they did, but that it was done and when."""
    rows = connection.execute(
        select(audit.c.id, audit.c.facts)
        .where(audit.c.id > after, audit.c.person_id == person_id)
        .order_by(audit.c.id)
        .limit(CHUNK)
    ).all()
    for row in rows:
        if (kept := plain_facts(row.facts)) != row.facts:
            connection.execute(update(audit).where(audit.c.id == row.id).values(facts=kept))
    return _onwards([row.id for row in rows])


def _approvals(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """Why they asked for a yes, and why they gave none."""
    connection.execute(update(approval).where(approval.c.by_id == person_id).values(why=""))
    connection.execute(update(approver).where(approver.c.answered_by == person_id).values(reason=""))
    return None


def _timers(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """What they set to happen later: of what concerns a request only the texts go."""
    theirs = timer.c.person_id == person_id
    alone = (theirs, timer.c.ticket_id.is_(None), timer.c.fired_at.is_(None))
    connection.execute(delete(timer).where(*alone))
    ids = _ids(connection, timer, after, theirs, timer.c.fired_at.is_not(None))
    connection.execute(update(timer).where(timer.c.id.in_(ids)).values(facts={}))
    return _onwards(ids)


def _promises(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """What was sent to them; of what was sent to others nothing is kept either, for their words may stand in it."""
    rows = connection.execute(
        select(
            outgoing.c.id,
            outgoing.c.lane,
            outgoing.c.payload,
            outgoing.c.done_at,
            outgoing.c.error,
            outgoing.c.created_at,
            outgoing.c.state,
        )
        .where(outgoing.c.id > after)
        .order_by(outgoing.c.id)
        .limit(CHUNK)
    ).all()
    since = datetime.fromisoformat(sought.at)
    over = [row for row in rows if row.done_at is not None]
    theirs = [row.id for row in over if row.lane in sought.places and row.created_at <= since]
    emptied = [row.id for row in over if row.state is not Sending.FAILED and row.payload]
    emptied += [row.id for row in over if _named_in(f"{row.payload} {row.error or ''}", sought.words)]
    if theirs or emptied:
        connection.execute(
            update(outgoing).where(outgoing.c.id.in_({*theirs, *emptied})).values(payload="", error=None)
        )
    if theirs:
        connection.execute(delete(post).where(post.c.outgoing_id.in_(theirs)))
        kept = still_named(connection, theirs)
        connection.execute(delete(outgoing).where(outgoing.c.id.in_(set(theirs) - kept)))
        for row in over:
            if row.id in kept:
                nowhere = f"{row.lane.split(':')[0]}:{row.lane.split(':')[1]}:@{MARK}"
                connection.execute(update(outgoing).where(outgoing.c.id == row.id).values(lane=nowhere))
    return _onwards([row.id for row in rows])


def _posts(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """Where their own messages, and ours to them, stand."""
    since = datetime.fromisoformat(sought.at)
    ids = _ids(connection, post, after, post.c.place.in_(sought.places), post.c.at <= since)
    connection.execute(delete(post).where(post.c.id.in_(ids)))
    return _onwards(ids)


def _events(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """What they did, as it came in; of what others did and was handled nothing is kept either, for it may quote them."""
    since = datetime.fromisoformat(sought.at)
    rows = connection.execute(
        select(inbox.c.id, inbox.c.lane, inbox.c.payload, inbox.c.done_at, inbox.c.received_at, inbox.c.incident)
        .where(inbox.c.id > after)
        .order_by(inbox.c.id)
        .limit(CHUNK)
    ).all()
    own = tuple(_conversation(place) for place in sought.places)
    before = [row for row in rows if row.received_at <= since]
    theirs = [row.id for row in before if row.lane in own or row.lane.startswith(tuple(f"{each}/" for each in own))]
    if theirs:
        connection.execute(delete(inbox).where(inbox.c.id.in_(theirs)))
    emptied = [row.id for row in rows if row.done_at is not None and row.payload and row.incident is None]
    emptied += [row.id for row in rows if row.incident is not None and _named_in(row.payload, sought.words)]
    connection.execute(update(inbox).where(inbox.c.id.in_(emptied)).values(payload=""))
    return _onwards([row.id for row in rows])


def _places(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """The addresses at which they were served, where nothing waits there."""
    names = [*sought.places, *(_conversation(place) for place in sought.places)]
    idle = (lane.c.name.in_(names), lane.c.ready_at.is_(None), lane.c.leased_until.is_(None))
    connection.execute(delete(lane).where(*idle))
    connection.execute(delete(bucket).where(bucket.c.name.in_(sought.places)))
    return None


def _conversation(place: str) -> str:
    """Return how the inbox calls what is an address to the outbox."""
    messenger, account_, chat = place.split(":", 2)
    return f"{messenger}:{account_}/{chat}"


def _told(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """Where they were shown how far their own announcements, and outages they declared, are."""
    for table in (announcement, outage):
        rows = connection.execute(select(table.c.id, table.c.place).where(table.c.by_id == person_id)).all()
        theirs = [row.id for row in rows if (row.place or {}).get("lane") in sought.places]
        connection.execute(update(table).where(table.c.id.in_(theirs)).values(place={}))
    return None


def _rules(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """Their accounts in every state of the rules: of a role, of a group, of those whose yes a workflow takes."""
    if after == 0:
        _workflows(connection, set(sought.ruled))
    query = select(rules_revision.c.id, rules_revision.c.data).where(rules_revision.c.id > after)
    rows = connection.execute(query.order_by(rules_revision.c.id).limit(20)).all()
    for row in rows:
        without = _without(row.data, set(sought.ruled))
        if without != row.data:
            connection.execute(update(rules_revision).where(rules_revision.c.id == row.id).values(data=without))
    return rows[-1].id if len(rows) == 20 else None


def _workflows(connection: Connection, accounts: set[str]) -> None:
    """Take accounts out of the workflows that requests have pinned."""
    query = select(request_type.c.id, request_type.c.workflow).where(request_type.c.workflow.is_not(None))
    for row in connection.execute(query).all():
        if row.workflow and "approvals" in row.workflow and (kept := _without(row.workflow, accounts)) != row.workflow:
            connection.execute(update(request_type).where(request_type.c.id == row.id).values(workflow=kept))


def _without(data: Any, accounts: set[str]) -> Any:
    """Return a document without these accounts."""
    match data:
        case Mapping():
            return {name: _without(each, accounts) for name, each in data.items()}
        case list():
            return [_without(each, accounts) for each in data if not (isinstance(each, str) and each in accounts)]
    return data


_MERGE = text("INSERT INTO search_words (search_words, rank) VALUES ('merge', :pages)")


def _index(connection: Connection, person_id: int, sought: Sought, after: int, at: datetime) -> int | None:
    """The search index: what was taken out of it stands in old pieces until they are merged."""
    if connection.dialect.name != "sqlite":
        return None
    before = connection.exec_driver_sql("SELECT total_changes()").scalar() or 0
    pages = -PAGES if after == 0 else PAGES
    connection.execute(_MERGE, {"pages": pages})
    now = connection.exec_driver_sql("SELECT total_changes()").scalar() or 0
    return after + 1 if now - before >= 2 else None


Piece = Callable[[Connection, int, Sought, int, datetime], int | None]
PIECES: Mapping[str, Piece] = {
    "questions": _questions,
    "acts": _acts,
    "approvals": _approvals,
    "timers": _timers,
    "told": _told,
    "rules": _rules,
    "events": _events,
    "promises": _promises,
    "posts": _posts,
    "places": _places,
    "index": _index,
}
