"""Patterns of admins meet strangers' words: they mean what Python's mean, and no words make them slow."""

import ast
import importlib
import inspect
import pkgutil
import re
from time import thread_time
from types import ModuleType

import pytest

import bot
import handlers
import kb
import storage
from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.vocabulary import patterns
from handlers.vocabulary.forms import Field, judge_answer, load_field

HOSTILE = (
    *(
        "a",
        "0",
        " ",
        "я",
        "\t",
        "-",
        "<",
        "[",
        "(",
        "#",
        "# ",
        "`",
        "~",
        '"',
        "“",
        "'",
        "/",
        "\\",
        ".",
        "@",
        "a@",
        "a.",
    ),
    *(
        "---\n\n",
        "\n",
        ":",
        "!",
        "a ",
        "1 ",
        "1d",
        "<!--",
        "-->",
        "--> ",
        "a-",
        "xoxb-",
        "0:",
        "&",
        "*",
        "_",
        "{",
        "\ue000",
        "’",
        "a’",
    ),
)
USES = tuple(f"re.{name}" for name in ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"))
FLAGS = ("IGNORECASE", "MULTILINE", "DOTALL", "VERBOSE")
LENGTH = 200_000
SCREEN = 6000
SLOW = 1.0  # seconds for 200,000 characters; a pattern that is not linear takes minutes


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\w+", "Жора_9"),
        (r"[\w\s-]{2,9}", "Ж є-1"),
        (r"[^\W\d_]+", "Олег"),
        (r"[^\W_]+", "Олег7"),
        (r"\W\D\S", "-xx"),
        (r"[^]a]+", "bb"),
        (r"[]a]+", "]a]"),
        (r"[\[a]+", "[a"),
        (r"a{,3}", "aaa"),
        (r"\u0410+", "АА"),
        (r"\S+\Z", "abc"),
        (r"C-\d{4}", "C-1234"),
        (r"(?i)ключ|key", "КЛЮЧ"),
    ],
)
def test_a_pattern_means_what_it_means_in_python(pattern, text):
    for said in (text, f"{text}\n!", ""):
        assert patterns.pattern_matches(pattern, said) == (re.fullmatch(pattern, said) is not None)


@pytest.mark.parametrize("pattern", [r"(a+)+", r"(a|a)*", r"(.*)(.*)(.*)x", r"(\w+\s?)*"])
def test_words_make_no_pattern_slow(pattern):
    begun = thread_time()
    patterns.pattern_matches(pattern, "a" * patterns.LONGEST + "!")
    assert thread_time() - begun < patterns.SLOW


@pytest.mark.parametrize("pattern", ["[", "(?=a)b", r"(a)\1", "(?<!a)b", r"[\W]", "(?:.{0,99}a?){0,99}"])
def test_what_cannot_be_linear_is_refused_when_it_is_written(pattern):
    form = {"fields": [{"name": "code", "label": "Code", "pattern": pattern}]}
    _, problems = read_document({"types": {"order": {"title": "Order", **form}}}, Rules())
    assert [(p.place, p.said.key) for p in problems] == [("types.order.fields[0].pattern", "rules.wrong.pattern")]


def test_a_slow_pattern_is_refused_when_it_is_written(monkeypatch):
    monkeypatch.setattr(patterns, "SLOW", 0.0)
    with pytest.raises(patterns.Unfit) as unfit:
        patterns.check_speed("(?:[a-z]{0,30}.?){0,30}")
    assert unfit.value.slow


def test_a_form_of_an_older_time_is_asked_without_a_pattern_that_cannot_be_used():
    kept = load_field({"name": "code", "label": {"en": "Code"}, "pattern": r"(a)\1"})
    assert kept.pattern == ""
    assert judge_answer(kept, "anything") == ("anything", None)
    assert load_field({"name": "code", "label": {"en": "Code"}, "pattern": "a+"}).pattern == "a+"


@pytest.mark.parametrize("address", ["a@" + "." * LENGTH + "@", "a@" + "a." * (LENGTH // 2) + " "])
def test_an_address_is_judged_in_linear_time(address):
    begun = thread_time()
    assert judge_answer(Field("mail", {}, "email", limit=LENGTH * 2), address + "x")[1] is not None
    assert thread_time() - begun < SLOW


def compiled() -> dict[str, re.Pattern[str]]:
    """Return every pattern that a module of the product keeps, or writes where it is used, by where it stands."""
    found: dict[str, re.Pattern[str]] = {}
    for room in (bot, handlers, kb, storage):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if (
                module.name.startswith(("bot.sandbox", "bot.demo", "storage.migrations"))
                or module.name == "bot.__main__"
            ):
                continue  # what people write never comes there, or not before it was read by the others
            loaded = importlib.import_module(module.name)
            found |= written(loaded)
            for name, value in vars(loaded).items():
                for part in value if isinstance(value, (tuple, list)) else (value,):
                    if isinstance(part, re.Pattern) and isinstance(part.pattern, str):
                        found[f"{module.name}.{name}:{part.pattern}"] = part
    return found


def written(module: ModuleType) -> dict[str, re.Pattern[str]]:
    """Return the patterns that a module hands to a function of ``re``, by their lines."""
    found: dict[str, re.Pattern[str]] = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) in USES and node.args):
            continue
        said = node.args[0]
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            flags = sum(getattr(re, flag) for flag in FLAGS if f"re.{flag}" in ast.unparse(node))
            begins = r"\A" if ast.unparse(node.func).endswith("match") else ""  # it is tried at the beginning alone
            inline, body = re.fullmatch(r"((?:\(\?[a-z]+\))?)(.*)", said.value, re.DOTALL).groups()  # type: ignore[union-attr]
            found[f"{module.__name__}:{node.lineno}"] = re.compile(f"{inline}{begins}(?:{body})", flags)
    return found


def slow(pattern: re.Pattern[str]) -> str:
    """Return the words that make a pattern slow, "" where none do: short ones show what is not linear, then long ones."""
    begins = dict.fromkeys(("", "# x", "<!--", "a@", pattern.pattern.lstrip("^(?:\\")[:1]))
    for run in HOSTILE:
        short = [begin + run * SCREEN + "\x00" for begin in begins]
        long = [run * (LENGTH // len(run)) + "\x00"] if run in HOSTILE[:4] else []
        for text, limit in [*((each, SLOW / 50) for each in short), *((each, SLOW) for each in long)]:
            begun = thread_time()
            pattern.fullmatch(text)
            pattern.search(text)
            if thread_time() - begun > limit:
                return text[:10]
    return ""


@pytest.mark.slow
def test_our_own_patterns_are_linear():
    """200,000 hostile characters cost each of them less than a second, however they are asked."""
    found = compiled()
    assert len(found) > 25
    assert {place: words for place, pattern in found.items() if (words := slow(pattern))} == {}


@pytest.mark.slow
def test_what_is_not_linear_is_seen():
    assert slow(re.compile("a*b"))


@pytest.mark.parametrize(
    ("pattern", "typed", "kept"),
    [
        ("[A-Z]{2}-[0-9]{4}", "АВ-1234", "AB-1234"),  # Cyrillic А and В
        ("[A-Z]{2}-[0-9]{4}", " AB – 12 34 ", "AB-1234"),
        ("[A-Z]{2}-[0-9]{4}", "СК—1234", "CK-1234"),
        ("[А-Я]{2}[0-9]{4}", "KH 1234", "КН1234"),  # and Latin K and H where Cyrillic is asked for
        ("[A-Za-z ]+", "Anna Maria", "Anna Maria"),  # what fits is kept as it is
        ("[A-Z]{2}-[0-9]{4}", "ЩЯ-1234", None),
        ("[A-Z]{2}-[0-9]{4}", "AB-123", None),
    ],
)
def test_an_answer_fits_as_people_type_it(pattern: str, typed: str, kept: str | None):
    field = Field("contract", {"en": "Contract"}, "text", pattern=pattern)
    answer, wrong = judge_answer(field, typed)
    assert (answer, wrong is None) == (kept if kept is not None else typed.strip(), kept is not None)
