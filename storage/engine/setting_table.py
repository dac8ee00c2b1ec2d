"""What the desk itself remembers, of nobody in particular: a name, and a value."""

from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine.compiled import Prepared
from storage.engine.upsert import put_row
from storage.models import setting

_GET = Prepared(select(setting.c.value).where(setting.c.name == bindparam("of_name")))


class SettingTable:
    """The settings, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> Any:
        """Return a setting's value, or None."""
        return _GET.scalar(self._connection, {"of_name": name})

    def count(self, name: str) -> int:
        """Add one to a setting that counts, and return it; whoever else counts waits until this is committed."""
        kept = select(setting.c.value).where(setting.c.name == name).with_for_update()
        if self._connection.scalar(kept) is None:
            dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
            self._connection.execute(dialect.insert(setting).values(name=name, value=0).on_conflict_do_nothing())
        following = int(self._connection.execute(kept).scalar_one()) + 1
        self._connection.execute(update(setting).where(setting.c.name == name).values(value=following))
        return following

    def put(self, name: str, value: Any) -> None:
        """Keep a setting's value."""
        put_row(self._connection, setting, {"name": name}, {"value": value})
