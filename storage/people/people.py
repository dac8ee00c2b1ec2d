"""People, their accounts, the team channels and who belongs to them."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Select, Table, bindparam, func, insert, literal, or_, select, union, update

from storage.engine.compiled import Prepared
from storage.engine.upsert import put_row
from storage.models import Role, account, ban, leaving, member, own_account, person, team_channel
from storage.people import account_merge, membership
from storage.people.erased import MARK, ErasedAccounts, Known
from storage.people.names import shown_name
from storage.types import made_id


@dataclass(frozen=True, slots=True)
class Person:
    """Anyone known, as one of their accounts shows them; ``role`` counts the account's membership of a team channel."""

    id: int
    name: str
    role: Role
    language: str | None  # their own choice
    time_zone: str | None
    away_since: datetime | None
    account_id: int
    source: str
    native: str
    username: str
    account_language: str
    chat: str
    blocked_at: datetime | None
    shown_name: str  # by this account now
    known_since: datetime
    left: bool = False  # has left a team channel, and is in none: no role that the rules name counts

    @property
    def home(self) -> str:
        """Return the chat to write to: their own, or (not known yet) the account itself, marked so."""
        return self.chat or f"@{self.native}"

    def may(self, role: Role) -> bool:
        """Return whether the person has at least this role."""
        return self.role.rank >= role.rank


@dataclass(frozen=True, slots=True)
class Channel:
    """A team channel, in the columns' order."""

    id: int
    source: str
    chat: str
    language: str
    threads: bool
    active: bool
    own_language: str | None = None
    lost_at: datetime | None = None

    @property
    def word(self) -> str:
        """Return the chat as the rules name it: ``messenger:id``."""
        return f"{self.source.partition(':')[0]}:{self.chat}"

    @property
    def place(self) -> str:
        """Return the chat as one word."""
        return f"{self.source}:{self.chat}"


def _of(table: Table) -> Select[int]:
    """Count a person's rows about active team channels."""
    rows = select(func.count()).select_from(table.join(team_channel, team_channel.c.id == table.c.team_channel_id))
    return rows.where(table.c.person_id == person.c.id, team_channel.c.active).correlate(person, account)


_JOINED = select(
    person.c.id,
    person.c.name,
    person.c.role,
    person.c.language,
    person.c.time_zone,
    person.c.away_since,
    account.c.id,
    account.c.source,
    account.c.native,
    account.c.username,
    account.c.language,
    account.c.chat,
    account.c.blocked_at,
    account.c.name,
    person.c.created_at,
    _of(leaving).scalar_subquery(),
    _of(member).scalar_subquery(),
    _of(member).where(team_channel.c.source == account.c.source).scalar_subquery(),
).select_from(account.join(person, person.c.id == account.c.person_id))
_BY_NATIVE = Prepared(
    _JOINED.where(account.c.source == bindparam("source"), account.c.native == bindparam("native")), once=True
)
_BY_ACCOUNT = Prepared(_JOINED.where(account.c.id == bindparam("id")), once=True)
_BY_PERSON = Prepared(_JOINED.where(person.c.id == bindparam("id")).order_by(account.c.id), once=True)
_MEMBERS = select(member.c.person_id).join(team_channel).where(team_channel.c.active)
_HERE = _of(member).where(team_channel.c.source == account.c.source).scalar_subquery()
_TEAM = Prepared(_JOINED.where(person.c.id.in_(_MEMBERS), _HERE > 0).order_by(person.c.name, account.c.id), once=True)
_KEYS = (account.c.username_key, account.c.name_key)
FEW = 5  # of one name, to be told apart
_CHANNELS = Prepared(select(team_channel).where(team_channel.c.active).order_by(team_channel.c.id), once=True)


def _person(row: Sequence[object]) -> Person:
    *columns, leavings, memberships, here = row
    if here and columns[2] is Role.REQUESTER:
        columns[2] = Role.AGENT
    return Person(*columns, bool(leavings) and not memberships)  # type: ignore[arg-type, call-arg]


def _as_known(found: Person | None, native: str) -> tuple[str, str, str]:
    """Return the name, username and language that are known of an account."""
    return (found.shown_name, found.username, found.account_language) if found else (native, "", "")


def key_of(name: str) -> str:
    """Return a name as it is looked for: in any letter case, however it is spaced."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class Erased(Exception):
    """Whoever did it was erased since: nobody hears of it."""


class People:
    """The people, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._erased = ErasedAccounts(connection)

    def find(self, source: str, native: str) -> Person | None:
        """Return whoever has this account."""
        row = _BY_NATIVE.first(self._connection, {"source": source, "native": native})
        return _person(row) if row else None

    def living(self, ids: Collection[int]) -> set[int]:
        """Return who of these is somebody: neither erased nor joined with another since."""
        theirs = select(account.c.person_id).where(account.c.person_id.in_(ids), ~account.c.native.startswith(MARK))
        return set(self._connection.scalars(theirs)) if ids else set()

    def admins(self, named: Iterable[tuple[str, str]]) -> list[Person]:
        """Return the admins' accounts: those of the role, and those that the settings name as (messenger, native id)."""
        named_too = [
            account.c.source.startswith(f"{messenger}:", autoescape=True) & (account.c.native == native)
            for messenger, native in named
        ]
        query = _JOINED.where(or_(person.c.role == Role.ADMIN, *named_too)).order_by(account.c.id)
        return [_person(row) for row in self._connection.execute(query).all()]

    def meet(
        self,
        source: str,
        native: str,
        *,
        name: str,
        username: str,
        language: str,
        chat: str,
        at: datetime,
        done_at: datetime | None = None,
    ) -> Person:
        """Return whoever has this account, made known or brought up to date where the messenger says something new.

        Without a name the messenger does not say who it is now: what is known of them stays. Raises Erased where the account
        was erased after what they did at ``done_at``; who does something later is a new person, and banned as they were.
        """
        found = self.find(source, native)
        gone = self._erased.known(source, native) if found is None else None
        if gone is not None and (done_at or at) <= gone.at:
            raise Erased
        if name:
            name = shown_name(name, username=username, native=native, language=language)
        else:
            name, username, language = _as_known(found, native)
        seen = {"name": name[:256], "username": username[:64], "language": language[:8]}
        keys = {"name_key": key_of(name)[:256], "username_key": key_of(username)[:64]}
        if chat:
            seen["chat"] = chat
        as_seen = (seen["name"], seen["username"], seen["language"])
        if found is None:
            self._make({"source": source, "native": native, **seen, **keys}, at, gone)
        elif (found.shown_name, found.username, found.account_language) != as_seen or (chat and found.chat != chat):
            self._connection.execute(update(account).where(account.c.id == found.account_id).values(**seen, **keys))
            self._connection.execute(update(person).where(person.c.id == found.id).values(name=seen["name"]))
        else:
            return found
        known = self.find(source, native)
        assert known is not None
        return known

    def _make(self, seen: Mapping[str, str], at: datetime, gone: Known | None) -> None:
        """Make a person with an account known, banned as whoever had it before they were erased."""
        made = self._connection.execute(insert(person).values(name=seen["name"], role=Role.REQUESTER, created_at=at))
        self._connection.execute(insert(account).values(person_id=made_id(made), **seen))
        if gone is not None and gone.banned:
            mine = {"person_id": made_id(made), "by_id": made_id(made), "reason": "", "at": at}
            self._connection.execute(insert(ban).values(**mine, until=gone.banned_until))

    def set_zone(self, known: Person, zone: str) -> Person:
        """Keep the time zone that somebody lives in; return them as they are now."""
        self._connection.execute(update(person).where(person.c.id == known.id).values(time_zone=zone[:64]))
        return replace(known, time_zone=zone[:64])

    def at_chat(self, source: str, chat: str) -> Person | None:
        """Return whoever is written to in this private chat."""
        row = self._connection.execute(_JOINED.where(account.c.source == source, account.c.chat == chat)).first()
        return _person(row) if row else None

    def of_account(self, account_id: int) -> Person:
        """Return the person as this account shows them."""
        found = self.account(account_id)
        assert found is not None, f"no account {account_id}"
        return found

    def account(self, account_id: int) -> Person | None:
        """Return the person as this account shows them, if there is one of this number."""
        row = _BY_ACCOUNT.first(self._connection, {"id": account_id}) if 0 < account_id < 2**31 else None
        return _person(row) if row else None

    def get(self, person_id: int) -> Person:
        """Return a person by their first account."""
        found = self.known(person_id)
        assert found is not None, f"no person {person_id}"
        return found

    def known(self, person_id: int) -> Person | None:
        """Return a person by their first account, if there is one of this number."""
        row = _BY_PERSON.first(self._connection, {"id": person_id}) if 0 < person_id < 2**31 else None
        return _person(row) if row else None

    def by_account(self, person_id: int) -> list[Person]:
        """Return a person as each of their accounts shows them."""
        return [_person(row) for row in _BY_PERSON.all(self._connection, {"id": person_id})]

    def reachable(self, person_id: int) -> Person | None:
        """Return a person by an account on which they can be written to, if there is one."""
        return next((one for one in self.by_account(person_id) if one.chat and one.blocked_at is None), None)

    def accounts(self, person_id: int) -> list[str]:
        """Return a person's accounts as the rules name them: ``messenger:id``."""
        found = select(account.c.source, account.c.native).where(account.c.person_id == person_id)
        rows = self._connection.execute(found.order_by(account.c.id)).all()
        return [f"{source.partition(':')[0]}:{native}" for source, native in rows]

    def named(self, word: str) -> list[Person]:
        """Return known people by ``@username`` or by name, in any letter case."""
        wanted = key_of(word.strip().removeprefix("@"))
        if not wanted:
            return []
        ids = union(*(select(account.c.id).where(key == wanted) for key in _KEYS))
        query = _JOINED.where(account.c.id.in_(ids.subquery().select())).order_by(account.c.id).limit(FEW)
        return [_person(row) for row in self._connection.execute(query).all()]

    def part_named(self, word: str) -> list[Person]:
        """Return known people one of whose names this is, the first or the last, in any letter case."""
        wanted = key_of(word)
        if not wanted:
            return []
        words = literal(" ") + account.c.name_key + " "
        query = _JOINED.where(words.contains(f" {wanted} ", autoescape=True)).order_by(account.c.id).limit(FEW)
        return [_person(row) for row in self._connection.execute(query).all()]

    def of_native(self, messenger: str, native: str) -> list[Person]:
        """Return whose account this is on a messenger, whichever of our accounts there knows it."""
        its = (account.c.source.startswith(f"{messenger}:", autoescape=True), account.c.native == native)
        query = _JOINED.where(*its).order_by(account.c.id)
        return list({one.id: one for one in (_person(row) for row in self._connection.execute(query).all())}.values())

    def of_username(self, username: str, source: str) -> list[Person]:
        """Return those who have this username on one messenger: one, unless it was somebody else's before."""
        mine = (account.c.source == source, account.c.username_key == (key_of(username) or "@"))
        rows = self._connection.execute(_JOINED.where(*mine).order_by(account.c.id).limit(FEW)).all()
        return [_person(row) for row in rows]

    def team(self) -> list[Person]:
        """Return everyone who belongs to a team channel, by name."""
        return list({p.id: p for p in map(_person, _TEAM.all(self._connection))}.values())

    def choose(self, person_id: int, *, language: str) -> None:
        """Keep the language a person chose."""
        self._connection.execute(update(person).where(person.c.id == person_id).values(language=language))

    def grant(self, person_id: int, role: Role) -> None:
        """Give a person a role."""
        self._connection.execute(update(person).where(person.c.id == person_id).values(role=role))

    def set_away(self, person_id: int, since: datetime | None) -> None:
        """Say that an agent is away since then, or (None) back."""
        self._connection.execute(update(person).where(person.c.id == person_id).values(away_since=since))

    def link(self, *, keep: int, gone: int) -> account_merge.Was:
        """Make two people one: both accounts are the first's from now on; return what is needed to undo it."""
        return account_merge.link_people(self._connection, keep=keep, gone=gone)

    def set_chat(self, source: str, native: str, chat: str) -> None:
        """Keep where the bot may write to an account."""
        mine = (account.c.source == source, account.c.native == native)
        self._connection.execute(update(account).where(*mine).values(chat=chat))

    def set_blocked(self, account_id: int, at: datetime | None) -> None:
        """Remember that the person stopped the bot on this account, or (None) let it write again."""
        self._connection.execute(update(account).where(account.c.id == account_id).values(blocked_at=at))

    def tell_until(self, account_id: int, until: datetime, now: datetime) -> bool:
        """Remember that an account was told of a time in which nobody is there; return whether it was not told before."""
        untold = (account.c.told_until.is_(None)) | (account.c.told_until <= now)
        told = update(account).where(account.c.id == account_id, untold)
        return self._connection.execute(told.values(told_until=until)).rowcount > 0


class Channels:
    """The team channels, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Channel]:
        """Return the active team channels, the oldest first."""
        return [Channel(*row) for row in _CHANNELS.all(self._connection)]

    def ensure(self, source: str, chat: str, *, language: str, threads: bool) -> Channel:
        """Make a team channel known, or bring it up to date."""
        query = select(team_channel).where(team_channel.c.source == source, team_channel.c.chat == chat)
        if self._connection.execute(query).first() is None:
            values = {"source": source, "chat": chat, "language": language, "threads": threads, "active": True}
            self._connection.execute(insert(team_channel).values(values))
        else:
            change = update(team_channel).where(team_channel.c.source == source, team_channel.c.chat == chat)
            spoken = func.coalesce(team_channel.c.own_language, language)
            self._connection.execute(change.values(threads=threads, language=spoken, active=True, lost_at=None))
        return Channel(*self._connection.execute(query).one())

    def name_by_settings(self, source: str, chat: str) -> None:
        """Keep which team channel the operator's settings name on an account of ours."""
        put_row(self._connection, own_account, {"source": source}, {"team_chat": chat})

    def is_named_by_settings(self, channel: Channel) -> bool:
        """Return whether the operator's settings name a team channel."""
        named = select(own_account.c.team_chat).where(own_account.c.source == channel.source)
        return self._connection.scalar(named) == channel.chat

    def speak(self, language: str) -> None:
        """Let every team channel speak a language."""
        self._connection.execute(
            update(team_channel).where(team_channel.c.own_language.is_(None)).values(language=language)
        )

    def choose(self, channel_id: int, language: str | None, otherwise: str) -> None:
        """Let one channel speak a language of its own, or (None) what all of them speak."""
        change = update(team_channel).where(team_channel.c.id == channel_id)
        self._connection.execute(change.values(own_language=language, language=language or otherwise))

    def known(self, source: str, chat: str) -> Channel | None:
        """Return a channel that is the team's, or was."""
        query = select(team_channel).where(team_channel.c.source == source, team_channel.c.chat == chat)
        row = self._connection.execute(query).first()
        return Channel(*row) if row else None

    def lose(self, channel_id: int, at: datetime | None) -> None:
        """Set a channel aside that is gone, or (None) take it up again."""
        change = update(team_channel).where(team_channel.c.id == channel_id)
        self._connection.execute(change.values(active=at is None, lost_at=at))

    def set_aside(self, channel_id: int) -> None:
        """Let a channel be the team's no more."""
        change = update(team_channel).where(team_channel.c.id == channel_id)
        self._connection.execute(change.values(active=False, lost_at=None))

    def sources(self) -> dict[str, str]:
        """Return the account of each messenger on which the team has or had a channel, by the messenger's name."""
        found = self._connection.scalars(select(team_channel.c.source).order_by(team_channel.c.id))
        return {source.partition(":")[0]: source for source in found}

    def members(self, channels: Iterable[int]) -> list[int]:
        """Return who is in any of these channels."""
        query = select(member.c.person_id).where(member.c.team_channel_id.in_(list(channels))).distinct()
        return list(self._connection.scalars(query.order_by(member.c.person_id)))

    def has_member(self, channels: Iterable[int], person_id: int) -> bool:
        """Return whether somebody is in any of these channels."""
        here = (member.c.team_channel_id.in_(list(channels)), member.c.person_id == person_id)
        return self._connection.execute(select(member.c.person_id).where(*here).limit(1)).first() is not None

    def move(self, channel_id: int, chat: str) -> None:
        """Keep a channel's new id: its chat was upgraded."""
        self._connection.execute(update(team_channel).where(team_channel.c.id == channel_id).values(chat=chat))

    def join(
        self, channel_id: int, person_id: int, at: datetime, *, told: bool = True, since: datetime | None = None
    ) -> bool:
        """Make a person a member, unless they have left since; return whether they were not one."""
        return membership.join_channel(self._connection, channel_id, person_id, at, told=told, since=since or at)

    def leave(self, channel_id: int, person_id: int, at: datetime, *, asked: bool = False) -> bool:
        """End a membership, unless they have come back since; return whether there was one."""
        return membership.leave_channel(self._connection, channel_id, person_id, at, asked=asked)

    def retire(self, keep: Iterable[int], source: str) -> None:
        """Set the other channels of this source aside: neither the settings nor the rules name them now."""
        old = update(team_channel).where(team_channel.c.source == source, team_channel.c.id.not_in(list(keep)))
        self._connection.execute(old.values(active=False))
