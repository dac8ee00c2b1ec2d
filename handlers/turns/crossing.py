"""What of a message's files its reader's messenger is given, and what is said in the place of the rest."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers.vocabulary.capabilities import Capabilities, capabilities_of
from handlers.vocabulary.messages import File, Message, Part, Phrase, RichText, Span, phrase

MEGABYTE = 1024 * 1024
UNBROUGHT = "unbrought"  # among a file's facts: what its reader reads where its content turns out not to be had


def file_limit(file: File, source: str, able: Mapping[str, Capabilities]) -> int:
    """Return how many bytes a file may have to cross to a source, where it has more than that; else 0."""
    if not file.source or file.source == source:
        return 0
    limits = [most for most in (capabilities_of(able, file.source).gives, capabilities_of(able, source).takes) if most]
    return min(limits, default=0) if limits and file.size > min(limits) else 0


def fitted_message(
    message: Message, source: str, able: Mapping[str, Capabilities], say: Callable[[Phrase], str]
) -> Message:
    """Return a message as its reader's messenger takes it: what is too big is named with the limit, a link is words."""
    if not message.files:
        return message
    big = {file.handle: most for file in message.files if (most := file_limit(file, source, able))}
    named: list[Part] = [file_link(file) for file in message.files if file.kind == "link"]
    named += [too_big("talk.too_big", file, big[file.handle]) for file in message.files if file.handle in big]
    kept = (file for file in message.files if file.handle not in big and file.kind != "link")
    handles = capabilities_of(able, source).handles
    files = tuple(
        file if not file.source or (file.source == source and handles) else _insured(file, say) for file in kept
    )
    return replace(message, files=files, parts=(*message.parts, *named))


def file_link(file: File) -> RichText:
    """Return a file that lies elsewhere as words: its name, and where it lies for all to see."""
    before = f"🔗 {file.name}: " if file.name else "🔗 "
    end = len(before) + len(file.ref)
    return RichText(before + file.ref, (Span("link", len(before), end, file.ref),))


def too_big(key: str, file: File, most: int) -> Phrase:
    """Return a phrase about a file over a limit, in megabytes."""
    return phrase(key, name=file_title(file), size=-(-file.size // MEGABYTE), limit=most // MEGABYTE)


def file_title(file: File) -> str:
    """Return what a file is called, by its kind where it has no name."""
    return file.name or file.kind


def _insured(file: File, say: Callable[[Phrase], str]) -> File:
    instead = say(phrase("talk.not_brought", name=file_title(file)))
    return replace(file, facts={**file.facts, UNBROUGHT: instead}) if file.ref else file
