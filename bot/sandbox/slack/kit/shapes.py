"""The blocks and elements there are: their fields, and how much fits in."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.sandbox.slack.kit.fields import (
    CONFIRM,
    Check,
    anything,
    boolean,
    fields,
    integer,
    items,
    one_of,
    option,
    string,
    text,
    typed,
)
from bot.sandbox.slack.tables import LIMITS, SECTION_FIELD

ACTION: dict[str, Check] = {"type": anything, "action_id": string(LIMITS["action_id"], 1)}
ASKING = ACTION | {"confirm": CONFIRM, "focus_on_load": boolean}
PLACEHOLDER = ASKING | {"placeholder": text(LIMITS["placeholder"], plain=True)}
OPTION, WIDE_OPTION = option(), option(plain=False)
TYPING = ACTION | {
    "placeholder": text(LIMITS["placeholder"], plain=True),
    "initial_value": string(LIMITS["plain_text_input_max"]),
    "dispatch_action_config": anything,
    "focus_on_load": boolean,
}
OPTIONS = items(OPTION, LIMITS["select_options"])
GROUPS = items(fields({"label": text(75, plain=True), "options": OPTIONS}, ("label", "options")), 100)
FEW = items(WIDE_OPTION, LIMITS["checkbox_radio_options"])
MANY = {"max_selected_items": integer}
OVERFLOW_LEAST, OVERFLOW_MOST = LIMITS["overflow_options"]


def _select(name: str, more: dict[str, Check]) -> dict[str, Check]:
    """Return a single select's fields and, with its ``initial_…s``, the multiple one's."""
    single = fields(PLACEHOLDER | more | {f"initial_{name}": anything, "response_url_enabled": boolean})
    many = fields(PLACEHOLDER | more | MANY | {f"initial_{name}s": anything})
    kind = {"option": "static"}.get(name, f"{name}s")
    return {f"{kind}_select": single, f"multi_{kind}_select": many}


ELEMENTS: Mapping[str, Check] = MappingProxyType(
    {
        "button": fields(
            ACTION
            | {
                "text": text(LIMITS["button_text"], plain=True),
                "url": string(LIMITS["button_url"]),
                "value": string(LIMITS["button_value"]),
                "style": one_of("primary", "danger"),
                "confirm": CONFIRM,
                "accessibility_label": string(75),
            },
            ("text",),
        ),
        "overflow": fields(
            ACTION | {"options": items(OPTION, OVERFLOW_MOST, OVERFLOW_LEAST), "confirm": CONFIRM}, ("options",)
        ),
        **_select("option", {"options": OPTIONS, "option_groups": GROUPS}),
        **_select("user", {}),
        **_select("channel", {}),
        **_select("conversation", {"default_to_current_conversation": boolean, "filter": anything}),
        "external_select": fields(PLACEHOLDER | {"initial_option": OPTION, "min_query_length": integer}),
        "multi_external_select": fields(
            PLACEHOLDER | MANY | {"initial_options": anything, "min_query_length": integer}
        ),
        "checkboxes": fields(ASKING | {"options": FEW, "initial_options": FEW}, ("options",)),
        "radio_buttons": fields(ASKING | {"options": FEW, "initial_option": WIDE_OPTION}, ("options",)),
        "datepicker": fields(PLACEHOLDER | {"initial_date": string(10)}),
        "timepicker": fields(PLACEHOLDER | {"initial_time": string(5), "timezone": string()}),
        "datetimepicker": fields(ASKING | {"initial_date_time": integer}),
        "plain_text_input": fields(TYPING | {"multiline": boolean, "min_length": integer, "max_length": integer}),
        "email_text_input": fields(TYPING),
        "url_text_input": fields(TYPING),
        "number_input": fields(
            TYPING | {"is_decimal_allowed": boolean, "min_value": anything, "max_value": anything},
            ("is_decimal_allowed",),
        ),
        "file_input": fields(ACTION | {"filetypes": anything, "max_files": integer}),
        "rich_text_input": fields(TYPING | {"initial_value": anything}),
        "image": fields(
            {"type": anything, "image_url": string(3000), "slack_file": anything, "alt_text": string(2000)},
            ("alt_text",),
        ),
        "plain_text": text(2000, plain=True),
        "mrkdwn": text(2000),
    }
)
CHOICES = frozenset(kind for kind in ELEMENTS if kind.endswith("_select")) | {
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
}
IN_ACTIONS = CHOICES | {"button", "overflow", "datetimepicker"}
IN_SECTION = CHOICES | {"button", "overflow", "image"}
IN_INPUT = CHOICES | {"datetimepicker", "file_input", "rich_text_input"}
IN_INPUT |= {"plain_text_input", "email_text_input", "url_text_input", "number_input"}

BLOCK: dict[str, Check] = {"type": anything, "block_id": string(LIMITS["block_id"], 1)}
SECTION_TEXT = text(LIMITS["section_text"])
BLOCKS: Mapping[str, Check] = MappingProxyType(
    {
        "section": fields(
            BLOCK
            | {
                "text": SECTION_TEXT,
                "fields": items(text(SECTION_FIELD), LIMITS["section_fields"]),
                "accessory": typed(ELEMENTS, IN_SECTION),
                "expand": boolean,
            }
        ),
        "actions": fields(
            BLOCK | {"elements": items(typed(ELEMENTS, IN_ACTIONS), LIMITS["actions_elements"])}, ("elements",)
        ),
        "context": fields(
            BLOCK | {"elements": items(typed(ELEMENTS, {"image", "plain_text", "mrkdwn"}), LIMITS["context_elements"])},
            ("elements",),
        ),
        "header": fields(BLOCK | {"text": text(LIMITS["header_text"], plain=True), "level": integer}, ("text",)),
        "divider": fields(BLOCK),
        "image": fields(
            BLOCK
            | {
                "image_url": string(3000),
                "slack_file": anything,
                "alt_text": string(2000),
                "title": text(2000, plain=True),
            },
            ("alt_text",),
        ),
        "input": fields(
            BLOCK
            | {
                "label": text(LIMITS["input_label"], plain=True),
                "element": typed(ELEMENTS, IN_INPUT),
                "hint": text(2000, plain=True),
                "optional": boolean,
                "dispatch_action": boolean,
            },
            ("label", "element"),
        ),
        "rich_text": fields(BLOCK | {"elements": items(anything, 1000, 0)}, ("elements",)),
        "markdown": fields(BLOCK | {"text": string(LIMITS["markdown_text_chars"], 1)}, ("text",)),
    }
)

TITLE = text(LIMITS["view_title"], plain=True)
VIEW: dict[str, Check] = {
    "type": anything,
    "blocks": items(typed(BLOCKS, BLOCKS), LIMITS["blocks_per_view"], 0),
    "private_metadata": string(LIMITS["private_metadata"]),
    "callback_id": string(LIMITS["callback_id"]),
    "external_id": string(LIMITS["external_id"]),
}
MODAL = fields(
    VIEW
    | {
        "title": TITLE,
        "submit": TITLE,
        "close": TITLE,
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    ("title", "blocks"),
)
HOME = fields(VIEW, ("blocks",))
