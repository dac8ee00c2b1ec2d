"""What no file of this project contains, and what each has to be."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement

from tests.house.reference import ROOT

ROOMS = ("bot", "handlers", "kb", "storage")
# Spelled apart, or this file would contain them.
HOSTS = tuple(
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
)
PLACES = tuple(f"{place}/" for place in {str(ROOT.parent), str(Path.home())} if len(place) > 2)
TOKEN = re.compile(r"xox[abp]-[0-9]{6,}|[0-9]{8,10}:[A-Za-z0-9_-]{35}")
FUNCTION = 40  # lines; far above the usual, so that only what got out of hand is caught
READERS = ("bot/settings.py",)


def tracked(*patterns: str) -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):  # not a text; not there any more
            continue


def test_no_file_names_this_machine_or_a_package_host():
    for name, text in tracked():
        for word in HOSTS + PLACES:
            assert word not in text, f"{name} contains {word}"


def test_no_file_contains_a_token():
    for name, text in tracked(":!tests"):
        assert not TOKEN.search(text), name


def test_only_the_settings_read_the_environment():
    for name, text in tracked(*(f"{room}/**.py" for room in ROOMS)):
        if name not in READERS:
            assert not re.search(r"\bos\.(environ|getenv)\b", text), f"{name}: make it a setting"


def test_the_talk_changes_tickets_through_its_service_alone():
    """There it is asked whether the actor may, and the clocks follow."""
    for name, text in tracked("handlers/**.py"):
        if name != "handlers/tickets/ticket_service.py":
            assert not re.search(r"\btickets\.(act|change|retype|write)\(", text), (
                f"{name}: see handlers/tickets/ticket_service.py"
            )


def test_functions_can_be_seen_at_a_glance():
    for name, text in tracked(*(f"{room}/**.py" for room in ROOMS)):
        if "/migrations/versions/" in name:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                assert lines <= FUNCTION, f"{name}: {node.name} cannot be seen at a glance"


def test_everything_we_ask_for_is_pinned_and_installed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line.rstrip(" \\") for line in lines if "==" in line]
    pinned = dict(pin.lower().replace("_", "-").split("==") for pin in pins)
    for text in chain(project["dependencies"], *project["optional-dependencies"].values()):
        wanted = Requirement(text)
        name = wanted.name.lower().replace("_", "-")
        assert name in pinned, f"{wanted.name} is not in requirements.lock; run: make lock"
        assert wanted.specifier.contains(pinned[name]), f"{text} is not what requirements.lock has; run: make lock"
        assert version(wanted.name) == pinned[name], f"{wanted.name} is not what requirements.lock says"


def test_the_list_of_packages_is_names_versions_and_hashes_only():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for line in filter(None, text.splitlines()):
        pin = r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?"
        assert line.startswith("#") or re.fullmatch(pin, line), line


def test_every_operator_error_names_a_setting_or_an_argument():
    for name, text in tracked("bot/**.py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "OperatorError":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    assert re.fullmatch(r"[A-Z][A-Z_]+|--[a-z-]+|\.env", str(first.value)), f"{name}:{node.lineno}"
                assert len(node.args) == 2, f"{name}:{node.lineno}: a name and a fix"
