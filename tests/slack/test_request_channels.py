"""Request channels as only Slack has them: shared with other organisations."""

from bot.sandbox.slack import Person, Room, SlackSandbox
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.slack.conftest import Open


async def test_a_partner_of_another_organisation_asks_and_is_never_an_agent(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    pat = sandbox.person("Pat", stranger=True)
    shared = sandbox.channel("shared", members=[ann, pat])
    async with opened() as app:

        def keep(connection: object) -> None:
            tx = Transaction(connection)  # type: ignore[arg-type]
            source = f"slack:{sandbox.team_id}"
            tx.request_channels.keep(source, shared.id, title="shared", settings={"opens": ["every"]}, at=MONDAY)

        await app.database.run(keep)
        post = pat.says("Our line is down since noon", at=shared)
        await sandbox.until(lambda: shared.find("pat, this is request #1"))
        await sandbox.until(lambda: team.find("#1"))
        pat.says("Did somebody look at it?", at=shared, thread=post)
        await sandbox.settled()
        await app.at_rest()

        def standing(connection: object) -> tuple[object, list[str]]:
            tx = Transaction(connection)  # type: ignore[arg-type]
            return tx.tickets.get(1).first_response_at, [person.name for person in tx.people.team()]

        answered, members = await app.database.run(standing)
        assert answered is None
        assert "pat" not in [str(name).lower() for name in members]
