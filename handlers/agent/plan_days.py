"""Who is where: ``/day`` and ``/week`` show what is planned for an agent or a group, day by day, with a calendar file of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from handlers.agent.report import visible_agent_ids
from handlers.agent.ticket_actions import team_member
from handlers.tickets import plans
from handlers.tickets.calendar_file import CalendarEntry, calendar_file
from handlers.turns import naming, permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.dates import named_day
from handlers.vocabulary.messages import Part, RichText, bold_text, button_row, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.people import Person
from storage.tickets.plans import MOST, Plan

on = Routes()

DAY, WEEK = 1, 7
FARTHEST = 800  # days from today that are shown


@on.command("day", role=Role.AGENT)
def day(turn: Turn) -> None:
    """What is planned for a day: /day, /day tomorrow, of a colleague or a group /day @bob friday."""
    show_as_asked(turn, DAY)


@on.command("week", role=Role.AGENT)
def week(turn: Turn) -> None:
    """What is planned for a week: /week, /week @bob, /week network."""
    show_as_asked(turn, WEEK)


@on.press(presses.PlansOf, role=Role.AGENT, act="day")
def show_other_days(turn: Turn) -> None:
    """Other days of the same agent are shown, in the place of these."""
    pressed = turn.pressed(presses.PlansOf)
    show_days(turn, team_member(turn, pressed.person), "", known_day(turn, pressed.first), pressed.days)


@on.press(presses.PlansOfGroup, role=Role.AGENT, act="day")
def show_other_days_of_group(turn: Turn) -> None:
    """Other days of the same group are shown, in the place of these."""
    pressed = turn.pressed(presses.PlansOfGroup)
    if pressed.group not in turn.rules.groups:
        raise Refused("expired")
    show_days(turn, None, pressed.group, known_day(turn, pressed.first), pressed.days)


@on.press(presses.PlansFile, role=Role.AGENT, act="day")
def send_file(turn: Turn) -> None:
    """What is planned for an agent in these days comes as a calendar file."""
    pressed = turn.pressed(presses.PlansFile)
    person = team_member(turn, pressed.person)
    must_be_visible(turn, person, "")
    found = plans_of_days(turn, person, "", known_day(turn, pressed.first), counted_days(pressed.days))
    entries = [CalendarEntry(one, title_of(turn, one), one.note, one.place) for one in found]
    turn.say(phrase("plans.file"), files=(calendar_file("plans.ics", entries, turn.now),))


def show_as_asked(turn: Turn, days: int) -> None:
    """Show the days of whoever is named, from the day that is named: oneself, and today."""
    today = turn.now.astimezone(zone_of(turn)).date()
    words = naming.command_value(turn).split()
    first = next((found for word in words if (found := named_day(word.lower(), today))), today)
    left = " ".join(word for word in words if named_day(word.lower(), today) is None)
    group = ""
    person: Person | None = turn.person
    if left:
        group = next((each.name for each in turn.rules.groups.values() if is_called(left, each.name, each.title)), "")
        person = naming.teammate_named(turn, left) if not group else None
    if not is_shown(turn, first.toordinal()):
        raise Refused("day_far", day=first.isoformat())
    show_days(turn, person, group, first - timedelta(days=first.weekday() if days == WEEK else 0), days)


def is_called(said: str, name: str, title: object) -> bool:
    """Return whether a group is meant, by its name or its title in any language."""
    titles = title.values() if isinstance(title, Mapping) else ()
    return said.removeprefix("#").casefold() in {name.casefold(), *(str(each).casefold() for each in titles)}


def zone_of(turn: Turn) -> ZoneInfo:
    """Return the zone by whose clock days are counted: the reader's own."""
    return ZoneInfo(turn.reader(turn.person).zone)


def known_day(turn: Turn, number: int) -> date:
    """Return the day of a button; refuse one that nobody was shown."""
    if not is_shown(turn, number):
        raise Refused("expired")
    return date.fromordinal(number)


def is_shown(turn: Turn, number: int) -> bool:
    """Return whether a day is near enough to be shown."""
    return abs(number - turn.now.date().toordinal()) <= FARTHEST


def counted_days(days: int) -> int:
    """Return how many days are shown: one, or a week."""
    return WEEK if days == WEEK else DAY


def must_be_visible(turn: Turn, person: Person | None, group: str) -> None:
    """Refuse to show what the rules (``reports``) keep from the actor: what is planned for others."""
    seen = visible_agent_ids(turn, turn.person)
    if not seen or (person is not None and (person.id == turn.person.id or person.id in seen)):
        return
    mine = group and turn.rules.reports != "own" and permissions.is_of(turn, turn.person, turn.rules.groups[group])
    if not mine:
        raise Refused("plans_of_others")


def plans_of_days(turn: Turn, person: Person | None, group: str, first: date, days: int) -> list[Plan]:
    """Return what is planned for somebody, or for a group, in some days by the reader's clock."""
    zone = zone_of(turn)
    begins, ends = (
        datetime.combine(each, time(), zone).astimezone(UTC) for each in (first, first + timedelta(days=days))
    )
    kept = turn.tx.plans
    return kept.of_person(person.id, begins, ends) if person is not None else kept.of_group(group, begins, ends)


def show_days(turn: Turn, person: Person | None, group: str, first: date, days: int) -> None:
    """Show what is planned, with ways to the days before and after."""
    must_be_visible(turn, person, group)
    days = counted_days(days)
    found = plans_of_days(turn, person, group, first, days)
    whose = person.name if person is not None else turn.rules.groups[group].title
    parts = [part for at in range(days) for part in day_parts(turn, found, first + timedelta(days=at), group)]
    full = [phrase("plans.more", most=MOST)] if len(found) == MOST else []

    def other(at: date, count: int) -> presses.ButtonData:
        number = at.toordinal()
        if person is not None:
            return presses.PlansOf(count, number, person.id)
        return presses.PlansOfGroup(count, number, group)

    week_of = first - timedelta(days=first.weekday())
    today = turn.now.astimezone(zone_of(turn)).date()
    switch = (
        other(week_of, WEEK).button(phrase("button.plans_week"))
        if days == DAY
        else other(today, DAY).button(phrase("button.plans_day"))
    )
    file = [presses.PlansFile(days, first.toordinal(), person.id).button("📅 .ics")] if person and found else []
    turn.say(
        *(parts or [phrase("plans.none")]),
        *full,
        title=phrase("plans.title", whose=whose, day=days_text(turn, first, days)),
        buttons=button_row(
            other(first - timedelta(days=days), days).button("‹"),
            switch,
            *file,
            other(first + timedelta(days=days), days).button("›"),
        ),
        edits=turn.shown.outgoing_id if turn.shown and turn.event.name.startswith("plans") else None,
    )


def days_text(turn: Turn, first: date, days: int) -> str:
    """Return which days are shown, in the reader's words."""
    language = turn.here[1].language
    named = format_date(first, "EEEE, d MMMM" if days == DAY else "d MMMM", locale=language)
    return (
        named
        if days == DAY
        else f"{named} – {format_date(first + timedelta(days=days - 1), 'd MMMM', locale=language)}"
    )


def day_parts(turn: Turn, found: Sequence[Plan], day: date, group: str) -> list[Part]:
    """Return a day's heading and its plans; nothing of a day without any."""
    zone = zone_of(turn)
    theirs = [one for one in found if is_on(one, day, zone)]
    if not theirs:
        return []
    heading = bold_text(format_date(day, "EEEE, d MMMM", locale=turn.here[1].language))
    return [heading, *(RichText(plan_as_line(turn, one, zone, group)) for one in theirs)]


def is_on(plan: Plan, day: date, zone: ZoneInfo) -> bool:
    """Return whether something of a plan is on a day."""
    begins, ends = (at.astimezone(zone) for at in (plan.begins_at, plan.ends_at - timedelta(seconds=1)))
    return begins.date() <= day <= ends.date()


def title_of(turn: Turn, plan: Plan) -> str:
    """Return what a plan is about."""
    return f"#{plan.ticket_id} {turn.tx.tickets.get(plan.ticket_id).summary}"


def plan_as_line(turn: Turn, plan: Plan, zone: ZoneInfo, group: str) -> str:
    """Return a plan as a line: when, what, where, and of a group's who has it."""
    begins, ends = (at.astimezone(zone) for at in (plan.begins_at, plan.ends_at))
    ticket = turn.tx.tickets.get(plan.ticket_id)
    who = turn.tx.tickets.name(ticket.agent_id) if group and ticket.agent_id is not None else "—" if group else ""
    words = [f"{begins:%H:%M}–{ends:%H:%M} {title_of(turn, plan)}{plans.MARKS[plan.answer]}", who]
    words += [f"📍 {plan.place}" if plan.place else "", f"📝 {plan.note}" if plan.note else ""]
    return " · ".join(word for word in words if word)
