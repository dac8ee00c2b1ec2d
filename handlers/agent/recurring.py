"""``/every``: requests that the team makes of itself at set times; shown before they begin, listed, paused, changed, deleted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from handlers.agent.recurring_requests import Again, assets_after, calendar_of, following_time, today_of, type_of
from handlers.tickets.assets import kind_words
from handlers.tickets.filter_words import normalized_word, word_means
from handlers.tickets.occurrences import Holidays, next_occurrence
from handlers.tickets.recurrence_text import schedule_phrase
from handlers.turns import naming, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Button, Part, RichText, button_column, button_row, phrase
from handlers.vocabulary.schedules import Schedule, load_schedule, read_schedule
from handlers.vocabulary.subcommands import read_subcommand
from kb import nearest
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.assets import asset_words
from storage.tickets.recurrences import Recurrence, Stage

on = Routes()

LONGEST = 2000  # characters of what is to be done
SHOWN = 20  # recurrences in the list, companies and assets named on a card
MOST, MANY = 500, 100_000  # assets for which one may be begun; as far as they are counted, where there are more by now
LIST = re.compile(r"[,;\n]")  # between names
OWN_WORDS = re.compile(r"(?:for|для)\s+(.+)", re.IGNORECASE | re.DOTALL)


@on.command("every", role=Role.AGENT)
def every(turn: Turn) -> None:
    """A request that comes by itself: /every monday 9:00 check the backups; /every lists them, /every 3 shows one."""
    said = naming.command_value(turn).strip()
    number, schedule = number_in(said.partition(" ")[0]), read_schedule(said)
    if not said or read_subcommand(said) == "list":
        list_recurrences(turn)
    elif schedule is not None:
        draft_recurrence(turn, *schedule)
    elif number is not None:
        change_by_words(turn, recurrence_of(turn, number), said.partition(" ")[2].strip())
    else:
        raise Refused("schedule", word=said.split()[0])


def draft_recurrence(turn: Turn, schedule: Schedule, words: str) -> None:
    """Show what is meant, before any request is made of it."""
    if not words:
        raise Refused("schedule_words")
    channel = turn.channel or next(iter(turn.channels), None)
    source = channel.source if channel is not None else turn.event.source
    name = turn.speech.say(phrase("recurring.team"), replace(turn.here[1], language=turn.rules.team_language))
    team = turn.tx.recurrences.team(source, name, turn.rules.team_language, turn.now)
    own = turn.groups_of(turn.channel) if turn.channel is not None else []
    kind = type_of(turn, "")
    one = turn.tx.recurrences.add(
        by_id=turn.person.id,
        account_id=team.account_id,
        summary=words[:LONGEST],
        schedule=schedule.dump(),
        type_name=kind.name,
        group_name=own[0] if own else None,
        holidays=Holidays.KEEP,
        again=Again.NOTE,
        created_at=turn.now,
    )
    turn.tx.recurrences.change(one.id, schedule=counted_from_today(turn, one, schedule).dump())
    show_recurrence(turn, recurrence_of(turn, one.id), anew=True)


def counted_from_today(turn: Turn, one: Recurrence, schedule: Schedule) -> Schedule:
    """Return a schedule as it is meant today: every n-th is counted from the first day on which it would come anyway."""
    meant = schedule.begun_on(today_of(turn))
    first = next_occurrence(
        replace(meant, n=1, since=None), Holidays.KEEP, calendar_of(turn, one), turn.rules.zone, turn.now
    )
    if first is None:
        raise Refused("schedule_never")
    return meant.counted_from(first.astimezone(ZoneInfo(turn.rules.zone)).date())


def change_by_words(turn: Turn, one: Recurrence, said: str) -> None:
    """Show a recurrence; with a schedule it comes then, with words it says these, "for Acme, Globex" is for whom it is."""
    schedule, whom = read_schedule(said), OWN_WORDS.fullmatch(said)
    if not said:
        show_recurrence(turn, one, anew=True)
    elif whom is not None:
        permissions.must_may(turn, "every company")
        change_recurrence(turn, one, anew=True, **whom_named(turn, one, whom[1]))
    elif schedule is not None:
        words = {"summary": schedule[1][:LONGEST]} if schedule[1] else {}
        change_recurrence(turn, one, anew=True, schedule=counted_from_today(turn, one, schedule[0]).dump(), **words)
    else:
        change_recurrence(turn, one, anew=True, summary=said[:LONGEST])


def whom_named(turn: Turn, one: Recurrence, said: str) -> dict[str, Any]:
    """Return for whom a request is made each time: companies by name, or assets, by their kind and the words they have.

    A company's whole name is that company, whatever kind it begins with.
    """
    words = said.split()
    if turn.tx.companies.named(LIST.split(said)[0].strip()) is not None:
        return {"companies": companies_named(turn, said), "assets": None}
    kinds = {**dict.fromkeys(words[:1], "")} if word_means(words[0], "asset") else kind_words(turn)
    for count in range(len(words), 0, -1):
        kind = kinds.get(normalized_word(" ".join(words[:count])), kinds.get(" ".join(words[:count])))
        if kind is not None:
            return for_assets(turn, one, kind, " ".join(words[count:]))
    return {"companies": companies_named(turn, said), "assets": None}


def for_assets(turn: Turn, one: Recurrence, kind: str, said: str = "") -> dict[str, Any]:
    """Return that a request is made for each asset of a kind, or of any, that has some words; refuse none, and too many."""
    words = asset_words((said,))
    count = turn.tx.assets.count_meant(kind, words, MOST + 1)
    if count > MOST:
        raise Refused("many_assets", most=MOST, recurrence=one.id)
    if not count:
        raise Refused("no_asset", word=said or kind or "—")
    return {"companies": [], "assets": {"kind": kind, "words": words}}


def companies_named(turn: Turn, said: str) -> list[int]:
    """Return the companies of a list of names; refuse one that nobody knows, with the nearest that is known."""
    found: list[int] = []
    for name in filter(None, (part.strip() for part in LIST.split(said))):
        company = turn.tx.companies.named(name)
        if company is None:
            raise Refused("no_company", name=name, meant=nearest(name, turn.tx.companies.names()) or "—")
        found.append(company.id)
    return sorted(set(found))


def recurrence_of(turn: Turn, number: int) -> Recurrence:
    """Return a recurrence, or refuse: there is none of this number."""
    found = turn.tx.recurrences.get(number)
    if found is None:
        raise Refused("no_recurrence", recurrence=number)
    return found


def change_recurrence(turn: Turn, one: Recurrence, *, anew: bool = False, **values: object) -> None:
    """Change a recurrence, aim its timer anew where it makes requests, and show it; of one for many only who may make such."""
    if one.many:
        permissions.must_may(turn, "every company")
    turn.tx.recurrences.change(one.id, **values)
    changed = recurrence_of(turn, one.id)
    if changed.stage == Stage.ACTIVE:
        aim_timer(turn, changed)
        turn.audit(Deed.RECURRENCE_CHANGED, recurrence=one.id, parts=sorted(values))
    show_recurrence(turn, recurrence_of(turn, one.id), anew=anew)


def aim_timer(turn: Turn, one: Recurrence) -> None:
    """Let a recurrence come at its next time; a timer for another time finds that it is not meant any more.

    A time that has come already is not lost: its timer, which waits for its turn, sees to it and goes on from there.
    """
    if one.next_at is not None and one.next_at <= turn.now:
        return
    following = following_time(turn, one, max(turn.now, one.last_at or turn.now))  # the clock may have been set back
    if following is None:
        raise Refused("schedule_never")
    if following == one.next_at:
        return
    turn.tx.recurrences.change(one.id, next_at=following)
    turn.schedule(timers.Recurs(one.id, following), following - turn.now)


# Showing


def list_recurrences(turn: Turn) -> None:
    """Show the recurrences, the next one first; each is a button that brings it."""
    found = turn.tx.recurrences.all(SHOWN + 1)
    if not found:
        turn.say(phrase("recurring.none"))
        return
    lines: list[Part] = []
    for one in found[:SHOWN]:
        lines += [RichText(f"{MARK[one.stage]} {one.id} · {first_line(one)}"), when_line(one)]
    if len(found) > SHOWN:
        lines.append(phrase("recurring.more", n=SHOWN))
    buttons = [presses.Every(one.id).button(f"{one.id} · {first_line(one)}"[:40]) for one in found[:SHOWN]]
    turn.say(*lines, title=phrase("recurring.all"), buttons=button_column(*buttons))


MARK: Mapping[str, str] = {Stage.ACTIVE: "🔁", Stage.PAUSED: "⏸"}


def first_line(one: Recurrence) -> str:
    """Return the first line of what is to be done."""
    line = one.summary.partition("\n")[0]
    return line if len(line) <= 80 else line[:79].rstrip() + "…"


def when_line(one: Recurrence) -> Part:
    """Return when a recurrence comes, and when it comes next."""
    when = schedule_phrase(load_schedule(one.schedule))
    return phrase("recurring.when", when=when, at=one.next_at) if one.next_at is not None else when


def show_recurrence(
    turn: Turn, one: Recurrence, *, anew: bool = False, buttons: Sequence[Sequence[Button]] = ()
) -> None:
    """Show a recurrence with what can be done about it, in the place of the pressed message, or ``anew``."""
    title = phrase(f"recurring_stage.{one.stage}", recurrence=one.id)
    shown = turn.shown.outgoing_id if turn.shown and not anew else None
    rows = tuple(tuple(row) for row in buttons) or first_buttons(turn, one)
    turn.say(RichText(one.summary), *recurrence_lines(turn, one), title=title, buttons=rows, edits=shown)


def recurrence_lines(turn: Turn, one: Recurrence) -> list[Part]:
    """Return what is known of a recurrence, a part a line."""
    parts: list[Part] = [schedule_phrase(load_schedule(one.schedule))]
    first = one.next_at or (following_time(turn, one, turn.now) if one.stage != Stage.PAUSED else None)
    if first is not None:
        then = following_time(turn, one, first)
        parts.append(phrase("recurring.next", at=first, then=then) if then else phrase("recurring.last", at=first))
    kind = type_of(turn, one.type_name)
    priority = phrase(f"priority.{one.priority or kind.priority}")
    parts.append(phrase("recurring.kind", type=kind.title, priority=priority))
    group = turn.rules.groups.get(one.group_name or "")
    if group is not None:
        parts.append(phrase("card.group", group=group.title))
    if one.holidays != Holidays.KEEP:
        parts.append(phrase(f"recurring_holidays.{one.holidays}"))
    if one.again != Again.NOTE:
        parts.append(phrase(f"recurring_again.{one.again}"))
    if one.companies:
        count, names = companies_of(turn, one)
        parts.append(phrase("recurring.for", n=count, names=names if len(names) == count else [*names, "…"]))
    if one.assets:
        count, names = assets_of(turn, one)
        shown = names if len(names) == count else [*names, "…"]
        parts.append(phrase("recurring.each_asset", n=count, names=shown or "—"))
    return parts


def assets_of(turn: Turn, one: Recurrence) -> tuple[int, list[str]]:
    """Return for how many assets a request is made each time, and the numbers of the first."""
    names = [each.number for each in assets_after(turn, one, 0, SHOWN)]
    meant = one.assets or {}
    return turn.tx.assets.count_meant(meant["kind"], meant["words"], MANY), names


def companies_of(turn: Turn, one: Recurrence) -> tuple[int, list[str]]:
    """Return for how many companies a request is made each time, and the names of the first."""
    today = today_of(turn)
    names = [each.name for each in turn.tx.companies.under_contract(one.companies, today, after=0, limit=SHOWN)]
    return turn.tx.companies.count_under_contract(one.companies, today), names


def first_buttons(turn: Turn, one: Recurrence) -> tuple[tuple[Button, ...], ...]:
    """Return what can be done about a recurrence."""
    if one.stage == Stage.DRAFT:
        label = phrase("recurring.start")
        if one.many:
            label = phrase("recurring.start_many", n=(assets_of if one.assets else companies_of)(turn, one)[0])
        go = presses.EveryGo(one.id).button(label)
        away = presses.EveryDelete(one.id).button(phrase("form.cancel"))
    else:
        active = one.stage == Stage.ACTIVE
        pause = presses.EveryPause(one.id).button(phrase("recurring.pause"))
        go = pause if active else presses.EveryGo(one.id).button(phrase("recurring.resume"))
        away = presses.EveryDelete(one.id).button(phrase("recurring.delete"), danger=True)
    return button_row(go, presses.EveryPart(one.id).button(phrase("recurring.change")), away)


# Pressing


@on.press(presses.Every, role=Role.AGENT)
def show_pressed(turn: Turn) -> None:
    """A recurrence of the list is shown."""
    show_recurrence(turn, recurrence_of(turn, turn.pressed(presses.Every).recurrence), anew=True)


@on.press(presses.EveryGo, role=Role.AGENT, act="every")
def start_recurrence(turn: Turn) -> None:
    """It is meant: requests come from now on."""
    one = recurrence_of(turn, turn.pressed(presses.EveryGo).recurrence)
    if one.stage != Stage.ACTIVE:
        if one.many:
            permissions.must_may(turn, "every company")
        turn.tx.recurrences.change(one.id, stage=Stage.ACTIVE, next_at=None)
        aim_timer(turn, recurrence_of(turn, one.id))
        turn.audit(Deed.RECURRENCE_STARTED, recurrence=one.id)
    show_recurrence(turn, recurrence_of(turn, one.id))


@on.press(presses.EveryPause, role=Role.AGENT, act="every")
def pause_recurrence(turn: Turn) -> None:
    """None comes until it is resumed."""
    one = recurrence_of(turn, turn.pressed(presses.EveryPause).recurrence)
    if one.stage == Stage.ACTIVE:
        turn.tx.recurrences.change(one.id, stage=Stage.PAUSED, next_at=None)
        turn.audit(Deed.RECURRENCE_PAUSED, recurrence=one.id)
    show_recurrence(turn, recurrence_of(turn, one.id))


@on.press(presses.EveryDelete, role=Role.AGENT, act="every")
def delete_recurrence(turn: Turn) -> None:
    """It comes no more; what it has made stays."""
    one = recurrence_of(turn, turn.pressed(presses.EveryDelete).recurrence)
    if one.many and one.stage != Stage.DRAFT:
        permissions.must_may(turn, "every company")
    turn.tx.recurrences.remove(one.id)
    if one.stage != Stage.DRAFT:
        turn.audit(Deed.RECURRENCE_DELETED, recurrence=one.id)
    said = phrase("rules.left") if one.stage == Stage.DRAFT else phrase("recurring.deleted", recurrence=one.id)
    turn.say(said, edits=turn.shown.outgoing_id if turn.shown else None)
