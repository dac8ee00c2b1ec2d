"""The door of the talk: who acts, may they, and which handler hears it."""

import re
from dataclasses import replace

from handlers.admin import bans
from handlers.channels import hearing as request_hearing
from handlers.home import updates
from handlers.system import membership, membership_events, message_deletions
from handlers.tickets import cards, lateness, status_names, webhooks
from handlers.turns import form_dialog, modal_dialog, permissions
from handlers.turns.private_chat import for_audience, in_own_chat
from handlers.turns.router import NAMED, Route
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import Audience
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Chat, Event, Kind, Message, Part, Phrase, RichText, button_row, phrase
from handlers.vocabulary.subcommands import read_subcommand
from kb import nearest, retyped
from storage.lifecycle import REQUESTERS, TEAMS, Refused
from storage.models import Role
from storage.people.people import Erased, Person
from storage.queues import inbox

FOREIGN = re.compile(r"([/!.])([^\W\d_]{1,32})(\??)(?:\s+|$)")
BY_NUMBER = frozenset(f"faq {word}" for word in ("alias", "delete", "edit", "history", "off", "on", "show"))
NOBODY = (Kind.TIMER, Kind.LOST, Kind.RECEIPT, Kind.STANDSTILL)


def dispatch(turn: Turn) -> None:
    """Hear one event, and show front pages anew where it changed what stands there."""
    dispatch_event(turn)
    webhooks.promise_to_webhooks(turn)
    shut_menu(turn)
    updates.refresh_touched(turn)


def shut_menu(turn: Turn) -> None:
    """Draw a card anew from whose menu something was chosen, unless that has been done: the choice stands in it until then.

    What has become a line that tells where the ticket went has no menu any more.
    """
    shown = turn.shown if turn.event.menu else None
    if shown is None or shown.ticket_id is None or shown.outgoing_id in turn.redrawn:
        return
    ticket = turn.tx.tickets.get(shown.ticket_id)
    if shown.outgoing_id is None or not cards.stands_elsewhere(turn, ticket, shown.outgoing_id):
        cards.redraw_pressed_card(turn, ticket)


def dispatch_event(turn: Turn) -> None:
    """Hear one event: nothing in a strange chat, a kind answer to what nobody hears, everything else to its handler."""
    if not admit_event(turn) or bans.kept_out(turn) or lateness.put_off(turn):
        return
    event = turn.event
    if not membership.belongs_to_team(turn):
        if not event.interaction and event.kind is not Kind.SUBMIT:
            return  # whatever somebody else says there is nobody's word
        raise Refused("not_member")
    turn.event = in_our_letters(turn)
    form_dialog.give_way(turn)
    if turn.event.kind is Kind.SUBMIT:
        modal_dialog.restore_long_answers(turn)
        form_dialog.submit_modal(in_own_chat(turn) if turn.audience is Audience.PUBLIC else turn)
        return
    longer_name(turn)
    if turn.request_channel is not None and request_hearing.handle_channel_event(turn):
        return
    route = turn.contents.router.find(turn.event.kind, turn.event.name)
    turn = for_audience(turn, route)
    event = turn.event
    if route is None or (route.key and not re.fullmatch(route.key, event.value)):
        answer_unheard(turn)
        return
    if event.kind in NAMED and not turn_may(turn, route):
        raise Refused(
            "not_yours", role=permissions.role_asked_by(turn, route), act=route.act or f"{event.kind}:{event.name}"
        )
    route.handler(turn)


def in_our_letters(turn: Turn) -> Event:
    """Return words as the command that they are where only its alphabet, or the keyboard, was another: ``/р``, ``/к``, ``.к``.

    An edit stays one, of the words of a command.
    """
    event = turn.event
    found = None if event.origin or event.kind not in (Kind.TEXT, Kind.EDIT) else FOREIGN.match(event.words.text)
    if found is None or found[2].isascii():
        return event
    names = {route.name for route in turn.contents.router.commands(Role.ADMIN)}
    dot = found[1] == "."  # the key of the slash, where Cyrillic letters are typed
    name = retyped(found[2], [name for name in names if name.isidentifier()], heard=not dot)
    if name is None or (dot and turn.channel is None):
        return event
    name = f"{name}?" if found[3] and f"{name}?" in names else name
    words = event.words.cut(found.end(), len(event.words.text))
    if event.kind is Kind.EDIT:
        return replace(event, name=name, words=words)
    return replace(event, kind=Kind.COMMAND, name=name, value=words.text.strip(), words=words)


def longer_name(turn: Turn) -> None:
    """Read ``/faq add …`` as the command "faq add" where there is one, and so ``/faq додати …`` from whoever may use it."""
    event = turn.event
    first, _, rest = event.value.strip().partition(" ")
    longer = f"{event.name} {read_subcommand(first)}"
    route = turn.contents.router.find(Kind.COMMAND, longer) if event.kind is Kind.COMMAND and first else None
    if route and (longer == f"{event.name} {first.casefold()}" or is_command_in_words(turn, route, rest)):
        start = len(event.words.text) - len(event.words.text.lstrip()) + len(first)
        words = event.words.cut(start, len(event.words.text)).strip()
        turn.event = replace(event, name=longer, value=rest.strip(), words=words)


def is_command_in_words(turn: Turn, route: Route, rest: str) -> bool:
    """Return whether a second word that may be a command in another language is one: "/faq змінити пароль" looks for words."""
    known = turn.actor is not None and turn_may(turn, route)
    return known and (route.name not in BY_NUMBER or re.match(r"\s*#?\d|\s*$", rest) is not None)


def admit_event(turn: Turn) -> bool:
    """Find out who acts and make them known; return whether there is anything to hear.

    What somebody did before they were erased comes too late, and is kept nowhere.
    """
    try:
        return identify_actor(turn)
    except Erased:
        inbox.empty_event_payload(turn.tx.connection, turn.event.source, turn.event.key)
        return False


def identify_actor(turn: Turn) -> bool:
    """Find out who acts and make them known; return whether there is anything to hear."""
    event = turn.event
    if event.kind is Kind.FETCHED:
        turn.actor = permissions.with_standing(turn, turn.tx.people.of_account(int(event.facts["account"])))
        return True
    if event.kind in NOBODY or event.kind is Kind.MEMBER:
        turn.actor = known_actor(turn) if event.sender and event.sender.native else None
        return True
    if turn.audience is Audience.PUBLIC and not heard_in_public(turn):
        return False
    if event.kind is Kind.DELETE and event.sender is None:
        author = message_deletions.find_author(turn)
        turn.actor = permissions.with_standing(turn, author) if author is not None else None
        return author is not None
    if event.sender is None or event.sender.anonymous:
        if event.kind in (Kind.COMMAND, Kind.PRESS) or (event.kind is Kind.TEXT and turn.channel and turn.number):
            turn.say(phrase("anonymous"))
        return False
    turn.actor = known_actor(turn)
    if event.private and turn.actor.blocked_at is not None:
        membership_events.handle_bot_unblocked(turn)  # whoever writes can be written to
        turn.actor = known_actor(turn)
    if membership.learn_membership(turn):
        turn.actor = known_actor(turn)
    return True


def heard_in_public(turn: Turn) -> bool:
    """Return whether something among people is for the desk: the place takes requests, or the bot is addressed there."""
    event = turn.event
    if turn.request_channel is not None or event.interaction:
        return True
    if event.names_bot:
        return True
    longer_name(turn)
    route = turn.contents.router.find(turn.event.kind, turn.event.name) if event.kind is Kind.COMMAND else None
    if route is None or not (route.act and Audience.PUBLIC in route.audiences) or event.sender is None:
        return False
    person = turn.tx.people.find(event.source, event.sender.native)  # of strangers nothing is kept here
    return person is not None and permissions.with_standing(turn, person).may(permissions.role_asked_by(turn, route))


def known_actor(turn: Turn) -> Person:
    """Return who acts, by what the messenger says of them now."""
    sender = turn.event.sender
    assert sender is not None
    person = turn.tx.people.meet(
        turn.event.source,
        sender.native,
        name=sender.name,
        username=sender.username,
        language=sender.language,
        chat=sender.chat,
        at=turn.now,
        done_at=turn.event.at,
    )
    if sender.zone and sender.zone != person.time_zone:
        person = turn.tx.people.set_zone(person, sender.zone)
    return permissions.with_standing(turn, person)


def turn_may(turn: Turn, route: Route) -> bool:
    """Return whether the actor has the role that a route asks for."""
    return turn.actor is None or turn.actor.may(permissions.role_asked_by(turn, route))


def answer_unheard(turn: Turn) -> None:
    """Answer what nobody hears: the nearest command, or that a button is of an older time."""
    event = turn.event
    if event.kind is Kind.PRESS:
        turn.toast(phrase("expired"), alert=True)
    elif event.kind is Kind.COMMAND:
        names = [route.name for route in turn.contents.router.commands(turn.person.role)]
        meant = nearest(event.name, names)
        turn.whisper(phrase("unknown_command.meant", command=meant) if meant else phrase("unknown_command"))


def answer_refusal(turn: Turn, refusal: Refused) -> None:
    """Say a polite no where the person looks, and write it down."""
    if not admit_event(turn):
        return
    shut_menu(turn)
    turn.audit(Deed.REFUSED, ticket=turn.number, reason=refusal.reason, event=turn.event.kind, name=turn.event.name)
    said = phrase(f"refused.{refusal.reason}", **words_of(turn, refusal))
    if turn.event.kind is Kind.SUBMIT and not (membership.belongs_to_team(turn) and refusal.reason != "not_yours"):
        give_back(turn, said)
        return
    if turn.audience is Audience.PUBLIC and not turn.event.interaction:
        turn.say(
            phrase("refused.only_private"), buttons=button_row(presses.NewRequest("anew").button(phrase("button.new")))
        )
        return
    if turn.event.interaction:
        turn.toast(said, vital=True, alert=True)
    else:
        turn.whisper(said)


def give_back(turn: Turn, said: Phrase) -> None:
    """Say no in their own chat to whoever filled a window and may not send it any more, and give back what they wrote."""
    written = [RichText(text) for text in turn.event.answers.values() if isinstance(text, str) and text.strip()]
    own = Chat(turn.person.source, turn.person.home)
    back: list[Part] = [phrase("refused.given_back"), *written] if written else []
    turn.send(own, turn.reader(turn.person), Message((said, *back)))


def words_of(turn: Turn, refusal: Refused) -> dict[str, object]:
    """Return a refusal's facts, with actions and statuses as the reader's words; what is possible is so for them."""
    facts: dict[str, object] = dict(refusal.facts)
    for name in ("action", "role"):
        if name in facts:
            facts[name] = phrase(f"{name}.{facts[name]}")
    if "status" in facts:
        facts["status"] = status_names.status_title(refusal.facts["status"])
    if "possible" in facts:
        team = turn.actor is not None and turn.actor.may(Role.AGENT)
        theirs = [action for action in refusal.facts["possible"] if action in (TEAMS if team else REQUESTERS)]
        possible = [phrase(f"action.{action}") for action in theirs]
        onward = [status_names.status_title(status) for status in refusal.facts.get("onward", ()) if team]
        facts["possible"] = [*possible, *(phrase("move.to", status=each) for each in onward)] or phrase("nothing")
    return facts
