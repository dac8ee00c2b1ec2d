"""How a message that is shown becomes another: by edits in place as long as its parts are the same. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiogram import methods
from aiogram.types import InlineKeyboardMarkup

from bot.telegram.render import CAPTION, CAPTIONED, QUIET, TEXT, Call, Where, album_groups, message_calls, reply_markup
from bot.telegram.words import message_entities, rich_text_with_zones, split_for_telegram, utf16_length
from handlers.vocabulary.messages import RenderedMessage, RichText


@dataclass(frozen=True, slots=True)
class EditPlan:
    """The edits, the messages to send besides, the native ids that stay, and those to delete."""

    edits: Sequence[Call]
    more: Sequence[Call] = ()
    stay: Sequence[str] = ()
    surplus: Sequence[str] = ()


def edit_plan(drawn: RenderedMessage, where: Where, shown: Sequence[str]) -> EditPlan | None:
    """Return how what is shown becomes this; None where it has to be said anew, for its parts are of other kinds."""
    drawn = replace(drawn, words=rich_text_with_zones(drawn.words))
    markup = reply_markup(drawn)
    inline = markup if isinstance(markup, InlineKeyboardMarkup) else None
    groups = album_groups([file for file in drawn.files if file.kind != "other"])
    files = sum(map(len, groups))
    texts = len(shown) - files
    pieces = split_for_telegram(drawn.words, TEXT)
    if not files:
        return _texts(drawn, pieces, where, shown, inline)
    if texts > 0:  # text first, then the files, which stay as they are
        if not 0 < len(pieces) <= texts:
            return None
        edits = _text_edits(pieces, where, shown, inline)
        return EditPlan(edits, (), [*shown[: len(pieces)], *shown[texts:]], shown[len(pieces) : texts])
    if texts < 0 or groups[0][0].kind not in CAPTIONED or utf16_length(drawn.words.text) > CAPTION or len(groups) > 1:
        return None
    return EditPlan([_caption(drawn.words, where, shown[0], inline)], (), shown)


def _texts(
    drawn: RenderedMessage,
    pieces: Sequence[RichText],
    where: Where,
    shown: Sequence[str],
    inline: InlineKeyboardMarkup | None,
) -> EditPlan:
    """Edit as many parts as there were; what does not fit goes out behind them, what is left over goes away."""
    kept = min(len(pieces), len(shown))
    more = [
        call
        for number, piece in enumerate(pieces[kept:], kept + 1)
        for call in message_calls(
            RenderedMessage(piece, drawn.keys if number == len(pieces) else ()), Where(where.chat, where.thread)
        )
    ]
    edits = _text_edits(pieces[:kept], where, shown, None if more else inline)
    return EditPlan(edits, more, shown[:kept], shown[len(pieces) :])


def _text_edits(
    pieces: Sequence[RichText], where: Where, shown: Sequence[str], inline: InlineKeyboardMarkup | None
) -> list[Call]:
    return [
        methods.EditMessageText(
            chat_id=int(where.chat),
            message_id=int(native),
            text=piece.text,
            entities=message_entities(piece) or None,
            link_preview_options=QUIET,
            reply_markup=inline if number == len(pieces) else None,
        )
        for number, (native, piece) in enumerate(zip(shown, pieces, strict=False), 1)
    ]


def text_and_caption_edits(words: RichText, where: Where, native: str) -> tuple[Call, Call]:
    """Return what lets a message say this whatever it said: as its text, and as its caption where it has one."""
    return _text_edits([words], where, [native], None)[0], _caption(words, where, native, None)


def _caption(words: RichText, where: Where, native: str, inline: Any) -> Call:
    return methods.EditMessageCaption(
        chat_id=int(where.chat),
        message_id=int(native),
        caption=words.text if words.text.strip() else None,
        caption_entities=(message_entities(words) if words.text.strip() else None) or None,
        reply_markup=inline,
    )
