"""One Latin spelling for all the ways Ukrainian and Russian are typed in Latin letters."""

_LETTERS = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ",
        "a b v h d e z z i i k l m n o p r s t u f h c c s s * i * e iu ia i i e h".replace("*", "").split(" "),
        strict=True,
    )
)
_CYRILLIC = str.maketrans(_LETTERS)
# Longer spellings first; after this table ж z, ч c, ш s, щ s, х h, г h, ц c, в v, й i, ю iu, я ia.
_DIGRAPHS = (
    ("shch", "s"), ("sch", "s"), ("szcz", "s"), ("tsch", "c"), ("zgh", "zh"), ("zh", "z"), ("kh", "h"), ("ch", "c"),
    ("sh", "s"), ("ts", "c"), ("tz", "c"), ("cz", "c"), ("sz", "s"), ("ph", "f"), ("gh", "h"), ("yo", "e"),
    ("jo", "e"), ("io", "e"), ("ye", "e"), ("je", "e"), ("ie", "e"), ("ya", "ia"), ("ja", "ia"), ("yu", "iu"),
    ("ju", "iu"), ("yi", "i"), ("ji", "i"), ("ij", "i"), ("iy", "i"), ("yy", "i"), ("yj", "i"),
)  # fmt: skip
_SINGLE = str.maketrans(
    {"y": "i", "j": "z", "g": "h", "w": "v", "x": "h", "q": "k", "4": "c", "6": "s", "č": "c", "š": "s", "ž": "z",
     "ě": "e", "ï": "i", "ö": "e", "ü": "iu"}
)  # fmt: skip


def latin_skeleton(word: str) -> str:
    """Return the Latin skeleton of a word in either script."""
    if any("а" <= letter <= "я" or letter in "іїєґ" for letter in word):
        latin = word.translate(_CYRILLIC)
        latin = latin.replace("io", "e").replace("ie", "e")
    else:
        latin = word
        for spelled, letter in _DIGRAPHS:
            latin = latin.replace(spelled, letter)
        latin = _final_j(latin).translate(_SINGLE)
    return _single(latin)


def _final_j(word: str) -> str:
    """Read j after a vowel as й, elsewhere it stays ж."""
    out = ["i" if letter == "j" and at and word[at - 1] in "aeiouy" else letter for at, letter in enumerate(word)]
    return "".join(out)


def _single(word: str) -> str:
    return "".join(letter for at, letter in enumerate(word) if not at or letter != word[at - 1])


_BACK = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ch", "ч"), ("sh", "ш"), ("ts", "ц"), ("yu", "ю"),
    ("ju", "ю"), ("iu", "ю"), ("ya", "я"), ("ja", "я"), ("ia", "я"), ("ye", "е"), ("je", "е"), ("ie", "е"), ("yo", "е"),
    ("jo", "е"), ("yi", "и"), ("ji", "и"), ("iy", "ий"), ("yy", "ий"), ("ij", "ий"), ("yj", "ий"), ("ay", "ай"),
    ("aj", "ай"), ("oy", "ой"), ("oj", "ой"), ("ey", "ей"), ("ej", "ей"), ("uy", "уй"), ("uj", "уй"), ("ai", "ай"),
)  # fmt: skip
_BACK_SINGLE = str.maketrans(
    dict(zip("abcdefghijklmnopqrstuvwxyz46", "абцдефггижклмнопкрстуввхизчш", strict=True)) | {"x": "х", "y": "и"}
)


def cyrillic_spelling(word: str) -> str:
    """Return the likeliest Cyrillic spelling of a word typed in Latin letters."""
    for spelled, letter in _BACK:
        word = word.replace(spelled, letter)
    return word.translate(_BACK_SINGLE)
