"""How a setting's text has to look: each function returns the value, or says what to write instead."""

import re
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr

MessengerName = Literal["telegram", "slack"]
MESSENGERS: tuple[MessengerName, ...] = get_args(MessengerName)
LANGUAGES = ("en", "uk", "ru")
_HTTPS = 443
HostPort = tuple[str, int | None]  # None: the port of its scheme
_HOST_PORT = re.compile(  # a number of version 6 stands in brackets where a port follows
    r"(?P<name>[A-Za-z0-9._-]{1,253})(:(?P<port>[0-9]{1,5}))?"
    r"|\[(?P<boxed>[0-9A-Fa-f:.]{2,45})\](:(?P<boxed_port>[0-9]{1,5}))?|(?P<number>[0-9A-Fa-f:.]{2,45})"
)
DATABASES = "sqlite+aiosqlite:///path/to/file.db or postgresql+asyncpg://user:password@host/database"


@dataclass(frozen=True, slots=True)
class Admin:
    """A person who may curate and configure from the first start on."""

    messenger: MessengerName
    id: str


def database_url(url: str) -> str:
    """Return the URL of a database the desk can keep its records in."""
    scheme, _, rest = url.partition("://")
    if scheme not in ("sqlite+aiosqlite", "postgresql+asyncpg") or not rest.strip("/"):
        raise ValueError(f"write {DATABASES}")
    if scheme == "sqlite+aiosqlite" and (not rest.startswith("/") or ":memory:" in rest):
        raise ValueError(f"a desk in memory would forget everything; write {DATABASES}")
    return url


def telegram_token(token: SecretStr) -> SecretStr:
    """Return a bot token that has BotFather's shape."""
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{3,}", token.get_secret_value()):
        raise ValueError("this is no bot token; copy the whole of it from @BotFather, like 123456789:AAE…")
    return token


def telegram_group(chat: int) -> int:
    """Return the id of a group; a private chat's would show every card to one person only."""
    if chat >= 0:
        raise ValueError("a group's id is negative, like -1001234567890; the bot tells it in a group it is added to")
    return chat


def webhook_secret(secret: SecretStr) -> SecretStr:
    """Return a secret that Telegram accepts in its header."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("use 1 to 256 of the characters A-Z a-z 0-9 _ and -")
    return secret


def slack_bot_token(token: SecretStr) -> SecretStr:
    """Return a bot token of a Slack app."""
    return _starts(token, "xoxb-", "copy the Bot User OAuth Token from the app's page OAuth & Permissions")


def slack_app_token(token: SecretStr) -> SecretStr:
    """Return an app-level token, which opens Socket Mode."""
    return _starts(token, "xapp-", "make an App-Level Token with connections:write on the app's page Basic Information")


def _starts(token: SecretStr, prefix: str, fix: str) -> SecretStr:
    if not re.fullmatch(re.escape(prefix) + r"[A-Za-z0-9-]+", token.get_secret_value()):
        raise ValueError(f"it begins with {prefix}; {fix}")
    return token


def slack_channel(channel: str) -> str:
    """Return a channel id; names change, ids do not."""
    if not re.fullmatch(r"[CG][A-Z0-9]+", channel):
        raise ValueError("write the channel's id, like C0123456789, not its name; it stands at the end of its details")
    return channel


def web_url(url: str) -> str:
    """Return an http or https address without a slash at its end."""
    whole = "write a whole address, like https://desk.example.com"
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is none
        raise ValueError(whole) from None
    if not named:
        raise ValueError(whole)
    return url.rstrip("/")


def slack_api_url(url: str) -> str:
    """Return a base address that ends as Slack's own does."""
    base = web_url(url) + "/"
    if not base.endswith("/api/"):
        raise ValueError("write the base address that ends in /api/, like https://slack.com/api/")
    return base


def admin_list(text: object) -> object:
    """Return ``telegram:123,slack:U012`` as admins; anything that is no text is taken as it is."""
    if not isinstance(text, str):
        return text
    return tuple(_admin(item.strip()) for item in text.split(",") if item.strip())


def host_list(text: object) -> object:
    """Return ``erp.lan,127.0.0.1`` as hosts; anything that is no text is taken as it is."""
    if not isinstance(text, str):
        return text
    return tuple(_host(item.strip()) for item in text.split(",") if item.strip())


def host_tokens(tokens: SecretStr) -> SecretStr:
    """Return ``erp.example.com=token,…`` as it is written, if it can be read; no token is repeated."""
    read_host_tokens(tokens.get_secret_value())
    return tokens


def read_host_tokens(text: str) -> dict[HostPort, str]:
    """Return tokens by host and port; a host without one is meant at the port that its addresses have unsaid."""
    found: dict[HostPort, str] = {}
    for item in filter(None, (item.strip() for item in text.split(","))):
        written, _, token = item.partition("=")
        host = _HOST_PORT.fullmatch(written)
        if host is None or not re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", token):
            raise ValueError(
                "write host=token or host:port=token, several with commas between them, like erp.example.com=s3cr3t"
            )
        port = int(host["port"] or host["boxed_port"] or _HTTPS)
        found[(host["name"] or host["boxed"] or host["number"]).casefold(), None if port == _HTTPS else port] = token
    return found


def _host(item: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}", item):
        raise ValueError(f"{item!r} is no host; write names or addresses without a port, like erp.lan,127.0.0.1")
    return item.casefold()


def _admin(item: str) -> Admin:
    messenger, _, identity = item.partition(":")
    if messenger == "telegram" and re.fullmatch(r"[1-9][0-9]*", identity):
        return Admin("telegram", identity)
    if messenger == "slack" and re.fullmatch(r"[UW][A-Z0-9]+", identity):
        return Admin("slack", identity)
    raise ValueError(f"{item!r} names nobody; write ids, like telegram:123456789,slack:U0123456789")


def time_zone(name: str) -> str:
    """Return the name of a time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no time zone is called {name!r}; write a name like Europe/Kyiv or UTC") from None
    return name


def desk_language(code: str) -> str:
    """Return a language the desk speaks."""
    if code not in LANGUAGES:
        raise ValueError(f"the desk speaks {', '.join(LANGUAGES)}; {code!r} is none of them")
    return code
