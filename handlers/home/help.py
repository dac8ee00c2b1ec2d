"""Help by what one is doing: a few commands that fit here and now, and behind *More* all there are."""

from collections.abc import Sequence

from handlers.requester import own_requests
from handlers.turns import form_view
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.forms import load_form
from handlers.vocabulary.messages import Part, Phrase, button_row, phrase
from storage.models import Role

on = Routes()

Told = tuple[Phrase, Sequence[str]]  # what one is doing, and the commands that fit


@on.command("help")
def help_(turn: Turn) -> None:
    """What fits what the person is doing, five lines; ``/help faq`` is what is about that, ``/help all`` is all they may use."""
    word = turn.event.value.strip().lstrip("/!").casefold()
    if word in ALL:
        show_all_commands(turn)
        return
    if word and (found := commands_about(turn, word)):
        turn.whisper(phrase("help.of", word=word), *command_lines(turn, found))
        return
    title, names = help_for_situation(turn)
    if word:
        title = phrase("help.none", word=word)
    draft = turn.tx.drafts.at(turn.person.id, turn.here[0].lane) if turn.channel is None else None
    going = [presses.ResumeDraft(draft.id).button(phrase("help.resume"))] if draft is not None else []
    turn.whisper(
        title, *command_lines(turn, names), buttons=button_row(*going, presses.AllHelp().button(phrase("button.more")))
    )


@on.press(presses.AllHelp)
def more(turn: Turn) -> None:
    """Every command there is for the person: where only they read."""
    alone = turn.event.private or turn.can(turn.event.source).whispers or not turn.person.chat
    show_all_commands(turn if alone else continue_in_private(turn, "private.answered"))


def commands_about(turn: Turn, word: str) -> list[str]:
    """Return the commands the person may use that are called by a word, or else those whose help says it."""
    routes = turn.contents.router.commands(turn.person.role)
    called = [route.name for route in routes if word in (route.name, route.name.split()[0])]
    reader = turn.reader(turn.person)
    return called or [route.name for route in routes if word in turn.text(phrase(route.help), reader).casefold()]


def show_all_commands(turn: Turn) -> None:
    """Name every command the person may use, one a line."""
    names = [route.name for route in turn.contents.router.commands(turn.person.role)]
    shown = turn.shown.outgoing_id if turn.event.interaction and turn.event.private and turn.shown else None
    if shown is not None:
        turn.say(phrase("help.title"), *command_lines(turn, names), edits=shown)
    else:
        turn.whisper(phrase("help.title"), *command_lines(turn, names))


def help_for_situation(turn: Turn) -> Told:
    """Return what the person is doing where they ask, and the commands for it."""
    if turn.channel is not None:
        return in_thread(turn, turn.number) if turn.number is not None else (phrase("doing.queue"), QUEUE)
    draft = turn.tx.drafts.at(turn.person.id, turn.here[0].lane)
    if draft is not None:
        form = load_form(turn.tx.requests.form(draft.form_id))
        title = form_view.label_text(form.title, turn.here[1], turn)
        return phrase("doing.form", form=title), ("cancel", "new", "my")
    if turn.person.may(Role.ADMIN):
        return phrase("doing.admin"), ADMIN
    if turn.person.may(Role.AGENT):
        return phrase("doing.agent"), AGENT
    active = next((view for view in own_requests.own_page(turn, 5) if view.active), None)
    if active is not None:
        return phrase("doing.talking", ticket=active.number), ("status", "new", "my", "faq", "language")
    return phrase("doing.asking"), ("new", "my", "faq", "language", "privacy")


ALL = ("all", "усе", "все", "всі", "всё")
QUEUE = ("queue", "claim", "mine", "find", "new")
ADMIN = ("settings", "faq add", "faq gaps", "role", "report")
AGENT = ("mine", "queue", "find", "away", "notify")


def in_thread(turn: Turn, number: int) -> Told:
    """Return what fits a request's thread: taking it, talking on it, or taking it up again."""
    ticket = turn.tx.tickets.get(number)
    if not ticket.active:
        return phrase("doing.over", ticket=number), ("reopen", "note", "history")
    if ticket.agent_id is None:
        return phrase("doing.free", ticket=number), ("claim", "r", "note", "assign", "resolve")
    return phrase("doing.thread", ticket=number), ("r", "r?", "note", "resolve", "assign")


def command_lines(turn: Turn, names: Sequence[str]) -> list[Part]:
    """Return commands with what they do, one a line; those that the person may not use are left out."""
    routes = {route.name: route for route in turn.contents.router.commands(turn.person.role)}
    found = (routes[name] for name in names if name in routes)
    return [phrase("help.line", command=route.name, what=phrase(route.help)) for route in found]
