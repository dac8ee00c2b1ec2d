"""Texts typed with the wrong keyboard layout or in the wrong alphabet, put right by what the base knows."""

from collections.abc import Callable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from kb.text.courtesy import content_words
from kb.text.keyboard_layouts import LAYOUTS, UNSHIFT
from kb.text.letter_pairs import turned_likelier, typed_in_latin
from kb.text.normalize import MAX_TOKENS, clean_text, cleaned_words
from kb.text.transliteration import cyrillic_spelling, latin_skeleton
from kb.text.vocabulary import Vocabulary

Coverage = Callable[[list[str]], float]  # how well the base knows some words, 0..1
ENOUGH = 0.6  # a text known to this share is what it seems
_ALONE = (0.6, 0.6, 0.3, 0.0)  # how well a reading of one word, or of two, must be known: parts of words are chance
BETTER = 0.15  # a reading must be better known by this much
_HEARD = 0.3  # a share of the letters that must sound like known words before slips are looked for
_TASTE = 4  # words tried before a whole text is read anew
_HOPE = 0.1  # lower costs time, higher costs translit: 0.2 loses two points of it on dev
_CLOSE = 0.9
_SLIPS = 24  # words of a text in which slips are looked for
_LONGEST = 400  # characters of a text that are re-read: four lines say which keyboard it was
# How much likelier the letters of a reading must be (letter_pairs.py): what looks well as it was typed stays.
_LIKELIER = 2
_LIKELIER_SHORT = 3  # of one short word alone, which the base must have whole besides
_LIKELIER_WHOLE = -5  # of one longer word alone that the base has whole: that is no chance
_LIKELIER_LATIN = 4  # of one word alone in Latin letters
_LIKELIER_LETTER = (
    -0.6
)  # of each letter of a longer text in Latin letters that the base knows in part: spellings differ
_SHORT = 5  # letters
_NEVER = float("inf")
_BESIDE = "beside"  # one word that may be of either alphabet: "bank"


def repair_input(text: str, seen: list[str], coverage: Coverage, vocabulary: Vocabulary) -> tuple[str, list[str]]:
    """Return ("typed", seen), or the other reading of the text that the base knows clearly better.

    A word alone that may be of either alphabet stays as it was typed, and its other reading stands beside it.
    """
    covered = coverage(seen)
    if covered >= ENOUGH:
        return "typed", seen
    best = ("typed", seen)
    goal = covered + BETTER
    least = _ALONE[min(len(seen), len(_ALONE) - 1)]
    for name, found in _readings(text, coverage, vocabulary):
        share = coverage(found) if any(len(word) > 2 for word in found) else 0.0
        if share >= max(goal, least):
            best, goal = (name, found), share + 1e-9
    name, words = best
    return ("typed", [*seen, *words]) if name == _BESIDE else best


def _readings(text: str, coverage: Coverage, vocabulary: Vocabulary) -> Iterator[tuple[str, list[str]]]:
    """Yield (how it was read, its words) for every other way a text may have been typed."""
    typed = text[:_LONGEST].lower().translate(UNSHIFT)
    from_cyrillic = any("а" <= letter <= "я" or letter in "іїєґё" for letter in typed)
    from_latin = bool(vocabulary) and any("a" <= letter <= "z" for letter in typed)
    longest = sorted(typed.split(), key=len, reverse=True)[:_TASTE]
    for name, table in LAYOUTS.items():
        fits = from_latin if name.startswith("layout:en") else from_cyrillic
        if fits and _promising([piece.translate(table) for piece in longest], coverage):
            found = content_words(_turned(typed, table, coverage))
            strange = [piece for piece in typed.split() if coverage(cleaned_words(clean_text(piece))) < 1.0]
            if turned_likelier(strange, name) >= _least_of_turned(found, coverage):
                yield name, found
    if from_latin and _promising([cyrillic_spelling(piece) for piece in longest], coverage):
        yield from _in_latin(content_words(cleaned_words(clean_text(typed))), coverage, vocabulary)


def _least_of_turned(found: list[str], coverage: Coverage) -> float:
    """Return how much likelier a reading by another layout must be: one word alone is easily met by chance."""
    if len(found) != 1:
        return _LIKELIER
    whole = coverage(found) == 1.0
    if len(found[0]) < _SHORT:
        return _LIKELIER_SHORT if whole else _NEVER
    return _LIKELIER_WHOLE if whole else _LIKELIER


def _in_latin(words: list[str], coverage: Coverage, vocabulary: Vocabulary) -> Iterator[tuple[str, list[str]]]:
    """Yield the readings of words typed in Latin letters that do not look English, or less so than Ukrainian or Russian."""
    if sum(len(word) for word in words if word.isascii()) * 2 < sum(map(len, words)):
        return  # a Cyrillic text with a name in it
    strange = [word for word in words if word.isascii() and coverage([word]) < 1.0]
    likelier = typed_in_latin(strange)
    for found in _heard(words, coverage, vocabulary):
        if len(words) > 1:
            if coverage(found) >= ENOUGH or likelier >= _LIKELIER_LETTER * sum(map(len, strange)):
                yield "translit", found
        elif coverage(found) == 1.0:
            yield "translit" if likelier >= _LIKELIER_LATIN else _BESIDE, found


def _promising(pieces: list[str], coverage: Coverage) -> bool:
    """Return whether the longest words, read so, look like any the base has: most texts end here."""
    return coverage([word for piece in pieces for word in cleaned_words(clean_text(piece))]) >= _HOPE


def _heard(seen: list[str], coverage: Coverage, vocabulary: Vocabulary) -> Iterator[list[str]]:
    """Yield the words as they sound: like words of the base, or spelt letter by letter; known words may stay."""
    heard = [vocabulary.spelled(latin_skeleton(word)) for word in seen]
    yield [word or cyrillic_spelling(was) for word, was in zip(heard, seen, strict=True)]
    strange = [coverage([word]) < 1.0 for word in seen]
    rest = [
        (word or cyrillic_spelling(was)) if new else was for word, was, new in zip(heard, seen, strange, strict=True)
    ]
    yield rest
    if sum(len(word) for word in heard if word) >= _HEARD * sum(map(len, seen)):
        slips = [new and not word for word, new in zip(heard, strange, strict=True)]
        slips[_SLIPS:] = [False] * len(slips[_SLIPS:])
        yield [_nearest(was, vocabulary) if slip else word for word, was, slip in zip(rest, seen, slips, strict=True)]


def _turned(typed: str, table: dict[int, str], coverage: Coverage) -> list[str]:
    """Return the words with every piece re-read, except the pieces that the base knows as they are."""
    out: list[str] = []
    for piece in typed.split():
        turned = cleaned_words(clean_text(piece.translate(table)))
        seen = cleaned_words(clean_text(piece)) if len(piece) > 2 else []
        out += seen if seen and coverage(seen) == 1.0 > coverage(turned) else turned
    return out[:MAX_TOKENS]


def _nearest(word: str, vocabulary: Vocabulary) -> str:
    """Return the word of the base that sounds most like a word, or its spelling letter by letter."""
    latin = latin_skeleton(word)
    near = process.extractOne(
        latin, vocabulary.near(latin), scorer=JaroWinkler.normalized_similarity, score_cutoff=_CLOSE
    )
    return (near and vocabulary.spelled(near[0])) or cyrillic_spelling(word)
