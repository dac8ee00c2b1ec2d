"""How a person presses, chooses, fills and submits."""

from collections.abc import Iterable
from typing import Any

from bot.sandbox.slack import interactions, natives
from bot.sandbox.slack.control.room import Room
from bot.sandbox.slack.control.surface import SeenView, view
from bot.sandbox.slack.control.view import Seen
from bot.sandbox.slack.control.writing import Writing
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.kit.draw import Control, controls
from bot.sandbox.slack.kit.values import FIELDS, chosen, option, problem
from bot.sandbox.slack.model import Json, Post, View
from bot.sandbox.slack.storage import new_file

Surface = Room | Seen | SeenView | str | None
MODAL, HOME = "modal", "home"


class Acting(Writing):
    """``at`` is a room, a message, a modal or home tab (or the words "modal" and "home"); left out, it is the DM."""

    @property
    def modal(self) -> SeenView | None:
        """The modal in front of them."""
        top = self._space.world.top(self.id)
        return view(self._space.world, top) if top else None

    @property
    def modals(self) -> list[SeenView]:
        """All open modals, the one in front last."""
        return [view(self._space.world, one) for one in self._space.world.modals.get(self.id, ())]

    @property
    def home(self) -> SeenView | None:
        """The app's home tab as it is for them, whether they look at it or not."""
        found = self._space.world.homes.get(self.id)
        return view(self._space.world, found) if found else None

    def presses(self, text: str = "", *, at: Surface = None, action_id: str | None = None) -> Delivery:
        """Press a button by its words (or id), on the newest message that shows it, in a modal or at home."""
        found = [
            (surface, control)
            for surface, control in self._controls(at)
            if control.kind == "button" and (action_id is None or control.action_id == action_id)
        ]
        exact = [pair for pair in found if pair[1].text == text] or [pair for pair in found if text in pair[1].text]
        if not exact:
            raise LookupError(f"no button {text!r}; there are {[control.text for _, control in found]}")
        surface, control = exact[0]
        return interactions.acted(self._space, self._user, control.native, control.block_id, control.value, surface)

    def chooses(self, wanted: str | list[str], *, at: Surface = None, menu: str | None = None) -> Delivery:
        """Choose from a menu by the words of the option, or of several; ``menu`` is its placeholder, label or action id."""
        for surface, control in self._controls(at):
            if control.kind != "button" and menu in (None, control.text, control.action_id):
                if any(wanted in (one.text, one.value) for one in control.options):
                    return self._choose(surface, control, wanted)
                free = not control.options or isinstance(wanted, list)
                if control.kind in FIELDS and free and menu is not None:
                    return self._choose(surface, control, wanted)
        raise LookupError(f"no choice {wanted!r}; there are {[c.options for _, c in self._controls(at)]}")

    def _choose(self, surface: Post | View, control: Control, wanted: Any) -> Delivery:
        element = control.native
        value = option(element, wanted) if element["type"] == "overflow" else chosen(element, wanted)
        if isinstance(surface, View) and element["type"] in FIELDS:
            field, _ = FIELDS[element["type"]]
            entry = {"type": element["type"], field: value}
            surface.values.setdefault(control.block_id, {})[control.action_id] = entry
        return interactions.acted(self._space, self._user, element, control.block_id, value, surface)

    def fills(self, values: dict[str, Any] | None = None, /, **more: Any) -> None:
        """Fill inputs of the modal in front, by block id; options by their words."""
        top = self._top()
        for block_id, wanted in {**(values or {}), **more}.items():
            block = next((b for b in top.native["blocks"] if b["block_id"] == block_id and b["type"] == "input"), None)
            if block is None:
                raise LookupError(f"no input {block_id!r}; there are {[b['block_id'] for b in top.native['blocks']]}")
            self._fill(top, block, wanted)
        self._space.changes.touch()

    def _fill(self, top: View, block: Json, wanted: Any) -> None:
        element = block["element"]
        field, _ = FIELDS[element["type"]]
        value = chosen(element, wanted)
        top.values[block["block_id"]][element["action_id"]] = {"type": element["type"], field: value}
        top.errors.pop(block["block_id"], None)
        if block.get("dispatch_action"):
            interactions.acted(self._space, self._user, element, block["block_id"], value, top)

    def attaches(self, block_id: str, files: Iterable[tuple[str, bytes]]) -> None:
        """Put files into an input of the modal in front, in the place of those that were there."""
        stored = [new_file(self._space, self.id, name, data) for name, data in files]
        self.fills({block_id: [natives.file(self._space.world, one) for one in stored]})

    def submits(self) -> Delivery:
        """Send the modal in front; what Slack's own app would refuse is refused here."""
        if not self.complete():
            raise ValueError(f"Slack's app sends nothing: {self._top().errors}")
        return interactions.submitted(self._space, self._user, self._top())

    def complete(self) -> bool:
        """Return whether Slack's own app would send the modal in front; what is wrong is said at its fields."""
        top = self._top()
        top.errors = {
            block["block_id"]: said
            for block in top.native["blocks"]
            if block["type"] == "input"
            and (said := problem(block, top.values[block["block_id"]][block["element"]["action_id"]]))
        }
        self._space.changes.touch()
        return not top.errors

    def closes(self, *, everything: bool = False) -> None:
        """Close the modal in front, or all of them; the bot hears of it where it asked to."""
        stack = self._space.world.modals.get(self.id, [])
        for one in list(reversed(stack)) if everything else [self._top()]:
            stack.remove(one)
            if one.native.get("notify_on_close"):
                interactions.closed(self._space, self._user, one, cleared=everything)
        self._space.changes.touch()

    def _top(self) -> View:
        top = self._space.world.top(self.id)
        if top is None:
            raise LookupError(f"{self.name} has no modal open")
        return top

    def _controls(self, at: Surface) -> list[tuple[Post | View, Control]]:
        """Return what can be acted on there, the newest message first."""
        surfaces = self._surfaces(at)
        return [
            (surface, control)
            for surface in surfaces
            for block in surface.native.get("blocks") or ()
            for control in controls(block)
        ] + [
            (surface, control)
            for surface in surfaces
            for attachment in surface.native.get("attachments") or ()
            for block in attachment.get("blocks") or ()
            for control in controls(block)
        ]

    def _surfaces(self, at: Surface) -> list[Post] | list[View]:
        world = self._space.world
        if at == MODAL:
            return [self._top()]
        if at == HOME or isinstance(at, SeenView):
            shown = [*world.modals.get(self.id, ()), *([world.homes[self.id]] if self.id in world.homes else [])]
            wanted = [one for one in shown if (one.native["type"] == HOME if at == HOME else one.id == at.id)]  # type: ignore[union-attr]
            if not wanted:
                raise LookupError(f"{self.name} does not see this view any more")
            return wanted
        if isinstance(at, Seen):
            return [self._post(at)]
        channel = self._channel(at)
        if self.id not in channel.members:
            raise ValueError(f"{self.name} is not in {channel.name}")
        own = [post for post in channel.ephemerals if post.only_for == self.id]
        posts = [post for post in channel.posts.values() if post.author == world.bot.id]
        return sorted([*posts, *own], key=lambda post: post.ts, reverse=True)
