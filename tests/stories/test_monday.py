"""An IT desk's Monday with two agents who slip: it is seen, asked about, or taken back, and nobody outside notices."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, resolves
from tests.stories.slips import ann, bob, eve, house, language

__all__ = ["ann", "bob", "eve", "house", "language"]

VPN = {"en": "The VPN drops every five minutes", "uk": "VPN обривається кожні п'ять хвилин"}
MAIL = {"en": "I cannot send mail", "uk": "Не можу надіслати пошту"}


async def all_read(*people: Somebody, tickets: int = 2) -> None:
    """Whatever else was said is read."""
    for each in people:
        await each.catches_up()
        if each.is_agent:
            await each.catches_up(at=QUEUE)
            for ticket in range(1, tickets + 1):
                await each.catches_up(at=THREAD(ticket))


async def test_an_it_desks_monday_with_two_agents_who_slip(
    desk: Desk, ann: Somebody, bob: Somebody, eve: Somebody, language: str
):
    zoe = desk.requester("Zoe", language=language)
    for agent in (bob, eve):
        await agent.starts()
        await agent.says("/back", at=QUEUE)
    await all_read(bob, eve, tickets=0)

    # 9:00. Two requests wait; Bob takes the first, and Eve, a moment later, wants it too.
    await asked(ann, VPN[language])
    await asked(zoe, MAIL[language], ticket=2)
    card = await bob.sees("#1 ", at=QUEUE)
    await bob.presses(said_in(language, "button.claim"), on=card)
    await ann.sees(ann.told("told.claimed", agent="Bob", ticket=1))
    await all_read(bob, eve)
    await eve.says("/assign 1 @eve", at=QUEUE)
    await eve.sees(eve.told("assign.take_over", ticket=1, agent="Bob"), at=QUEUE)
    await ann.sees_nothing()  # she changes her mind

    # 9:10. Bob answers without sending: the mark and the line tell him, and one press sends it.
    await bob.says("Since when?", at=THREAD(1))
    await bob.sees(bob.told("note.hint", at=THREAD(1), name="Ann"), at=THREAD(1))
    await ann.sees_nothing()
    await bob.presses(bob.told("note.send", name="Ann"), at=THREAD(1))
    await ann.sees("Bob", "Since when?")
    await all_read(bob, eve)

    # 9:20. What he thinks of it stays inside, though he types fast and on the wrong keyboard.
    await bob.says("It is the new router again", at=THREAD(1))
    await ann.sees_nothing()
    desk.stage.says(bob.native, ".к Have you tried the cable?", THREAD(1), None)
    await ann.sees("Bob", "Have you tried the cable?")
    await ann.says("The cable works")
    await bob.sees("The cable works", "@Bob", at=THREAD(1))  # he is called by name
    await all_read(ann, bob, eve)

    # 10:00. Eve resolves Zoe's request before anybody has said a word: she is asked, and answers first.
    await eve.presses(said_in(language, "button.claim"), on=await eve.reads("#2 ", at=QUEUE))
    await zoe.sees(zoe.told("told.claimed", agent="Eve", ticket=2))
    await eve.says("/resolve", at=THREAD(2))
    await eve.sees(eve.told("resolve.unanswered", ticket=2, name="Zoe"), at=THREAD(2))
    await zoe.sees_nothing()
    await eve.says("/r The mailbox was full, there is room now", at=THREAD(2))
    await zoe.sees("Eve", "The mailbox was full")
    await all_read(bob, eve)

    # 10:05. Bob presses Resolve on the wrong card, and takes it back before Zoe has read it.
    wrong = await bob.reads("#2 ", at=QUEUE)
    await resolves(bob, on=wrong)
    asking = await zoe.sees("#2", buttons=[zoe.told("button.confirm"), zoe.told("button.reopen")])
    await eve.sees("#2", "Bob")  # whose request it is, is told
    await bob.presses(said_in(language, "button.reopen"), on=await bob.reads("✅ #2", at=QUEUE))
    assert all(line.id != asking.id for line in desk.stage.lines(zoe.native, None))
    await zoe.sees_nothing()
    await all_read(bob, eve)

    # 11:00. A word in the wrong place is put right on its receipt.
    await bob.says("/r The router is changed at 12", at=THREAD(1))
    shown = await ann.sees("The router is changed at 12")
    receipt = await bob.sees(said_in(language, "receipt.delivered"), at=THREAD(1))
    await bob.presses(said_in(language, "button.edit"), on=receipt)
    await bob.fills(text="The router is changed at 13", at=THREAD(1))
    assert (await ann.sees("The router is changed at 13")).id == shown.id
    await all_read(bob, eve)

    # 13:30. It works; both are done, and the day has two rated requests and no word too many.
    for number, agent, requester in ((1, bob, ann), (2, eve, zoe)):
        await agent.says(f"/resolve {number}", at=QUEUE)
        await requester.presses(
            requester.told("button.confirm"),
            on=await requester.sees(
                f"#{number}", buttons=[requester.told("button.confirm"), requester.told("button.reopen")]
            ),
        )
        await requester.presses("5", on=await requester.sees(requester.told("rate.ask")))
    await all_read(ann, zoe, bob, eve)
    story = await desk.records(lambda tx: [(said.kind.value, said.words["text"]) for said, _ in tx.talk.of(1)])
    assert story[1:] == [
        ("reply", "Since when?"),
        ("note", "It is the new router again"),
        ("reply", "Have you tried the cable?"),
        ("follow_up", "The cable works"),
        ("reply", "The router is changed at 13"),
    ]
