"""The API as a page for people: what there is, in one look, with nothing from outside this machine."""

from collections.abc import Sequence
from html import escape

from bot.api.document import ABOUT, BASE, Schema
from bot.api.operations import Operation

CONTENT_SECURITY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d1d1f; }
code, pre { font: 14px/1.5 ui-monospace, monospace; background: #f3f3f5; border-radius: 4px; padding: 1px 4px; }
pre { padding: .75rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .4rem .5rem; border-bottom: 1px solid #ddd; }
summary { cursor: pointer; }
@media (prefers-color-scheme: dark) {
  body { background: #17171a; color: #eee; } code, pre { background: #26262b; } td, th { border-color: #333; }
  a { color: #8ab4ff; }
}
"""


def api_page(table: Sequence[Operation], document: Schema) -> str:
    """Return the page of an OpenAPI document."""
    rows = "".join(_row(each, document) for each in table)
    example = f"curl -H 'Authorization: Bearer fd_…' https://desk.example{BASE}/tickets?q=urgent"
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Frontdesk API</title><style>{STYLE}</style>"
        '<meta name=viewport content="width=device-width">'
        f"<h1>Frontdesk API</h1><p>{escape(ABOUT).replace('`', '')}</p>"
        f'<p>For programs: <a href="{BASE}/openapi.json">openapi.json</a>.</p><pre>{escape(example)}</pre>'
        f"<table><tr><th>Call<th>What it does<th>Scope</tr>{rows}</table></html>"
    )


def _row(each: Operation, document: Schema) -> str:
    said = document["paths"][each.path][each.method.lower()]
    takes = [*(f"{one['name']}: {one['description']}" for one in said["parameters"]), *_fields(each)]
    lines = "".join(f"<li>{escape(line)}" for line in takes)
    more = (
        f"<details><summary>{escape(each.summary)}</summary><ul>{lines}</ul></details>"
        if takes
        else escape(each.summary)
    )
    return f"<tr><td><code>{each.method} {escape(BASE + each.path)}</code><td>{more}<td><code>{escape(each.scope)}</code></tr>"


def _fields(each: Operation) -> list[str]:
    if each.body is None:
        return []
    return [f"{name}: {field.description or ''}" for name, field in each.body.model_fields.items()]
