"""How often a clean or merely mistyped text is taken for one in another layout or alphabet: ``python -m tests.bench.kb_misread``.

Words: the 20,000 most frequent of each language (``wordfreq``), each asked alone. Natural slips: words and sentences
people wrote (``ua-gec``, Ukrainian), and as people slip on a keyboard (``augmentex``, Russian and English). All three are
only for measuring; what is not installed is left out. And how many mistyped words, alone, are still read as meant.
"""

import random
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec

from kb import Article, Index
from kb.evaluation.measure import base_of, read_labelled
from kb.text.keyboard_layouts import LAYOUTS
from kb.text.normalize import text_tokens
from kb.text.stopwords import says_nothing
from tests.bench.kb_data import data

MOST = 20_000
BASES = {
    "uk": ("helpdesk_uk", "homeassistant_uk"),
    "ru": ("helpdesk_ru", "homeassistant_ru"),
    "en": ("banking77", "clinc150"),
    "uk+ru+en": ("helpdesk_uk", "helpdesk_ru", "banking77"),
}
TURNED = {"uk": "layout:uk-en", "ru": "layout:ru-en", "en": "layout:en-uk"}
PACKAGES = {"wordfreq": "wordfreq", "ua_gec": "ua-gec", "augmentex": "augmentex"}


def index_of(sets: Iterable[str]) -> Index:
    """Return the index of some sets' articles."""
    articles: list[Article] = []
    for name in sets:
        base = base_of(read_labelled(data() / name / "train.tsv"), 5, frozenset())
        articles += [replace(article, id=f"{name}:{article.id}") for article in base]
    index = Index(articles, encoder=None)
    index.settle()
    return index


def misread(index: Index, texts: Iterable[str]) -> list[str]:
    """Return the texts that are read in another layout or alphabet."""
    return [text for text in texts if index.explain(text).how.startswith(("layout", "translit"))]


def frequent(language: str, most: int) -> list[str]:
    """Return the most frequent words of a language."""
    found: list[str] = import_module("wordfreq").top_n_list(language, most)
    return found


def slips(language: str, most: int) -> list[str]:
    """Return texts with natural slips, always the same ones."""
    rng = random.Random(5)
    if language == "uk":
        found = sorted(set(_ukrainian()))
        return rng.sample(found, min(most, len(found)))
    asked = [text for name in BASES[language] for _, text in read_labelled(data() / name / "test.tsv")]
    asked += frequent(language, 4_000) if find_spec("wordfreq") else []
    slip = import_module("augmentex").CharAug(
        unit_prob=0.1, min_aug=1, max_aug=2, mult_num=2, lang={"ru": "rus", "en": "eng"}[language], random_seed=3
    )
    kinds = ("typo", "orfo", "delete", "multiply", "swap", "insert")
    return [slip.augment(text, action=rng.choice(kinds)) for text in rng.sample(asked, min(most, len(asked)))]


def _ukrainian() -> Iterable[str]:
    """Yield the words, and the sentences around them, that somebody corrected the spelling of."""
    for document in import_module("ua_gec").Corpus(partition="all", annotation_layer="gec-only"):
        text = document.annotated.get_original_text()
        spans = [(m.start(), m.end()) for m in re.finditer(r"[^.!?\n]+", text)]
        for slip in document.annotated.get_annotations():
            if slip.meta.get("error_type") == "Spelling":
                yield from (text[start:end].strip() for start, end in spans if start <= slip.start < end)
                yield from (m[0] for m in re.finditer(r"[\w'’]+", text) if m.start() <= slip.start < m.end())


def repaired(index: Index, language: str) -> tuple[int, int]:
    """Return how many words that the base knows are read as meant when typed alone in the other layout, and of how many."""
    asked = " ".join(text for name in BASES[language] for _, text in read_labelled(data() / name / "test.tsv")[:400])
    known = [word for word in sorted(set(re.findall(r"[^\W\d_]{3,}", asked.lower()))) if _known(index, word)]
    turned = [word.translate(LAYOUTS[TURNED[language]]) for word in known]
    return sum(_known(index, word) for word in turned), len(known)


def _known(index: Index, word: str) -> bool:
    """Return whether a word alone, as it is read, is one of the base's."""
    read = index.explain(word)
    return not says_nothing(text_tokens(word)) and (
        read.evidence is None or index.hear(list(read.words)).about.known >= 1.0
    )


def table(say: Callable[..., None], *, quick: bool = False) -> None:
    """Print the table."""
    if absent := [package for module, package in PACKAGES.items() if not find_spec(module)]:
        sys.stdout.write(f"\nNot installed, left out: {', '.join(absent)} (pip install {' '.join(absent)})\n")
    sys.stdout.write(
        "\nRead in another layout or alphabet though typed as meant; of mistyped words alone, read as meant\n"
    )
    say("base", "texts in", "words", "misread", "slips", "misread", "repaired")
    for name, sets in BASES.items():
        index = index_of(sets)
        for language in TURNED:
            words = frequent(language, 500 if quick else MOST) if find_spec("wordfreq") else []
            able = find_spec("ua_gec") if language == "uk" else find_spec("augmentex")
            told = slips(language, 200 if quick else 5_000) if able else []
            right = "{} of {}".format(*repaired(index, language)) if language == name else "-"
            say(name, language, len(words), len(misread(index, words)), len(told), len(misread(index, told)), right)


if __name__ == "__main__":
    from tests.bench.kb import say

    table(say, quick="--quick" in sys.argv[1:])
