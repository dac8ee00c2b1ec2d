"""Outages: the desk asks, the team declares in two presses, whoever asks alike is told at once, and all who wait hear the end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.rules.webhooks import WebhookEvent
from handlers.tickets import cards, noticing, outage_question, outage_scope, relay, resolution, webhooks
from handlers.tickets.notices import known_words
from handlers.tickets.ticket_service import resolve_for_team
from handlers.turns import form_dialog
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.forms import Field, Form
from handlers.vocabulary.messages import Button, Chat, Lane, Message, Part, RichText, button_column, button_row, phrase
from handlers.vocabulary.translations import Locale, utc_of_iso
from storage.care import quotes
from storage.care.outages import Outage, Stage, Touched
from storage.lifecycle import Refused
from storage.models import Role
from storage.tickets.queue import Filter
from storage.tickets.search_terms import search_words as words_in
from storage.tickets.tickets import Ticket

on = Routes()

SILENCE = timedelta(minutes=30)  # without a word, after which the team is reminded to speak
QUIET = timedelta(hours=24)  # after a "no" the same is not asked again
LOOKED = 300  # active requests that are looked at for being alike
LINKED = 50  # that are linked at once
EACH = 10  # people told a turn
RECORD = timedelta(days=90)  # of which /outage tells how often the desk has asked
USAGE = "/outage login, site: … · /outage type Billing, company Acme: …"
WAITING = (Touched.WAITS, Touched.LINKED)
WORDS = Form(
    "outage", {"": "outage.title"}, (Field("words", {"": "outage.words"}, "long_text", limit=1500),), review=False
)
CAUSE = Form("outage_cause", {"": "outage.title"}, (Field("cause", {"": "outage.cause"}, "long_text"),), review=False)


# Noticing


@on.timer(timers.OutageLook)
def look(turn: Turn) -> None:
    """Many may ask alike just now: if so, the team is asked whether there is an outage, once for the same."""
    rule = turn.rules.outages
    window = turn.now - rule.within
    recent = noticing.with_words(turn.tx.outages.asked(window, turn.now, 400)) if rule.notice else []
    if len({one.person_id for one in recent}) < rule.people:
        return
    first = turn.tx.outages.first_asked() or turn.now
    past = noticing.with_words(turn.tx.outages.asked(turn.now - noticing.PAST, window, 1000))
    weeks = [
        noticing.with_words(
            turn.tx.outages.asked(window - timedelta(weeks=number), turn.now - timedelta(weeks=number), 400)
        )
        for number in range(1, noticing.WEEKS + 1)
        if turn.now - timedelta(weeks=number) > first
    ]
    heard = noticing.notice_alike_questions(
        recent, past, weeks, least=rule.people, young=turn.now - first < noticing.YOUNG
    )
    if heard is None or is_outage_known(turn, heard.core):
        return
    number = turn.tx.outages.add(
        turn.now,
        stage=Stage.ASKED,
        keywords=" ".join(heard.core),
        examples=list(heard.examples),
        noticed_at=turn.now,
        place={
            "people": heard.people,
            "usual": round(heard.expected),
            "minutes": int(rule.within.total_seconds() // 60),
            "tickets": list(heard.tickets),
            "first": heard.first.isoformat(),
        },
    )
    outage_question.ask_team(turn, outage_in_stage(turn, number, Stage.ASKED))


def is_outage_known(turn: Turn, core: Sequence[str]) -> bool:
    """Return whether the same was asked about or declared lately."""
    for one in turn.tx.outages.all(Stage.ASKED, Stage.OPEN, Stage.DISMISSED, Stage.OVER):
        since = one.ended_at or one.at
        lately = one.stage == Stage.OPEN or turn.now - since < (QUIET if one.stage != Stage.OVER else noticing.SAME)
        if lately and set(words_in(one.keywords)) & {stem for word in core for stem in words_in(word)}:
            return True
    return False


def to_team(turn: Turn, message: Message) -> None:
    """Say something in every team channel."""
    for channel in turn.channels:
        turn.send(Chat(channel.source, channel.chat), Locale(channel.language, turn.rules.zone), message)


# Declaring


@on.press(presses.OutageYes, role=Role.AGENT, act="outage")
def yes(turn: Turn) -> None:
    """There is one: in which words it is told is the second press."""
    one = outage_in_stage(turn, turn.pressed(presses.OutageYes).outage, Stage.ASKED, Stage.DISMISSED)
    parts = (phrase("outage.would"), phrase("outage.default"))
    buttons = button_column(
        presses.OutageSay(one.id).button(phrase("outage.declare"), danger=True),
        presses.OutageWrite(one.id).button(phrase("outage.write")),
    )
    turn.say(*parts, buttons=buttons)


@on.press(presses.OutageNo, role=Role.AGENT, act="outage")
def no(turn: Turn) -> None:
    """There is none; the same is not asked for a day, and can be taken up again."""
    one = outage_in_stage(turn, turn.pressed(presses.OutageNo).outage, Stage.ASKED)
    turn.tx.outages.change(one.id, stage=Stage.DISMISSED, by_id=turn.person.id)
    turn.audit(Deed.OUTAGE_DISMISSED, outage=one.id)
    shown = turn.shown.outgoing_id if turn.shown else None
    if shown is not None:
        quotes.forget_quotes_of_post(turn.tx.connection, shown)
    said = phrase("outage.dismissed", name=turn.person.name)
    turn.say(said, buttons=outage_question.take_up_buttons(one), edits=shown)


@on.press(presses.OutageSay, role=Role.AGENT, act="outage")
def say(turn: Turn) -> None:
    """It is declared in the desk's own words."""
    one = outage_in_stage(turn, turn.pressed(presses.OutageSay).outage, Stage.ASKED, Stage.DISMISSED)
    declare_outage(turn, one, "")


@on.press(presses.OutageWrite, role=Role.AGENT, act="outage")
def write(turn: Turn) -> None:
    """Its words are asked for: the first, or news."""
    one = outage_in_stage(turn, turn.pressed(presses.OutageWrite).outage, Stage.ASKED, Stage.DISMISSED, Stage.OPEN)
    form_dialog.open_form(turn, WORDS, about=DraftFacts(outage=one.id))


@on.submit("outage", role=Role.AGENT)
def written(turn: Turn) -> None:
    """The words are there: it is declared, or everybody who waits hears the news."""
    one = outage_in_stage(turn, of_draft(turn.event.about.outage), Stage.ASKED, Stage.DISMISSED, Stage.OPEN)
    words = str(turn.event.answers["words"]).strip()
    if one.stage == Stage.OPEN:
        send_outage_news(turn, one, words)
    else:
        declare_outage(turn, one, words)


@on.command("outage", role=Role.AGENT)
def outage(turn: Turn) -> None:
    """Something is broken for many: /outage login, site: We know and work on it; /outage lists; /outage out 42 takes one out.

    Before the colon stands what it covers: words, ``type Billing``, ``company Acme``.
    """
    said = turn.event.value.strip()
    first, _, rest = said.partition(" ")
    if not said:
        list_outages(turn)
        return
    if first.lower() == "out" and (number := number_in(rest.strip())) is not None:
        taken_out(turn, turn.tx.tickets.get(number))
        return
    about, colon, words = said.partition(":")
    keywords, scope = outage_scope.read_scope(turn, about if colon else said, named=bool(colon))
    if not keywords and not scope:
        raise Refused("usage", usage=USAGE)
    words = (words if colon else said).strip()
    number = turn.tx.outages.add(
        turn.now, stage=Stage.ASKED, keywords=" ".join(keywords), words=words, place=dict(scope)
    )
    made = outage_in_stage(turn, number, Stage.ASKED)
    parts = (phrase("outage.would_of", words=outage_scope.scope_text(turn, made, turn.here[1])), RichText(words))
    turn.say(*parts, buttons=button_row(presses.OutageSay(number).button(phrase("outage.declare"), danger=True)))


def declare_outage(turn: Turn, one: Outage, words: str) -> None:
    """There is an outage from now on: whoever asks alike is told, and a card shows how it stands."""
    now = turn.now
    turn.tx.outages.change(
        one.id, stage=Stage.OPEN, words=words or one.words, by_id=turn.person.id, declared_at=now, told_at=now
    )
    turn.audit(Deed.OUTAGE_DECLARED, outage=one.id)
    webhooks.promise_of_outage(turn, WebhookEvent.OUTAGE_DECLARED, one.id, now)
    address, reader = turn.here
    place = {**one.place, "lane": address.lane, "language": reader.language, "zone": reader.zone}
    turn.tx.outages.change(one.id, place=place, card=None)
    show_outage_card(turn, reload_outage(turn, one))
    turn.schedule(timers.OutageSilent(one.id, now.isoformat()), SILENCE)


def outage_in_stage(turn: Turn, number: int, *stages: Stage) -> Outage:
    """Return an outage, if it is in one of these stages."""
    found = turn.tx.outages.get(number)
    if found is None or found.stage not in stages:
        raise Refused("expired")
    return found


def reload_outage(turn: Turn, one: Outage) -> Outage:
    """Return an outage as it is now."""
    found = turn.tx.outages.get(one.id)
    assert found is not None
    return found


# While it lasts


@on.press(presses.OutageWait)
def wait(turn: Turn) -> None:
    """Whoever asked wants to hear when it is over; no request is needed for that."""
    one = outage_in_stage(turn, turn.pressed(presses.OutageWait).outage, Stage.OPEN)
    turn.tx.outages.touch(one.id, turn.person.id, turn.person.account_id, Touched.WAITS, turn.now)
    turn.say(phrase("outage.will_tell"), edits=turn.shown.outgoing_id if turn.shown else None)
    show_outage_card(turn, one)


@on.press(presses.OutageDifferent)
def different(turn: Turn) -> None:
    """Theirs is another matter: they get a person, as ever."""
    pressed = turn.pressed(presses.OutageDifferent)
    one = outage_in_stage(turn, pressed.outage, Stage.OPEN)
    turn.tx.outages.touch(one.id, turn.person.id, turn.person.account_id, Touched.DIFFERENT, turn.now)
    turn.tx.outages.unlink_all_of(one.id, turn.person.id)
    need = presses.NewRequest(str(pressed.verdict or "anew")).button(phrase("answer.need"))
    turn.say(
        phrase("outage.different_then"), buttons=button_row(need), edits=turn.shown.outgoing_id if turn.shown else None
    )
    show_outage_card(turn, one)


@on.press(presses.OutageAlike, role=Role.AGENT, act="outage")
def alike(turn: Turn) -> None:
    """Open requests that are alike are shown before they are linked."""
    one = outage_in_stage(turn, turn.pressed(presses.OutageAlike).outage, Stage.OPEN)
    found = alike_requests(turn, one)
    if not found:
        turn.toast(phrase("outage.none_alike"))
        return
    address, reader = turn.here
    shown = turn.send(address, reader, outage_question.alike_list(one, found))
    list_ = {"lane": address.lane, "outgoing": shown, "tickets": [ticket.id for ticket in found]}
    list_ |= {"language": reader.language, "zone": reader.zone}
    turn.tx.outages.change(one.id, place={**one.place, "alike": list_})


@on.press(presses.OutageLink, role=Role.AGENT, act="outage")
def link(turn: Turn) -> None:
    """They are linked: their requesters are told what is known, and hear the end; a changed list is shown anew."""
    pressed = turn.pressed(presses.OutageLink)
    one = outage_in_stage(turn, pressed.outage, Stage.OPEN)
    found = alike_requests(turn, one)
    if len(found) != pressed.count:
        raise Refused("bulk_changed", n=pressed.count)
    for ticket in found:
        turn.tx.outages.link(one.id, ticket.id, turn.now)
        new = turn.tx.outages.touch(one.id, ticket.requester_id, ticket.account_id, Touched.LINKED, turn.now)
        turn.tell(ticket, *(known_words(one) if new else (phrase("outage.linked", ticket=ticket.id),)))
    turn.say(phrase("outage.linked_done", n=len(found)), edits=turn.shown.outgoing_id if turn.shown else None)
    one = replace(one, place={name: value for name, value in one.place.items() if name != "alike"})
    turn.tx.outages.change(one.id, place=one.place)
    show_outage_card(turn, one)


def alike_requests(turn: Turn, one: Outage) -> list[Ticket]:
    """Return open requests that are alike and not linked yet; not of those who said that theirs is another matter."""
    linked = set(turn.tx.outages.linked(one.id))
    active = [ticket for ticket in turn.tx.queue.page(Filter(), limit=LOOKED) if ticket.id not in linked]
    found = [ticket for ticket in active if outage_scope.covers_request(turn, one, ticket)]
    return [t for t in found if turn.tx.outages.state(one.id, t.requester_id) != Touched.DIFFERENT][:LINKED]


def taken_out(turn: Turn, ticket: Ticket) -> None:
    """A request is none of the outage's after all; its requester hears the end as long as another of theirs is."""
    for one in turn.tx.outages.all(Stage.OPEN):
        if turn.tx.outages.unlink(one.id, ticket.id):
            if not turn.tx.outages.has_request_of(one.id, ticket.requester_id):
                turn.tx.outages.touch(one.id, ticket.requester_id, ticket.account_id, Touched.DIFFERENT, turn.now)
            turn.say(phrase("outage.out", ticket=ticket.id))
            show_outage_card(turn, one)
            return
    raise Refused("expired")


def send_outage_news(turn: Turn, one: Outage, words: str) -> None:
    """Everybody who waits hears the news, in one act."""
    turn.tx.outages.change(one.id, words=words, told_at=turn.now)
    turn.audit(Deed.OUTAGE_UPDATED, outage=one.id)
    turn.schedule(timers.OutageTell(one.id, "news", words=words), timedelta(0))
    turn.schedule(timers.OutageSilent(one.id, turn.now.isoformat()), SILENCE)
    show_outage_card(turn, reload_outage(turn, one))
    turn.say(phrase("outage.news_going"))


@on.timer(timers.OutageSilent)
def silent(turn: Turn) -> None:
    """Nobody has said anything for half an hour: the team is reminded."""
    due = turn.due(timers.OutageSilent)
    one = turn.tx.outages.get(due.outage)
    if one is None or one.stage != Stage.OPEN or one.told_at is None or one.told_at.isoformat() != due.told:
        return
    minutes = int(SILENCE.total_seconds() // 60)
    button = presses.OutageWrite(one.id).button(phrase("outage.tell_news"))
    to_team(turn, Message((phrase("outage.silent", minutes=minutes),), buttons=button_row(button)))


# The end


@on.press(presses.OutageOver, role=Role.AGENT, act="outage")
def over(turn: Turn) -> None:
    """It is over: everybody who waits is told once, linked requests are resolved as their workflows allow."""
    one = outage_in_stage(turn, turn.pressed(presses.OutageOver).outage, Stage.OPEN)
    turn.tx.outages.change(one.id, stage=Stage.OVER, ended_at=turn.now)
    webhooks.promise_of_outage(turn, WebhookEvent.OUTAGE_ENDED, one.id, one.declared_at)
    turn.audit(Deed.OUTAGE_ENDED, outage=one.id)
    turn.schedule(timers.OutageTell(one.id, "end"), timedelta(0))
    show_outage_card(turn, reload_outage(turn, one))
    cause = presses.OutageCause(one.id).button(phrase("outage.say_cause"))
    turn.say(phrase("outage.ending"), buttons=button_row(cause))


@on.press(presses.OutageCause, role=Role.AGENT, act="outage")
def ask_cause(turn: Turn) -> None:
    """What it was is asked for, afterwards."""
    one = outage_in_stage(turn, turn.pressed(presses.OutageCause).outage, Stage.OVER)
    form_dialog.open_form(turn, CAUSE, about=DraftFacts(outage=one.id))


@on.submit("outage_cause", role=Role.AGENT, act="outage")
def told_cause(turn: Turn) -> None:
    """What it was stands on its card."""
    one = outage_in_stage(turn, of_draft(turn.event.about.outage), Stage.OVER)
    turn.tx.outages.change(one.id, cause=str(turn.event.answers["cause"]).strip())
    show_outage_card(turn, reload_outage(turn, one))


@on.timer(timers.OutageTell)
def tell(turn: Turn) -> None:
    """The next few hear the news, or that it is over: once each, for who has heard the end waits no more.

    When all have heard the end, their requests are resolved, the next few a turn.
    """
    due = turn.due(timers.OutageTell)
    one, ended = turn.tx.outages.get(due.outage), due.what == "end"
    if one is None:
        return
    if due.what == "resolve":
        resolve_linked_requests(turn, one, due)
        return
    people = turn.tx.outages.concerned(one.id, WAITING, due.behind, EACH)
    for each in people:
        person = turn.tx.people.of_account(each.account_id)
        said: tuple[Part, ...] = (phrase("outage.over"),) if ended else (phrase("outage.news"), RichText(due.words))
        if person.chat and person.blocked_at is None:
            turn.send(Chat(person.source, person.chat), turn.reader(person), Message(said), ticket=each.ticket_id)
        if ended:
            turn.tx.outages.touch(one.id, each.person_id, each.account_id, Touched.ENDED, turn.now)
    if len(people) == EACH:
        turn.schedule(replace(due, behind=people[-1].person_id), timedelta(seconds=1))
        return
    if ended:
        resolve_linked_requests(turn, one, replace(due, what="resolve", behind=0))
    show_outage_card(turn, reload_outage(turn, one))


def resolve_linked_requests(turn: Turn, one: Outage, due: timers.OutageTell) -> None:
    """Resolve the next few requests that were of it."""
    found = turn.tx.outages.linked(one.id, due.behind, EACH)
    for number in found:
        resolve_linked_request(turn, turn.tx.tickets.get(number))
    if len(found) == EACH:
        turn.schedule(replace(due, behind=found[-1]), timedelta(seconds=1))


def resolve_linked_request(turn: Turn, ticket: Ticket) -> None:
    """Resolve a linked request where nothing holds it back; else its thread says so."""
    if not ticket.active:
        return
    try:
        ticket = resolve_for_team(turn, ticket)
    except Refused:
        relay.in_threads(turn, ticket.id, phrase("outage.over_by_hand"))
        return
    resolution.ask_whether_solved(turn, ticket)
    cards.refresh_cards(turn, ticket)


# The card


def list_outages(turn: Turn) -> None:
    """Show what is broken now, and what was lately."""
    found = turn.tx.outages.all(Stage.OPEN, Stage.OVER, limit=5)
    if not found:
        turn.say(phrase("outage.none"))
    for one in found:
        turn.say(*outage_lines(turn, one, turn.here[1]), title=outage_title(one), buttons=outage_buttons(one))
    asked, dismissed = turn.tx.outages.noticed(turn.now - RECORD)
    if asked:
        turn.say(phrase("outage.record", days=RECORD.days, asked=asked, dismissed=dismissed))


def show_outage_card(turn: Turn, one: Outage) -> None:
    """Show how it stands, where it was declared."""
    if "lane" not in one.place:
        return
    reader = Locale(str(one.place["language"]), str(one.place["zone"]))
    message = Message(tuple(outage_lines(turn, one, reader)), outage_title(one), outage_buttons(one))
    shown = turn.send(Lane(str(one.place["lane"])), reader, message, edits=one.card)
    if one.card is None:
        turn.tx.outages.change(one.id, card=shown)


def outage_title(one: Outage) -> Any:
    """Return what stands above it."""
    return phrase("outage.open_title") if one.stage == Stage.OPEN else phrase("outage.over_title")


def outage_lines(turn: Turn, one: Outage, reader: Locale) -> list[Part]:
    """Return what is known of it, and its figures."""
    figures = turn.tx.outages.figures(one.id)
    found: list[Part] = [RichText(one.words) if one.words else phrase("outage.default")]
    found.append(phrase("outage.covers", words=outage_scope.scope_text(turn, one, reader)))
    if one.declared_at is not None:
        until = one.ended_at or turn.now
        lasted = phrase("outage.lasted", time=until - one.declared_at)
        found.append(phrase("outage.since", at=one.declared_at) if one.ended_at is None else lasted)
    found.append(phrase("outage.figures", spared=figures.spared, waits=figures.waits, linked=figures.linked))
    if one.noticed_at is not None and one.place.get("first"):
        found.append(phrase("outage.noticed", time=one.noticed_at - utc_of_iso(str(one.place["first"]))))
    if one.noticed_at is not None and one.declared_at is not None:
        found.append(phrase("outage.detected", time=one.declared_at - one.noticed_at))
    if one.cause:
        found.append(phrase("outage.cause_was", cause=one.cause))
    return found


def outage_buttons(one: Outage) -> tuple[tuple[Button, ...], ...]:
    """Return what can be done about it."""
    if one.stage != Stage.OPEN:
        return ()
    return (
        (
            presses.OutageWrite(one.id).button(phrase("outage.tell_news")),
            presses.OutageAlike(one.id).button(phrase("outage.alikes")),
        ),
        (presses.OutageOver(one.id).button(phrase("outage.it_is_over"), danger=True),),
    )
