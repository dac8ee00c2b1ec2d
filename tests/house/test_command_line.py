"""The command line answers at once, and tells what is wrong in one line."""

import os
import subprocess
import sys
from importlib.metadata import version

import pytest

HEAVY = ("aiogram", "slack_bolt", "slack_sdk", "sqlalchemy", "alembic", "aiohttp", "numpy", "rapidfuzz")
LIGHT = f"""
import sys
from bot.__main__ import run_command_line
code = run_command_line(sys.argv[1:])
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


def test_a_bug_shows_its_traceback_without_tokens():
    code = (
        "from bot.__main__ import main, app\n@app.command()\ndef bug():\n    raise RuntimeError('/bot42:hush/getMe')\n"
    )
    done = subprocess.run([sys.executable, "-c", f"{code}main(['bug'])"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "RuntimeError: /bot***/getMe" in done.stderr
    assert "hush/" not in done.stderr.replace("raise RuntimeError('/bot42:hush/getMe')", "")


def test_a_database_that_cannot_be_opened_is_one_line_with_its_setting(tmp_path):
    nowhere = f"sqlite+aiosqlite:///{tmp_path}/file/desk.db"
    (tmp_path / "file").touch()
    done = frontdesk("migrate", DATABASE_URL=nowhere)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("DATABASE_URL: ")


@pytest.mark.parametrize("times", [1, 2])
def test_a_database_is_migrated_once_and_for_all(tmp_path, times):
    url = f"sqlite+aiosqlite:///{tmp_path}/desk.db"
    for _ in range(times):
        done = frontdesk("migrate", DATABASE_URL=url)
        assert (done.returncode, done.stderr) == (0, "")
    assert "current schema" in done.stdout


@pytest.mark.parametrize(("settings", "name"), [({}, "TELEGRAM_BOT_TOKEN"), ({"HTTP_PORT": "many"}, "HTTP_PORT")])
def test_a_desk_that_cannot_serve_says_which_setting_to_mend(tmp_path, settings, name):
    done = frontdesk("run", DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path}/desk.db", **settings)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"{name}: ")
    assert not list(tmp_path.iterdir())
