"""Modals and home tabs as people see them now."""

from dataclasses import dataclass

from bot.sandbox.slack.kit.draw import Control, Drawer, Option, controls, plain
from bot.sandbox.slack.kit.values import FIELDS
from bot.sandbox.slack.model import Json, View
from bot.sandbox.slack.mrkdwn import Active
from bot.sandbox.slack.world import World


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a modal, with what stands in it and what is said about it."""

    label: str
    kind: str
    action_id: str
    value: object
    optional: bool
    hint: str
    error: str
    placeholder: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class SeenView:
    """A modal or home tab as it looks now; ``fields`` by block id."""

    id: str
    kind: str
    user: str
    title: str
    submit: str
    close: str
    text: str
    active: tuple[Active, ...]
    controls: tuple[Control, ...]
    fields: dict[str, Field]
    errors: dict[str, str]
    callback_id: str
    private_metadata: str
    hash: str
    depth: int
    native: Json

    @property
    def buttons(self) -> list[str]:
        """The texts of the buttons inside, in reading order."""
        return [control.text for control in self.controls if control.kind == "button"]


def view(world: World, found: View) -> SeenView:
    """Return a modal or home tab as it looks now."""
    native, stack = found.native, world.modals.get(found.user, [])
    drawn = Drawer(world.name_of, world.users[found.user].tz).blocks(native["blocks"])
    fields = {
        block["block_id"]: _field(block, found.values, found.errors)
        for block in native["blocks"]
        if block["type"] == "input"
    }
    return SeenView(
        id=found.id,
        kind=native["type"],
        user=found.user,
        title=plain(native.get("title")),
        submit=plain(native.get("submit")),
        close=plain(native.get("close")) or "Cancel",
        text=drawn.text,
        active=drawn.active,
        controls=drawn.controls,
        fields=fields,
        errors=dict(found.errors),
        callback_id=native["callback_id"],
        private_metadata=native["private_metadata"],
        hash=found.hash,
        depth=stack.index(found) + 1 if found in stack else 0,
        native=native,
    )


def _field(block: Json, values: dict[str, Json], errors: dict[str, str]) -> Field:
    element = block["element"]
    state = values[block["block_id"]][element["action_id"]]
    content = state[FIELDS[element["type"]][0]]
    return Field(
        label=plain(block["label"]),
        kind=element["type"],
        action_id=element["action_id"],
        value=_words(content),
        optional=block.get("optional", False),
        hint=plain(block.get("hint")),
        error=errors.get(block["block_id"], ""),
        placeholder=plain(element.get("placeholder")),
        options=tuple(option for control in controls(block) for option in control.options),
    )


def _words(content: object) -> object:
    """Return options by their words, all else as it is."""
    if isinstance(content, dict) and "text" in content:
        return plain(content["text"])
    return [_words(one) for one in content] if isinstance(content, list) else content
