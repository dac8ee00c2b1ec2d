"""The pages that show the story: `make docs` writes them, and a test fails when they are stale."""

import asyncio
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from bot.demo.stage import Stage
from bot.demo.story import Teller, tell
from bot.demo.transcript import Transcript
from bot.demo.watching import Watch
from bot.demo.words import words
from tests.house.reference import BEGIN, END, ROOT

WIDTH = 78
FIRST = (0, 2, 3)  # scenes on the README's first screen: a question, a claim, the talk


async def transcript(language: str) -> str:
    """Return the story as it is read where there are no colours."""
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None)
    with tempfile.TemporaryDirectory() as folder:
        spoken = words(language)
        stage = await Stage.open(spoken, Path(folder), 0)
        try:
            watch = Watch(stage)
            watch.read_all()
            await tell(Teller(stage, watch, Transcript(console, spoken)))
        finally:
            await stage.close()
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().strip("\n").split("\n"))


def pages(told: str) -> Iterator[tuple[Path, str]]:
    """Yield each page that shows the English story, with the text it should have now."""
    yield _page("docs/first-day.md", told)
    yield _page("README.md", "\n\n".join(scene for number, scene in enumerate(scenes(told)) if number in FIRST))


def scenes(told: str) -> list[str]:
    """Return the scenes of the English story, each with its title."""
    starts = [told.index(title) for title in words("en").scenes]
    return [told[start:end].rstrip() for start, end in zip(starts, [*starts[1:], len(told)], strict=True)]


def _page(path: str, told: str) -> tuple[Path, str]:
    begin = BEGIN.format("story")
    before, _, rest = (ROOT / path).read_text(encoding="utf-8").partition(begin)
    assert rest, f"{path} has no line {begin}"
    return ROOT / path, f"{before}{begin}\n```text\n{told}\n```\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    for file, text in pages(asyncio.run(transcript("en"))):
        file.write_text(text, encoding="utf-8")
