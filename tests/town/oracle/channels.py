"""Request channels: what is said there joins a request or opens one, once, or none, as it must."""

import json
from collections.abc import Iterator
from typing import Any

from tests.town.town import Town
from tests.town.words import JOINS, NOTHING, Word, tokens

FIRST = (
    "SELECT t.id, c.chat, c.source, a.native,"
    " (SELECT m.words FROM message m WHERE m.ticket_id = t.id ORDER BY m.id LIMIT 1) AS words"
    " FROM ticket t JOIN request_thread r ON r.ticket_id = t.id JOIN request_channel c ON c.id = r.request_channel_id"
    " JOIN account a ON a.id = t.account_id WHERE t.id > ? ORDER BY t.id"
)


def problems(town: Town) -> Iterator[str]:
    """Yield each request that was opened in a channel by what opens none, or of somebody else's words."""
    for row in town.life.reader.rows(FIRST, town.opened):
        town.opened = row["id"]
        yield from _opened(town, row)


def _opened(town: Town, row: Any) -> Iterator[str]:
    about = f"opened: #{row['id']} in {town.channel(row['chat'])}"
    text = json.loads(row["words"] or "{}").get("text", "")
    said = [word for token in tokens(text) if (word := town.words.get(token))]
    if not said:  # talk that asks for nothing has no words to be followed: somebody has to have asked for it
        same = [
            word for word in town.words.values() if word.room == row["chat"] and word.said == text and not word.fate
        ]
        if not any(str(word.by.native.id) == row["native"] for word in same):
            yield f"{about} is of words that ask for nothing: {text!r}"
    for word in said[:1]:
        if word.fate == NOTHING:
            yield f"{about} is of {word.token} of {word.by}, which opens none"
        if word.room != row["chat"]:
            yield f"{about} is of {word.token} of {word.by}, which was said elsewhere"
        if str(word.by.native.id) != row["native"]:
            yield f"{about} is not of {word.by}, who said {word.token}"


def at_the_end(town: Town) -> Iterator[str]:
    """Yield what was said in a channel and is in no request, or in another's, or in one though it must not."""
    kept: dict[str, list[int]] = {}
    for row in town.life.reader.rows("SELECT words, ticket_id FROM message ORDER BY id"):
        for token in set(tokens(json.loads(row["words"]).get("text", ""))):
            kept.setdefault(token, []).append(row["ticket_id"])
    for word in town.words.values():
        room = town.channel(word.room)
        if room is None:
            continue
        found = kept.get(word.token, [])
        if word.fate == JOINS and not found and not _spared(town, word):
            yield f"lost: {word.token}, which {word.by} said in {room}, is in no request"
        if word.fate == NOTHING and found:
            yield f"opened: {word.token}, which {word.by} said in {room}, is in #{found[0]}"
        for ticket in found:
            if room.id not in town.parties(ticket):
                yield f"readers: {word.token}, which {word.by} said in {room}, is in #{ticket} of another place"


def _spared(town: Town, word: Word) -> bool:
    return bool(
        word.edited or word.deleted or word.gone or word.unwanted or _answered(town, word) or _erased(town, word)
    )


def _erased(town: Town, word: Word) -> bool:
    """Return whether words went with the request they joined, or joined one that is nobody's: its requester was erased."""
    line = next((line for line in dict(town.rooms())[word.room] if line.id == word.line), None)
    above = (line.thread, line.reply_to) if line is not None else ("", "")
    rows = town.life.reader.rows(
        "SELECT t.requester_id FROM post p LEFT JOIN message m ON m.id = p.message_id"
        " JOIN ticket t ON t.id = coalesce(m.ticket_id, p.ticket_id)"
        " WHERE p.native IN (?, ?, ?) AND p.place LIKE ?",
        word.line,
        *above,
        f"%:{word.room}%",  # on Slack with its thread
    )
    return any(row["requester_id"] in town.erased for row in rows)


def _answered(town: Town, word: Word) -> bool:
    """Return whether the desk has answered from the knowledge base, or said something else to just these words."""
    room = town.channel(word.room)
    assert room is not None
    if not room.settings.get("answer", True):
        return False
    return any(line.by_desk and word.line in (line.reply_to, line.thread) for line in dict(town.rooms())[room.id])
