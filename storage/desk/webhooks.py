"""Webhooks: the secret that each signs with, and how what waits for it stands.

A secret is no part of the rules, which are written to files: it stands among what the desk itself remembers.
"""

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from sqlalchemy import Connection, delete, func, select

from storage.engine.setting_table import SettingTable
from storage.models import Sending, outgoing, setting
from storage.queues.outbox import give_up

SOURCE = "webhook:desk"  # as the outbox knows them all: each is a chat there, so each has a lane of its own
KEY = "webhook:"  # of the setting that has a webhook's secret
BYTES = 32
OVERLAP = timedelta(hours=24)  # that the secret before signs too, so that a receiver has time to learn the new one


class Secret(TypedDict):
    """What a webhook signs with, as it is kept."""

    secret: str
    shown: bool
    was: str  # the one before, "" for none
    until: str  # when that signs no more, ISO 8601


@dataclass(frozen=True, slots=True)
class WebhookState:
    """How what is meant for a webhook stands."""

    waiting: int
    failed: int  # dead letters
    since: datetime | None  # of what waits longest
    tries: int  # of that
    sent_at: datetime | None  # when it last took something, as far as that is still known
    error: str  # why the head was not taken


def lane_of_webhook(name: str) -> str:
    """Return the address of a webhook in the outbox."""
    return f"{SOURCE}:{name}"


def new_secret() -> str:
    """Return a secret, written as the Standard Webhooks libraries read it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(BYTES)).decode()


class Webhooks:
    """The webhooks, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._settings = SettingTable(connection)

    def keep(self, names: Collection[str], at: datetime) -> None:
        """Give each webhook of the rules a secret; of one that is gone nothing is sent any more."""
        for name in names:
            if self._settings.get(KEY + name) is None:
                self._settings.put(KEY + name, Secret(secret=new_secret(), shown=False, was="", until=""))
        known = self._connection.scalars(select(setting.c.name).where(setting.c.name.startswith(KEY, autoescape=True)))
        for gone in [key.removeprefix(KEY) for key in known.all() if key.removeprefix(KEY) not in names]:
            self._connection.execute(delete(setting).where(setting.c.name == KEY + gone))
            its = (outgoing.c.lane == lane_of_webhook(gone), outgoing.c.done_at.is_(None))
            give_up(self._connection, self._connection.scalars(select(outgoing.c.id).where(*its)).all(), at)

    def signs_with(self, name: str, now: datetime) -> list[str]:
        """Return the secrets that a webhook signs with now, the newest first; none where it has none."""
        kept: Secret | None = self._settings.get(KEY + name)
        if kept is None:
            return []
        before = kept["was"] and datetime.fromisoformat(kept["until"]) > now
        return [kept["secret"], kept["was"]] if before else [kept["secret"]]

    def reveal(self, name: str, now: datetime) -> str:
        """Return a webhook's secret to be shown: the one it has where nobody saw it, else a new one."""
        kept: Secret | None = self._settings.get(KEY + name)
        if kept is not None and not kept["shown"]:
            found = kept["secret"]
            self._settings.put(KEY + name, Secret(**{**kept, "shown": True}))
            return found
        found, until = new_secret(), (now + OVERLAP).isoformat()
        before = kept["secret"] if kept else ""
        self._settings.put(KEY + name, Secret(secret=found, shown=True, was=before, until=until if before else ""))
        return found

    def was_shown(self, name: str) -> bool:
        """Return whether somebody has seen a webhook's secret."""
        kept: Secret | None = self._settings.get(KEY + name)
        return kept is not None and kept["shown"]

    def state(self, name: str) -> WebhookState:
        """Return how what is meant for a webhook stands."""
        its, waits = outgoing.c.lane == lane_of_webhook(name), outgoing.c.done_at.is_(None)
        columns = (outgoing.c.created_at, outgoing.c.tries, outgoing.c.error)
        head = self._connection.execute(select(*columns).where(its, waits).order_by(outgoing.c.id).limit(1)).first()
        waiting = self._connection.scalar(select(func.count()).where(its, waits)) or 0
        failed = self._connection.scalar(select(func.count()).where(its, outgoing.c.state == Sending.FAILED)) or 0
        sent = select(func.max(outgoing.c.done_at)).where(its, outgoing.c.state == Sending.SENT)
        since, tries, error = (head.created_at, head.tries, head.error or "") if head else (None, 0, "")
        return WebhookState(waiting, failed, since, tries, self._connection.scalar(sent), error)
