"""Questions of our own on what the public sets do not hold: numbers, look-alike letters, opposites, another thing in a frame.

Each row says which article is wanted, answered or offered first; ``-`` where none answers, so that none may be sure.
"""

from dataclasses import dataclass
from importlib.resources import files

import yaml

from kb import Article, Index, Sure, Unknown

SETS = ("numbers", "lookalikes", "opposites", "frames")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many rows came out as wanted, of how many; of how many another article was surely answered; which did not."""

    right: int
    rows: int
    wrongly_sure: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        """Return the percentage that is as wanted."""
        return 100.0 * self.right / self.rows


def load(name: str) -> tuple[list[Article], list[tuple[str, str]]]:
    """Return the articles of a set and its questions, each with the key of the article that is wanted."""
    raw = yaml.safe_load(files("tests.bench").joinpath("sets", f"{name}.yaml").read_text(encoding="utf-8"))
    articles = [
        Article(key, one["question"], "", tuple(one["aliases"]), (), one["language"])
        for key, one in raw["articles"].items()
    ]
    return articles, [(text, wanted) for text, wanted in raw["asked"]]


def judge(name: str, index: Index) -> Wanted:
    """Return how the questions of a set come out in an index of its articles."""
    _, asked = load(name)
    missed, sure = [], 0
    for text, wanted in asked:
        verdict = index.find(text)
        first = str(verdict.candidates[0].article_id) if verdict.candidates else ""
        wrongly = isinstance(verdict, Sure) and first != wanted
        sure += wrongly
        if wrongly or (wanted != "-" and (first != wanted or isinstance(verdict, Unknown))):
            missed.append(f"{text} → {type(verdict).__name__} {first} (wanted {wanted})")
    return Wanted(len(asked) - len(missed), len(asked), sure, tuple(missed))
