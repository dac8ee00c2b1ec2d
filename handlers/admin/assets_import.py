"""Assets from a table: what it would do is shown first, with counts and samples; then it is done, and can be taken back."""

from base64 import b64decode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.admin.asset_table import LARGEST, AssetTable, read_asset_table
from handlers.turns import confirmations
from handlers.turns.awaited_file import fetch_document
from handlers.turns.confirmations import show_proposal
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.fetches import ASSETS
from handlers.vocabulary.messages import Part, RichText, button_row, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.assets import Asset, number_key

on = Routes()

SHOWN = 5  # of each kind, told as samples


@on.command("asset import", role=Role.ADMIN)
def import_(turn: Turn) -> None:
    """Assets from a table (CSV or XLSX): send it with /asset import as its caption; what it would do is shown first."""
    fetch_document(turn, "asset import", ASSETS, most=LARGEST, too_large="asset_file")


@on.fetched(ASSETS, role=Role.ADMIN, act="asset import")
def imported(turn: Turn) -> None:
    """The table was read: how many assets it adds and changes, and what it says that cannot be taken."""
    fetched = turn.event.fetched
    assert fetched is not None
    kinds = list(turn.rules.assets)
    table = read_asset_table(turn, b64decode(fetched.content), kinds[0] if len(kinds) == 1 else "")
    known = turn.tx.assets.all_numbered([row["number"] for row in table.rows]) if table.rows else {}
    new, changed, same = [], [], 0
    for row in table.rows:
        was = known.get(number_key(row["number"]))
        if was is None:
            new.append(row)
        elif was.kind != row["kind"]:
            table.wrong.append(phrase("asset.other_kind", number=was.number))
        elif now := row_changes(was, row["facts"]):
            changed.append({"id": was.id, "number": was.number, **now})
        else:
            same += 1
    told = preview_lines(table, new, changed, same)
    if not new and not changed:
        turn.say(*told, title=phrase("asset.title"))
        return
    facts = {"new": new, "changed": changed}
    show_proposal(turn, "assets", facts, *told, title=phrase("asset.title"), command="asset import")


def row_changes(was: Asset, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return {"was", "now"} of what a row would change of an asset, nothing where it says the same; ``facts``: {"fields", …}."""
    fields = {name: value for name, value in facts["fields"].items() if value or name in was.fields}
    wanted = {**facts, "fields": {**was.fields, **fields}}
    other = {name: value for name, value in wanted.items() if getattr(was, name) != value}
    return {"was": {name: getattr(was, name) for name in other}, "now": other} if other else {}


def preview_lines(
    table: AssetTable, new: Sequence[Mapping[str, Any]], changed: Sequence[Mapping[str, Any]], same: int
) -> list[Part]:
    """Return what a table would do, in lines; ``new``: {"number", "facts"}, ``changed``: {"number", "now"}."""
    read = ", ".join(f"{head} → {name.removeprefix('field.')}" for name, head in table.columns.items())
    told: list[Part] = [phrase("asset.read_as", columns=read)]
    if table.unused:
        told.append(phrase("asset.unused", columns=", ".join(table.unused)))
    samples = [f"+ {row['number']} {row['facts'].get('name', '')}" for row in new[:SHOWN]]
    samples += [f"~ {row['number']}: {', '.join(row['now'])}" for row in changed[:SHOWN]]
    told.append(phrase("asset.would", new=len(new), changed=len(changed), same=same, wrong=len(table.wrong)))
    told += [RichText(line) for line in samples]
    return [*told, *table.wrong[:SHOWN]]


def apply_asset_rows(turn: Turn, facts: Mapping[str, Any]) -> None:
    """What was shown of the table is so now, but for rows whose asset or holder is another meanwhile; a button takes it back.

    ``facts`` are {"new": [{"number", "kind", "facts"}], "changed": [{"id", "number", "was", "now"}]}.
    """
    assets = turn.tx.assets
    known = assets.all_numbered([row["number"] for row in facts["new"]]) if facts["new"] else {}
    if known:
        raise Refused("asset_known", number=next(iter(known.values())).number, title=next(iter(known.values())).title)
    gone = holders_gone(turn, [*(row["facts"] for row in facts["new"]), *(row["now"] for row in facts["changed"])])
    new = [row for row in facts["new"] if not gone.of(row["facts"])]
    made = [assets.add(row["number"], row["kind"], turn.now, **row["facts"]) for row in new]
    wanted = [row for row in facts["changed"] if not gone.of(row["now"])]
    changed = [row for row in wanted if is_written(turn, row["id"], row["was"], row["now"])]
    turn.audit(Deed.ASSETS_IMPORTED, n=len(made), changed=len(changed))
    undo = {"added": [{"id": one.id, "digest": one.digest} for one in made], "changed": changed}
    token = confirmations.remember_proposal(turn, "assets_undo", undo, command="asset import", key=confirmations.UNDO)
    said = phrase("asset.imported", new=len(made), changed=len(changed))
    left = len(facts["new"]) + len(facts["changed"]) - len(made) - len(changed)
    back = button_row(presses.Apply(token).button(phrase("asset.undo")))
    turn.say(said, *left_line(left), buttons=back, edits=turn.shown.outgoing_id if turn.shown else None)


@dataclass(frozen=True, slots=True)
class Gone:
    """Whom and which companies the rows of a table name that are known no more: erased, joined with another, forgotten."""

    ids: Mapping[str, Collection[int]]  # by column

    def of(self, values: Mapping[str, Any]) -> list[str]:
        """Return in which columns one of them stands; ``values``: {column: value}."""
        return [column for column, gone in self.ids.items() if values.get(column) in gone]


def holders_gone(turn: Turn, rows: Sequence[Mapping[str, Any]]) -> Gone:
    """Return who of those that rows name is known no more; each of ``rows``: {column: value}."""
    known = {"person_id": turn.tx.people.living, "company_id": turn.tx.companies.living}
    named = {column: {row[column] for row in rows if row.get(column) is not None} for column in known}
    return Gone({column: ids - known[column](ids) for column, ids in named.items()})


def left_line(left: int) -> list[Part]:
    """Say how many rows were left as they are."""
    return [phrase("asset.left", n=left)] if left else []


def is_written(turn: Turn, asset_id: int, was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Let an asset be ``now``, {column: value}, if it still is ``was``, {column: value}; return whether it was."""
    one = turn.tx.assets.get(asset_id)
    if one is None or any(getattr(one, name) != value for name, value in was.items()):
        return False
    turn.tx.assets.change(one, **now)
    return True


def take_back_asset_rows(turn: Turn, facts: Mapping[str, Any]) -> None:
    """What an import added is gone, or retired where a request is about it; what it changed is as before, unless changed since.

    ``facts`` are {"added": [{"id", "digest"}], "changed": [{"id", "was", "now"}]}.
    """
    taken = sum(is_taken_back(turn, row["id"], row["digest"]) for row in facts["added"])
    gone, back = holders_gone(turn, [row["was"] for row in facts["changed"]]), 0
    for row in facts["changed"]:
        was = {**row["was"], **dict.fromkeys(gone.of(row["was"]))}
        back += is_written(turn, row["id"], row["now"], was)
    turn.audit(Deed.ASSETS_IMPORTED, n=-taken, changed=-back)
    left = len(facts["added"]) + len(facts["changed"]) - taken - back
    said = phrase("asset.undone", n=taken, changed=back)
    turn.say(said, *left_line(left), edits=turn.shown.outgoing_id if turn.shown else None)


def is_taken_back(turn: Turn, asset_id: int, digest: str) -> bool:
    """Let an asset be gone, or retired where a request is about it, if it still is as it was added; return whether it was."""
    one = turn.tx.assets.get(asset_id)
    if one is None or one.digest != digest:
        return False
    if turn.tx.assets.requests(asset_id, 1):
        turn.tx.assets.change(one, retired_at=turn.now)
    else:
        turn.tx.assets.forget(asset_id)
    return True
