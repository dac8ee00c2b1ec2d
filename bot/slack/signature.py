"""Is it Slack who calls? Each call is signed over its body and its time: what is older may be repeated by anybody."""

from collections.abc import Mapping
from hmac import compare_digest

from slack_sdk.signature import SignatureVerifier

from bot.clock import Clock
from bot.messengers.protocol import CallRefused

AGE = 5 * 60  # seconds (Slack's own reference)


class Signature:
    """What proves that a call is Slack's."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._clock = clock
        self._verifier = SignatureVerifier(secret)

    def check(self, body: str, headers: Mapping[str, str]) -> None:
        """Raise CallRefused, with the likely reason, for a call that is not signed as Slack signs now."""
        stamp, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16 and signature):
            raise CallRefused("slack", "unsigned", 401)
        made = self._verifier.generate_signature(timestamp=stamp, body=body)
        if made is None or not compare_digest(made.encode(), signature.encode()):
            raise CallRefused("slack", "signature", 401)
        if abs(self._clock.now().timestamp() - int(stamp)) > AGE:
            raise CallRefused("slack", "old", 401)
