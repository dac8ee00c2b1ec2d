"""All that the API serves: nothing is served that does not stand here, and the document is made of it."""

from bot.api import tickets

OPERATIONS = (*tickets.OPERATIONS,)
