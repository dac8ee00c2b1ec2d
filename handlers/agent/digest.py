"""Reports that come by themselves: an agent subscribes to one here or in their own chat; the team has its Monday digest.

Each is one timer that sets the next. Whoever starts a second one, at the same moment or in another process, finds the first.
"""

from dataclasses import replace
from datetime import datetime

from handlers.agent import report
from handlers.reports.kinds import ReportKind
from handlers.rules import Rules
from handlers.tickets.filter_words import catalogue_text, normalized_word
from handlers.turns import naming, permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.messages import Chat, Lane, Message, button_column, phrase
from handlers.vocabulary.mornings import next_morning
from handlers.vocabulary.periods import read_period
from handlers.vocabulary.translations import LANGUAGES, Locale
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.people import Channel
from storage.queues.moved_chats import current_chat
from storage.queues.timers import Timer
from storage.transaction import Transaction

on = Routes()

EVERY = {"day": "yesterday", "week": "last week", "month": "last month"}  # how often, and the days it is about
MOST = 10  # of one agent
USAGE = "/report subscribe day|week|month [agents] [@anna #vip]"


@on.command("report subscribe", role=Role.AGENT)
def subscribe(turn: Turn) -> None:
    """A report comes by itself where this is said: /report subscribe week, /report subscribe day agents #vip."""
    words = naming.command_value(turn).split()
    every = read_frequency(words.pop(0)) if words else "week"
    if every is None:
        raise Refused("usage", usage=USAGE)
    kind, rest = report.kind_in(" ".join(words))
    asked = report.read_asked_report(turn, kind, rest, turn.person.id)
    if rest and report.without_days(turn, rest) != rest.split():
        raise Refused("digest_days")
    address, reader = turn.here
    wanted = timers.Digest(
        Chat(address.source, turn.event.chat).lane,
        every,
        f"{kind} {rest}".strip(),
        reader.language,
        turn.person.account_id,
    )
    waiting = [timer for timer in turn.tx.timers.pending(timers.Digest.name) if timer.person_id == turn.person.id]
    if any(digest_of_timer(timer).same == wanted.same for timer in waiting):
        raise Refused("digest_twice")
    if len(waiting) >= MOST:
        raise Refused("digest_many", limit=MOST)
    due = schedule_next_digest(turn, wanted)
    turn.say(
        phrase(
            "digest.subscribed", report=phrase(f"report_kind.{asked.kind}"), often=phrase(f"digest.{every}"), due=due
        )
    )


@on.command("report subscriptions", role=Role.AGENT)
def subscriptions(turn: Turn) -> None:
    """What comes by itself to whoever asks, and in the team's channels: each can be ended."""
    show_subscriptions(turn)


def show_subscriptions(turn: Turn, edits: int | None = None) -> None:
    """Show what comes by itself, each with a button that ends it."""
    mine = [timer for timer in turn.tx.timers.pending(timers.Digest.name) if may_end(turn, timer)]
    buttons = button_column(
        *(
            presses.EndSubscription(timer.id).button(phrase("digest.end", report=subscription_title(turn, timer)))
            for timer in mine
        )
    )
    turn.say(phrase("digest.all" if mine else "digest.none", usage=USAGE), buttons=buttons, edits=edits)


def subscription_title(turn: Turn, timer: Timer) -> str:
    """Return what a subscription is, on one line."""
    kind, _, rest = digest_of_timer(timer).words.partition(" ")
    reader = turn.here[1]
    of, often_ = (
        turn.text(phrase(f"report_kind.{kind}"), reader),
        turn.text(phrase(f"digest.{digest_of_timer(timer).every}"), reader),
    )
    return f"{of} {naming.with_names_shown(turn, rest)} · {often_}".replace("  ", " ")[:50]


def may_end(turn: Turn, timer: Timer) -> bool:
    """Return whether a subscription is the actor's to end: their own, or anybody's where they are admin."""
    return timer.person_id == turn.person.id or (
        turn.person.may(Role.ADMIN) and digest_of_timer(timer).account is not None
    )


@on.press(presses.EndSubscription, role=Role.AGENT, act="report subscribe")
def end(turn: Turn) -> None:
    """A report comes by itself no more."""
    found = next(
        (
            timer
            for timer in turn.tx.timers.pending(timers.Digest.name)
            if timer.id == turn.pressed(presses.EndSubscription).timer
        ),
        None,
    )
    if found is None or not may_end(turn, found):
        raise Refused("list_gone")
    turn.tx.timers.fired([found.id], turn.now)
    turn.toast(phrase("digest.ended"))
    show_subscriptions(turn, edits=turn.shown.outgoing_id if turn.shown else None)


def read_frequency(word: str) -> str | None:
    """Return how often is meant, in a word of any of our languages."""
    for every in EVERY:
        if normalized_word(word) == every or any(
            normalized_word(word)
            in map(normalized_word, catalogue_text(phrase(f"digest_word.{every}"), language).split(","))
            for language in LANGUAGES
        ):
            return every
    return None


def digest_of_timer(timer: Timer) -> timers.Digest:
    """Return what a subscription's timer remembers."""
    return timers.Digest.read({name: value for name, value in timer.facts.items() if name != "late"})


# Time


def schedule_next_digest(turn: Turn, wanted: timers.Digest) -> datetime:
    """Set the next one, and return when it comes: at nine by the desk's own clock."""
    due = next_morning(wanted.every, turn.now, turn.rules.zone)
    turn.schedule(wanted, due - turn.now)
    return due


@on.timer(timers.Digest)
def comes(turn: Turn) -> None:
    """A report comes by itself, once: to whoever still may read it, into their own chat or the team's; else it ends."""
    wanted = with_chat_of_now(turn, turn.due(timers.Digest))
    if any(digest_of_timer(timer).same == wanted.same for timer in turn.tx.timers.pending(timers.Digest.name)):
        return  # another one of the same is on its way
    channel = next((one for one in turn.channels if Chat(one.source, one.chat).lane == wanted.place), None)
    if wanted.account is None:
        if channel is None or turn.rules.digest == "off":
            return
    else:
        found = turn.tx.people.account(wanted.account)
        turn.actor = permissions.with_standing(turn, found) if found is not None else None
        if turn.actor is None or not turn.actor.may(Role.AGENT):
            return
        if channel is None and wanted.place not in own_chats(turn, turn.actor.id):
            return  # it was subscribed to in a chat that is the team's no more: others may read there
    send_digest(turn, wanted, channel)
    schedule_next_digest(turn, wanted)


def with_chat_of_now(turn: Turn, wanted: timers.Digest) -> timers.Digest:
    """Return a subscription with the id that its chat has now: a group that was upgraded has another."""
    source = Lane(wanted.place).source
    chat = current_chat(turn.tx.connection, source, wanted.place.removeprefix(f"{source}:"))
    return replace(wanted, place=Chat(source, chat).lane)


def own_chats(turn: Turn, person_id: int) -> set[str]:
    """Return the chats that somebody reads alone, as lanes: each of their accounts', by either of its names."""
    accounts = turn.tx.people.by_account(person_id)
    return {Chat(one.source, chat).lane for one in accounts for chat in (one.home, f"@{one.native}")}


def send_digest(turn: Turn, wanted: timers.Digest, channel: Channel | None) -> None:
    """Promise the report of the days that have just ended."""
    language = channel.language if channel is not None else wanted.language
    if turn.actor is not None and channel is None:
        language = turn.reader(turn.actor).language
    reader = Locale(language, turn.rules.zone)
    word, _, rest = wanted.words.partition(" ")
    if wanted.account is None and channel is not None and channel not in turn.first_channels:
        rest = " ".join(f"group {name}" for name in turn.groups_of(channel))  # what the channel is about
    period = read_period(EVERY[wanted.every].split(), turn.now, turn.rules.zone)
    assert period is not None
    asked = report.asked_by(turn, ReportKind(word), rest, period[0], language, turn.actor)
    file = report.file_of(turn, asked, "png", reader)
    told = phrase("digest.of", often=phrase(f"digest.{wanted.every}"))
    message = Message((told,), phrase(f"report_kind.{asked.kind}"), files=(file,), silent=True)
    turn.send(Lane(wanted.place), reader, message)


# The team's own


def ensure_team_digest(tx: Transaction, place: str, rules: Rules, now: datetime) -> None:
    """Let a team channel have its digest as the rules say, unless it has one already."""
    wanted = timers.Digest(place, rules.digest, ReportKind.OVERVIEW.value)
    if rules.digest != "off" and not any(
        digest_of_timer(timer).same == wanted.same for timer in tx.timers.pending(wanted.name)
    ):
        tx.timers.schedule(wanted.name, next_morning(rules.digest, now, rules.zone), facts=wanted.facts)
