"""Answers to and from files, in chat: what is sent is checked whole, and changes everything or nothing."""

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import DRAWN, Drawn, File, Operation, Phrase, phrase
from handlers.vocabulary.stored_text import FILES, files_of
from kb import Article
from kb.files.apart import article_from
from kb.files.validation import Problem
from storage.articles_import import Brought, Stale, bring_in
from storage.lifecycle import Refused
from storage.models import Role

on = Routes()

FORMATS = {"yaml": "text/yaml", "csv": "text/csv", "md": "text/markdown"}
TOLD = 10  # problems told at once


@on.command("faq export", role=Role.ADMIN)
def export(turn: Turn) -> None:
    """All answers as a file: /faq export, /faq export csv."""
    ending = turn.event.value.strip().lower() or "yaml"
    if ending not in FORMATS:
        raise Refused("usage", usage="/faq export yaml|csv|md")
    turn.audit(Deed.ARTICLES_EXPORTED)
    file = File("document", name=f"answers.{ending}", mime=FORMATS[ending], facts={"articles": ending})
    turn.say(phrase("faq.exported", n=turn.tx.articles.page(limit=1, every=True)[1]), files=(file,))


@on.command("faq import", role=Role.ADMIN)
def import_(turn: Turn) -> None:
    """Answers from a file: send it with /faq import as its caption."""
    file = next((file for file in turn.event.files if file.kind == "document"), None)
    if file is None:
        raise Refused("no_file_sent")
    facts = {
        "then": "faq_import",
        "account": turn.person.account_id,
        "language": turn.reader(turn.person).language,
        "again": FILES.dump_python((file,), mode="json"),
    }
    fetch(turn, file, facts)
    turn.say(phrase("faq.importing", name=file.name))


def fetch(turn: Turn, file: File, facts: Mapping[str, Any]) -> None:
    """Promise that a file is brought, and what it would do to the articles."""
    payload = DRAWN.dump_json(Drawn(files=(file,), facts=facts), exclude_defaults=True).decode()
    turn.promise(turn.here[0], {"operation": Operation.FETCH, "payload": payload})


@on.fetched("faq_import", role=Role.ADMIN, act="faq import")
def imported(turn: Turn) -> None:
    """The file was read: everything in it is taken, or nothing and every reason is told by its line."""
    fetched = turn.event.fetched
    assert fetched is not None
    read = json.loads(b64decode(fetched.content))
    if problems := [Problem(*problem) for problem in read["problems"]]:
        left = len(problems) - TOLD
        more = (phrase("faq.more_problems", n=left),) if left > 0 else ()
        turn.say(phrase("faq.refused", n=len(problems)), *map(told, problems[:TOLD]), *more)
        return
    if (
        read["revision"] != turn.tx.articles.revision()
    ):  # somebody changed an article meanwhile: it is compared with that
        fetch(turn, files_of(turn.event.facts["again"])[0], turn.event.facts)
        return
    take(turn, [article_from(values) for values in (*read["added"], *read["changed"])])
    counts = {"added": len(read["added"]), "changed": len(read["changed"]), "same": read["same"]}
    turn.audit(Deed.ARTICLES_IMPORTED, **counts)
    turn.say(phrase("faq.imported", **counts))


def told(problem: Problem) -> Phrase:
    """Return what is wrong with a line of a file, in the reader's words."""
    facts = dict(problem.facts)
    where = facts.pop("where", "")
    why = phrase(f"problem.{problem.reason}", where=where, **facts)
    return phrase("problem.line", line=problem.line, why=why) if problem.line else why


def take(turn: Turn, articles: Sequence[Article]) -> None:
    """Write what a file adds and changes."""
    found = [brought(one) for one in articles]
    with suppress(Stale):
        bring_in(turn.tx.connection, found, by=turn.person.id, at=turn.now)
        return
    bring_in(turn.tx.connection, found, by=turn.person.id, at=turn.now)  # whoever was first is done; nobody else can be


def brought(one: Article) -> Brought:
    """Return an article of a file as it is written; its number is kept where it has one."""
    number = one.id if isinstance(one.id, int) else None
    return Brought(number, one.section, one.language, one.question, one.answer, one.keywords, one.aliases)
