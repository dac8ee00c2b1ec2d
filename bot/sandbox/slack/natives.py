"""People, conversations, messages and files as the Web API shows them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.slack.model import Channel, Json, Post, StoredFile, User
from bot.sandbox.slack.world import APP, BOT, TEAM, World

IMAGES = {f"image_{size}": f"https://avatars.example/{size}.png" for size in (24, 32, 48, 72, 192, 512)}


def user(person: User, now: datetime, *, locale: bool = False) -> Json:
    """Return the ``user`` object."""
    zone = now.astimezone(ZoneInfo(person.tz))
    offset = zone.utcoffset()
    first, _, last = person.real_name.partition(" ")
    profile: Json = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.display or person.name,
        "display_name_normalized": person.display or person.name,
        "first_name": first,
        "last_name": last,
        "team": person.team,
        **IMAGES,
    }
    if person.email:
        profile["email"] = person.email
    if person.is_bot:
        profile |= {"api_app_id": APP, "bot_id": BOT}
    body: Json = {"id": person.id, "team_id": person.team, "name": person.name, "deleted": person.deactivated}
    body |= {"profile": profile, "is_bot": person.is_bot, "is_app_user": False, "updated": int(now.timestamp())}
    if not person.deactivated:  # the account of somebody who has left tells less
        body |= {
            "real_name": person.real_name,
            "tz": person.tz,
            "tz_label": zone.tzname() or "",
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": person.is_admin,
            "is_owner": False,
            "is_restricted": person.guest,
            "is_ultra_restricted": False,
        }
    if person.is_stranger:  # of people from elsewhere only this much is told
        body |= {"is_stranger": True}
    return body | ({"locale": person.locale} if locale else {})


def channel(found: Channel, bot: str) -> Json:
    """Return the ``channel`` object."""
    body: Json = {
        "id": found.id,
        "created": int(found.created.timestamp()),
        "creator": found.creator,
        "is_archived": found.archived,
        "is_channel": found.kind == "channel",
        "is_group": found.kind == "group",
        "is_im": found.kind == "im",
        "is_mpim": found.kind == "mpim",
        "is_private": found.kind != "channel",
        "is_member": bot in found.members,
    }
    if found.kind == "im":
        return body | {"user": found.other}
    body |= {"is_shared": found.shared, "is_ext_shared": found.shared, "is_org_shared": False}
    return body | {"name": found.name, "name_normalized": found.name, "is_general": False}


def message(post: Post, *, metadata: bool = False) -> Json:
    """Return a message as history shows it: with its reactions, and the root of a thread with its counts."""
    body = dict(post.native)
    if not metadata:
        body.pop("metadata", None)
    if post.reactions:
        body["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in post.reactions.items()
        ]
    return body


def root(found: Channel, post: Post, *, metadata: bool = False) -> Json:
    """Return a message, with the counts of its thread."""
    body = message(post, metadata=metadata)
    replies = [found.posts[ts] for ts in post.replies if ts in found.posts]
    if replies and post.thread is None:
        users = list(dict.fromkeys(reply.author for reply in replies))
        body |= {"thread_ts": post.ts, "reply_count": len(replies), "reply_users_count": len(users)}
        body |= {"latest_reply": replies[-1].ts, "reply_users": users[:5], "is_locked": False, "subscribed": False}
    return body


def bot_profile(world: World) -> Json:
    """Return what a message of the bot's says of it."""
    return {
        "id": BOT,
        "app_id": APP,
        "user_id": world.bot.id,
        "name": world.bot.name,
        "icons": {f"image_{size}": f"https://avatars.example/{size}.png" for size in (36, 48, 72)},
        "deleted": False,
        "updated": 0,
        "team_id": TEAM,
    }


def _addresses(world: World, stored: StoredFile, path: str) -> Json:
    """Return where a file is had from; a remote one lies wherever somebody says, and Slack gives no other address of it."""
    if stored.remote:
        more = {"external_url": stored.remote} if stored.mode == "external" else {}
        pictures = {f"thumb_{size}": stored.remote for size in (64, 80, 160, 360)}
        return {"url_private": stored.remote, "url_private_download": stored.remote, **more, **pictures}
    return {
        "url_private": f"{world.url}/files-pri/{path}/{stored.name}",
        "url_private_download": f"{world.url}/files-pri/{path}/download/{stored.name}",
    }


def file(world: World, stored: StoredFile) -> Json:
    """Return the ``file`` object."""
    path, moment = f"{TEAM}-{stored.id}", int(stored.created.timestamp())
    kind = stored.name.rpartition(".")[2].lower() if "." in stored.name else "text"
    shares: Json = {}
    for channel_id, times in stored.shares.items():
        where = "public" if world.channels[channel_id].kind == "channel" else "private"
        shares.setdefault(where, {})[channel_id] = [{"ts": ts} for ts in times]
    return {
        "id": stored.id,
        "created": moment,
        "timestamp": moment,
        "name": stored.name,
        "title": stored.title,
        "mimetype": stored.mimetype,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": stored.owner,
        "user_team": TEAM,
        "editable": False,
        "size": stored.size,
        "mode": stored.mode,
        "is_external": stored.mode == "external",
        "external_type": "app" if stored.mode == "external" else "",
        "is_public": "public" in shares,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        **_addresses(world, stored, path),
        "permalink": f"{world.url}/files/{stored.owner}/{stored.id}/{stored.name}",
        "has_rich_preview": False,
        "shares": shares,
    }
