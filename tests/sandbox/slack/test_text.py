import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack import Person, Room, SlackSandbox, mrkdwn
from tests.sandbox.slack.conftest import Ask
from tests.sandbox.slack.kit import plain, section

ACTIVE = {
    "<!channel> all": ("@channel all", [("broadcast", "channel")]),
    "<!here|here>": ("@here", [("broadcast", "here")]),
    "<@U1> and <#C1|general>": ("@U1 and #general", [("user", "U1"), ("channel", "C1")]),
    "<!subteam^S1|@team>": ("@team", [("usergroup", "S1")]),
    "<https://a.b|click>": ("click", [("link", "https://a.b")]),
    "<javascript:x>": ("javascript:x", [("link", "javascript:x")]),
    "<b>": ("b", [("unknown", "b")]),
    "see https://a.b/c.": ("see https://a.b/c.", [("bare_url", "https://a.b/c")]),
    "*b* _i_ ~s~ `c`": ("b i s c", [("bold", ""), ("italic", ""), ("strike", ""), ("code", "")]),
    "*all _of_ it*": ("all of it", [("bold", ""), ("bold", ""), ("italic", ""), ("bold", "")]),
    "```*not bold*```": ("*not bold*", [("pre", "")]),
    "&gt; said": ("said", [("quote", "")]),
    ":tada:": (":tada:", [("emoji", "tada")]),
    "<!date^1767603600^{date_num} at {time}|then>": (
        "2026-01-05 at 9:00 AM",
        [("date", "date^1767603600^{date_num} at {time}")],
    ),
}
PASSIVE = {
    "&lt;!channel&gt; &amp;lt;": "<!channel> &lt;",
    "2 * 3 * 4 and a_b_c": "2 * 3 * 4 and a_b_c",
    "@channel #general": "@channel #general",
    "at 10:30:45": "at 10:30:45",
    "": "",
}


@pytest.mark.parametrize("text", ACTIVE)
def test_what_is_active(text: str) -> None:
    runs = mrkdwn.parse(text)
    assert (mrkdwn.shown(runs), [(one.kind, one.value) for one in mrkdwn.actives(runs)]) == ACTIVE[text]


@pytest.mark.parametrize("text", PASSIVE)
def test_what_only_stands_there(text: str) -> None:
    runs = mrkdwn.parse(text)
    assert (mrkdwn.shown(runs), mrkdwn.actives(runs)) == (PASSIVE[text], [])


@given(st.text(alphabet=st.sampled_from("<>&@!#|^CU1:/ a*_~`\n-;ltgamp"), max_size=40))
def test_escaped_words_are_never_a_mention_or_a_link(text: str) -> None:
    runs = mrkdwn.parse(mrkdwn.escape(text))
    assert {run.kind for run in runs} <= {"text", "bare_url", "emoji"}


async def test_a_message_tells_all_that_is_active_in_it(slack: SlackSandbox, ask: Ask, bob: Person, team: Room) -> None:
    rich = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "<!channel> *plain*"},
                    {"type": "broadcast", "range": "here"},
                    {"type": "text", "text": "bold", "style": {"bold": True}},
                ],
            }
        ],
    }
    blocks = [
        {"type": "header", "text": plain("<!channel> *x* <@U1>")},
        section(f"{bob.mention} <https://x.y|z>", fields=[plain("<!here>")]),
        rich,
    ]
    await ask("chat.postMessage", channel=team.id, text="<!everyone>", blocks=blocks)
    shown = team.last
    assert shown.text.splitlines() == [
        "<!channel> *x* <@U1>",
        "@Bob Stone z",
        "<!here>",
        "<!channel> *plain*@herebold",
    ]
    assert shown.fallback == "@everyone"
    assert [one.value for one in shown.mentions] == ["everyone", bob.id, "here"]
    assert [one.value for one in shown.links] == ["https://x.y"]
    assert [one.kind for one in shown.markup] == ["bold"]


async def test_names_are_linked_only_when_asked_and_that_is_noted(slack: SlackSandbox, ask: Ask, team: Room) -> None:
    await ask("chat.postMessage", channel=team.id, text="@channel hello")
    assert team.last.mentions == []
    await ask("chat.postMessage", channel=team.id, text="@channel hello", link_names=True)
    assert [one.kind for one in team.last.mentions] == ["broadcast"]
    assert [violation.rule for violation in slack.violations] == ["parses names"]


async def test_what_people_type_is_escaped_and_comes_with_rich_text(slack: SlackSandbox, ann: Person) -> None:
    said = ann.says("<!channel> & *bold* https://a.b")
    assert said.native["text"] == "&lt;!channel&gt; &amp; *bold* <https://a.b>"
    parts = said.native["blocks"][0]["elements"][0]["elements"]
    assert parts == [
        {"type": "text", "text": "<!channel> & "},
        {"type": "text", "text": "bold", "style": {"bold": True}},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://a.b"},
    ]
    assert said.text == "<!channel> & bold https://a.b"


async def test_dates_are_shown_in_the_readers_time(slack: SlackSandbox, ask: Ask, team: Room, bob: Person) -> None:
    await ask("chat.postMessage", channel=team.id, text="<!date^1767603600^{date_num} {time}|soon>")
    assert team.last.text == "2026-01-05 9:00 AM"
    assert team.seen_by(bob.id)[-1].text == "2026-01-05 11:00 AM"


async def test_a_text_without_mrkdwn_has_no_markup_but_still_mentions(
    slack: SlackSandbox, ask: Ask, team: Room
) -> None:
    await ask("chat.postMessage", channel=team.id, text="*not bold* <!here>", mrkdwn=False)
    assert team.last.text == "*not bold* @here"
    assert [one.kind for one in team.last.active] == ["broadcast"]
