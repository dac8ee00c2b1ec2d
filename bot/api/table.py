"""All that the API serves: nothing is served that does not stand here, and the document is made of it."""

from bot.api import alerts, articles, events, people, reports, ticket_acts, tickets

OPERATIONS = (
    *tickets.OPERATIONS,
    *ticket_acts.OPERATIONS,
    *people.OPERATIONS,
    *articles.OPERATIONS,
    *reports.OPERATIONS,
    *events.OPERATIONS,
    *alerts.OPERATIONS,
)
