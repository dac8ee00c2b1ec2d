"""Write ``kb/text/letter_pairs.json`` from the desk's own texts: ``python -m tests.bench.kb_letters``.

How usual each pair of letters is in English, Russian and Ukrainian words, and in the latter two typed in Latin letters.
The words are those of the catalogues, the example articles and the pages of ``docs/``, all written for this project.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "kb" / "text" / "letter_pairs.json"
LETTERS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
}
_ONLY = {"en": frozenset(), "ru": frozenset("іїєґ"), "uk": frozenset("ыэёъ")}
_SOFT = 0.3  # counted of each pair that was never met
_SCHEMES = (
    "a b v g d e zh z i i k l m n o p r s t u f h ts ch sh shch - y - e yu ya i ye yi g yo",
    "a b v h d e zh z y y k l m n o p r s t u f kh ts ch sh shch - y - e iu ia i ie i g yo",
    "a b v g d e j z i j k l m n o p r s t u f x c ch sh sch - i - e ju ja i je ji g jo",
)


def texts(language: str) -> str:
    """Return what the project says in a language."""
    said = (ROOT / "handlers" / "locale" / f"{language}.po").read_text(encoding="utf-8")
    found = "\n".join(one or two for one, two in re.findall(r'^msgstr(?:\[\d\])? "(.*)"$|^"(.*)"$', said, re.MULTILINE))
    found = re.sub(r"\{[^}]*\}|\\n", " ", found)
    found += (ROOT / "kb" / "examples" / f"{language}.yaml").read_text(encoding="utf-8")
    found += (ROOT / "kb" / "text" / "words.yaml").read_text(encoding="utf-8")
    pages = sorted((ROOT / "docs").glob("*.md")) if language == "en" else []
    return "\n".join([found, *(page.read_text(encoding="utf-8") for page in pages)])


def words(language: str) -> dict[str, float]:
    """Return the words of a language, weighed by how often they are met, a little."""
    met = Counter(re.findall(r"[^\W\d_]+", re.sub("['’ʼ]", "", texts(language).lower())))
    mine = set(LETTERS[language])
    return {
        word: 1 + math.log(count)
        for word, count in met.items()
        if set(word) <= mine and not set(word) & _ONLY[language]
    }


def in_latin(cyrillic: Iterable[dict[str, float]]) -> dict[str, float]:
    """Return the words as they are typed in Latin letters, in the usual schemes."""
    found: dict[str, float] = {}
    for scheme in _SCHEMES:
        spelt = scheme.replace("-", "").split(" ")
        table = str.maketrans(dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяієїґё", spelt, strict=True)))
        for met in cyrillic:
            for word, weight in met.items():
                latin = word.translate(table)
                found[latin] = found.get(latin, 0.0) + weight
    return found


def pairs(letters: str, met: dict[str, float]) -> list[str]:
    """Return a row of digits for each first letter: how unusual each second is, 0 (nearly always) to 9 (hardly ever)."""
    count: defaultdict[str, float] = defaultdict(float)
    first: defaultdict[str, float] = defaultdict(float)
    for word, weight in met.items():
        for one, two in zip(" " + word, word + " ", strict=True):
            count[one + two] += weight
            first[one] += weight
    every = " " + letters
    chance = {a + b: (count[a + b] + _SOFT) / (first[a] + _SOFT * len(every)) for a in every for b in every}
    return ["".join(str(min(9, round(-math.log(chance[a + b])))) for b in every) for a in every]


def main() -> None:
    """Write the table."""
    met = {language: words(language) for language in LETTERS}
    tables = {
        language: {"letters": " " + LETTERS[language], "rows": pairs(LETTERS[language], met[language])}
        for language in LETTERS
    }
    tables["latin"] = {"letters": " " + LETTERS["en"], "rows": pairs(LETTERS["en"], in_latin((met["ru"], met["uk"])))}
    WRITTEN.write_text(json.dumps(tables, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
