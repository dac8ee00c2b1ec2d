"""What people said, as JSON data and back: words with their formatting, and files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from handlers.vocabulary.messages import Event, File, Phrase, Words, phrase

CONTENT = ("story", "game", "invoice", "paid_media", "giveaway", "giveaway_winners", "checklist", "live_photo")
WORDS = TypeAdapter(Words)
FILES = TypeAdapter(tuple[File, ...])


def words_of(data: Mapping[str, Any]) -> Words:
    """Return words from their JSON data."""
    return WORDS.validate_python(data)


def files_of(data: Sequence[Mapping[str, Any]]) -> tuple[File, ...]:
    """Return files from their JSON data."""
    return FILES.validate_python(list(data))


def as_data(event: Event) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return an event's words and files as JSON data; whom a mention means is of use at once only, and kept nowhere."""
    words = replace(event.words, spans=tuple(span for span in event.words.spans if span.kind != "mention"))
    return WORDS.dump_python(words, mode="json"), FILES.dump_python(event.files, mode="json")


def whole(event: Event) -> dict[str, Any]:
    """Return the whole of what was said, and where it stands, so that it can be used later without being retyped."""
    words, files = as_data(event)
    said = {"words": words, "files": files, "place": event.place, "native": event.message}
    return {**said, "native": "", "pieces": [whole(each) for each in event.burst]} if event.burst else said


def pieces(said: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return each message of what was said: of a burst that was heard as one, else the one."""
    return said.get("pieces") or [said]


def content(file: File) -> Phrase:
    """Return what something that cannot be passed on is called."""
    kind = str(file.facts.get("content", file.kind))
    return phrase(f"content.{kind if kind in CONTENT else 'unknown'}")
