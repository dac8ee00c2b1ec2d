"""An announcement on its way: some people a turn, once to each, below everything else; and the card that shows how far it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.messages import Button, Chat, Lane, Message, Part, Phrase, RichText, button_row, phrase
from handlers.vocabulary.stored_text import files_of, words_of
from handlers.vocabulary.translations import Locale
from storage.care.announcements import Announcement, Progress, Stage
from storage.lifecycle import Refused
from storage.queues.spoken import SILENCE

on = Routes()

EACH = 10  # people a turn
BREATH = timedelta(seconds=1)  # between two turns: a third of what a messenger lets us say, the rest is for talk
YIELD = timedelta(seconds=3)  # where others have something to say
LOOK = timedelta(seconds=15)  # between two looks of the card
END = timedelta(minutes=2)  # between two looks at what has not arrived yet, and how often
LOOKS = 720
STAGES = {
    Stage.DRAFT: phrase("announce.stage.draft"),
    Stage.WAITING: phrase("announce.stage.waiting"),
    Stage.SENDING: phrase("announce.stage.sending"),
    Stage.PAUSED: phrase("announce.stage.paused"),
    Stage.DONE: phrase("announce.stage.done"),
    Stage.CANCELLED: phrase("announce.stage.cancelled"),
}
TOLD = 15  # people who could not be reached, by name


def announcement_in_stage(turn: Turn, number: int, *stages: Stage) -> Announcement:
    """Return the announcement of a button, if it is in one of these stages yet."""
    found = turn.tx.announcements.get(number)
    if found is None or found.stage not in stages:
        raise Refused("expired")
    return found


def reload_announcement(turn: Turn, one: Announcement) -> Announcement:
    """Return an announcement as it is now."""
    found = turn.tx.announcements.get(one.id)
    assert found is not None
    return found


def announcement_language(one: Announcement, language: str) -> str:
    """Return in which of its languages somebody reads it: their own, else English, else the first."""
    return next((each for each in (language, "en") if each in one.words), next(iter(one.words), language))


def works_time_text(turn: Turn, at: datetime | None) -> str:
    """Return a time as whoever acts reads it."""
    return turn.text(phrase("works.at", at=at), turn.here[1])


# Its time


def schedule_announcement(turn: Turn, one: Announcement) -> None:
    """Let it begin when its time has come: a plain one once, planned works before, at the beginning and at the end."""
    if one.begins_at is None or one.ends_at is None:
        turn.schedule(timers.AnnouncementDue(one.id, ""), max((one.starts_at or turn.now) - turn.now, timedelta(0)))
        return
    starts = one.starts_at or turn.now
    if starts < one.begins_at:
        turn.schedule(timers.AnnouncementDue(one.id, "before"), max(starts - turn.now, timedelta(0)))
    turn.schedule(timers.AnnouncementDue(one.id, "begun"), one.begins_at - turn.now)
    turn.schedule(timers.AnnouncementDue(one.id, "over"), one.ends_at - turn.now)


@on.timer(timers.AnnouncementDue)
def begin(turn: Turn) -> None:
    """Its time has come: it begins with the first of those it is for."""
    due = turn.due(timers.AnnouncementDue)
    one = turn.tx.announcements.get(due.number)
    if one is None or one.stage not in (Stage.WAITING, Stage.SENDING, Stage.PAUSED):
        return
    stage = Stage.PAUSED if one.stage == Stage.PAUSED else Stage.SENDING
    turn.tx.announcements.change(one.id, stage=stage, phase=due.phase, after=0)
    if stage is Stage.SENDING:
        continue_announcement(turn, reload_announcement(turn, one))
    show_announcement_card(turn, reload_announcement(turn, one))


def continue_announcement(turn: Turn, one: Announcement, pause: timedelta = timedelta(0), shown_at: str = "") -> None:
    """Go on in a turn of its own."""
    turn.schedule(timers.AnnounceNext(one.id, one.phase, shown_at), pause)


@on.timer(timers.AnnounceNext)
def some(turn: Turn) -> None:
    """The next few are told, unless it was paused or cancelled, or something more urgent waits."""
    due = turn.due(timers.AnnounceNext)
    one, shown_at = turn.tx.announcements.get(due.number), due.shown_at
    if one is None or one.stage != Stage.SENDING or one.phase != due.phase:
        return
    if turn.tx.announcements.busy(turn.now):
        continue_announcement(turn, one, YIELD, shown_at)
        return
    people = turn.tx.announcements.people(one.segment, turn.now, one.after, EACH)
    for each in people:
        if turn.tx.announcements.claim(one.id, one.phase, each.person_id):
            promised = announce_to_account(turn, one, each.account_id)
            turn.tx.announcements.promised(one.id, one.phase, each.person_id, promised)
    if not people:
        end_announcement_phase(turn, one)
        return
    turn.tx.announcements.change(one.id, after=people[-1].person_id)
    if not shown_at or turn.now - datetime.fromisoformat(shown_at) >= LOOK:
        show_announcement_card(turn, reload_announcement(turn, one))
        shown_at = turn.now.isoformat()
    continue_announcement(turn, one, BREATH, shown_at)


def announce_to_account(turn: Turn, one: Announcement, account: int) -> int:
    """Promise it to somebody in their language; what they talk about goes first."""
    person = turn.tx.people.of_account(account)
    reader = turn.reader(person)
    files = files_of(one.files) if one.phase in ("", "before") else ()
    button = presses.AnnounceOff().button(phrase("announce.off"))
    message = Message(tuple(announcement_parts(one, reader)), files=files, buttons=button_row(button))
    return turn.send(Chat(person.source, person.chat), reader, message, behind=True)


def announcement_parts(one: Announcement, reader: Locale) -> Sequence[Part]:
    """Return what somebody reads, by its phase."""
    words = words_of(one.words[announcement_language(one, reader.language)])
    match one.phase:
        case "before":
            return [phrase("works.ahead"), words, phrase("works.from_to", begins=one.begins_at, ends=one.ends_at)]
        case "begun":
            return [phrase("works.begun", ends=one.ends_at), words]
        case "over":
            return [phrase("works.over"), words]
    return [words]


def end_announcement_phase(turn: Turn, one: Announcement) -> None:
    """Everybody was told in this phase; planned works wait for the next, and what is on its way is looked after."""
    last = one.ends_at is None or one.phase == "over"
    turn.tx.announcements.change(one.id, stage=Stage.DONE if last else Stage.WAITING)
    show_announcement_card(turn, reload_announcement(turn, one))
    turn.schedule(timers.AnnouncementWatch(one.id, one.phase), LOOK)


@on.timer(timers.AnnouncementWatch)
def watch(turn: Turn) -> None:
    """Show what became of it, until nothing is on its way any more."""
    due = turn.due(timers.AnnouncementWatch)
    one = turn.tx.announcements.get(due.number)
    if one is None or one.phase != due.phase or one.stage == Stage.CANCELLED:
        return
    show_announcement_card(turn, one)
    if turn.tx.announcements.progress(one.id, one.phase).waiting and due.looks < LOOKS:
        turn.schedule(replace(due, looks=due.looks + 1), END)


# The card


def show_announcement_card(turn: Turn, one: Announcement, *, anew: bool = False) -> None:
    """Show how far it is, where it was written; ``anew`` at the end of the chat of whoever asks."""
    progress = turn.tx.announcements.progress(one.id, one.phase)
    message = Message(
        tuple(announcement_progress_lines(turn, one, progress)), STAGES[Stage(one.stage)], announcement_buttons(one)
    )
    if anew:
        address, reader = turn.here
        turn.send(address, reader, message)
        return
    where = one.place
    if not where:  # whoever wrote it was erased
        return
    reader = Locale(str(where["language"]), str(where["zone"]))
    shown = turn.send(Lane(str(where["lane"])), reader, message, edits=one.card)
    if one.card is None:
        turn.tx.announcements.change(one.id, card=shown)


def announcement_progress_lines(turn: Turn, one: Announcement, progress: Progress) -> list[Part]:
    """Return what became of it so far."""
    first = words_of(next(iter(one.words.values()), SILENCE)).text
    found: list[Part] = [RichText(first if len(first) <= 200 else first[:199].rstrip() + "…")]
    if one.begins_at is not None and one.ends_at is not None:
        found.append(phrase("works.from_to", begins=one.begins_at, ends=one.ends_at))
    if one.stage == Stage.WAITING and one.starts_at is not None and not progress.all:
        found.append(phrase("announce.begins", at=one.starts_at))
    if progress.all:
        found.append(phrase("announce.progress", sent=progress.sent, whole=progress.all, waiting=progress.waiting))
    if progress.failed:
        failures = turn.tx.announcements.failures(one.id, one.phase, TOLD)
        told: list[Any] = [not_reached(name, why) for name, why in failures]
        told += [f"… +{progress.failed - TOLD}"] if progress.failed > TOLD else []
        found.append(phrase("announce.failed", n=progress.failed, people=told))
    if progress.uncertain:
        names = turn.tx.announcements.doubtful(one.id, one.phase, TOLD)
        names += [f"… +{progress.uncertain - TOLD}"] if progress.uncertain > TOLD else []
        found.append(phrase("announce.uncertain", n=progress.uncertain, people=names))
    if progress.dropped:
        found.append(phrase("announce.dropped", n=progress.dropped))
    return found


def not_reached(name: str, error: str) -> Phrase | str:
    """Return who could not be reached, with the reason in the reader's words; ``error`` is a delivery's: ``reason: word``."""
    reason, _, word = error.partition(":")
    why = phrase(f"undelivered.{reason}", word=word.strip() or "—")
    return phrase("announce.not_reached", name=name, why=why) if reason else name


def announcement_buttons(one: Announcement) -> tuple[tuple[Button, ...], ...]:
    """Return what can be done about it."""
    stop = presses.AnnounceStop(one.id).button(phrase("announce.stop"), danger=True)
    match one.stage:
        case Stage.SENDING:
            return button_row(presses.AnnouncePause(one.id).button(phrase("announce.pause")), stop)
        case Stage.PAUSED:
            return button_row(presses.AnnounceOn(one.id).button(phrase("announce.resume")), stop)
        case Stage.WAITING:
            return button_row(stop)
    return ()
