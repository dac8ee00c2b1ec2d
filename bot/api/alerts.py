"""Alerts, as monitoring tells them: in a plain shape, and in Alertmanager's own."""

from collections.abc import Sequence
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.api.calls import Call
from bot.api.operations import Operation, Sent, Told
from bot.api.problems import Problem
from bot.api.scopes import Scope
from bot.api.turns import ProgramTurn
from handlers.system.monitoring import Alert, Came, Outcome, receive_alerts
from storage.models import Priority
from storage.people.tokens import is_program

MOST = 500  # alerts of one call
SEVERITIES = {  # how alerts of Prometheus usually say how bad it is
    "critical": Priority.URGENT,
    "page": Priority.URGENT,
    "error": Priority.HIGH,
    "high": Priority.HIGH,
    "warning": Priority.NORMAL,
    "info": Priority.LOW,
    "low": Priority.LOW,
}
WEB = r"^$|^https?://[^\s]+$"


class AlertStatus(StrEnum):
    """Whether it fires."""

    FIRING = "firing"
    RESOLVED = "resolved"


class AlertSent(Sent):
    """One alert."""

    key: Annotated[str, Field(min_length=1, max_length=1000, description="The same for the same trouble.")]
    status: AlertStatus = AlertStatus.FIRING
    title: Annotated[str, Field(max_length=200, description="Needed where it fires.")] = ""
    text: Annotated[str, Field(max_length=4000)] = ""
    url: Annotated[str, Field(max_length=1000, pattern=WEB)] = ""
    priority: Priority | None = None
    type: Annotated[str, Field(max_length=32, description="A request type, by its name in the rules.")] = ""
    group: Annotated[str, Field(max_length=32, description="A group, by its name in the rules.")] = ""
    labels: Annotated[
        dict[str, str], Field(max_length=64, description="What the rules group alerts by.", default_factory=dict)
    ]


class AlertTold(Told):
    """What came of it."""

    outcome: Outcome
    ticket: Annotated[int | None, Field(description="The request that stands for it.")]


class AlertsTold(Told):
    """What came of it, group by group."""

    items: list[AlertTold]


class Lenient(BaseModel):
    """What another program's own format has; what is new in it is no mistake."""

    model_config = ConfigDict(extra="ignore")


class ManagedAlert(Lenient):
    """One alert of Alertmanager's."""

    status: AlertStatus
    labels: Annotated[dict[str, str], Field(default_factory=dict)]
    annotations: Annotated[dict[str, str], Field(default_factory=dict)]
    generator: Annotated[str, Field(alias="generatorURL")] = ""
    fingerprint: str = ""


class AlertmanagerSent(Lenient):
    """What Alertmanager's webhook sends (version 4)."""

    version: Annotated[str, Field(pattern=r"^4$")]
    group_key: Annotated[str, Field(alias="groupKey", min_length=1, max_length=10_000)]
    status: AlertStatus
    alerts: Annotated[list[ManagedAlert], Field(max_length=MOST)]


def send_alert(turn: ProgramTurn, call: Call) -> AlertsTold:
    """Take one alert."""
    sent: AlertSent = call.body
    firing = sent.status is AlertStatus.FIRING
    if firing and not sent.title.strip():
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "title: an alert that fires has one; it is what the team reads.")
    must_be_there(turn, sent.type, sent.group)
    one = Alert(
        sent.key,
        firing,
        sent.title.strip(),
        sent.text.strip(),
        sent.url,
        sent.labels,
        sent.priority,
        sent.type,
        sent.group,
    )
    return alerts_told(receive_alerts(must_be_a_program(turn), [one]))


def send_alertmanager(turn: ProgramTurn, call: Call) -> AlertsTold:
    """Take a group of alerts as Alertmanager sends it."""
    sent: AlertmanagerSent = call.body
    found = [alert_of(each) for each in sent.alerts]
    over = sent.status is AlertStatus.RESOLVED
    return alerts_told(receive_alerts(must_be_a_program(turn), found, whole=sent.group_key, over=over))


def alert_of(one: ManagedAlert) -> Alert:
    """Return an alert of Alertmanager's as ours."""
    name = one.labels.get("alertname", "")
    title = one.annotations.get("summary") or one.annotations.get("title") or name or "Alert"
    labels = ", ".join(f"{label}={value}" for label, value in sorted(one.labels.items()))
    text = "\n".join(filter(None, (one.annotations.get("description", ""), labels)))
    key = one.fingerprint or labels
    url = one.annotations.get("runbook_url") or one.generator
    return Alert(
        key,
        one.status is AlertStatus.FIRING,
        title[:200],
        text[:4000],
        url[:1000] if url.startswith(("http://", "https://")) else "",
        one.labels,
        SEVERITIES.get(one.labels.get("severity", "").casefold()),
    )


def must_be_a_program(turn: ProgramTurn) -> ProgramTurn:
    """Refuse alerts by a token that acts as a person: they would be that person's requests."""
    if not is_program(turn.person.source):
        said = "Alerts are a program's own requests: make it a token without --as."
        raise Problem(HTTPStatus.FORBIDDEN, said, reason="not_a_program")
    return turn


def must_be_there(turn: ProgramTurn, kind: str, group: str) -> None:
    """Refuse a type or a group that the rules do not have."""
    if kind and kind not in turn.rules.types:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "type: the rules have no request type of this name.")
    if group and group not in turn.rules.groups:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "group: the rules have no group of this name.")


def alerts_told(came: Sequence[Came]) -> AlertsTold:
    """Return what came of alerts as it is told."""
    return AlertsTold(items=[AlertTold(outcome=each.outcome, ticket=each.ticket) for each in came])


OPERATIONS = (
    Operation(
        "sendAlert",
        "POST",
        "/alerts",
        Scope.MONITORING,
        "Tell that something is broken, or well again",
        AlertsTold,
        send_alert,
        body=AlertSent,
    ),
    Operation(
        "sendAlertmanager",
        "POST",
        "/alerts/alertmanager",
        Scope.MONITORING,
        "Take what Alertmanager's webhook sends",
        AlertsTold,
        send_alertmanager,
        body=AlertmanagerSent,
    ),
)
