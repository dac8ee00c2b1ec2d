"""What becomes of a swap that is asked: it is agreed to, declined, not answered, or taken back; both halves go together."""

from handlers.agent.rota_swaps import Swap, answer_buttons, still_waits, swap_of, tell_privately
from handlers.tickets import on_duty
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Chat, Message, Phrase, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.people import Person

on = Routes()


@on.press(presses.SwapYes, role=Role.AGENT, act="rota swap")
def agree(turn: Turn) -> None:
    """The colleague who was asked agrees: both shifts change hands, where they are still as they were when it was asked."""
    pressed = turn.pressed(presses.SwapYes)
    asked = asked_swap(turn, pressed.first, pressed.second)
    if not is_as_asked(turn, asked):
        end_swap(turn, asked)
        answer_swap(turn, asked, phrase("rota.swap_moved", **asked.facts))
        return
    if not (turn.tx.duty.agree(asked.taken.id, turn.now) and turn.tx.duty.agree(asked.given.id, turn.now)):
        raise Refused("expired")
    turn.audit(Deed.DUTY_SWAPPED, person=asked.taken.by_id, rota=asked.taken.rota)
    answer_swap(turn, asked, phrase("rota.swapped", **asked.facts))


@on.press(presses.SwapNo, role=Role.AGENT, act="rota swap")
def decline(turn: Turn) -> None:
    """The colleague who was asked does not agree: nothing changes, and whoever asked hears it."""
    pressed = turn.pressed(presses.SwapNo)
    asked = asked_swap(turn, pressed.first, pressed.second)
    end_swap(turn, asked)
    answer_swap(turn, asked, phrase("rota.swap_declined", **asked.facts))


def asked_swap(turn: Turn, first: int, second: int) -> Swap:
    """Return a swap that is still asked of the actor; refuse any other, and one whose first shift has begun."""
    asked = swap_of(turn, first, second)
    if asked is None or asked.taken.person_id != turn.person.id or not still_waits(turn, asked):
        raise Refused("expired")
    return asked


def is_as_asked(turn: Turn, asked: Swap) -> bool:
    """Return whether both shifts are still of those who swap them, as long as they were, by the rules and what changes them."""
    rota = turn.rules.rota.get(asked.taken.rota)
    if rota is None:
        return False
    ends_at = max(asked.taken.ends_at, asked.given.ends_at)
    duties = on_duty.Duties(turn, rota, asked.lapses_at, ends_at)
    for one, whose in ((asked.taken, asked.given.person_id), (asked.given, asked.taken.person_id)):
        shift = rota.shift_at(one.begins_at, turn.rules.zone)
        if shift is None or (shift.begins_at, shift.ends_at) != (one.begins_at, one.ends_at):
            return False
        if not duties.is_of(whose, one.begins_at, one.ends_at):
            return False
    return True


def end_swap(turn: Turn, asked: Swap) -> None:
    """Let neither half of a swap hold any more."""
    for one in (asked.taken, asked.given):
        turn.tx.duty.end(one.id, turn.now)


def answer_swap(turn: Turn, asked: Swap, words: Phrase) -> None:
    """Show what became of a swap where it was asked, and to whoever asked."""
    turn.say(words, edits=turn.shown.outgoing_id if turn.shown else None)
    tell_privately(turn, asked.given.person_id, words)


def take_swap_back(turn: Turn, agreed: Swap) -> None:
    """Let both halves of an agreed swap hold no more, and tell both people; refuse where one half is over."""
    if any(one.over_at <= turn.now for one in (agreed.taken, agreed.given)):
        raise Refused("swap_served")
    end_swap(turn, agreed)
    turn.audit(Deed.DUTY_CHANGE_OFF, person=agreed.taken.person_id, rota=agreed.taken.rota)
    words = phrase("rota.swap_off", **agreed.facts)
    turn.say(words)
    for one in (agreed.taken, agreed.given):
        tell_privately(turn, one.person_id, words)


# What is not answered


@on.timer(timers.SwapReminder)
def remind_of_swap(turn: Turn) -> None:
    """Whoever has not answered is asked once more, and reads until when they can; the first question has no buttons any more."""
    due = turn.due(timers.SwapReminder)
    asked = swap_of(turn, due.first, due.second)
    found = turn.tx.people.reachable(asked.taken.person_id) if asked is not None and still_waits(turn, asked) else None
    if asked is None or found is None or found.left:
        return
    rota = turn.rules.rota.get(asked.taken.rota)
    words = phrase("rota.swap_reminder", rota=rota.title if rota is not None else asked.taken.rota, **asked.facts)
    until = phrase("rota.swap_until", until=asked.lapses_at)
    chat, reader = Chat(found.source, found.chat), turn.reader(found)
    if asked.taken.card is not None:
        turn.send(chat, reader, Message((words, until)), edits=asked.taken.card)
    card = turn.send(chat, reader, Message((words, until), buttons=answer_buttons(asked)))
    turn.tx.duty.change(asked.taken.id, card=card)


@on.timer(timers.SwapLapse)
def let_swap_lapse(turn: Turn) -> None:
    """The first of the two shifts begins and nobody has answered: nothing is swapped, and both read so."""
    due = turn.due(timers.SwapLapse)
    asked = swap_of(turn, due.first, due.second)
    if asked is None or any(one.agreed_at or one.ended_at for one in (asked.taken, asked.given)):
        return
    end_swap(turn, asked)
    words = phrase("rota.swap_lapsed", **asked.facts)
    close_question(turn, asked, words)
    tell_privately(turn, asked.given.person_id, words)


def close_question(turn: Turn, asked: Swap, words: Phrase) -> None:
    """Let what stands where a swap was asked say what became of it, without buttons."""
    found = turn.tx.people.reachable(asked.taken.person_id)
    if found is not None and asked.taken.card is not None:
        turn.send(Chat(found.source, found.chat), turn.reader(found), Message((words,)), edits=asked.taken.card)


def end_unanswered(turn: Turn, leaver: Person) -> None:
    """Somebody has left the team: what they have asked, or were asked, is swapped no more, and the other one is told."""
    for one in turn.tx.duty.asked(leaver.id):
        asked = swap_of(turn, one.id, one.swapped_for) if one.swapped_for is not None else None
        if asked is None or not turn.tx.duty.end(one.id, turn.now, asked=True):
            continue
        end_swap(turn, asked)
        words = phrase("rota.swap_left", name=leaver.name)
        close_question(turn, asked, words)  # the leaver's own has no buttons any more, either
        for half in (asked.taken, asked.given):
            tell_privately(turn, half.person_id, words)
