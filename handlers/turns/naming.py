"""Who is meant: an id stays an id from the wire to here, and a name is looked for among those it may be of."""

import re
from collections.abc import Iterable, Sequence

from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Phrase, Span, phrase
from storage.lifecycle import Refused
from storage.people import guests
from storage.people.people import Person, key_of

ACCOUNT = re.compile(r"\b([a-z]+):([\w-]+)")  # a person's account as the rules write it: what a mention becomes
LONGEST = 5  # words of a name
SHOWN = 5  # people who are told apart


def command_value(turn: Turn) -> str:
    """Return what follows a command, with the account of whoever is mentioned in the place of their name."""
    found, said, at = mentions_in(turn), "", 0
    if not found:
        return turn.event.value
    for span in found:
        said += turn.event.words.text[at : span.start] + f"{messenger_of(turn)}:{span.url}"
        at = span.end
    return (said + turn.event.words.text[at:]).strip()


def mentions_in(turn: Turn) -> list[Span]:
    """Return the mentions of people in what was said, in order."""
    spans = (span for span in turn.event.words.spans if span.kind == "mention")
    found = (span for span in spans if ACCOUNT.fullmatch(f"{messenger_of(turn)}:{span.url}"))
    return sorted(found, key=lambda span: span.start)


def messenger_of(turn: Turn) -> str:
    """Return the messenger an event came from, as accounts name it."""
    return turn.event.source.partition(":")[0]


def with_names_shown(turn: Turn, said: str) -> str:
    """Return what was said with people's names in the place of their accounts, for whoever reads it."""

    def name(found: re.Match[str]) -> str:
        person = of_account(turn, found[0])
        return f"@{person.name}" if person is not None else found[0]

    return ACCOUNT.sub(name, said)


def of_account(turn: Turn, word: str) -> Person | None:
    """Return whose account a word names."""
    found = ACCOUNT.fullmatch(word)
    known = [turn.tx.people.find(source, found[2]) for source in sources_of(turn, found[1])] if found else []
    return next((person for person in known if person is not None), None)


def is_account(turn: Turn, word: str) -> bool:
    """Return whether a word names an account, known or not: it begins with a messenger's name."""
    found = ACCOUNT.fullmatch(word)
    return found is not None and bool(sources_of(turn, found[1]))


def sources_of(turn: Turn, messenger: str) -> list[str]:
    """Return our accounts on a messenger."""
    ours = {turn.event.source, *turn.sources, *(channel.source for channel in turn.channels)}
    return sorted(source for source in ours if source.startswith(f"{messenger}:"))


def teammate_named(turn: Turn, said: str) -> Person:
    """Return the one of the team whose name this is; refuse where nobody is called so, or several are."""
    person, left = teammate_first(turn, said, turn.tx.people.team())
    if left:
        raise nobody_named(turn, said, turn.tx.people.team())
    return person


def teammate_first(turn: Turn, said: str, team: Sequence[Person]) -> tuple[Person, list[str]]:
    """Return the one of these people with whose name a text begins, and the words that follow it."""
    words = said.split()
    if words and is_account(turn, words[0]):
        meant = of_account(turn, words[0])
        found = next((person for person in team if meant is not None and person.id == meant.id), None)
        if found is None:
            raise nobody_named(turn, with_names_shown(turn, words[0]), team)
        return found, words[1:]
    for count in range(min(len(words), LONGEST), 0, -1):
        called = best_named(team, " ".join(words[:count]), turn.event.source)
        if called:
            return only_one(called, " ".join(words[:count])), words[count:]
    raise nobody_named(turn, words[0] if words else "—", team)


def person_named(turn: Turn, said: str, *, whole: bool = False, part: bool = False) -> tuple[Person, list[str]]:
    """Return whom a text begins with, or is ``whole``, of all people known, and the words that follow.

    ``part``: a first or a last name alone will do, as where one only reads. Whoever acts on it is shown who that is.
    """
    words = said.split()
    if words and is_account(turn, words[0]):
        meant = of_account(turn, words[0])
        if meant is None:
            raise Refused("whom", name=words[0])
        return meant, words[1:]
    for count in [len(words)] if whole else range(min(len(words), LONGEST), 0, -1):
        name = " ".join(words[:count])
        if called := known_as(turn, name) or (part and distinct_people(turn.tx.people.part_named(name))):
            return only_one(called, name), words[count:]
    raise Refused("whom", name=(said.strip() if whole else "".join(words[:1])) or "—")


def known_as(turn: Turn, name: str) -> list[Person]:
    """Return the people of a name: of a @username, on the actor's own messenger before all others; each once."""
    people, username = turn.tx.people, name.removeprefix("@")
    if name.startswith("@") and (own := people.of_username(username, turn.event.source)):
        return distinct_people(own)
    return distinct_people(people.named(name))


def best_named(people: Iterable[Person], name: str, source: str) -> list[Person]:
    """Return those of some people whom a name fits best: a @username here, or anywhere; a name; a first name."""
    key, at = key_of(name.removeprefix("@")), name.startswith("@")
    people = list(people)
    here = [person for person in people if at and person.source == source and key_of(person.username) == key]
    anywhere = [person for person in people if at and key_of(person.username) == key]
    whole = [person for person in people if key in (key_of(person.name), key_of(person.username))]
    first = [person for person in people if key_of(person.name).partition(" ")[0] == key]
    return distinct_people(next((found for found in (here, anywhere, whole, first) if key and found), []))


def only_one(found: Sequence[Person], name: str) -> Person:
    """Return the only one; refuse several, told apart."""
    if len(found) > 1:
        raise Refused("whom_many", name=name, people=[identity_line(person) for person in found[:SHOWN]])
    return found[0]


def distinct_people(people: Iterable[Person]) -> list[Person]:
    """Return people without those who are there twice, by another account."""
    found: dict[int, Person] = {}
    for person in people:
        found.setdefault(person.id, person)
    return list(found.values())


def nobody_named(turn: Turn, name: str, team: Iterable[Person]) -> Refused:
    """Return the refusal of a name that nobody of the team has."""
    return Refused(
        "who", name=with_names_shown(turn, name) or "—", team=", ".join(sorted({p.name for p in team})) or "—"
    )


def identity_line(person: Person) -> Phrase:
    """Return who somebody is, beyond the name that anybody can give themselves: messenger, handle, and since when known."""
    handle: str | Phrase = f"@{person.username}" if person.username else person.native
    if guests.is_guest(person.native):  # what follows is the word that lets them in: theirs, and nobody else's to read
        handle = phrase("identity.guest")
    messenger = person.source.partition(":")[0].capitalize()
    return phrase(
        "identity", name=person.shown_name, messenger=messenger, handle=handle, since=f"{person.known_since:%Y-%m-%d}"
    )
