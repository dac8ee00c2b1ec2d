"""What somebody of the team may be permitted to do, act by act: one list, for the talk and for the command line."""

from collections.abc import Mapping
from types import MappingProxyType

from storage.lifecycle import Action
from storage.models import Role

# An act and the role that it asks for, unless the rules say otherwise. A command is an act of its own name; whatever else
# leads to the same (a button, an emoji, a window, a timer that goes on with it) names the act in its route.
ACTS: Mapping[str, Role] = MappingProxyType(
    {
        act: role
        for role, acts in {
            Role.AGENT: """
                r, r?, note, del, canned, claim, release, assign, escalate, hold, snooze, resolve, close, reopen, move,
                priority, retype, tag, details, check, approval, approval withdraw, every, time, plan, day, week, rota, rota swap,
                problem, task, watch, with, guest, bulk, outage, redact, secret, known, new, queue, mine, card, find, similar,
                who, view, view save, view drop, view share, report, report subscribe, report subscriptions, export, company,
                asset, away, back, me
            """,
            Role.SENIOR: "merge, rota override",
            Role.ADMIN: """
                faq add, faq edit, faq alias, faq on, faq off, faq delete, faq show, faq list, faq history, faq test, faq gaps,
                faq proposed, faq review, faq translation, faq export, faq import, ban, unban, privacy, privacy company,
                audit, announce, works, link, role, settings, settings workflow, settings notify, settings roles,
                settings text, group, hours, sla, type, canned edit, channel, webhooks, company add, company import,
                every company, asset add, asset import, asset export
            """,
        }.items()
        for act in map(str.strip, acts.split(","))
    }
)

# What a move of a ticket is as an act of the team: asked once more where it happens, whatever led there.
ACT_OF: Mapping[Action, str] = MappingProxyType(
    {
        Action.CLAIM: "claim",
        Action.ASSIGN: "assign",
        Action.RELEASE: "release",
        Action.REPLY: "r",
        Action.REPLY_AND_WAIT: "r?",
        Action.HOLD: "hold",
        Action.RESUME: "hold",
        Action.RESOLVE: "resolve",
        Action.REOPEN: "reopen",
        Action.CLOSE: "close",
        Action.SET_PRIORITY: "priority",
        Action.MOVE: "move",
        Action.SNOOZE: "snooze",
        Action.MERGE: "merge",
        Action.LINK: "problem",
        Action.ESCALATE: "escalate",
        Action.RETYPE: "retype",
    }
)
