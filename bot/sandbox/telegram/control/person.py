"""A person with Telegram in their hands."""

import json

from bot.sandbox.telegram import events
from bot.sandbox.telegram.control.attaching import Attaching
from bot.sandbox.telegram.control.room import Group, Room
from bot.sandbox.telegram.control.view import Seen, Toast, seen
from bot.sandbox.telegram.control.writing import Where, Writing
from bot.sandbox.telegram.entities import formatted
from bot.sandbox.telegram.model import Chat, Json, Member, Press
from bot.sandbox.telegram.posting import change
from bot.sandbox.telegram.tables import RIGHTS

__all__ = ["Person", "Where"]


class Person(Attaching, Writing):
    """Somebody on Telegram. ``at`` is a chat, its id or a topic; left out, it is the private chat with the bot."""

    @property
    def chat(self) -> Room:
        """The private chat with the bot."""
        return Room(self._world, self._world.chats[self.id])

    @property
    def language(self) -> str | None:
        """Their app's language."""
        return self._account.language

    def speaks(self, language: str) -> None:
        """Switch the language of their app."""
        self._account.language = language
        self._world.changes.touch()

    @property
    def blocked(self) -> bool:
        """Whether they have blocked the bot."""
        return self._world.chats[self.id].blocked

    def menu(self, at: Where = None) -> list[Json]:
        """Return the commands that their app offers in a chat: the narrowest list there is, in their language or any."""
        chat, _ = self._where(at)
        for scope in self._scopes(chat):
            for language in (self._account.language or "", ""):
                if found := self._world.profile.commands.get((json.dumps(scope, sort_keys=True), language)):
                    return found
        return []

    def _scopes(self, chat: Chat) -> list[Json]:
        """Return the scopes that hold for them in a chat, the narrowest first."""
        own: Json = {"type": "chat", "chat_id": chat.id}
        if chat.type == "private":
            return [own, {"type": "all_private_chats"}, {"type": "default"}]
        admin = chat.member(self.id).is_admin
        return [
            own | {"type": "chat_member", "user_id": self.id},
            *([own | {"type": "chat_administrators"}] if admin else []),
            own,
            *([{"type": "all_chat_administrators"}] if admin else []),
            {"type": "all_group_chats"},
            {"type": "default"},
        ]

    @property
    def toasts(self) -> list[Toast]:
        """What their presses of buttons brought, oldest first."""
        mine = [press for press in self._world.presses.values() if press.person == self.id]
        return [Toast(press.text, press.alert, press.url, press.answered, press.at) for press in mine]

    def starts(self, payload: str = "") -> Seen:
        """Press Start, perhaps behind a deep link."""
        return self.says(f"/start {payload}".strip())

    def edits(self, message: Seen | int, text: str, *, at: Where = None) -> Seen:
        """Change the text or caption of a message of their own."""
        chat, post = self._message(message, at)
        field = "text" if "text" in post.data else "caption"
        words, entities = formatted(text, None, None)
        dropped = ("entities", "caption_entities")
        change(self._world, post, dropped, **{field: words}, **({"entities": entities} if entities else {}))
        events.message(self._world, chat, post, edited=True)
        return seen(self._world, chat, post)

    def replaces(self, message: Seen | int, kind: str, data: bytes, *, at: Where = None) -> Seen:
        """Put another file of a kind into a message of their own, in the place of the one that was there."""
        chat, post = self._message(message, at)
        change(self._world, post, (), **self._file(kind, data, ""))
        events.message(self._world, chat, post, edited=True)
        return seen(self._world, chat, post)

    def presses(
        self,
        text: str = "",
        *,
        data: str | None = None,
        on: Seen | int | None = None,
        at: Where = None,
        inaccessible: bool = False,
    ) -> Press:
        """Press an inline button by its words, on the newest message that carries it or on the one given.

        ``data`` presses what is not (or no longer) shown; ``inaccessible`` does so under a message too old to travel.
        """
        chat, _ = self._where(at or (on.chat if isinstance(on, Seen) else None))
        number = on.id if isinstance(on, Seen) else on
        if data is None:
            number, data = self._button(chat, text, number)
        elif number is None:
            number = next(reversed(chat.posts))
        press = self._world.press(self.id, chat.id, number, data)
        post = chat.posts.get(number)
        message: Json = {"message_id": number, "chat": chat.native(), "date": 0}
        events.pressed(self._world, chat, press, message if inaccessible or post is None else post.data)
        return press

    def _button(self, chat: Chat, text: str, number: int | None) -> tuple[int, str]:
        """Return the message and the data of the button with these words, or else with these words in it."""
        posts = list(reversed(chat.posts.values())) if number is None else [chat.posts[number]]
        shown = [(post.id, button) for post in posts for row in seen(self._world, chat, post).rows for button in row]
        found = [pair for pair in shown if pair[1].text == text] or [pair for pair in shown if text in pair[1].text]
        if not found:
            raise LookupError(f"no button {text!r} in chat {chat.id}; there are {[button.text for _, button in shown]}")
        message, button = found[0]
        if button.data is None:
            raise LookupError(f"{button.text!r} is a link, nothing to press")
        return message, button.data

    def taps(self, label: str, *, at: Where = None) -> Seen:
        """Tap a button of the keyboard shown in the place of letters: it says its label, or sends the contact."""
        chat, _ = self._where(at)
        shown = next((post.keyboard for post in reversed(chat.posts.values()) if post.keyboard), {})
        for row in shown.get("keyboard", ()):
            for button in row:
                if isinstance(button, dict) and button["text"] == label and button.get("request_contact"):
                    return self.sends_contact(at=at)
                if label == (button if isinstance(button, str) else button["text"]):
                    return self.says(label, at=at)
        raise LookupError(f"no button {label!r} on the keyboard: {shown.get('keyboard')}")

    def reacts(self, emoji: str | None, on: Seen | int, *, at: Where = None) -> None:
        """Put a reaction on a message, another in its place, or (None) take it back."""
        chat, post = self._message(on, at)
        old = post.reactions.get(self.id, [])
        new: list[Json] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        post.reactions[self.id] = new
        events.reacted(self._world, chat, post, self._account, old, new)
        self._world.changes.touch()

    def deletes(self, message: Seen | int, *, at: Where = None) -> None:
        """Delete a message; the bot hears nothing."""
        chat, post = self._message(message, at)
        chat.posts.pop(post.id)
        self._world.changes.touch()

    def blocks(self) -> None:
        """Block the bot."""
        self._block(blocked=True)

    def unblocks(self) -> None:
        """Unblock the bot."""
        self._block(blocked=False)

    def _block(self, *, blocked: bool) -> None:
        chat, world = self._world.chats[self.id], self._world
        chat.blocked = blocked
        before, after = (Member("member"), Member("kicked")) if blocked else (Member("kicked"), Member("member"))
        events.member_changed(world, chat, self._account, world.bot, before, after)
        world.changes.touch()

    def vanishes(self) -> None:
        """Delete the account: "user is deactivated"."""
        self._account.deactivated = True

    def joins(self, group: Group | int) -> None:
        """Join a group."""
        self._group(group).set_member(self._account, Member("member"), actor=self._account)

    def leaves(self, group: Group | int, *, heard: bool = True) -> None:
        """Leave a group; where it is not ``heard``, no update ever tells of it."""
        if heard:
            self._group(group).set_member(self._account, Member("left"), actor=self._account)
        else:
            self._world.chats[self._group(group).id].members[self.id] = Member("left")
            self._world.changes.touch()

    def becomes(self, status: str, group: Group | int, *, anonymous: bool = False) -> None:
        """Be made ``member``, ``administrator`` or ``creator`` of a group; an anonymous one writes as the group."""
        if status not in ("member", "administrator", "creator"):
            raise ValueError(f"{status!r}: member, administrator or creator")
        rights = RIGHTS if status == "administrator" else frozenset()
        member = Member(status, rights, anonymous)  # type: ignore[arg-type]
        self._group(group).set_member(self._account, member)

    def _group(self, group: Group | int) -> Group:
        return group if isinstance(group, Group) else Group(self._world, self._world.chats[group])
