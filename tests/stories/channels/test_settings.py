"""An admin makes a channel a request channel in the channel itself, sees what is chosen there, and changes it."""

from storage.models import Role
from storage.transaction import Transaction
from tests.stories.channels import takes_requests
from tests.stories.harness import QUEUE, Desk, Somebody
from tests.stories.harness.capabilities import Capability
from tests.stories.rules.ruled import ruled


async def admin_among_requesters(desk: Desk) -> Somebody:
    """Let an admin exist where the requesters are."""
    olga = desk.agent_among_requesters("Olga")
    await olga.starts()
    await olga.catches_up()
    source = desk.stage.source(olga.native)

    def grant(tx: Transaction) -> None:
        person = tx.people.find(source, str(olga.native.id))
        assert person is not None
        tx.people.grant(person.id, Role.ADMIN)

    await desk.records(grant)
    return olga


async def test_an_admin_lets_each_post_open_a_request(desk: Desk, ann: Somebody, bob: Somebody):
    olga = await admin_among_requesters(desk)
    room = desk.room("clients", ann, olga)
    await ann.says("Is anybody here who knows printers?", at=room)
    await olga.says("/channel requests every", at=room)
    await olga.catches_up(at=room)
    await olga.sees("becomes a request channel", buttons=["Apply", "Cancel"])
    await olga.presses("Apply")
    await olga.sees("Done")
    await ann.sees("From now on requests are taken here", "each post", at=room)
    await ann.says("The printer jams", at=room)
    await ann.sees("Ann, this is request #1", at=room)
    await bob.sees("#1", "The printer jams", at=QUEUE)


async def test_every_choice_is_shown_with_where_it_comes_from(desk: Desk, ann: Somebody, bob: Somebody):
    olga = await admin_among_requesters(desk)
    room = await takes_requests(desk, "clients", ann, olga, type="access")
    await olga.says("/channel", at=room)
    await olga.catches_up(at=room)
    await olga.sees("Opens: whoever mentions me", "the desk's default", "Type: Access", "chosen for this channel")
    await olga.says("/channel quiet 20:00-8:00", at=room)
    await olga.catches_up(at=room)
    await olga.sees("Quiet: as usual → 20:00-08:00")
    await olga.presses("Apply")
    await olga.sees("Done")
    await olga.says("/channel quiet later", at=room)
    await olga.catches_up(at=room)
    await olga.catches_up()
    await olga.says("/channel off", at=room)
    await olga.catches_up(at=room)
    await olga.sees("opens no more requests")
    await olga.presses("Apply")
    await olga.sees("Done")
    await ann.mentions("the printer jams", at=room)
    await ann.catches_up(at=room)
    await bob.sees_nothing(at=QUEUE)


async def test_nobody_else_changes_what_a_channel_is(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.starts()
    await ann.catches_up()
    room = await takes_requests(desk, "clients", ann)
    await ann.says("/channel off", at=room)
    await ann.catches_up(at=room)
    if not ann.can(Capability.QUOTES):
        await ann.catches_up()
    await ann.mentions("the printer jams", at=room)
    await ann.sees("this is request #1", at=room)
    await bob.catches_up(at=QUEUE)


async def test_an_admin_gives_a_group_a_channel_of_its_own(desk: Desk, ann: Somebody, bob: Somebody):
    await ruled(
        desk,
        desk={"unclaimed_reminder": "9d"},
        groups={"network": {"title": "Network", "keywords": ["router"]}, "print": {"title": "Print"}},
    )
    olga = await admin_among_requesters(desk)
    nina = desk.requester("Nina")
    room = desk.room("network", olga, nina)
    await olga.says("/channel team network", at=room)
    await olga.catches_up(at=room)
    await olga.sees("becomes the channel of Network", "Whoever is in this channel is an agent")
    await olga.presses("Apply")
    await olga.sees("Done")
    await ann.says("/new")
    await ann.fills(type="Something else", details="The router blinks red")
    await ann.sees("Request #1 is registered")
    await nina.sees("#1", "The router blinks red", buttons=["Claim", "Reply", "Note", "Resolve", "More…"], at=room)
    await bob.sees_nothing(at=QUEUE)
    await nina.presses("Claim", at=room)
    await ann.sees("Nina is on your request #1.")
    await nina.catches_up(at=room)
    await olga.says("/channel language uk", at=room)
    await olga.sees("Language: Українська", at=room)
    await olga.says("/channel", at=room)
    await olga.catches_up(at=room)
    await olga.catches_up()


async def test_two_admins_who_change_it_at_once_change_what_each_said(desk: Desk, ann: Somebody):
    olga = await admin_among_requesters(desk)
    pia = desk.agent_among_requesters("Pia")
    await pia.starts()
    await pia.catches_up()
    await desk.records(lambda tx: tx.people.grant(tx.people.named("Pia")[0].id, Role.ADMIN))
    room = await takes_requests(desk, "clients", ann, olga, pia, type="access")
    await olga.says("/channel answer off", at=room)
    await olga.sees("A sure answer at once: yes → no", buttons=["Apply", "Cancel"])
    await pia.says("/channel quiet 20:00-08:00", at=room)
    await pia.presses("Apply")
    await olga.presses("Apply")
    source, chat = desk.stage.source(ann.native), desk.rooms["clients"]
    kept = await desk.records(lambda tx: tx.request_channels.at(source, chat))
    assert kept is not None
    assert kept.settings == {"type": "access", "quiet": "20:00-08:00", "answer": False}
    for each in (olga, pia):
        await each.catches_up(at=room)
        await each.catches_up()
