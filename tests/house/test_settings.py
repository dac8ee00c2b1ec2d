"""A wrong setting is refused by its name and its fix; a right one is read as what it means."""

import pytest

from bot.errors import OperatorError
from bot.settings import Admin, Settings, has_desktop, load_settings, settings_problems

TOKEN = "123456789:AAEhBP0av28fjgkw8JN9BdGIx7u3kzTc0aB"
SERVING = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_TEAM_CHAT": "-1001234567890"}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Stand in an empty folder: the checkout may have an `.env` of its own."""
    monkeypatch.chdir(tmp_path)


def chosen(monkeypatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load_settings()


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("DATABASE_URL", "postgres://desk@db/desk", "postgresql+asyncpg://"),
        ("DATABASE_URL", "sqlite+aiosqlite:///:memory:", "sqlite+aiosqlite:///path"),
        ("DATABASE_URL", "postgresql+asyncpg://", "host/database"),
        ("TELEGRAM_BOT_TOKEN", "AAEhBP0av28fjgkw8JN9BdGIx7u3kzTc0aB", "@BotFather"),
        ("TELEGRAM_API_URL", "api.telegram.org", "https://"),
        ("TELEGRAM_TEAM_CHAT", "42", "negative"),
        ("TELEGRAM_TEAM_CHAT", "our group", "integer"),
        ("TELEGRAM_WEBHOOK_URL", "https://desk:99999/", "https://"),
        ("TELEGRAM_WEBHOOK_SECRET", "пароль", "A-Z a-z 0-9"),
        ("TELEGRAM_WEBHOOK_SECRET", "x" * 257, "1 to 256"),
        ("SLACK_BOT_TOKEN", "xoxp-1", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "xapp-"),
        ("SLACK_API_URL", "https://slack.com", "/api/"),
        ("SLACK_TEAM_CHANNEL", "#support", "C0123456789"),
        ("ADMINS", "telegram:anna", "telegram:123456789"),
        ("LANGUAGE", "de", "en, uk, ru"),
        ("TEAM_LANGUAGE", "de", "en, uk, ru"),
        ("TIME_ZONE", "Mars/Olympus", "Europe/Kyiv"),
        ("TIME_ZONE", "../../etc/passwd", "Europe/Kyiv"),
        ("TELEGRAM_PER_SECOND", "0", "greater than 0"),
        ("PERSON_PER_MINUTE", "0", "greater than 0"),
        ("PRIVATE_HOSTS", "http://erp.lan:8080/", "erp.lan,127.0.0.1"),
        ("CHOICES_TOKENS", "s3cr3t", "erp.example.com=s3cr3t"),
        ("HTTP_PORT", "65536", "65535"),
        ("LOG_LEVEL", "loud", "'debug'"),
        ("LOG_FORMAT", "xml", "'json'"),
    ],
)
def test_a_wrong_setting_is_named_with_its_fix(monkeypatch, name, value, fix):
    with pytest.raises(OperatorError) as told:
        chosen(monkeypatch, **{name: value})
    line = str(told.value)
    assert line.startswith(f"{name}: ")
    assert fix in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "name", ["TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
)
def test_a_wrong_token_is_not_repeated(monkeypatch, name):
    with pytest.raises(OperatorError) as told:
        chosen(monkeypatch, **{name: "hush, hush"})
    assert "hush" not in str(told.value)


def test_several_wrong_settings_are_all_named_in_the_one_line(monkeypatch):
    with pytest.raises(OperatorError, match=r"^HTTP_PORT: .* \(mend also: LOG_LEVEL\)$"):
        chosen(monkeypatch, HTTP_PORT="many", LOG_LEVEL="loud")


def test_a_default_that_waits_for_a_wrong_setting_is_not_blamed(monkeypatch):
    with pytest.raises(OperatorError, match=r"^LANGUAGE: .* is none of them$"):
        chosen(monkeypatch, LANGUAGE="de")


def test_a_setting_may_be_written_down_empty(monkeypatch):
    assert chosen(monkeypatch, TELEGRAM_BOT_TOKEN="", HTTP_PORT="").http_port == 8080


def test_settings_come_from_a_file_and_the_environment_wins(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("HTTP_PORT=1234\nLANGUAGE=uk\nSOMEBODY_ELSES=1\n")
    settings = chosen(monkeypatch, HTTP_PORT="4321")
    assert (settings.http_port, settings.language) == (4321, "uk")


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / ".env").write_bytes(b"LANGUAGE=\xff\xfe")
    with pytest.raises(OperatorError, match=r"^\.env: "):
        load_settings()


def test_admins_are_people_on_messengers(monkeypatch):
    settings = chosen(monkeypatch, ADMINS="telegram:123, slack:U012")
    assert settings.admins == (Admin("telegram", "123"), Admin("slack", "U012"))


def test_the_team_reads_the_desks_language_unless_told_otherwise(monkeypatch):
    assert chosen(monkeypatch, LANGUAGE="uk").team_language == "uk"
    assert chosen(monkeypatch, TEAM_LANGUAGE="ru").team_language == "ru"


def test_secrets_are_shown_nowhere(monkeypatch):
    secrets = {
        "DATABASE_URL": "postgresql+asyncpg://desk:hush%2Fhush@db/desk",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": "hush1",
        "SLACK_BOT_TOKEN": "xoxb-hush2",
        "SLACK_APP_TOKEN": "xapp-hush3",
        "SLACK_SIGNING_SECRET": "hush4",
    }
    settings = chosen(monkeypatch, **secrets)
    assert "hush" not in repr(settings) + str(settings)
    assert TOKEN not in repr(settings)
    expected = {TOKEN, "hush1", "xoxb-hush2", "xapp-hush3", "hush4", "hush%2Fhush", "hush/hush"}
    assert set(settings.secrets) == expected


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN}, "TELEGRAM_TEAM_CHAT"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, "SLACK_TEAM_CHANNEL"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "SLACK_TEAM_CHANNEL": "C01"}, "TELEGRAM_TEAM_CHAT"),
        (SERVING | {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
        (SERVING | {"TELEGRAM_WEBHOOK_URL": "https://desk.example.com/telegram"}, "TELEGRAM_WEBHOOK_SECRET"),
        (
            SERVING | {"TELEGRAM_WEBHOOK_URL": "https://desk.example.com:8080", "TELEGRAM_WEBHOOK_SECRET": "s"},
            "TELEGRAM_WEBHOOK_URL",
        ),
        (
            SERVING | {"TELEGRAM_WEBHOOK_URL": "http://desk.example.com", "TELEGRAM_WEBHOOK_SECRET": "s"},
            "TELEGRAM_WEBHOOK_URL",
        ),
        (SERVING | {"DESK_FILE": "nowhere.yaml"}, "DESK_FILE"),
    ],
)
def test_settings_that_do_not_fit_together_are_told(monkeypatch, settings, name):
    assert [problem.name for problem in settings_problems(chosen(monkeypatch, **settings))][:1] == [name]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
        {"TELEGRAM_WEBHOOK_URL": "https://desk.example.com:8443/telegram", "TELEGRAM_WEBHOOK_SECRET": "s"},
        {
            "TELEGRAM_WEBHOOK_URL": "http://127.0.0.1:9000/telegram",
            "TELEGRAM_WEBHOOK_SECRET": "s",
            "TELEGRAM_API_URL": "http://127.0.0.1:8081",
        },
    ],
)
def test_a_desk_that_can_serve_is_left_alone(monkeypatch, settings):
    assert list(settings_problems(chosen(monkeypatch, **SERVING, **settings))) == []


@pytest.mark.parametrize(
    ("platform", "environment", "there"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("darwin", {"SSH_CONNECTION": "10.0.0.2 22"}, False),
        ("win32", {"SSH_CONNECTION": "10.0.0.2 22"}, False),
    ],
)
def test_a_window_is_opened_where_somebody_sees_it(monkeypatch, platform, environment, there):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    assert has_desktop() is there
