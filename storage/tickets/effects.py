"""What an action changes on a ticket besides its status. Pure: a ticket in, columns out."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from storage.lifecycle import Action

if TYPE_CHECKING:
    from storage.tickets.tickets import Ticket


def action_effects(on: "Ticket", action: Action, by: int | None, to: int | None, at: datetime) -> dict[str, Any]:
    """Return what an action changes besides the status."""
    match action:
        case Action.CLAIM:
            return {"agent_id": by}
        case Action.ASSIGN:
            return {"agent_id": to}
        case Action.RELEASE:
            return {"agent_id": None}
        case Action.REPLY | Action.REPLY_AND_WAIT:
            return {
                "agent_id": on.agent_id or by,
                "first_response_at": on.first_response_at or at,
                "talked_at": at,
                "unread": 0,
            }
        case Action.FOLLOW_UP:
            return {"talked_at": at, "unread": on.unread + 1}
        case Action.RESOLVE:
            return {"agent_id": on.agent_id or by, "resolved_at": at, "resolved_by": by}
        case Action.REOPEN:
            return {"resolved_at": None, "resolved_by": None, "closed_at": None, "talked_at": at}
        case Action.CLOSE:
            return {"closed_at": at, "resolved_at": on.resolved_at or at}
        case Action.MERGE:
            return {"closed_at": at, "merged_into": to, "unread": 0}
    return {}
