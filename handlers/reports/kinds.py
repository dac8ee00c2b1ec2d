"""The kinds of report. What each shows stands in ``handlers/reports/report.py``."""

from enum import StrEnum


class ReportKind(StrEnum):
    """What a report is about."""

    OVERVIEW = "overview"
    AGENTS = "agents"
    GROUPS = "groups"
    TYPES = "types"
    KINDS = "kinds"
    COMPANIES = "companies"
    TAGS = "tags"
    HOURS = "hours"
    SLA = "sla"
    ANSWERS = "answers"
    TIME = "time"
    RATINGS = "ratings"
