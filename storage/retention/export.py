"""What the tables hold of a person, as far as it is theirs to have: row by row, what the table of privacy says.

Requests and what was said on them are not here: they are given as their requester may read them (handlers/privacy/archive.py).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, select

from storage.models import (
    StateKind,
    account,
    alias,
    approval,
    approver,
    article_remark,
    article_version,
    asset,
    audit,
    ban,
    company_approver,
    company_person,
    draft,
    duty_override,
    favourite,
    guest,
    helper,
    leaving,
    member,
    overheard,
    participant,
    person,
    person_state,
    request_thread,
    rules_revision,
    stand_in,
    survey,
    time_spent,
    token,
    verdict,
    view,
    watcher,
)

MOST = 5000  # rows of each kind, the newest; there is more of nobody
STATES = (
    StateKind.TARGET,
    StateKind.QUEUE,
    StateKind.FIND,
    StateKind.VIEW,
    StateKind.HOME,
)  # others name somebody else

# Whose row it is, and what is given of it.
OWN: Mapping[str, tuple[Column[Any], Sequence[Column[Any]]]] = {
    "person": (
        person.c.id,
        (person.c.name, person.c.role, person.c.language, person.c.time_zone, person.c.notify, person.c.created_at),
    ),
    "account": (
        account.c.person_id,
        (account.c.source, account.c.native, account.c.chat, account.c.name, account.c.username, account.c.language),
    ),
    "member": (member.c.person_id, (member.c.team_channel_id, member.c.since)),
    "leaving": (leaving.c.person_id, (leaving.c.team_channel_id, leaving.c.at)),
    "watcher": (watcher.c.person_id, (watcher.c.ticket_id,)),
    "helper": (helper.c.person_id, (helper.c.ticket_id, helper.c.at, helper.c.ended_at)),
    "guest": (guest.c.person_id, (guest.c.ticket_id, guest.c.at, guest.c.ended_at)),
    "duty_override": (
        duty_override.c.person_id,
        (duty_override.c.rota, duty_override.c.begins_at, duty_override.c.ends_at),
    ),
    "survey": (survey.c.person_id, (survey.c.ticket_id, survey.c.at, survey.c.score)),
    "view": (view.c.person_id, (view.c.name, view.c.words)),
    "token": (token.c.person_id, (token.c.name, token.c.scopes, token.c.created_at, token.c.used_at)),
    "favourite": (favourite.c.person_id, (favourite.c.article_id,)),
    "asset": (asset.c.person_id, (asset.c.number, asset.c.kind, asset.c.name)),
    "company_person": (company_person.c.person_id, (company_person.c.company_id,)),
    "company_approver": (company_approver.c.person_id, (company_approver.c.company_id,)),
    "stand_in": (stand_in.c.person_id, (stand_in.c.other_id,)),
    "approval": (approval.c.by_id, (approval.c.ticket_id, approval.c.why, approval.c.at)),
    "approver": (
        approver.c.answered_by,
        (approver.c.approval_id, approver.c.answer, approver.c.reason, approver.c.answered_at),
    ),
    "participant": (participant.c.person_id, (participant.c.ticket_id,)),
    "overheard": (overheard.c.person_id, (overheard.c.said, overheard.c.at)),
    "request_thread": (request_thread.c.person_id, (request_thread.c.ticket_id,)),
    "time_spent": (time_spent.c.person_id, (time_spent.c.ticket_id, time_spent.c.minutes, time_spent.c.at)),
    "draft": (draft.c.person_id, (draft.c.answers, draft.c.updated_at)),
    "ban": (ban.c.person_id, (ban.c.reason, ban.c.until, ban.c.at)),
    "audit": (audit.c.person_id, (audit.c.act, audit.c.ticket_id, audit.c.at)),
    "alias": (alias.c.proposed_by, (alias.c.article_id, alias.c.text, alias.c.state, alias.c.at)),
    "article_remark": (
        article_remark.c.person_id,
        (article_remark.c.article_id, article_remark.c.text, article_remark.c.at),
    ),
    "article_version": (
        article_version.c.person_id,
        (article_version.c.article_id, article_version.c.act, article_version.c.at),
    ),
    "rules_revision": (rules_revision.c.person_id, (rules_revision.c.act, rules_revision.c.at)),
    "verdict": (
        verdict.c.person_id,
        (verdict.c.question, verdict.c.language, verdict.c.verdict, verdict.c.outcome, verdict.c.at),
    ),
    "person_state": (person_state.c.person_id, (person_state.c.kind, person_state.c.value, person_state.c.until)),
}


def person_rows(connection: Connection, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return a person's rows, by table; tables in which there is nothing of theirs are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, (whose, columns) in OWN.items():
        query = select(*columns).where(whose == person_id)
        if name == "person_state":
            query = query.where(person_state.c.kind.in_(STATES))
        rows = connection.execute(query.limit(MOST)).mappings().all()
        if rows:
            found[name] = [{key: _plain(value) for key, value in row.items()} for row in rows]
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
