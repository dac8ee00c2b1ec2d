import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto, MediaUnion

from bot.sandbox.clock import ManualClock
from bot.sandbox.telegram import Person, TelegramSandbox


async def test_a_file_goes_up_and_comes_down(sandbox: TelegramSandbox, bot: Bot, ann: Person) -> None:
    sent = await bot.send_document(
        ann.id, BufferedInputFile(b"a,b\n1,2\n", "report.csv"), caption="<b>July</b>", parse_mode="HTML"
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("report.csv", "text/csv")
    assert (ann.chat.last.kind, ann.chat.last.text) == ("document", "July")
    down = await bot.download(sent.document)
    assert down is not None
    assert down.read() == b"a,b\n1,2\n"
    again = await bot.send_document(ann.id, sent.document.file_id)
    assert again.document == sent.document
    assert sandbox.violations == []


async def test_a_link_is_good_for_an_hour(
    sandbox: TelegramSandbox, clock: ManualClock, http: aiohttp.ClientSession, bot: Bot, ann: Person
) -> None:
    photo = ann.sends_photo(b"jpeg")
    file = await bot.get_file(photo.file_id or "")
    url = f"{sandbox.url}/file/bot{sandbox.token}/{file.file_path}"
    async with http.get(url) as answer:
        assert await answer.read() == b"jpeg"
    clock.advance(3601)
    async with http.get(url) as answer:
        assert answer.status == 404


async def test_sizes_kinds_and_foreign_ids_are_refused(bot: Bot, ann: Person) -> None:
    big = ann.sends_document("film.mkv", size=30 * 1024 * 1024)
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(big.file_id or "")
    with pytest.raises(TelegramBadRequest, match="wrong file_id"):
        await bot.send_photo(ann.id, "AgACnonsense")
    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as Photo"):
        await bot.send_photo(ann.id, big.file_id or "")
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.send_photo(ann.id, BufferedInputFile(bytes(10 * 1024 * 1024 + 1), "x.jpg"))


async def test_an_album_is_separate_messages_with_one_group(bot: Bot, ann: Person) -> None:
    album = await bot.send_media_group(
        ann.id,
        [
            InputMediaPhoto(media=BufferedInputFile(b"1", "1.jpg"), caption="both"),
            InputMediaPhoto(media=BufferedInputFile(b"2", "2.jpg")),
        ],
    )
    assert len({message.media_group_id for message in album}) == 1
    assert [seen.text for seen in ann.chat.messages[-2:]] == ["both", ""]
    ids = await bot.copy_messages(ann.id, ann.id, [message.message_id for message in album])
    groups = {seen.media_group for seen in ann.chat.messages if seen.id in {copied.message_id for copied in ids}}
    assert len(groups) == 1
    with pytest.raises(TelegramBadRequest, match="group must include 2-10 messages"):
        await bot.send_media_group(ann.id, [InputMediaPhoto(media=album[0].photo[-1].file_id)])  # type: ignore[index]
    mixed: list[MediaUnion] = [
        InputMediaPhoto(media=BufferedInputFile(b"1", "1.jpg")),
        InputMediaDocument(media=BufferedInputFile(b"2", "2.txt")),
    ]
    with pytest.raises(TelegramBadRequest, match="can't be mixed"):
        await bot.send_media_group(ann.id, mixed)


async def test_every_kind_can_be_sent_back_by_its_id(sandbox: TelegramSandbox, bot: Bot, ann: Person) -> None:
    for kind in ("photo", "video", "animation", "audio", "voice", "video_note", "sticker"):
        file_id = ann.sends(kind).file_id
        sent = await getattr(bot, f"send_{kind}")(ann.id, file_id)
        assert ann.chat.last.kind == kind == sent.content_type
    await bot.send_location(ann.id, 50.4, 30.5)
    await bot.send_venue(ann.id, 50.4, 30.5, "Office", "Street 1")
    await bot.send_contact(ann.id, "+1", "Bob")
    await bot.send_dice(ann.id)
    await bot.send_poll(ann.id, "Which?", ["a", "b"])
    assert [seen.kind for seen in ann.chat.messages[-5:]] == ["location", "venue", "contact", "dice", "poll"]
    assert sandbox.violations == []


async def test_what_cannot_be_passed_on_says_so(bot: Bot, ann: Person) -> None:
    for content in (
        {"paid_media": {"star_count": 1, "paid_media": []}},
        {"text": "hush", "has_protected_content": True},
    ):
        message = ann.sends_native(content)
        with pytest.raises(TelegramBadRequest, match="message can't be copied"):
            await bot.copy_message(ann.id, ann.id, message.id)
    assert [seen.kind for seen in ann.chat.messages[-2:]] == ["paid_media", "text"]
