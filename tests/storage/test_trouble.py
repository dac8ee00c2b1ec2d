"""Whose fault it is: what a database says is its own state, but for what a statement can be blamed for."""

import sqlite3

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.engine.database import OURS, OURS_SQLITE, DatabaseDamaged, DatabaseUnavailable, database_failure


def every(kind=asyncpg.PostgresError):
    """Yield each error that a server has a code for."""
    for each in kind.__subclasses__():
        yield from every(each)
        if getattr(each, "sqlstate", None):
            yield each


def test_everything_postgresql_can_say_is_its_state_but_for_our_own_faults():
    blamed = {each.sqlstate for each in every() if database_failure(each("said")) is None}
    assert {code[:2] for code in blamed} == OURS
    for ours in ("22P05", "23505", "23503", "42601", "42P01", "54001", "21000"):
        assert ours in blamed
    for state in ("25006", "40001", "42501", "53100", "53300", "55P03", "57014", "57P01", "58030", "08006", "XX000"):
        assert state not in blamed


def test_damaged_data_is_told_apart():
    assert isinstance(database_failure(asyncpg.DataCorruptedError("said")), DatabaseDamaged)
    assert isinstance(database_failure(asyncpg.IndexCorruptedError("said")), DatabaseDamaged)


def test_everything_sqlite_can_say_is_its_state_but_for_our_own_faults():

    codes = {
        name: value for name, value in vars(sqlite3).items() if name.startswith("SQLITE_") and isinstance(value, int)
    }
    for name in (
        "SQLITE_FULL",
        "SQLITE_IOERR",
        "SQLITE_IOERR_WRITE",
        "SQLITE_READONLY",
        "SQLITE_BUSY_SNAPSHOT",
        "SQLITE_CANTOPEN",
    ):
        assert isinstance(database_failure(said_by_sqlite(codes[name])), DatabaseUnavailable), name
    for name in ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CORRUPT_INDEX"):
        assert isinstance(database_failure(said_by_sqlite(codes[name])), DatabaseDamaged), name
    for code in OURS_SQLITE:
        assert database_failure(said_by_sqlite(code)) is None
    assert database_failure(said_by_sqlite(codes["SQLITE_CONSTRAINT_UNIQUE"])) is None


def said_by_sqlite(code):

    error = sqlite3.DatabaseError("said")
    error.sqlite_errorcode = code
    return error


async def test_a_value_that_cannot_be_said_is_a_mistake_and_not_a_database_in_trouble(database):
    """PostgreSQL's driver tells it by the same kind of error as a lost connection."""
    with pytest.raises(DBAPIError) as told:
        await database.run(lambda c: c.execute(text("select cast(:value as bigint)"), {"value": object()}).all())
    assert database_failure(told.value) is None
    assert await database.run(lambda c: c.scalar(text("select 1"))) == 1


async def test_a_server_that_only_reads_is_trouble(processes):
    """As after a failover, until the address leads to the new one."""

    def work(connection):
        connection.execute(text("set transaction read only"))
        connection.execute(text("insert into setting values ('one', '1')"))

    with pytest.raises(DatabaseUnavailable, match="25006"):
        await processes[0].run(work)
