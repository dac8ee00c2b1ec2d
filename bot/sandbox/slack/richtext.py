"""Rich text: what Slack's apps send beside a typed text, and how they draw it."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from bot.sandbox.slack.model import Json
from bot.sandbox.slack.mrkdwn import Names, Run

STYLES = frozenset({"bold", "italic", "strike", "code"})
Styles = frozenset[str]
INSIDE: Mapping[str, Styles] = MappingProxyType(
    {"rich_text_quote": frozenset({"quote"}), "rich_text_preformatted": frozenset({"pre"})}
)


def block(runs: list[Run]) -> Json:
    """Return the ``rich_text`` block of a typed text."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [_element(r) for r in runs]}]}


def _element(run: Run) -> Json:
    element: Json
    match run.kind:
        case "user":
            element = {"type": "user", "user_id": run.value}
        case "channel":
            element = {"type": "channel", "channel_id": run.value}
        case "usergroup":
            element = {"type": "usergroup", "usergroup_id": run.value}
        case "broadcast":
            element = {"type": "broadcast", "range": run.value}
        case "emoji":
            element = {"type": "emoji", "name": run.value}
        case "link" | "bare_url":
            element = {"type": "link", "url": run.value} | ({"text": run.shown} if run.shown != run.value else {})
        case _:
            element = {"type": "text", "text": run.shown}
    styles = dict.fromkeys(sorted(run.styles & STYLES), True)
    return element | ({"style": styles} if styles else {})


LEAVES: Mapping[str, Callable[[Json, Names, Styles], Run]] = MappingProxyType(
    {
        "text": lambda item, names, styles: Run("text", item["text"], "", styles),
        "link": lambda item, names, styles: Run("link", item.get("text") or item["url"], item["url"], styles),
        "user": lambda item, names, styles: Run("user", f"@{names(item['user_id'])}", item["user_id"], styles),
        "channel": lambda item, names, styles: Run(
            "channel", f"#{names(item['channel_id'])}", item["channel_id"], styles
        ),
        "usergroup": lambda item, names, styles: Run(
            "usergroup", f"@{item['usergroup_id']}", item["usergroup_id"], styles
        ),
        "broadcast": lambda item, names, styles: Run("broadcast", f"@{item['range']}", item["range"], styles),
        "emoji": lambda item, names, styles: Run("emoji", f":{item['name']}:", item["name"], styles),
        "date": lambda item, names, styles: Run(
            "date", item.get("fallback", ""), f"{item['timestamp']}^{item['format']}", styles
        ),
    }
)


def runs(element: Json, names: Names, styles: Styles = frozenset()) -> Iterator[Run]:
    """Return rich text in pieces: only its own elements are active, its words never are."""
    style = element.get("style")
    if isinstance(style, dict):
        styles |= {name for name, on in style.items() if on}
    leaf = LEAVES.get(element["type"])
    if leaf is not None:
        yield leaf(element, names, styles)
        return
    for number, part in enumerate(element.get("elements", ())):
        if element["type"] in ("rich_text", "rich_text_list") and number:
            yield Run("text", "\n")
        yield from runs(part, names, styles | INSIDE.get(element["type"], frozenset()))
