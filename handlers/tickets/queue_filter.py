"""What ``/queue`` is asked for, in plain words of any of our languages, in any order: "urgent free", "мої #vip старші 2д"."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.tickets.assets import kind_words
from handlers.tickets.filter_words import (
    COLON,
    Names,
    desk_names,
    filter_synonyms,
    filter_vocabulary,
    kinds_of,
    normalized_word,
    word_means,
)
from handlers.turns import naming
from handlers.turns.asset_search import near_assets
from handlers.turns.turn import Turn
from handlers.vocabulary.durations import read_duration
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.periods import Period, read_period
from kb import nearest
from storage.lifecycle import OVER, Refused, StatusKind
from storage.models import Priority
from storage.people.assets import EVERYBODY
from storage.people.people import Person, key_of
from storage.tickets.queue import Filter, Span

TAG = re.compile(r"[^\W_][\w-]{0,31}")
RATED = re.compile(r"([1-5])(?:[-–—]([1-5]))?")
_TOKEN = re.compile(r"[\"“„«]([^\"”“»]*)[\"”“»]|(\S+)")


def parse_filter(turn: Turn, said: str, *, me: int) -> Filter:
    """Return the filter that is said; refuse a word nobody knows, with the nearest that is known."""
    if not said or said.isspace():
        return Filter()
    return _Reading(turn, desk_names(turn), me).read(said)


def read_dated(turn: Turn, said: str, *, me: int) -> tuple[Filter, Period | None]:
    """Return the filter that is said, and the stretch of days that stands in it by itself."""
    reading = _Reading(turn, desk_names(turn), me)
    found = reading.read(said, dated=True)
    return found, reading.period


def read_search(turn: Turn, said: str, *, me: int) -> Filter:
    """Return what a search asks for: its words, and the filters that show by their sign or their colon that they are ones."""
    signed: list[str] = []
    words: list[str] = []
    for found in _TOKEN.finditer(said):
        token = found[0]
        (signed if found[1] is None and _signed(turn, token) else words).append(token)
    asked = _Reading(turn, desk_names(turn), me).read(" ".join(signed).replace("=", ":")) if signed else Filter()
    plain_words = " ".join(word.strip('"“”„«»') for word in words)
    return replace(asked, words=plain_words, every=not (asked.kinds or asked.statuses))


def _signed(turn: Turn, token: str) -> bool:
    bare = token.lstrip("-−")
    if bare.startswith(("#", "@")) or naming.is_account(turn, bare):
        return len(bare) > 1 and not bare.startswith("##")
    opened, colon, rest = bare.partition(":")
    return bool(colon and rest) and filter_vocabulary().get(normalized_word(opened)) in COLON


class _Reading:
    """One reading: what is still to be read, and the filter so far."""

    def __init__(self, turn: Turn, known: Names, me: int) -> None:
        self.period: Period | None = None
        self._turn, self._names, self._me = turn, known, me
        self._filter = Filter()
        self._dated = False
        self._text: list[str] = []
        self._left: list[str] = []

    def read(self, said: str, *, dated: bool = False) -> Filter:
        self._dated = dated
        for found in _TOKEN.finditer(said):
            if found[1] is not None:
                self._text.append(found[1])
            else:
                self._left.append(found[2])
        while self._left:
            self._one(self._left.pop(0))
        words = " ".join([self._filter.words, *self._text]).strip()
        return replace(self._filter, words=words)

    def _one(self, word: str) -> None:
        if word[0] in "-−–" and len(word) > 1 and not word[1].isdigit():
            self._left.insert(0, word[1:])
            self._without(word)
        elif word.startswith("#"):
            self._tag(word)
        elif word.startswith("@") or naming.is_account(self._turn, word):
            self._person(word)
        elif word[0] in "<>":
            self._left = [*([word[1:]] if word[1:] else []), *self._left]
            self._age(older=word[0] == ">")
        else:
            self._plain(word)

    def _plain(self, word: str) -> None:
        meant = normalized_word(word)
        opened, _, rest = meant.partition(":")
        if rest and filter_vocabulary().get(opened) in COLON:
            self._left.insert(0, word.partition(":")[2])
            meant = opened
        known = filter_vocabulary().get(meant)
        readers: dict[str, Callable[[], None]] = {
            "older": lambda: self._age(older=True),
            "newer": lambda: self._age(older=False),
            "not": lambda: self._without(word),
            "type": lambda: self._type(self._next(word)),
            "group": lambda: self._group(self._next(word)),
            "company": lambda: self._company(self._next(word)),
            "kind": lambda: self._request_kind(self._next(word)),
            "asset": lambda: self._asset(self._next(word)),
            "status": lambda: self._status(self._next(word)),
            "priority": lambda: self._priority(self._next(word)),
            "requester": lambda: self._asker(word),
            "with": lambda: self._helper(self._next(word)),
            "rated": self._rated,
            "reopened": self._reopened,
            "by": lambda: self._ordered(word),
            "than": lambda: self._ordered(word),  # за агентом
            "show": lambda: self._shown(word),
        }
        if flag := self._flag(known):
            self._filter = replace(self._filter, **flag)
        elif known in readers:
            readers[known]()
        elif known in ("created", "ended", "talked") or (known == StatusKind.RESOLVED and self._days_follow()):
            self._when(known)
        elif known == "text":
            self._text, self._left = [*self._text, *self._left], []
        elif known is not None and known in (*StatusKind, *Priority):
            self._state(known)
        else:
            self._named(word)

    def _flag(self, known: str | None) -> dict[str, Any]:
        """Return what a word means by itself; nothing where something follows it."""
        flags: dict[str, dict[str, Any]] = {
            "me": {"agent": self._me},
            "free": {"unclaimed": True},
            "overdue": {"overdue_at": self._turn.now},
            "unanswered": {"unanswered": True},
            "recurring": {"recurring": True},
            "every": {"every": True},
        }
        return flags.get(known or "", {})

    def _without(self, word: str) -> None:
        """Read what is ruled out: the next filter, whatever it is."""
        if not self._left:
            raise Refused("filter_open", word=word)
        kept, text, dated = self._filter, self._text, self._dated
        self._filter, self._text, self._dated = Filter(), [], False
        self._one(self._left.pop(0))
        ruled = replace(self._filter, words=" ".join(self._text))
        self._filter, self._text, self._dated = kept, text, dated
        if ruled.ordered or ruled.columns or ruled.every:
            raise Refused("filter_not", word=word)
        self._filter = replace(kept, without=(*kept.without, ruled))

    def _next(self, word: str) -> str:
        if not self._left:
            raise Refused("filter_open", word=word)
        return self._left.pop(0)

    def _state(self, name: str) -> None:
        if name in set(StatusKind):
            self._filter = replace(self._filter, kinds=(*self._filter.kinds, StatusKind(name)))
        else:
            self._filter = replace(self._filter, priorities=(*self._filter.priorities, Priority(name)))

    def _named(self, word: str) -> None:
        """Read a word of this desk's own: a status of a workflow, a request type, a group."""
        meant = normalized_word(word)
        if meant in self._names.statuses:
            self._filter = replace(self._filter, statuses=(*self._filter.statuses, self._names.statuses[meant]))
        elif meant in self._names.types:
            self._type(word)
        elif meant in self._names.groups:
            self._group(word)
        elif meant in kinds_of("request"):
            self._request_kind(word)
        elif meant in kinds_of("sort"):
            self._sorted(kinds_of("sort")[meant])
        elif not self._bare(word):
            raise self._unknown(word, self._names.known)

    def _bare(self, word: str) -> bool:
        """Read days that stand by themselves: those of a report, else when a request came; return whether they are ones."""
        found = read_period([word, *self._left], self._turn.now, self._turn.rules.zone)
        if found is None:
            return False
        period, used = found
        self._left = self._left[used - 1 :]
        if self._dated:
            if self.period is not None:
                raise Refused("filter_days_twice", word=word)
            self.period = period
        else:
            self._filter = replace(self._filter, created=Span(period.since, period.until))
        return True

    def _days_follow(self) -> bool:
        """Return whether what comes next says when: resolved yesterday."""
        if self._left and any(word_means(self._left[0], side) for side in ("since", "before")):
            return True
        return read_period(self._left, self._turn.now, self._turn.rules.zone) is not None

    def _when(self, what: str) -> None:
        """Read when something happened: created yesterday, resolved since 01.10, created before last month."""
        side = next((side for side in ("since", "before") if self._left and word_means(self._left[0], side)), None)
        if side:
            self._left.pop(0)
        found = read_period(self._left, self._turn.now, self._turn.rules.zone)
        if found is None:
            raise Refused("filter_days", word=" ".join(self._left[:1]) or "—")
        period, used = found
        self._left = self._left[used:]
        column = what if what in ("created", "talked") else "resolved"
        known: Span = getattr(self._filter, column)
        span = Span(
            period.since if side != "before" else known.since,
            {"since": known.until, "before": period.since}.get(side or "", period.until),
        )
        changed = {"created": replace(self._filter, created=span), "talked": replace(self._filter, talked=span)}
        self._filter = changed.get(column) or replace(self._filter, resolved=span)

    def _rated(self) -> None:
        """Read how requesters liked it: rated, rated 1-2, rated:5."""
        found = RATED.fullmatch(self._left[0]) if self._left else None
        if found:
            self._left.pop(0)
        low, high = (int(found[1]), int(found[2] or found[1])) if found else (1, 5)
        self._filter = replace(self._filter, rated=(min(low, high), max(low, high)))

    def _reopened(self) -> None:
        over = {name for name, kind in self._names.statuses.values() if kind in OVER} | set(OVER)
        self._filter = replace(self._filter, reopened=True, reopening=tuple(sorted(over)))

    def _ordered(self, word: str) -> None:
        """Read what stands together, or the order: by agent, by rating."""
        said = self._next(word)
        meant = normalized_word(said)
        if meant in kinds_of("by"):
            self._filter = replace(self._filter, by=kinds_of("by")[meant])
        elif meant in kinds_of("sort"):
            self._sorted(kinds_of("sort")[meant])
        else:
            self._left.insert(0, said)
            if not self._bare(word):  # "за тиждень" is days, as "за агентом" is an order
                raise self._unknown(said, [*kinds_of("by"), *kinds_of("sort")])

    def _sorted(self, sort: str) -> None:
        while self._left and word_means(self._left[0], "first"):
            self._left.pop(0)
        self._filter = replace(self._filter, sort=sort)

    def _shown(self, word: str) -> None:
        """Read the columns of a row, in their order: all that follows and names one."""
        found: list[str] = []
        while self._left:
            words = [normalized_word(one) for one in self._left[0].split(",") if one]
            if not all(one in kinds_of("column") for one in words):
                break
            found += [kinds_of("column")[one] for one in words]
            self._left.pop(0)
        if not found:
            raise self._unknown(self._next(word), kinds_of("column"))
        self._filter = replace(self._filter, columns=tuple(dict.fromkeys(found)))

    def _asker(self, word: str) -> None:
        """Read whose requests they are: from @ann, requester Ann."""
        if not self._left:
            raise Refused("filter_open", word=word)
        person, left = naming.person_named(self._turn, " ".join(self._left), part=True)
        self._left = self._left[len(self._left) - len(left) :]
        self._filter = replace(self._filter, requester=person.id)

    def _status(self, word: str) -> None:
        known = filter_vocabulary().get(normalized_word(word))
        if known is not None and known in set(StatusKind):
            self._state(known)
        elif normalized_word(word) in self._names.statuses:
            self._filter = replace(
                self._filter, statuses=(*self._filter.statuses, self._names.statuses[normalized_word(word)])
            )
        else:
            kinds = [one for one, name in filter_vocabulary().items() if name in set(StatusKind)]
            raise self._unknown(word, [*kinds, *self._names.statuses])

    def _priority(self, word: str) -> None:
        """Read one priority, or from one to another: priority high, priority high..urgent."""
        low, _, high = word.partition("..")
        found = [filter_vocabulary().get(normalized_word(one), "") for one in (low, high or low)]
        for said, name in zip((low, high), found, strict=True):
            if name not in set(Priority):
                raise self._unknown(said, [one for one, name in filter_vocabulary().items() if name in set(Priority)])
        order = list(Priority)
        first, last = sorted(order.index(Priority(name)) for name in found)
        self._filter = replace(self._filter, priorities=(*self._filter.priorities, *order[first : last + 1]))

    def _type(self, word: str) -> None:
        if normalized_word(word) not in self._names.types:
            raise self._unknown(word, self._names.types)
        self._filter = replace(self._filter, types=(*self._filter.types, self._names.types[normalized_word(word)]))

    def _request_kind(self, word: str) -> None:
        """Read of which kind the request's type is: kind incident, incidents."""
        meant = kinds_of("request").get(normalized_word(word))
        if meant is None:
            raise self._unknown(word, kinds_of("request"))
        self._filter = replace(self._filter, request_kinds=(*self._filter.request_kinds, meant))

    def _asset(self, word: str) -> None:
        """Read what requests are about: an asset by its number, or a kind of asset."""
        one, called = self._turn.tx.assets.numbered(word), kind_words(self._turn)
        if one is not None:
            self._filter = replace(self._filter, assets=(*self._filter.assets, one.id))
        elif normalized_word(word) in called:
            self._filter = replace(self._filter, asset_kinds=(*self._filter.asset_kinds, called[normalized_word(word)]))
        else:
            near = [found.number for found in near_assets(self._turn, word, EVERYBODY, 3)]
            raise (
                self._unknown(word, [*called, *near]) if not near else Refused("filter_meant", word=word, meant=near[0])
            )

    def _group(self, word: str) -> None:
        if normalized_word(word) not in self._names.groups:
            raise self._unknown(word, self._names.groups)
        self._filter = replace(self._filter, groups=(*self._filter.groups, self._names.groups[normalized_word(word)]))

    def _company(self, word: str) -> None:
        """Read a company by its name, of as many words as are one."""
        companies, longest = self._turn.tx.companies, [word, *self._left]
        found, count = companies.named_first(longest)
        if found is None:
            raise self._unknown(word, companies.names())
        self._left = longest[count:]
        self._filter = replace(self._filter, companies=(*self._filter.companies, found.id))

    def _tag(self, word: str) -> None:
        tag = word.removeprefix("#").casefold()
        if not TAG.fullmatch(tag):
            raise Refused("tag", tag=word)
        self._filter = replace(self._filter, tags=(*self._filter.tags, tag))

    def _helper(self, word: str) -> None:
        """Read who helps: with me, with:@bob."""
        me = filter_vocabulary().get(normalized_word(word)) == "me"
        self._filter = replace(self._filter, helper=self._me if me else self._teammate(word).id)

    def _person(self, word: str) -> None:
        """Read whose they are: by a mention, a username, a name of one word or several."""
        self._filter = replace(self._filter, agent=self._teammate(word).id)

    def _teammate(self, word: str) -> Person:
        """Return the one of the team whose name begins here; a slip is told with what was meant."""
        team = self._names.team
        try:
            person, left = naming.teammate_first(self._turn, " ".join((word, *self._left)), team)
        except Refused as refusal:
            called = {key: person for person in team for key in _called(person)}
            meant = nearest(key_of(word.removeprefix("@")), called) if refusal.reason == "who" else None
            raise (Refused("who_meant", name=word, meant=meant) if meant else refusal) from None
        self._left = self._left[len(self._left) - len(left) :]
        return person

    def _age(self, *, older: bool) -> None:
        """Read how long ago: "older than 2d", "старше 2 дней", ">3h", "<1d"."""
        while self._left and word_means(self._left[0], "than"):
            self._left.pop(0)
        for count in (2, 1):
            length = read_duration(" ".join(self._left[:count])) if len(self._left) >= count else None
            if length:
                self._left, at = self._left[count:], self._turn.now - length
                known = self._filter.created
                span = Span(known.since, at) if older else Span(at, known.until)
                self._filter = replace(self._filter, created=span)
                return
        raise Refused("filter_age", word=" ".join(self._left[:1]) or "—")

    def _unknown(self, word: str, known: "Mapping[str, str] | Sequence[str]") -> Refused:
        meant = nearest(normalized_word(word), known)
        if meant:
            return Refused("filter_meant", word=word, meant=meant)
        return Refused("filter", word=word, known=", ".join(self._told()))

    def _told(self) -> list[str]:
        """Return the words worth telling: one for each thing, in the reader's language."""
        turn = self._turn
        language = turn.here[1].language if turn.actor is not None else turn.rules.language
        phrases = (
            *(phrase(f"filter_kind.{kind}") for kind in StatusKind),
            *(phrase(f"filter_priority.{priority}") for priority in Priority),
            *(phrase(f"filter.{name}") for name in ("me", "free", "overdue", "unanswered", "created", "rated", "not")),
        )
        own = (*dict.fromkeys(self._names.types.values()), *dict.fromkeys(self._names.groups.values()))
        return [*(filter_synonyms(words, language)[0] for words in phrases), *own, "@…", "#…", "“…”"]


def _called(person: Person) -> list[str]:
    """Return what an agent may be called: by username, by name, by first name."""
    name = key_of(person.name)
    return [key for key in (name.partition(" ")[0], name, key_of(person.username)) if key]
