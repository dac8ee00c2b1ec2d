"""What may stand in one field of a block: each function here makes a check of one kind."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.tables import LIMITS


@dataclass(slots=True)
class Report:
    """What is wrong so far, in Slack's words, with the place as a JSON pointer."""

    errors: list[str] = field(default_factory=list)

    def fail(self, message: str, path: str) -> None:
        """Note one fault."""
        self.errors.append(f"[ERROR] {message} [json-pointer:{path}]")


Check = Callable[[Any, str, Report], None]
Fields = Mapping[str, Check]


def string(most: int | None = None, least: int = 0) -> Check:
    """Any text of such a length."""

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, str):
            report.fail("must provide a string", path)
        elif most is not None and len(value) > most:
            report.fail(f"must be less than {most + 1} characters", path)
        elif len(value) < least:
            report.fail(f"must be more than {least - 1} characters", path)

    return check


def boolean(value: Any, path: str, report: Report) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report.fail("must provide a boolean", path)


def integer(value: Any, path: str, report: Report) -> None:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        report.fail("must provide a number", path)


def anything(value: Any, path: str, report: Report) -> None:
    """What the sandbox does not look into."""


def one_of(*words: str) -> Check:
    """One of these words."""

    def check(value: Any, path: str, report: Report) -> None:
        if value not in words:
            report.fail(f"must be a valid enum value [{', '.join(words)}]", path)

    return check


def fields(of: Fields, required: Collection[str] = ()) -> Check:
    """An object with these fields and no others."""

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.fail("must provide an object", path)
            return
        for name in required:
            if value.get(name) is None:
                report.fail(f"missing required field: {name}", path)
        for name, inner in value.items():
            if name not in of:
                report.fail(f"invalid additional property: {name}", path)
            elif inner is not None:
                of[name](inner, f"{path}/{name}", report)

    return check


def text(most: int, *, plain: bool = False, least: int = 1) -> Check:
    """A text object; some places take plain text only."""
    words = string(most, least)
    whole = fields({"type": anything, "text": words, "emoji": boolean, "verbatim": boolean}, ("type", "text"))

    def check(value: Any, path: str, report: Report) -> None:
        kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if isinstance(value, dict) and value.get("type") not in kinds:
            report.fail(f"must be a valid enum value [{', '.join(kinds)}]", f"{path}/type")
        whole(value, path, report)
        if isinstance(value, dict) and value.get("type") == "plain_text" and "verbatim" in value:
            report.fail("invalid additional property: verbatim", path)
        if isinstance(value, dict) and value.get("type") == "mrkdwn" and "emoji" in value:
            report.fail("invalid additional property: emoji", path)

    return check


def items(of: Check, most: int, least: int = 1) -> Check:
    """A list of so many."""

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, list):
            report.fail("must provide an array", path)
            return
        if len(value) > most:
            report.fail(f"no more than {most} items allowed", path)
        if len(value) < least:
            report.fail(f"must have at least {least} items" if least > 1 else "must provide at least one item", path)
        for number, item in enumerate(value):
            of(item, f"{path}/{number}", report)

    return check


def typed(kinds: Mapping[str, Check], allowed: Collection[str]) -> Check:
    """An object whose ``type`` says which of these it is."""

    def check(value: Any, path: str, report: Report) -> None:
        kind = str(value.get("type")) if isinstance(value, dict) else ""
        if kind not in allowed:
            report.fail(f"unsupported type: {kind}", f"{path}/type")
        else:
            kinds[kind](value, path, report)

    return check


def option(*, plain: bool = True) -> Check:
    """One choice of a menu."""
    return fields(
        {
            "text": text(LIMITS["option_text"], plain=plain),
            "value": string(LIMITS["option_value"], 1),
            "description": text(LIMITS["option_description"], plain=plain),
            "url": string(LIMITS["button_url"]),
        },
        ("text", "value"),
    )


CONFIRM = fields(
    {
        "title": text(LIMITS["confirm"]["title"], plain=True),
        "text": text(LIMITS["confirm"]["text"]),
        "confirm": text(LIMITS["confirm"]["confirm"], plain=True),
        "deny": text(LIMITS["confirm"]["deny"], plain=True),
        "style": one_of("primary", "danger"),
    },
    ("title", "text", "confirm", "deny"),
)
