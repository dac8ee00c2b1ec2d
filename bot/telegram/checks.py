"""What `frontdesk doctor` asks Telegram. Plain HTTP: aiogram takes seconds to import, and a doctor answers at once."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.messengers.wire import Shape, json_object, matches_shape, read_body
from bot.monitoring.finding import Finding
from bot.settings import Settings

PATIENCE = aiohttp.ClientTimeout(total=10)
DRIFT = 30.0  # seconds a clock may be wrong before times told to people are
ADMIN = "make it an admin of the group, with the rights to manage topics and delete messages"

Json = Mapping[str, Any]


REFUSED: Shape = {"ok": bool, "error_code": int, "description": str}
PROMISED: Mapping[str, Shape] = {
    "getMe": {"id": int, "username": str},
    "getWebhookInfo": {"url": (str,)},
    "getChat": {"id": int},
    "getUpdates": [{"update_id": int}],
    "sendMessage": {"message_id": int},
    "getChatMember": {"status": str},
    "getChatAdministrators": [{"user": {"first_name": str, "is_bot": bool}}],
}


class Refusal(Exception):
    """Telegram answered no."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code = code


@dataclass(slots=True)
class Api:
    """The Bot API, asked one thing at a time."""

    session: aiohttp.ClientSession
    url: str
    drift: float | None = None

    async def ask(self, method: str, **arguments: Any) -> Any:
        """Return the result of a method; raise Refusal, or ClientError where nobody answers."""
        begun = datetime.now(UTC)
        async with self.session.post(f"{self.url}/{method}", json=arguments, allow_redirects=False) as answer:
            told, drift = json_object(await read_body(answer)), _drift(answer.headers.get("Date", ""), begun)
        if answer.status == 429:
            raise Refusal(429, "too many requests")
        if answer.status == 200 and matches_shape({"ok": bool, "result": PROMISED[method]}, told):
            assert told is not None
            self.drift = drift
            return told["result"]
        if not matches_shape(REFUSED, told):
            raise ValueError("not Telegram's words")
        assert told is not None
        raise Refusal(int(told["error_code"]), str(told["description"]))


def _drift(date: str, begun: datetime) -> float | None:
    """Return how far our clock is from the one that an answer names."""
    try:
        return (parsedate_to_datetime(date) - begun).total_seconds()
    except (ValueError, TypeError):
        return None


async def examine_telegram(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what Telegram says of the token, the clock, the webhook and the team's group."""
    assert settings.telegram_bot_token is not None
    base = settings.telegram_api_url.rstrip("/")
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        api = Api(session, f"{base}/bot{settings.telegram_bot_token.get_secret_value()}")
        try:
            me = await api.ask("getMe")
            yield Finding("Telegram token", f"it is @{me['username']}'s")
            yield _clock(api.drift)
            yield _webhook(await api.ask("getWebhookInfo"), settings.telegram_webhook_url)
            if settings.telegram_team_chat is not None:
                async for finding in _team(api, me, settings.telegram_team_chat):
                    yield finding
        except Refusal as refusal:
            if refusal.code in (401, 404):
                yield Finding("TELEGRAM_BOT_TOKEN", "Telegram does not know it", "copy it anew from @BotFather")
            else:
                yield Finding("Telegram", f"it refused: {refusal}", "try again in a minute")
        except (aiohttp.ClientError, TimeoutError, ValueError, LookupError) as error:
            said = f"{base} does not answer as a Bot API server does ({type(error).__name__})"
            yield Finding("TELEGRAM_API_URL", said, "check the address, the network and its proxy")


def _clock(drift: float | None) -> Finding:
    if drift is None or abs(drift) <= DRIFT:
        return Finding("clock", "as Telegram's")
    return Finding("clock", f"{abs(drift):.0f} s {'behind' if drift > 0 else 'ahead of'} Telegram's", "let NTP set it")


def _webhook(info: Json, wanted: str | None) -> Finding:
    """Compare where Telegram sends updates with where they are awaited; the next start sets it right by itself."""
    waiting, error = info.get("pending_update_count", 0), info.get("last_error_message", "")
    there = info.get("url", "")
    if wanted and there == wanted and error and waiting:
        fix = "see that this address leads to HTTP_HOST:HTTP_PORT, path /telegram, with a valid certificate"
        return Finding("TELEGRAM_WEBHOOK_URL", f"{waiting} updates wait, Telegram says: {error}", fix)
    if wanted:
        return Finding("webhook", "set" if there == wanted else "not set yet; 'frontdesk run' sets it")
    if there:
        return Finding("polling", f"Telegram calls {there} now; 'frontdesk run' takes that away")
    return Finding("polling", f"no webhook, {waiting} updates wait")


async def _team(api: Api, me: Json, chat: int) -> AsyncIterator[Finding]:
    """Yield what the team's group is, and what the bot may do and hear there."""
    try:
        group = await api.ask("getChat", chat_id=chat)
        mine = await api.ask("getChatMember", chat_id=chat, user_id=me["id"])
    except Refusal as refusal:
        if refusal.code == 429 or refusal.code >= 500:
            raise
        if (moved := str(refusal)) and "upgraded" in moved:
            yield Finding("TELEGRAM_TEAM_CHAT", "the group has another id since its upgrade", "write the new one")
        else:
            yield Finding("TELEGRAM_TEAM_CHAT", f"the bot is not in the group {chat}", "add it there as an admin")
        return
    status = mine["status"]
    if status in ("left", "kicked"):
        yield Finding("TELEGRAM_TEAM_CHAT", f"the bot is not in the group {chat}", "add it there as an admin")
        return
    forum = bool(group.get("is_forum"))
    kind = "a forum: each ticket has a topic" if forum else "a plain group: each ticket is a reply chain under its card"
    yield Finding("team group", f"“{group.get('title', chat)}”, {kind}")
    for finding in _open(group):
        yield finding
    async for finding in _masks(api, chat):
        yield finding
    admin = status in ("administrator", "creator")
    yield _rights(mine, admin=admin, forum=forum)
    if admin or me.get("can_read_all_group_messages"):
        yield Finding("privacy mode", "the bot hears what is said in the group")
    else:
        fix = (
            "@BotFather /setprivacy, Disable, then take the bot out of the group and add it again; or make it an admin"
        )
        yield Finding("privacy mode", "on: the bot hears commands and replies only, so notes are lost", fix)


def _open(group: Json) -> Iterator[Finding]:
    """Yield how others than the team can enter or read the group."""
    if name := group.get("username"):
        fix = "make it private, in the group's settings: who is in it is an agent and reads every request"
        yield Finding("TELEGRAM_TEAM_CHAT", f"everybody can find, read and enter this group as @{name}", fix)
    if group.get("linked_chat_id"):
        fix = "take the link away, in the channel's settings, or name a group of the team alone"
        yield Finding("TELEGRAM_TEAM_CHAT", "a channel's posts are discussed in this group, by whoever reads it", fix)


async def _masks(api: Api, chat: int) -> AsyncIterator[Finding]:
    """Yield that admins write as the group itself: nobody in particular, so the desk cannot serve them."""
    admins = await api.ask("getChatAdministrators", chat_id=chat)
    masked = [each["user"]["first_name"] for each in admins if each.get("is_anonymous") and not each["user"]["is_bot"]]
    if masked:
        said = f"these admins write as the group itself, and the desk cannot tell who they are: {', '.join(masked)}"
        yield Finding("anonymous admins", said, "turn off “Remain anonymous” in their rights", warning=True)


def _rights(mine: Json, *, admin: bool, forum: bool) -> Finding:
    if not admin:
        return Finding("rights", "the bot is no admin, so it is not told who joins and leaves the team", ADMIN)
    wanted = {"can_delete_messages": "delete messages", **({"can_manage_topics": "manage topics"} if forum else {})}
    missing = [words for name, words in wanted.items() if mine["status"] != "creator" and not mine.get(name)]
    if missing:
        return Finding("rights", f"the bot may not {' nor '.join(missing)}", ADMIN)
    return Finding("rights", "all that is needed")
