"""What the adapter itself refuses, whatever comes to it: nothing to say, what is too big, what was gone before."""

import pytest

from bot.errors import OperatorError
from bot.messengers.downloads import Memory
from bot.messengers.protocol import Rejected, Wait
from bot.sandbox.slack import Person, SlackSandbox
from bot.slack.posting import Poster
from bot.slack.start import judge_installation
from handlers.vocabulary.messages import File, RenderedMessage
from tests.slack.test_foreign_answers import delivery, poster, with_file  # noqa: F401


async def test_nothing_to_say(poster: Poster, ann: Person):  # noqa: F811
    with pytest.raises(Rejected, match="nothing"):
        await poster.send(delivery(ann.chat.id, RenderedMessage()))


async def test_a_file_that_is_larger_than_can_be_brought(poster: Poster, sandbox: SlackSandbox):  # noqa: F811
    async with Memory().room(0) as room:
        with pytest.raises(Rejected, match="too_big"):
            await poster.fetch(File("document", sandbox.api_url, name="a.zip", size=10**12), room)
    assert not sandbox.calls_of("download")


async def test_a_chat_in_which_what_it_is_said_to_is_gone(poster: Poster, sandbox: SlackSandbox, ann: Person):  # noqa: F811
    ann.says("hello")
    sandbox.faults.error("message_not_found", method="chat.postMessage")
    with pytest.raises(Rejected) as refused:
        await poster.send(delivery(ann.chat.id))
    assert refused.value.word == "message_not_found"


async def test_a_file_that_slack_takes_not_and_then_twice_not_yet(
    poster: Poster,  # noqa: F811
    sandbox: SlackSandbox,
    ann: Person,
):
    ann.says("hello")
    sandbox.faults.html(status=413, method="upload")
    with pytest.raises(Rejected, match="too_big"):
        await poster.send(with_file(ann.chat.id))
    sandbox.faults.html(status=429, method="upload", times=2)
    for _ in range(2):
        with pytest.raises(Wait):
            await poster.send(with_file(ann.chat.id))
    await poster.send(with_file(ann.chat.id))
    assert [file.name for seen in ann.chat.messages for file in seen.files] == ["a.png"]


@pytest.mark.parametrize("answer", [{"team_id": "E1"}, {"team_id": "T1", "is_enterprise_install": True}, {}])
def test_an_installation_that_is_of_no_one_workspace(answer: dict[str, object]):
    with pytest.raises(OperatorError, match="SLACK_BOT_TOKEN: it is of a whole organisation"):
        judge_installation(answer)
    judge_installation({"team_id": "T1", "is_enterprise_install": False})
