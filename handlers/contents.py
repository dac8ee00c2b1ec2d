"""The table of contents of the talk: which conversations a desk hears, and what they add to each other's messages.

The order is the order of commands in the menus: first what agents use most, then what everybody may do, then what admins do.
"""

from handlers.admin import assets_import, audit, bans, companies_import, roles, webhooks, workflow_diagram
from handlers.admin import companies as admin_companies
from handlers.admin.rules_editor import dialogs, review
from handlers.agent import (
    approvals,
    bulk,
    canned_replies,
    checklist,
    digest,
    export,
    helpers,
    history,
    merge,
    planning,
    problems,
    queue,
    reactions,
    reading,
    recurring,
    recurring_choices,
    recurring_requests,
    redact,
    report,
    request_type_change,
    requester_summary,
    search,
    secrets,
    similar,
    snooze,
    spam,
    status_moves,
    tags_and_time,
    tasks,
    ticket_actions,
    ticket_details,
    views,
    watchers,
)
from handlers.agent import assets as agent_assets
from handlers.articles import (
    answer_review,
    answering,
    article_translations,
    browsing,
    editing,
    import_export,
    known_errors,
    sharing,
    showing,
    suggestions,
)
from handlers.care import announcing, outages, telling
from handlers.channels import buttons as channel_buttons
from handlers.channels import pointing, private_details, team_channels
from handlers.channels import settings as channel_settings
from handlers.home import help as help_
from handlers.home import updates
from handlers.privacy import company, erasing, page
from handlers.requester import (
    account_linking,
    amending,
    beside_request,
    free_text,
    new_request,
    open_question,
    own_requests,
    planned_time,
    rating,
    solved_question,
    survey,
)
from handlers.system import admin_alerts, membership_events, message_deletions, monitoring
from handlers.tickets import (
    approval_answers,
    approval_card,
    assets,
    assignment,
    cards,
    companies,
    receipts,
    recurrence_text,
    replies,
    sla_timers,
    waiting,
)
from handlers.tickets import tasks as tickets_tasks
from handlers.turns import confirmations, form_buttons
from handlers.turns.router import Contents, Router

AGENTS = (
    *(
        replies.on,
        ticket_actions.on,
        queue.on,
        search.on,
        similar.on,
        agent_assets.on,
        requester_summary.on,
        snooze.on,
        status_moves.on,
        checklist.on,
        recurring.on,
        helpers.on,
        tasks.on,
        approvals.on,
        tags_and_time.on,
        ticket_details.on,
        canned_replies.on,
        merge.on,
    ),
    *(
        planning.on,
        problems.on,
        assignment.on,
        request_type_change.on,
        views.on,
        bulk.on,
        outages.on,
        redact.on,
        secrets.on,
        known_errors.on,
        export.on,
        report.on,
        digest.on,
    ),
)
EVERYBODY = (
    new_request.on,
    own_requests.on,
    amending.on,
    help_.on,
    history.on,
    browsing.on,
    watchers.on,
    rating.on,
    survey.on,
    account_linking.on,
    *(page.on, company.on),
    free_text.on,
    open_question.on,
    beside_request.on,
    solved_question.on,
    answering.on,
)
ADMINS = (
    *(
        showing.on,
        editing.on,
        import_export.on,
        suggestions.on,
        answer_review.on,
        article_translations.on,
        sharing.on,
        bans.on,
        roles.on,
        audit.on,
        announcing.on,
    ),
    *(
        workflow_diagram.on,
        review.on,
        dialogs.on,
        channel_settings.on,
        admin_companies.on,
        companies_import.on,
        assets_import.on,
        webhooks.on,
    ),
)
NO_COMMANDS = (
    planned_time.on,
    *(cards.on, reading.on, form_buttons.on, confirmations.on, receipts.on, reactions.on, spam.on, updates.on),
    *(
        membership_events.on,
        message_deletions.on,
        admin_alerts.on,
        monitoring.on,
        sla_timers.on,
        erasing.on,
        telling.on,
        channel_buttons.on,
        private_details.on,
        pointing.on,
    ),
    waiting.on,
    recurring_choices.on,
    recurring_requests.on,
    approval_answers.on,
)

CONTENTS = Contents(
    Router(*AGENTS, *EVERYBODY, *ADMINS, *NO_COMMANDS),
    card_lines=(
        *(
            companies.company_lines,
            monitoring.alert_line,
            recurrence_text.recurrence_line,
            assets.asset_lines,
            assignment.group_line,
            sla_timers.clock_lines,
            tags_and_time.tags_line,
            merge.merge_line,
            problems.problem_line,
            tickets_tasks.task_lines,
            known_errors.known_line,
            checklist.checklist_lines,
            approval_card.approval_lines,
        ),
        *(planning.plan_line, snooze.snooze_line, helpers.helpers_line, watchers.watchers_line),
    ),
    card_steps=(
        checklist.checklist_button,
        approvals.approval_button,
        status_moves.move_buttons,
        problems.resolve_linked_button,
        reading.read_ticket_button,
    ),
    card_more=(
        *(
            assignment.escalate_button,
            tags_and_time.tag_buttons,
            merge.merge_button,
            request_type_change.retype_button,
            ticket_details.details_button,
            similar.similar_button,
            assets.asset_buttons,
        ),
        *(
            snooze.snooze_button,
            planning.plan_button,
            secrets.secrets_button,
            spam.spam_button,
            helpers.helpers_button,
            watchers.watch_button,
        ),
    ),
    confirmations={
        "ban": bans.apply_ban,
        "unban": bans.lift_ban,
        "erase": page.confirm_erase,
        "erase_company": company.confirm_company_erase,
        "role": roles.apply_role,
        "rules": review.apply_change,
        "order": review.apply_order,
        "channel": channel_settings.apply_channel_change,
        "assets": assets_import.apply_asset_rows,
        "assets_undo": assets_import.take_back_asset_rows,
        "companies": companies_import.apply_company_rows,
        "company_person": admin_companies.apply_company_person,
        "team_channel": team_channels.apply_team_channel,
        "faq_import": import_export.start_agreed_import,
        "faq_undo": import_export.taken_back,
        "merge": merge.apply_merge,
        "webhook_secret": webhooks.make_new_secret,
        "approval": approvals.ask_named,
        "company_approver": admin_companies.apply_company_approver,
    },
    advisers={"request": answering.suggest_article},
)
