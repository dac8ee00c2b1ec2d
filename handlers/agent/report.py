"""``/report``: what came, went and waits, how soon people were answered and how they liked it; by buttons and by words."""

from datetime import date

from handlers.reports.asked import AskedReport, dump_asked_report
from handlers.reports.kinds import ReportKind
from handlers.reports.report import period_text
from handlers.tickets import queue_filter
from handlers.tickets.filter_words import catalogue_text, normalized_word, word_means
from handlers.turns import naming, recent_queries
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deferred import ReportArgs, WhyArgs, deferred_attachment
from handlers.vocabulary.messages import Button, File, button_row, phrase
from handlers.vocabulary.periods import Period, read_period
from handlers.vocabulary.translations import LANGUAGES, Locale
from storage.lifecycle import Refused
from storage.models import Role, StateKind
from storage.people.people import Person

on = Routes()

PERIODS = {  # what a button says, and the days it means
    "today": "today",
    "yesterday": "yesterday",
    "week": "week",
    "last_week": "last week",
    "month": "month",
    "last_month": "last month",
}
MIME = {
    "png": "image/png",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
OF_AGENTS = (ReportKind.AGENTS, ReportKind.TIME, ReportKind.RATINGS)  # what may be asked about somebody's work alone


@on.command("report", role=Role.AGENT)
def report(turn: Turn) -> None:
    """A report, by words or by buttons: /report, /report last month billing, /report agents 01.10–31.10 @anna."""
    words = " ".join(naming.command_value(turn).split())
    if not words:
        turn.say(phrase("report.which"), buttons=report_kind_buttons(turn))
        return
    first, _, rest = words.partition(" ")
    if word_means(first, "why"):
        if rest and number_in(rest) is None:
            open_report(turn, read_asked_report(turn, *kind_in(rest), turn.person.id))
        else:
            explain_ticket_figures(turn, rest)
        return
    kind, rest = kind_in(words)
    show_report(turn, kind, rest, turn.person.id)


def explain_ticket_figures(turn: Turn, word: str) -> None:
    """Open a request into the stretches of time that its figures are made of: /report why 42."""
    number = number_in(word)
    if number is None:
        raise Refused("usage", usage="/report why 42")
    ticket, reader = turn.tx.tickets.get(number), turn.here[1]
    args: WhyArgs = {"ticket": ticket.id, "language": reader.language, "zone": turn.rules.zone}
    file = deferred_attachment("document", f"why-{ticket.id}.txt", MIME["txt"], "why", args)
    turn.say(files=(file,), ticket=ticket.id)


def open_report(turn: Turn, asked: AskedReport) -> None:
    """Tell what each figure of a report is made of: /report why last month @anna."""
    turn.say(files=(file_of(turn, asked, "xlsx", turn.here[1], producer="opened"),))


def kind_in(words: str) -> tuple[ReportKind, str]:
    """Return the kind of report that some words begin with or end with, the overview where they name none, and the rest."""
    known = {
        normalized_word(word): kind
        for kind in ReportKind
        for language in LANGUAGES
        for word in (kind.value, *catalogue_text(phrase(f"report_kind_word.{kind}"), language).split(","))
    }
    left = words.split()
    for at in (0, -1) if left else ():
        if normalized_word(left[at]) in known:
            return known[normalized_word(left.pop(at))], " ".join(left)
    return ReportKind.OVERVIEW, words


def read_asked_report(turn: Turn, kind: ReportKind, words: str, asker: int) -> AskedReport:
    """Return the report that is meant: its days (today where none are named), its requests, and whose work may be seen."""
    return asked_by(turn, kind, words, None, turn.here[1].language, turn.person, me=asker)


def asked_by(
    turn: Turn,
    kind: ReportKind,
    words: str,
    period: Period | None,
    language: str,
    reader: Person | None,
    *,
    me: int | None = None,
) -> AskedReport:
    """Return the report that some words ask for; ``reader`` None is the whole team."""
    mine = me if me is not None else (reader.id if reader is not None else 0)
    meant, named = queue_filter.read_dated(turn, words, me=mine)
    days = period or named or named_period(turn, "today")
    told = naming.with_names_shown(turn, " ".join(without_days(turn, words)))
    agents = visible_agent_ids(turn, reader) if reader is not None else ()
    return AskedReport(kind, days.first, days.end, turn.rules.zone, language, meant, agents, said=told)


def named_period(turn: Turn, words: str) -> Period:
    """Return the stretch of days that one of our own words names."""
    found = read_period(words.split(), turn.now, turn.rules.zone)
    assert found is not None, words
    return found[0]


def visible_agent_ids(turn: Turn, reader: Person) -> tuple[int, ...]:
    """Return whose work somebody may see, as the rules have it; nobody named is everybody's."""
    if reader.may(Role.SENIOR) or turn.rules.reports == "all":
        return ()
    if turn.rules.reports == "own":
        return (reader.id,)
    ours = [group for group in turn.rules.groups.values() if belongs_to_group(turn, reader.id, group.members)]
    mates = {one.id for one in turn.tx.people.team() for group in ours if belongs_to_group(turn, one.id, group.members)}
    return tuple(sorted({reader.id, *mates}))


def belongs_to_group(turn: Turn, person: int, members: object) -> bool:
    """Return whether a group names one of a person's accounts."""
    assert isinstance(members, list | tuple | set | frozenset)
    return any(account in members for account in turn.tx.people.accounts(person))


# Buttons


def report_kind_buttons(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    """Return every kind of report as a button, two in a row."""
    buttons = [presses.ChooseReport(kind.value).button(phrase(f"report_kind.{kind}")) for kind in ReportKind]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


@on.press(presses.ChooseReport, role=Role.AGENT, act="report")
def chosen(turn: Turn) -> None:
    """What it is to be about was chosen: now the days."""
    kind = known_kind(turn.pressed(presses.ChooseReport).kind)
    buttons = [
        presses.ChooseDays(kind.value, number).button(phrase(f"report_days.{name}"))
        for number, name in enumerate(PERIODS)
    ]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    shown = turn.shown.outgoing_id if turn.shown else None
    said_ = phrase("report.when", usage="/report 01.10–31.10")
    turn.say(said_, title=phrase(f"report_kind.{kind}"), buttons=rows, edits=shown)


def known_kind(word: str) -> ReportKind:
    """Return the kind a button names; one of another version is refused."""
    if word not in set(ReportKind):
        raise Refused("expired")
    return ReportKind(word)


@on.press(presses.ChooseDays, role=Role.AGENT, act="report")
def days_chosen(turn: Turn) -> None:
    """The days were chosen: the report comes."""
    pressed = turn.pressed(presses.ChooseDays)
    if pressed.days >= len(PERIODS):
        raise Refused("expired")
    show_report(turn, known_kind(pressed.kind), list(PERIODS.values())[pressed.days], turn.person.id)


@on.press(presses.ReportAs, role=Role.AGENT, act="report")
def again(turn: Turn) -> None:
    """The same report as text, as a workbook or as CSV, or of the days before or after."""
    pressed = turn.pressed(presses.ReportAs)
    asker, words = recent_queries.recall_query(turn, StateKind.REPORT, pressed.query)
    asked = recalled_report(turn, words, asker)
    if pressed.way in MIME:
        send_report(turn, asked, pressed.way)
        return
    if pressed.way == "why":
        open_report(turn, asked)
        return
    moved = asked.period.before() if pressed.way == "prev" else next_period(asked.period)
    kind, _, *filters = words.split(" ", 2)
    show_report(turn, known_kind(kind), " ".join([f"{moved.first}..{moved.last}", *filters]), asker)


def next_period(period: Period) -> Period:
    """Return the stretch of days that follows."""
    if period.first.day == period.end.day == 1:
        months = (period.end.year - period.first.year) * 12 + period.end.month - period.first.month
        number = period.end.year * 12 + period.end.month - 1 + months
        return Period(period.end, date(number // 12, number % 12 + 1, 1), period.zone)
    return Period(period.end, period.end + (period.end - period.first), period.zone)


def recalled_report(turn: Turn, words: str, asker: int) -> AskedReport:
    """Return a report that was shown, as whoever presses now may see it."""
    kind, _, rest = words.partition(" ")
    return read_asked_report(turn, known_kind(kind), rest, asker)


def show_report(turn: Turn, kind: ReportKind, words: str, asker: int) -> None:
    """Show a report as a picture, with the ways on from it."""
    asked = read_asked_report(turn, kind, words, asker)
    filters = " ".join(without_days(turn, words))
    kept = f"{asked.kind} {asked.first}..{asked.period.last} {filters}".strip()
    token = recent_queries.remember_query(turn, StateKind.REPORT, kept)
    ways = (
        *button_row(
            presses.ReportAs("txt", token).button(phrase("report_as.txt")),
            presses.ReportAs("xlsx", token).button("XLSX"),
        ),
        *button_row(*(presses.ReportAs(way, token).button(phrase(f"report_as.{way}")) for way in ("prev", "next"))),
        *button_row(presses.ReportAs("why", token).button(phrase("report_as.why"))),
    )
    send_report(turn, asked, "png", buttons=ways)


def without_days(turn: Turn, words: str) -> list[str]:
    """Return the words of a report's filter without those that name its days, so that others may stand in their place."""
    left, kept = words.split(), list[str]()
    while left:
        found = None if kept and is_date_filter_word(kept[-1]) else read_period(left, turn.now, turn.rules.zone)
        if found is None:
            kept.append(left.pop(0))
        else:
            left = left[found[1] :]
    return kept


def is_date_filter_word(word: str) -> bool:
    """Return whether the days after a word are no report's own: created, resolved, since."""
    return any(
        word_means(word, name) for name in ("created", "ended", "talked", "since", "before", "older", "newer", "than")
    )


def send_report(turn: Turn, asked: AskedReport, ending: str, buttons: tuple[tuple[Button, ...], ...] = ()) -> None:
    """Promise a report; it is counted and drawn beside the writer."""
    reader = turn.here[1]
    file = file_of(turn, asked, ending, reader)
    title = phrase(f"report_kind.{asked.kind}")
    told = phrase("report.of", days=period_text(asked.period, reader))
    turn.say(told, title="" if ending == "txt" else title, files=(file,), buttons=buttons)


def file_of(turn: Turn, asked: AskedReport, ending: str, reader: Locale, *, producer: str = "report") -> File:
    """Return a report as a file that is made when it is delivered."""
    name = f"{'' if producer == 'report' else 'why-'}{asked.kind}-{asked.first}.{ending}"
    args: ReportArgs = {"asked": dump_asked_report(asked), "language": reader.language, "zone": asked.zone}
    waiting = turn.text(phrase("report.waiting", percent="{percent}"), reader)
    kind = "photo" if ending == "png" else "document"
    return deferred_attachment(kind, name, MIME[ending], producer, args, waiting=waiting)
