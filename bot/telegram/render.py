"""What we say becomes Bot API calls. Pure: this file only draws; the adapter sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiogram import methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import (
    BufferedInputFile,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    ReplyParameters,
)

from bot.telegram.words import message_entities, rich_text_with_zones, split_for_telegram, utf16_length
from handlers.vocabulary.messages import File, RenderedButton, RenderedMessage, RichText

TEXT = 4096  # UTF-16 units after entity parsing (Bot API, sendMessage)
CAPTION = 1024
DATA = 64  # bytes of callback_data
PICTURE = 10 * 1024 * 1024  # bytes of a photo
ALBUM = 10
BARE = "⋯"  # what a keyboard stands under when there are no words
QUIET = LinkPreviewOptions(is_disabled=True)

SEND: dict[str, type[TelegramMethod[Any]]] = {
    "photo": methods.SendPhoto,
    "video": methods.SendVideo,
    "animation": methods.SendAnimation,
    "audio": methods.SendAudio,
    "voice": methods.SendVoice,
    "video_note": methods.SendVideoNote,
    "document": methods.SendDocument,
    "sticker": methods.SendSticker,
}
CAPTIONED = ("photo", "video", "animation", "audio", "voice", "document")  # all else stands after its words
GROUPED = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio"}
MEDIA = {"photo": InputMediaPhoto, "video": InputMediaVideo, "document": InputMediaDocument, "audio": InputMediaAudio}


@dataclass(frozen=True, slots=True)
class Where:
    """Where a message goes: the chat, the topic, the message it replies to."""

    chat: str
    thread: str = ""
    reply: str = ""

    def arguments(self, *, first: bool) -> dict[str, Any]:
        """Return the arguments that say so; only the first part of a message replies."""
        found: dict[str, Any] = {"chat_id": int(self.chat)}
        if self.thread:
            found["message_thread_id"] = int(self.thread)
        if self.reply and first:
            found["reply_parameters"] = ReplyParameters(message_id=int(self.reply), allow_sending_without_reply=True)
        return found


Call = TelegramMethod[Any]


def message_calls(drawn: RenderedMessage, where: Where, loaded: Mapping[str, bytes] | None = None) -> list[Call]:
    """Return the calls that say a message, in order: text over the limit is several, files go with their caption."""
    drawn = replace(
        drawn,
        words=rich_text_with_zones(drawn.words),
        files=tuple(_sendable(file, loaded or {}) for file in drawn.files),
    )
    markup = reply_markup(drawn)
    extra: dict[str, Any] = {"disable_notification": True} if drawn.silent else {}
    groups = _groups(drawn)
    captioned = _captioned(drawn, groups)
    pieces = [] if captioned else split_for_telegram(drawn.words, TEXT)
    if markup and not pieces and (not groups or len(groups[-1]) > 1):
        pieces = [RichText(BARE)]  # a keyboard stands under something, and an album cannot carry one
    under = len(pieces) or len(groups)  # the part with the keyboard: the last of the text, or of the files
    calls: list[Call] = []
    parts: list[RichText | list[File]] = [*pieces, *groups]
    for number, part in enumerate(parts, 1):
        common = {**where.arguments(first=not calls), **extra}
        keys = markup if number == under else None
        if isinstance(part, RichText):
            calls.append(_text(part, common, keys))
        else:
            calls.append(
                _files(part, drawn.words if captioned and number == 1 else RichText(), common, keys, loaded or {})
            )
    return calls


def _sendable(file: File, loaded: Mapping[str, bytes]) -> File:
    """Return a file as Telegram takes it: too big a picture from elsewhere goes as a document."""
    big = file.kind == "photo" and len(loaded.get(file.handle, b"")) > PICTURE
    return replace(file, kind="document") if big else file


def _groups(drawn: RenderedMessage) -> list[list[File]]:
    return album_groups([file for file in drawn.files if file.kind != "other"])


def _captioned(drawn: RenderedMessage, groups: Sequence[Sequence[File]]) -> bool:
    """Return whether the words go as the caption of the first file."""
    return bool(
        groups
        and drawn.words.text.strip()
        and groups[0][0].kind in CAPTIONED
        and utf16_length(drawn.words.text) <= CAPTION
        and not (reply_markup(drawn) and len(groups[-1]) > 1)
    )


def _text(piece: RichText, common: dict[str, Any], markup: Any) -> Call:
    return methods.SendMessage(
        **common,
        text=piece.text,
        entities=message_entities(piece) or None,
        link_preview_options=QUIET,
        reply_markup=markup,
    )


def _files(
    group: Sequence[File], said: RichText, part: dict[str, Any], markup: Any, loaded: Mapping[str, bytes]
) -> Call:
    """Return the call for one file, or for files that go as an album."""
    caption: dict[str, Any] = {"caption": said.text, "caption_entities": message_entities(said) or None} if said else {}
    if len(group) > 1:
        media = [MEDIA[f.kind](media=input_file(f, loaded), **(caption if n == 0 else {})) for n, f in enumerate(group)]
        return methods.SendMediaGroup(media=media, **part)
    file = group[0]
    if file.kind in SEND:
        return SEND[file.kind](**{file.kind: input_file(file, loaded), **caption, **part, "reply_markup": markup})
    facts = dict(file.facts)
    match file.kind:
        case "location":
            return methods.SendLocation(
                latitude=facts["latitude"], longitude=facts["longitude"], **part, reply_markup=markup
            )
        case "venue":
            return methods.SendVenue(
                **{k: facts[k] for k in ("latitude", "longitude", "title", "address")}, **part, reply_markup=markup
            )
        case "contact":
            return methods.SendContact(
                phone_number=facts["phone"],
                first_name=facts["first"],
                last_name=facts["last"] or None,
                **part,
                reply_markup=markup,
            )
    text = _as_text(file)
    return methods.SendMessage(text=text, **part, reply_markup=markup)


def input_file(file: File, loaded: Mapping[str, bytes]) -> str | BufferedInputFile:
    """Return what Telegram knows a file by, or its content where Telegram has never seen it."""
    content = loaded.get(file.handle)
    return file.ref if content is None else BufferedInputFile(content, file.name or file.kind)


def _as_text(file: File) -> str:
    """Return what has no sending method of its own as plain text."""
    facts = file.facts
    if file.kind == "dice":
        return f"{facts['emoji']} {facts['value']}"
    if file.kind == "poll":
        return "\n".join([f"📊 {facts['question']}", *(f"– {option}" for option in facts["options"])])
    return f"[{file.kind}]"


def album_groups(files: Sequence[File]) -> list[list[File]]:
    """Return files in the groups that Telegram can send as albums: at most ten, documents and audio with their like."""
    groups: list[list[File]] = []
    for file in files:
        kind = GROUPED.get(file.kind)
        last = groups[-1] if groups else []
        if kind and last and GROUPED.get(last[0].kind) == kind and len(last) < ALBUM:
            last.append(file)
        else:
            groups.append([file])
    return groups


def reply_markup(drawn: RenderedMessage) -> InlineKeyboardMarkup | ForceReply | None:
    """Return the keyboard under a message, or the prompt that asks one person to reply."""
    if drawn.keys:
        return InlineKeyboardMarkup(inline_keyboard=[[_button(key) for key in row] for row in drawn.keys])
    return ForceReply(force_reply=True, selective=True) if drawn.prompt else None


def _button(key: RenderedButton) -> InlineKeyboardButton:
    label = (key.label if len(key.label) <= 64 else key.label[:63] + "…").strip() or BARE
    if key.url:
        return InlineKeyboardButton(text=label, url=key.url)
    return InlineKeyboardButton(text=label, callback_data=button_data(key), style="danger" if key.danger else None)


def button_data(key: RenderedButton) -> str:
    """Return a button's data: a name and a key, never content. Raises ValueError over Telegram's 64 bytes."""
    data = f"{key.name}:{key.value}" if key.value else key.name
    if len(data.encode()) > DATA:
        raise ValueError(f"button {key.name!r} carries too much: {len(data.encode())} bytes, {DATA} fit")
    return data
