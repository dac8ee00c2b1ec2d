"""The settings' rates, as the queue counts them: whole messages in a time."""

from datetime import timedelta

import pytest

from bot.telegram.rates import allowed_rates
from storage.queues.outbox import Rate

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("per_second", "per_minute", "everybody", "group"),
    [
        (30, 20, Rate(30, SECOND), Rate(20, 60 * SECOND)),
        (2.9, 1.9, Rate(2, SECOND), Rate(1, 60 * SECOND)),  # never more than was set
        (0.5, 0.25, Rate(1, 2 * SECOND), Rate(1, 240 * SECOND)),
        (1000, 60_001, Rate(1000, SECOND), None),
        (1001, 20, None, None),
    ],
)
def test_no_more_is_sent_than_the_settings_say(per_second, per_minute, everybody, group):
    found = allowed_rates(per_second, per_minute)
    assert (found.get("all"), found.get("group")) == (everybody, group)
    assert ("private" in found) is (everybody is not None)
