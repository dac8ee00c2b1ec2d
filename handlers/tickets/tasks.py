"""Tasks: parts of a request that others of the team do, each a request of the team's own; what the request shows of them."""

from collections.abc import Sequence
from datetime import datetime

from handlers.tickets import notifications
from handlers.turns.turn import Turn
from handlers.vocabulary.forms import Form
from handlers.vocabulary.messages import Message, Part, RichText, join_lines, phrase
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator
from storage.lifecycle import Refused
from storage.people.people import Person
from storage.tickets.tickets import Change, Ticket

MOST = 30  # of one request
SHOWN = 8  # on its card, the open ones first
FORM = Form("task", {"": "task.type"}, ())
DONE, OPEN = "☑", "☐"


def new_task(
    turn: Turn, parent: Ticket, summary: str, asker: Person, *, group: str | None, due: datetime | None
) -> Ticket:
    """Register a task of a request for one of the team; what makes it known is the caller's.

    Refused as ``must_take_tasks`` says.
    """
    must_take_tasks(turn, parent)
    title = {language: Translator().say(phrase("task.type"), Locale(language)) for language in LANGUAGES}
    return turn.tx.tickets.add(
        requester_id=asker.id,
        account_id=asker.account_id,
        request_type_id=turn.tx.requests.task_type(title),
        form_id=turn.tx.requests.form_id(FORM.name, FORM.digest, FORM.dump(), turn.now),
        summary=summary,
        answers={},
        priority=parent.priority,
        language=turn.rules.team_language or turn.reader(asker).language,
        previous_id=None,
        group_name=group,
        form_card=None,
        company_id=parent.company_id,
        first_response_due=None,
        resolution_due=due,
        task_of=parent.id,
        at=turn.now,
    )


def must_take_tasks(turn: Turn, parent: Ticket) -> None:
    """Refuse tasks of a task, of what is over, and more of them than anybody keeps in mind."""
    if parent.task_of is not None:
        raise Refused("task_of_task", ticket=parent.id, parent=parent.task_of)
    if not parent.active:
        raise Refused("over", ticket=parent.id)
    if len(turn.tx.related.tasks(parent.id)) >= MOST:
        raise Refused("many_tasks", ticket=parent.id, most=MOST)


def open_tasks(turn: Turn, parent: Ticket) -> list[Ticket]:
    """Return the tasks of a request that are not done."""
    return [task for task in turn.tx.related.tasks(parent.id) if task.active]


def task_lines(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say on a card of which request it is a part, or which parts it has: the open ones first."""
    if ticket.task_of is not None:
        return [phrase("card.task_of", ticket=ticket.task_of)]
    found = turn.tx.related.tasks(ticket.id) if ticket.merged_into is None else []
    if not found:
        return []
    done = sum(not task.active for task in found)
    ordered = sorted(found, key=lambda task: (not task.active, task.id))
    lines = [task_line(turn, task, reader) for task in ordered[:SHOWN]]
    return [phrase("card.tasks", done=done, all=len(found)), join_lines(*lines)]


def task_line(turn: Turn, task: Ticket, reader: Locale) -> RichText:
    """Return a task as a line: whether it is done, its number, what it is, whose."""
    group = turn.rules.groups.get(task.group_name or "")
    whose = turn.tx.tickets.name(task.agent_id) if task.agent_id is not None else ""
    by = whose or (turn.text(group.title, reader) if group else "")
    return RichText(f"{OPEN if task.active else DONE} #{task.id} {task.summary}{f' · {by}' if by else ''}")


def tell_parent(turn: Turn, change: Change) -> None:
    """Say in the thread of a request that a task of it is done, or is to be done after all; whoever has the request is called."""
    was, now = change.was, change.now
    if now.task_of is None or was.active == now.active:
        return
    parent = turn.tx.related.heir(turn.tx.tickets.get(now.task_of))
    name = turn.tx.tickets.name(change.by) if change.by is not None else phrase("notice.desk")
    said = phrase("task.again" if now.active else "task.done", ticket=now.id, summary=now.summary, name=name)
    threads = [one for one in turn.channels_of(parent) if turn.tx.talk.thread(parent.id, one.id)]
    called = (
        notifications.agent_mention(turn, parent, parent.agent_id, threads) if parent.agent_id is not None else None
    )
    for channel in threads:
        words = [called.words] if called is not None and called.channel == channel.id else []
        message = Message((said, *words), silent=turn.event.late)
        turn.send(turn.where(channel, parent.id), turn.reading(channel), message, ticket=parent.id)
