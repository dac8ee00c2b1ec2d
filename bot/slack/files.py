"""What people share on Slack: files that it keeps itself, and links to whatever lies elsewhere or is no file. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.messengers.downloads import Hosts
from handlers.vocabulary.messages import File

KEEPERS = ("files.slack.com", "slack-files.com")  # Slack's own hosts of files, beside the one of its API
KEPT = ("", "hosted", "snippet", "email")  # modes of a file whose content Slack keeps
KINDS = {"image": "photo", "video": "video", "audio": "audio"}


def token_hosts(api: str) -> Hosts:
    """Return who may see the token of an app whose API is at this address."""
    return Hosts.of(api, *KEEPERS)


SLACK = token_hosts("https://slack.com/api/")


def shared_files(message: Mapping[str, Any], source: str, own: Hosts) -> tuple[File, ...]:
    """Return a message's files; ``ref`` is where one is downloaded from. What is not on a host of Slack's is a link."""
    return tuple(_file(found, source, own) for found in message.get("files") or () if isinstance(found, dict))


def _file(found: Mapping[str, Any], source: str, own: Hosts) -> File:
    mime = str(found.get("mimetype") or "")
    ref = str(found.get("url_private_download") or found.get("url_private") or "")
    name = str(found.get("name") or found.get("title") or found.get("id") or "")
    kept = not found.get("is_external") and str(found.get("mode") or "") in KEPT
    if ref and not (kept and own.own(ref)):
        return _link(found, source, page=not kept and not found.get("is_external"))
    size = found.get("size")
    kind = KINDS.get(mime.partition("/")[0], "document") if ref else "other"
    return File(kind, ref, name, size if isinstance(size, int) and size > 0 else 0, mime, source=source)


def _link(found: Mapping[str, Any], source: str, *, page: bool) -> File:
    """Return something that is shown by where it lies: a file elsewhere, or the ``page`` of a canvas, a post, a list."""
    addresses = [str(found.get(name) or "") for name in ("external_url", "url_private", "permalink")]
    if page:
        addresses.reverse()
    url = next((one for one in addresses if one.lower().startswith(("https://", "http://"))), "")
    title = str(found.get("title") or found.get("name") or found.get("id") or "")
    return File("link" if url else "other", url, title, source=source)
