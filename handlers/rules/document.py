"""The document of the desk's rules (the data of desk.yaml): read as a whole into ``Rules``, with every mistake at its place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from handlers.rules import (
    Rules,
    assets,
    canned,
    general,
    goals,
    groups,
    hours,
    impact,
    monitoring,
    notify,
    outages,
    people,
    privacy,
    rota,
    sla,
    surveys,
    texts,
    types,
    webhooks,
    workflows,
)
from handlers.rules.node import Node, Problem

Document = Mapping[str, Any]  # the rules as desk.yaml has them: section -> what stands there
Entry = Mapping[str, Any]  # one thing of a section, as docs/rules.md has it: its parts by their names

# A section's name in the document, which is its name in ``Rules`` too: what reads it.
SECTIONS: Mapping[str, Callable[[Node], Any]] = {
    "hours": hours.read_calendars,
    "sla": sla.read_policies,
    "groups": groups.read_groups,
    "rota": rota.read_rotas,
    "roles": people.read_roles,
    "workflows": workflows.read_workflows,
    "assets": assets.read_asset_kinds,
    "impact": impact.read_matrix,
    "types": types.read_request_types,
    "notify": notify.read_notify,
    "privacy": privacy.read_retention,
    "outages": outages.read_outage_rule,
    "monitoring": monitoring.read_monitoring_rule,
    "webhooks": webhooks.read_webhooks,
    "surveys": surveys.read_survey_rule,
    "goals": goals.read_goals,
    "canned": canned.read_canned,
    "texts": texts.read_texts,
}
ORDER = (
    "desk",
    "hours",
    "sla",
    "groups",
    "rota",
    "workflows",
    "assets",
    "impact",
    "types",
    "roles",
    "notify",
    "privacy",
    "outages",
    "monitoring",
    "webhooks",
    "surveys",
    "goals",
    "canned",
    "texts",
)  # as written


def read_document(document: object, base: Rules) -> tuple[Rules, list[Problem]]:
    """Return the rules that a document makes of the settings' own, and what is wrong with it; nothing when it may be applied."""
    node = Node(document, document=document if isinstance(document, Mapping) else {})
    given = node.fields("desk", *SECTIONS)
    usual = {key: getattr(base, key) for key in general.DURATIONS}
    chosen: dict[str, Any] = general.read_general(given["desk"], usual)
    for name, reader in SECTIONS.items():
        if given[name].given:
            chosen[name] = reader(given[name])
    return replace(base, **chosen), node.problems


def ordered_document(document: Document) -> dict[str, Any]:
    """Return a document with its sections in the order people read them; empty ones left out."""
    return {name: document[name] for name in ORDER if document.get(name)}
