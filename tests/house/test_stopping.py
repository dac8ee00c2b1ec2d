"""A desk stops when it is told to, also while it still waits for a messenger."""

import os
import signal
import subprocess
import sys
import time

TOKEN = "123456789:" + "A" * 35
SOON = (
    20  # seconds, also on a machine that is busy with other things; a desk that went on trying would be here for good
)
NOBODY = "http://127.0.0.1:9"  # the discard port: nothing answers there


def test_a_desk_that_waits_for_its_messenger_stops_at_once(tmp_path):
    settings = {
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/desk.db",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": NOBODY,
        "TELEGRAM_TEAM_CHAT": "-1001234567890",
        "HTTP_PORT": "0",
    }
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.PIPE, text=True) as desk:
        assert desk.stderr is not None
        lines = iter(desk.stderr.readline, "")
        assert any("Telegram does not answer" in line for line in lines)
        desk.send_signal(signal.SIGTERM)
        began = time.monotonic()
        rest = desk.stderr.read()
    assert desk.returncode == 0, rest
    assert "the desk is closed" in rest
    assert time.monotonic() - began < SOON
