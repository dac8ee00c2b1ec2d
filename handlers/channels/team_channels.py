"""``/channel`` for the team's own channels: whose channel it is, and what it speaks."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.admin.rules_editor import review
from handlers.agent import digest
from handlers.rules.document import Document
from handlers.tickets import assignment
from handlers.turns.confirmations import settle_proposal, show_proposal
from handlers.turns.private_chat import continue_in_private
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Chat, phrase
from handlers.vocabulary.translations import LANGUAGES, NAMES
from storage.lifecycle import Refused
from storage.people.people import Channel


def handle_channel_command(turn: Turn, source: str, chat: str) -> bool:
    """Answer ``/channel`` where it is about a channel of the team, or makes one; return whether it was."""
    known = next((each for each in turn.channels if each.source == source and each.chat == chat), None)
    word, _, rest = turn.event.value.strip().partition(" ")
    title = turn.event.among.title if turn.event.among is not None else ""
    if word.lower() == "team":
        forum = turn.event.among.forum if turn.event.among is not None else False
        propose_team_channel(
            turn, source, chat, title or chat, rest.strip(), forum=known.threads if known is not None else forum
        )
    elif known is None:
        return False
    elif not word:
        show_team_channel(turn, known)
    elif word.lower() == "language":
        set_channel_language(turn, known, rest.strip().lower())
    elif word.lower() == "off":
        propose_removal_from_group(turn, known)
    else:
        raise Refused("team_channel")
    return True


def show_team_channel(turn: Turn, channel: Channel) -> None:
    """Show whose channel it is, and what it speaks."""
    own = [turn.rules.groups[name].title for name in turn.groups_of(channel)]
    whose = phrase("channel.of_groups", groups=own) if own else phrase("channel.of_all")
    speaks = phrase("channel.speaks", language=NAMES.get(channel.language, channel.language))
    turn.say(whose, speaks, title=phrase("channel.team_title", title=channel.word))


def set_channel_language(turn: Turn, channel: Channel, language: str) -> None:
    """A channel speaks a language of its own from now on, or what all of them speak."""
    if language not in (*LANGUAGES, "off"):
        raise Refused("channel_value", word=language, name="language", example="/channel language uk")
    turn.tx.channels.choose(channel.id, None if language == "off" else language, turn.rules.team_language)
    turn.audit(Deed.CHANNEL, chat=channel.chat, language=language)
    spoken = turn.rules.team_language if language == "off" else language
    turn.say(phrase("channel.speaks", language=NAMES.get(spoken, spoken)))


def propose_team_channel(turn: Turn, source: str, chat: str, title: str, word: str, *, forum: bool) -> None:
    """A chat becomes a group's own team channel, once an admin has seen what that means."""
    requests = turn.tx.request_channels.at(source, chat)
    if requests is not None and requests.active:
        raise Refused("requests_channel")
    if not word:
        raise Refused("which_group", known=assignment.group_titles(turn) or "—")
    group = assignment.group_by_name(turn, word)
    facts = {"source": source, "chat": chat, "title": title, "group": group.name, "forum": forum}
    told = (phrase("channel.team", title=title, group=group.title), phrase("channel.team_warning"))
    heading = phrase("channel.team_title", title=title)
    show_proposal(
        continue_in_private(turn, "private.answered"), "team_channel", facts, *told, title=heading, command="channel"
    )


def propose_removal_from_group(turn: Turn, channel: Channel) -> None:
    """A channel is to be no group's own any more."""
    own = turn.groups_of(channel)
    if not own:
        raise Refused("team_channel")
    facts = {"source": channel.source, "chat": channel.chat, "title": channel.word, "group": ""}
    told = phrase("channel.no_group", title=channel.word)
    heading = phrase("channel.team_title", title=channel.word)
    show_proposal(
        continue_in_private(turn, "private.answered"), "team_channel", facts, told, title=heading, command="channel"
    )


def apply_team_channel(turn: Turn, facts: Mapping[str, Any]) -> None:
    """The rules name the channel as a group's; the group's active tickets move there.

    ``facts`` are {"source", "chat", "title", "forum", "group" ("": no group's)}.
    """
    turn.tx.rules.hold()  # else what somebody changes at this moment elsewhere in the rules would be undone
    source, chat = str(facts["source"]), str(facts["chat"])
    word = f"{source.partition(':')[0]}:{chat}"
    before = [group.name for group in turn.rules.groups.values() if word in group.channels]
    if facts["group"]:
        turn.tx.channels.ensure(source, chat, language=turn.rules.team_language, threads=bool(facts["forum"]))
        digest.ensure_team_digest(turn.tx, Chat(source, chat).lane, turn.rules, turn.now)
    review.put_in_force(turn, with_channel(review.current_document(turn), word, str(facts["group"])), act="channel")
    turn.audit(Deed.CHANNEL, chat=chat, group=facts["group"])
    for name in {*before, str(facts["group"])} - {""}:
        turn.schedule(timers.MoveGroup(name), timedelta(0))
    settle_proposal(turn, phrase("channel.done", title=facts["title"]))


def with_channel(document: Document, word: str, group: str) -> dict[str, Any]:
    """Return the rules with a channel that is this group's and no other's; no group's where none is named."""
    groups = {name: dict(entry) for name, entry in (document.get("groups") or {}).items()}
    for name, entry in groups.items():
        channels = [each for each in entry.get("channels") or () if each != word]
        channels += [word] if name == group else []
        entry.pop("channels", None)
        groups[name] = {**entry, "channels": channels} if channels else entry
    return {**document, "groups": groups}
