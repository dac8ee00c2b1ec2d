"""The benches run in CI for correctness only: what they measure is for a quiet machine."""

import asyncio
import sys

import pytest


async def said_by(bench: str) -> str:
    """Run the quick form of a bench, see that it succeeds, and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.bench.{bench}", "--quick"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_each_message_of_the_path_bench_brings_exactly_one_send() -> None:
    said = await said_by("path")
    assert "Telegram, desk / echo" in said
    assert "Slack, desk / echo" in said


@pytest.mark.full
async def test_every_act_of_the_scale_bench_is_one_turn_that_succeeds() -> None:
    said = await said_by("scale")
    for database in ("SQLite", "PostgreSQL"):
        assert f"| {database}" in said


@pytest.mark.parametrize(
    ("bench", "told"), [("departments", "refused by Telegram: 0"), ("announcing", "told: 301 in")], ids=lambda one: one
)
async def test_a_bench_of_simulated_minutes_holds_what_it_promises(bench: str, told: str) -> None:
    assert told in await said_by(bench)


@pytest.mark.full
async def test_a_desk_is_read_beside_while_people_speak() -> None:
    assert "export 0" not in await said_by("beside")
