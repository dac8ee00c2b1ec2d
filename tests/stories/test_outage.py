"""Something is broken for many: noticed, asked, declared in two presses, told to whoever asks alike, linked, ended, explained."""

from storage.transaction import Transaction
from tests.stories.channels import EVERY, takes_requests
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.rules.approving import at_home
from tests.stories.rules.ruled import present, ruled

QUESTIONS = (
    *(
        "The site does not open",
        "site is not opening for me",
        "your site does not open today",
        "I cannot open the site",
    ),
    *("the site will not open", "site open error", "does the site open for anybody", "open the site please, it hangs"),
    *(
        "why does the site not open",
        "the site stopped, it does not open",
        "site: cannot open it",
        "site again does not open",
    ),
)


async def test_from_the_first_question_to_what_it_was(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann, "The site does not open at all")
    await bob.catches_up(at=QUEUE)
    people = [desk.requester(f"Guest{n}") for n in range(len(QUESTIONS))]
    for person, question in zip(people, QUESTIONS, strict=True):
        await person.says(question)
        await person.catches_up()
    await desk.passes(minutes=2)
    await bob.sees(
        "Is there an outage?", "13 people ask alike", "Usually: about 0", buttons=["Yes, there is", "No"], at=QUEUE
    )
    await bob.presses("Yes, there is", at=QUEUE)
    await bob.sees("Whoever asks alike will read at once:", buttons=["Declare it", "Other words"], at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.sees(
        "Outage",
        "We know of it and are working on it.",
        buttons=["Tell news", "Requests alike", "It is over"],
        at=QUEUE,
    )

    zoe, max_ = desk.requester("Zoe"), desk.requester("Max")
    await zoe.says("Hello, the site does not open, what now")
    await zoe.sees("This is broken for many just now:", buttons=["Tell me when it is over", "Mine is different"])
    await zoe.presses("Tell me when it is over")
    await zoe.sees("We will tell you here when it is over.", buttons=[])
    await max_.says("The site cannot open my invoice from May")
    await max_.sees("This is broken for many just now:")
    await max_.presses("Mine is different")
    await max_.sees("Then let a person look at it.", buttons=["I still need a person"])
    await bob.catches_up(at=QUEUE)

    await bob.presses("Requests alike", at=QUEUE)
    await bob.sees("1 open request is alike:", "#1 The site does not open at all", buttons=["Link 1"], at=QUEUE)
    await bob.presses("Link 1", at=QUEUE)
    await ann.sees("This is broken for many just now:")
    await bob.catches_up(at=QUEUE)

    await desk.passes(minutes=31)
    await bob.sees("30 minutes without a word about the outage", buttons=["Tell news"], at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.presses("Tell news", at=QUEUE)
    await bob.fills(
        words="A cable was cut; it takes an hour", review=False, at=None if desk.stage.window(bob.native) else QUEUE
    )
    for one in (zoe, ann):
        await one.sees("News:", "A cable was cut")
    await max_.sees_nothing()
    await bob.catches_up(at=QUEUE)

    await bob.presses("It is over", at=QUEUE)
    await zoe.sees("It works again. Thank you for waiting.")
    await ann.sees("It works again. Thank you for waiting.")
    await ann.sees("#1", buttons=["Yes, it is solved", "Reopen"])
    await max_.sees_nothing()
    await people[0].sees_nothing()
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.says("/outage", at=QUEUE)
    await bob.sees("The outage is over", "A cable was cut", "About: site, open", "Told without a request: 1", at=QUEUE)
    await bob.sees("In 90 days I asked about an outage by myself: 1; false alarms: 0.", at=QUEUE)
    await zoe.says("the site does not open again")
    await zoe.sees("I don't have an answer to that yet.")


async def test_one_persons_flood_rings_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    for question in QUESTIONS:
        await ann.says(question)
        await ann.catches_up()
    await desk.passes(minutes=10)
    await bob.sees_nothing(at=QUEUE)


async def test_dismissed_it_is_not_asked_again_and_may_be_taken_up(desk: Desk, bob: Somebody):
    people = [desk.requester(f"Guest{n}") for n in range(len(QUESTIONS))]
    for person, question in zip(people, QUESTIONS, strict=True):
        await person.says(question)
        await person.catches_up()
    await desk.passes(minutes=2)
    await bob.presses("No", at=QUEUE)
    await bob.sees("Bob says it is none", buttons=["It is one after all"], at=QUEUE)
    for person, question in zip(people, QUESTIONS, strict=True):
        await person.says(question)
        await person.catches_up()
    await desk.passes(minutes=3)
    await bob.sees_nothing(at=QUEUE)
    await bob.presses("It is one after all", at=QUEUE)
    await bob.sees("Whoever asks alike will read at once:", at=QUEUE)


async def test_by_its_command_with_its_words(desk: Desk, ann: Somebody, bob: Somebody):
    await bob.says("/outage vpn: The VPN is down, we restart it", at=QUEUE)
    await bob.sees("Whoever asks about vpn will read at once:", "The VPN is down", buttons=["Declare it"], at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.sees("Outage", "The VPN is down, we restart it", at=QUEUE)
    await ann.says("my VPN does not connect")
    await ann.sees("This is broken for many just now:", "The VPN is down, we restart it")
    await bob.catches_up(at=QUEUE)


async def test_what_it_covers_is_told_to_those_alone_and_to_whoever_makes_a_request(
    desk: Desk, ann: Somebody, bob: Somebody
):
    """Ann is of Acme; a request of the type is of it whatever it says, and so is one in whose answers the words are."""
    await ann.says("/my")
    await ann.catches_up()

    def join(tx: Transaction) -> None:
        tx.companies.join(tx.companies.put("Acme", desk.clock.now()).id, tx.people.named("ann")[0].id)

    await desk.records(join)
    await bob.says("/outage type elephants: We know", at=QUEUE)
    await bob.sees("There is no request type “elephants”", at=QUEUE)
    await bob.says("/outage company elephants: We know", at=QUEUE)
    await bob.sees("There is no company “elephants”", at=QUEUE)
    await bob.says("/outage vpn, type billing question, company acme: The line to you is cut", at=QUEUE)
    await bob.sees("Whoever asks about vpn, Billing question, 🏢 Acme will read at once:", at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.sees("Outage", "About: vpn, Billing question, 🏢 Acme", at=QUEUE)
    zoe = desk.requester("Zoe")
    await zoe.says("my VPN does not connect")
    await zoe.sees("I don't have an answer to that yet.")
    await asked(zoe, "The printer jams", ticket=1)
    await asked(ann, "Charged twice", ticket=2)
    await ann.sees(
        "This is broken for many just now:", "The line to you is cut", "Request #2 is registered all the same"
    )
    await ann.says("/my")
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.presses("Requests alike", at=QUEUE)
    await bob.sees("1 open request is alike:", "#2 Charged twice", at=QUEUE)
    await bob.says("/outage", at=QUEUE)
    await bob.sees("Outage", "Told without a request: 0", at=QUEUE)
    await bob.catches_up(at=QUEUE)


async def test_requests_in_a_channel_ring_and_are_told_of_it_in_their_threads(desk: Desk, ann: Somebody, bob: Somebody):
    people = [ann, *(desk.requester(f"Guest{n}") for n in range(5))]
    await ruled(desk, outages={"people": 3})
    zoe = desk.requester("Zoe")
    room = await takes_requests(desk, "clients", *people, zoe, opens=EVERY, answer=False)
    for person, question in zip(people, QUESTIONS, strict=False):
        await person.says(question, at=room)
        await desk.settles()
    await desk.passes(minutes=2)
    await bob.sees("Is there an outage?", "6 people ask alike", "Requests about it: #6, #1, #4", at=QUEUE)
    await bob.presses("Yes, there is", at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    for person in people:
        await person.catches_up(at=room)
    await zoe.says("The site does not open for me either", at=room)
    await zoe.sees("this is request #7", at=room)
    await zoe.sees("This is broken for many just now:", "Request #7 is registered all the same", at=room)
    await bob.catches_up(at=QUEUE)


async def declared(bob: Somebody) -> None:
    """Bob has declared that the login of the site is broken, and linked the requests that are alike."""
    await bob.catches_up(at=QUEUE)
    await bob.says("/outage login, site: We know", at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.presses("Requests alike", at=QUEUE)
    await bob.catches_up(at=QUEUE)


async def test_all_requests_of_one_person_that_are_alike_are_of_it(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann, "The login page of the site is broken", ticket=1)
    await asked(ann, "The login to the site fails again", ticket=2)
    await asked(ann, "My login at the site is gone", ticket=3)
    await declared(bob)
    await bob.presses("Link 3", at=QUEUE)
    await bob.sees("requests linked: 3", at=QUEUE)
    await ann.catches_up()
    await bob.says("/outage out 2", at=QUEUE)
    await bob.sees("#2 is none of it.", at=QUEUE)
    await bob.sees("requests linked: 2", at=QUEUE)
    await bob.presses("It is over", at=QUEUE)
    await desk.passes(seconds=10)
    told = [line.text for line in await ann.catches_up()]
    assert sum("It works again" in text for text in told) == 1
    kinds = await desk.records(lambda tx: [tx.tickets.get(number).status for number in (1, 2, 3)])
    assert kinds == ["resolved", "new", "resolved"]
    await bob.catches_up(at=QUEUE)


async def test_who_says_that_theirs_is_different_keeps_their_request(desk: Desk, ann: Somebody, bob: Somebody):
    await bob.says("/outage login, site: We know", at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await ann.says("I cannot login at the site")
    known = await ann.sees(
        "This is broken for many just now:", buttons=["Tell me when it is over", "Mine is different"]
    )
    await asked(ann, "The login page of the site is broken")
    await bob.catches_up(at=QUEUE)
    await bob.presses("Requests alike", at=QUEUE)
    await bob.presses("Link 1", at=QUEUE)
    await ann.presses("Mine is different", on=known)
    await ann.catches_up()
    await bob.presses("It is over", at=QUEUE)
    await desk.passes(seconds=10)
    assert not any("It works again" in line.text for line in await ann.catches_up())
    assert await desk.records(lambda tx: tx.tickets.get(1).active)
    await bob.catches_up(at=QUEUE)


async def test_its_end_resolves_no_request_that_waits_for_a_yes(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await present(bob, eve)
    await at_home(bob, eve)
    await asked(ann, "The site does not open at all")
    await bob.says("/claim 1", at=QUEUE)
    await bob.says("/outage site, open: We are working on it.", at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.presses("Requests alike", at=QUEUE)
    await bob.presses("Link 1", at=QUEUE)
    await bob.says("/approval 1 Eve another provider costs 900", at=QUEUE)
    await eve.reads("another provider costs 900")
    await bob.presses("It is over", at=QUEUE)
    await ann.reads("It works again. Thank you for waiting.")
    await bob.reads(said_in("en", "outage.over_by_hand"), at=THREAD(1))
    assert (await desk.records(lambda tx: tx.tickets.get(1))).active
    for somebody in (ann, bob, eve):
        await somebody.catches_up()
    for at in (QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
        await eve.catches_up(at=at)
