"""What is said in a request channel: it joins a request, opens one, or is left alone."""

from handlers.articles import answering
from handlers.channels import pointing, threads
from handlers.channels.chatter import asks_for_nothing
from handlers.channels.chosen import Opens, channel_setting, in_quiet_hours, opens_requests_by, same_request_window
from handlers.channels.opening import Seed, is_served, open_request, seed_heard, seed_of
from handlers.turns.permissions import with_standing
from handlers.turns.turn import Turn
from handlers.vocabulary import markdown, presses
from handlers.vocabulary.messages import Kind, Message, phrase
from handlers.vocabulary.stored_text import files_of, whole_message
from kb import Sure
from storage.desk.request_channels import Overheard, RequestChannel
from storage.models import Role
from storage.queues.spoken import Said, StoredWords

POINTED_AT = 24  # hours in which an answer that did not help may be come back to


def handle_channel_event(turn: Turn) -> bool:
    """Hear what happens in a request channel; return whether there is nothing more to do about it."""
    channel = turn.request_channel
    assert channel is not None
    match turn.event.kind:
        case Kind.TEXT:
            handle_channel_message(turn, channel)
            return True
        case Kind.COMMAND:
            return turn.contents.router.find(Kind.COMMAND, turn.event.name) is None  # meant for another bot, or nobody
        case Kind.REACTION:
            pointing.open_request_by_emoji(turn, channel)
            return True
        case Kind.EDIT:
            turn.tx.request_channels.reword(channel.id, turn.event.message, turn.person.id, whole_message(turn.event))
        case Kind.DELETE:
            turn.tx.request_channels.forget(channel.id, turn.event.message)
    return False


def handle_channel_message(turn: Turn, channel: RequestChannel) -> None:
    """Words or files: they join the request of their thread, open one, or are left alone."""
    if turn.event.names_bot and part_message_above(turn, channel):
        return
    joined = threads.event_request_thread(turn, channel)
    if joined is not None and threads.add_to_request(turn, channel, joined):
        return
    if not channel.active:
        return
    if turn.event.names_bot:
        handle_bot_mention(turn, channel)
    elif open_request_after_answer(turn, channel):
        return
    elif at_the_top(turn) and asks_for_help(turn) and opens_requests_by(turn, channel, Opens.EVERY):
        handle_channel_post(turn, channel)
    elif at_the_top(turn) and asks_for_help(turn) and opens_requests_by(turn, channel, Opens.OFFER):
        pointing.offer_to_open_request(turn, channel, keep_overheard_message(turn, channel))
    else:
        keep_overheard_message(turn, channel)


def at_the_top(turn: Turn) -> bool:
    """Return whether something is said to everybody, and answers nobody."""
    return not turn.event.reply_to


def asks_for_help(turn: Turn) -> bool:
    """Return whether somebody who is not of the team asks for something."""
    if turn.person.may(Role.AGENT):
        return False
    return bool(turn.event.files) or not asks_for_nothing(turn.event.asked)


def handle_channel_post(turn: Turn, channel: RequestChannel) -> None:
    """A post is a request; one that follows another of the same person at once is of that."""
    since = turn.now - same_request_window(turn, channel)
    latest = threads.unless_taken_back(turn, turn.tx.request_channels.latest_of(channel.id, turn.person.id, since))
    if latest is not None and threads.add_to_request(turn, channel, latest):
        return
    answer_or_open(turn, channel, seed_of(turn))


def handle_bot_mention(turn: Turn, channel: RequestChannel) -> None:
    """Whoever addresses the bot wants a request: of the message they answer, with their own words to it, or of their own."""
    above = pointed_at(turn, channel)
    own = bool(turn.event.asked.strip() or turn.event.files)
    if above is not None:
        ticket = open_request(turn, channel, above)
        if own and not asks_for_nothing(turn.event.asked):
            threads.follow_up(turn, ticket)
    elif own and not asks_for_nothing(turn.event.asked):
        answer_or_open(turn, channel, seed_of(turn))
    else:
        turn.send(*turn.here, Message((phrase("channel.how"),), answers=turn.event.message))


def part_message_above(turn: Turn, channel: RequestChannel) -> bool:
    """Make a request of its own of the message that the bot's name alone answers, where that joined another.

    Return whether it did; whoever says more by it speaks on the request.
    """
    if turn.event.asked.strip() or turn.event.files:
        return False
    rooted = turn.can(turn.event.source).rooted
    native = turn.event.chat.partition("/")[2] if rooted else turn.event.reply_to
    by_name = bool(native) and native != turn.event.message
    return by_name and pointing.part_from_request(turn, channel, native) is not None


def pointed_at(turn: Turn, channel: RequestChannel) -> Seed | None:
    """Return the message that a mention answers; a team's own is none, nor that of somebody who is not served or was erased."""
    event = turn.event
    heard = turn.tx.request_channels.heard(channel.id, event.reply_to) if event.reply_to else None
    if heard is not None:
        found = seed_heard(turn, heard)
    elif event.among is not None and (above := event.among.above) is not None:
        gone = turn.tx.erasure.accounts.known(event.source, above.user)
        if gone is not None and (above.at or event.at) <= gone.at:
            return None
        author = turn.tx.people.meet(
            event.source, above.user, name=above.name, username=above.username, language=above.language, chat="",
            at=turn.now, done_at=above.at,
        )  # fmt: skip
        words: StoredWords = {"text": above.words.get("text", ""), "spans": above.words.get("spans", [])}
        told: Said = {"words": words, "files": list(above.files), "place": event.place, "native": above.native}
        found = Seed(with_standing(turn, author), told, above.native, event.thread)
    else:
        return None
    return None if found.author.may(Role.AGENT) or not is_served(turn, found.author) else found


def answer_or_open(turn: Turn, channel: RequestChannel, seed: Seed) -> None:
    """Give a sure answer if there is one, else open a request."""
    if not (channel_setting(turn, channel, "answer") and turn.event.asked.strip()) or in_quiet_hours(turn, channel):
        open_request(turn, channel, seed)
        return
    kept, verdict = answering.consult_articles(turn)
    found = turn.tx.articles.of([verdict.candidates[0].article_id]) if isinstance(verdict, Sure) else []
    if not found:
        open_request(turn, channel, Seed(seed.author, seed.said, seed.native, seed.topic, kept))
        return
    article = found[0]
    keep_overheard_message(turn, channel, verdict=kept)
    buttons = (
        (presses.Helped(kept, found[0].id).button(phrase("answer.helped")),),
        (presses.NeedPerson(kept).button(phrase("answer.need")),),
    )
    body = markdown.markdown_text(article.answer)
    message = Message((body,), article.question, buttons, files_of(article.files), answers=turn.event.message)
    turn.send(*turn.here, message)
    turn.tx.articles.count(article.id, "shown")
    turn.tx.records.tried(kept, article.id)


def open_request_after_answer(turn: Turn, channel: RequestChannel) -> bool:
    """Open a request where somebody goes on after an answer to their own question; return whether they did."""
    heard = answered_before(turn, channel)
    if heard is None or heard.person_id != turn.person.id or turn.person.may(Role.AGENT):
        return False
    if turn.tx.records.outcome_of(heard.verdict_id or 0) is not None or not asks_for_help(turn):
        return False
    ticket = open_request(turn, channel, seed_heard(turn, heard))
    threads.follow_up(turn, ticket)
    return True


def answered_before(turn: Turn, channel: RequestChannel) -> Overheard | None:
    """Return the question whose answer this goes on from: the one above it, or the same person's of just now."""
    event, heard = turn.event, turn.tx.request_channels
    if event.reply_to and (above := heard.heard(channel.id, event.reply_to)) is not None:
        return above if above.verdict_id is not None else None
    shown = turn.shown
    to_us = event.reply_to and shown is not None and shown.outgoing_id is not None
    if event.reply_to and not to_us:
        return None
    since = POINTED_AT * 60 if to_us else float(channel_setting(turn, channel, "together"))
    return heard.answered_of(channel.id, turn.person.id, turn.before(minutes=since))


def keep_overheard_message(turn: Turn, channel: RequestChannel, verdict: int | None = None) -> int:
    """Keep what was said for a while: it may be pointed at; return its id."""
    return turn.tx.request_channels.hear(
        channel.id, turn.event.message, topic=turn.event.thread, person=turn.person.id,
        account=turn.person.account_id, said=whole_message(turn.event), at=turn.now, verdict=verdict,
    )  # fmt: skip
