"""Going on by hand: lines at the prompt are what people say and press, and what comes of it is shown."""

import io
from datetime import timedelta

import pytest
from rich.console import Console

from bot.demo.prompt import Prompt
from bot.demo.stage import Stage
from bot.demo.transcript import Transcript
from bot.demo.watching import Watch
from bot.demo.words import words


@pytest.fixture
async def prompt(tmp_path):
    """Return a prompt on a fresh stage."""
    stage = await Stage.open(words("en"), tmp_path, 0)
    watch = Watch(stage)
    watch.read_all()
    yield Prompt(stage, watch, Transcript(Console(file=io.StringIO(), width=90), stage.words))
    await stage.close()


async def typed(prompt: Prompt, *lines: str) -> str:
    """Return what is shown after these lines."""
    console = prompt.transcript._console
    assert isinstance(console.file, io.StringIO)
    console.file.seek(0)
    console.file.truncate()
    for line in lines:
        await prompt.do(line)
    return console.file.getvalue()


async def test_a_request_goes_from_hand_to_hand(prompt):
    told = await typed(prompt, "/new", "/press billing", "I was charged twice", "/press Skip", "/press Submit")
    assert "Request #1 is registered" in told
    assert "new · nobody has it yet" in told

    told = await typed(prompt, "/as bob", "/press Claim")
    assert "(#1 is yours.)" in told
    assert "Bob is on your request #1." in told

    assert prompt.label == "bob> "
    told = await typed(prompt, "/in 1", "/r It is refunded", "nobody outside reads this", "/reply As I said")
    assert prompt.label == "bob in #1> "
    assert told.count("✓ delivered") == 2
    assert told.count("— Ann and the desk —") == 2
    await typed(prompt, "/press Resolve", "/as ann")
    assert "nobody outside" not in await typed(prompt, "/show")


async def test_time_can_pass(prompt):
    await typed(prompt, "/new", "/press Something else", "It hums", "/press Submit", "/as bob", "/press Claim")
    began = prompt.stage.clock.now()
    told = await typed(prompt, "/press Resolve", "/press Resolve all the same", "/wait 3d")
    assert "Is request #1 solved? Without an answer it will close in 24 hours." in told
    assert "Request #1 is closed." in told
    assert prompt.stage.clock.now() - began >= timedelta(days=3)


async def test_whatever_is_typed_is_answered(prompt):
    for line, told in (
        ("/help", "/press Claim"),
        ("//help", "Write your question in your own words."),
        ("/as eve", "nobody called 'eve'"),
        ("/in 1", "/as bob"),
        ("/press Nothing", "no button 'Nothing'"),
        ("/reply", "Write it so"),
        ("/wait a while", "Write it so"),
        ("/nonsense", "I do not know this command."),
    ):
        assert told in await typed(prompt, line)
