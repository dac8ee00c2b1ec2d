"""What stands in the inputs of a view: block id → action id → the value object of Slack's ``state``."""

from typing import Any

from bot.sandbox.slack.kit.check import elements
from bot.sandbox.slack.model import Json

# kind of input → the field of its value, and the field that prefills it
FIELDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
PLURAL = frozenset(kind for kind, (field, _) in FIELDS.items() if field.endswith("s"))


def initial(blocks: list[Json], before: dict[str, Json]) -> dict[str, Json]:
    """Return the values of these blocks: what was there before, else what prefills them."""
    values: dict[str, Json] = {}
    for block in blocks:
        for element in elements(block):
            if element["type"] in FIELDS:
                kept = before.get(block["block_id"], {}).get(element["action_id"])
                if kept is None or kept["type"] != element["type"]:
                    kept = _empty(element)
                values.setdefault(block["block_id"], {})[element["action_id"]] = kept
    return values


def _empty(element: Json) -> Json:
    field, prefill = FIELDS[element["type"]]
    value = element.get(prefill)
    return {"type": element["type"], field: value if value is not None else [] if element["type"] in PLURAL else None}


def chosen(element: Json, wanted: Any) -> Any:
    """Return the value that a person gives an input: options by text or value, all else as it is."""
    field, _ = FIELDS[element["type"]]
    if field == "selected_option":
        return None if wanted is None else option(element, wanted)
    if field == "selected_options":
        return [option(element, one) for one in ([wanted] if isinstance(wanted, str) else wanted)]
    if element["type"] in PLURAL:
        return [getattr(one, "id", one) for one in wanted]
    return getattr(wanted, "id", wanted)


def option(element: Json, wanted: str) -> Json:
    """Return an option by its words or its value."""
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    options: list[Json] = [item for group in groups for item in group["options"]]
    for item in options:
        if wanted in (item["text"]["text"], item["value"]):
            return item
    raise LookupError(f"no option {wanted!r}; there are {[item['text']['text'] for item in options]}")


def problem(block: Json, value: Json) -> str:
    """Return what Slack's own app says of an input before it sends anything; "" if all is well."""
    element = block["element"]
    field, _ = FIELDS[element["type"]]
    content = value[field]
    if content in (None, "", []):
        return "" if block.get("optional") else "Please complete this required field."
    if isinstance(content, str) and field == "value":
        most = element.get("max_length", 3000)
        if len(content) > most:
            return f"This entry must be less than {most + 1} characters."
        if len(content) < element.get("min_length", 0):
            return f"This entry must be at least {element['min_length']} characters."
        if element["type"] == "email_text_input" and "@" not in content:
            return "Please enter a valid email address."
        if element["type"] == "url_text_input" and "://" not in content:
            return "Please enter a valid URL."
    return ""
