"""Who is in a team channel, and since when: what is older than somebody's leaving does not bring them back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, delete, insert, select, update

from storage.models import account, leaving, member, team_channel


def join_channel(
    connection: Connection, channel_id: int, person_id: int, at: datetime, *, told: bool, since: datetime
) -> bool:
    """Make a person a member, unless they have left after ``at``; return whether they were not one.

    ``told``: the messenger says so itself, so that coming back within the second of leaving counts. Words said in that
    second were said before it. ``since`` is from when on a leaving ends it.
    """
    mine = (leaving.c.team_channel_id == channel_id, leaving.c.person_id == person_id)
    left_at: datetime | None = connection.scalar(select(leaving.c.at).where(*mine).with_for_update())
    if left_at is not None and (at < left_at if told else at <= left_at):
        return False
    here = (member.c.team_channel_id == channel_id, member.c.person_id == person_id)
    if connection.execute(update(member).where(*here, member.c.since < since).values(since=since)).rowcount:
        return False
    if connection.execute(select(member.c.since).where(*here)).first():
        return False
    connection.execute(delete(leaving).where(*mine))
    connection.execute(insert(member).values(team_channel_id=channel_id, person_id=person_id, since=since))
    return True


def leave_channel(connection: Connection, channel_id: int, person_id: int, at: datetime, *, asked: bool) -> bool:
    """End a membership, and remember when; return whether there was one.

    Whoever has come back since stays, unless the messenger was ``asked`` and knows nothing of that.
    """
    here = (member.c.team_channel_id == channel_id, member.c.person_id == person_id)
    since: datetime | None = connection.scalar(select(member.c.since).where(*here).with_for_update())
    if since is not None and since > at and not asked:
        return False
    connection.execute(delete(member).where(*here))
    mine = (leaving.c.team_channel_id == channel_id, leaving.c.person_id == person_id)
    if connection.execute(select(leaving.c.at).where(*mine)).first():
        connection.execute(update(leaving).where(*mine, leaving.c.at < at).values(at=at))
    else:
        connection.execute(insert(leaving).values(team_channel_id=channel_id, person_id=person_id, at=at))
    return since is not None


def member_natives(connection: Connection, source: str, chat: str) -> Sequence[str]:
    """Return the native ids of all who are known to be in a team channel."""
    return connection.scalars(
        select_member_natives().where(team_channel.c.source == source, team_channel.c.chat == chat)
    ).all()


def select_member_natives() -> Select[str]:
    """Select the accounts by which people are members: those of the channel's own messenger."""
    joined = member.join(team_channel).join(
        account, (account.c.person_id == member.c.person_id) & (account.c.source == team_channel.c.source)
    )
    return select(account.c.native).select_from(joined).where(team_channel.c.active).order_by(account.c.id)
