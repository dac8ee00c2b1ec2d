"""Who is on duty: by the rotas of the rules, what changes them for a while, and who is there; who is called on a new request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.rules.rota import Rota
from handlers.tickets import helping
from handlers.turns import naming
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Part, RichText, Span, phrase
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Action, StatusKind
from storage.models import DutyChange
from storage.people.people import Person
from storage.tickets.queue import Filter
from storage.tickets.tickets import Ticket

TICK = timedelta(microseconds=1)
MOST = 500  # cards drawn anew when somebody goes; of more, the newest call as they did until they are drawn next
Holder = Person | str  # whoever has a shift; an account of the rules that nobody here is known by


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty at a moment, and who would be but is not there."""

    people: tuple[Person, ...]
    absent: tuple[Holder, ...]
    vacant: bool = False  # a shift is under way that was taken from whoever had it, and is nobody's


class Duties:
    """One rota with what changes it between two moments, read once."""

    def __init__(self, turn: Turn, rota: Rota, begins_at: datetime, ends_at: datetime) -> None:
        self._turn, self._rota, self._ends_at = turn, rota, ends_at
        self._known: dict[str | int, Holder] = {}
        self.changes = turn.tx.duty.between(rota.name, begins_at, ends_at)

    def at(self, moment: datetime) -> OnDuty:
        """Return who is on duty: where nobody of those whose duty it is is there, whoever comes next in the rota stands in."""
        meant = self.holders(moment) if self._is_open(moment) else self.holders(moment, by_rules=False)
        people = tuple(one for one in meant if isinstance(one, Person) and is_there(one))
        absent = tuple(one for one in meant if one not in people)
        vacant = not meant and self._is_open(moment) and self._rota.shift_at(moment, self._turn.rules.zone) is not None
        return OnDuty(people or (tuple(self._stand_in(moment)) if absent else ()), absent, vacant)

    def holders(self, moment: datetime, *, by_rules: bool = True) -> list[Holder]:
        """Return whose duty it is by the rules and what changes them, whether or not they are there."""
        shift = self._rota.shift_at(moment, self._turn.rules.zone) if by_rules else None
        found = [self._of_account(shift.account)] if shift is not None else []
        for one in self.changes:
            if not one.begins_at <= moment < one.over_at:
                continue
            whose = self._of_person(one.person_id)
            others = [each for each in found if isinstance(each, str) or each.id != one.person_id]
            match one.change:
                case DutyChange.WITHOUT:
                    found = others
                case DutyChange.ALSO:
                    found = [*others, whose]
                case DutyChange.INSTEAD:
                    found = [whose]
        return found

    def is_of(self, person: int, begins_at: datetime, ends_at: datetime) -> bool:
        """Return whether it is one person's duty, and nobody else's, all the time from one moment to another within a shift."""
        moments = {begins_at, *(each for each in self._changes(begins_at) if each < ends_at)}
        found = [self.holders(each) for each in moments]
        return all([getattr(one, "id", one) for one in each] == [person] for each in found)

    def until(self, moment: datetime) -> datetime | None:
        """Return when others are on duty than at a moment, or nobody; the end of its shift where that is not soon."""
        now = {one.id for one in self.at(moment).people}
        moments = sorted({*self._hand_overs(moment), *self._hours(moment), *self._changes(moment)})
        differs = (each for each in moments if {one.id for one in self.at(each).people} != now)
        return next(differs, next(self._hand_overs(moment), None))

    def _is_open(self, moment: datetime) -> bool:
        return not self._rota.hours or self._turn.rules.calendar(self._rota.hours).is_open(moment)

    def _hand_overs(self, moment: datetime) -> Iterator[datetime]:
        zone = self._turn.rules.zone
        while (shift := self._rota.shift_at(moment, zone)) is not None and moment <= self._ends_at:
            moment = shift.ends_at
            yield moment

    def _hours(self, moment: datetime) -> Iterator[datetime]:
        calendar = self._turn.rules.calendar(self._rota.hours)
        while self._rota.hours and not calendar.always and moment <= self._ends_at:
            moment = calendar.closing(moment) if calendar.is_open(moment) else calendar.next_opening(moment)
            yield moment

    def _changes(self, moment: datetime) -> Iterator[datetime]:
        yield from (each for one in self.changes for each in (one.begins_at, one.over_at) if each > moment)

    def _stand_in(self, moment: datetime) -> Iterator[Person]:
        """Yield the first who is there of those whose shift it is, or comes next; not one who is taken out then."""
        zone = self._turn.rules.zone
        out = {
            one.person_id
            for one in self.changes
            if one.change is DutyChange.WITHOUT and one.begins_at <= moment < one.over_at
        }
        for _ in self._rota.people:
            shift = self._rota.shift_at(moment, zone)
            holder = self._of_account(shift.account) if shift is not None else ""
            if isinstance(holder, Person) and is_there(holder) and holder.id not in out:
                yield holder
                return
            moment = shift.ends_at if shift is not None else moment

    def _of_account(self, account: str) -> Holder:
        if account not in self._known:
            self._known[account] = naming.of_account(self._turn, account) or account
        return self._known[account]

    def _of_person(self, number: int) -> Holder:
        if number not in self._known:
            self._known[number] = next(iter(self._turn.tx.people.by_account(number)), "")
        return self._known[number]


def is_there(person: Person) -> bool:
    """Return whether somebody can be on duty: they are not away, and have not left the team."""
    return person.away_since is None and not person.left


def duty_of_group(turn: Turn, group: str | None, moment: datetime) -> OnDuty:
    """Return who is on duty for a group at a moment by all of its rotas, each once."""
    found: dict[int, Person] = {}
    absent: list[Holder] = []
    vacant = False
    for rota in turn.rules.rota.values():
        if rota.group == group:
            duty = Duties(turn, rota, moment, moment + TICK).at(moment)
            absent += duty.absent
            vacant |= duty.vacant
            for person in duty.people:
                found.setdefault(person.id, person)
    return OnDuty(tuple(found.values()), tuple(absent), vacant)


def duty_line(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Call on a new request's card whoever was on duty for its group when it came there, until somebody has it."""
    if ticket.kind is not StatusKind.NEW or ticket.agent_id is not None:
        return []
    if not any(rota.group == ticket.group_name for rota in turn.rules.rota.values()):
        return []
    duty = duty_of_group(turn, ticket.group_name, came_at(turn, ticket))
    if not duty.people:
        nobodys = [phrase("card.shift_vacant")] if duty.vacant else []
        return [phrase("card.nobody_on_duty")] if duty.absent else nobodys
    line = RichText(turn.text(phrase("card.on_duty"), reader))
    for one in duty.people:
        line = line + RichText(" ") + mention_everywhere(turn, one)
    return [line]


def came_at(turn: Turn, ticket: Ticket) -> datetime:
    """Return when a request that nobody has came to its group, or back to those that wait there."""
    back = (Action.RELEASE, Action.REOPEN)
    moments = (
        entry.at
        for entry in turn.tx.story.entries(ticket.id)
        if entry.action in back or "group_name" in entry.facts or "group" in entry.facts
    )
    return max(moments, default=ticket.created_at)


def call_anew(turn: Turn) -> None:
    """Let the cards that wait for somebody call whoever is there now: one of the team has gone, or is back."""
    groups = tuple({rota.group for rota in turn.rules.rota.values()})
    waiting = Filter(groups=groups, unclaimed=True, kinds=(StatusKind.NEW,))
    if groups:
        helping.redraw_cards(turn, [ticket.id for ticket in turn.tx.queue.page(waiting, limit=MOST)])


def mention_everywhere(turn: Turn, person: Person) -> RichText:
    """Return somebody's name as a call of each of their accounts: each messenger takes that which is its own."""
    name = f"@{person.name}"
    accounts = turn.tx.people.by_account(person.id)
    return RichText(name, tuple(Span("notify", 0, len(name), one.native) for one in accounts))
