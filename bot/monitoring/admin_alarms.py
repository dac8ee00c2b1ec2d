"""What admins are to hear of beside the talk: a program, or a setting elsewhere, that keeps the desk from something."""

from datetime import datetime

from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.payloads import Refusal
from storage.desk.webhooks import SOURCE


def admin_alarm(name: str, about: str, why: str, key: str, now: datetime) -> Event:
    """Return the event by which admins hear of it, once for each ``key``; ``name`` is its phrase behind ``alarm.``."""
    return Event(Kind.STANDSTILL, SOURCE, key, about, now, about, private=True, name=name, refusal=Refusal(why, about))
