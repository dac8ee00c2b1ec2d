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
