"""A typed client of the API; written by ``python -m tests.api.generate`` from the document."""

# ruff: noqa

from typing import Literal, NotRequired, TypedDict, cast

from tests.api.program import Program

Account = TypedDict("Account", {"messenger": "str", "id": "str", "username": "str"})

Action = Literal[
    "register",
    "claim",
    "assign",
    "release",
    "reply",
    "reply_and_wait",
    "follow_up",
    "hold",
    "resume",
    "resolve",
    "reopen",
    "close",
    "set_priority",
    "note",
    "rate",
    "move",
    "snooze",
    "wake",
    "merge",
    "link",
    "escalate",
    "retype",
    "leave",
    "rejoin",
    "approval",
    "breach",
]

AlertSent = TypedDict(
    "AlertSent",
    {
        "key": "str",
        "status": NotRequired["AlertStatus"],
        "title": NotRequired["str"],
        "text": NotRequired["str"],
        "url": NotRequired["str"],
        "priority": NotRequired["Priority | None"],
        "type": NotRequired["str"],
        "group": NotRequired["str"],
        "labels": NotRequired["dict[str, str]"],
    },
)

AlertStatus = Literal["firing", "resolved"]

Alert = TypedDict("Alert", {"outcome": "Outcome", "ticket": "int | None"})

AlertmanagerSent = TypedDict(
    "AlertmanagerSent", {"version": "str", "groupKey": "str", "status": "AlertStatus", "alerts": "list[ManagedAlert]"}
)

Alerts = TypedDict("Alerts", {"items": "list[Alert]"})

ArticleChanged = TypedDict(
    "ArticleChanged",
    {
        "question": NotRequired["str | None"],
        "answer": NotRequired["str | None"],
        "language": NotRequired["str | None"],
        "aliases": NotRequired["list[str] | None"],
        "section": NotRequired["str | None"],
        "enabled": NotRequired["bool | None"],
    },
)

ArticleSent = TypedDict(
    "ArticleSent",
    {
        "question": "str",
        "answer": "str",
        "language": "str",
        "aliases": NotRequired["list[str]"],
        "section": NotRequired["str"],
    },
)

Article = TypedDict(
    "Article",
    {
        "id": "int",
        "question": "str",
        "answer": "str",
        "aliases": "list[str]",
        "keywords": "list[str]",
        "section": "str",
        "language": "str",
        "enabled": "bool",
        "translates": "int | None",
        "shown": "int",
        "helped": "int",
        "not_helped": "int",
    },
)

ArticleWritten = TypedDict("ArticleWritten", {"id": "int", "revision": "int"})

Articles = TypedDict("Articles", {"items": "list[Article]", "next": "str | None"})

Assigned = TypedDict("Assigned", {"agent": "int"})

Companies = TypedDict("Companies", {"items": "list[Company]", "next": "str | None"})

CompanyChanged = TypedDict(
    "CompanyChanged",
    {
        "contract": NotRequired["str | None"],
        "until": NotRequired["str | None"],
        "policy": NotRequired["str | None"],
        "group": NotRequired["str | None"],
        "types": NotRequired["list[str] | None"],
        "notes": NotRequired["str | None"],
    },
)

CompanySent = TypedDict("CompanySent", {"name": "str"})

Company = TypedDict(
    "Company",
    {
        "id": "int",
        "name": "str",
        "contract": "str",
        "until": "str | None",
        "policy": "str",
        "group": "str",
        "types": "list[str]",
        "notes": "str",
    },
)

Event = TypedDict(
    "Event",
    {
        "id": "int",
        "ticket": "int",
        "action": "Action",
        "was": "str",
        "now": "str",
        "by": "Who | None",
        "facts": "dict[str, str | int | float | bool | None]",
        "at": "str",
    },
)

Events = TypedDict("Events", {"items": "list[Event]", "next": "str", "more": "bool"})

Figure = TypedDict(
    "Figure",
    {
        "key": "str",
        "name": "str",
        "value": "str | int | float | None",
        "before": "str | int | float | None",
        "of": "int | None",
    },
)

File = TypedDict("File", {"kind": "str", "name": "str", "size": "int"})

ManagedAlert = TypedDict(
    "ManagedAlert",
    {
        "status": "AlertStatus",
        "labels": NotRequired["dict[str, str]"],
        "annotations": NotRequired["dict[str, str]"],
        "generatorURL": NotRequired["str"],
        "fingerprint": NotRequired["str"],
    },
)

MessageKind = Literal["follow_up", "reply", "note"]

MessageKindSent = Literal["reply", "note"]

MessageSent = TypedDict("MessageSent", {"kind": "MessageKindSent", "text": "str", "wait": NotRequired["bool"]})

Message = TypedDict(
    "Message",
    {
        "id": "int",
        "kind": "MessageKind",
        "author": "Who",
        "text": "str",
        "files": "list[File]",
        "reply_to": "int | None",
        "at": "str",
        "edited_at": "str | None",
    },
)

Messages = TypedDict("Messages", {"items": "list[Message]", "next": "str | None"})

Moved = TypedDict(
    "Moved",
    {
        "id": "int",
        "status": "str",
        "kind": "StatusKind",
        "priority": "Priority",
        "agent": "int | None",
        "updated_at": "str",
    },
)

Outcome = Literal["opened", "joined", "reopened", "resolved", "nothing"]

People = TypedDict("People", {"items": "list[Person]", "next": "str | None"})

PersonChanged = TypedDict("PersonChanged", {"company": "int | None"})

Person = TypedDict(
    "Person",
    {
        "id": "int",
        "name": "str",
        "team": "bool",
        "program": "bool",
        "language": "str | None",
        "company": "Who | None",
        "accounts": "list[Account]",
        "known_since": "str",
    },
)

Plan = TypedDict("Plan", {"starts_at": "str", "ends_at": "str", "place": "str", "note": "str"})

Posted = TypedDict("Posted", {"id": "int", "ticket": "int", "kind": "MessageKindSent", "status": "str", "at": "str"})

Priority = Literal["urgent", "high", "normal", "low"]

PrioritySent = TypedDict("PrioritySent", {"priority": "Priority"})

Problem = TypedDict(
    "Problem",
    {
        "type": NotRequired["str"],
        "title": "str",
        "status": "int",
        "detail": "str",
        "reason": NotRequired["str"],
        "wrong": NotRequired["list[Wrong]"],
    },
)

ReportKind = Literal[
    "overview", "agents", "groups", "types", "kinds", "companies", "tags", "hours", "sla", "answers", "time", "ratings"
]

Report = TypedDict(
    "Report", {"kind": "ReportKind", "from": "str", "to": "str", "figures": "list[Figure]", "tables": "list[Table]"}
)

Resolved = TypedDict("Resolved", {"text": NotRequired["str | None"]})

Sort = Literal["number", "-number", "queue"]

Start = Literal["oldest", "now"]

StatusKind = Literal["new", "open", "pending", "on_hold", "resolved", "closed"]

StatusSent = TypedDict("StatusSent", {"status": "str"})

Table = TypedDict("Table", {"title": "str", "columns": "list[str]", "rows": "list[list[str | int | float | None]]"})

TagsSent = TypedDict("TagsSent", {"add": NotRequired["list[str]"], "remove": NotRequired["list[str]"]})

TicketSent = TypedDict("TicketSent", {"type": "str", "requester": "int", "answers": NotRequired["dict[str, str]"]})

Ticket = TypedDict(
    "Ticket",
    {
        "id": "int",
        "type": "str",
        "summary": "str",
        "answers": "dict[str, str | int | float | bool | list[str] | None]",
        "status": "str",
        "kind": "StatusKind",
        "priority": "Priority",
        "requester": "Who",
        "agent": "Who | None",
        "company": "Who | None",
        "group": "str | None",
        "tags": "list[str]",
        "language": "str",
        "unread": "int",
        "rating": "int | None",
        "created_at": "str",
        "updated_at": "str",
        "talked_at": "str",
        "first_response_at": "str | None",
        "first_response_due": "str | None",
        "resolution_due": "str | None",
        "snoozed_until": "str | None",
        "resolved_at": "str | None",
        "closed_at": "str | None",
        "merged_into": "int | None",
        "problem": "int | None",
        "plan": "Plan | None",
    },
)

Tickets = TypedDict("Tickets", {"items": "list[Ticket]", "next": "str | None"})

Who = TypedDict("Who", {"id": "int", "name": "str"})

Wrong = TypedDict("Wrong", {"where": "str", "what": "str"})


class Client:
    """All that may be called, by name."""

    def __init__(self, program: Program) -> None:
        self._program = program

    async def list_tickets(
        self,
        *,
        cursor: "str | None" = None,
        limit: "int | None" = None,
        q: "str | None" = None,
        sort: "Sort | None" = None,
    ) -> "Tickets":
        """List requests."""
        return cast(
            "Tickets",
            await self._program.asks(
                "GET",
                "/tickets",
                200,
                params={
                    name: value
                    for name, value in {"cursor": cursor, "limit": limit, "q": q, "sort": sort}.items()
                    if value is not None
                },
            ),
        )

    async def open_ticket(self, body: "TicketSent", *, key: str = "") -> "Moved":
        """Open a request for somebody."""
        return cast("Moved", await self._program.asks("POST", "/tickets", 201, json=body, key=key))

    async def get_ticket(self, ticket: "int") -> "Ticket":
        """Read a request."""
        return cast("Ticket", await self._program.asks("GET", f"/tickets/{ticket}", 200))

    async def list_messages(
        self, ticket: "int", *, cursor: "str | None" = None, limit: "int | None" = None
    ) -> "Messages":
        """Read what was said on a request, notes of the team included."""
        return cast(
            "Messages",
            await self._program.asks(
                "GET",
                f"/tickets/{ticket}/messages",
                200,
                params={name: value for name, value in {"cursor": cursor, "limit": limit}.items() if value is not None},
            ),
        )

    async def post_message(self, ticket: "int", body: "MessageSent", *, key: str = "") -> "Posted":
        """Reply to the requester, or leave a note for the team."""
        return cast("Posted", await self._program.asks("POST", f"/tickets/{ticket}/messages", 201, json=body, key=key))

    async def claim_ticket(self, ticket: "int", *, key: str = "") -> "Moved":
        """Take a waiting request: whoever the token acts as has it then."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/claim", 200, key=key))

    async def release_ticket(self, ticket: "int", *, key: str = "") -> "Moved":
        """Put a request back into the queue."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/release", 200, key=key))

    async def assign_ticket(self, ticket: "int", body: "Assigned", *, key: str = "") -> "Moved":
        """Give a request to one of the team."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/assign", 200, json=body, key=key))

    async def hold_ticket(self, ticket: "int", *, key: str = "") -> "Moved":
        """Let a request wait for something else than its requester."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/hold", 200, key=key))

    async def resume_ticket(self, ticket: "int", *, key: str = "") -> "Moved":
        """Go on with a request that was on hold."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/resume", 200, key=key))

    async def resolve_ticket(self, ticket: "int", body: "Resolved", *, key: str = "") -> "Moved":
        """Say that a request is done; its requester confirms or reopens."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/resolve", 200, json=body, key=key))

    async def close_ticket(self, ticket: "int", *, key: str = "") -> "Moved":
        """Close a request without asking its requester."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/close", 200, key=key))

    async def reopen_ticket(self, ticket: "int", *, key: str = "") -> "Moved":
        """Take up again a request that was over."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/reopen", 200, key=key))

    async def priority_ticket(self, ticket: "int", body: "PrioritySent", *, key: str = "") -> "Moved":
        """Let a request be more or less urgent."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/priority", 200, json=body, key=key))

    async def tags_ticket(self, ticket: "int", body: "TagsSent", *, key: str = "") -> "Moved":
        """Put tags on a request, and take others off."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/tags", 200, json=body, key=key))

    async def move_ticket(self, ticket: "int", body: "StatusSent", *, key: str = "") -> "Moved":
        """Let a request go on in a status of its workflow."""
        return cast("Moved", await self._program.asks("POST", f"/tickets/{ticket}/move", 200, json=body, key=key))

    async def list_people(
        self, *, cursor: "str | None" = None, limit: "int | None" = None, name: "str | None" = None
    ) -> "People":
        """List people."""
        return cast(
            "People",
            await self._program.asks(
                "GET",
                "/people",
                200,
                params={
                    name: value
                    for name, value in {"cursor": cursor, "limit": limit, "name": name}.items()
                    if value is not None
                },
            ),
        )

    async def get_person(self, person: "int") -> "Person":
        """Read of a person."""
        return cast("Person", await self._program.asks("GET", f"/people/{person}", 200))

    async def change_person(self, person: "int", body: "PersonChanged", *, key: str = "") -> "Person":
        """Let a person belong to a company."""
        return cast("Person", await self._program.asks("PATCH", f"/people/{person}", 200, json=body, key=key))

    async def list_companies(self, *, cursor: "str | None" = None, limit: "int | None" = None) -> "Companies":
        """List companies."""
        return cast(
            "Companies",
            await self._program.asks(
                "GET",
                "/companies",
                200,
                params={name: value for name, value in {"cursor": cursor, "limit": limit}.items() if value is not None},
            ),
        )

    async def add_company(self, body: "CompanySent", *, key: str = "") -> "Company":
        """Let a company be known."""
        return cast("Company", await self._program.asks("POST", "/companies", 201, json=body, key=key))

    async def get_company(self, company: "int") -> "Company":
        """Read of a company."""
        return cast("Company", await self._program.asks("GET", f"/companies/{company}", 200))

    async def change_company(self, company: "int", body: "CompanyChanged", *, key: str = "") -> "Company":
        """Change what is known of a company."""
        return cast("Company", await self._program.asks("PATCH", f"/companies/{company}", 200, json=body, key=key))

    async def list_articles(self, *, cursor: "str | None" = None, limit: "int | None" = None) -> "Articles":
        """List answers."""
        return cast(
            "Articles",
            await self._program.asks(
                "GET",
                "/articles",
                200,
                params={name: value for name, value in {"cursor": cursor, "limit": limit}.items() if value is not None},
            ),
        )

    async def add_article(self, body: "ArticleSent", *, key: str = "") -> "ArticleWritten":
        """Add an answer."""
        return cast("ArticleWritten", await self._program.asks("POST", "/articles", 201, json=body, key=key))

    async def get_article(self, article: "int") -> "Article":
        """Read an answer."""
        return cast("Article", await self._program.asks("GET", f"/articles/{article}", 200))

    async def change_article(self, article: "int", body: "ArticleChanged", *, key: str = "") -> "ArticleWritten":
        """Change an answer, or turn it on or off."""
        return cast(
            "ArticleWritten", await self._program.asks("PATCH", f"/articles/{article}", 200, json=body, key=key)
        )

    async def delete_article(self, article: "int", *, key: str = "") -> "ArticleWritten":
        """Delete an answer."""
        return cast("ArticleWritten", await self._program.asks("DELETE", f"/articles/{article}", 200, key=key))

    async def get_report(
        self,
        kind: "ReportKind",
        *,
        from_: "str | None" = None,
        to: "str | None | None" = None,
        q: "str | None" = None,
        compare: "bool | None" = None,
        language: "str | None" = None,
    ) -> "Report":
        """Read a report: figures and tables of some days."""
        return cast(
            "Report",
            await self._program.asks(
                "GET",
                f"/reports/{kind}",
                200,
                params={
                    name: value
                    for name, value in {
                        "from": from_,
                        "to": to,
                        "q": q,
                        "compare": compare,
                        "language": language,
                    }.items()
                    if value is not None
                },
            ),
        )

    async def list_events(
        self, *, cursor: "str | None" = None, limit: "int | None" = None, start: "Start | None" = None
    ) -> "Events":
        """Read on in what happened to requests."""
        return cast(
            "Events",
            await self._program.asks(
                "GET",
                "/events",
                200,
                params={
                    name: value
                    for name, value in {"cursor": cursor, "limit": limit, "start": start}.items()
                    if value is not None
                },
            ),
        )

    async def send_alert(self, body: "AlertSent", *, key: str = "") -> "Alerts":
        """Tell that something is broken, or well again."""
        return cast("Alerts", await self._program.asks("POST", "/alerts", 200, json=body, key=key))

    async def send_alertmanager(self, body: "AlertmanagerSent", *, key: str = "") -> "Alerts":
        """Take what Alertmanager's webhook sends."""
        return cast("Alerts", await self._program.asks("POST", "/alerts/alertmanager", 200, json=body, key=key))
