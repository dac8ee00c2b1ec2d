"""The SQLite file as a file: whether it is still the one that was opened, and what keeps one from being opened."""

import errno
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from storage.engine.database import DatabaseDamaged, DatabaseUnavailable, DatabaseUnusable, database_failure

MENDED = "stop the desk, put a backup in its place (docs/running.md), start it again"
_FULL = (errno.ENOSPC, errno.EDQUOT)
# What a file that may not be written, or made, is told by; all else that SQLite says of a file passes.
_DENIED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})

Inode = tuple[int, int]


@dataclass(frozen=True, slots=True)
class File:
    """A file that is open, and the log of what was written beside it, known by their inodes: names may come to mean others."""

    path: str
    inode: Inode | None
    log: Inode | None

    @classmethod
    def at(cls, path: str) -> "File":
        """Return the file that is there now."""
        return cls(path, _inode(path), _inode(f"{path}-wal"))

    def problem(self) -> str:
        """Return what an operator has to mend, nothing where the names lead to what was opened."""
        for name, known in ((self.path, self.inode), (f"{self.path}-wal", self.log)):
            if known is not None and (now := _inode(name)) != known:
                what = "was removed" if now is None else "is another file now"
                return f"{name} {what} while it was served, and nothing is written any more; {MENDED}"
        return ""

    def size(self) -> int:
        """Return how many bytes the file has now; 0 where it is not there."""
        try:
            return os.stat(self.path).st_size
        except OSError:
            return 0

    def overwritten(self) -> str:
        """Return what an operator has to mend where the file has lost pages that SQLite has not given up."""
        return f"{self.path} was written over by another file while it was served, and nothing is written any more; {MENDED}"


def _inode(path: str) -> Inode | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def driver_message(error: BaseException) -> str:
    """Return the database's own words without SQLAlchemy's wrapping."""
    return str(getattr(error, "orig", None) or error)


def damage_message(path: str, error: BaseException) -> str:
    """Return what to say of a file that SQLite cannot read any more."""
    return f"{path} is damaged ({driver_message(error)}); {MENDED}"


def file_open_error(path: str, error: BaseException) -> DatabaseUnusable | DatabaseUnavailable:
    """Return what keeps a file from being opened: DatabaseUnavailable where it may pass, as a full disk does."""
    state = database_failure(error)
    if isinstance(state, DatabaseDamaged):
        return DatabaseUnusable(
            f"DATABASE_URL: {path} is damaged or no SQLite database ({driver_message(error)}); "
            "put a backup there, or name another"
        )
    if (isinstance(error, OSError) and error.errno in _FULL) or _no_room(path):
        return DatabaseUnavailable(f"the disk of {path} is full; make room there")
    original = getattr(error, "orig", None) or error
    denied = isinstance(error, OSError) or (getattr(original, "sqlite_errorcode", 0) or 0) & 0xFF in _DENIED
    if state is not None and not denied:
        return DatabaseUnavailable(f"{path} cannot be opened now: {driver_message(error)}; look at its disk")
    return DatabaseUnusable(
        f"DATABASE_URL: cannot open {path}: {driver_message(error)}; name a file in a folder this user may write"
    )


def _no_room(path: str) -> bool:
    """Return whether nothing can be added where the file is to be."""
    folder = next(parent for parent in Path(path).absolute().parents if parent.exists())
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    return found.f_bavail == 0 or (found.f_files > 0 and found.f_favail == 0)
