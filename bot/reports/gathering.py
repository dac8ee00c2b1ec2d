"""Reading what a report is made of, a piece at a time, and counting each piece in a thread while the loop goes on."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from bot.deferred.workshop import Workshop
from handlers.reports.asked import AskedReport
from handlers.reports.in_force import InForce
from handlers.reports.kinds import ReportKind
from handlers.reports.ledger import Happened, Ledger, What
from handlers.reports.opened import Opened
from handlers.reports.questions import SILENCE, Questions, count_question_outcomes
from handlers.reports.report import COUNTED_BY, SHAPES, Comment, Material
from handlers.reports.tally import Counted, Marks
from handlers.rules import Rules
from handlers.rules.types import ITIL
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.periods import Period
from handlers.vocabulary.translations import Locale, Translator
from kb import clusters
from storage.desk.articles import Articles
from storage.engine.database import Connection
from storage.lifecycle import ACTIVE
from storage.reports import facts
from storage.reports.facts import Asked, Told
from storage.types import moment_ticks, ticks_moment

SPAN = 1000  # numbers of tickets in one look
SOME = 500  # tickets, by number, in one look
QUESTIONS = 2000  # questions in one look


@dataclass(slots=True)
class Gathering:
    """One stretch of time as it is read."""

    workshop: Workshop
    asked: AskedReport
    rules: Rules
    period: Period
    by: tuple[str, ...]
    tickets: bool = True  # whether they are read
    kinds: Mapping[int, Any] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    opened: Opened | None = None  # where all that is counted is to be told one by one

    async def material(self) -> Material:
        """Return all that the report of this stretch is put together of."""
        since, until = self.period.since, self.period.until
        database = self.workshop.database
        self.kinds = await database.read(facts.request_type_revisions)
        revisions = await database.read(partial(facts.rules_history, until=until))
        ledger = Ledger(InForce(revisions, self.workshop.base), self.kinds)
        counted = Counted(since, until, self.period.zone, self.by)
        if self.tickets:
            await self._tickets(ledger, counted)
        for number, person, minutes, at in await database.read(partial(facts.spent_minutes, since=since, until=until)):
            if self._spends(number, person):
                counted.spend(person, minutes, at)
        if "agent" in self.by:
            helped = partial(facts.helper_counts, since=since, until=until, only=self.asked.chosen)
            for person, count in (await database.read(helped)).items():
                if self._is_asked_about(person):
                    counted.help(person, count)
        scores: Sequence[int] = ()
        if self.tickets and not self.asked.agents and self.asked.filter.agent is None:
            wanted = partial(facts.recommend_scores, since=since, until=until, only=self.asked.chosen)
            scores = await database.read(wanted)
        waiting = await self._waiting(ledger) if self.asked.whole and self.tickets else None
        questions = await self._questions() if self.asked.whole else Questions()
        whole = counted.whole
        before = None
        if waiting is not None:
            before = waiting - whole.counts[What.CAME] + whole.gone - whole.counts[What.REOPENED]
        names = await database.read(partial(self._names, counted=counted))
        articles = await database.read(partial(_titles, numbers=sorted({*questions.helped_by, *questions.failed_by})))
        ages = await self._ages() if waiting is not None else ()
        return Material(counted, waiting, before, ages, questions, names, articles, self._latest_comments(), scores)

    # Tickets

    async def _tickets(self, ledger: Ledger, counted: Counted) -> None:
        since, until, only = self.period.since, self.period.until, self.asked.chosen
        read = self.workshop.database.read
        first, last = await read(partial(facts.ticket_number_range, since=since, until=until))
        old = await read(partial(facts.older_changed_tickets, since=since, until=until))
        done, whole = 0, (last - first + 1 if last else 0) + len(old)
        for low in range(first, last + 1 if last else first, SPAN):
            high = min(low + SPAN - 1, last)
            some = await read(partial(facts.tickets_between, first=low, last=high, since=since, until=until, only=only))
            await self._add(ledger, counted, some)
            done += high - low + 1
            self.workshop.tell(done, whole)
        for at in range(0, len(old), SOME):
            some = await read(partial(facts.tickets_by_number, numbers=old[at : at + SOME], only=only))
            await self._add(ledger, counted, some)
            done = min(done + SOME, whole)
            self.workshop.tell(done, whole)

    async def _add(self, ledger: Ledger, counted: Counted, some: Sequence[Told]) -> None:
        numbers, read = [told.id for told in some], self.workshop.database.read
        marks: dict[str, Mapping[int, Sequence[object]]] = {}
        if "tag" in self.by and some:
            marks["tag"] = await read(partial(facts.ticket_tags, numbers=numbers))
        if "asset" in self.by and some:
            marks["asset"] = await read(partial(facts.ticket_assets, numbers=numbers))
        await asyncio.to_thread(self._count, ledger, counted, some, marks)

    def _count(self, ledger: Ledger, counted: Counted, some: Sequence[Told], marks: Marks) -> None:
        since, until = moment_ticks(counted.since), moment_ticks(counted.until)
        counts = self.asked.counts if self.asked.narrowed else None
        events: list[Happened] = []
        for told in some:
            happened = [one for one in ledger.happened(told) if since <= one.at < until and (not counts or counts(one))]
            events += happened
            if self.opened is not None:
                self.opened.add(told, happened, ledger)
            if told.comment:
                rated = (one for one in happened if one.what is What.RATED and told.rating == one.value)
                self.comments += (Comment(told.id, one.value, told.comment) for one in rated)
        counted.add_all(events, marks)

    def _latest_comments(self) -> list[Comment]:
        latest = {one.ticket: one for one in self.comments}
        return sorted(latest.values(), key=lambda one: (one.rating, -one.ticket))

    def _spends(self, number: int, person: int) -> bool:
        """Return whether minutes are counted: of whose work it is about, where no requests alone are meant."""
        asked = self.asked
        of = asked.filter
        if asked.chosen or of.groups or of.types or of.priorities or of.request_kinds:
            return False
        return self._is_asked_about(person)

    def _is_asked_about(self, person: int) -> bool:
        asked = self.asked
        return (not asked.agents or person in asked.agents) and asked.filter.agent in (None, person)

    async def _waiting(self, ledger: Ledger) -> int:
        """Return how many waited when the stretch ended: those of now, and all that was moved since taken back."""
        until, only = self.period.until, self.asked.waiting
        read = self.workshop.database.read
        found = await read(partial(facts.waiting_ticket_count, only=only))
        if until > self.workshop.now():
            return found
        found -= await read(partial(facts.registered_ticket_count, since=until, only=only))
        for type_id, was, now, count in await read(partial(facts.status_move_counts, since=until, only=only)):
            if was:  # what was registered since is taken away already
                active = [ledger.kind(type_id, status) in ACTIVE for status in (was, now)]
                found += count * (active[0] - active[1])
        return found

    async def _ages(self) -> list[tuple[timedelta, int]]:
        """Return how long those wait that wait now, with their numbers; of an earlier moment nobody can say it any more."""
        now = self.workshop.now()
        if self.period.until <= now:
            return []
        since = await self.workshop.database.read(partial(facts.waiting_since, only=self.asked.waiting))
        return [(timedelta(microseconds=moment_ticks(now) - at), number) for number, at in since]

    # Questions

    async def _questions(self) -> Questions:
        if self.asked.kind not in (ReportKind.OVERVIEW, ReportKind.ANSWERS) or self.asked.narrowed:
            return Questions()
        since, until, now = self.period.since, self.period.until, moment_ticks(self.workshop.now())
        read, end = self.workshop.database.read, moment_ticks(until) + SILENCE
        found, waiting, whole = Questions(), list[Asked](), False
        after = (moment_ticks(since), 0)
        while not whole:
            asked = partial(facts.asked_questions, since=since, until=ticks_moment(end), after=after, limit=QUESTIONS)
            some = await read(asked)
            whole = len(some) < QUESTIONS
            waiting += some
            known = end if whole else some[-1].at  # what is known until then says what became of a question
            ripe = [one for one in waiting if one.at + SILENCE <= known and one.at + SILENCE < end]
            waiting = waiting[len(ripe) :]
            if ripe:
                requests = await read(partial(facts.askers_registrations, since=ripe[0].at, until=known))
                found += await asyncio.to_thread(
                    count_question_outcomes, ripe, waiting, requests, now=now, alike=_alike
                )
            after = (some[-1].at, some[-1].id) if some else after
        return found

    # Names

    def _names(self, connection: Connection, counted: Counted) -> dict[str, dict[Any, str]]:
        reader, speech = Locale(self.asked.language, self.asked.zone), Translator(self.rules.texts)
        people = [key for key in counted.by.get("agent", {}) if isinstance(key, int)]
        groups = {name: speech.say(group.title or name, reader) for name, group in self.rules.groups.items()}
        types = {found[0]: speech.say(found[1] or found[0], reader) for found in self.kinds.values()}
        request_kinds: dict[Any, str] = {one: speech.say(phrase(f"request_kind.{one}"), reader) for one in ITIL}
        of = [key for key in counted.by.get("company", {}) if isinstance(key, int)]
        companies: dict[Any, str] = dict(facts.company_names(connection, of))
        agents: dict[Any, str] = dict(facts.person_names(connection, people))
        about = [key for key in counted.by.get("asset", {}) if isinstance(key, int)]
        assets: dict[Any, str] = dict(facts.asset_names(connection, about))
        named = {"agent": agents, "group": dict(groups), "type": types, "company": companies, "kind": request_kinds}
        return {**named, "asset": assets}


def _alike(one: str, another: str) -> bool:
    return bool(one and another) and len(clusters([one, another])) == 1


def _titles(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    return {row.id: row.question for row in Articles(connection).of(numbers)}


async def gather_material(
    workshop: Workshop, asked: AskedReport, rules: Rules, *, every: bool = False, opened: Opened | None = None
) -> Material:
    """Return what a report is made of; with ``every`` table of every kind. ``opened`` gets all that is counted."""
    shape = SHAPES[asked.kind]
    by = COUNTED_BY if every else shape.by
    if opened is not None:
        by = tuple(dict.fromkeys((*by, "agent")))  # whoever did something is named
    tickets = every or shape.tickets
    return await Gathering(workshop, asked, rules, asked.period, by, tickets, opened=opened).material()


async def gather_before(workshop: Workshop, asked: AskedReport, rules: Rules) -> Material | None:
    """Return the same of the stretch before, where it is to be compared with."""
    if not asked.compare:
        return None
    shape = SHAPES[asked.kind]
    return await Gathering(workshop, asked, rules, asked.period.before(), shape.by, shape.tickets).material()
