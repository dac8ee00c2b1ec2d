"""What people said, as JSON data and back: words with their formatting, and files."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import TypeAdapter

from handlers.vocabulary.messages import PASSED_ON, Event, File, Phrase, RichText, phrase
from storage.queues.spoken import Said, StoredFile, StoredWords, joined_pieces
from storage.queues.spoken import message_pieces as message_pieces

CONTENT = ("story", "game", "invoice", "paid_media", "giveaway", "giveaway_winners", "checklist", "live_photo")
WORDS = TypeAdapter(RichText)
FILES = TypeAdapter(tuple[File, ...])


def words_of(data: StoredWords) -> RichText:
    """Return words from their JSON data."""
    return WORDS.validate_python(data)


def files_of(data: Sequence[StoredFile]) -> tuple[File, ...]:
    """Return files from their JSON data."""
    return FILES.validate_python(list(data))


def as_data(event: Event) -> tuple[StoredWords, list[StoredFile]]:
    """Return an event's words and files as JSON data; whom a mention means is of use at once only, and kept nowhere."""
    words = replace(event.words, spans=tuple(span for span in event.words.spans if span.kind != "mention"))
    return WORDS.dump_python(words, mode="json"), FILES.dump_python(event.files, mode="json")


def whole_message(event: Event) -> Said:
    """Return the whole of what was said, and where it stands, so that it can be used later without being retyped."""
    if event.burst:
        return joined_pieces([whole_message(each) for each in event.burst])
    words, files = as_data(event)
    return {"words": words, "files": files, "place": event.place, "native": event.message}


def asked_of(said: Said) -> str:
    """Return the text of one message without the line that says whose it is."""
    text = str(said["words"]["text"])
    first, _, rest = text.partition("\n")
    return rest if first.startswith(PASSED_ON) else text


def content_title(file: File) -> Phrase:
    """Return what something that cannot be passed on is called."""
    kind = str(file.facts.get("content", file.kind))
    return phrase(f"content.{kind if kind in CONTENT else 'unknown'}")
