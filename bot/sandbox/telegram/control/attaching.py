"""What a person sends besides words."""

from collections.abc import Iterable
from typing import Unpack

from bot.sandbox.telegram.content import file_content
from bot.sandbox.telegram.control.view import Seen
from bot.sandbox.telegram.control.writing import Spot, Writing
from bot.sandbox.telegram.entities import formatted
from bot.sandbox.telegram.methods.sending import poll
from bot.sandbox.telegram.model import Json


class FileSpot(Spot, total=False):
    """The same for a file; ``size`` may claim more bytes than are there."""

    name: str | None
    size: int | None


class Attaching(Writing):
    """Files, albums, places, polls and dice; ``where`` is ``at``, ``topic`` and ``reply_to`` as in ``says``."""

    def sends(
        self,
        kind: str,
        data: bytes = b"sandbox",
        *,
        caption: str = "",
        name: str | None = None,
        size: int | None = None,
        **where: Unpack[Spot],
    ) -> Seen:
        """Send a file of any kind."""
        return self._send(self._file(kind, data, caption, name, size), **where)

    def _file(self, kind: str, data: bytes, caption: str, name: str | None = None, size: int | None = None) -> Json:
        content = file_content(self._world.files.add(kind, data, name=name, size=size))
        if caption:
            words, marked = formatted(caption, None, None)
            content |= {"caption": words} | ({"caption_entities": marked} if marked else {})
        return content

    def sends_photo(self, data: bytes = b"photo", *, caption: str = "", **where: Unpack[FileSpot]) -> Seen:
        """Send a photo."""
        return self.sends("photo", data, caption=caption, **where)

    def sends_document(
        self,
        name: str = "report.pdf",
        data: bytes = b"document",
        *,
        caption: str = "",
        size: int | None = None,
        **where: Unpack[Spot],
    ) -> Seen:
        """Send a document."""
        return self.sends("document", data, caption=caption, name=name, size=size, **where)

    def sends_video(self, data: bytes = b"video", *, caption: str = "", **where: Unpack[FileSpot]) -> Seen:
        """Send a video."""
        return self.sends("video", data, caption=caption, **where)

    def sends_animation(self, data: bytes = b"animation", *, caption: str = "", **where: Unpack[FileSpot]) -> Seen:
        """Send a GIF."""
        return self.sends("animation", data, caption=caption, **where)

    def sends_audio(self, data: bytes = b"audio", *, caption: str = "", **where: Unpack[FileSpot]) -> Seen:
        """Send a piece of music."""
        return self.sends("audio", data, caption=caption, **where)

    def sends_voice(self, data: bytes = b"voice", *, caption: str = "", **where: Unpack[FileSpot]) -> Seen:
        """Send a voice message."""
        return self.sends("voice", data, caption=caption, **where)

    def sends_video_note(self, data: bytes = b"round", **where: Unpack[FileSpot]) -> Seen:
        """Send a round video."""
        return self.sends("video_note", data, **where)

    def sends_sticker(self, data: bytes = b"sticker", **where: Unpack[FileSpot]) -> Seen:
        """Send a sticker."""
        return self.sends("sticker", data, **where)

    def sends_album(
        self,
        kinds: Iterable[str] = ("photo", "photo"),
        *,
        files: Iterable[Json] = (),
        caption: str = "",
        **where: Unpack[Spot],
    ) -> list[Seen]:
        """Send an album: separate messages with one group id, the caption on the first.

        ``files`` are its parts as they come from a disk: ``kind``, ``name`` and ``data`` of each.
        """
        parts = list(files) or [{"kind": kind} for kind in kinds]
        group = {"media_group_id": str(13500000 + self._world.number("other"))}
        contents = [
            self._file(part["kind"], part.get("data", b"album"), "" if number else caption, part.get("name"))
            for number, part in enumerate(parts)
        ]
        return [self._send(group | content, **where) for content in contents]

    def sends_location(self, latitude: float = 50.45, longitude: float = 30.52, **where: Unpack[Spot]) -> Seen:
        """Send a point on the map."""
        return self._send({"location": {"latitude": latitude, "longitude": longitude}}, **where)

    def sends_contact(self, phone: str = "+10000000000", first_name: str = "", **where: Unpack[Spot]) -> Seen:
        """Send a phone number; without a name, their own."""
        contact: Json = {"phone_number": phone, "first_name": first_name or self._account.first_name}
        if not first_name:
            contact["user_id"] = self.id
        return self._send({"contact": contact}, **where)

    def sends_poll(
        self, question: str = "Which?", options: Iterable[str] = ("This", "That"), **where: Unpack[Spot]
    ) -> Seen:
        """Send a poll."""
        return self._send({"poll": poll(str(self._world.number("other")), question, list(options))}, **where)

    def sends_dice(self, emoji: str = "🎲", value: int = 4, **where: Unpack[Spot]) -> Seen:
        """Throw a die that shows what the test wants."""
        return self._send({"dice": {"emoji": emoji, "value": value}}, **where)

    def sends_native(self, content: Json, **where: Unpack[Spot]) -> Seen:
        """Send a message of any other content (story, invoice, paid media …), given as ``Message`` fields."""
        return self._send(content, **where)
