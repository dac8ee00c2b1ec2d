"""Whatever somebody else answers in Slack's place is no answer: unreachable, with doubt; "too many" is waited for."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.app import build_app
from bot.clock import WallClock
from bot.messengers.downloads import Memory
from bot.messengers.protocol import Delivery, Rejected, Undelivered, Unreachable, Wait
from bot.monitoring.health import Contact
from bot.registry import examine_messengers
from bot.sandbox.faults import FOREIGN
from bot.sandbox.slack import Person, Room, SlackSandbox, natives
from bot.slack import start
from bot.slack.acquaintances import UserDirectory
from bot.slack.client import Client, NoAnswer, validated_answer
from bot.slack.events import SlackContext
from bot.slack.files import token_hosts
from bot.slack.posting import Poster
from bot.slack.reading import Reader
from handlers.vocabulary.messages import Event, File, Kind, Operation, RenderedMessage, RichText, Toast
from storage.models import Sending
from storage.queues.outbox import Outgoing
from tests.slack.conftest import Open

KINDS = pytest.mark.parametrize("kind", list(FOREIGN))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HELLO = RenderedMessage(RichText("hello"))
FILE = File("photo", "p", "a.png", source="telegram:42")
Act = Callable[[Poster, Person], Awaitable[Any]]


@pytest.fixture
async def poster(sandbox: SlackSandbox) -> AsyncIterator[Poster]:
    """What posts, before a Slack on loopback, with nothing between."""
    async with ClientSession() as session:
        client = Client(sandbox.token, sandbox.api_url, within=20, session=session)
        known = SlackContext("", sandbox._world.bot.id, hosts=token_hosts(sandbox.api_url))
        made = Poster(client, known, Contact(WallClock().now))
        yield made
        await made.close()


def promised(*, uncertain: bool = False) -> Outgoing:
    return Outgoing(
        1, "slack:T1:D1", 0, "send", "", "", None, None, None, None, None, receipt=False, state=Sending.SENDING,
        ready_at=NOW, tries=1, uncertain=uncertain, error=None, created_at=NOW, done_at=None,
    )  # fmt: skip


def delivery(chat: str, drawn: RenderedMessage = HELLO, *, uncertain: bool = False, **more: Any) -> Delivery:
    return Delivery((promised(uncertain=uncertain),), Operation.SEND, "slack:T1", chat, drawn, **more)


def with_file(chat: str) -> Delivery:
    return delivery(chat, RenderedMessage(files=(FILE,)), loaded={FILE.handle: b"\x89PNG"})


VIEW: dict[str, Any] = {"type": "home", "blocks": []}
# The call that meets the trouble, and whether something more may be there, were it made twice.
ACTS: dict[str, tuple[str, bool, Act]] = {
    "say": ("chat.postMessage", True, lambda p, ann: p.send(delivery(ann.chat.id))),
    "open a chat": ("conversations.open", False, lambda p, ann: p.send(delivery(f"@{ann.id}"))),
    "look": ("conversations.history", False, lambda p, ann: p.send(delivery(ann.chat.id, uncertain=True))),
    "announce": ("files.getUploadURLExternal", False, lambda p, ann: p.send(with_file(ann.chat.id))),
    "upload": ("upload", False, lambda p, ann: p.send(with_file(ann.chat.id))),
    "share": ("files.completeUploadExternal", True, lambda p, ann: p.send(with_file(ann.chat.id))),
    "edit": ("chat.update", False, lambda p, ann: p.edit(delivery(ann.chat.id, shown=("1.2",)))),
    "delete": ("chat.delete", False, lambda p, ann: p.delete(ann.chat.id, ["1.2"])),
    "hint": ("chat.postEphemeral", False, lambda p, ann: p.hint(pressed(ann), Toast("done"))),
    "window": ("views.open", False, lambda p, ann: p.call(p.client.views_open(trigger_id="1", view=VIEW))),
    "redraw": ("views.update", False, lambda p, ann: p.call(p.client.views_update(view_id="1", view=VIEW))),
    "front page": ("views.publish", False, lambda p, ann: p.call(p.client.views_publish(user_id=ann.id, view=VIEW))),
}


def pressed(person: Person) -> Event:
    facts = {"user": person.id}
    return Event(Kind.PRESS, "slack:T1", "1", person.chat.id, NOW, chat=person.chat.id, facts=facts)


def no_answer(trouble: BaseException, kind: str, *, doubt: bool) -> bool:
    """Return whether this is what the desk is to make of a foreign answer."""
    if FOREIGN[kind].status == 429:
        return isinstance(trouble, Wait) and 0 < trouble.seconds <= 5
    return isinstance(trouble, Unreachable) and trouble.doubt is doubt


@KINDS
@pytest.mark.parametrize("act", list(ACTS))
async def test_it_is_unreachable_whatever_is_done(
    poster: Poster, sandbox: SlackSandbox, ann: Person, act: str, kind: str
):
    method, seen, does = ACTS[act]
    if method == "upload" and FOREIGN[kind].status == 200 and FOREIGN[kind].content_type != "text/html":
        return  # what is said to an upload is nowhere written: the next call tells whether it is there
    fault = sandbox.faults.foreign(kind, method=method, times=None)
    with pytest.raises(Undelivered) as told:
        await does(poster, ann)
    assert fault.hits == 1
    assert no_answer(told.value, kind, doubt=seen), repr(told.value)


@KINDS
async def test_a_file_is_unreachable_too(poster: Poster, sandbox: SlackSandbox, ann: Person, kind: str):
    native = natives.file(sandbox._world, sandbox.file(ann.uploads("a.png", b"\x89PNG").files[0].id))
    sandbox.faults.foreign(kind, method="download")
    if FOREIGN[kind].status == 200 and FOREIGN[kind].content_type != "text/html":
        return  # any other content may be a file's
    async with Memory().room(0) as room:
        with pytest.raises(Undelivered) as told:
            await poster.fetch(File("photo", native["url_private"], mime="image/png"), room)
    page = FOREIGN[kind].status in (200, 302)  # a sign-in page, or the way to one: there is no file to be had
    assert isinstance(told.value, Rejected if page else Wait if FOREIGN[kind].status == 429 else Unreachable)
    assert not getattr(told.value, "doubt", False)


@pytest.mark.parametrize("method", ["conversations.list", "conversations.history", "conversations.replies"])
@KINDS
async def test_what_is_read_back_is_not_taken_for_nothing(
    poster: Poster, sandbox: SlackSandbox, ann: Person, method: str, kind: str
):
    reader = Reader(poster.client)
    said = ann.says("hello")
    if FOREIGN[kind].status == 429:
        return  # waited for where it is read: tests/slack/test_line.py
    fault = sandbox.faults.foreign(kind, method=method, times=None)
    root = said.ts if method == "conversations.replies" else ""
    with pytest.raises(NoAnswer):
        await (anext(reader.chats()) if method == "conversations.list" else reader.said(said.channel, root, NOW))
    assert fault.hits == 1
    if root:
        with pytest.raises(NoAnswer):
            await reader.gone(said.channel, said.ts)


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "service_unavailable", "token_revoked"])
async def test_a_passing_refusal_is_not_taken_for_a_chat_that_is_gone(
    poster: Poster, sandbox: SlackSandbox, ann: Person, code: str
):
    said = ann.says("hello")
    sandbox.faults.error(code, method="conversations.*", times=None)
    with pytest.raises(Exception, match=code):
        await Reader(poster.client).said(said.channel, "", NOW)
    with pytest.raises(Exception, match=code):
        await Reader(poster.client).gone(said.channel, said.ts)


async def test_a_chat_that_refuses_does_not_keep_the_others_from_being_read(
    poster: Poster, sandbox: SlackSandbox, ann: Person
):
    said = ann.says("hello")
    sandbox.faults.error("ekm_access_denied", method="conversations.*", times=None)
    assert await Reader(poster.client).said(said.channel, "", NOW) is None
    assert not await Reader(poster.client).gone(said.channel, said.ts)


@KINDS
async def test_a_name_is_looked_up_again_later(poster: Poster, sandbox: SlackSandbox, ann: Person, kind: str):
    known = SlackContext("slack:T1")
    fault = sandbox.faults.foreign(kind, method="users.info")
    await UserDirectory(poster.client, known).introduce({ann.id})
    assert (fault.hits, known.people) == (1, {})
    await UserDirectory(poster.client, known).introduce({ann.id})
    assert known.people[ann.id].username == "ann"


@pytest.mark.parametrize("named", ["-1", "nan", "inf", "1e999", "soon", "", "Wed, 21 Oct 2026 07:28:00 GMT", "9" * 500])
def test_a_pause_that_makes_no_sense_is_a_short_one(named: str):
    told = validated_answer("chat.postMessage", 429, {"retry-after": named}, b"slow down")
    assert told["data"]["error"] == "ratelimited"
    assert 1 <= int(told["headers"]["Retry-After"]) <= 3600


def test_a_pause_that_was_named_is_kept():
    assert validated_answer("chat.postMessage", 429, {"retry-after": "17"}, None)["headers"]["Retry-After"] == "17"


async def test_a_start_waits_for_slack_whoever_answers_in_its_place(
    settings: Callable[..., Any], sandbox: SlackSandbox, ann: Person, team: Room, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(start, "PAUSES", (0.001,))
    kinds = [kind for kind in FOREIGN if FOREIGN[kind].status != 429]
    methods = ("auth.test", "apps.connections.open", "conversations.info")
    faults = [sandbox.faults.foreign(kind, method=method) for method in methods for kind in kinds]
    faults.append(sandbox.faults.foreign("plain_429", method="auth.test"))
    app = await build_app(settings())
    try:
        await app.start()
        await sandbox.until(lambda: sandbox.sockets.count == 1)
        assert [fault.hits for fault in faults] == [1] * len(faults)
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.texts)
    finally:
        await app.stop()


@KINDS
async def test_the_line_is_opened_again(opened: Open, sandbox: SlackSandbox, ann: Person, kind: str):
    async with opened():
        fault = sandbox.faults.foreign(kind, method="apps.connections.open")
        sandbox.sockets.cut()
        await sandbox.until(lambda: fault.hits == 1)
        await sandbox.until(lambda: sandbox.sockets.count == 1, 30)
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.texts)


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open", "conversations.info"])
@KINDS
async def test_the_doctor_says_so_in_one_line(
    settings: Callable[..., Any], sandbox: SlackSandbox, method: str, kind: str
):
    fault = sandbox.faults.foreign(kind, method=method, times=None)
    told = [str(finding) async for finding in examine_messengers(settings())]
    assert fault.hits == 1
    about_it = [line for line in told if line.startswith("✗") and "everybody in the workspace" not in line]
    (line,) = about_it  # this channel is open to all, which is told besides
    assert line.startswith("✗ Slack: " if FOREIGN[kind].status == 429 else "✗ SLACK_API_URL: "), line


async def test_a_window_that_could_not_be_drawn_anew_is_acknowledged_all_the_same(
    opened: Open, sandbox: SlackSandbox, ann: Person, team: Room
):
    async with opened():
        ann.shortcut("new_request")
        await sandbox.until(lambda: ann.modal)
        sandbox.faults.foreign("plain_503", method="views.update")
        ann.fills({"type": "Hardware"})
        await sandbox.until(lambda: not sandbox.unacked)
        assert not [each for each in sandbox.deliveries if each.lost]
