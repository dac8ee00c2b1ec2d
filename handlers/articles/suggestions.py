"""Answers that grow out of the team's own work: from gaps, from resolved tickets, from the words people found them by."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.articles import answering, editing, validation
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.messages import RichText, button_column, button_row, phrase
from kb import Sure, clusters
from storage.desk.articles import Proposed
from storage.lifecycle import Refused
from storage.models import MessageKind, Role

on = Routes()

LOOKED_BACK = timedelta(days=90)
LOOKED_AT = 150  # different questions, the newest, that are put together by likeness: a tenth of a second
ASKED = 16  # groups of gaps, the largest, that are asked about anew
SHOWN = 8
WEIGHED = 40  # proposed aliases, the oldest, that are weighed by what they would change


@on.command("faq gaps", role=Role.ADMIN)
def gaps(turn: Turn) -> None:
    """Questions no answer was found for, the alike ones together, the most frequent first, each with *Write an answer*."""
    groups = open_gaps(turn, LOOKED_AT, ASKED)
    if not groups:
        turn.say(phrase("gaps.none"))
        return
    told = [
        RichText(f"{number}. ×{asked} {question[:200]}")
        for number, (_, question, asked) in enumerate(groups[:SHOWN], 1)
    ]
    buttons = button_column(
        *(
            presses.WriteGap(verdict).button(phrase("gaps.write", number=number))
            for number, (verdict, _, _) in enumerate(groups[:SHOWN], 1)
        )
    )
    turn.say(phrase("gaps.title", n=sum(asked for _, _, asked in groups)), *told, buttons=buttons)


def open_gaps(turn: Turn, most: int, asked_anew: int) -> list[tuple[int, str, int]]:
    """Return questions that still find no answer, the most frequent first: verdict, words, how often.

    Those asked in the same words are counted together first; of different ones the newest are looked at, and of their groups
    the largest are asked about anew, for an answer may have been written since: however many questions there are, it takes
    a part of a second.
    """
    same: dict[str, list[tuple[int, str]]] = {}
    for verdict, question in turn.tx.records.gaps(turn.now - LOOKED_BACK):
        same.setdefault(" ".join(question.casefold().split()), []).append((verdict, question))
    different = list(same.values())[:most]
    groups: list[tuple[int, str, int]] = []
    for group in clusters([one[0][1] for one in different]):
        verdict, question = different[group[0]][0]
        groups.append((verdict, question, sum(len(different[place]) for place in group)))
    groups.sort(key=lambda group: -group[2])
    return [group for group in groups[:asked_anew] if _open(turn, group[1])]


def _open(turn: Turn, question: str) -> bool:
    return not isinstance(turn.kb.find(turn.tx.articles, question), Sure)


@on.press(presses.WriteGap, role=Role.ADMIN, act="faq add")
def write_for_gap(turn: Turn) -> None:
    """An answer is written for a gap: the question stands in the dialog already."""
    gap = turn.pressed(presses.WriteGap).verdict
    question = turn.tx.records.question(gap)
    if not question:
        raise Refused("expired")
    editing.open_article_form(turn, {"question": " ".join(question.split())[:300]}, DraftFacts(gap=gap))


@on.command("faq proposed", role=Role.ADMIN)
def proposed(turn: Turn) -> None:
    """Words that answers were found by, proposed as aliases: each is taken or refused with one press."""
    found = by_gain(turn, turn.tx.articles.proposed(WEIGHED))
    if not found:
        turn.say(phrase("proposed.none"))
        return
    for one, now in found[:5]:
        buttons = button_row(
            presses.TakeAlias(one.id).button(phrase("proposed.take")),
            presses.DropAlias(one.id).button(phrase("proposed.refuse")),
        )
        said = phrase("proposed.one", text=one.text, article=one.article_id, question=one.question)
        turn.say(said, phrase("proposed.gain", now=f"{now:.0%}"), buttons=buttons)


def by_gain(turn: Turn, found: Sequence[Proposed]) -> list[tuple[Proposed, float]]:
    """Return proposed aliases and how surely their article is found by them now, those that would change most first."""
    weighed = []
    for one in found:
        candidates = turn.kb.find(turn.tx.articles, one.text).candidates
        now = next((c.confidence for c in candidates if c.article_id == one.article_id), 0.0)
        weighed.append((one, now))
    return sorted(weighed, key=lambda pair: pair[1])


@on.press(presses.TakeAlias, role=Role.ADMIN, act="faq proposed")
def take(turn: Turn) -> None:
    """The words are an alias now."""
    decide_alias(turn, live=True)


@on.press(presses.DropAlias, role=Role.ADMIN, act="faq proposed")
def refuse(turn: Turn) -> None:
    """The words are none, and will not be proposed again."""
    decide_alias(turn, live=False)


def decide_alias(turn: Turn, *, live: bool) -> None:
    """Take or refuse a proposed alias; the message says which."""
    number = turn.pressed(presses.TakeAlias).alias
    if live:
        proposal = turn.tx.articles.proposal(number)
        article = turn.tx.articles.get(proposal.article_id)
        validation.check_phrasings(turn, [proposal.text], article.id, article.language)
    decided = turn.tx.articles.decide(number, live=live, by=turn.person.id, at=turn.now)
    turn.audit(Deed.ALIAS_TAKEN if live else Deed.ALIAS_REFUSED, article=decided.article_id)
    said = phrase("proposed.taken" if live else "proposed.refused", text=decided.text, article=decided.article_id)
    turn.say(said, edits=turn.shown.outgoing_id if turn.shown else None)


@on.press(presses.Teach, role=Role.ADMIN, act="faq add")
def teach(turn: Turn) -> None:
    """A ticket that is over becomes an answer: the nearest article is shown first, to take the question as an alias."""
    ticket = ticket_argument(turn, looking=True)
    question, _ = article_material(turn, ticket.id)
    verdict = turn.kb.find(turn.tx.articles, question, ticket.language)
    near = turn.tx.articles.of([c.article_id for c in verdict.candidates[:1]])
    new = presses.TeachNew(ticket.id).button(phrase("teach.new"))
    skip = presses.TeachSkip(ticket.id).button(phrase("teach.skip"))
    if near:
        as_alias = presses.TeachAlias(ticket.id, near[0].id).button(phrase("teach.alias", article=near[0].id))
        turn.say(
            phrase("teach.near", article=near[0].id, question=near[0].question, asked=question),
            buttons=((as_alias,), (new, skip)),
        )
    else:
        turn.say(phrase("teach.nothing_near", asked=question), buttons=button_row(new, skip))


def article_material(turn: Turn, number: int) -> tuple[str, str]:
    """Return what a ticket offers an article: the requester's first words, and the agent's last reply."""
    said = [one for one, _ in turn.tx.talk.of(number)]
    first = next(
        (str(one.words["text"]) for one in said if one.kind is MessageKind.FOLLOW_UP and one.words["text"]), ""
    )
    last = next(
        (str(one.words["text"]) for one in reversed(said) if one.kind is MessageKind.REPLY and one.words["text"]), ""
    )
    return " ".join(first.split())[: answering.ALIAS], last


@on.press(presses.TeachAlias, role=Role.ADMIN, act="faq alias")
def teach_alias(turn: Turn) -> None:
    """The requester's words find the nearest article from now on."""
    taught = turn.pressed(presses.TeachAlias)
    question, _ = article_material(turn, taught.ticket)
    editing.add_aliases(turn, turn.tx.articles.get(taught.article), [question])


@on.press(presses.TeachNew, role=Role.ADMIN, act="faq add")
def teach_new(turn: Turn) -> None:
    """A new article opens with the ticket's words in it, for the admin to finish."""
    ticket = ticket_argument(turn, looking=True)
    question, answer = article_material(turn, ticket.id)
    known = {name: text for name, text in (("question", question), ("answer", answer)) if text}
    editing.open_article_form(turn, {**known, "language": ticket.language})


@on.press(presses.TeachSkip, role=Role.ADMIN, act="faq add")
def teach_skip(turn: Turn) -> None:
    """This one teaches nothing."""
    turn.say(phrase("teach.skipped"), edits=turn.shown.outgoing_id if turn.shown else None)
