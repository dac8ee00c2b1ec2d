"""A filter of tickets as JSON: a promise to be kept later carries one."""

from pydantic import TypeAdapter

from storage.tickets.queue import Filter

FILTER = TypeAdapter(Filter)
