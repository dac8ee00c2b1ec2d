"""Accounts that were erased: a keyed hash of each stays, so that what an account did before does not bring its person back."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.models import erased, setting

MARK = "~"  # begins the native id of an erased account; no messenger's begins so
KEY = "erasure key"  # the setting that holds this desk's secret


@dataclass(frozen=True, slots=True)
class Known:
    """One hash of an erased account."""

    digest: str
    person_id: int
    at: datetime
    banned: bool
    banned_until: datetime | None


def is_erased(native: str) -> bool:
    """Return whether a native id, or the home made of one, is of somebody who was erased."""
    return native.removeprefix("@").startswith(MARK)


def account_digest(key: str, source: str, native: str) -> str:
    """Return the hash of an account."""
    return hmac.new(bytes.fromhex(key), f"{source}:{native}".encode(), hashlib.sha256).hexdigest()


class ErasedAccounts:
    """The hashes of erased accounts, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def key(self) -> str:
        """Return this desk's secret; it is made when it is first needed."""
        kept = self._connection.scalar(select(setting.c.value).where(setting.c.name == KEY))
        if kept is None:
            kept = secrets.token_hex(32)
            self._connection.execute(insert(setting).values(name=KEY, value=kept))
        return str(kept)

    def known(self, source: str, native: str) -> Known | None:
        """Return what is known of an account that was erased, None where it never was."""
        if self._connection.execute(select(erased.c.digest).limit(1)).first() is None:
            return None
        row = self._connection.execute(
            select(erased.c.digest, erased.c.person_id, erased.c.at, erased.c.banned, erased.c.banned_until).where(
                erased.c.digest == account_digest(self.key(), source, native)
            )
        ).first()
        return Known(*row) if row else None
