"""The development sets, and larger bases made of them."""

import os
import random
from dataclasses import dataclass
from pathlib import Path

from kb import Article
from kb.evaluation.measure import Labelled, base_of, read_labelled

SETS = ("clinc150", "banking77", "helpdesk_uk", "helpdesk_ru", "homeassistant_ru", "homeassistant_uk")
KINDS = ("typo", "layout", "translit", "drop", "order", "noise")


@dataclass(frozen=True, slots=True)
class Case:
    """A base of five phrasings an article, its test questions, strangers, and the questions spoilt in some ways."""

    name: str
    base: list[Article]
    asked: list[Labelled]
    strangers: list[str]
    spoilt: dict[str, list[tuple[str, str, str]]]  # kind -> label, text, original


def data() -> Path:
    """Return where the sets lie, or leave with a word about it."""
    shared = os.environ.get("FRONTDESK_SHARED")
    if not shared or not (Path(shared) / "data" / "kb").is_dir():
        raise SystemExit("Set FRONTDESK_SHARED to the folder that holds data/kb.")
    return Path(shared) / "data" / "kb"


def case(name: str, per_label: int = 5, most: int | None = None) -> Case:
    """Return a set's test split; ``most`` questions of each kind where given."""
    folder = data() / name
    held = frozenset[str]()
    if (folder / "near_oos_labels.txt").exists():
        held = frozenset((folder / "near_oos_labels.txt").read_text(encoding="utf-8").split())
    base = base_of(read_labelled(folder / "train.tsv"), per_label, held)
    rows = read_labelled(folder / "test.tsv")
    strangers = [text for label, text in rows if label in held]
    if (folder / "oos_test.tsv").exists():
        strangers += [text for _, text in read_labelled(folder / "oos_test.tsv")]
    asked = [row for row in rows if row[0] not in held]
    rng = random.Random(7)
    if name == "clinc150":
        asked = rng.sample(asked, 1_500)  # three questions to two strangers, the mix that the goals are stated for
    if most and len(asked) > most:
        asked = rng.sample(asked, most)
        strangers = rng.sample(strangers, min(len(strangers), most))
    return Case(name, base, asked, strangers, _spoilt(name, held, most))


def _spoilt(name: str, held: frozenset[str], most: int | None) -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    lines = (data() / "perturbed" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for label, text, kind, original in (line.split("\t") for line in lines):
        if label not in held:
            found.setdefault(kind, []).append((label, text, original))
    return {kind: rows[:most] for kind, rows in found.items()}


def large(articles: int, seed: int = 5) -> list[Article]:
    """Return a base of five phrasings an article: train rows with a word dropped, one mistyped, one strange."""
    rng = random.Random(seed)
    rows = [text for name in SETS for _, text in read_labelled(data() / name / "train.tsv")]

    def spoil(text: str) -> str:
        words = text.split()
        if len(words) > 3 and rng.random() < 0.5:
            del words[rng.randrange(len(words))]
        at = rng.randrange(len(words))
        if len(words[at]) > 2:
            letter = rng.randrange(len(words[at]))
            words[at] = words[at][:letter] + rng.choice("abcdefghijklmnopqrstuvwxyz") + words[at][letter + 1 :]
        words.insert(rng.randrange(len(words)), rng.choice(rng.choice(rows).split()))
        return " ".join(words)

    def article(number: int) -> Article:
        said = [spoil(rng.choice(rows)) for _ in range(5)]
        return Article(number, said[0], "", tuple(said[1:]))

    return [article(number) for number in range(articles)]
