"""Settings: what an operator may choose, from the environment or `.env`; nothing else reads the environment."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import setting_types
from bot.errors import OperatorError
from bot.setting_types import Admin

__all__ = [
    "Admin",
    "OperatorError",
    "Settings",
    "desk_environment",
    "has_desktop",
    "load_settings",
    "settings_problems",
]

TELEGRAM = "https://api.telegram.org"
TELEGRAM_PORTS = (443, 80, 88, 8443)

Lower = BeforeValidator(lambda word: word.lower() if isinstance(word, str) else word)
Url = Annotated[str, AfterValidator(setting_types.web_url)]
Language = Annotated[str, AfterValidator(setting_types.desk_language)]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Settings(BaseSettings):
    """Every setting with its default; the descriptions are the documentation, read by `make docs`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: Annotated[str, AfterValidator(setting_types.database_url)] = Field(
        default="sqlite+aiosqlite:///var/frontdesk.db",
        repr=False,
        description="Where the records are kept: an SQLite file, or `postgresql+asyncpg://user:password@host/database`.",
    )
    telegram_bot_token: Annotated[SecretStr, AfterValidator(setting_types.telegram_token)] | None = Field(
        default=None, description="The bot's token from @BotFather. Telegram is served when it is set."
    )
    telegram_api_url: Url = Field(
        default=TELEGRAM, description="The Bot API server: the official one, a local one, or the sandbox."
    )
    telegram_team_chat: Annotated[int, AfterValidator(setting_types.telegram_group)] | None = Field(
        default=None, description="The id of the group where agents see the queue: a forum or a plain group."
    )
    telegram_webhook_url: Url | None = Field(
        default=None,
        description="The public address that Telegram calls; its path is `/telegram`. "
        "Empty: long polling, which needs no public address.",
    )
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(setting_types.webhook_secret)] | None = Field(
        default=None,
        description="What Telegram sends along with each call, so that nobody else can call: "
        "1 to 256 of `A-Z a-z 0-9 _ -`. Needed with `TELEGRAM_WEBHOOK_URL`.",
    )
    slack_bot_token: Annotated[SecretStr, AfterValidator(setting_types.slack_bot_token)] | None = Field(
        default=None, description="The app's bot token, `xoxb-…`. Slack is served when it is set."
    )
    slack_app_token: Annotated[SecretStr, AfterValidator(setting_types.slack_app_token)] | None = Field(
        default=None, description="The app-level token, `xapp-…`. Socket Mode when set, which needs no public address."
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        description="Proves that a call comes from Slack. HTTP mode when it is set and `SLACK_APP_TOKEN` is not; "
        "the path is `/slack/events`.",
    )
    slack_api_url: Annotated[str, AfterValidator(setting_types.slack_api_url)] = Field(
        default="https://slack.com/api/",
        description="The Web API: the official one or the sandbox; it ends in `/api/`.",
    )
    slack_team_channel: Annotated[str, AfterValidator(setting_types.slack_channel)] | None = Field(
        default=None, description="The id of the channel where agents see the queue."
    )
    admins: Annotated[tuple[Admin, ...], NoDecode, BeforeValidator(setting_types.admin_list)] = Field(
        default=(),
        description="Who may curate and configure from the first start on, "
        "like `telegram:123456789,slack:U0123456789`.",
    )
    erased_file: Path | None = Field(
        default=None,
        description="The list of who was erased, as hashes, applied again after a restore by `frontdesk privacy replay`; "
        "keep it apart from backups of the database. "
        "Empty: beside the SQLite file, named as it with `.erased`; `var/frontdesk.erased` with PostgreSQL.",
    )
    desk_file: Path | None = Field(default=None, description="The desk's rules as YAML, applied at the first start.")
    language: Language = Field(default="en", description="Spoken where a person's own is unknown: `en`, `uk` or `ru`.")
    time_zone: Annotated[str, AfterValidator(setting_types.time_zone)] = Field(
        default="UTC", description="Times are told in it where a person's own is unknown, like `Europe/Kyiv`."
    )
    team_language: Language = Field(
        default_factory=lambda chosen: chosen.get("language", "en"),
        description="Of cards and notes in team channels; each channel can be set. Empty: as `LANGUAGE`.",
    )
    telegram_per_second: Rate = Field(default=30, description="Messages a second to all Telegram chats together.")
    telegram_group_per_minute: Rate = Field(
        default=20, description="Messages a minute to one Telegram group, its topics together."
    )
    slack_per_channel_per_second: Rate = Field(default=1, description="Messages a second to one Slack channel.")
    person_per_minute: Rate = Field(
        default=20,
        description="Turns a minute of one person alone with the bot, six times as many in a team channel; "
        "words beyond it are joined, presses and commands refused.",
    )
    private_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(setting_types.host_list)] = Field(
        default=(),
        description="Hosts of your own network that webhooks and form sources may call, over http too, "
        "like `erp.lan,127.0.0.1`. All others are called over https, and only where they are on the internet.",
    )
    choices_tokens: Annotated[SecretStr, AfterValidator(setting_types.host_tokens)] | None = Field(
        default=None,
        description="Bearer tokens for hosts that give forms their choices, like `erp.example.com=s3cr3t`, several "
        "with commas between them, and with a port where an address has one. Each is sent over https, to its own host and "
        "port alone, whatever the rules name.",
    )
    http_host: str = Field(default="127.0.0.1", description="The address the web server listens on.")
    http_port: int = Field(
        default=8080,
        ge=0,
        le=65535,
        description="Its port, for `/telegram`, `/slack/events`, `/api/v1`, `/healthz`, `/readyz` and `/metrics`; "
        "0 takes a free one.",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Lower] = Field(
        default="info", description="How much is logged: `debug`, `info`, `warning` or `error`."
    )
    log_format: Annotated[Literal["console", "json"], Lower] = Field(
        default="console",
        description="`console` for people, `json` for machines. No token and no person's words in either.",
    )

    @property
    def tokens_of_hosts(self) -> dict[setting_types.HostPort, str]:
        """Bearer tokens for hosts that give forms their choices."""
        return setting_types.read_host_tokens(self.choices_tokens.get_secret_value() if self.choices_tokens else "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never be shown: tokens, secrets, the database's password."""
        values = (getattr(self, name) for name in type(self).model_fields)
        secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        password = urlsplit(self.database_url).password
        secrets += self.tokens_of_hosts.values()
        return (*secrets, *({password, unquote(password)} if password else ()))


def load_settings(**chosen: Any) -> Settings:
    """Return the settings, or tell the operator in one line which one to mend."""
    try:
        return Settings(**chosen)
    except ValidationError as error:
        raise _first(error) from None
    except (OSError, UnicodeDecodeError):
        raise OperatorError(".env", "it cannot be read; make it a UTF-8 text file this user may read") from None


def _first(error: ValidationError) -> OperatorError:
    problems = {
        str(problem["loc"][0]).upper(): problem
        for problem in error.errors(include_url=False)
        if problem["type"] != "default_factory_not_called"  # a default that waited for a field listed already
    }
    (name, first), *others = problems.items()
    cause = first.get("ctx", {}).get("error")
    more = f" (mend also: {', '.join(name for name, _ in others)})" if others else ""
    return OperatorError(name, f"{cause or first['msg']}{more}")


def settings_problems(settings: Settings) -> Iterator[OperatorError]:
    """Yield what keeps the desk from serving although each setting alone is well-formed."""
    if not (settings.telegram_bot_token or settings.slack_bot_token):
        yield OperatorError("TELEGRAM_BOT_TOKEN", "set it, or SLACK_BOT_TOKEN: the desk serves at least one messenger")
    telegram = settings.telegram_bot_token and settings.telegram_team_chat
    slack = settings.slack_bot_token and settings.slack_team_channel
    if not (telegram or slack):
        name = (
            "SLACK_TEAM_CHANNEL"
            if settings.slack_bot_token and not settings.telegram_bot_token
            else "TELEGRAM_TEAM_CHAT"
        )
        yield OperatorError(name, "set it: agents need one team channel, on a messenger that is served")
    if settings.slack_bot_token and not (settings.slack_app_token or settings.slack_signing_secret):
        yield OperatorError("SLACK_APP_TOKEN", "set it for Socket Mode, or SLACK_SIGNING_SECRET for HTTP mode")
    yield from _unfit_webhook(settings)
    if settings.desk_file and not settings.desk_file.is_file():
        yield OperatorError("DESK_FILE", f"there is no file {str(settings.desk_file)!r}")


def _unfit_webhook(settings: Settings) -> Iterator[OperatorError]:
    if settings.telegram_webhook_url is None:
        return
    if settings.telegram_webhook_secret is None:
        yield OperatorError("TELEGRAM_WEBHOOK_SECRET", "set it: without it anybody could speak as Telegram")
    address = urlsplit(settings.telegram_webhook_url)
    port = address.port or {"http": 80, "https": 443}[address.scheme]
    if settings.telegram_api_url == TELEGRAM and (address.scheme != "https" or port not in TELEGRAM_PORTS):
        yield OperatorError("TELEGRAM_WEBHOOK_URL", "Telegram calls https only, on port 443, 80, 88 or 8443")


def desk_environment(**chosen: str) -> dict[str, str]:
    """Return the environment of a desk in another process: as ours, but with these settings and no others."""
    names = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in names}
    root = str(Path(__file__).parent.parent)  # found from any folder, installed or not
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, [root, kept.get("PYTHONPATH")])), **chosen}


def has_desktop() -> bool:
    """Return whether a browser's window can be opened here."""
    if sys.platform in ("win32", "darwin"):
        return "SSH_CONNECTION" not in os.environ
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
