"""The simulated town in short: `make simulate` lets many more live."""

import subprocess
import sys

from tests.house.reference import ROOT
from tests.town.ablations import ABLATIONS, switched_off
from tests.town.plan import Act, shrink

WITHIN = 300  # seconds on a busy machine; a quiet one needs fifteen


def lived(*arguments: str) -> None:
    """Let towns live in a process of their own: the order of sets is part of a seed, and the loop owns all time in it."""
    command = [sys.executable, "-m", "tests.town", *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=WITHIN, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_few_towns_live_and_come_out_the_same_again():
    lived("--short")


def test_a_town_lives_on_postgresql():
    lived("--seeds", "1", "--first", "2", "--stage", "crossed", "--database", "postgres")


def test_a_failing_plan_is_made_small():
    acts = [Act(number, "says", number) for number in range(60)]

    def fails(kept):
        return {7, 31} <= {act.number for act in kept}

    assert [act.number for act in shrink(acts, fails, 200)] == [7, 31]


def test_every_safeguard_can_be_switched_off_and_is_there_again():
    for ablation in ABLATIONS:
        real = getattr(ablation.where, ablation.what)
        with switched_off(ablation):
            assert getattr(ablation.where, ablation.what) != real
        assert getattr(ablation.where, ablation.what) == real
