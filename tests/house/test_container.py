"""The container's files speak of what is there: settings by their names, commands, all that an install needs."""

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

from bot.settings import Settings
from tests.house import reference
from tests.house.reference import ROOT

KNOWN = {"PATH", "PYTHONUNBUFFERED", "MPLCONFIGDIR", *(name.upper() for name in Settings.model_fields)}


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


def test_whoever_breaks_into_a_container_finds_nothing_to_use():
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert "\nUSER desk\n" in image
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    desks = [service for name, service in services.items() if name != "database"]
    assert len(desks) > 1
    for service in desks:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
        assert not service.get("privileged")


def test_the_image_installs_the_first_part_of_the_lock_and_nothing_of_another_hash():
    image = (ROOT / "Dockerfile").read_text("utf-8")
    border = re.search(r"sed '/\^(.+?)/,\$d' requirements.lock", image)
    assert border is not None
    assert "--require-hashes" in image
    desk, _, tests = (ROOT / "requirements.lock").read_text("utf-8").partition(f"\n{border[1]}")
    assert {"aiogram", "slack-bolt", "sqlalchemy", "setuptools"} <= pinned(desk)
    assert {"pytest", "playwright", "hypothesis"} <= pinned(tests)
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert {re.split(r"[\[<>=]", one)[0].lower() for one in asked} <= pinned(desk)


def test_every_pin_has_hashes():
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text("utf-8"))
    pins = [block for block in blocks if not block.startswith("#")]
    assert len(pins) > 50
    assert [block.split()[0] for block in pins if "--hash=sha256:" not in block] == []


def pinned(lock: str) -> set[str]:
    """Return the names of the packages that a lock pins."""
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.MULTILINE))


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
