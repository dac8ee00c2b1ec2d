"""Documents as people write them: what of them are the questions, and that an answer stays as it was written."""

import time

import pytest

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


def test_an_answer_stays_as_it_was_written() -> None:
    letters = "Принесіть:\n\nа) заяву\nб) копію\nв) свідоцтво\nг) фото\nз) папку"
    names = "Контакти:\n\nВ. Іваненко — директор, каб. 1\n\nО. Петренко — бухгалтер\n\nВ 9:00 зміна.\n\nЗ 9:00 обід."
    quoted = "> Важливо! Оплата до 10 числа.\n\nКарткою."
    written = {"Що принести?": letters, "Хто директор?": names, "Як оплатити?": quoted}
    assert read("".join(f"## {question}\n{answer}\n\n" for question, answer in written.items())) == written
    (found,) = changes_by("## Як оплатити?\n> чим платити\n> ел. картка\n\nКарткою.\n").added
    assert (found.aliases, found.answer) == (("чим платити", "ел. картка"), "Карткою.")


def test_a_summary_may_have_lines_of_its_own() -> None:
    text = "<details>\n<summary>\nЯк сплатити\nза воду?\n</summary>\nКарткою.\n</details>\n"
    text += "<details><summary>Де?</summary>Тут.</details>\n"
    found = changes_by(text)
    assert {one.question: one.answer for one in found.added} == {"Як сплатити за воду?": "Карткою.", "Де?": "Тут."}
    assert found.left_out == ()


def test_a_wiki_begins_a_line_with_words_in_bold() -> None:
    page = "== Де ви? ==\n'''Київ''', Лісна 3.\n* '''метро''' поруч\n== Коли? ==\n''Щодня''.\n"
    text = (
        f"<mediawiki><page><title>Питання</title><ns>0</ns><revision><text>{page}</text></revision></page></mediawiki>"
    )
    assert read(text, "вікі.xml") == {"Де ви?": "**Київ**, Лісна 3.\n- **метро** поруч", "Коли?": "*Щодня*."}


def test_questions_and_answers_may_be_marked() -> None:
    told = {"Як оплатити?": "Карткою.", "Де ви?": "У Києві."}
    for question, answer in (
        ("Питання №1:", "Відповідь:"), ("**Питання 1.**", "**Відповідь.**"), ("- **З:**", "  **В:**"), ("❓", "✅"), ("З.", "В."),
        ("Q1.", "A1."), ("В:", "О:"), ("Question:\n", "Answer:\n"),
    ):  # fmt: skip
        text = "\n\n".join(f"{question} {asked}\n{answer} {said}" for asked, said in told.items())
        assert read(text) == told, text


STEPS = "## Як увійти до VPN?\n\n### Windows\nОдне.\n\n### macOS\nДруге.\n\n## Як друкувати?\n\n### Крок 1\nТретє.\n"
FRONT = (
    "---\ntitle: Як оформити відпустку?\n---\nПодайте заяву.\n\n## Документи\n\nПаспорт.\n\n## Терміни\n\nДо 5 днів.\n"
)
MIXED = (
    "# База\n## Оплата\n#### Як оплатити?\nКарткою\n##### Якою?\nБудь-якою\n#### Чи є розстрочка?\nТак\n"
    "## Доставка\n### Скільки чекати?\n2 дні\n### Скільки коштує?\n60 грн\n### Де забрати?\nТам\n"
)
OUTLINES = [
    (STEPS, {"Як увійти до VPN?": "**Windows**\nОдне.\n\n**macOS**\nДруге.", "Як друкувати?": "**Крок 1**\nТретє."}),
    (FRONT, {"Як оформити відпустку?": "Подайте заяву.\n\n**Документи**\n\nПаспорт.\n\n**Терміни**\n\nДо 5 днів."}),
    (MIXED, {"Як оплатити?": "Карткою\n**Якою?**\nБудь-якою", "Чи є розстрочка?": "Так", "Скільки чекати?": "2 дні",
             "Скільки коштує?": "60 грн", "Де забрати?": "Там"}),
    ("# Як повернути?\n\nПоштою.\n\n## Коли гроші?\n\nЗа тиждень.\n\n## Хто платить?\n\nМи.\n",
     {"Як повернути?": "Поштою.", "Коли гроші?": "За тиждень.", "Хто платить?": "Ми."}),
    ("# Що ми робимо\n\n## Доставка\n\nВозимо.\n\n## Оплата\n\nКарткою.\n", {"Доставка": "Возимо.", "Оплата": "Карткою."}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), OUTLINES, ids=["steps", "front matter", "levels", "own text", "sections"])
def test_what_asks_is_the_question_on_whatever_level_it_stands(text: str, told: dict[str, str]) -> None:
    found = changes_by(text)
    assert {one.question: one.answer for one in found.added} == told
    assert found.left_out == ()


LISTED = {
    "an item and what is below it": "Клініка\n\n1. Як записатися?\n   Телефоном:\n   - 044\n\n2. Де ви?\n\n   У Києві.\n",
    "numbered paragraphs": "1. Як записатися?\n\nТелефоном:\n- 044\n\n2. Де ви?\n\nУ Києві.\n",
    "bullets of a wiki": "# FAQ\n\n- Як записатися?\n    \n    Телефоном:\n    - 044\n    \n- Де ви?\n    \n    У Києві.\n",
    "bold on one line": "**Як записатися?** Телефоном:\n- 044\n\n- **Де ви?** — У Києві.\n",
    "bold, not all of them on one line": "**Як записатися?**\n\nТелефоном:\n- 044\n\n**Де ви?** У Києві.\n",
    "plain text": "Як записатися?\nТелефоном:\n- 044\n\nДе ви?\nУ Києві.\n",
    "a dash": "1. Як записатися? — Телефоном:\n   - 044\n2. Де ви? – У Києві.\n",
}


@pytest.mark.parametrize("text", LISTED.values(), ids=LISTED.keys())
def test_questions_need_no_headings(text: str) -> None:
    assert read(text, "faq.txt") == read(text) == {"Як записатися?": "Телефоном:\n- 044", "Де ви?": "У Києві."}


def test_questions_inside_an_answer_stay_there() -> None:
    answer = "Перевірте:\n\n1. Чи горить лампа?\n   Якщо ні, увімкніть.\n2. Чи є кабель? — Вставте.\n\n**Не вийшло?** Пишіть."
    written = {"Що робити без мережі?": answer, "Як змінити тариф?": "У кабінеті."}
    assert read("".join(f"## {question}\n\n{said}\n\n" for question, said in written.items())) == written
    assert read("## Доставка\n\n- Довго? — Два дні.\n\n## Оплата\n\nКарткою.\n") == {
        "Доставка": "- Довго? — Два дні.",
        "Оплата": "Карткою.",
    }


TABLE = (
    "| № | **Питання** | Відповідь | Нотатки |\n|---|:---|---|---|\n"
    "| 1 | Де ви? | Київ<br>Львів | x |\n| 2 | Чи є A\\|B? | Так | |\n"
)


def test_a_table_of_questions_and_answers_is_read_as_one() -> None:
    found = changes_by(f"# Довідка\n\nВітаємо.\n\n## Офіс\n\n{TABLE}\n## Як увійти?\n\nКлючем.\n")
    assert {one.question: (one.section, one.answer) for one in found.added} == {
        "Де ви?": ("Офіс", "Київ\nЛьвів"),
        "Чи є A|B?": ("Офіс", "Так"),
        "Як увійти?": ("Довідка", "Ключем."),
    }
    first = changes_by(f"# Доставка\n{TABLE}").added  # a heading that is the document's first line
    assert [one.section for one in first] == ["Доставка", "Доставка"]
    assert found.columns["question"] == "B (Питання)"
    assert [one.facts["text"] for one in found.left_out if one.reason == "text_of_section"] == ["Довідка"]
    inside = f"## Чому не працює?\n\nПеревірте:\n\n{TABLE}\n## Де?\n\nТут.\n\n## Хто?\n\nМи.\n"
    assert set(read(inside)) == {"Чому не працює?", "Де?", "Хто?"}


def test_nothing_between_fences_asks_also_where_other_fences_stand_there() -> None:
    """Of headings, lists and tables alike: what is shorter than a fence, or of other signs, closes none."""
    code = f"````\n```\n1. Чи це код?\n   Так.\n{TABLE}## Це теж?\n~~~\n````"
    listed = f"1. Як записатися?\n   Так:\n\n{code}\n\n2. Де ви?\n   У Києві.\n"
    headed = f"## Як записатися?\n\nТак:\n\n{code}\n\n## Де ви?\n\nУ Києві.\n"
    answer = f"Так:\n\n{code}"
    assert read(listed) == read(headed) == {"Як записатися?": answer, "Де ви?": "У Києві."}
    assert read(headed.partition("## Де ви?")[0]) == {"Як записатися?": answer}
    deeper = "\n".join(f"   {line}" for line in code.split("\n"))
    assert read(listed.replace(code, deeper)) == read(listed)
