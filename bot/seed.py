"""What a new desk starts with: the request types of the examples, until a desk has its own."""

from importlib.resources import files
from typing import Any

import yaml

from storage.database import Connection
from storage.models import Priority
from storage.requests import Requests


def request_types(connection: Connection) -> None:
    """Write the example request types into a desk that has none."""
    requests = Requests(connection)
    if requests.types():
        return
    text = files("handlers").joinpath("examples", "request_types.yaml").read_text("utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(text)
    for position, data in enumerate(found):
        requests.put_type(
            data["name"],
            position=position,
            kind=data["kind"],
            title=data["title"],
            fields=data["fields"],
            priority=Priority(data["priority"]),
            workflow=None,
        )
