"""Whom a command means: an id is an id, a name is of the team, and anybody's is told apart before anything is done."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from handlers import dispatch
from handlers.contents import CONTENTS
from handlers.rules import Rules
from handlers.tickets import queue_filter
from handlers.turns import naming, recent_queries
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import RENDERED_MESSAGE, Event, Kind, RichText, Sender, Span
from handlers.vocabulary.stored_text import as_data
from handlers.vocabulary.translations import Translator
from storage.engine.compiled import savepoint
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.lifecycle import Refused
from storage.models import StateKind, outgoing
from storage.people.people import Person
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import at, kind
from tests.storage.undone import undone

TELEGRAM, SLACK, TEAM = "telegram:1", "slack:T1", "-100"


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


@dataclass
class Cast:
    """Two of the team are called Anna, and so are strangers; one of them has an agent's @name on the other messenger."""

    tx: Transaction
    people: dict[str, Person]

    def id(self, who: str) -> int:
        return self.people[who].id


CAST = {  # who: source, native, name, username, of the team
    "stranger": (TELEGRAM, "7000", "Anna", "", False),  # known before all others
    "koval the stranger": (SLACK, "U7000000", "Anna Koval", "koval", False),
    "boss": (TELEGRAM, "7001", "Olena", "olena", True),
    "anna": (TELEGRAM, "7002", "Anna Koval", "anna", True),
    "other anna": (SLACK, "U7003000", "Anna", "anna", True),
    "petro": (TELEGRAM, "7004", "Petro Bilyk", "petro", True),
    "false petro": (SLACK, "U7004000", "Petro Bilyk", "petro", False),
}


def cast(tx: Transaction) -> Cast:
    channels = {source: tx.channels.ensure(source, TEAM, language="en", threads=False) for source in (TELEGRAM, SLACK)}
    people = {}
    for who, (source, native, name, username, team) in CAST.items():
        people[who] = tx.people.meet(
            source, native, name=name, username=username, language="en", chat=native, at=MONDAY
        )
        if team:
            tx.channels.join(channels[source].id, people[who].id, MONDAY)
    kind(tx, "repair")
    at(tx, people["stranger"])
    return Cast(tx, people)


RULES = Rules(admins=frozenset({("telegram", "7001")}))


def gives(tx: Transaction, command: str, *said: str | tuple[str, str], source: str = TELEGRAM) -> Turn:
    """Let the boss give a command; a pair is a mention: what is seen, and whose id it has."""
    words = RichText()
    for part in said:
        text, native = part if isinstance(part, tuple) else (part, "")
        spans = (Span("mention", 0, len(text), native),) if native else ()
        words = words + RichText(" ") + RichText(text, spans) if words else RichText(text, spans)
    sender = Sender("7001", "Olena", "olena", "en", chat="7001")
    event = Event(
        Kind.COMMAND, source, f"{len(words.text)}", "c", MONDAY, chat=TEAM, private=False, sender=sender, message="99",
        words=words, name=command, value=words.text,
    )  # fmt: skip
    turn = Turn(event, tx, MONDAY, RULES, Translator(), Knowledge(), contents=CONTENTS)
    with savepoint(tx.connection):
        dispatch.dispatch(turn)
    return turn


def refused(tx: Transaction, command: str, *said: Any) -> Refused:
    with pytest.raises(Refused) as raised:
        gives(tx, command, *said)
    return raised.value


def told(tx: Transaction) -> list[str]:
    rows = tx.connection.scalars(outgoing.select().with_only_columns(outgoing.c.payload).order_by(outgoing.c.id)).all()
    return [RENDERED_MESSAGE.validate_json(row).words.text for row in rows if row]


def proposed(tx: Transaction, scene: Cast) -> int:
    """Return whom the boss is about to do something to."""
    return int(tx.states.get(scene.id("boss"), StateKind.PROPOSAL, MONDAY)["facts"]["who"])


# Who is meant by what is written, for a command about the team; "" is nobody, "?" is several.
WRITTEN: dict[str, tuple[tuple[str | tuple[str, str], ...], str]] = {
    "a mention": ((("@Anna", "7002"),), "anna"),
    "a mention of a namesake": ((("@Anna Koval", "7004"),), "petro"),
    "two words": (("Anna Koval",), "anna"),
    "two words in small letters": (("anna  koval",), "anna"),
    "a namesake on the other messenger": (("Petro Bilyk",), "petro"),
    "a name and a username of two": (("Anna",), "?"),
    "a first name": (("Petro",), "petro"),
    "a username": (("@petro",), "petro"),
    "a username of two": (("@anna",), "anna"),
    "a stranger's username": (("@koval",), ""),
    "a mention of a stranger": ((("@Anna", "7000"),), ""),
    "a mention of nobody": ((("@Anna", "9999"),), ""),
    "an account": (("slack:U7003000",), "other anna"),
    "nobody": (("Zoe",), ""),
}


async def tried(database: Database, story: Callable[[Transaction, Cast], None]) -> None:
    def work(connection: Any) -> None:
        with undone(connection):
            tx = Transaction(connection)
            story(tx, cast(tx))

    await database.run(work)


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("command", ["assign", "role", "queue", "mine", "bulk assign", "view save"])
async def test_a_command_about_the_team_means_one_of_the_team(database, command, written):
    said, who = WRITTEN[written]

    filtering = command in ("queue", "mine", "view save")
    if filtering and not any(isinstance(part, tuple) or "@" in part or ":" in part for part in said):
        said, who = tuple(f"@{part}" for part in said), "anna" if who == "?" else who  # a filter's names begin so
    name, before, after = {
        "assign": ("assign", ("1",), ()),
        "role": ("role", (), ("senior",)),
        "bulk assign": ("bulk", ("assign",), ()),
        "view save": ("view save", ("late",), ()),
    }.get(command, (command, (), ()))

    def story(tx, scene):
        if command == "bulk assign":
            gives(tx, "queue", "new")
        if command == "role" and written == "a mention of a stranger":
            gives(tx, name, *before, *said, *after)  # an id cannot be anybody else's: whose it is is shown first
            assert proposed(tx, scene) == scene.id("stranger")
        elif who in ("", "?"):
            reason = refused(tx, name, *before, *said, *after).reason
            assert reason in (("whom_many",) if who else ("who", "whom", "who_meant"))
        else:
            turn = gives(tx, name, *before, *said, *after)
            assert chosen(tx, scene, turn, command) == scene.id(who)

    await tried(database, story)


def chosen(tx: Transaction, scene: Cast, turn: Turn, command: str) -> int | None:
    """Return whom a command found."""
    match command:
        case "assign":
            return tx.tickets.get(1).agent_id
        case "role":
            return proposed(tx, scene)
        case "queue" | "mine":
            asked = recent_queries.latest_query(turn, StateKind.QUEUE) or ""
        case "view save":
            asked = tx.kept.views(scene.id("boss"))["late"]
        case _:
            return int(tx.states.get(scene.id("boss"), StateKind.BULK, MONDAY)["arg"])
    return queue_filter.parse_filter(turn, asked, me=0).agent


async def test_two_of_the_team_are_told_apart(database):
    def story(tx, scene):
        tx.people.meet(SLACK, "U7003000", name="Anna Koval", username="x", language="en", chat="", at=MONDAY)
        refusal = refused(tx, "assign", "1", "Anna Koval")
        assert refusal.reason == "whom_many"
        assert {one.facts["handle"] for one in refusal.facts["people"]} == {"@anna", "@x"}
        assert tx.tickets.get(1).agent_id is None

    await tried(database, story)


ANYBODY: dict[str, tuple[tuple[str | tuple[str, str], ...], str]] = {
    "a mention": ((("@Anna", "7000"),), "stranger"),
    "a username here": (("@petro",), "petro"),
    "two words, of two": (("Petro Bilyk",), "?"),
    "one word, of two": (("Anna",), "?"),
    "a number": (("#1",), "stranger"),
    "an account": (("slack:U7000000",), "koval the stranger"),
    "a username there alone": (("@koval",), "koval the stranger"),
    "nobody": (("Zoe",), ""),
}


@pytest.mark.parametrize("written", ANYBODY)
async def test_whom_a_ban_means_is_shown_or_asked(database, written):
    said, who = ANYBODY[written]

    def story(tx, scene):
        if who in ("", "?"):
            assert refused(tx, "ban", *said, "7d", "spam").reason == ("whom_many" if who else "whom")
        elif who == "petro":
            assert refused(tx, "ban", *said, "7d", "spam").reason == "ban_team"
        else:
            gives(tx, "ban", *said, "7d", "spam")
            assert proposed(tx, scene) == scene.id(who)
            person = scene.people[who]
            handle = f"@{person.username}" if person.username else person.native
            assert (
                f"{person.name} · {person.source.partition(':')[0].capitalize()} · {handle} · known since 20"
                in told(tx)[-1]
            )

    await tried(database, story)


async def test_for_whom_a_request_is_is_asked_by_messenger_and_handle(database):
    def story(tx, scene):
        gives(tx, "new", "Anna Koval")
        asking = RENDERED_MESSAGE.validate_json(
            tx.connection.scalars(
                outgoing.select().with_only_columns(outgoing.c.payload).order_by(outgoing.c.id.desc())
            ).first()
        )
        labels = [key.label for row in asking.keys for key in row]
        assert labels == [
            "Anna Koval · Slack · @koval · known since 2026-03-02",
            "Anna Koval · Telegram · @anna · known since 2026-03-02",
        ]
        assert tx.connection.exec_driver_sql("select count(*) from draft").scalar() == 0
        gives(tx, "new", ("@Anna", "7000"))  # an id is asked nothing
        facts = tx.connection.exec_driver_sql("select facts from draft").scalar()
        assert f'"for": {scene.people["stranger"].account_id}' in facts

    await tried(database, story)


async def test_whom_a_mention_meant_is_kept_with_no_words(database):
    def story(tx, scene):
        turn = gives(tx, "queue", ("@Anna", "7002"))
        event = replace(turn.event, words=turn.event.words + RichText("!", (Span("bold", 0, 1),)))
        kept, _ = as_data(event)
        assert [span["kind"] for span in kept["spans"]] == ["bold"]
        assert "telegram:7002" not in told(tx)[-1]
        assert naming.with_names_shown(turn, "telegram:7002 new") == "@Anna Koval new"

    await tried(database, story)
