"""What a cell of a spreadsheet holds of a text."""

LONGEST = 32_767  # letters of a cell, in units of UTF-16


def cell_text(text: str) -> str:
    """Return a text as a cell holds it: what no file of XML may hold is gone, what is too long says that it is."""
    kept = "".join(letter for letter in text if letter >= " " or letter in "\t\n")
    return kept if _units(kept) <= LONGEST else _cut(kept)


def _units(text: str) -> int:
    """Return how long a text is as spreadsheets count: in units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def _cut(text: str) -> str:
    room, kept = LONGEST - 1, text[: LONGEST - 1]
    while _units(kept) > room:
        kept = kept[: len(kept) - max(1, (_units(kept) - room) // 2)]
    return kept + "…"
