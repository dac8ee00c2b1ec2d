"""Known errors: problems whose cause is known, with what helps meanwhile; ``/known`` lists them.

The workaround is an article: whoever asks is answered with it while the problem is worked on, and no more once it is over.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.articles import validation
from handlers.tickets import cards, relay
from handlers.turns import form_dialog, permissions
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_or_here
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.forms import Field, Form
from handlers.vocabulary.messages import Part, RichText, button_row, join_lines, phrase
from handlers.vocabulary.translations import Locale
from storage.desk.articles import ArticleRow
from storage.lifecycle import Refused
from storage.models import Role
from storage.tickets.known_errors import KnownError
from storage.tickets.tickets import Ticket

on = Routes()

SHOWN = 10  # known errors listed at once
LINE = 120  # characters of each part in the list
FORM = Form(
    "known",
    {"": "known.title"},
    (
        Field("cause", {"": "known.cause"}, "long_text", {"": "known.cause_hint"}, required=False, limit=1000),
        Field("question", {"": "known.question"}, "text", {"": "known.question_hint"}, required=False, limit=200),
        Field(
            "workaround",
            {"": "known.workaround"},
            "long_text",
            {"": "known.workaround_hint"},
            required=False,
            limit=4000,
        ),
    ),
)


@on.command("known", role=Role.AGENT)
def known(turn: Turn) -> None:
    """Known errors: /known lists the open ones; /known 42, or in a problem's thread, shows one or writes it down."""
    number = number_or_here(turn, turn.event.value.strip(), "/known · /known 42")
    if number is None:
        list_known_errors(turn)
    else:
        show_known_error(turn, turn.tx.tickets.get(number))


def list_known_errors(turn: Turn) -> None:
    """List the problems that are worked on and whose cause is known."""
    found = turn.tx.known_errors.open(SHOWN)
    lines: list[Part] = [known_error_line(turn, each) for each in found]
    buttons = [presses.ShowKnown(each.ticket_id).button(f"#{each.ticket_id}") for each in found]
    turn.say(
        *(lines or [phrase("known.none")]),
        title=phrase("known.title"),
        buttons=tuple(tuple(buttons[start : start + 5]) for start in range(0, len(buttons), 5)),
    )


def known_error_line(turn: Turn, one: KnownError) -> RichText:
    """Return a known error as the list shows it: the problem, how many come of it if any do, the cause, what helps."""
    ticket, reader, article = turn.tx.tickets.get(one.ticket_id), turn.here[1], workaround_of(turn, one)
    linked = turn.tx.related.linked(ticket.id)
    spread = f" · {turn.text(phrase('card.linked', n=linked), reader)}" if linked else ""
    told = [f"#{ticket.id} {ticket.summary}{spread}"]
    told += [one.cause[:LINE]] if one.cause else []
    told += [f"→ {article.answer[:LINE]}"] if article is not None else []
    return join_lines(*map(RichText, told))


def article_of(turn: Turn, one: KnownError | None) -> ArticleRow | None:
    """Return the article that was written of what helps, whether or not it answers now."""
    if one is None or one.article_id is None:
        return None
    return next(iter(turn.tx.articles.of([one.article_id])), None)


def workaround_of(turn: Turn, one: KnownError | None) -> ArticleRow | None:
    """Return the article that says what helps, if it answers."""
    article = article_of(turn, one)
    return article if article is not None and article.live else None


@on.press(presses.ShowKnown, role=Role.AGENT, act="known")
def show_pressed(turn: Turn) -> None:
    """One of the list is shown whole."""
    show_known_error(turn, turn.tx.tickets.get(turn.pressed(presses.ShowKnown).ticket))


def show_known_error(turn: Turn, ticket: Ticket) -> None:
    """Show what is known of a problem, with a way to change it; where nothing is, ask for it."""
    one = turn.tx.known_errors.of(ticket.id)
    if one is None:
        ask_what_is_known(turn, ticket)
        return
    article = workaround_of(turn, one)
    told: list[Part] = [RichText(ticket.summary)]
    told += [phrase("known.of_cause", cause=one.cause)] if one.cause else []
    told += [phrase("known.answers" if article else "known.no_answer")]
    told += [RichText(article.answer)] if article is not None else []
    change = [presses.ChangeKnown(ticket.id).button(phrase("rules.edit"))] if ticket.active else []
    turn.say(*told, title=phrase("known.of", ticket=ticket.id), buttons=button_row(*change) if change else ())


@on.press(presses.ChangeKnown, role=Role.AGENT, act="known")
def change_pressed(turn: Turn) -> None:
    """What is known of a problem is changed."""
    ask_what_is_known(turn, turn.tx.tickets.get(turn.pressed(presses.ChangeKnown).ticket))


def ask_what_is_known(turn: Turn, ticket: Ticket) -> None:
    """Open the form of a known error, with what is known of it."""
    must_be_open(turn, ticket)
    one = turn.tx.known_errors.of(ticket.id)
    article = article_of(turn, one)
    answers = {"cause": one.cause} if one is not None else {}
    answers |= {"question": article.question, "workaround": article.answer} if article is not None else {}
    writes = turn.person.may(permissions.role_needed_for(turn, "faq edit" if article is not None else "faq add"))
    form = FORM if writes else replace(FORM, fields=FORM.fields[:1], review=False)
    form_dialog.open_form(continue_in_private(turn), form, answers=answers, about=DraftFacts(ticket=ticket.id))


def must_be_open(turn: Turn, ticket: Ticket) -> Ticket:
    """Return a problem that is worked on, and that the actor may work on."""
    permissions.must_work_on(turn, ticket)
    if ticket.merged_into is not None:
        raise Refused("merged", ticket=ticket.id, into=ticket.merged_into)
    if not ticket.active:
        raise Refused("link_over", ticket=ticket.id)
    return ticket


@on.submit("known", role=Role.AGENT)
def keep(turn: Turn) -> None:
    """It is known from now on: the workaround answers whoever asks, the cause is the team's."""
    ticket, given = must_be_open(turn, turn.tx.tickets.get(of_draft(turn.event.about.ticket))), turn.event.answers
    cause, workaround = str(given.get("cause") or "").strip(), str(given.get("workaround") or "").strip()
    was = turn.tx.known_errors.of(ticket.id)
    article = article_of(turn, was)
    if "workaround" in given:  # else the cause alone was asked for
        question = " ".join(str(given.get("question") or ticket.summary).split())
        article = keep_workaround(turn, ticket, article, question, workaround)
    number = article.id if article is not None else None
    turn.tx.known_errors.keep(ticket.id, cause, number, by=turn.person.id, at=turn.now)
    said = phrase("known.kept", name=turn.person.name, cause=cause or "—")
    answers: list[Part] = [phrase("known.answers" if article is not None else "known.no_answer")]
    answers += [RichText(article.answer)] if article is not None else []
    relay.in_threads(turn, ticket.id, said, *answers)
    cards.refresh_cards(turn, ticket)
    turn.say(phrase("known.done", ticket=ticket.id), *answers)


def keep_workaround(
    turn: Turn, ticket: Ticket, was: ArticleRow | None, question: str, workaround: str
) -> ArticleRow | None:
    """Write the article of a workaround, change it, or take it away; return it as it is now. Who does so may write answers."""
    if not workaround:
        if was is not None:
            permissions.must_may(turn, "faq delete")
            turn.tx.articles.remove(was.id, by=turn.person.id, at=turn.now)
            turn.audit(Deed.ARTICLE_DELETED, article=was.id)
        return None
    if was is not None and (was.question, was.answer, was.enabled) == (question, workaround, True):
        return was
    permissions.must_may(turn, "faq add" if was is None else "faq edit")
    language, number = (ticket.language, None) if was is None else (was.language, was.id)
    validation.check_phrasings(turn, [question], number, language, workaround)
    values: dict[str, Any] = {"question": question, "answer": workaround, "enabled": True}
    if was is None:
        article = turn.tx.articles.add(by=turn.person.id, at=turn.now, language=language, **values)
    else:
        article = turn.tx.articles.change(was.id, "edit", by=turn.person.id, at=turn.now, **values)
    turn.audit(Deed.ARTICLE_ADDED if was is None else Deed.ARTICLE_EDITED, article=article.id)
    return article


def known_line(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say on the card of a problem, of which others come, what its cause is."""
    one = turn.tx.known_errors.of(ticket.id) if turn.tx.related.linked(ticket.id) else None
    return [phrase("known.of_cause", cause=one.cause)] if one is not None and one.cause else []
