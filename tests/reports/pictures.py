"""The pictures of docs/figures.md, drawn from a made-up month: ``python -m tests.reports.pictures [FOLDER]``."""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.reports import picture
from bot.reports.producing import put_together, value_formatter, words_of
from handlers.reports.asked import AskedReport
from handlers.reports.kinds import ReportKind
from handlers.reports.ledger import Happened, What
from handlers.reports.questions import Questions
from handlers.reports.report import COUNTED_BY, Comment, Material, Report
from handlers.reports.tally import Counted
from handlers.rules import Rules
from storage.types import moment_ticks

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "reports"
ZONE = "Europe/Kyiv"
MINUTE = 60 * 1_000_000
RULES = Rules(zone=ZONE)
NAMES = (
    "Олена Коваль",
    "Bob Marsh",
    "Ірина Шевчук-Левандовська",
    "Петро",
    "Anna Lind",
    "Тарас",
    "Eve",
    "Мар'яна",
    "Ян",
    "Zed",
    "Юрій",
)
KINDS = {"billing": "information", "access": "service", "hardware": "incident", "other": "service"}
GROUPS = ("first_line", "network", None)


def material(days: int, each: int, seed: int = 1) -> Material:
    """Return what a desk of so many requests a day has made of so many days."""
    random, start = Random(seed), datetime(2026, 10, 1, tzinfo=UTC)
    counted = Counted(start, start + timedelta(days=days), ZONE, COUNTED_BY)
    number = 0
    for day in range(days):
        at_work = each if (start + timedelta(days=day)).weekday() < 5 else each // 4
        for _ in range(at_work):
            number += 1
            came = start + timedelta(days=day, hours=6, minutes=random.triangular(0, 720, 200))
            agent = min(len(NAMES) - 1, int(random.expovariate(0.4)))
            facts = (
                random.choice(tuple(KINDS)),
                random.choice(GROUPS),
                random.choice(("urgent", "high", "normal", "normal", "low")),
            )
            tags = random.sample(("vip", "refund", "новий", "vpn", "printer"), random.randrange(3))
            until = moment_ticks(counted.until)
            told = (
                one._replace(company=number % 7 % 4 or None, request_kind=KINDS[facts[0]])
                for one in life(random, number, came, facts, agent)
            )
            happened = [one for one in told if one.at < until]
            counted.add_all(happened, {"tag": {number: tags}})
            if random.random() < 0.6:
                counted.spend(agent, random.randrange(5, 60), came)
    names: dict[str, dict[Any, str]] = {
        "agent": dict(enumerate(NAMES)),
        "type": {"billing": "Оплата", "access": "Доступ", "hardware": "Техніка", "other": "Інше"},
    }
    names["kind"] = {"incident": "incident", "service": "service request", "information": "information"}
    names["company"] = {1: "Acme", 2: "ТОВ «Промінь»", 3: "Brew & Sons"}
    names["group"] = {"first_line": "Перша лінія", "network": "Мережа"}
    helped = {n: int(each * days / (n * 3)) for n in range(1, 8)} if each else {}
    asked = Questions(
        each * days * 2, each * days, each * days // 3, each * days // 4, each * days // 5, each * days // 3
    )
    asked.helped_by.update(helped)
    asked.failed_by.update({n: n for n in range(2, 9)} if each else {})
    articles = {
        1: "Як скинути пароль?",
        2: "Де мій рахунок?",
        3: "How do I get VPN access?",
        4: "Принтер не друкує",
        5: "Графік роботи",
    }
    comments = [Comment(12, 1, "Довго чекала"), Comment(40, 5, "Дякую!")] if each else []
    waiting = counted.whole.counts[What.CAME] - counted.whole.gone + 14 if each else 0
    ages = [(timedelta(hours=hours), hours) for hours in (1, 5, 30)] if each else []
    return Material(counted, waiting, waiting - 2 if each else 0, ages, asked, names, articles, comments)


def life(
    random: Random, number: int, came: datetime, facts: tuple[str, str | None, str], agent: int
) -> Sequence[Happened]:
    """Return what happens to one request."""
    answer, solve = (int(random.lognormvariate(*of) * MINUTE) for of in ((3.4, 1), (5.6, 1)))
    at = moment_ticks(came)
    first = Happened(What.CAME, at, number, *facts, None)
    told = [first, Happened(What.TAKEN, at + answer // 2, number, *facts, agent)]
    told.append(Happened(What.ANSWERED, at + answer, number, *facts, agent, answer, answer, answer < 60 * MINUTE))
    if random.random() < 0.93:
        end = at + answer + solve
        told.append(Happened(What.SOLVED, end, number, *facts, agent, solve, solve, solve < 9 * 60 * MINUTE))
        if random.random() < 0.3:
            value = random.choice((5, 5, 5, 4, 4, 3, 1))
            told.append(Happened(What.RATED, end, number, *facts, agent, value=value))
        if random.random() < 0.05:
            told.append(Happened(What.REOPENED, end + answer, number, *facts, agent))
    return told


DESKS = {"large": (31, 40), "small": (7, 2), "empty": (7, 0)}
SHOWN = [
    *(("large", kind, "en") for kind in ReportKind),
    ("large", ReportKind.OVERVIEW, "uk"),
    ("empty", ReportKind.OVERVIEW, "en"),
]
EVERY = [(desk, kind, language) for desk in DESKS for kind in ReportKind for language in ("uk", "en")]


def report_of(desk: str, kind: ReportKind, language: str) -> tuple[AskedReport, Report]:
    """Return the report of a kind that a made-up desk has."""
    days, each = DESKS[desk]
    asked = AskedReport(kind, date(2026, 10, 1), date(2026, 10, 1) + timedelta(days=days), ZONE, language)
    return asked, put_together(asked, RULES, material(days, each), material(days, each, seed=2))


def main(folder: Path | None = None) -> None:
    """Draw the pictures of the docs; every kind for a large, a small and an empty desk where a folder is named."""
    where = folder or FOLDER
    where.mkdir(parents=True, exist_ok=True)
    for desk, kind, language in SHOWN if folder is None else EVERY:
        asked, report = report_of(desk, kind, language)
        drawn = picture.draw_report(report, value_formatter(asked, RULES), words_of(asked, RULES))
        (where / f"{desk}-{kind}-{language}.png").write_bytes(drawn)


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:2]))
