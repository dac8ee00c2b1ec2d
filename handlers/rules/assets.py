"""The section ``assets``: the kinds of what people work with, each with fields of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.rules.node import Node

FIELDS, TITLE, LABEL = 20, 60, 60  # fields of a kind; letters of its title, and of a field's label


@dataclass(frozen=True, slots=True)
class AssetKind:
    """A kind of asset: what it is called, and the labels of its fields by their names."""

    name: str
    title: Mapping[str, str]
    fields: Mapping[str, Mapping[str, str]]


def read_asset_kinds(node: Node) -> dict[str, AssetKind]:
    """Return the kinds in their order."""
    return {name: _kind(name, inner) for name, inner in node.entries().items()}


def _kind(name: str, node: Node) -> AssetKind:
    given = node.fields("title", "fields")
    fields = {field: inner.words(limit=LABEL) for field, inner in given["fields"].entries().items()}
    if len(fields) > FIELDS:
        given["fields"].refuse("bounds", word=str(len(fields)), low=0, high=FIELDS)
    return AssetKind(name, given["title"].words(limit=TITLE), fields)
