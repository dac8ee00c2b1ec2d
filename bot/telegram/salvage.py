"""An update that the library cannot read as a whole is read without the parts it cannot: these cost only themselves."""

import logging
from collections.abc import Mapping
from typing import Any

from aiogram.types import Update
from pydantic import ValidationError

log = logging.getLogger("frontdesk.telegram")

MOST = 8  # parts that are left out before it is given up
NEEDED = frozenset({"message_id", "date", "chat", "from", "id", "data"})
POINTS_AT = frozenset({"message_id", "date", "chat"})  # of the message that one answers
HIDDEN = {
    "type": "hidden_user",
    "sender_user_name": "",
    "date": 0,
}  # whose words they are is not known, but not the sender's


def readable_update(raw: Mapping[str, Any]) -> Update:
    """Return an update, without the parts of it that cannot be read. Raises ValidationError where the rest is nothing."""
    left = dict(raw)
    for _ in range(MOST):
        try:
            return Update.model_validate(left)
        except ValidationError as error:
            paths = {tuple(map(str, each["loc"][:2])) for each in error.errors()}
            if any(len(path) < 2 or path[1] in NEEDED or not isinstance(left.get(path[0]), dict) for path in paths):
                raise
            for happened, part in paths:
                left = {**left, happened: message_without_part(left[happened], part)}
            told = [f"{'.'.join(map(str, each['loc']))}: {each['type']}" for each in error.errors()]
            log.warning(
                "update %s is read without what cannot be: %s",
                left["update_id"],
                "; ".join(told[:MOST]),
                extra={"event": "partly_read"},
            )
    return Update.model_validate(left)


def message_without_part(message: Mapping[str, Any], part: str) -> dict[str, Any]:
    """Return a message without a part; of a forward it stays that it is one, of a reply to what."""
    left = {name: value for name, value in message.items() if name != part}
    if part == "forward_origin" and message[part] != HIDDEN:
        return {**left, part: HIDDEN}
    if part == "reply_to_message" and isinstance(message[part], dict) and message[part].keys() - POINTS_AT:
        return {**left, part: {name: message[part].get(name) for name in POINTS_AT}}
    return left
