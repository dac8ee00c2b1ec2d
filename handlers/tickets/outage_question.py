"""The question to the team whether there is an outage: it quotes what people asked, as long as they let it stand."""

from collections.abc import Iterable, Sequence

from handlers.tickets import noticing
from handlers.turns.turn import Turn, dump_rendered
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Chat, Lane, Message, Part, RichText, button_row, phrase
from handlers.vocabulary.text import beginning_of
from handlers.vocabulary.translations import Locale
from storage.care import quotes
from storage.care.outages import Outage, Stage
from storage.retention import deletion
from storage.tickets.tickets import Ticket

LONGEST = 160  # characters of a question that are quoted


def ask_team(turn: Turn, one: Outage) -> None:
    """Ask in every team channel whether there is an outage, and remember what each post quotes."""
    for channel in turn.channels:
        message = outage_question(one, turn.tx.outages.questions(one.examples))
        shown = turn.send(Chat(channel.source, channel.chat), Locale(channel.language, turn.rules.zone), message)
        quotes.keep_quotes(turn.tx.connection, one.id, shown, one.examples)


def outage_question(one: Outage, questions: Sequence[str]) -> Message:
    """Return the question as it is asked: how many ask alike, what for example, and how many do usually."""
    told: list[Part] = []
    minutes = one.place.get("minutes", int(noticing.WINDOW.total_seconds() // 60))
    if "people" in one.place:
        told.append(phrase("outage.is_it", n=one.place["people"], minutes=minutes))
    told += [RichText(f"• {beginning_of(' '.join(text.split()), LONGEST)}") for text in questions]
    if tickets := one.place.get("tickets"):
        told.append(phrase("outage.requests", tickets=[f"#{number}" for number in tickets]))
    if "usual" in one.place:
        told.append(phrase("outage.usual", n=one.place["usual"]))
    return Message(tuple(told), phrase("outage.ask_title"), question_buttons(one))


def question_buttons(one: Outage) -> tuple[tuple[Button, ...], ...]:
    """Return what can be answered to the question, as far as nobody has."""
    if one.stage == Stage.ASKED:
        return button_row(
            presses.OutageYes(one.id).button(phrase("outage.yes"), danger=True),
            presses.OutageNo(one.id).button(phrase("outage.no")),
        )
    return take_up_buttons(one) if one.stage == Stage.DISMISSED else ()


def take_up_buttons(one: Outage) -> tuple[tuple[Button, ...], ...]:
    """Return by what an outage that was said to be none is taken up again."""
    return button_row(presses.OutageYes(one.id).button(phrase("outage.after_all")))


def alike_list(one: Outage, tickets: Sequence[Ticket]) -> Message:
    """Return the open requests that are alike, as they are shown before they are linked."""
    told = [RichText(f"#{ticket.id} {beginning_of(ticket.summary, 100)}") for ticket in tickets]
    link = presses.OutageLink(one.id, len(tickets)).button(phrase("outage.link", n=len(tickets)), danger=True)
    return Message((phrase("outage.alike", n=len(tickets)), *told), buttons=button_row(link))


def redraw_alike_lists(turn: Turn, numbers: Iterable[int]) -> None:
    """Draw anew the lists of requests that are alike which show one of these: its words have changed, or are gone."""
    for one in turn.tx.outages.all(Stage.OPEN):
        shown = one.place.get("alike") or {}
        if not set(numbers) & set(shown.get("tickets") or ()):
            continue
        message = alike_list(one, [turn.tx.tickets.get(number) for number in shown["tickets"]])
        reader = Locale(shown["language"], shown["zone"])
        deletion.put_payload(turn.tx.connection, shown["outgoing"], dump_rendered(turn.draw(message, reader)))
        turn.send(Lane(shown["lane"]), reader, message, edits=shown["outgoing"])


def forget_quotes(turn: Turn, person_id: int) -> None:
    """Draw anew what quotes questions of somebody who has taken words back: without those that have none any more."""
    connection = turn.tx.connection
    readers = {channel.place: turn.reading(channel) for channel in turn.channels}
    for number, outgoing_id in quotes.posts_quoting(connection, person_id):
        one, lane = turn.tx.outages.get(number), deletion.lane_of(connection, outgoing_id)
        if one is not None and lane is not None:
            reader = readers.get(lane) or Locale(turn.rules.language, turn.rules.zone)
            message = outage_question(one, quotes.quoted_questions(connection, outgoing_id))
            deletion.put_payload(connection, outgoing_id, dump_rendered(turn.draw(message, reader)))
            turn.send(Lane(lane), reader, message, edits=outgoing_id)
        quotes.forget_empty_quotes(connection, outgoing_id)
