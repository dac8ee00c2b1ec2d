"""Which column of somebody's table holds what: by its name in three languages, else by what stands in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import yaml

from kb.text.languages import language_named

Cells = Sequence[str]


def _names() -> dict[str, dict[str, list[str]]]:
    raw = yaml.safe_load(files("kb.files").joinpath("columns.yaml").read_text(encoding="utf-8"))
    return {
        kind: {field: [name.strip(" '") for name in words.get(kind, "").split(",")] for field, words in raw.items()}
        for kind in ("is", "maybe")
    }


_NAMES = _names()
_OFF, _OFF_BEGINS = frozenset(_NAMES["is"].pop("off")), tuple(_NAMES["maybe"].pop("off"))
_STRONG = {name: field for field, names in _NAMES["is"].items() for name in names if name}
_WEAK: dict[str, list[str]] = {}
for _field, _some in _NAMES["maybe"].items():
    for _name in filter(None, _some):
        _WEAK.setdefault(_name, []).append(_field)
_SUFFIX = re.compile(r"^(.*?)[ (]{1,3}(\w\w\w?)\)?$")
NEEDED = ("question", "answer")
_TITLE = 60  # letters of a column's name
_STATE = 40  # letters of what a cell says of its row's state; more is a remark
_STRANGE = 30  # letters of a column's name that nobody knows
LOOKED_AT = 200  # rows by which a column is judged


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a table's articles are read from.

    ``places`` names for each language of the table ("" where its columns name none) the columns of each field, the first that
    is not empty is taken. ``guessed`` are the fields told by content alone, ``missing`` those that were not found at all.
    """

    places: Mapping[str, Mapping[str, tuple[int, ...]]]
    guessed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unused: tuple[int, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)  # what parts the items of a list


def column_letter(at: int) -> str:
    """Return what a spreadsheet calls a column: A, B … AA."""
    return (column_letter(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)


def column_at(name: str) -> int | None:
    """Return the place of a column that is called by its letters or counted from 1; None where it is neither."""
    said = name.strip().upper()
    if said.isascii() and said.isdigit() and 0 < int(said) < 1000:
        return int(said) - 1
    if re.fullmatch("[A-Z]{1,2}", said):
        place = 0
        for sign in said:
            place = place * 26 + ord(sign) - ord("A") + 1
        return place - 1
    return None


def is_off(cell: str) -> bool:
    """Return whether a cell says that its row is not to be used."""
    said = " ".join(cell.lower().replace("ё", "е").split()).rstrip(".! ")
    return said in _OFF or (len(said) <= _STATE and said.startswith(_OFF_BEGINS))


def read_heading(name: str) -> tuple[str, list[str], str]:
    """Return the field that a heading surely means, those that it may mean, and the language it names ("" for none)."""
    plain = " ".join(re.sub(r"[_\-./:*?!]+", " ", name.strip().lower().replace("ё", "е")).split()) or name.strip()
    language = ""
    if (cut := _SUFFIX.match(plain)) and (code := language_named(cut[2])) and (cut[1] in _STRONG or cut[1] in _WEAK):
        plain, language = cut[1], code
    return _STRONG.get(plain, ""), _WEAK.get(plain, []), language


def is_header(cells: Cells) -> bool:
    """Return whether a row names columns: short cells, one of which is a name of the question, the answer or another field."""
    told = [(cell.strip(), *read_heading(cell)[:2]) for cell in cells if cell.strip()]
    if not told or any(len(cell) > _TITLE for cell, _, _ in told):
        return False
    sure = {field for _, field, _ in told if field}
    if sure & {*NEEDED}:
        return True
    maybe = {field for _, _, some in told for field in some}
    others = {field for cell, field, _ in told if field and len(cell) > 2}
    return len(told) > 1 and bool(others or maybe & {*NEEDED}) and not any("?" in cell for cell, _, _ in told)


def is_strange_header(cells: Cells, below: Sequence[Cells]) -> bool:
    """Return whether a row names columns in words of its own: short ones, above a column in which nearly all rows ask."""
    told = [at for at, cell in enumerate(cells) if cell.strip()]
    if len(told) < 2 or len(below) < 2 or any("?" in cell or len(cell) > _STRANGE for cell in cells):
        return False
    return any(_asks([row[at] for row in below[:LOOKED_AT] if at < len(row)]) > 0.8 for at in told)


def match_columns(header: Cells | None, rows: Sequence[Cells], chosen: Mapping[str, int]) -> Columns:
    """Return which column holds what; ``chosen`` is what somebody said, ``header`` None where the table has none."""
    width = max([len(header or ()), *(len(row) for row in rows[:LOOKED_AT])], default=0)
    places: dict[str, dict[str, list[int]]] = {}
    weak: list[tuple[int, list[str], str]] = []
    taken = set(chosen.values())
    for at, heading in enumerate(header or ()):
        sure, some, language = read_heading(heading)
        if at in taken:
            continue
        if sure and sure not in chosen:
            places.setdefault(language, {}).setdefault(sure, []).append(at)
        elif some:
            weak.append((at, some, language))
    for name, at in chosen.items():
        places.setdefault("", {})[name] = [at]
    for at, some, language in weak:
        ours = places.setdefault(language, {})
        # A second column of the question or the answer speaks where the first is silent.
        name = next((one for one in some if one not in ours), next((one for one in some if one in NEEDED), ""))
        if name and name not in chosen:
            ours.setdefault(name, []).append(at)
    guessed = _guess(places, rows, width) if not _complete(places) else []
    missing = [name for name in NEEDED if not any(name in ours for ours in places.values())]
    used = {at for ours in places.values() for some in ours.values() for at in some}
    marks = {name: _marks(name, places, rows) for name in ("aliases", "keywords")}
    found = {code: {name: tuple(some) for name, some in ours.items()} for code, ours in places.items() if ours}
    unused = tuple(at for at in range(width) if at not in used)
    return Columns(found, tuple(guessed), tuple(missing), unused, marks)


def _complete(places: Mapping[str, Mapping[str, list[int]]]) -> bool:
    return any(all(name in {**places.get("", {}), **ours} for name in NEEDED) for ours in places.values())


def _guess(places: dict[str, dict[str, list[int]]], rows: Sequence[Cells], width: int) -> list[str]:
    """Fill in the question and the answer by what stands in the columns that have no name; return which were guessed."""
    ours = places.setdefault("", {})
    used = {at for some in ours.values() for at in some}
    texts = {
        at: [row[at].strip() for row in rows[:LOOKED_AT] if at < len(row)] for at in range(width) if at not in used
    }
    texts = {at: told for at, told in texts.items() if sum(map(bool, told)) * 2 > len(told)}
    guessed = []
    length = {at: sum(map(len, told)) / max(sum(map(bool, told)), 1) for at, told in texts.items()}
    wordy = [at for at in texts if length[at] >= 8 and sum(" " in cell for cell in texts[at]) * 2 >= len(texts[at])]
    if "answer" not in ours and wordy and ("question" in ours or len(wordy) > 1):
        asking = {at: _asks(texts[at]) for at in wordy}
        best = max(wordy, key=lambda at: (length[at] * (0.3 if asking[at] > 0.4 else 1.0), at))
        ours["answer"] = [best]
        guessed.append("answer")
        wordy.remove(best)
    if "question" not in ours and wordy:
        best = max(wordy, key=lambda at: (_asks(texts[at]) + 0.5 * len(set(texts[at])) / max(len(texts[at]), 1), -at))
        ours["question"] = [best]
        guessed.append("question")
    return guessed


def _asks(cells: Sequence[str]) -> float:
    return sum("?" in cell for cell in cells) / max(len(cells), 1)


def _marks(name: str, places: Mapping[str, Mapping[str, list[int]]], rows: Sequence[Cells]) -> str:
    """Return what parts the items of a list in this table: ``|`` and line ends; where there are none ``;``, then ``,``."""
    at = [at for ours in places.values() for at in ours.get(name, ())]
    cells = [row[one] for row in rows for one in at if one < len(row)]
    for mark in ("|", ";", ",") if name == "keywords" else ("|", ";"):
        if any(mark in cell or (mark == "|" and "\n" in cell.strip()) for cell in cells):
            return mark
    return "|"
