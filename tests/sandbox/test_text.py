import pytest

from bot.sandbox.telegram.entities import formatted
from bot.sandbox.telegram.errors import ApiError


def html(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    text, entities = formatted(source, "HTML", None)
    return text, [(entity["type"], entity["offset"], entity["length"]) for entity in entities]


def test_tags_become_entities_counted_in_utf16() -> None:
    assert html("😀 <b>bold <i>both</i></b> &lt;x&gt; &#33;") == (
        "😀 bold both <x> !",
        [("bold", 3, 9), ("italic", 8, 4)],
    )
    assert html('<a href="https://a.io/?x=1&amp;y=2">link</a>') == ("link", [("text_link", 0, 4)])
    assert html('<pre><code class="language-python">x</code></pre>') == ("x", [("pre", 0, 1)])
    assert html("<blockquote expandable>q</blockquote>") == ("q", [("expandable_blockquote", 0, 1)])
    assert html('<a href="tg://x?y=>">odd</a>') == ("odd", [("text_link", 0, 3)])
    assert html("<b></b>plain &nbsp; &copy") == ("plain &nbsp; &copy", [])


def test_white_space_around_is_cut_and_entities_follow() -> None:
    assert html("\n <b> x </b>\n") == ("x", [("bold", 0, 1)])


def test_what_telegram_finds_by_itself() -> None:
    _, entities = formatted("/new@desk_bot see https://a.io, @bob_agent #bug a@b.io", None, None)
    assert [entity["type"] for entity in entities] == ["bot_command", "url", "mention", "hashtag", "email"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<x>", 'Unsupported start tag "x" at byte offset 0'),
        ("ї <y", "Unclosed start tag at byte offset 3"),
        ("a <b>b", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("1 < 2", "Unsupported start tag"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_mistakes_are_refused_in_the_servers_words(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        formatted(source, "HTML", None)
    assert refused.value.description.startswith("Bad Request: can't parse entities: ")
    assert reason in refused.value.description or source == "1 < 2"
