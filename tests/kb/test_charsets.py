"""The bytes of a file are read as what they are, or it is asked what they are; never as another text."""

import pytest

from kb.files.charset import decode_file
from kb.files.validation import BadFile

UKRAINIAN = "question;answer\nЯк оплатити замовлення?;Карткою або готівкою\nДе ви?;У Харкові\n"
RUSSIAN = "question;answer\nКак оплатить заказ?;Картой или наличными\nГде вы находитесь?;В Харькове\n"
WESTERN = (
    "Frage;Antwort\nWie groß ist das Büro?;Für zwölf Leute, geöffnet ab 9\n",
    "question,answer\nWhat’s “it”?,Don’t\n",
)
FEW = [("Where is the café?", "cp1252"), ("What is the café fee? About £5", "cp1252"), ("чи є кава", "mac-cyrillic")]


@pytest.mark.parametrize("charset", ["cp1251", "koi8-u", "cp866", "cp1125", "mac-cyrillic", "iso8859-5"])
def test_small_letters_and_capitals_are_read_in_their_charset(charset: str) -> None:
    texts = [RUSSIAN, *([] if charset == "cp866" else [UKRAINIAN])]  # that one has no і
    for text in (*texts, *map(str.upper, texts)):
        assert decode_file(text.encode(charset))[0] == text


def test_a_western_text_is_no_cyrillic_one() -> None:
    assert [decode_file(text.encode("cp1252"))[0] for text in WESTERN] == [*WESTERN]


@pytest.mark.parametrize(("text", "charset"), FEW)
def test_few_letters_are_asked_about(text: str, charset: str) -> None:
    with pytest.raises(BadFile, match="it cannot be told in which charset"):
        decode_file(text.encode(charset))


def test_a_sign_of_money_inside_a_word_is_no_letter_of_it() -> None:
    assert decode_file("# Що?\n\nкракозябра".encode("cp1251"))[1] == "cp1251"
