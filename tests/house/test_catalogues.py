"""The three catalogues say everything the code asks for, alike, and nothing that nobody asks for."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
import yaml
from babel.messages.pofile import read_po

from bot.telegram.errors import REASONS
from handlers.admin.rules_editor.forms import HINTED
from handlers.admin.rules_editor.sections import SECTIONS
from handlers.contents import CONTENTS
from handlers.rules.general import TALK
from handlers.rules.groups import Take
from handlers.rules.rota import Every
from handlers.rules.surveys import Scale
from handlers.rules.types import BY, ITIL, WHO, WHOSE
from handlers.vocabulary.forms import KINDS
from handlers.vocabulary.messages import Kind
from handlers.vocabulary.stored_text import CONTENT
from handlers.vocabulary.translations import LANGUAGES, load_catalogue
from storage.lifecycle import DEFAULT, StatusKind
from storage.models import Priority, Role

ROOT = Path(__file__).resolve().parents[2]
FIELD = re.compile(r"\{(\w*)\}")
# Words that Ukrainian and Russian share letter by letter.
SHARED = {
    "away.holds",
    *(f"rule.{name}" for name in ("kind", "reply_text", "title")),
    *(f"rule.kind.{name}" for name in ("date", "file", "long_text", "number")),
    *(f"by.{name}" for name in ("day", "tomorrow")),
    "ban.title",
    *("button.checklist", "checklist.of", "recommend.detractors"),
    *("chosen.type", "card.there"),
    *("announce.to", "announce.words", "channel.title", "webhook.title"),
    "audit.column.request",
    "audit.column.whom",
    "menu.people",
    "role.change",
    "rules.operator",
    *(f"column.{name}" for name in ("agent", "answers", "status", "summary")),
    *(f"filter_column.{name}" for name in ("number", "summary")),
    "export.rows",
    *(f"figure.{name}" for name in ("agent", "day", "request")),
    "report.of",
    "report_as.txt",
    "export.sheet",
    "known.of_cause",
    *("asset.retired", "asset.button", "asset.unused"),
    "event.held",
    *("thread.plan_moved", "plan_what.plan_moved", "notice.plan_soon"),
    "subcommand.back",
    *("recurring.pause", "recurring.team", "recurring_part.for", "recurring_part.type", "schedule.day_of"),
}


@cache
def trees() -> list[ast.AST]:
    """Return the source of all rooms, parsed."""
    rooms = ("bot", "handlers", "kb", "storage")
    paths = (path for room in rooms for path in (ROOT / room).rglob("*.py") if "sandbox" not in path.parts)
    return [ast.parse(path.read_text("utf-8")) for path in paths]


def calls(*names: str) -> Iterator[ast.Call]:
    """Yield the calls of functions of these names."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in names:
                    yield node


def literals(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be; what an f-string is made of is none."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp():
            yield from literals(node.body)
            yield from literals(node.orelse)


@cache
def constants() -> frozenset[str]:
    """Return every text in the source."""
    found = (node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(node.value for node in found if isinstance(node.value, str))


@cache
def families() -> frozenset[str]:
    """Return what stands before the dot of phrases whose key is put together while it runs."""
    found = (
        node.args[0].values[0]
        for node in calls("phrase", "Phrase")
        if node.args and isinstance(node.args[0], ast.JoinedStr)
    )
    names = {str(part.value).split(".")[0] for part in found if isinstance(part, ast.Constant)}
    return frozenset(names | {"action", "status", "role", "help"})


@cache
def asked() -> frozenset[str]:
    """Return every key that the code is known to ask for."""
    said = {text for call in calls("phrase", "Phrase") if call.args for text in literals(call.args[0])}
    refused = {text for call in calls("Refused") if call.args for text in literals(call.args[0])}
    undelivered = {text for call in calls("Rejected") if call.args for text in literals(call.args[0])}
    members: dict[str, Iterable[str]] = {
        "action": [action for _, action in DEFAULT.moves],
        "content": [*CONTENT, "unknown"],
        "courtesy": ["greeting", "thanks"],
        "help": [name for kind, name in CONTENTS.router.routes if kind is Kind.COMMAND],
        "own_status": list(StatusKind),
        "priority": list(Priority),
        "receipt": ["delivered", "failed", "queued", "uncertain", "deleted", "again"],
        "refused": refused,
        "role": list(Role),
        "rule": [part.words or part.name for of in SECTIONS.values() for part in (*of.begun, *of.parts)],
        "rule.hint": [*HINTED, "name", *(part.hint for of in SECTIONS.values() for part in of.parts if part.hint)],
        "rule.by": BY,
        "rule.whose": WHOSE,
        "rule.kind": KINDS,
        "rule.option": [*TALK, *Take, *ITIL, *WHO, *Scale, *Every],
        "rules.section": list(SECTIONS),
        "rules.wrong": {text for call in calls("refuse") if call.args for text in literals(call.args[0])},
        "status": list(StatusKind),
        "undelivered": {*undelivered, *REASONS.values(), "unreachable"},
        "verdict": ["sure", "maybe", "unknown"],
    }
    return frozenset(said | {f"{family}.{name}" for family, names in members.items() for name in names})


def forms(language: str, key: str) -> tuple[str, ...]:
    """Return the texts of a key: one, or its plural forms."""
    text = load_catalogue(language).texts[key]
    return (text,) if isinstance(text, str) else text


KEYS = sorted({key for language in LANGUAGES for key in load_catalogue(language).texts})


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_asked_for_is_there(language: str):
    assert asked() - load_catalogue(language).texts.keys() == set()


def test_nothing_is_there_that_nobody_asks_for():
    def used(key: str) -> bool:
        family, _, name = key.partition(".")
        return key in constants() or key in asked() or (family in families() and name in constants())

    assert [key for key in KEYS if not used(key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_keys_and_no_empty_text(language: str):
    assert sorted(load_catalogue(language).texts) == KEYS
    assert [key for key in KEYS if not all(forms(language, key))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language: str):
    def fields(code: str, key: str) -> list[set[str]]:
        return [set(FIELD.findall(text)) for text in forms(code, key)]

    wrong = [key for key in KEYS if any(found != fields("en", key)[-1] for found in fields(language, key))]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_complete(language: str):
    raw = files("handlers").joinpath("locale", f"{language}.po").read_bytes()
    po = read_po(BytesIO(raw), locale=language)
    assert po.num_plurals == {"en": 2, "uk": 3, "ru": 3}[language]
    plural = [key for key in KEYS if not isinstance(load_catalogue("en").texts[key], str)]
    assert [key for key in plural if len(forms(language, key)) != po.num_plurals] == []
    assert [key for key in KEYS if key not in plural and len(forms(language, key)) != 1] == []
    chosen = {load_catalogue(language).plural(n) for n in range(200)}
    assert chosen == set(range(po.num_plurals))


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_a_translation_is_one(language: str):
    def letters(text: str) -> str:
        return re.sub(r"\{\w*\}|/\w+|[^\w]", "", text)

    same = [key for key in KEYS if forms(language, key) == forms("en", key) and letters(forms("en", key)[0])]
    assert same == []


def test_ukrainian_is_not_russian():
    same = {
        key for key in KEYS if forms("uk", key) == forms("ru", key) and re.search(r"[а-яїієґ]", forms("uk", key)[0])
    }
    assert same == SHARED


def test_every_fact_a_phrase_names_is_given_where_it_is_said():
    wrong: list[str] = []
    for way, family in (("phrase", ""), ("refuse", "rules.wrong."), ("Refused", "refused.")):
        for call in calls(way):
            given = {keyword.arg for keyword in call.keywords}
            if None in given or not call.args:
                continue
            for key in (family + said for said in literals(call.args[0])):
                named = {name for text in forms("en", key) for _, name, *_ in Formatter().parse(text) if name}
                if named - given:
                    wrong.append(f"{key}: {named - given}")
    assert wrong == []


def test_plurals_are_given_their_number():
    for call in calls("phrase"):
        for key in literals(call.args[0]) if call.args else ():
            if len(forms("en", key)) > 1:
                assert "n" in {keyword.arg for keyword in call.keywords}, key


def test_the_examples_are_labelled_in_every_language():
    text = files("handlers").joinpath("examples", "desk.yaml").read_text("utf-8")
    wrong: list[str] = []

    def look(node: object, path: str) -> None:
        if isinstance(node, dict):
            if "en" in node:
                missing = set(LANGUAGES) - node.keys()
                wrong.extend(f"{path}: no {code}" for code in missing)
                wrong.extend(f"{path}: {code} is English" for code in ("uk", "ru") if node.get(code) == node["en"])
            for name, below in node.items():
                look(below, f"{path}.{name}")
        elif isinstance(node, list):
            for number, below in enumerate(node):
                look(below, f"{path}[{number}]")

    look(yaml.safe_load(text), "desk.yaml")
    assert wrong == []


@pytest.mark.parametrize(("language", "counter"), [("uk", "стій[кц]"), ("ru", "стойк")])
def test_the_desk_is_no_counter(language: str, counter: str):
    """It is called "служба підтримки", "служба поддержки": nobody there thinks of a piece of furniture."""
    said = {key: form for key in KEYS for form in forms(language, key) if re.search(counter, form, re.IGNORECASE)}
    assert said == {}
