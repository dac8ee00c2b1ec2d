"""Logs say what happened, to people or to machines, and give nothing away."""

import io
import json
import logging
import sys

import pytest

from bot.errors import OperatorError
from bot.monitoring import logs

TOKEN = "123456789:AAEhBP0av28fjgkw8JN9BdGIx7u3kzTc0aB"


@pytest.fixture
def written(request):
    """Return the stream that the logs of this test go to."""
    root, before = logging.getLogger(), {}
    before = {name: logging.getLogger(name).level for name in ("", *logs._LIBRARIES)}
    handlers, stream = root.handlers[:], io.StringIO()
    style = getattr(request, "param", "console")
    logs.configure_logging("debug", style, secrets=['s3cret/with"signs'], stream=stream)
    yield stream
    root.handlers[:] = handlers
    logging.captureWarnings(capture=False)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def test_a_line_is_a_sentence_and_its_facts(written):
    logging.getLogger("bot.intake.turn_loop").info("Turn done", extra={"event": "press", "ticket": 1042})
    assert written.getvalue().endswith(" info    Turn done  event=press  ticket=1042\n")


@pytest.mark.parametrize("written", ["json"], indirect=True)
def test_a_line_for_machines_is_one_json_object(written):
    try:
        raise OSError(28, "disk is full")
    except OSError:
        logging.getLogger("bot.inbox").exception("Пауза", extra={"event": 7, "level": "facts cannot hide the level"})
    line = json.loads(written.getvalue())
    assert (line["level"], line["logger"], line["message"], line["event"]) == ("error", "bot.inbox", "Пауза", 7)
    assert line["traceback"].endswith("OSError: disk is full")


@pytest.mark.parametrize("written", ["console", "json"], indirect=True)
@pytest.mark.parametrize(
    "secret",
    [
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"https://api.telegram.org/file/bot{TOKEN.replace(':', '%3A')}/photo.jpg",
        "http://127.0.0.1:8081/bot42:short/sendMessage",
        f"token={TOKEN}",
        "xoxb-111-222-abcDEF",
        "Bearer xapp-1-A111-222-abcdef",
        "xoxe.xoxp-1-Mi0yLTE",
        "https://hooks.slack.com/services/T01/B02/abcdef",
        "wss://wss-primary.slack.com/link/?ticket=abc-def&app_id=1",
        "postgresql+asyncpg://desk:pa55@db/desk",
        's3cret/with"signs',
    ],
)
def test_a_token_is_hidden_wherever_it_stands(written, secret):
    log = logging.getLogger("bot")
    log.info("Asked %s", secret, extra={"address": ["\n" + secret]})
    try:
        raise ConnectionError(f"Cannot connect:\n{secret}")
    except ConnectionError:
        log.exception("Lost %s", {"url": secret})
    text = written.getvalue()
    assert logs.HIDDEN in text
    for part in (TOKEN, TOKEN.split(":")[1], "short", "abc", "Mi0y", "pa55", "s3cret", "signs"):
        assert part not in text


def test_what_is_no_token_stays(written):
    said = "Started 2024-05-01 12:00:00 on http://127.0.0.1:8080/readyz ticket=1042 robot12:34 sqlite:///var/x.db"
    logging.getLogger("bot").info(said)
    assert said in written.getvalue()


@pytest.mark.parametrize("written", ["console", "json"], indirect=True)
@pytest.mark.parametrize("shape", ["{}", "invalid literal: {!r}", "[parameters: ('{}', [1])]", "DETAIL:  ({})"])
def test_a_persons_words_do_not_ride_on_an_error(written, shape):
    """Its place and its type are told, those of its causes and of each in a group too; never what it says."""
    words = shape.format("My card was charged twice")
    try:
        try:
            raise KeyError(words)
        except KeyError as error:
            raise ExceptionGroup(words, [ValueError(words), error]) from error
    except ExceptionGroup:
        logging.getLogger("bot").exception("Turn failed")
    text = written.getvalue()
    assert "charged" not in text
    assert all(kind in text for kind in ("KeyError", "ValueError", "ExceptionGroup", "test_logs.py"))


def test_what_we_wrote_ourselves_is_told(written):
    try:
        raise OperatorError("DATABASE_URL", "name a folder that exists")
    except OperatorError:
        logging.getLogger("bot").exception("Not started")
    assert "DATABASE_URL: name a folder that exists" in written.getvalue()


def test_libraries_stay_quiet_about_what_people_wrote(written):
    for name in ("slack_bolt.App", "slack_sdk.web", "aiogram.event", "aiohttp.access", "sqlalchemy.engine"):
        logging.getLogger(name).debug("payload")
    logging.getLogger("slack_bolt.App").warning("Unhandled request {'text': 'payload'}")
    assert written.getvalue() == ""


def test_logs_go_to_stderr(written, monkeypatch):
    monkeypatch.setattr(sys, "stderr", stream := io.StringIO())
    logs.configure_logging()
    logging.getLogger("bot").info("Here")
    assert "Here" in stream.getvalue()
