"""A database opened for one test, and connections beside it where several processes are the story: as for storage."""

from tests.storage.conftest import database, processes

__all__ = ["database", "processes"]
