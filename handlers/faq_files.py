"""Answers to and from files, in chat: what is sent is checked whole, and changes everything or nothing."""

from base64 import b64decode
from contextlib import suppress

from handlers.knowledge import article
from handlers.messages import DRAWN, Drawn, File, Operation, Phrase, phrase
from handlers.router import on
from handlers.turn import Turn
from kb import Article
from kb.checks import Problem
from kb.files import BadFile, Changes, format_articles, parse_articles
from storage.articles_import import Brought, Stale, bring_in
from storage.lifecycle import Refused
from storage.models import Role

FORMATS = {"yaml": "text/yaml", "csv": "text/csv", "md": "text/markdown"}
TOLD = 10  # problems told at once


@on.command("faq export", role=Role.ADMIN)
def export(turn: Turn) -> None:
    """All answers as a file: /faq export, /faq export csv."""
    ending = turn.event.value.strip().lower() or "yaml"
    if ending not in FORMATS:
        raise Refused("usage", usage="/faq export yaml|csv|md")
    name = f"answers.{ending}"
    articles = [article(row) for row in turn.tx.articles.everything()]
    text = format_articles(name, articles)
    turn.audit("articles_exported")
    file = File("document", name=name, mime=FORMATS[ending], size=len(text.encode()), facts={"text": text})
    turn.say(phrase("faq.exported", n=len(articles)), files=(file,))


@on.command("faq import", role=Role.ADMIN)
def import_(turn: Turn) -> None:
    """Answers from a file: send it with /faq import as its caption."""
    file = next((file for file in turn.event.files if file.kind == "document"), None)
    if file is None:
        raise Refused("no_file_sent")
    facts = {"then": "faq_import", "account": turn.person.account_id}
    payload = DRAWN.dump_json(Drawn(files=(file,), facts=facts), exclude_defaults=True).decode()
    turn.promise(turn.here[0], {"operation": Operation.FETCH, "payload": payload})
    turn.say(phrase("faq.importing", name=file.name))


@on.fetched("faq_import", role=Role.ADMIN, act="faq import")
def imported(turn: Turn) -> None:
    """The file is here: everything in it is taken, or nothing and every reason is told by its line."""
    facts = turn.event.facts
    existing = [article(row) for row in turn.tx.articles.everything()]
    language = turn.reader(turn.person).language
    try:
        changes = parse_articles(str(facts["file"]), b64decode(facts["content"]), existing=existing, language=language)
    except BadFile as bad:
        left = len(bad.problems) - TOLD
        more = (phrase("faq.more_problems", n=left),) if left > 0 else ()
        turn.say(phrase("faq.refused", n=len(bad.problems)), *map(told, bad.problems[:TOLD]), *more)
        return
    take(turn, changes)
    counts = {"added": len(changes.added), "changed": len(changes.changed), "same": len(changes.same)}
    turn.audit("articles_imported", **counts)
    turn.say(phrase("faq.imported", **counts))


def told(problem: Problem) -> Phrase:
    """Return what is wrong with a line of a file, in the reader's words."""
    facts = dict(problem.facts)
    where = facts.pop("where", "")
    why = phrase(f"problem.{problem.reason}", where=where, **facts)
    return phrase("problem.line", line=problem.line, why=why) if problem.line else why


def take(turn: Turn, changes: Changes) -> None:
    """Write what a file adds and changes."""
    found = [brought(one) for one in (*changes.added, *changes.changed)]
    with suppress(Stale):
        bring_in(turn.tx.connection, found, by=turn.person.id, at=turn.now)
        return
    bring_in(turn.tx.connection, found, by=turn.person.id, at=turn.now)  # whoever was first is done; nobody else can be


def brought(one: Article) -> Brought:
    """Return an article of a file as it is written; its number is kept where it has one."""
    number = one.id if isinstance(one.id, int) else None
    return Brought(number, one.section, one.language, one.question, one.answer, one.keywords, one.aliases)
