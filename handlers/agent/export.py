"""Any list as a file: what the queue or the search shows, with the columns that were chosen or all of them."""

from handlers.tickets import queue_filter
from handlers.turns import naming, permissions, recent_queries
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.deferred import ListArgs, deferred_attachment
from handlers.vocabulary.filters import FILTER
from handlers.vocabulary.messages import Phrase, RichText, button_row, phrase
from storage.lifecycle import Refused
from storage.models import Role, StateKind
from storage.tickets.queue import Filter

on = Routes()

FORMATS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
USAGE = "/export · /export csv · /export xlsx closed created last month"
KINDS = {"queue": StateKind.QUEUE, "find": StateKind.FIND}


@on.press(presses.ExportList, role=Role.AGENT, act="export")
def from_queue(turn: Turn) -> None:
    """The list of the queue asks what kind of file it is to be."""
    offer_file_formats(turn, "queue", turn.pressed(presses.ExportList).query)


@on.press(presses.ExportFound, role=Role.AGENT, act="export")
def from_search(turn: Turn) -> None:
    """What was found asks what kind of file it is to be."""
    offer_file_formats(turn, "find", turn.pressed(presses.ExportFound).query)


def offer_file_formats(turn: Turn, where: str, token: str) -> None:
    """Offer the kinds of file, below the list that stays as it is."""
    _, asked = recent_queries.recall_query(turn, KINDS[where], token)
    choices = (presses.ExportAs(ending, where, token).button(ending.upper()) for ending in FORMATS)
    turn.say(phrase("export.what"), RichText(naming.with_names_shown(turn, asked)), buttons=button_row(*choices))


@on.press(presses.ExportAs, role=Role.AGENT, act="export")
def chosen(turn: Turn) -> None:
    """A list becomes a file of the kind that was pressed."""
    pressed = turn.pressed(presses.ExportAs)
    asker, asked = recent_queries.recall_query(turn, KINDS[pressed.of], pressed.query)
    send_export_file(turn, list_filter(turn, pressed.of, asked, asker), pressed.ending, asked)


@on.command("export", role=Role.AGENT)
def export(turn: Turn) -> None:
    """A list as a file: the one looked at last, or the one that is named: /export xlsx closed created last month."""
    export_latest(turn, naming.command_value(turn))


def export_latest(turn: Turn, said: str) -> None:
    """Send the list that is named, or the one looked at last; the kind of file may stand before it."""
    permissions.must_may(turn, "export")
    words = said.split()
    ending = words.pop(0).lower() if words and words[0].lower() in FORMATS else "xlsx"
    asked = " ".join(words) if words else recent_queries.latest_query(turn, StateKind.QUEUE)
    if asked is None:
        raise Refused("usage", usage=USAGE)
    send_export_file(turn, list_filter(turn, "queue", asked, turn.person.id), ending, asked)


def list_filter(turn: Turn, where: str, asked: str, asker: int) -> Filter:
    """Return which tickets a list shows."""
    if where == "find":
        return queue_filter.read_search(turn, asked, me=asker)
    return queue_filter.parse_filter(turn, asked, me=asker)


def send_export_file(turn: Turn, meant: Filter, ending: str, asked: str) -> None:
    """Promise the file: it is made beside the writer, and comes when it is ready."""
    reader = turn.here[1]
    turn.audit(Deed.LIST_EXPORTED, ending=ending, columns=list(meant.columns))
    args: ListArgs = {
        "filter": FILTER.dump_python(meant, mode="json"),
        "language": reader.language,
        "zone": turn.rules.zone,
    }
    name = f"requests-{turn.now:%Y-%m-%d}.{ending}"
    waiting = turn.text(phrase("export.waiting", name=name, percent="{percent}"), reader)
    file = deferred_attachment("document", name, FORMATS[ending], "list", args, waiting=waiting)
    turn.say(export_title(asked), *([RichText(naming.with_names_shown(turn, asked))] if asked else []), files=(file,))


def export_title(asked: str) -> Phrase:
    """Return what is said with a list's file."""
    return phrase("export.here" if asked else "export.queue")
