"""Phrases: catalogues of uk, ru and en, read once; a phrase and its facts become words in the reader's language.

The order: the desk's own texts, the reader's catalogue, English. Keys are identifiers, so a missing translation is seen by a test
and never by a person.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_timedelta
from babel.messages.pofile import read_po

from handlers.vocabulary.messages import Phrase, RichText, Span
from handlers.vocabulary.time_spans import TimeSpan

LANGUAGES = ("en", "uk", "ru")
NAMES = {"en": "English", "uk": "Українська", "ru": "Русский"}  # each in itself, for who looks for their own

COMMAND = re.compile(
    r"(?<![\w/.:])/(?!invite\b)(?=[a-z]|\{command\})"
)  # in a text of ours; Slack's own is typed as it is there
TIME = re.compile("\ue000(\\d{1,4})\ue001")  # where a time stands, while a phrase is put together

Texts = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Locale:
    """Who reads: language and time zone, and how a command is typed where they read."""

    language: str = "en"
    zone: str = "UTC"
    command: str = "/"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language; those with plural forms are tuples, chosen by the fact ``n``."""

    language: str
    texts: Texts
    plural: Callable[[int], int]


@cache
def load_catalogue(language: str) -> Catalogue:
    """Return a language's catalogue, read from ``handlers/locale/<language>.po``."""
    raw = files("handlers").joinpath("locale", f"{language}.po").read_bytes()
    po = read_po(BytesIO(raw), locale=language)
    texts: dict[str, str | tuple[str, ...]] = {}
    for message in po:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            texts[key] = message.string if isinstance(message.string, str) else tuple(message.string or ())
    chosen = compile_plural(po.plural_expr)
    return Catalogue(language, texts, chosen)


def compile_plural(expression: str) -> Callable[[int], int]:
    """Return a catalogue's own rule as a function of n."""
    from gettext import c2py

    rule: Callable[[int], int] = c2py(expression)
    return rule


class Translator:
    """Turns phrases into text; ``own`` are the desk's texts by language and key, before the catalogues."""

    def __init__(self, own: Mapping[str, Texts] | None = None) -> None:
        self._own = own or {}

    def say(self, phrase: Phrase | Mapping[str, str] | str, reader: Locale, now: datetime | None = None) -> str:
        """Return the text of a phrase, or of titles by language, for a reader; KeyError where no catalogue knows its key."""
        return self._filled(phrase, reader, now, None)

    def words(self, phrase: Phrase | Mapping[str, str] | str, reader: Locale, now: datetime | None = None) -> RichText:
        """Return the same as words in which times are known as times."""
        times: list[RichText] = []
        text = self._filled(phrase, reader, now, times)
        if not times:
            return RichText(text)
        said = RichText()
        for n, part in enumerate(TIME.split(text)):
            said = said + (times[int(part)] if n % 2 and int(part) < len(times) else RichText(part))
        return said

    def _filled(
        self,
        phrase: Phrase | Mapping[str, str] | str,
        reader: Locale,
        now: datetime | None,
        times: list[RichText] | None,
    ) -> str:
        """Return the text; where times are asked for, each is kept there and a mark stands in its place."""
        if isinstance(phrase, str):
            return phrase
        if isinstance(phrase, Mapping):
            if "" in phrase:  # a label of ours, in a form
                return self._text(Phrase(phrase[""], {}), reader.language)
            return phrase.get(reader.language) or phrase.get("en") or next(iter(phrase.values()))
        facts = {name: self._fact(value, reader, now, times) for name, value in phrase.facts.items()}
        if "usage" in facts:
            facts["usage"] = spell_commands(facts["usage"], reader)
        return spell_commands(self._text(phrase, reader.language), reader).format_map(facts)

    def _text(self, phrase: Phrase, language: str) -> str:
        for code in dict.fromkeys((language, "en")):
            book = load_catalogue(code) if code in LANGUAGES else None
            text = self._own.get(code, {}).get(phrase.key) or (book.texts.get(phrase.key) if book else None)
            if isinstance(text, str) and text:
                return text
            if text and book:
                return text[book.plural(abs(int(phrase.facts["n"])))]
        raise KeyError(phrase.key)

    def _fact(self, value: Any, reader: Locale, now: datetime | None, times: list[RichText] | None) -> str:
        match value:
            case Phrase() | Mapping():
                return self._filled(value, reader, now, times)
            case RichText():
                return value.text if times is None or not value.spans else _kept(value, times)
            case list() | tuple():
                return ", ".join(self._fact(one, reader, now, times) for one in value)
            case datetime():
                return (
                    moment_text(value, reader, now) if times is None else _kept(dated_moment(value, reader, now), times)
                )
            case TimeSpan():
                return span_text(value, reader)
            case timedelta():
                return format_timedelta(value, threshold=1.2, locale=reader.language)
            case _:
                return str(value)


def spell_commands(text: str, reader: Locale) -> str:
    """Return a text of ours with its commands as they are typed where it is read: ``/my``, ``/desk my``, ``!my``."""
    return text if reader.command == "/" else COMMAND.sub(lambda _: reader.command, text)


def _kept(time: RichText, times: list[RichText]) -> str:
    times.append(replace(time, spans=tuple(span for span in time.spans if span.kind == "date")))
    return f"\ue000{len(times) - 1}\ue001"


def dated_moment(value: datetime, reader: Locale, now: datetime | None = None, text: str = "") -> RichText:
    """Return a time as its reader would say it, and known as a time: who reads it elsewhere may be shown their own."""
    text = text or moment_text(value, reader, now)
    zone = value.astimezone(ZoneInfo(reader.zone)).tzname() or ""
    return RichText(text, (Span("date", 0, len(text), f"{int(value.timestamp())} {zone}"),))


def moment_text(value: datetime, reader: Locale, now: datetime | None = None) -> str:
    """Return a time as its reader would say it: the hour today, with the day otherwise."""
    zone = ZoneInfo(reader.zone)
    local = value.astimezone(zone)
    today = now is not None and local.date() == now.astimezone(zone).date()
    return format_datetime(local, "HH:mm" if today else "d MMM, HH:mm", locale=reader.language)


def span_text(value: TimeSpan, reader: Locale) -> str:
    """Return from when to when as its reader would say it: the day by its name, then both hours, in their own zone."""
    zone = ZoneInfo(reader.zone)
    begins, ends = value.begins_at.astimezone(zone), value.ends_at.astimezone(zone)
    day = format_datetime(begins, "EEEE, d MMMM", locale=reader.language)
    return f"{day}, {begins:%H:%M}–{ends:%H:%M}"


def known_language(code: str | None, default: str = "en") -> str:
    """Return the language of ours that a messenger's code (``uk``, ``en-US``) means, else the default."""
    short = (code or "").split("-")[0].split("_")[0].lower()
    return short if short in LANGUAGES else default


def utc_of_iso(value: str) -> datetime:
    """Return the aware time of an ISO text."""
    return datetime.fromisoformat(value).astimezone(UTC)
