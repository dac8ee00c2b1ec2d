"""The benches run in CI for correctness only: what they measure is for a quiet machine."""

import asyncio
import sys

import pytest


async def test_each_message_of_the_path_bench_brings_exactly_one_send() -> None:
    bench = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.path", "--quick"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await bench.communicate()
    assert bench.returncode == 0, said.decode()
    assert "Telegram, desk / echo" in said.decode()
    assert "Slack, desk / echo" in said.decode()


@pytest.mark.full
async def test_every_act_of_the_scale_bench_is_one_turn_that_succeeds() -> None:
    bench = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.scale", "--quick"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await bench.communicate()
    assert bench.returncode == 0, said.decode()
    for database in ("SQLite", "PostgreSQL"):
        assert f"| {database}" in said.decode()


@pytest.mark.parametrize(
    ("bench", "told"), [("departments", "refused by Telegram: 0"), ("announcing", "told: 301 in")], ids=lambda one: one
)
async def test_a_bench_of_simulated_minutes_holds_what_it_promises(bench: str, told: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.bench.{bench}", "--quick"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert told in said.decode()


@pytest.mark.full
async def test_a_desk_is_read_beside_while_people_speak() -> None:
    bench = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.beside", "--quick"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await bench.communicate()
    assert bench.returncode == 0, said.decode()
    assert "export 0" not in said.decode()
