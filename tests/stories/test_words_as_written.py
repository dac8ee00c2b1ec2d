"""What people write is theirs: never read as markup, never cut, formatting kept."""

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody
from tests.stories.harness.given import asked, talking

NASTY = "<b>bold?</b> & <script>alert(1)</script> &amp; &lt; [x](http://y) <a href='tg://user?id=1'>me</a> {ticket} %s"
MARKUP = " *not* _markup_ `z`"


async def test_markup_is_not_read(desk: Desk, bob: Somebody):
    ann = desk.requester("<b>Ann</b> & {name}")
    await talking(ann, bob, NASTY + MARKUP)
    story = await bob.reads("<b>Ann</b> & {name}", NASTY + MARKUP, at=THREAD(1))
    assert [kind for kind, _ in story.marked] == ["bold"]
    theirs, ours = (NASTY + (MARKUP if who.can(Capability.LITERAL) else "") for who in (ann, bob))
    await ann.says(theirs)
    again = await bob.sees(theirs, at=THREAD(1))
    assert [mark for mark in again.marked if mark != ("mention", "@Bob")] == [("bold", "💬 <b>Ann</b> & {name}")]
    await bob.says(f"/r {ours}", reply_to=again)
    seen = await ann.sees("Bob", ours)
    assert seen.marked == (("bold", "Bob"),)
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_formatting_crosses(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says("😀 very blue card", marked=[("bold", "very"), ("link", "blue", "https://example.org/")])
    theirs = await bob.sees("😀 very blue card", at=THREAD(1))
    assert ("bold", "very") in theirs.marked
    assert ("link", "blue") in theirs.marked
    await bob.says("/r so it is", at=THREAD(1), marked=[("italic", "so")])
    ours = await ann.sees("so it is")
    assert ("italic", "so") in ours.marked
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_a_long_text_is_split_at_paragraphs_and_nothing_is_lost(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    paragraph = "The card was charged again and again. " * 26
    text = "\n\n".join([paragraph.strip()] * 4)
    assert 3900 < len(text) <= 4096
    await ann.says(text)
    told = await bob.catches_up(at=THREAD(1))
    await bob.says(f"/r {text[:4090]}", at=THREAD(1))
    shown = await ann.catches_up()
    await bob.sees("✓ delivered", at=THREAD(1))
    assert "\n\n".join(line.text for line in told) == f"💬 Ann\n{text}\n@Bob"
    assert "\n\n".join(line.text for line in shown) == f"Bob\n{text[:4090]}".rstrip()


async def test_over_the_limit_with_the_name_before_it(desk: Desk, bob: Somebody):
    ann = desk.requester("Анна-Марія Великоіменна-Довгопрізвищна")
    await talking(ann, bob)
    paragraphs = ["Її списали ще раз. " * 66] * 3 + ["Кінець."]
    text = "\n\n".join(part.strip() for part in paragraphs)
    text += "я" * (4096 - len(text))
    await ann.says(text)
    first = await bob.sees("💬 Анна-Марія", at=THREAD(1))
    second = await bob.sees("Кінець.", at=THREAD(1))
    assert (first.text + "\n\n" + second.text).removeprefix(
        "💬 Анна-Марія Великоіменна-Довгопрізвищна\n"
    ) == f"{text}\n@Bob"
    await bob.answers(second, "Бачимо")
    await ann.sees("Бачимо")
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_a_caption_too_long_for_a_file_stands_before_it(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    caption = "x" * 1024
    await ann.sends("photo", caption)
    await bob.sees("💬 Ann", caption, kind="text", at=THREAD(1))
    await bob.sees(kind="photo", at=THREAD(1))


async def test_a_name_is_no_command_and_no_markup_on_the_card(desk: Desk, bob: Somebody):
    ann = desk.requester("/claim 1 #2 ")
    await asked(ann)
    card = await bob.sees("/claim 1 #2", at=QUEUE)
    assert all(kind == "bold" for kind, _ in card.marked)
