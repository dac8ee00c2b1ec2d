"""Nothing lost, nothing twice: what was accepted stands in the history once, what was sent arrived once or says why not."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator
from tests.stories.harness.places import Line
from tests.town.people import BOT, Resident, on_telegram
from tests.town.rooms import GROUP
from tests.town.town import Town, shown
from tests.town.words import NAME, OWN, Word, tokens

AWAY = ("no_chat", "removed", "not_a_member")  # why nothing can be sent to a channel that the bot is not in


def problems(town: Town) -> Iterator[str]:
    """Yield what stands twice, or came from nowhere."""
    places: defaultdict[str, list[tuple[int | None, int | None]]] = defaultdict(list)
    for row in town.life.reader.rows(
        "SELECT words, ticket_id, recurrence_id FROM message LEFT JOIN ticket ON ticket.id = ticket_id"
    ):
        for token in set(tokens(json.loads(row["words"]).get("text", ""))):
            places[token].append((row["recurrence_id"], row["ticket_id"]))
    for token, found in places.items():
        times = 1 if _is_of_one_recurrence(found) else len(found)
        word = town.words.get(token)
        if word is not None and word.unwanted and word.kind == OWN and not word.edited and word.calm:
            yield f"unwanted: {token} of {word.by}, who is banned, stands in the history"
        if times > 1 and word is not None and word.kind != NAME and not word.edited:
            yield f"twice: {token} of {word.by} stands {times} times in the history"
    for row in town.life.reader.rows("SELECT key, count(*) AS n FROM inbox GROUP BY source, key HAVING count(*) > 1"):
        yield f"twice: event {row['key']} is stored {row['n']} times"
    for row in town.life.reader.rows("SELECT id, incident, lane, tries FROM inbox WHERE incident IS NOT NULL"):
        yield f"incident: event {row['id']} of {row['lane']} became incident {town.incidents(row['incident'])}"


def _is_of_one_recurrence(places: Sequence[tuple[int | None, int | None]]) -> bool:
    """Return whether words stand once in each of several requests that one recurrence made of them."""
    recurrences = {recurrence for recurrence, _ in places}
    return len(recurrences) == 1 and None not in recurrences and len(set(places)) == len(places)


def at_the_end(town: Town) -> Iterator[str]:
    """Yield what was promised and is not there, or is there too often."""
    waiting = town.life.reader.rows("SELECT id, lane, state, error, tries FROM outgoing WHERE done_at IS NULL")
    for row in waiting[:5]:
        # To who was erased nothing is ever sent; what is for somebody with a guest's link waits until they come by it.
        if not _is_away(town, row["lane"]) and ":@~" not in row["lane"] and ":@guest-" not in row["lane"]:
            yield f"stuck: outgoing {row['id']} of {row['lane']} is {row['state']} after {row['tries']} tries: {row['error']}"
    for row in town.life.reader.rows("SELECT id, lane FROM inbox WHERE done_at IS NULL"):
        yield f"stuck: event {row['id']} of {row['lane']} has not had its turn"
    for row in town.life.reader.rows(
        "SELECT id, lane, error, operation, ticket_id FROM outgoing WHERE state = 'failed'"
    ):
        told = _told_so(row) or _is_away(town, row["lane"]) or _never_wrote(town, row) or _stood_elsewhere(town, row)
        if not told:
            yield f"lost: outgoing {row['id']} ({row['operation']}) of {row['lane']} failed: {row['error']}"
    yield from _unanswered(town)
    yield from _replies(town)
    yield from _threads(town)


def _is_away(town: Town, lane: str) -> bool:
    """Return whether a lane leads to somebody who has blocked the bot."""
    return any(person.blocked and lane.split(":")[-1].split("/")[0] == str(person.native.id) for person in town.people)


def _unanswered(town: Town) -> Iterator[str]:
    """Whoever says something in their own chat is answered, or their words stand in the history."""
    texts = {json.loads(row["words"]).get("text", "") for row in town.life.reader.rows("SELECT words FROM message")}
    kept = {token for text in texts for token in tokens(text)}
    for word in town.words.values():
        at_home = word.kind == OWN and word.room == word.by.home and not word.answered
        at_home = at_home and (word.token in word.said or word.said.startswith("/"))  # else nobody can tell them apart
        spared = (
            word.edited or word.deleted or word.gone or word.unwanted or word.by.blocked or _told_by_messenger(word)
        )
        spared = spared or (word.said.startswith("/") and _told_of_flood(word))
        if at_home and word.token not in kept and word.said not in texts and not spared:
            then = f"; death at {town.life.killed[word.deaths]} then" if len(town.life.killed) > word.deaths else ""
            yield f"lost: nothing came of {word.said or word.text!r}, which {word.by} said{then}"


def _told_so(row: Any) -> bool:
    """Return whether a failure was promised: nobody writes to who has blocked us, nor a third time where nobody can look."""
    error = str(row["error"]).partition(":")[0]
    return error == "blocked" or (error == "uncertain" and str(row["lane"]).startswith("telegram:"))


def _stood_elsewhere(town: Town, row: Any) -> bool:
    """Return whether a card was for a group's channel that the bot was taken out of: its request stands somewhere now."""
    room = next((room for room in town.of_kind(GROUP) if row["lane"] == f"{room.source}:{room.id}"), None)
    if room is None or not room.lost or str(row["error"]).partition(":")[0] not in AWAY:
        return False
    query = "SELECT count(*) FROM card WHERE place = 'queue' AND outgoing_id <> ?1 AND ticket_id = ?2"
    return bool(town.life.reader.one(query, row["id"], row["ticket_id"]))


def _never_wrote(town: Town, row: Any) -> bool:
    """Return whether something was for somebody who had never written to the bot, as Telegram or the desk said then.

    They may have talked among others, or blocked the bot and let it write again; what they do later changes nothing.
    """
    native = str(row["lane"]).rpartition(":")[2].removeprefix("@")
    there = any(on_telegram(person.side) and str(person.native.id) == native for person in town.people)
    if row["error"] == "never_wrote":  # the desk's own word: it had not heard them in their own chat by then
        home = f"{str(row['lane']).rpartition(':')[0]}/{native}"
        query = "SELECT count(*) FROM inbox i JOIN outgoing o ON o.id = ?1 WHERE i.lane = ?2 AND i.received_at < o.created_at"
        return there and not town.life.reader.one(query, row["id"], home)
    return str(row["error"]).partition(":")[0] == "never_wrote" and there


def _told_of_flood(word: Word) -> bool:
    """Return whether somebody was told that they did too much at once: then acts are refused, and nothing more is said."""
    keys = ("flood.words", "flood.acts")
    said = {Translator().say(phrase(key), Locale(language)) for key in keys for language in LANGUAGES}
    return any(line.by_desk and line.text in said for line in word.by.lines())


def _told_by_messenger(word: Word) -> bool:
    """Return whether the messenger itself has said that a command did not get through."""
    if on_telegram(word.by.side):
        return False
    told = [*word.by.native.failures, *(each for each in word.by.side.sandbox.unacked if not each.is_event)]
    return (word.token not in word.said and bool(told)) or any(word.token in str(each.payload) for each in told)


def _replies(town: Town) -> Iterator[str]:
    """Each reply is shown once to each of its parties, unless the desk says that it could not, or that it cannot know."""
    rows = town.life.reader.rows(
        "SELECT m.id, m.words, m.deleted_at, m.edited_at, o.lane, o.state, o.uncertain, o.error, o.tries"
        " FROM message m JOIN outgoing o ON o.message_id = m.id AND o.receipt AND o.operation = 'send'"
        " WHERE m.kind = 'reply' AND m.deleted_at IS NULL"
    )
    homes, rooms = {_lane(person): person for person in town.people}, dict(town.rooms())
    for row in rows:
        person, room = homes.get(row["lane"]), town.channel(row["lane"].split(":", 2)[-1].partition("/")[0])
        if row["edited_at"] or (person is None and room is None):
            continue
        there = rooms[room.id] if room is not None else homes[row["lane"]].lines()
        sure = not row["uncertain"] or not on_telegram((room or homes[row["lane"]]).side)
        for token in set(tokens(json.loads(row["words"]).get("text", ""))):
            if not town.words[token].deleted:
                yield from _reply(town, row, str(room or person), there, token, sure=sure)


def _says(line: Line) -> bool:
    """Return whether a line only says something: it has no button but the one to answer it."""
    return all(name.startswith("aim:") for name in line.names)


def _reply(town: Town, row: Any, where: str, there: list[Line], token: str, *, sure: bool) -> Iterator[str]:
    """Where nobody can look, what is uncertain may come twice."""
    shows = [line for line in there if line.by_desk and token in shown(line) and _says(line)]
    carried = [line for line in shows if town.words[token].by.mark in line.text]
    if row["state"] == "sent" and not carried:
        yield f"lost: {where} does not show the reply {token}, which is told to be sent"
    if row["state"] not in ("sent", "failed", "dropped"):
        yield f"stuck: the reply {token} to {where} is {row['state']}: {row['error']}"
    if len(carried) > 1 and sure:
        yield f"twice: {where} shows the reply {token} {len(carried)} times: {[str(line) for line in carried]}"


def _lane(person: Resident) -> str:
    source = person.side.source(person.native)
    return f"{source}:{person.native.id}" if person.sort != BOT else ""


def _threads(town: Town) -> Iterator[str]:
    """What a requester says on a request that has a thread stands in it once, in each team's channel where its card is now.

    Where nobody answers whether the thread was made, it stands beside it, under the request's number.
    """
    rows = town.life.reader.rows(
        "SELECT m.words, m.ticket_id, c.source, c.chat, t.native FROM message m JOIN thread t ON t.ticket_id = m.ticket_id"
        " JOIN team_channel c ON c.id = t.team_channel_id"
        " JOIN card k ON k.ticket_id = t.ticket_id AND k.team_channel_id = c.id AND k.place = 'queue'"
        " WHERE m.kind = 'follow_up' AND m.deleted_at IS NULL AND m.edited_at IS NULL AND c.threads AND t.native IS NOT NULL"
    )
    for row in rows:
        for side in town.sides:
            if row["source"] != side.source(side.founder):
                continue
            room = town.team_room(side, row["chat"])
            topic = next((topic for topic in room.topics if str(topic.id) == row["native"]), None)
            if topic is None:
                continue
            for token in set(tokens(json.loads(row["words"]).get("text", ""))):
                beside = f"#{row['ticket_id']}\n"
                said = [m.text for m in topic.messages if m.from_bot and not m.buttons]
                said += [m.text.removeprefix(beside) for m in room.general if m.text.startswith(beside)]
                there = [text for text in said if token in text and "💬" in text[:3]]
                if not there and not town.words[token].deleted and not town.words[token].edited:
                    yield f"lost: {token} is not in the thread of #{row['ticket_id']}"
