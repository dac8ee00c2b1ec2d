"""How often Telegram lets a bot write: all together, into one group, to one person."""

from datetime import timedelta

from storage.queues.outbox import Rate

NONE = 1000  # messages a second: a rate above it is none
PRIVATE = 5  # messages in as many seconds to one private chat: one a second, short bursts allowed (Bots FAQ)


def allowed_rates(per_second: float, group_per_minute: float) -> dict[str, Rate]:
    """Return the rates; over 1,000 a second means that whoever asks wants none (a local server, a bench)."""
    if per_second > NONE:
        return {}
    found = {
        "all": _rate(per_second, timedelta(seconds=1)),
        "private": Rate(PRIVATE, timedelta(seconds=PRIVATE)),
    }
    if group_per_minute <= NONE * 60:
        found["group"] = _rate(group_per_minute, timedelta(minutes=1))
    return found


def _rate(count: float, period: timedelta) -> Rate:
    """Return a rate in whole messages: half a one a second is one in two seconds."""
    return Rate(int(count), period) if count >= 1 else Rate(1, period / count)
