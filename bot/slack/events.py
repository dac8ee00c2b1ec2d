"""A payload of Slack becomes an event. Pure: names and channels already known come in, no call is made here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.messengers.downloads import Hosts
from bot.slack.files import SLACK, shared_files
from bot.slack.words import pasted_table_rows, rich_text_from_slack, shared_messages
from handlers.vocabulary.messages import Event, Kind, RichText, Sender, join_lines, passed_on
from handlers.vocabulary.payloads import Among, ChatMoved, Reaction

COMMAND = re.compile(r"!([a-zA-Z][a-zA-Z0-9_]{0,31}\??)(?=\s|$)\s*")
SAID = (
    None,
    "file_share",
    "thread_broadcast",
    "me_message",
)  # the subtypes that are somebody's words; all else is Slack's own
SLACKBOT = "USLACKBOT"
FILE = re.compile(r"F[A-Z0-9]{1,30}")
KEY = 120  # characters of an event's key
VERBS = {"eyes": "claim", "white_check_mark": "resolve", "heavy_check_mark": "resolve"}

Payload = Mapping[str, Any]


@dataclass(slots=True)
class SlackContext:
    """What the adapter knows of a workspace: whose account it is, who is called what."""

    source: str
    bot_user: str = ""
    bot_id: str = ""
    team_channel: str = ""
    url: str = ""  # of the workspace
    people: dict[str, Sender] = field(default_factory=dict)
    hosts: Hosts = SLACK
    bots: set[str] = field(default_factory=set)  # whom Slack says to be bots

    @property
    def team(self) -> str:
        """Return the workspace's id; "" until Slack has told it."""
        return self.source.partition(":")[2]

    @property
    def names(self) -> dict[str, str]:
        """Return people's names by their ids."""
        return {native: sender.name for native, sender in self.people.items()}

    def sender(self, user: str, home: str = "") -> Sender:
        """Return a person by id, without a name while Slack does not say who they are; only their own DM shows where to write."""
        found = self.people.get(user)
        return replace(found, chat=home) if found else Sender(user, "", chat=home, outsider=True)

    def nobody(self, message: Payload) -> bool:
        """Return whether nobody of flesh and blood says or does something: the user decides, whatever app stands beside."""
        user = str(message.get("user") or "")
        if not user or user in (self.bot_user, SLACKBOT) or user in self.bots:
            return True
        return (
            bool(message.get("bot_id")) and user not in self.people
        )  # an app's, and Slack does not say whose account it is


def event_from_payload(body: Payload, known: SlackContext) -> Event | None:
    """Return the event of an Events API payload, or None where it is nobody's word."""
    inner = body.get("event") or {}
    match inner.get("type"):
        case "message" | "app_mention":
            return _message(inner, known)
        case "reaction_added" | "reaction_removed":
            return _reaction(inner, known)
        case "file_deleted":
            return _file_deleted(inner, known)
        case "member_joined_channel" | "member_left_channel":
            return _member(body, inner, known)
        case "channel_left" | "group_left" | "channel_archive" | "group_archive":
            return _removed(body, inner, known)
        case "channel_id_changed":
            return _moved(inner, known)
        case "app_home_opened" if inner.get("tab") in (None, "home"):
            return _home(body, inner, known)
    return None


def is_our_payload(body: Payload, team: str) -> bool:
    """Return whether a payload is meant for us: an event names whom it is for, all else the workspace it happened in."""
    meant = [str(each.get("team_id") or "") for each in body.get("authorizations") or ()]
    if any(meant):
        return team in meant
    named = body.get("team_id") or (body.get("team") or {}).get("id") or ""
    return not named or named == team


def parse_timestamp(ts: str) -> datetime:
    """Return the time of a Slack timestamp."""
    return datetime.fromtimestamp(float(ts), UTC)


def _message(inner: Payload, known: SlackContext) -> Event | None:
    match inner.get("subtype"):
        case "message_changed":
            return _changed(inner, known)
        case "message_deleted":
            return _deleted(inner, known)
    return message_event(inner, known)


def message_event(message: Payload, known: SlackContext) -> Event | None:
    """Return the event of a message that somebody wrote; also of one read back from a channel's history."""
    if message.get("subtype") not in SAID or known.nobody(message):
        return None
    user = str(message["user"])
    channel, ts, thread = str(message["channel"]), str(message["ts"]), str(message.get("thread_ts") or "")
    private = channel.startswith("D")
    mentioned = known.bot_user and f"<@{known.bot_user}>" in str(message.get("text") or "")
    text = rich_text_from_slack(message, known.names)
    if mentioned:
        text = _without_mention(text, known)
    team = channel == known.team_channel
    # Among others a word with an exclamation mark is a word.
    found = COMMAND.match(text.text) if private or team or mentioned else None
    text, origin = _with_what_is_shared(text, message, known)
    passing = not private and not team  # answered in the thread of the question
    chat = f"{channel}/{thread or ts}" if passing else channel
    command = None if found or not passing else COMMAND.match(text.text)
    name, end = (command[1].lower(), command.end()) if command else ("", 0)
    among = Among(mentioned=bool(mentioned), thread=thread, command=name, command_end=end) if passing else None
    return Event(
        Kind.COMMAND if found else Kind.TEXT,
        known.source,
        f"m:{channel}:{ts}",
        conversation_key(channel, thread if team else ""),
        parse_timestamp(ts),
        chat=chat,
        private=private,
        sender=known.sender(user, channel if channel.startswith("D") else ""),
        message=ts,
        reply_to=thread if thread and thread != ts else "",
        words=text.cut(found.end(), len(text.text)) if found else text,
        files=shared_files(message, known.source, known.hosts),
        name=found[1].lower() if found else "",
        value=text.text[found.end() :] if found else "",
        passing=passing,
        among=among,
        origin=origin,
    )


def _with_what_is_shared(text: RichText, message: Payload, known: SlackContext) -> tuple[RichText, str]:
    """Return a message's words with the tables and the words of others in it, and whose they are where they are all there is."""
    shares, rows = shared_messages(message, known.names), pasted_table_rows(message)
    if not shares and not rows:
        return text, ""
    quoted = [join_lines(passed_on(whose), theirs) for whose, theirs in shares]
    whole = join_lines(*([text] if text else []), *([RichText("\n".join(rows))] if rows else []), *quoted)
    return whole, shares[0][0] if len(shares) == 1 and not text and not rows else ""


def _without_mention(text: RichText, known: SlackContext) -> RichText:
    """Return words without the mention of the app at their beginning."""
    name = f"@{known.names.get(known.bot_user, known.bot_user)}"
    return text.cut(len(name), len(text.text)).strip() if text.text.startswith(name) else text


def conversation_key(chat: str, thread: str) -> str:
    """Return what keeps order: a chat, or a thread of the team channel."""
    return f"{chat}/{thread}" if thread else chat


def _changed(inner: Payload, known: SlackContext) -> Event | None:
    now, was = inner.get("message") or {}, inner.get("previous_message") or {}
    if now.get("subtype") == "tombstone":  # deleted, and its thread goes on
        return _deleted({**inner, "event_ts": inner.get("event_ts") or inner.get("ts")}, known)
    if now.get("text") == was.get("text") or not now.get("edited"):
        if gone := _files_taken_away(now):
            return _without_files(inner, now, gone, known)
        return None  # an unfurl, a reply counted, our own edit
    return edit_event({**now, "channel": inner["channel"]}, known)


def edit_event(message: Payload, known: SlackContext) -> Event | None:
    """Return the event of a message that its author has changed, as it is now."""
    found = message_event(message, known)
    if found is None:
        return None
    at = str(message["edited"]["ts"])
    return replace(
        found, kind=Kind.EDIT, key=f"{found.key}:{at}", at=parse_timestamp(at), passing=False, among=_unnamed(found)
    )


def _files_taken_away(message: Payload) -> tuple[str, ...]:
    """Return the ids of a message's files of which stones alone are left."""
    files = [each for each in message.get("files") or () if isinstance(each, dict)]
    return tuple(str(each["id"]) for each in files if each.get("mode") == "tombstone" and each.get("id"))


def _without_files(inner: Payload, now: Payload, gone: tuple[str, ...], known: SlackContext) -> Event | None:
    """Return that files were taken out of a message whose words stay."""
    was = message_event({**now, "channel": inner["channel"]}, known)
    if was is None:
        return None
    at = str(inner.get("event_ts") or inner.get("ts") or now["ts"])
    return replace(
        was, kind=Kind.DELETE, key=f"{was.key}:without:{'+'.join(gone)}"[:KEY], at=parse_timestamp(at), words=RichText(),
        files=(), name="", value="", origin="", gone=gone, passing=False, among=_unnamed(was),
    )  # fmt: skip


def _file_deleted(inner: Payload, known: SlackContext) -> Event | None:
    """Return that a file was deleted, wherever it stands: where that is, and whose it was, the desk knows."""
    number = str(inner.get("file_id") or "")
    if not FILE.fullmatch(number):
        return None
    at = parse_timestamp(str(inner["event_ts"]))
    return Event(Kind.DELETE, known.source, f"file:{number}:deleted", f"file/{number}", at, gone=(number,))


def _deleted(inner: Payload, known: SlackContext) -> Event | None:
    before = inner.get("previous_message")
    if not before:
        return _deleted_unseen(inner, known)
    was = message_event({**before, "channel": inner["channel"]}, known)
    if was is None:
        return None
    ts = str(inner.get("event_ts") or inner.get("deleted_ts"))
    return Event(
        Kind.DELETE, was.source, f"{was.key}:deleted", was.conversation, parse_timestamp(ts), chat=was.chat, private=was.private,
        sender=was.sender, message=was.message, reply_to=was.reply_to, among=_unnamed(was),
    )  # fmt: skip


def _deleted_unseen(inner: Payload, known: SlackContext) -> Event:
    """Return the deletion of a message of which Slack says nothing else: whose it was, the desk knows by its place."""
    channel, native = str(inner["channel"]), str(inner.get("deleted_ts") or (inner.get("message") or {})["ts"])
    private, team = channel.startswith("D"), channel == known.team_channel
    among = None if private or team else Among()
    return Event(
        Kind.DELETE, known.source, f"m:{channel}:{native}:deleted", channel,
        parse_timestamp(str(inner.get("event_ts") or inner.get("ts") or native)),
        chat=f"{channel}/{native}" if among is not None else channel, private=private, message=native, among=among,
    )  # fmt: skip


def _unnamed(was: Event) -> Among | None:
    """Return where a change of words stands: whoever changes or deletes them addresses nobody."""
    return replace(was.among, mentioned=False, command="") if was.among is not None else None


def _reaction(inner: Payload, known: SlackContext) -> Event | None:
    item, name = inner.get("item") or {}, str(inner.get("reaction")).partition("::")[0]
    channel = str(item.get("channel") or "")
    if item.get("type") != "message" or channel.startswith("D") or known.nobody(inner):
        return None
    if channel == known.team_channel and name not in VERBS:
        return None
    sign, at = "+" if inner["type"] == "reaction_added" else "-", str(inner["event_ts"])
    return reaction_event(known, channel, item["ts"], str(inner["user"]), name, sign, at, parse_timestamp(at))


def reaction_event(
    known: SlackContext, channel: str, ts: str, user: str, name: str, sign: str, stamp: str, at: datetime
) -> Event:
    """Return the event of an emoji put on a message (+) or taken away (-); its key says which, so that it can be looked up."""
    among = Among(thread=ts) if channel != known.team_channel else None
    return Event(
        Kind.REACTION, known.source, f"r:{channel}:{ts}:{user}:{name}:{sign}:{stamp}", conversation_key(channel, ts), at,
        chat=channel, private=False, sender=known.sender(user), message=ts, name=VERBS.get(name, ""), among=among,
        reaction=Reaction(VERBS.get(name, ""), sign == "+", name),
    )  # fmt: skip


def _member(body: Payload, inner: Payload, known: SlackContext) -> Event | None:
    joined, channel = inner["type"] == "member_joined_channel", str(inner.get("channel") or "")
    if inner.get("user") == known.bot_user:
        return _added(inner, known) if joined else _removed(body, inner, known)
    if known.nobody(inner):
        return None
    return Event(
        Kind.MEMBER, known.source, str(body.get("event_id")), channel, parse_timestamp(str(inner["event_ts"])), chat=channel,
        private=False, sender=known.sender(str(inner["user"])), name="joined" if joined else "left",
        among=None if channel == known.team_channel else Among(),
    )  # fmt: skip


def _added(inner: Payload, known: SlackContext) -> Event:
    """We were let into a channel, by somebody or again."""
    channel, at = str(inner["channel"]), parse_timestamp(str(inner["event_ts"]))
    key = f"inside:{channel}:{at:%Y%m%d%H%M%S}"
    return Event(Kind.MEMBER, known.source, key, channel, at, chat=channel, private=False, name="bot_added")


def _removed(body: Payload, inner: Payload, known: SlackContext) -> Event:
    """Nothing can be said in a channel any more: we were taken out of it, or it was archived."""
    channel = str(inner.get("channel") or "")
    at = parse_timestamp(str(inner.get("event_ts") or body["event_time"]))
    key = f"outside:{channel}:{at:%Y%m%d%H%M%S}"  # it may be told in two ways at once
    return Event(Kind.MEMBER, known.source, key, channel, at, chat=channel, private=False, name="bot_removed")


def _moved(inner: Payload, known: SlackContext) -> Event:
    """A channel has another id, as when it begins or ends to be shared."""
    old, new = str(inner["old_channel_id"]), str(inner["new_channel_id"])
    return Event(
        Kind.MEMBER, known.source, f"moved:{old}:{new}", old, parse_timestamp(str(inner["event_ts"])), chat=old, private=False,
        name="moved", moved=ChatMoved(old, new),
    )  # fmt: skip


def _home(body: Payload, inner: Payload, known: SlackContext) -> Event | None:
    if known.nobody(inner):
        return None
    user = str(inner["user"])
    return Event(
        Kind.HOME, known.source, str(body.get("event_id")), str(inner["channel"]), parse_timestamp(str(inner["event_ts"])),
        chat=str(inner["channel"]), sender=known.sender(user, str(inner["channel"])),
    )  # fmt: skip
