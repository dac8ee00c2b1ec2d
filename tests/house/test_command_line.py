"""The command line answers at once, and tells what is wrong in one line."""

import os
import subprocess
import sys
from importlib.metadata import version

import pytest

HEAVY = ("aiogram", "slack_bolt", "slack_sdk", "sqlalchemy", "alembic", "aiohttp", "numpy", "rapidfuzz")
LIGHT = f"""
import sys
from bot.__main__ import run
code = run(sys.argv[1:])
print(*sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)
sys.exit(code)
"""


def frontdesk(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | settings,
    )


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_asking_about_itself_imports_nothing_heavy(arguments):
    done = subprocess.run([sys.executable, "-c", LIGHT, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_the_version_takes_half_a_second_of_cpu_at_most():
    def spent() -> float:
        before = os.times()
        frontdesk("--version")
        after = os.times()
        return after.children_user - before.children_user + after.children_system - before.children_system

    assert min(spent() for _ in range(3)) <= 0.5


@pytest.mark.parametrize("arguments", [["--version"], ["kb", "--version"], ["no-such-command", "--version"]])
def test_the_version_is_told_on_every_level(arguments):
    done = frontdesk(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"frontdesk {version('frontdesk')}\n", "")


@pytest.mark.parametrize(
    ("arguments", "named"), [(["no-such-command"], "no-such-command"), (["--no-such-option"], "--no-such-option")]
)
def test_wrong_usage_is_one_line_that_names_the_argument(arguments, named):
    done = frontdesk(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert done.stderr.count("\n") == 1
