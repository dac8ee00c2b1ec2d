"""What is chosen of a recurrence by buttons: the type, group and priority of its requests, days off, what is open, for whom."""

from handlers.agent.recurring import (
    MOST,
    change_recurrence,
    for_assets,
    recurrence_lines,
    recurrence_of,
    show_recurrence,
)
from handlers.agent.recurring_requests import EACH, Again, today_of
from handlers.tickets.assets import kind_title
from handlers.tickets.occurrences import Holidays
from handlers.tickets.request_types import may_file
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, RichText, button_column, phrase
from storage.lifecycle import Refused
from storage.models import Priority, Role
from storage.tickets.recurrences import Recurrence

on = Routes()

PARTS = ("type", "group", "priority", "holidays", "again", "for")


@on.press(presses.EveryPart, role=Role.AGENT, act="every")
def choose_part(turn: Turn) -> None:
    """What may be chosen of it is shown as buttons: its parts, then the ways of one of them."""
    pressed = turn.pressed(presses.EveryPart)
    one = recurrence_of(turn, pressed.recurrence)
    if pressed.part is None:
        parts = [presses.EveryPart(one.id, part).button(phrase(f"recurring_part.{part}")) for part in PARTS]
        rows = tuple(tuple(parts[at : at + 3]) for at in range(0, len(parts), 3))
        back = presses.EveryPart(one.id, "back").button(phrase("form.back"))
        turn.say(
            RichText(one.summary),
            *recurrence_lines(turn, one),
            phrase("recurring.by_words", recurrence=one.id),
            title=phrase(f"recurring_stage.{one.stage}", recurrence=one.id),
            buttons=(*rows, (back,)),
            edits=turn.shown.outgoing_id if turn.shown else None,
        )
        return
    if pressed.part == "back":
        show_recurrence(turn, one)
        return
    ways = ways_of(turn, one, pressed.part)
    back = presses.EveryPart(one.id).button(phrase("form.back"))
    show_recurrence(turn, one, buttons=(*button_column(*ways), (back,)))


def ways_of(turn: Turn, one: Recurrence, part: str) -> list[Button]:
    """Return the ways of one part of a recurrence."""
    own = phrase("recurring.by_type")
    match part:
        case "type":
            kinds = [kind for kind in turn.tx.requests.types() if may_file(turn, kind)]
            return [presses.EveryType(one.id, kind.name).button(kind.title) for kind in kinds]
        case "group":
            groups = [presses.EveryGroup(one.id, name).button(g.title) for name, g in turn.rules.groups.items()]
            return [*groups, presses.EveryGroup(one.id).button(own)]
        case "priority":
            found = [presses.EveryPriority(one.id, p.value).button(phrase(f"priority.{p}")) for p in Priority]
            return [*found, presses.EveryPriority(one.id).button(own)]
        case "holidays":
            return [presses.EveryHolidays(one.id, w.value).button(phrase(f"recurring_holidays.{w}")) for w in Holidays]
        case "again":
            return [presses.EveryAgain(one.id, way.value).button(phrase(f"recurring_again.{way}")) for way in Again]
        case "for":
            count = turn.tx.companies.count_under_contract(EACH, today_of(turn))
            team = presses.EveryFor(one.id, "team").button(phrase("recurring.for_team"))
            each = [presses.EveryFor(one.id, "each").button(phrase("recurring.for_each", n=count))] if count else []
            assets = [(name, n) for name, n in turn.tx.assets.counts() if n <= MOST and name in turn.rules.assets]
            of_kinds = [
                presses.EveryForAssets(one.id, name).button(
                    phrase("recurring.for_kind", kind=kind_title(turn, name), n=n)
                )
                for name, n in assets
            ]
            return [team, *each, *of_kinds]
    raise Refused("expired")


@on.press(presses.EveryType, role=Role.AGENT, act="every")
def type_chosen(turn: Turn) -> None:
    """Its requests are of another type."""
    pressed = turn.pressed(presses.EveryType)
    kind = next((each for each in turn.tx.requests.types() if each.name == pressed.kind), None)
    if kind is None or not may_file(turn, kind):
        raise Refused("expired")
    change_recurrence(turn, recurrence_of(turn, pressed.recurrence), type_name=kind.name)


@on.press(presses.EveryGroup, role=Role.AGENT, act="every")
def group_chosen(turn: Turn) -> None:
    """Its requests are another group's, or whose their type says."""
    pressed = turn.pressed(presses.EveryGroup)
    if pressed.group is not None and pressed.group not in turn.rules.groups:
        raise Refused("expired")
    change_recurrence(turn, recurrence_of(turn, pressed.recurrence), group_name=pressed.group)


@on.press(presses.EveryPriority, role=Role.AGENT, act="every")
def priority_chosen(turn: Turn) -> None:
    """Its requests have another priority, or their type's."""
    pressed = turn.pressed(presses.EveryPriority)
    if pressed.priority is not None and pressed.priority not in set(Priority):
        raise Refused("expired")
    priority = Priority(pressed.priority) if pressed.priority is not None else None
    change_recurrence(turn, recurrence_of(turn, pressed.recurrence), priority=priority)


@on.press(presses.EveryHolidays, role=Role.AGENT, act="every")
def holidays_chosen(turn: Turn) -> None:
    """On a day on which nobody works it comes then, not at all, before or after."""
    pressed = turn.pressed(presses.EveryHolidays)
    if pressed.way not in set(Holidays):
        raise Refused("expired")
    change_recurrence(turn, recurrence_of(turn, pressed.recurrence), holidays=pressed.way)


@on.press(presses.EveryAgain, role=Role.AGENT, act="every")
def again_chosen(turn: Turn) -> None:
    """Where the last one is still open, that is reminded of, or there is another one."""
    pressed = turn.pressed(presses.EveryAgain)
    if pressed.way not in set(Again):
        raise Refused("expired")
    change_recurrence(turn, recurrence_of(turn, pressed.recurrence), again=pressed.way)


@on.press(presses.EveryFor, role=Role.ADMIN, act="every company")
def whom_chosen(turn: Turn) -> None:
    """It makes one request, or one for each company; how many that are stands on it."""
    pressed = turn.pressed(presses.EveryFor)
    companies = list(EACH) if pressed.whom == "each" else []
    change_recurrence(turn, recurrence_of(turn, pressed.recurrence), companies=companies, assets=None)


@on.press(presses.EveryForAssets, role=Role.ADMIN, act="every company")
def kind_chosen(turn: Turn) -> None:
    """It makes one request for each asset of a kind; how many that are stands on it."""
    pressed = turn.pressed(presses.EveryForAssets)
    one = recurrence_of(turn, pressed.recurrence)
    if pressed.kind not in turn.rules.assets:
        raise Refused("expired")
    change_recurrence(turn, one, **for_assets(turn, one, pressed.kind))
