"""What is done to one row is done to no other: a world with two of everything, and each act that changes rows done in it once.

An act changes just the rows it is said to change; the list of acts is complete, for it is held to the code of the nouns.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from storage.care.outages import Stage, Touched
from storage.desk.choice_lists import LIST
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.lifecycle import Action
from storage.models import Answer, DutyChange, MessageKind, Role, StateKind, entry, metadata
from storage.people.erased import account_digest
from storage.queues.spoken import NOTHING_SAID, Said, StoredWords
from storage.tickets.messages import TicketCard, TicketThread
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import SOURCE, at, kind, known, transact

LATER = MONDAY + timedelta(hours=1)
Rows = dict[str, dict[tuple[Any, ...], Any]]


@dataclass(frozen=True, slots=True)
class World:
    """Two of everything; an act is done to the first, unless it says otherwise."""

    people: list[Any]
    tickets: list[Any]
    channels: list[Any]
    messages: list[list[int]]  # of each ticket, two
    drafts: list[Any]
    verdicts: list[int]
    articles: list[Any]
    proposed: list[Any]
    timers: list[int]
    entries: list[list[int]]  # of each ticket
    announcements: list[int]
    recurrences: list[int]
    companies: list[Any]
    outages: list[int]
    request_channels: list[Any]
    overheard: list[list[int]]  # in each request channel, of each person
    own_timers: list[int]  # of each person
    gone: list[Any]  # people who are being erased
    digests: list[str]  # of their accounts
    approvals: list[tuple[int, list[int]]]  # of each ticket, with its two seats
    plans: list[int]  # of each ticket
    duties: list[int]  # of each person
    remarks: list[int]  # of each article two, one of each person
    assets: list[Any]  # one of each person, and each ticket about one
    alerts: list[int]  # groups, each of a ticket, with an alert


def world(connection: Connection) -> World:
    """Write a world down."""
    tx = Transaction(connection)
    people = [known(tx, name) for name in ("Ann", "Bob")]
    tickets = [at(tx, person, minutes=number) for number, person in enumerate(people)]
    channels = [tx.channels.ensure(SOURCE, chat, language="en", threads=True) for chat in ("-1", "-2")]
    drafts, verdicts, articles, proposed, timers, messages, approvals = [], [], [], [], [], [], []
    planned = list[int]()
    for number, (person, ticket) in enumerate(zip(people, tickets, strict=True)):
        said = [
            tx.talk.add(ticket.id, person.id, MessageKind.FOLLOW_UP, words=words(text), files=[], at=MONDAY)
            for text in (f"the first of {person.name}", f"the second of {person.name}")
        ]
        second = tx.talk.get(said[1])
        assert second is not None
        tx.talk.edit(second, words(f"the second of {person.name}, in other words"), MONDAY)
        messages.append(said)
        for channel in channels:
            tx.talk.keep_thread(
                TicketThread(ticket.id, channel.id, f"{number}{channel.id}", "a title", "new", open=True)
            )
            tx.talk.keep_card(ticket.id, TicketCard(channel.id, "queue", 100 + 10 * number + channel.id, "old"))
            tx.channels.join(channel.id, person.id, MONDAY)
        for place in ("here", "there"):
            drafts.append(tx.drafts.open(person.id, place, form(tx), step="a", answers={}, facts={}, at=MONDAY))
            verdicts.append(verdict(tx, person.id))
        article = tx.articles.add(
            by=person.id,
            at=MONDAY,
            section="s",
            language="en",
            question=f"q {number}",
            answer="a",
            aliases=[f"al {number}"],
        )
        articles.append(article)
        tx.articles.propose(article.id, f"proposed {number}", by=person.id, at=MONDAY)
        for name in ("one", "two"):
            tx.kept.keep_view(person.id, name, "status:new")
            timers.append(tx.timers.schedule(name, LATER, ticket=ticket.id, facts={}))
            tx.labelled.tag(ticket.id, [name])
            tx.secrets.keep(ticket.id, name, name, MONDAY)
        tx.known_errors.keep(ticket.id, "A cable", None, by=person.id, at=MONDAY)
        asked = {"status": "", "stood": "new", "need": "all", "why": "It is old", "digest": "", "by_id": person.id}
        yes = tx.approvals.begin(MONDAY, ticket_id=ticket.id, request_type_id=ticket.request_type_id, **asked)
        approvals.append((yes.id, [tx.approvals.seat(yes.id, 1, each.id).id for each in people]))
        planned.append(
            tx.plans.add(
                ticket_id=ticket.id, begins_at=LATER, ends_at=LATER, place="here", by_id=person.id, at=MONDAY
            ).id
        )
        tx.hearing.watch(ticket.id, people[0].id)
        tx.hearing.watch(ticket.id, people[1].id)
        tx.surveys.ask(ticket.id, person.id, "nps", MONDAY)
        tx.helpers.join(ticket.id, people[0].id, MONDAY)
        tx.helpers.join(ticket.id, people[1].id, MONDAY)
        tx.guests.join(ticket.id, people[0].id, MONDAY)
        tx.guests.join(ticket.id, people[1].id, MONDAY)
        tx.bans.put(person.id, reason="r", until=None, by=people[1].id, at=MONDAY)
        for state in (StateKind.TARGET, StateKind.HOME):
            tx.states.put(person.id, state, LATER + timedelta(days=9), value=1)
    proposed = tx.articles.proposed()
    for name in ("counted", "put"):
        tx.records.put(name, 1)
    for name in ("billing", "access"):
        kind(tx, name)
    entries = [list(connection.scalars(select(entry.c.id).where(entry.c.ticket_id == each.id))) for each in tickets]
    around = {**for_many(tx, people), **erased(tx)}
    for number in around["outages"]:
        for ticket in tickets:
            tx.outages.link(number, ticket.id, MONDAY)
    around["approvals"] = approvals
    around["plans"] = planned
    around["duties"] = [
        tx.duty.add(
            rota="r", change=DutyChange.ALSO, person_id=one.id, begins_at=MONDAY, ends_at=LATER, by_id=one.id, at=MONDAY
        )
        for one in people
    ]
    around["remarks"] = remarked(tx, articles, people)
    return World(
        people,
        tickets,
        channels,
        messages,
        drafts,
        verdicts,
        articles,
        proposed,
        timers,
        entries,
        **around,
        assets=with_assets(tx, people, tickets),
        alerts=[with_alert(tx, ticket, f"alert {number}") for number, ticket in enumerate(tickets)],
    )


def remarked(tx: Transaction, articles: list[Any], people: list[Any]) -> list[int]:
    """Let each person say what is missing in each article; return the remarks."""
    for one in articles:
        for who in people:
            tx.remarks.keep(one.id, who.id, "more", MONDAY, place=None, native=None)
    return [said.id for one in articles for said in reversed(tx.remarks.of(one.id, 2))]


def with_alert(tx: Transaction, ticket: Any, key: str) -> int:
    """Let a ticket stand for what monitoring says is broken; return the group."""
    group = tx.alerts.begin(key, ticket.id, MONDAY)
    tx.alerts.put(group, {"one": True, "two": True})
    return group


def with_assets(tx: Transaction, people: list[Any], tickets: list[Any]) -> list[Any]:
    """Let each person have an asset, and a request of theirs be about it."""
    assets = [
        tx.assets.add(f"PC-{number}", "laptop", MONDAY, name="Lenovo", person_id=person.id)
        for number, person in enumerate(people)
    ]
    for ticket, one in zip(tickets, assets, strict=True):
        tx.assets.tie(ticket.id, [one.id])
    return assets


def recurrence_of(person: Any) -> dict[str, Any]:
    """Return what is written down of something that somebody lets recur."""
    facts = {"schedule": {}, "type_name": "billing", "holidays": "keep", "again": "note", "created_at": MONDAY}
    return {"by_id": person.id, "account_id": person.account_id, "summary": "look", **facts}


def for_many(tx: Transaction, people: list[Any]) -> dict[str, Any]:
    """Write down what concerns many: announcements, outages, companies, request channels; each with both people in it."""
    by = people[1].id
    announcements = [
        tx.announcements.add(by_id=by, words={}, files=[], segment={"to": "everybody"}, place={}, created_at=MONDAY)
        for _ in range(2)
    ]
    outages = [tx.outages.add(MONDAY, stage=Stage.OPEN) for _ in range(2)]
    recurrences = [tx.recurrences.add(**recurrence_of(person)).id for person in people]
    companies = [tx.companies.put(name, MONDAY) for name in ("Acme", "Umbra")]
    channels = [tx.request_channels.keep(SOURCE, chat, title=chat, settings={}, at=MONDAY) for chat in ("-8", "-9")]
    for person, company in zip(people, companies, strict=True):
        tx.companies.join(company.id, person.id)
        for number in announcements:
            for phase in ("before", "over"):
                tx.announcements.claim(number, phase, person.id)
        for number in outages:
            tx.outages.touch(number, person.id, person.account_id, Touched.TOLD, MONDAY)
    for channel, source in zip(channels, (SOURCE, "telegram:2"), strict=True):
        tx.request_channels.count_offer(channel.id, "sent")
        tx.channels.name_by_settings(source, "-1")
    for each in ("one", "two"):
        tx.choice_lists.put(each, {"a": {"en": "A"}})
    overheard = [
        [
            tx.request_channels.hear(
                channel.id,
                person.name,
                topic="",
                person=person.id,
                account=person.account_id,
                said=NOTHING_SAID,
                at=MONDAY,
            )
            for person in people
        ]
        for channel in channels
    ]
    for person, other, company in zip(people, reversed(people), companies, strict=True):
        tx.approvals.let_approve(company.id, person.id, may=True)
        tx.approvals.let_stand_in(person.id, other.id)
    return {
        "announcements": announcements,
        "recurrences": recurrences,
        "companies": companies,
        "outages": outages,
        "request_channels": channels,
        "overheard": overheard,
        "own_timers": [tx.timers.schedule("one", LATER, person=person.id, facts={}) for person in people],
    }


def erased(tx: Transaction) -> dict[str, Any]:
    """Begin to erase two more people."""
    gone = [known(tx, name) for name in ("Eve", "Dan")]
    for person in gone:
        tx.erasure.begin(person.id, MONDAY)
    return {
        "gone": gone,
        "digests": [account_digest(tx.erasure.accounts.key(), SOURCE, person.native) for person in gone],
    }


def words(text: str) -> StoredWords:
    return {"text": text, "spans": []}


def retold(text: str) -> Said:
    return {"words": words(text), "files": []}


def form(tx: Transaction) -> int:
    return tx.requests.form_id("new", "0", {"name": "new", "title": {}, "fields": []}, MONDAY)


def verdict(tx: Transaction, person: int) -> int:
    said = retold("how?")
    return tx.records.verdict(
        person=person, question="how?", said=said, language="en", verdict_="unknown", candidates=[], at=MONDAY
    )


def everything(connection: Connection) -> Rows:
    """Return all rows of all tables, by their keys; what is searched for by is held elsewhere."""
    found: Rows = {}
    for name, table in metadata.tables.items():
        if name != "searchable":
            keys = [column.name for column in table.primary_key]
            rows = connection.execute(select(table)).mappings().all()
            found[name] = {tuple(row[key] for key in keys): dict(row) for row in rows}
    return found


def differing(was: Rows, now: Rows) -> dict[str, set[tuple[Any, ...]]]:
    """Return the keys of the rows that are not as they were; rows that are new are no harm to the others."""
    found = {name: {key for key, row in rows.items() if now[name].get(key) != row} for name, rows in was.items()}
    return {name: keys for name, keys in found.items() if keys}


Act = tuple[Callable[[Transaction, World], object], Callable[[World], dict[str, set[tuple[Any, ...]]]]]
# What is done, and the rows that it changes; the world's first of each kind is meant.
ACTS: dict[str, Act] = {
    "Announcements.change": (
        lambda tx, w: tx.announcements.change(w.announcements[0], phase="over"),
        lambda w: {"announcement": {(w.announcements[0],)}},
    ),
    "Announcements.promised": (
        lambda tx, w: tx.announcements.promised(w.announcements[0], "over", w.people[0].id, 7),
        lambda w: {"announced": {(w.announcements[0], "over", w.people[0].id)}},
    ),
    "Articles.change": (
        lambda tx, w: tx.articles.change(w.articles[0].id, "edited", by=None, at=LATER, answer="b"),
        lambda w: {"article": {(w.articles[0].id,)}, "setting": {("knowledge.revision",)}},
    ),
    "Articles._set_aliases": (
        lambda tx, w: tx.articles.change(w.articles[0].id, "edited", by=None, at=LATER, aliases=["other"]),
        lambda w: {
            "article": {(w.articles[0].id,)},
            "setting": {("knowledge.revision",)},
            "alias": {(alias_of(w, 0),)},
        },
    ),
    "Articles.remove": (
        lambda tx, w: tx.articles.remove(w.articles[0].id, by=None, at=LATER),
        lambda w: {
            "article": {(w.articles[0].id,)},
            "article_remark": {(number,) for number in w.remarks[:2]},
            "setting": {("knowledge.revision",)},
        },
    ),
    "Articles.decide": (
        lambda tx, w: tx.articles.decide(w.proposed[0].id, live=False, by=None, at=LATER),
        lambda w: {"alias": {(w.proposed[0].id,)}},
    ),
    "Articles.count": (
        lambda tx, w: tx.articles.count(w.articles[0].id, "shown"),
        lambda w: {"article": {(w.articles[0].id,)}},
    ),
    "Remarks.dismiss": (
        lambda tx, w: tx.remarks.dismiss(w.articles[0].id, w.remarks[0], w.remarks[0]),
        lambda w: {"article_remark": {(w.remarks[0],)}},
    ),
    "Remarks.keep": (
        lambda tx, w: tx.remarks.keep(w.articles[0].id, w.people[0].id, "more", LATER, place=None, native=None),
        lambda w: {"article_remark": {(w.remarks[0],)}},
    ),
    "Articles.favour": (
        lambda tx, w: [tx.articles.favour(w.people[0].id, w.articles[0].id) for _ in range(2)],
        lambda w: {},
    ),
    "Bans.lift": (lambda tx, w: tx.bans.lift(w.people[0].id), lambda w: {"ban": {(w.people[0].id,)}}),
    "ChoiceLists.forget_others": (
        lambda tx, w: tx.choice_lists.forget_others(["two"]),
        lambda w: {"setting": {(LIST + "one",)}},
    ),
    "Channels.name_by_settings": (
        lambda tx, w: tx.channels.name_by_settings(SOURCE, "-2"),
        lambda w: {"own_account": {(SOURCE,)}},
    ),
    "Channels.choose": (
        lambda tx, w: tx.channels.choose(w.channels[0].id, "uk", "en"),
        lambda w: {"team_channel": {(w.channels[0].id,)}},
    ),
    "Channels.lose": (
        lambda tx, w: tx.channels.lose(w.channels[0].id, LATER),
        lambda w: {"team_channel": {(w.channels[0].id,)}},
    ),
    "Channels.set_aside": (
        lambda tx, w: tx.channels.set_aside(w.channels[0].id),
        lambda w: {"team_channel": {(w.channels[0].id,)}},
    ),
    "Channels.ensure": (
        lambda tx, w: tx.channels.ensure(SOURCE, "-1", language="uk", threads=True),
        lambda w: {"team_channel": {(w.channels[0].id,)}},
    ),
    "Channels.move": (
        lambda tx, w: tx.channels.move(w.channels[0].id, "-3"),
        lambda w: {"team_channel": {(w.channels[0].id,)}},
    ),
    "Channels.retire": (
        lambda tx, w: tx.channels.retire([w.channels[1].id], SOURCE),
        lambda w: {"team_channel": {(w.channels[0].id,)}},
    ),
    "Channels.speak": (
        lambda tx, w: tx.channels.speak("uk"),
        lambda w: {"team_channel": {(channel.id,) for channel in w.channels}},
    ),
    "Assets.change": (
        lambda tx, w: tx.assets.change(w.assets[0], name="Dell"),
        lambda w: {"asset": {(w.assets[0].id,)}, "asset_word": {("lenovo", w.assets[0].id)}},
    ),
    "Assets.forget": (
        lambda tx, w: tx.assets.forget(w.assets[0].id),
        lambda w: {
            "asset": {(w.assets[0].id,)},
            "asset_word": {(word, w.assets[0].id) for word in ("pc", "0", "pc0", "lenovo")},
            "ticket_asset": {(w.tickets[0].id, w.assets[0].id)},
        },
    ),
    "Assets.tie": (
        lambda tx, w: tx.assets.tie(w.tickets[0].id, [w.assets[1].id]),
        lambda w: {"ticket_asset": {(w.tickets[0].id, w.assets[0].id)}},
    ),
    "Companies.put": (
        lambda tx, w: tx.companies.put("ACME", LATER, contract="7"),
        lambda w: {"company": {(w.companies[0].id,)}},
    ),
    "Companies.leave": (
        lambda tx, w: tx.companies.leave(w.people[0].id),
        lambda w: {"company_person": {(w.people[0].id,)}},
    ),
    "Companies.forget": (
        lambda tx, w: tx.companies.forget(w.companies[0].id),
        lambda w: {"company": {(w.companies[0].id,)}},
    ),
    "Companies.give_channel": (
        lambda tx, w: tx.companies.give_channel(w.request_channels[0].id, w.companies[0].id),
        lambda w: {"request_channel": {(w.request_channels[0].id,)}},
    ),
    "Drafts.open": (
        lambda tx, w: tx.drafts.open(w.people[0].id, "here", form(tx), step="b", answers={}, facts={}, at=LATER),
        lambda w: {"draft": {(w.drafts[0].id,)}},
    ),
    "Drafts.save": (
        lambda tx, w: tx.drafts.save(replace(w.drafts[0], step="b"), LATER),
        lambda w: {"draft": {(w.drafts[0].id,)}},
    ),
    "Drafts.end": (lambda tx, w: tx.drafts.end(w.drafts[0].id), lambda w: {"draft": {(w.drafts[0].id,)}}),
    "Erasure.begin": (
        lambda tx, w: tx.erasure.begin(w.people[0].id, LATER),
        lambda w: {
            "person": {(w.people[0].id,)},
            "account": {(w.people[0].account_id,)},
            "person_state": {(w.people[0].id, state, "") for state in (StateKind.TARGET, StateKind.HOME)},
            "draft": {(draft.id,) for draft in w.drafts if draft.person_id == w.people[0].id},
            "ban": {(w.people[0].id,)},
            "view": {(w.people[0].id, name) for name in ("one", "two")},
            "watcher": {(ticket.id, w.people[0].id) for ticket in w.tickets},
            "helper": {(ticket.id, w.people[0].id) for ticket in w.tickets},
            "guest": {(ticket.id, w.people[0].id) for ticket in w.tickets},  # ended
            "duty_override": {(w.duties[0],)},
            "member": {(channel.id, w.people[0].id) for channel in w.channels},
            "company_person": {(w.people[0].id,)},
            "company_approver": {(w.companies[0].id, w.people[0].id)},
            "stand_in": {(each.id,) for each in w.people},  # of whom they stood in for, too
            "asset": {(w.assets[0].id,)},
            "recurrence": {(w.recurrences[0],)},  # not confirmed yet
            "article_remark": {(number,) for number in w.remarks[::2]},
            "overheard": {(ids[0],) for ids in w.overheard},
        },
    ),
    "Erasure._keep_digest": (
        lambda tx, w: tx.erasure._keep_digest(w.gone[0].id, SOURCE, w.gone[0].native, LATER, None),
        lambda w: {"erased": {(w.digests[0],)}},
    ),
    "Erasure.listed": (
        lambda tx, w: tx.erasure.listed(w.digests[:1], LATER),
        lambda w: {"erased": {(w.digests[0],)}},
    ),
    "Erasure.change_entries": (
        lambda tx, w: tx.erasure.change_entries(w.tickets[0].id, lambda facts: {**facts, "told": "otherwise"}),
        lambda w: {"entry": {(each,) for each in w.entries[0]}},
    ),
    "Erasure.forget_words_before": (
        lambda tx, w: tx.erasure.forget_words_before(w.messages[0][1]),
        lambda w: {"old_words": {(1,)}},
    ),
    "Erasure.forget_titles": (
        lambda tx, w: tx.erasure.forget_titles(w.tickets[0].id, "of nobody"),
        lambda w: {"thread": {(w.tickets[0].id, channel.id) for channel in w.channels}},
    ),
    "Erasure.finish": (
        lambda tx, w: tx.erasure.finish(w.gone[0].id),
        lambda w: {"person_state": {(w.gone[0].id, StateKind.ERASING, "")}},
    ),
    "Hearing.choose": (
        lambda tx, w: tx.hearing.choose(w.people[0].id, {"claimed": False}),
        lambda w: {"person": {(w.people[0].id,)}},
    ),
    "Hearing.unwatch": (
        lambda tx, w: tx.hearing.unwatch(w.tickets[0].id, w.people[0].id),
        lambda w: {"watcher": {(w.tickets[0].id, w.people[0].id)}},
    ),
    "Helpers.join": (
        lambda tx, w: (
            tx.helpers.leave(w.tickets[0].id, w.people[0].id, MONDAY),
            tx.helpers.join(w.tickets[0].id, w.people[0].id, LATER),
        ),
        lambda w: {"helper": {(w.tickets[0].id, w.people[0].id)}},
    ),
    "Helpers.leave": (
        lambda tx, w: tx.helpers.leave(w.tickets[0].id, w.people[0].id, LATER),
        lambda w: {"helper": {(w.tickets[0].id, w.people[0].id)}},
    ),
    "Helpers.return_to": (
        lambda tx, w: (
            tx.helpers.leave(w.tickets[0].id, w.people[0].id, MONDAY),
            tx.helpers.join(w.tickets[0].id, w.people[0].id, LATER),
            tx.helpers.leave(w.tickets[0].id, w.people[0].id, LATER),
            tx.helpers.return_to(w.tickets[0].id, w.people[0].id),
        ),
        lambda w: {"helper": {(w.tickets[0].id, w.people[0].id)}},
    ),
    "Helpers.leave_all": (
        lambda tx, w: tx.helpers.leave_all(w.people[0].id, LATER),
        lambda w: {"helper": {(ticket.id, w.people[0].id) for ticket in w.tickets}},
    ),
    "Guests.join": (
        lambda tx, w: (
            tx.guests.leave(w.tickets[0].id, w.people[0].id, MONDAY),
            tx.guests.join(w.tickets[0].id, w.people[0].id, LATER),
        ),
        lambda w: {"guest": {(w.tickets[0].id, w.people[0].id)}},
    ),
    "Guests.leave": (
        lambda tx, w: tx.guests.leave(w.tickets[0].id, w.people[0].id, LATER),
        lambda w: {"guest": {(w.tickets[0].id, w.people[0].id)}},
    ),
    "Guests.return_to": (
        lambda tx, w: (
            tx.guests.leave(w.tickets[0].id, w.people[0].id, MONDAY),
            tx.guests.join(w.tickets[0].id, w.people[0].id, LATER),
            tx.guests.leave(w.tickets[0].id, w.people[0].id, LATER),
            tx.guests.return_to(w.tickets[0].id, w.people[0].id),
        ),
        lambda w: {"guest": {(w.tickets[0].id, w.people[0].id)}},
    ),
    "Guests.talked": (
        lambda tx, w: tx.guests.talked(w.tickets[0].id, w.people[0].id, LATER),
        lambda w: {"guest": {(w.tickets[0].id, w.people[0].id)}},
    ),
    "Guests.show": (
        lambda tx, w: tx.guests.show(w.tickets[0].id, w.people[0].id, 7),
        lambda w: {"guest": {(w.tickets[0].id, w.people[0].id)}},
    ),
    "Surveys.score": (
        lambda tx, w: tx.surveys.score(w.tickets[0].id, 9, LATER),
        lambda w: {"survey": {(w.tickets[0].id,)}},
    ),
    "Kept.keep_view": (
        lambda tx, w: tx.kept.keep_view(w.people[0].id, "one", "status:open"),
        lambda w: {"view": {(w.people[0].id, "one")}},
    ),
    "Kept.share_view": (
        lambda tx, w: tx.kept.share_view(w.people[0].id, "one", shared=True),
        lambda w: {"view": {(w.people[0].id, "one")}},
    ),
    "Kept.drop_view": (
        lambda tx, w: tx.kept.drop_view(w.people[0].id, "one"),
        lambda w: {"view": {(w.people[0].id, "one")}},
    ),
    "Labelled.untag": (
        lambda tx, w: tx.labelled.untag(w.tickets[0].id, ["one"]),
        lambda w: {"ticket_tag": {(w.tickets[0].id, "one")}},
    ),
    "Outages.change": (
        lambda tx, w: tx.outages.change(w.outages[0], words="The mail is down"),
        lambda w: {"outage": {(w.outages[0],)}},
    ),
    "Outages.touch": (
        lambda tx, w: tx.outages.touch(w.outages[0], w.people[0].id, w.people[0].account_id, Touched.WAITS, LATER),
        lambda w: {"affected": {(w.outages[0], w.people[0].id)}},
    ),
    "Outages.unlink": (
        lambda tx, w: tx.outages.unlink(w.outages[0], w.tickets[0].id),
        lambda w: {"outage_ticket": {(w.outages[0], w.tickets[0].id)}},
    ),
    "Outages.unlink_all_of": (
        lambda tx, w: tx.outages.unlink_all_of(w.outages[0], w.people[0].id),
        lambda w: {"outage_ticket": {(w.outages[0], w.tickets[0].id)}},
    ),
    "People.meet": (
        lambda tx, w: known(tx, "Ann", language="uk"),
        lambda w: {"account": {(w.people[0].account_id,)}},
    ),
    "People.choose": (
        lambda tx, w: tx.people.choose(w.people[0].id, language="uk"),
        lambda w: {"person": {(w.people[0].id,)}},
    ),
    "People.grant": (
        lambda tx, w: tx.people.grant(w.people[0].id, Role.SENIOR),
        lambda w: {"person": {(w.people[0].id,)}},
    ),
    "People.set_away": (
        lambda tx, w: tx.people.set_away(w.people[0].id, LATER),
        lambda w: {"person": {(w.people[0].id,)}},
    ),
    "People.set_blocked": (
        lambda tx, w: tx.people.set_blocked(w.people[0].account_id, LATER),
        lambda w: {"account": {(w.people[0].account_id,)}},
    ),
    "People.set_chat": (
        lambda tx, w: tx.people.set_chat(SOURCE, "ann", "elsewhere"),
        lambda w: {"account": {(w.people[0].account_id,)}},
    ),
    "People.set_zone": (
        lambda tx, w: tx.people.set_zone(w.people[0], "Europe/Kyiv"),
        lambda w: {"person": {(w.people[0].id,)}},
    ),
    "People.tell_until": (
        lambda tx, w: tx.people.tell_until(w.people[0].account_id, LATER, MONDAY),
        lambda w: {"account": {(w.people[0].account_id,)}},
    ),
    "Records.outcome": (
        lambda tx, w: tx.records.outcome(w.verdicts[0], "ticket", w.tickets[0].id),
        lambda w: {"verdict": {(w.verdicts[0],)}},
    ),
    "Records.conclude": (
        lambda tx, w: tx.records.conclude(w.verdicts[0], "helped"),
        lambda w: {"verdict": {(w.verdicts[0],)}},
    ),
    "Records.reconsider": (
        lambda tx, w: tx.records.reconsider(w.verdicts[0], question="why?"),
        lambda w: {"verdict": {(w.verdicts[0],)}},
    ),
    "Records.drop": (
        lambda tx, w: tx.records.drop(w.verdicts[0]),
        lambda w: {"verdict": {(w.verdicts[0],)}},
    ),
    "Records.stand_beside": (
        lambda tx, w: tx.records.stand_beside(w.verdicts[0], w.tickets[0].id),
        lambda w: {"verdict": {(w.verdicts[0],)}},
    ),
    "Records.tried": (
        lambda tx, w: tx.records.tried(w.verdicts[0], w.articles[0].id),
        lambda w: {"verdict": {(w.verdicts[0],)}},
    ),
    "Records.put": (lambda tx, w: tx.records.put("put", 2), lambda w: {"setting": {("put",)}}),
    "Records.count": (lambda tx, w: tx.records.count("counted"), lambda w: {"setting": {("counted",)}}),
    "RequestChannels.count_offer": (
        lambda tx, w: tx.request_channels.count_offer(w.request_channels[0].id, "sent"),
        lambda w: {"offer_count": {(w.request_channels[0].id, "sent")}},
    ),
    "RequestChannels.close": (
        lambda tx, w: tx.request_channels.close(w.request_channels[0].id),
        lambda w: {"request_channel": {(w.request_channels[0].id,)}},
    ),
    "RequestChannels.keep": (
        lambda tx, w: tx.request_channels.keep(SOURCE, "-8", title="Clients", settings={"opens": "all"}, at=LATER),
        lambda w: {"request_channel": {(w.request_channels[0].id,)}},
    ),
    "RequestChannels.lose": (
        lambda tx, w: tx.request_channels.lose(w.request_channels[0].id, LATER),
        lambda w: {"request_channel": {(w.request_channels[0].id,)}},
    ),
    "RequestChannels.move": (
        lambda tx, w: tx.request_channels.move(w.request_channels[0].id, "-10"),
        lambda w: {"request_channel": {(w.request_channels[0].id,)}},
    ),
    "RequestChannels.reword": (
        lambda tx, w: tx.request_channels.reword(w.request_channels[0].id, "Ann", w.people[0].id, retold("else")),
        lambda w: {"overheard": {(w.overheard[0][0],)}},
    ),
    "RequestChannels.forget": (
        lambda tx, w: tx.request_channels.forget(w.request_channels[0].id, "Ann"),
        lambda w: {"overheard": {(w.overheard[0][0],)}},
    ),
    "Requests.put_type": (
        lambda tx, w: kind(tx, "billing", workflow={"start": "other"}),
        lambda w: {"request_type": {(each,) for each in types(w, "billing")}},
    ),
    "Requests.retire_types": (
        lambda tx, w: tx.requests.retire_types(but=["access", "other"]),
        lambda w: {"request_type": {(each,) for each in types(w, "billing")}},
    ),
    "KnownErrors.keep": (
        lambda tx, w: tx.known_errors.keep(w.tickets[0].id, "A leak", None, by=w.people[1].id, at=LATER),
        lambda w: {"known_error": {(w.tickets[0].id,)}},
    ),
    "Approvals.change": (
        lambda tx, w: tx.approvals.change(w.approvals[0][0], question="Why?"),
        lambda w: {"approval": {(w.approvals[0][0],)}},
    ),
    "Approvals.rewrite": (
        lambda tx, w: tx.approvals.rewrite(w.tickets[0].id, lambda text: text + "!"),
        lambda w: {"approval": {(w.approvals[0][0],)}, "approver": {(each,) for each in w.approvals[0][1]}},
    ),
    "Approvals.change_seat": (
        lambda tx, w: tx.approvals.change_seat(w.approvals[0][1][0], card=7),
        lambda w: {"approver": {(w.approvals[0][1][0],)}},
    ),
    "Approvals.answer": (
        lambda tx, w: tx.approvals.answer(w.approvals[0][1][0], Answer.NO, "No", by=w.people[0].id, at=LATER),
        lambda w: {"approver": {(w.approvals[0][1][0],)}},
    ),
    "Approvals.forget_written": (
        lambda tx, w: tx.approvals.forget_written(w.approvals[0][0], w.people[0].id),
        lambda w: {"approval": {(w.approvals[0][0],)}},
    ),
    "Approvals.let_stand_in": (
        lambda tx, w: tx.approvals.let_stand_in(w.people[0].id, None),
        lambda w: {"stand_in": {(w.people[0].id,)}},
    ),
    "Approvals.let_approve": (
        lambda tx, w: tx.approvals.let_approve(w.companies[0].id, w.people[0].id, may=False),
        lambda w: {"company_approver": {(w.companies[0].id, w.people[0].id)}},
    ),
    "Duty.agree": (
        lambda tx, w: tx.duty.agree(w.duties[0], LATER),
        lambda w: {"duty_override": {(w.duties[0],)}},
    ),
    "Duty.change": (
        lambda tx, w: tx.duty.change(w.duties[0], card=1),
        lambda w: {"duty_override": {(w.duties[0],)}},
    ),
    "Duty.end": (
        lambda tx, w: tx.duty.end(w.duties[0], LATER),
        lambda w: {"duty_override": {(w.duties[0],)}},
    ),
    "Plans.change": (
        lambda tx, w: tx.plans.change(w.plans[0], sequence=1),
        lambda w: {"plan": {(w.plans[0],)}},
    ),
    "Plans.rewrite": (
        lambda tx, w: tx.plans.rewrite(w.tickets[0].id, lambda text: text + "!"),
        lambda w: {"plan": {(w.plans[0],)}},
    ),
    "Plans.forget_written": (
        lambda tx, w: tx.plans.forget_written(w.plans[0], w.people[0].id),
        lambda w: {"plan": {(w.plans[0],)}},
    ),
    "Plans.forget": (
        lambda tx, w: tx.plans.forget([w.tickets[0].id]),
        lambda w: {"plan": {(w.plans[0],)}},
    ),
    "Recurrences.add": (
        lambda tx, w: tx.recurrences.add(**recurrence_of(w.people[0])),
        lambda w: {"recurrence": {(w.recurrences[0],)}},  # a draft takes the place of its author's last one
    ),
    "Recurrences.change": (
        lambda tx, w: tx.recurrences.change(w.recurrences[0], summary="something else"),
        lambda w: {"recurrence": {(w.recurrences[0],)}},
    ),
    "Recurrences.remove": (
        lambda tx, w: tx.recurrences.remove(w.recurrences[0]),
        lambda w: {"recurrence": {(w.recurrences[0],)}},
    ),
    "SecretAnswers.drop": (
        lambda tx, w: tx.secrets.drop(w.tickets[0].id, "one"),
        lambda w: {"secret_answer": {(w.tickets[0].id, "one")}},
    ),
    "SecretAnswers.drop_all": (
        lambda tx, w: tx.secrets.drop_all([w.tickets[0].id]),
        lambda w: {"secret_answer": {(w.tickets[0].id, name) for name in ("one", "two")}},
    ),
    "States.put": (
        lambda tx, w: tx.states.put(w.people[0].id, StateKind.TARGET, LATER, value=2),
        lambda w: {"person_state": {(w.people[0].id, StateKind.TARGET, "")}},
    ),
    "States.take": (
        lambda tx, w: tx.states.take(w.people[0].id, StateKind.TARGET, MONDAY),
        lambda w: {"person_state": {(w.people[0].id, StateKind.TARGET, "")}},
    ),
    "Talk.edit": (
        lambda tx, w: tx.talk.edit(said(tx, w), words("something else"), LATER, files=[]),
        lambda w: {"message": {(w.messages[0][0],)}},
    ),
    "Talk.keep_files": (
        lambda tx, w: tx.talk.keep_files(said(tx, w), [], LATER),
        lambda w: {"message": {(w.messages[0][0],)}},
    ),
    "Talk.move": (
        lambda tx, w: tx.talk.move(said(tx, w), w.tickets[1].id),
        lambda w: {"message": {(w.messages[0][0],)}},
    ),
    "Talk.send_note": (
        lambda tx, w: tx.talk.send_note(said(tx, w)),
        lambda w: {"message": {(w.messages[0][0],)}},
    ),
    "Talk.delete": (
        lambda tx, w: tx.talk.delete(w.messages[0][0], LATER),
        lambda w: {"message": {(w.messages[0][0],)}},
    ),
    "Talk.carry": (lambda tx, w: tx.talk.carry(w.messages[0][0], [w.tickets[0].id]), lambda w: {}),
    "Talk.keep_receipt": (
        lambda tx, w: tx.talk.keep_receipt(w.messages[0][0], 7),
        lambda w: {"message": {(w.messages[0][0],)}},
    ),
    "Talk.keep_card": (
        lambda tx, w: tx.talk.keep_card(w.tickets[0].id, TicketCard(w.channels[0].id, "queue", 9, "new")),
        lambda w: {"card": {(w.tickets[0].id, w.channels[0].id, "queue")}},
    ),
    "Talk.drop_card": (
        lambda tx, w: tx.talk.drop_card(w.tickets[0].id, w.channels[0].id),
        lambda w: {"card": {(w.tickets[0].id, w.channels[0].id, "queue")}},
    ),
    "Talk.keep_thread": (
        lambda tx, w: tx.talk.keep_thread(
            TicketThread(w.tickets[0].id, w.channels[0].id, "9", "other", "new", open=True)
        ),
        lambda w: {"thread": {(w.tickets[0].id, w.channels[0].id)}},
    ),
    "Talk.set_native": (
        lambda tx, w: tx.talk.set_native(w.tickets[0].id, w.channels[0].id, None),
        lambda w: {"thread": {(w.tickets[0].id, w.channels[0].id)}},
    ),
    "Talk.lose_threads": (
        lambda tx, w: tx.talk.lose_threads(w.channels[0].id),
        lambda w: {
            "thread": {(ticket.id, w.channels[0].id) for ticket in w.tickets},
            "card": {(ticket.id, w.channels[0].id, "queue") for ticket in w.tickets},
        },
    ),
    "Tickets.write": (
        lambda tx, w: tx.tickets.write(tx.tickets.plan_move(w.tickets[0], Action.CLAIM, by=w.people[1].id, at=LATER)),
        lambda w: {"ticket": {(w.tickets[0].id,)}},
    ),
    "Tickets.act": (
        lambda tx, w: tx.tickets.act(w.tickets[0], Action.CLAIM, by=w.people[1].id, at=LATER),
        lambda w: {"ticket": {(w.tickets[0].id,)}},
    ),
    "Timers.cancel": (
        lambda tx, w: tx.timers.cancel("one", ticket=w.tickets[0].id),
        lambda w: {"timer": {(w.timers[0],)}},
    ),
    "Timers.call_off": (
        lambda tx, w: tx.timers.call_off("one", person=w.people[0].id),
        lambda w: {"timer": {(w.own_timers[0],)}},
    ),
    "Alerts.begin": (
        lambda tx, w: tx.alerts.begin("alert 0", w.tickets[0].id, LATER),
        lambda w: {"alert_group": {(w.alerts[0],)}},
    ),
    "Alerts.change": (
        lambda tx, w: tx.alerts.change(w.alerts[0], firings=3),
        lambda w: {"alert_group": {(w.alerts[0],)}},
    ),
    "Alerts.put": (
        lambda tx, w: tx.alerts.put(w.alerts[0], {"one": False}),
        lambda w: {"alert": {(w.alerts[0], "one")}},
    ),
    "Alerts.end": (
        lambda tx, w: tx.alerts.end(w.alerts[0], LATER),
        lambda w: {"alert_group": {(w.alerts[0],)}, "alert": {(w.alerts[0], "one"), (w.alerts[0], "two")}},
    ),
    "Webhooks.keep": (lambda tx, w: tx.webhooks.keep(["crm"], LATER), lambda w: {}),
    "Timers.unset": (lambda tx, w: tx.timers.unset(w.timers[0]), lambda w: {"timer": {(w.timers[0],)}}),
    "Timers.fired": (lambda tx, w: tx.timers.fired([w.timers[0]], LATER), lambda w: {"timer": {(w.timers[0],)}}),
    "Search.drop": (lambda tx, w: tx.search.drop(w.tickets[0].id), lambda w: {}),
}
# No row of anybody's changes in these, so that their own tests see what they do: they add, or make up what is searched for.
ADDS = ("Articles.favour", "Talk.carry", "Search.drop", "Webhooks.keep")


def said(tx: Transaction, w: World) -> Any:
    found = tx.talk.get(w.messages[0][0])
    assert found is not None
    return found


def alias_of(w: World, number: int) -> int:
    """Return the id of an article's live alias: it is added with its article, before any is proposed."""
    ids = [int(each.id) for each in w.proposed]
    return min(ids) - 1 if number == 0 else max(ids) - 1


def types(w: World, name: str) -> list[int]:
    """Return the rows of a request type: they are made in this order."""
    first = max(ticket.request_type_id for ticket in w.tickets)
    return [first + 1] if name == "billing" else [first + 2]


@pytest.fixture
async def database(database_url: str):
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.mark.parametrize("name", list(ACTS))
async def test_what_is_done_to_one_is_done_to_no_other(database: Database, name: str):
    act, changes = ACTS[name]

    def work(connection: Connection) -> tuple[World, Rows, Rows]:
        made = world(connection)
        was = everything(connection)
        act(Transaction(connection), made)
        return made, was, everything(connection)

    made, was, now = await database.run(work)
    assert differing(was, now) == changes(made)
    assert name in ADDS or differing(was, now), "it changes nothing"


async def test_every_act_of_the_nouns_that_changes_rows_is_there(database: Database):
    nouns = await transact(
        database, lambda tx: [getattr(tx, name) for name in Transaction.__slots__ if name != "connection"]
    )
    found = {
        f"{type(noun).__name__}.{name}"
        for noun in nouns
        for name, method in inspect.getmembers(type(noun), inspect.isfunction)
        if re.search(r"\b(update|delete|put_row|add_one)\(|_[A-Z_]+\.(run|each)\(", inspect.getsource(method))
    }
    assert found - set(ACTS) == set()
