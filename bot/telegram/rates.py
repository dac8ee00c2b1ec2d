"""How often Telegram lets a bot write: all together, into one group, to one person."""

from datetime import timedelta

from storage.queues.outbox import Rate

NONE = 1000  # messages a second: a rate above it is none
PRIVATE = 5  # messages in as many seconds to one private chat: one a second, short bursts allowed (Bots FAQ)


def allowed_rates(source: str, per_second: float, group_per_minute: float) -> dict[str, Rate]:
    """Return the rates; over 1,000 a second means that whoever asks wants none (a local server, a bench)."""
    if per_second > NONE:
        return {}
    found = {
        "all": Rate(max(int(per_second), 1), timedelta(seconds=1)),
        "private": Rate(PRIVATE, timedelta(seconds=PRIVATE)),
    }
    if group_per_minute <= NONE * 60:
        found["group"] = Rate(max(int(group_per_minute), 1), timedelta(minutes=1))
    return found
