"""Signatures of webhooks, as the Standard Webhooks specification has them."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256


def signed_headers(message: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Return the headers that say who sent a body and when; signed with each of the secrets, for one may just be changing."""
    stamp = str(int(now.timestamp()))
    signed = b".".join((message.encode(), stamp.encode(), body))
    signatures = (base64.b64encode(hmac.digest(_key(each), signed, sha256)).decode() for each in secrets)
    return {
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        return secret.encode()
