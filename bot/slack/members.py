"""Who is in the team channel, and may be of the team: the channel's members, guests and bots left out."""

from collections.abc import AsyncIterator, Collection, Mapping

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.acquaintances import UserDirectory
from bot.slack.errors import translate_slack_error
from bot.slack.events import SlackContext
from bot.slack.reading import Reader


async def channel_presence(
    client: AsyncWebClient, people: UserDirectory, known: SlackContext, chat: str, asked: Collection[str]
) -> Mapping[str, bool]:
    """Ask for the channel's members and for who each of these people is; raise Undelivered where Slack does not answer."""
    try:
        here = {user async for user in channel_member_ids(client, chat)}
        await people.look_again(here.intersection(asked))
    except (TimeoutError, SlackApiError, SlackClientError, ClientError, OSError) as error:
        raise translate_slack_error(error) from error
    found = {user: user in here and not known.sender(user).outsider for user in asked}
    return {user: is_here for user, is_here in found.items() if is_here or user not in here or user in known.people}


async def channel_member_ids(client: AsyncWebClient, chat: str) -> AsyncIterator[str]:
    """Yield the ids of all who are in a channel."""
    async for page in Reader(client).pages(client.conversations_members, channel=chat):
        for user in page.get("members") or ():
            yield str(user)
