"""Names that people give in any letters, as commands and the rules write them: small Latin letters, digits and underscores."""

import re

LONGEST = 32
_LETTERS = dict(
    zip(
        "абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюя",
        "a b v h g d e e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch - y - e iu ia".replace("-", "").split(
            " "
        ),
        strict=True,
    )
)
_TABLE = str.maketrans(_LETTERS)
_WRITTEN = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST - 1}}}")
_BETWEEN = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = re.compile("['’ʼ`]")


def latin_name(text: str) -> str:
    """Return a name in Latin letters: "Друга лінія" is druha_liniia; empty where no letter would begin it."""
    plain = _APOSTROPHES.sub("", text.casefold()).translate(_TABLE)
    if _WRITTEN.fullmatch(plain):
        return plain
    name = _BETWEEN.sub("_", plain).strip("_").lstrip("0123456789_")
    return name[:LONGEST].rstrip("_")
