"""Files that only their owner may read: what people wrote is in them."""

import os
from pathlib import Path

PRIVATE = 0o600
OTHERS = 0o077  # what no one else should be able to do


def open_private_file(path: str, flags: int) -> int:
    """Open a file, as an ``opener`` does; one that is made is its owner's alone, whatever the umask says."""
    try:
        made = os.open(path, flags | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        return os.open(path, flags, PRIVATE)
    os.fchmod(made, PRIVATE)
    return made


def write_private_text(path: Path, text: str) -> None:
    """Write a text to a file as it is; a new one is its owner's alone."""
    with open(path, "w", encoding="utf-8", newline="", opener=open_private_file) as file:
        file.write(text)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file as it is; a new one is its owner's alone."""
    with open(path, "wb", opener=open_private_file) as file:
        file.write(content)


def open_to_others(path: Path) -> bool:
    """Return whether anybody else may read or write a file that is there."""
    return path.exists() and bool(path.stat().st_mode & OTHERS)
