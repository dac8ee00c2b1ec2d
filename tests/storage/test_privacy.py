"""The table of what is kept of people is complete and true: every column that could hold such has a line, every line a column."""

from collections import Counter
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.models import metadata
from storage.retention.erasure import AT_ONCE
from storage.retention.export import OWN
from storage.retention.forgetting import TERMS
from storage.retention.privacy import HELD, IMPERSONAL, STAYS
from storage.types import Word

PEOPLE = {"person", "account"}


def personal() -> set[str]:
    """Return every column that could hold a person's words or ids, by what it can hold."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if (isinstance(column.type, JSON | String | Text | TSVECTOR) and not isinstance(column.type, Word))
        or any(key.column.table.name in PEOPLE for key in column.foreign_keys)
    }


def lines() -> Counter[str]:
    return Counter(f"{table}.{name}" for table, held in HELD.items() for one in held for name in one.columns.split())


def impersonal() -> set[str]:
    return {f"{table}.{name}" for table, names in IMPERSONAL.items() for name in names.split()}


def test_every_column_that_could_hold_words_or_ids_has_one_line():
    listed = lines()
    assert personal() <= set(listed) | impersonal()
    assert [name for name, times in listed.items() if times > 1] == []
    assert not set(listed) & impersonal()


def test_every_line_names_columns_that_are_there():
    known = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    assert set(lines()) | impersonal() <= known


def test_every_line_has_an_owner_an_end_and_both_answers():
    for table, held in HELD.items():
        for one in held:
            assert one.owner in ("anybody", "requester", "agent", "team"), table
            assert one.what, table
            assert one.export, table
            assert one.erase, table
            assert one.end or one.terms, table


def test_an_end_that_comes_by_itself_is_one_that_the_desk_keeps_to():
    """A line names the terms of its table, and each term is named by a line: what is told happens, what happens is told."""
    tables: dict[str, Any] = {term.name: term.key[0].table.name for term in TERMS}
    beside = {("taken back", "old_words"), ("posts", "outgoing")}  # ends rows of another table too
    beside |= {
        ("requests", table)
        for table in (
            "message",
            "old_words",
            "searchable",
            "entry",
            "thread",
            "known_error",
            "approval",
            "approver",
            "plan",
        )
    }
    beside |= {("people", "account")}
    told = {(name, table) for table, held in HELD.items() for one in held for name in one.terms}
    assert told == set(tables.items()) | beside


def test_what_has_no_end_is_told_so():
    for_ever = {table for table, held in HELD.items() if all(one.end == STAYS and not one.terms for one in held)}
    assert for_ever == {
        *(
            "time_spent",
            "ticket_tag",
            "article_version",
            "leaving",
            "company_person",
            "request_type",
            "duty_override",
        ),
        "erased",
    }


def test_what_is_deleted_with_its_person_is_deleted_when_they_are_erased():
    """The table of what is kept is what an erase and an export do: a new table of somebody's rows is forgotten by neither."""
    theirs = {
        table
        for table, held in HELD.items()
        if "person_id" in metadata.tables[table].columns
        for one in held
        if one.erase == "deleted" and "person_id" in one.columns.split()
    }
    assert theirs - {"person_state"} == {table.name for table in AT_ONCE}


def test_what_is_given_is_what_the_table_says():
    as_their_requester_may_read_them = {"ticket", "message", "old_words", "entry"}
    given = {table for table, held in HELD.items() if any(one.export in ("all", "own") for one in held)}
    assert given - as_their_requester_may_read_them == set(OWN)
