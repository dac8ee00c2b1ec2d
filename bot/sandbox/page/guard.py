"""Who may talk to the page's server: this machine's own browser, and no page of another site in it."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.control import answer, local

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let only our own page through: a name of this machine, our own origin, JSON where something is done."""
    if (refused := refusal(request)) is not None:
        response: web.StreamResponse = answer({"error": refused}, 403)
    elif request.method == "POST" and request.content_type != "application/json":
        response = answer({"error": "send JSON, with its content type"}, 415)
    else:
        try:
            response = await handler(request)
        except web.HTTPException as error:  # no such page, no such method
            response = answer({"error": error.reason}, error.status)
    if not response.prepared:
        response.headers.update(HEADERS)
        response.headers.setdefault("Content-Security-Policy", POLICY)
    return response


def refusal(request: web.Request) -> str | None:
    """Return why a request is not one of our own page's; None where it may be."""
    if not local(request.host):
        return "only from this machine"
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return "only from our own page"
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return "only from our own page"
    return None
