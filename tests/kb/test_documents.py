"""Documents as people write them: what of them are the questions, and that an answer stays as it was written."""

import time

from kb.files.formats import Changes, parse_articles


def read(text: str, name: str = "faq.md") -> dict[str, str]:
    """Return the answers by their questions."""
    return {article.question: article.answer for article in changes_by(text, name).added}


def changes_by(text: str, name: str = "faq.md") -> Changes:
    return parse_articles(name, text.encode(), language="uk")


def test_a_form_to_fill_in_is_read_at_once_and_the_rule_below_an_answer_is_none_of_it() -> None:
    form = "\n\n".join(["Заповніть:", *["________"] * 14, "(підпис)"])
    begun = time.perf_counter()
    found = read(f"## Як подати заяву?\n\n{form}\n\n* * *\n\n---\n\n## Де {' ' * 60_000} каса?\n\nТам.\n")
    assert time.perf_counter() - begun < 2
    assert found == {"Як подати заяву?": form, "Де каса?": "Там."}


def test_a_number_that_belongs_to_the_question_stays_and_one_that_only_counts_goes() -> None:
    whole = [
        "691 помилка — що робити?",
        "100 Мбіт — скільки коштує?",
        "500 Мбіт — скільки коштує?",
        "404 Not Found",
        "5 клас: коли?",
    ]
    assert list(read("".join(f"## {title}\nТак.\n" for title in whole))) == whole
    signed = [
        "1. Як підключитися?",
        "2) Де ви?",
        "2.1. Чи далеко?",
        "№3. Коли?",
        "IV. Хто?",
        "7.1 Чи є?",
        "2.4 ГГц не видно",
        "24 години без мережі",
    ]
    plain = [
        "Як підключитися?",
        "Де ви?",
        "Чи далеко?",
        "Коли?",
        "Хто?",
        "Чи є?",
        "2.4 ГГц не видно",
        "24 години без мережі",
    ]
    assert list(read("".join(f"## {title}\nТак.\n" for title in signed))) == plain
    counted = {"1 Як?": "Як?", "1.1 Чому?": "Чому?", "1.2 Коли?": "Коли?", "2 Де?": "Де?"}
    assert list(read("".join(f"**{title}**\nТак.\n" for title in counted))) == [*counted.values()]
    kept = ["1 клас: коли дзвінок?", "2 клас: коли дзвінок?", "3 Гбіт — чи є?"]
    assert list(read("".join(f"## {title}\nТак.\n" for title in kept))) == kept


def test_an_answer_in_bold_is_no_question() -> None:
    text = "**Чи є басейн?**\n\nНі.\n\n**Скільки коштує обід?**\n\n**75 грн.**\n\nГотівкою.\n\n**Де ви?**\n\nТут.\n"
    assert read(text) == {"Чи є басейн?": "Ні.", "Скільки коштує обід?": "**75 грн.**\n\nГотівкою.", "Де ви?": "Тут."}
