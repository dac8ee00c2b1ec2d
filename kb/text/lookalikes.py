"""Letters of two alphabets that look alike: a word in both is read in the one that its unmistakable letters belong to."""

import re

_CYRILLIC = "аеорсхуіАВЕКМНОРСТХІУ"
_LATIN = "aeopcxyiABEKMHOPCTXIY"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_ALWAYS = str.maketrans("ѕЅјЈԁԛԝһ", "sSjJdqwh")  # of neither Ukrainian nor Russian: they can only stand for Latin ones
_WORD = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_BOTH = re.compile(r"[a-zA-Z][-‐‑]?[а-яёіїєґА-ЯЁІЇЄҐ]|[а-яёіїєґА-ЯЁІЇЄҐ][-‐‑]?[a-zA-Z]")
_APOSTROPHE = re.compile(r"(?<=[бпвмфркБПВМФРК])[*\"“”„″](?=[яюєїЯЮЄЇ])")  # typed for the apostrophe inside a word
_STRANGE = re.compile(r"[ѕЅјЈԁԛԝһ]")


def one_alphabet(text: str) -> str:
    """Return a text whose words are each in one alphabet, as far as their letters leave no doubt."""
    if _STRANGE.search(text):
        text = text.translate(_ALWAYS)
    if _BOTH.search(text):
        text = _WORD.sub(_settle, text)
    return _APOSTROPHE.sub("", text)


def _settle(found: re.Match[str]) -> str:
    word = found[0]
    letters = [letter for letter in word if letter.isalpha()]
    latin = [letter for letter in letters if letter.isascii()]
    if not latin or len(latin) == len(letters):
        return word
    own_latin = any(letter not in _LATIN for letter in latin)
    own_cyrillic = any(letter not in _CYRILLIC for letter in letters if not letter.isascii())
    if own_latin and own_cyrillic:
        return word
    if own_latin or (not own_cyrillic and 2 * len(latin) > len(letters)):
        return word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC)
