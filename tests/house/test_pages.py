"""Whatever an operator or a newcomer may use is written down: settings, commands, targets, environment variables."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.house import reference
from tests.house.reference import ROOT

CONTRIBUTING = ROOT / "CONTRIBUTING.md"


def targets() -> list[str]:
    found = re.findall(r"^([a-z][a-z-]*):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    return [str(name) for name in found]


@pytest.mark.parametrize(("page", "text"), list(reference.pages()), ids=lambda part: getattr(part, "name", ""))
def test_a_page_that_follows_from_the_code_is_fresh(page: Path, text: str):
    assert page.read_text(encoding="utf-8") == text, "stale; run: make docs"


def test_every_setting_is_explained():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    for name, default, _ in reference.settings():
        assert re.search(rf"^# .+\n#?{name}={re.escape(default)}$", example, re.MULTILINE), name
        assert f"| `{name}` |" in page


def test_the_example_as_it_stands_means_the_defaults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    (tmp_path / ".env").write_text(re.sub(r"^#(?=[A-Z_]+=)", "", example, flags=re.MULTILINE), encoding="utf-8")
    uncommented = Settings()
    (tmp_path / ".env").unlink()
    assert uncommented == Settings()


def test_every_command_says_what_it_does():
    for usage, does in reference.commands():
        assert does, usage
        assert does.endswith("."), usage


def test_make_alone_lists_every_target():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make ([a-z-]+) +\S", listed, re.MULTILINE) == targets()


def test_the_targets_that_others_rely_on_are_there():
    promised = "demo test test-all check bench-path bench-kb bench-scale crash simulate lock"
    assert set(promised.split()) <= set(targets())


def test_environment_variables_of_the_tests_are_described():
    told = CONTRIBUTING.read_text(encoding="utf-8")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    texts = [(ROOT / name).read_bytes() for name in tracked.split("\0") if name and (ROOT / name).is_file()]
    for name in sorted({found.decode() for text in texts for found in re.findall(rb"\bFRONTDESK_[A-Z_]+\b", text)}):
        assert f"`{name}`" in told, f"{name} is not described in CONTRIBUTING.md"


def test_every_link_between_pages_leads_somewhere():
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for link in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_file_that_a_recipe_names_is_there():
    for page in (CONTRIBUTING, ROOT / "docs/how-it-works.md", ROOT / "docs/answers.md"):
        named = re.findall(r"`((?:bot|handlers|kb|storage|tests|docs)/[\w./-]*)`", page.read_text(encoding="utf-8"))
        assert named, page.name
        for path in named:
            assert (ROOT / path).exists(), f"{page.name} names {path}"


def test_everything_that_a_recipe_says_to_copy_is_there():
    told = CONTRIBUTING.read_text(encoding="utf-8")
    for name, path in re.findall(r"`(\w+)` (?:in|of)\s+`((?:bot|handlers)/[\w./-]+\.py)`", told):
        assert re.search(rf"^(?:def )?{name}\b", (ROOT / path).read_text("utf-8"), re.MULTILINE), (
            f"{path} has no {name}"
        )


def test_the_pages_can_be_written_by_one_command():
    assert "tests.house.reference" in (ROOT / "Makefile").read_text(encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", "import tests.house.reference"], cwd=ROOT, check=False)
    assert done.returncode == 0
