"""What was said, as JSON data: one message, or several that are heard as one, each kept by itself."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

Native = tuple[str, str]
StoredFile = Mapping[str, Any]  # a file as handlers/vocabulary/messages.py has it, field by field


class StoredWords(TypedDict):
    """Words with their formatting."""

    text: str
    spans: list[dict[str, Any]]  # each with its kind, start and end
    before: NotRequired[list[int]]  # checksums of what stood before them in a command: a number, for whom


class Said(TypedDict):
    """One message, with where it stands; or several, with the words and files of all, no ``native``, and their pieces."""

    words: StoredWords
    files: Sequence[StoredFile]
    place: NotRequired[str]  # the lane of the address where it was said
    native: NotRequired[str]
    pieces: NotRequired[Sequence["Said"]]


class Reworded(TypedDict):
    """What a message says now; without files it has those that it had."""

    words: StoredWords
    files: NotRequired[Sequence[StoredFile]]


SILENCE: StoredWords = {"text": "", "spans": []}
NOTHING_SAID: Said = {"words": SILENCE, "files": []}


def message_pieces(said: Said) -> Sequence[Said]:
    """Return each message of what was said, in order."""
    return said.get("pieces") or [said]


def joined_pieces(parts: Sequence[Said]) -> Said:
    """Return messages as one that was said; there is at least one."""
    if len(parts) == 1:
        return parts[0]
    text, spans = "", list[dict[str, Any]]()
    for words in (part["words"] for part in parts if part["words"]["text"]):
        text += "\n" if text else ""
        spans += [
            {**span, "start": span["start"] + len(text), "end": span["end"] + len(text)} for span in words["spans"]
        ]
        text += words["text"]
    files = [file for part in parts for file in part["files"]]
    return {
        "words": {"text": text, "spans": spans},
        "files": files,
        "place": parts[0].get("place", ""),
        "native": "",
        "pieces": parts,
    }


def is_in(said: Said, written: Collection[Native]) -> bool:
    """Return whether one of these native messages is among what was said."""
    return any((piece.get("place"), piece.get("native")) in written for piece in message_pieces(said))


def without_pieces(said: Said, written: Collection[Native]) -> Said:
    """Return what was said without these native messages: where nothing is left, silence."""
    left = [piece for piece in message_pieces(said) if (piece.get("place"), piece.get("native")) not in written]
    return joined_pieces(left) if left else {**said, "words": SILENCE, "files": [], "pieces": []}


def with_rewritten_piece(said: Said, written: Native, now: Reworded) -> Said:
    """Return what was said with other words and files (``now``) in one native message."""
    changed: list[Said] = [
        {**piece, **now} if (piece.get("place"), piece.get("native")) == written else piece
        for piece in message_pieces(said)
    ]
    return joined_pieces(changed)


def with_replaced_lines(whole: str, was: str, now: str) -> str:
    """Return a text in which some lines of it say something else; a text that has them not stays as it is."""
    lines, old = whole.split("\n"), was.strip().split("\n")
    for at in range(len(lines) - len(old) + 1):
        if was.strip() and lines[at : at + len(old)] == old:
            return "\n".join([*lines[:at], *([now] if now else []), *lines[at + len(old) :]])
    return whole
