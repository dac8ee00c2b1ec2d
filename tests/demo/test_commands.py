"""`frontdesk demo` and `frontdesk sandbox`, as somebody starts them who has nothing but the checkout."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile

import pytest

from bot.demo.run import folder
from bot.errors import OperatorError
from bot.settings import load_settings

FRONTDESK = [sys.executable, "-m", "bot"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*FRONTDESK, *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=os.environ | environment,
    )


def test_without_a_terminal_the_story_is_told_and_that_is_all():
    told = run(
        "demo", "--terminal", TELEGRAM_BOT_TOKEN="nonsense", SLACK_BOT_TOKEN="nonsense"
    )  # another desk's, not this one's
    assert told.returncode == 0, told.stderr
    assert "coffe machine leaking!!" in told.stdout
    assert "\x1b" not in told.stdout
    assert "terminal" in told.stderr


@pytest.mark.parametrize(
    ("command", "option"),
    [("demo", "--port"), ("sandbox", "--port"), ("sandbox", "--telegram-port"), ("sandbox", "--slack-port")],
)
def test_a_port_in_use_is_told_in_one_line(command, option):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = run(command, option, str(taken.getsockname()[1]))
    assert told.returncode == 2
    assert told.stderr.startswith(f"{option}: port ")
    assert told.stderr.count("\n") == 1


def test_a_folder_that_cannot_be_had_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(OperatorError, match=r"^TMPDIR: .* name one this user may write$"), folder():
        pass


def test_a_language_nobody_speaks_is_told_in_one_line():
    told = run("demo", "--language", "de")
    assert (told.returncode, told.stdout, told.stderr) == (2, "", "--language: 'de' is none of en, uk, ru\n")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_sandbox_serves_a_desk_until_it_is_told_to_stop(sign):
    with subprocess.Popen([*FRONTDESK, "sandbox"], stdout=subprocess.PIPE, text=True) as sandbox:
        assert sandbox.stdout is not None
        lines = []
        for line in iter(sandbox.stdout.readline, ""):
            lines.append(line.strip())
            if "/control/rooms/" in line:
                sandbox.send_signal(sign)
    assert sandbox.returncode == 0
    told = dict(line.split("=", 1) for line in lines if re.match("[A-Z_]+=", line))
    assert load_settings(_env_file=None, **{name.lower(): value for name, value in told.items()}).admins
    assert told["TELEGRAM_API_URL"].startswith("http://127.0.0.1:")
    assert told["SLACK_API_URL"].endswith("/api/")
    assert any(re.fullmatch(r"http://127\.0\.0\.1:\d+/", line) for line in lines)


@pytest.mark.parametrize("sign", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.full)])
def test_an_interrupted_story_leaves_nothing_behind(tmp_path, sign):
    with subprocess.Popen(
        [*FRONTDESK, "demo", "--story"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a run in the background ignores it
    ) as demo:
        assert demo.stdout is not None
        fcntl.fcntl(demo.stdout, fcntl.F_SETPIPE_SZ, 4096)  # it waits to be read, and is not over before
        assert any("/start" in line for line in iter(demo.stdout.readline, ""))
        demo.send_signal(sign)
        _, problems = demo.communicate()
    assert (demo.returncode, problems) == (1, "stopped\n")
    assert list(tmp_path.iterdir()) == []
