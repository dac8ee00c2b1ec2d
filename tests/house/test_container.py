"""The container's files speak of what is there: settings by their names, commands, all that an install needs."""

import re
import subprocess
from pathlib import Path

import yaml

from bot.settings import Settings
from tests.house import reference
from tests.house.reference import ROOT

KNOWN = {"PATH", "PYTHONUNBUFFERED", *(name.upper() for name in Settings.model_fields)}


def test_the_image_names_only_settings_there_are():
    text = (ROOT / "Dockerfile").read_text("utf-8")
    named = re.findall(r"\b([A-Z_]+)=", next(line for line in text.splitlines() if line.startswith("ENV ")))
    assert set(named) <= KNOWN


def test_the_image_takes_every_room_and_nothing_else():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    taken = {name for line in copied for name in line.split()}
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert taken == kept
    packages = {Path(name).parts[0] for name in tracked() if name.endswith(".py")} - {"tests", ".ci"}
    assert packages <= taken


def test_compose_runs_commands_there_are_with_settings_there_are():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    usages = " ".join(usage for usage, _ in reference.commands())
    for name, service in services.items():
        if name == "database":
            continue
        assert f"frontdesk {service['command']}" in usages
        assert set(service["environment"]) <= KNOWN
    assert services["worker"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_a_packaged_desk_has_its_data():
    """What is no Python and is read at work is listed as package data: a wheel without it would start and fail."""
    patterns = re.search(r'^"\*" = \[(.+)\]', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert patterns is not None
    endings = tuple(pattern.strip('" *') for pattern in patterns[1].split(","))
    data = [name for name in tracked() if Path(name).parts[0] in ("bot", "handlers", "kb", "storage")]
    missing = [name for name in data if not name.endswith((".py", *endings)) and Path(name).name != "script.py.mako"]
    assert missing == []


def tracked() -> list[str]:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in found.split("\0") if name]
