"""`frontdesk desk check` in a process of its own: every example of the page on the rules, and every act that it names."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

from handlers.rules.people import ALWAYS_ADMIN
from handlers.vocabulary.acts import ACTS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rules.md").read_text("utf-8")
SETTINGS = {"TELEGRAM_BOT_TOKEN": f"{'1' * 9}:{'A' * 35}", "TELEGRAM_TEAM_CHAT": "-100"}


def check(path: Path) -> "subprocess.CompletedProcess[str]":
    """Check a file where nothing was imported before."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "desk", "check", str(path)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | SETTINGS,
        cwd=Path(__file__).resolve().parents[2],
    )


def test_every_example_of_the_page_can_be_applied(tmp_path):
    examples = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) >= 8
    (tmp_path / "desk.yaml").write_text("".join(examples), "utf-8")
    done = check(tmp_path / "desk.yaml")
    assert (done.returncode, done.stderr) == (0, "")


def test_every_act_that_the_page_names_may_be_given_another_role(tmp_path):
    named = [act for act in ACTS if act not in ALWAYS_ADMIN]
    for act in named:
        assert f"`{act}`" in PAGE, f"docs/rules.md does not name the act {act!r}"
    document = {"roles": {"permissions": dict.fromkeys(named, "senior")}}
    (tmp_path / "desk.yaml").write_text(yaml.safe_dump(document), "utf-8")
    done = check(tmp_path / "desk.yaml")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_no_act_or_no_mapping_is_refused_kindly(tmp_path):
    for text, said in (
        ("roles: {permissions: [close, ban]}", "roles.permissions"),
        ("roles: {permissions: {cloze: senior}}", "close"),
        ("roles: {permissions: {settings: agent}}", "roles.permissions.settings"),
        ("roles: {permissions: {my: senior}}", "roles.permissions.my"),
        ("roles: {permissions: {close: requester}}", "roles.permissions.close"),
    ):
        (tmp_path / "desk.yaml").write_text(text, "utf-8")
        done = check(tmp_path / "desk.yaml")
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
