"""``/channel``: what a channel is to the desk, shown and changed in the channel itself by an admin, with a review."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from handlers.channels import pointing, team_channels
from handlers.channels.chosen import DEFAULTS, Opens, channel_choice
from handlers.tickets import assignment, request_types
from handlers.turns.confirmations import settle_proposal, show_proposal
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.audience import ANYWHERE
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Chat, Message, Part, Phrase, phrase
from handlers.vocabulary.translations import LANGUAGES, NAMES, Locale
from kb import nearest
from storage.desk.request_channels import RequestChannel
from storage.lifecycle import Refused
from storage.models import Role

on = Routes()

HOURS = re.compile(r"([01]?\d|2[0-3]):[0-5]\d\s*[-–]\s*([01]?\d|2[0-3]):[0-5]\d")
YES, NO = ("on", "yes", "так", "да", "+"), ("off", "no", "ні", "нет", "-")


@on.command("channel", role=Role.ADMIN, audiences=ANYWHERE)
def channel(turn: Turn) -> None:
    """An admin sees what this channel is to the desk, or changes it: /channel requests every, /channel type billing."""
    source, chat = channel_of_command(turn)
    if team_channels.handle_channel_command(turn, source, chat):
        return
    title = turn.event.among.title if turn.event.among is not None else ""
    known = turn.tx.request_channels.at(source, chat)
    title = title or (known.title if known is not None else chat)
    word, _, rest = turn.event.value.strip().partition(" ")
    facts = {"source": source, "chat": chat, "title": title}
    own = continue_in_private(turn, "private.answered")
    if not word:
        show_channel(own, known, title)
    elif word.lower() == "company":
        of_company(own, known, rest.strip())
    elif word.lower() == "off":
        if known is None:
            raise Refused("no_channel")
        show_proposal(own, "channel", {**facts, "off": True}, phrase("channel.closing", title=title),
                title=phrase("channel.title", title=title), command="channel")  # fmt: skip
    else:
        review_channel_change(own, known, facts, read_channel_setting(turn, word.lower(), rest.strip()))


def of_company(turn: Turn, known: RequestChannel | None, name: str) -> None:
    """A channel is a company's from now on, or nobody's: whoever asks there belongs to it."""
    if known is None:
        raise Refused("no_channel")
    company = turn.tx.companies.named(name)
    if company is None and name.lower() not in NO:
        meant = nearest(name, turn.tx.companies.names())
        raise Refused("no_company", name=name or "—", meant=meant or "—")
    turn.tx.companies.give_channel(known.id, company.id if company is not None else None)
    turn.audit(Deed.CHANNEL, chat=known.chat, company=company.name if company is not None else "")
    turn.say(phrase("channel.company", title=known.title, name=company.name if company is not None else "—"))


def channel_of_command(turn: Turn) -> tuple[str, str]:
    """Return the source and the chat that are meant: where the command was given."""
    asked_in = turn.event.among.asked_in if turn.event.among is not None else ""
    chat = asked_in or ("" if turn.event.private else turn.event.group)
    if not chat:
        raise Refused("no_channel")
    return turn.event.source, chat


def show_channel(turn: Turn, known: RequestChannel | None, title: str) -> None:
    """Show every choice for a channel, and where it comes from."""
    if known is None:
        turn.say(phrase("channel.none", title=title))
        return
    told: list[Part] = []
    company = turn.tx.companies.get(known.company_id) if known.company_id is not None else None
    if company is not None:
        told.append(phrase("channel.company", title=title, name=company.name))
    if known.lost_at is not None:
        told.append(phrase("channel.lost"))
    if not known.active:
        told.append(phrase("channel.closed"))
    for name in DEFAULTS:
        found = channel_choice(turn, known, name)
        value, origin = choice_in_words(turn, known.source, name, found.value), phrase(f"origin.{found.origin}")
        told.append(phrase("channel.row", name=phrase(f"chosen.{name}"), value=value, origin=origin))
    if counted := pointing.offer_figures(turn, known):
        facts = {name: counted.get(name, 0) for name in pointing.COUNTED}
        told.append(phrase("channel.offers", **facts))
    turn.say(*told, title=phrase("channel.title", title=title))


def choice_in_words(turn: Turn, source: str, name: str, value: Any) -> object:
    """Return a choice in words."""
    if name == "opens":
        return [opening_way_phrase(turn, source, each) for each in value]
    if isinstance(value, bool):
        return phrase("channel.value.on" if value else "channel.value.off")
    if value == "":
        return phrase("channel.value.none")
    if name == "type":
        return next((dict(kind.title) for kind in turn.tx.requests.types() if kind.name == value), value)
    if name == "group":
        return turn.rules.groups[value].title if value in turn.rules.groups else value
    return NAMES.get(value, value) if name == "language" else str(value)


def opening_way_phrase(turn: Turn, source: str, how: str) -> Phrase:
    """Return in words what opens a request."""
    return phrase(f"opens.{how}", emoji=turn.can(source).request_emoji)


def read_channel_setting(turn: Turn, name: str, value: str) -> dict[str, Any]:
    """Return the setting that words ask for; refuse what is none, or does not fit."""
    if name == "requests":
        return {"opens": read_opening_ways(value)}
    reader = READERS.get(name)
    if reader is None:
        raise Refused("channel_word", word=name, known=["requests", "off", *READERS])
    return {name: reader(turn, value)}


def read_opening_ways(value: str) -> list[str]:
    """Return what opens a request, of words; a mention always does, and does alone where nothing is said."""
    words = [word.lower().strip(",") for word in value.split()]
    wrong = next((word for word in words if word not in tuple(Opens)), None)
    if wrong is not None:
        raise Refused("channel_value", word=wrong, name="requests", example="/channel requests every emoji")
    return [how.value for how in Opens if how is Opens.MENTION or how.value in words]


def _type(turn: Turn, value: str) -> str:
    return request_types.type_by_name(turn, value).name if value and value.lower() not in NO else ""


def _group(turn: Turn, value: str) -> str:
    return assignment.group_by_name(turn, value).name if value and value.lower() not in NO else ""


def _answer(turn: Turn, value: str) -> bool:
    if value.lower() in (*YES, *NO):
        return value.lower() in YES
    raise Refused("channel_value", word=value, name="answer", example="/channel answer off")


def _quiet(turn: Turn, value: str) -> str:
    if value.lower() in NO:
        return ""
    if not HOURS.fullmatch(value):
        raise Refused("channel_value", word=value, name="quiet", example="/channel quiet 20:00-08:00")
    begins, _, ends = re.sub(r"\s", "", value).replace("–", "-").partition("-")
    return f"{begins.zfill(5)}-{ends.zfill(5)}"


def _number(name: str, most: int) -> "Callable[[Turn, str], int]":
    def read(turn: Turn, value: str) -> int:
        if not value.isdecimal() or not int(value[:9]) <= most:
            raise Refused("channel_value", word=value, name=name, example=f"/channel {name} {DEFAULTS[name]}")
        return int(value)

    return read


def _language(turn: Turn, value: str) -> str:
    if value.lower() in NO:
        return ""
    if value.lower() not in LANGUAGES:
        raise Refused("channel_value", word=value, name="language", example="/channel language uk")
    return value.lower()


READERS: Mapping[str, Callable[[Turn, str], Any]] = {
    "type": _type,
    "group": _group,
    "answer": _answer,
    "quiet": _quiet,
    "together": _number("together", 24 * 60),
    "again": _number("again", 24 * 90),
    "language": _language,
}


def review_channel_change(
    turn: Turn, known: RequestChannel | None, facts: Mapping[str, Any], change: Mapping[str, Any]
) -> None:
    """Show what would be different, and ask; what nobody speaks of is as it is when the answer comes.

    ``facts`` are {"source", "chat", "title"}, ``change`` is by the names of handlers/channels/chosen.py.
    """
    source, chosen = str(facts["source"]), known.settings if known is not None else {}
    was = {**DEFAULTS, **chosen}
    told: list[Part] = []
    if known is None:
        told.append(phrase("channel.new", title=facts["title"]))
        told += [opening_way_phrase(turn, source, how) for how in change.get("opens", DEFAULTS["opens"])]
    for name, value in change.items():
        if value != was[name] and (known is not None or name != "opens"):
            before, after = choice_in_words(turn, source, name, was[name]), choice_in_words(turn, source, name, value)
            told.append(phrase("channel.change", name=phrase(f"chosen.{name}"), was=before, now=after))
    if not turn.can(source).overhears and set({**chosen, **change}.get("opens", ())) - {Opens.MENTION}:
        told.append(phrase("channel.need_privacy"))
    title = phrase("channel.title", title=facts["title"])
    show_proposal(turn, "channel", {**facts, "settings": dict(change)}, *told, title=title, command="channel")


def apply_channel_change(turn: Turn, facts: Mapping[str, Any]) -> None:
    """What was shown is done; where people talk, they are told what opens a request there.

    ``facts`` are {"source", "chat", "title"} with {"settings": what is chosen} or {"off": true}.
    """
    source, chat, title = str(facts["source"]), str(facts["chat"]), str(facts["title"])
    requests = turn.tx.request_channels
    known = requests.at(source, chat)
    if facts.get("off"):
        if known is not None:
            requests.close(known.id)
        turn.audit(Deed.CHANNEL, chat=chat, off=True)
    else:
        before = known.settings.get("opens") if known is not None and known.active else None
        settings = {**(known.settings if known is not None else {}), **facts["settings"]}
        kept = requests.keep(source, chat, title=title, settings=settings, at=turn.now)
        turn.audit(Deed.CHANNEL, chat=chat, settings=list(facts["settings"]))
        if before != kept.settings.get("opens"):
            how = [opening_way_phrase(turn, source, each) for each in channel_choice(turn, kept, "opens").value]
            reader = Locale(str(channel_choice(turn, kept, "language").value) or turn.rules.language, turn.rules.zone)
            turn.send(Chat(source, chat), reader, Message((phrase("channel.takes", how=how),)))
    settle_proposal(turn, phrase("channel.done", title=title))
