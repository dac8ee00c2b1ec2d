"""The table of contents of the talk: which conversations a desk hears, and what they add to each other's messages.

The order is the order of commands in the menus: first what agents use most, then what everybody may do, then what admins do.
"""

from handlers import (
    alarms,
    bans,
    bulk,
    canned,
    consult,
    deletions,
    faq,
    faq_admin,
    faq_files,
    faq_grow,
    faq_show,
    finding,
    granting,
    history,
    home,
    labels,
    lifecycle,
    members,
    merging,
    moving,
    problems,
    queue,
    reactions,
    report,
    retyping,
    snoozing,
    spam,
    views,
    watching,
    workflow_picture,
)
from handlers.changing import dialogs, review
from handlers.requester import account_linking, free_text, new_request, own_requests, rating
from handlers.tickets import assignment, cards, receipts, replies, sla_clocks
from handlers.turns import confirmations as proposals
from handlers.turns import form_buttons
from handlers.turns.router import Contents, Router

AGENTS = (
    *(replies.on, lifecycle.on, queue.on, finding.on, snoozing.on, moving.on, labels.on, canned.on, merging.on),
    *(problems.on, assignment.on, retyping.on, views.on, bulk.on, report.on),
)
EVERYBODY = (
    new_request.on,
    own_requests.on,
    history.on,
    faq.on,
    watching.on,
    rating.on,
    account_linking.on,
    free_text.on,
    consult.on,
)
ADMINS = (
    *(faq_show.on, faq_admin.on, faq_files.on, faq_grow.on, bans.on, granting.on),
    *(workflow_picture.on, review.on, dialogs.on),
)
NO_COMMANDS = (
    *(cards.on, form_buttons.on, proposals.on, receipts.on, reactions.on, spam.on, home.on),
    *(members.on, deletions.on, alarms.on, sla_clocks.on),
)

CONTENTS = Contents(
    Router(*AGENTS, *EVERYBODY, *ADMINS, *NO_COMMANDS),
    card_lines=(
        *(assignment.whose, sla_clocks.clock, labels.line, merging.line, problems.line),
        *(snoozing.line, watching.line),
    ),
    card_steps=(moving.buttons, problems.button),
    card_more=(
        *(assignment.escalation, labels.buttons, merging.button, retyping.button),
        *(snoozing.button, spam.button, watching.button),
    ),
    confirmations={
        "ban": bans.banned,
        "unban": bans.lifted,
        "role": granting.grant,
        "rules": review.apply,
        "order": review.reorder,
    },
    advisers={"request": consult.suggest},
)
