"""What a ticket's time is counted by: the policy of its type, and the calendar of whose work it is."""

from handlers.rules.calendars import Calendar
from handlers.rules.sla import Policy
from handlers.turns.turn import Turn
from storage.people.companies import Company
from storage.tickets.tickets import Ticket


def policy_and_calendar(
    turn: Turn, kind: str, group: str | None, company: Company | None = None
) -> tuple[Policy, Calendar]:
    """Return the policy of a request and the calendar it is counted in: its own, else that of the group whose work it is.

    What a company's contract says goes before the type, as long as the contract covers that.
    """
    own = company.policy if company is not None and company.covers(kind) else ""
    policy, team = turn.rules.policy(kind, own), turn.rules.groups.get(group or "")
    return policy, turn.rules.calendar(policy.hours or (team.hours if team else ""))


def terms_of(turn: Turn, ticket: Ticket) -> tuple[Policy, Calendar]:
    """Return the policy and the calendar of a ticket."""
    company = turn.tx.companies.get(ticket.company_id) if ticket.company_id is not None else None
    return policy_and_calendar(turn, turn.tx.requests.type_name(ticket.request_type_id), ticket.group_name, company)
