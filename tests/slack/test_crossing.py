"""One queue: requesters on one messenger, agents on the other, both team channels showing the same."""

from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.telegram import TelegramSandbox
from tests.slack.conftest import asked, registered, talking


async def asks(telegram: TelegramSandbox, olena: TelegramPerson) -> None:
    """Olena registers a request on Telegram, in Ukrainian."""
    olena.says("Не працює принтер")
    await telegram.until(lambda: olena.chat.find("Поки що"))
    olena.presses("Мені потрібна людина")
    await telegram.until(lambda: olena.chat.find("Чого це"))
    olena.presses("Щось інше")
    await telegram.until(lambda: olena.chat.find("Перевірте"))
    olena.presses("Надіслати")
    await telegram.until(lambda: olena.chat.find("#1 зареєстровано"))


async def test_a_requester_on_telegram_is_helped_from_slack(sandbox, opened, both, telegram, olena, forum, bob, team):
    async with opened(**both):
        await asks(telegram, olena)
        await sandbox.until(lambda: team.find("Не працює принтер"))
        await telegram.until(lambda: forum.find("Не працює принтер"))

        bob.presses("Claim", at=team)
        await telegram.until(lambda: olena.chat.find("займається bob"))
        await telegram.until(lambda: "bob" in forum.general[0].text)

        card = team.messages[0]
        bob.says("!r Дивлюсь *уважно* <!channel>", at=team, thread=card)
        await telegram.until(lambda: olena.chat.find("Дивлюсь"))
        await telegram.until(lambda: forum.find("Дивлюсь"))
        bob.says("лише між нами", at=team, thread=card)
        await telegram.until(lambda: forum.find("лише між нами"))
        assert olena.chat.find("лише між нами") is None, "a note crosses to the other agents, never to the requester"

        olena.sends_photo(b"\x89PNG picture", caption="ось фото <b>x</b> <!channel>")
        await sandbox.until(lambda: any(seen.files for seen in team.thread(card)))
        shown = next(seen for seen in team.thread(card) if "ось фото" in seen.text)
        assert shown.text.endswith("ось фото <b>x</b> <!channel>\n@Bob")
        assert [mention.shown for mention in shown.mentions] == ["@Bob"], "whoever has it, and nobody by their words"


async def test_a_requester_on_slack_is_helped_from_telegram(sandbox, opened, both, telegram, eve, forum, ann, team):
    async with opened(**both):
        ann.says("My card was charged twice")
        await sandbox.until(lambda: ann.chat.find("don't have an answer"))
        ann.presses("I still need a person")
        await sandbox.until(lambda: ann.modal)
        ann.fills({"type": "Billing question"})
        await sandbox.until(lambda: "billing.details" in ann.modal.fields)
        ann.submits()
        await telegram.until(lambda: forum.find("My card was charged twice"))

        eve.presses("Claim", at=forum)
        await sandbox.until(lambda: ann.chat.find("Eve is on your request #1."))
        await telegram.until(lambda: forum.topics and len(forum.topics[0].messages) >= 2)
        eve.says("/r We will *refund* it <!here>", at=forum.topics[0])
        await sandbox.until(lambda: ann.chat.find("We will *refund* it <!here>"))
        assert ann.chat.find("refund").mentions == []

        ann.uploads("invoice.pdf", b"%PDF", text="here it is", thread=ann.chat.find("#1 is registered"))
        await telegram.until(lambda: [seen for seen in forum.messages if seen.kind == "document"])

        eve.presses("Resolve", at=forum)
        await sandbox.until(lambda: ann.chat.find("is resolved"))
        ann.presses("Yes, it is solved")
        await telegram.until(lambda: "closed" in forum.general[0].text)
        await sandbox.until(lambda: "closed" in team.messages[0].text)


async def test_one_person_on_both_messengers(sandbox, opened, both, telegram, olena, forum, ann):
    async with opened(**both):
        olena.starts()
        await telegram.until(lambda: olena.chat.find("служба підтримки"))
        olena.says("/link")
        await telegram.until(lambda: olena.chat.find("Ваш код"))
        code = olena.chat.find("Ваш код").text.split("/link ")[1].split()[0]
        ann.runs(f"/desk link {code}", at=ann.chat)
        await sandbox.until(lambda: ann.chat.find("Olena · Telegram"))
        ann.presses("Yes, that is me")
        await telegram.until(lambda: olena.chat.find("ann · Slack"))
        olena.presses("Так, це я")
        await sandbox.until(lambda: ann.chat.find("one person now"))
        await telegram.until(lambda: olena.chat.find("одна людина"))
        ann.runs(f"/desk link {code}", at=ann.chat)
        await sandbox.until(lambda: ann.chat.find("not valid"))


async def test_formatting_is_the_same_on_the_other_side(sandbox, opened, both, telegram, ida, bob, team):
    async with opened(**both):
        card = await talking(sandbox, telegram, ida, bob, team)
        bob.says("!r *bold* _it_ ~no~ `code` <https://a.example|here>", at=team, thread=card, raw=True)
        told = await telegram.until(lambda: ida.chat.find("bold it no code here"))
        kinds = {entity["type"] for entity in told.entities}
        assert kinds == {"bold", "italic", "strikethrough", "code", "text_link"}
        marks = [{"type": kind, "offset": at, "length": 2} for at, kind in enumerate(("bold", "code", "spoiler"))]
        marks = [{**mark, "offset": 3 * at} for at, mark in enumerate(marks)]
        ida.says("aa bb cc", entities=marks)
        seen = await sandbox.until(lambda: team.find("aa bb cc"))
        assert {(found.kind, found.shown) for found in seen.active if found.shown in ("aa", "bb", "cc")} == {
            ("bold", "aa"),
            ("code", "bb"),
        }, "what Slack has no style for is plain"


async def test_an_edit_crosses_both_ways(sandbox, opened, both, telegram, ida, bob, team):
    async with opened(**both):
        card = await talking(sandbox, telegram, ida, bob, team)
        said = ida.says("on Tuesday")
        await sandbox.until(lambda: team.find("on Tuesday"))
        ida.edits(said, "on Wednesday")
        changed = await sandbox.until(lambda: team.find("on Wednesday"))
        assert "on Tuesday" in changed.text, "agents see what it said before"
        reply = bob.says("!r on Thurday", at=team, thread=card)
        await telegram.until(lambda: ida.chat.find("on Thurday"))
        bob.edits(reply, "!r on Thursday")
        shown = await telegram.until(lambda: ida.chat.find("on Thursday"))
        assert shown.edited


async def test_a_deletion_crosses_where_it_is_reported(
    sandbox, opened, both, telegram, forum, eve, ida, bob, ann, team
):
    async with opened(**both):
        card = await talking(sandbox, telegram, ida, bob, team)
        reply = bob.says("!r too soon", at=team, thread=card)
        note = bob.says("between us", at=team, thread=card)
        await telegram.until(lambda: ida.chat.find("too soon") and forum.find("between us"))
        bob.deletes(reply)
        bob.deletes(note)
        await telegram.until(lambda: not ida.chat.find("too soon") and not forum.find("between us"))


async def test_a_reply_to_certain_words_stands_in_the_requests_thread(
    sandbox, opened, both, telegram, forum, eve, ann, bob, team
):
    async with opened(**both):
        await registered(sandbox, ann, team)
        await telegram.until(lambda: forum.find("#1"))  # the card there comes by another messenger's own time
        eve.presses("Claim", at=forum)
        root = await sandbox.until(lambda: ann.chat.find("#1 is registered"))
        ann.says("which of the two?", thread=root)
        asked = await telegram.until(lambda: forum.find("which of the two?"))
        eve.says("the first one", at=forum.topics[0], reply_to=asked)
        told = await sandbox.until(lambda: ann.chat.find("the first one"))
        assert told.thread == root.ts
        await telegram.until(lambda: forum.find("✓ delivered"))


async def test_an_emoji_on_one_side_is_seen_on_all_cards(sandbox, opened, both, telegram, forum, ida, bob, team):
    async with opened(**both):
        await asked(telegram, ida)
        card = await sandbox.until(lambda: team.find("#1"))
        bob.reacts("eyes", card)
        await telegram.until(lambda: ida.chat.find("bob is on your request"))
        await telegram.until(lambda: "bob" in forum.general[0].text)
        bob.reacts("white_check_mark", card)
        await sandbox.until(lambda: any("Resolve all the same" in seen.buttons for seen in bob.ephemerals))
        bob.presses("Resolve all the same", at=bob.ephemerals[-1])
        await telegram.until(lambda: "resolved" in forum.general[0].text)
        await telegram.until(lambda: ida.chat.find("is resolved"))
