"""How soon an outage is noticed, how often the bell rings for nothing, simulated and seeded: `python -m tests.bench.outages`."""

import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import exp

from handlers.tickets.noticing import notices_over_history
from kb.evaluation.measure import read_labelled
from storage.care.outages import Asked
from tests.bench.kb_data import data

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
DAYS = 37  # a week to warm up, and thirty days
SIZES = (30, 300, 3000)  # questions a day
Asking = Callable[[random.Random], Callable[[], str]]  # by chance, what makes questions
SETS = ("banking77", "helpdesk_uk", "helpdesk_ru", "clinc150")
WORDS = [
    "site",
    "login",
    "card",
    "parcel",
    "invoice",
    "refund",
    "printer",
    "laptop",
    "vpn",
    "mail",
    "phone",
    "order",
    "account",
    "password",
    "bonus",
    "delivery",
    "office",
    "door",
    "key",
    "coffee",
    "address",
    "change",
    "tariff",
    "contract",
    "balance",
    "document",
    "signature",
    "passport",
    "courier",
    "warehouse",
    "discount",
    "coupon",
    "catalog",
    "size",
    "color",
    "return",
]
TOPICS = [WORDS[n : n + 3] for n in range(0, len(WORDS), 3)]
FILLING = [
    "how",
    "do",
    "i",
    "please",
    "my",
    "what",
    "when",
    "the",
    "can",
    "you",
    "need",
    "want",
    "why",
    "is",
    "it",
    "today",
    "again",
    "help",
    "with",
    "where",
]


def own_words(chance: random.Random) -> Callable[[], str]:
    """Return what makes questions of a few words of ours, some topics more than others, each in its own words."""
    weights = [1 / (place + 1) for place in range(len(TOPICS))]

    def question() -> str:
        topic = chance.choices(TOPICS, weights)[0]
        said = [*chance.sample(topic, chance.randint(1, 3)), *chance.sample(FILLING, 4)]
        chance.shuffle(said)
        return " ".join(said)

    return question


def of_set(name: str) -> Asking:
    """Return what makes questions as people asked them in a public set, some topics more than others."""
    by_label: dict[str, list[str]] = {}
    for label, text in read_labelled(data() / name / "train.tsv"):
        by_label.setdefault(label, []).append(text)

    def asking(chance: random.Random) -> Callable[[], str]:
        topics = list(by_label.values())
        chance.shuffle(topics)
        weights = [1 / (place + 1) for place in range(len(topics))]
        return lambda: chance.choice(chance.choices(topics, weights)[0])

    return asking


def ordinary(seed: int, a_day: int, days: int = DAYS, asking: Asking = own_words) -> list[Asked]:
    """Return what is asked at an ordinary desk: by the hours of its week, and by ``asking``."""
    chance, found = random.Random(seed), list[Asked]()
    question = asking(chance)
    for step in range(days * 144):
        at = START + timedelta(minutes=10 * step)
        busy = (2.2 if 9 <= at.hour < 18 else 0.4) * (1 if at.weekday() < 5 else 0.4)
        for _ in range(_poisson(chance, a_day / 144 * busy)):
            text, when = question(), at + timedelta(seconds=chance.randint(0, 599))
            found.append(Asked(len(found), chance.randint(1, a_day * 20), text, when))
    return sorted(found, key=lambda one: one.at)


def broken(
    asked: list[Asked], since: datetime, people: int = 12, within: timedelta = timedelta(minutes=10)
) -> list[Asked]:
    """Return the same with so many people who ask alike from then on, evenly."""
    each = within / people
    alike = (
        Asked(
            10**6 + n, 10**7 + n, f"the site does not {'open' if n % 2 else 'load'} {FILLING[n % 9]}", since + each * n
        )
        for n in range(people)
    )
    return sorted([*asked, *alike], key=lambda one: one.at)


def _poisson(chance: random.Random, mean: float) -> int:
    limit, count, product = exp(-mean), 0, 1.0
    while (product := product * chance.random()) > limit:
        count += 1
    return count


def noticed_after(seed: int, a_day: int, asking: Asking = own_words) -> timedelta | None:
    """Return how long after its first question an outage in a quiet hour of the third week is noticed."""
    since = START + timedelta(days=15, hours=22)
    past = [one for one in ordinary(seed, a_day, 16, asking) if one.at < since + timedelta(hours=1)]
    history = broken(past, since)
    found = [at for at, _ in notices_over_history(history, step=timedelta(minutes=1)) if at >= since]
    return found[0] - since if found else None


def main() -> None:
    """Print both, by what is asked and by size; ``--sets`` asks as people did in the public sets, ``--all`` plays the largest."""
    kinds: dict[str, Asking] = {"our words": own_words}
    if "--sets" in sys.argv:
        kinds |= {name: of_set(name) for name in SETS}
    for name, asking in kinds.items():
        for a_day in SIZES if "--all" in sys.argv else SIZES[:2]:
            history = ordinary(a_day, a_day, asking=asking)
            false = [at for at, _ in notices_over_history(history) if at >= START + timedelta(days=7)]
            after = noticed_after(1, a_day, asking)
            told = f"{after.total_seconds() / 60:.0f} min" if after is not None else "never"
            sys.stdout.write(
                f"{name}, {a_day} a day: noticed after {told}; {len(false)} false alarms in 30 days"
                f" ({len(history)} questions)\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
