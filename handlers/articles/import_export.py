"""Answers to and from files, in chat: what a file would do is shown first, done once somebody says yes, and undone as one."""

import json
import secrets
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.turns import confirmations, permissions
from handlers.turns.awaited_file import await_file
from handlers.turns.progress import asked_by, tell_progress
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.deferred import ReaderArgs, deferred_attachment
from handlers.vocabulary.fetches import SHOW, TAKE, ArticlesFile, ArticlesRead
from handlers.vocabulary.messages import (
    RENDERED_MESSAGE,
    Operation,
    Part,
    Phrase,
    RenderedMessage,
    RichText,
    button_column,
    button_row,
    phrase,
)
from handlers.vocabulary.stored_text import FILES, files_of
from handlers.vocabulary.translations import NAMES
from kb.files.charset import CHARSETS
from kb.files.validation import Problem
from storage.desk.articles_import import NOTHING_TAKEN, forget_import, taken_by, undo_part
from storage.lifecycle import Refused
from storage.models import Role

on = Routes()

FORMATS = {"yaml": "text/yaml", "csv": "text/csv", "md": "text/markdown"}
TOLD = 10  # problems told at once
COLUMNS = 12  # of a table that are offered to choose from
PARTS = ("question", "answer", "aliases", "keywords", "section", "language")
ASKED = ("question", "answer")  # fields whose column somebody is asked for
BEGINS = 160  # letters of a sample's answer
UNDONE = 10  # articles of one turn when an import is taken back


@on.command("faq export", role=Role.ADMIN)
def export(turn: Turn) -> None:
    """All answers as a file: /faq export, /faq export csv."""
    ending = turn.event.value.strip().lower() or "yaml"
    if ending not in FORMATS:
        raise Refused("usage", usage="/faq export yaml|csv|md")
    if not (known := turn.tx.articles.page(limit=1, every=True)[1]):
        turn.say(phrase("faq.none"))
        return
    turn.audit(Deed.ARTICLES_EXPORTED)
    reader = turn.here[1]
    args: ReaderArgs = {"language": reader.language, "zone": reader.zone}
    file = deferred_attachment("document", f"answers.{ending}", FORMATS[ending], "articles", args)
    turn.say(phrase("faq.exported", n=known), files=(file,))


@on.press(presses.ImportArticles, role=Role.ADMIN, act="faq import")
@on.command("faq import", role=Role.ADMIN)
def import_(turn: Turn) -> None:
    """Answers from a file: send it with /faq import as its caption."""
    file = next((file for file in turn.event.files if file.kind == "document"), None)
    if file is None:
        await_file(turn, "faq import")
        return
    again, language = FILES.dump_python((file,), mode="json"), turn.reader(turn.person).language
    enqueue_file_fetch(turn, ArticlesFile(turn.person.account_id, again, language=language))
    turn.say(phrase("faq.importing", name=file.name))


def enqueue_file_fetch(turn: Turn, sent: ArticlesFile) -> None:
    """Promise that a file is brought, and what it would do to the articles or, where that is agreed, what it did."""
    (file,) = files_of(sent.again)
    payload = RENDERED_MESSAGE.dump_json(
        RenderedMessage(files=(file,), facts=sent.dump()), exclude_defaults=True
    ).decode()
    turn.promise(turn.here[0], {"operation": Operation.FETCH, "payload": payload})


# What a file would do


@on.fetched(SHOW, role=Role.ADMIN, act="faq import")
def imported(turn: Turn) -> None:
    """The file was read: what it would do is shown, or why it cannot be taken."""
    preview_import(turn, answer_of(turn))


def answer_of(turn: Turn) -> ArticlesRead:
    """Return what was read of the file that was asked for."""
    fetched = turn.event.fetched
    assert fetched is not None
    read: ArticlesRead = json.loads(b64decode(fetched.content))
    return read


def preview_import(turn: Turn, read: ArticlesRead) -> None:
    """Show what a file would do, with a button that does it; ask where it is not sure how the file is meant."""
    problems = [Problem(*problem) for problem in read["problems"]]
    sent = turn.fetched_for(ArticlesFile)
    refused = import_problem_lines(problems, read["wrong"])
    if "added" not in read:
        ask_how(turn, sent, read, problems, refused)
        return
    if not read["added"] + read["changed"] and not problems:
        turn.say(phrase("faq.nothing_new", n=read["same"]), *import_conflict_lines(read))
        return
    if not read["added"] + read["changed"]:
        turn.say(*refused, *import_conflict_lines(read))
        return
    meant = replace(sent, then=TAKE, revision=read["revision"], rest=bool(problems), headings=read["headings"] or ())
    told = (
        *refused,
        *import_count_lines(read),
        *sample_article_lines(read),
        *import_conflict_lines(read),
        *file_reading_lines(read),
    )
    (file,) = files_of(sent.again)
    confirmations.show_proposal(
        turn,
        "faq_import",
        meant.dump(),
        *told,
        title=phrase("faq.preview", name=file.name),
        command="faq import",
        label=phrase("faq.take_rest" if problems else "faq.take", n=read["added"] + read["changed"]),
        more=lambda token: (
            (button_row(presses.ImportColumns(token).button(phrase("faq.other_columns")))) if read["headings"] else ()
        ),
    )


def import_problem_lines(problems: Sequence[Problem], wrong: int) -> tuple[Part, ...]:
    """Return why something of a file is not taken."""
    if not problems:
        return ()
    more = (phrase("faq.more_problems", n=wrong - TOLD),) if wrong > TOLD else ()
    return (phrase("faq.refused", n=wrong), *map(problem_phrase, problems[:TOLD]), *more)


def import_count_lines(read: ArticlesRead) -> tuple[Part, ...]:
    """Return how many articles are new, changed, as they were, and not spoken of."""
    counts = {name: read[name] for name in ("added", "changed", "same", "alone")}
    tied = (phrase("faq.tied", n=read["tied"]),) if read.get("tied") else ()
    return (phrase("faq.counts", **counts), *tied)


def sample_article_lines(read: ArticlesRead) -> list[Part]:
    """Return some of the new and of the changed articles, as they would be."""
    lines: list[Part] = []
    for question, answer, section, language in read["new"]:
        about = " · ".join(filter(None, (section, NAMES.get(language, language))))
        begins = " ".join(answer.split())
        lines.append(RichText(f"+ {question} ({about})\n   {begins[:BEGINS]}{'…' if len(begins) > BEGINS else ''}"))
    for number, question, parts in read["edited"]:
        names = [phrase(f"part.{name}") for name in parts]
        lines.append(phrase("faq.edited", article=number, question=question, parts=names))
    return lines


def import_conflict_lines(read: ArticlesRead) -> list[Part]:
    """Return where file and desk disagree, and what of the file is no article."""
    lines: list[Part] = []
    for said, count, some in (
        ("faq.clashes", read["clashing"], read["clashes"]),
        ("faq.left_out", read["leaving"], read["left_out"]),
    ):
        if count:
            lines.append(phrase(said, n=count))
            lines += [problem_phrase(Problem(*one)) for one in some]
    return lines


def file_reading_lines(read: ArticlesRead) -> list[Part]:
    """Return how the file was read, where somebody may want it otherwise."""
    lines: list[Part] = []
    columns = [
        phrase("faq.column", part=phrase(f"part.{name}"), language=f" {language}" if language else "", column=place)
        for (name, _, language), place in ((key.partition(" "), place) for key, place in read["columns"].items())
        if name in PARTS
    ]
    if columns:
        lines.append(phrase("faq.columns", columns=columns))
    if read["unsure"]:
        lines.append(phrase("faq.columns_guessed"))
    if read["charset"] not in ("", "utf-8"):
        lines.append(phrase("faq.charset", charset=read["charset"]))
    return lines


def problem_phrase(problem: Problem) -> Phrase:
    """Return what is wrong with a line of a file, in the reader's words."""
    facts = dict(problem.facts)
    file, there, there_file = (facts.pop(name, "") for name in ("file", "there", "there_file"))
    where: str | Phrase = ""
    if there:
        where = phrase("problem.where_of" if there_file else "problem.where", line=there, file=there_file)
    facts.pop("where", "")
    why = phrase(f"problem.{problem.reason}", where=where, **facts)
    if problem.line and file:
        return phrase("problem.line_of", line=problem.line, file=file, why=why)
    return phrase("problem.line", line=problem.line, why=why) if problem.line else why


# What is asked of it


def ask_how(turn: Turn, sent: ArticlesFile, read: ArticlesRead, problems: Sequence[Problem],
            refused: Sequence[Part]) -> None:  # fmt: skip
    """Ask what nobody can know but whoever sent the file: its columns, or its charset; else say why it is refused."""
    asked = replace(sent, then=SHOW, headings=read.get("headings") or ())
    if asked.headings and read.get("unsure"):
        which_column(turn, asked, ASKED[0])
    elif any(problem.reason in ("unsure_charset", "bad_letter") for problem in problems):
        token = remember_import(turn, asked)
        names = button_column(
            *(presses.ImportCharset(token, at).button(name.upper()) for at, name in enumerate(CHARSETS))
        )
        turn.say(*refused, phrase("faq.which_charset"), buttons=names)
    else:
        turn.say(*refused)


def remember_import(turn: Turn, asked: ArticlesFile) -> str:
    """Remember what is asked about a file, and return the token that its buttons carry."""
    return confirmations.remember_proposal(turn, "faq_import", asked.dump(), command="faq import")


@on.press(presses.ImportColumns, role=Role.ADMIN, act="faq import")
def other_columns(turn: Turn) -> None:
    """The table was read otherwise than it is meant: its columns are asked for, one after another."""
    sent = asked_about(turn, turn.pressed(presses.ImportColumns).token)
    which_column(turn, replace(sent, then=SHOW, columns={}), ASKED[0])


def asked_about(turn: Turn, token: str) -> ArticlesFile:
    """Return the file that somebody was asked about; refuse a question that is over."""
    return ArticlesFile.read(confirmations.pending_of(turn, token)["facts"])


def which_column(turn: Turn, sent: ArticlesFile, field: str) -> None:
    """Ask which column holds the questions, or the answers."""
    token = remember_import(turn, sent)
    headings = sent.headings[:COLUMNS]
    buttons = button_column(
        *(
            presses.ImportColumn(token, field, at).button(f"{place} {begins}"[:60])
            for at, (place, begins) in enumerate(headings)
        )
    )
    turn.say(phrase(f"which_column.{field}"), buttons=buttons)


@on.press(presses.ImportColumn, role=Role.ADMIN, act="faq import")
def column_chosen(turn: Turn) -> None:
    """A column is chosen: the next one is asked for, or the file is read again as it is meant."""
    pressed = turn.pressed(presses.ImportColumn)
    sent = asked_about(turn, pressed.token)
    chosen = replace(sent, columns={**sent.columns, pressed.field: pressed.place})
    if pressed.field == ASKED[0]:
        which_column(turn, chosen, ASKED[1])
    else:
        read_again(turn, chosen)


@on.press(presses.ImportCharset, role=Role.ADMIN, act="faq import")
def charset_chosen(turn: Turn) -> None:
    """The charset is chosen: the file is read in it."""
    pressed = turn.pressed(presses.ImportCharset)
    sent = asked_about(turn, pressed.token)
    if pressed.place >= len(CHARSETS):
        raise Refused("expired")
    read_again(turn, replace(sent, charset=CHARSETS[pressed.place]))


def read_again(turn: Turn, sent: ArticlesFile) -> None:
    """Let the file be read once more, as it is meant."""
    enqueue_file_fetch(turn, replace(sent, headings=()))
    turn.say(phrase("faq.importing", name=files_of(sent.again)[0].name))


# Doing it


def start_agreed_import(turn: Turn, facts: Mapping[str, Any]) -> None:
    """What was shown is to be done: ``facts`` are an ArticlesFile."""
    sent = replace(ArticlesFile.read(facts), token=secrets.token_hex(4), account=turn.person.account_id)
    enqueue_file_fetch(turn, sent)
    confirmations.settle_proposal(turn, phrase("faq.taking", name=files_of(sent.again)[0].name))


@on.fetched(TAKE, role=Role.ADMIN, act="faq import")
def taken(turn: Turn) -> None:
    """The file was taken; or the articles have changed since it was shown, and it is shown anew."""
    read = answer_of(turn)
    if "taken" not in read:
        turn.say(phrase("faq.changed_since"))
        preview_import(turn, read)
        return
    counts = {"added": read["added"], "changed": read["changed"], "same": read["same"]}
    turn.audit(Deed.ARTICLES_IMPORTED, **counts)
    undo = (
        button_row(presses.UndoImport(read["taken"]).button(phrase("faq.undo")))
        if read["added"] + read["changed"]
        else ()
    )
    turn.say(phrase("faq.imported", **counts), buttons=undo)


# Undoing it


@on.press(presses.UndoImport, role=Role.ADMIN, act="faq import")
def undo(turn: Turn) -> None:
    """A whole import is to be undone: that is asked once."""
    token = turn.pressed(presses.UndoImport).token
    known = taken_by(turn.tx.connection, token)
    if known is None:
        raise Refused("expired")
    counts = {"added": known.added, "changed": known.changed}
    confirmations.show_proposal(
        turn,
        "faq_undo",
        {"token": token},
        phrase("faq.undo_counts", **counts),
        title=phrase("faq.undo_sure"),
        command="faq import",
        danger=True,
        label=phrase("faq.undo_yes"),
    )


def taken_back(turn: Turn, facts: Mapping[str, Any]) -> None:
    """The import is undone: the first articles now, the rest by and by; ``facts`` are {"token"}."""
    undo_some(turn, timers.UndoImport(**asked_by(turn), token=facts["token"]))


@on.timer(timers.UndoImport)
def undo_on(turn: Turn) -> None:
    """Some more of an import are undone, if whoever asked for it still is an admin."""
    work = turn.due(timers.UndoImport)
    turn.actor = permissions.with_standing(turn, turn.tx.people.of_account(work.account))
    if turn.actor.may(Role.ADMIN):
        undo_some(turn, work)
    else:
        tell_progress(turn, work, phrase("faq.undone", removed=work.removed, restored=work.restored))


def undo_some(turn: Turn, work: timers.UndoImport) -> None:
    """Undo a turn's share of an import, and say how far it is, or at the end what came of it."""
    undone = undo_part(turn.tx.connection, work.token, UNDONE, by=turn.person.id, at=turn.now)
    counts = {"removed": work.removed + undone.removed, "restored": work.restored + undone.restored}
    if undone.left:
        tell_progress(turn, work, phrase("faq.undoing", n=undone.left))
        turn.schedule(replace(work, removed=counts["removed"], restored=counts["restored"]), turn.rules.fold)
        return
    known = taken_by(turn.tx.connection, work.token) or NOTHING_TAKEN
    since = known.added + known.changed - sum(counts.values())
    forget_import(turn.tx.connection, work.token)
    turn.audit(Deed.IMPORT_UNDONE, **counts)
    changed_since = (phrase("faq.undone_but", n=since),) if since > 0 else ()
    tell_progress(turn, work, phrase("faq.undone", **counts), *changed_since)
