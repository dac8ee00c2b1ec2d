"""The app's front page: what stands on it for whom, and that it follows what happens, however much that is."""

import pytest

from bot.app import App
from bot.sandbox.slack import Person, Rates, Room, SlackSandbox
from handlers.home import updates
from storage.desk.articles import Articles
from storage.engine.database import Connection
from tests.slack.conftest import Open, registered


def buttons(person: Person) -> list[str]:
    """Return the buttons of somebody's front page."""
    return person.home.buttons if person.home else []


def has(person: Person, text: str) -> bool:
    """Return whether a button of somebody's front page shows this."""
    return any(text in button for button in buttons(person))


async def article(app: App) -> int:
    """Let there be an answer that did not help, and words proposed as its alias; return its number."""

    def work(connection: Connection) -> int:
        articles, at = Articles(connection), app.clock.now()
        facts = {"language": "en", "question": "How do I reset my password?", "answer": "On the sign-in page."}
        added = articles.add(by=None, at=at, **facts)
        articles.count(added.id, "not_helped")
        articles.propose(added.id, "forgot my pass word", by=None, at=at)
        return added.id

    return await app.database.run(work)


async def at_work(sandbox: SlackSandbox, team: Room, *agents: Person) -> None:
    """Let agents be seen in the team channel."""
    known = len(team.texts)
    for agent in agents:
        agent.runs("/desk queue", at=team)
    await sandbox.until(lambda: len(team.texts) == known + len(agents))


async def test_the_front_page_of_a_requester_follows_their_request(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        ann.opens_home()
        await sandbox.until(lambda: ann.home and "New request" in ann.home.buttons)
        card = await registered(sandbox, ann, team)
        await sandbox.until(lambda: ann.home and any("#1" in button for button in ann.home.buttons))
        bob.presses("Resolve", at=card)
        await sandbox.until(lambda: any("Resolve all the same" in seen.buttons for seen in team.messages))
        bob.presses("Resolve all the same", at=card)
        await sandbox.until(lambda: ann.home and any("resolved" in button for button in ann.home.buttons))
        assert ann.home is not None
        ann.presses("New request", at=ann.home)
        await sandbox.until(lambda: ann.modal)


async def test_the_front_page_of_an_agent_shows_the_queue_and_follows_a_claim(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        await registered(sandbox, ann, team)
        bob.runs("/desk queue", at=team)
        await sandbox.until(lambda: team.find("1 ticket in the queue"))
        bob.opens_home()
        await sandbox.until(lambda: bob.home and any("#1" in button for button in bob.home.buttons))
        bob.presses("Claim", at=team)
        await sandbox.until(lambda: bob.home and any("· bob" in button for button in bob.home.buttons))


async def test_nobodys_front_page_is_drawn_who_never_opened_it(
    opened: Open, sandbox: SlackSandbox, ann: Person, team: Room
):
    async with opened():
        await registered(sandbox, ann, team)
        assert sandbox.calls_of("views.publish") == []


async def test_an_agent_chooses_what_of_the_queue_the_front_page_shows(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await registered(sandbox, ann, team)
        await at_work(sandbox, team, bob)
        bob.opens_home()
        await sandbox.until(lambda: {"All: 1", "Nobody's: 1", "Mine: 0", "Overdue: 0"} <= set(buttons(bob)))
        bob.presses("Mine", at=bob.home)
        await sandbox.until(lambda: bob.home and "Nothing waits here." in bob.home.text)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: {"Mine: 1", "Nobody's: 0"} <= set(buttons(bob)) and has(bob, "· bob"))
        bob.presses("Nobody's", at=bob.home)
        await sandbox.until(lambda: not has(bob, "· bob"))


async def test_every_agents_front_page_follows_what_others_do(
    opened: Open, sandbox: SlackSandbox, ann: Person, team: Room, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(updates, "TOGETHER", 2)  # pages of a turn: the rest comes in the next
    agents = [sandbox.person(f"Agent {number}") for number in range(5)]
    for agent in agents:
        agent.joins(team)
    async with opened():
        await at_work(sandbox, team, *agents)
        for agent in agents:
            agent.opens_home()
        await sandbox.until(lambda: all("All: 0" in buttons(agent) for agent in agents))
        card = await registered(sandbox, ann, team)
        await sandbox.until(lambda: all("All: 1" in buttons(agent) for agent in agents))
        agents[0].presses("Claim", at=card)
        await sandbox.until(lambda: all(has(agent, "· agent.0") for agent in agents))


async def test_a_hundred_changes_are_a_few_looks(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    eve = sandbox.person("Eve")
    eve.joins(team)
    async with opened(slack_per_channel_per_second=1000) as app:  # as fast as Slack takes it
        await registered(sandbox, ann, team)
        await at_work(sandbox, team, eve)
        eve.opens_home()
        await sandbox.until(lambda: has(eve, "#1"))
        sandbox.set_rates(Rates(posts_per_second=1000, post_burst=1000, special=100_000))
        known = len(sandbox.calls_of("views.publish"))
        for number in range(100):
            bob.runs(f"/desk priority 1 {('high', 'low')[number % 2]}", at=team)
        await sandbox.until(lambda: has(eve, "🔹 #1") or has(eve, "🔹"))
        await sandbox.settled()
        await app.at_rest()
        looks = sandbox.calls_of("views.publish")[known:]
        assert len(looks) <= 10
        assert not [call for call in looks if call.error]


async def test_an_admin_curates_the_answers_on_the_front_page(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened(admins=f"slack:{bob.id}") as app:
        number = await article(app)
        ann.says("where is the canteen")
        await sandbox.until(lambda: ann.chat.texts)
        bob.opens_home()
        await sandbox.until(lambda: bob.home and "×1 where is the canteen" in bob.home.text)
        assert has(bob, f"#{number} How do I reset my password? 👍0 👎1")

        bob.presses("Take: forgot", at=bob.home)
        await sandbox.until(lambda: not has(bob, "Take: forgot"))
        bob.presses("Answer: where is the canteen", at=bob.home)
        await sandbox.until(lambda: bob.modal)
        assert bob.modal is not None
        assert bob.modal.fields["question"].value == "where is the canteen"
        bob.fills({"answer": "On the ground floor.", "language": "English"})
        bob.submits()
        await sandbox.until(lambda: bob.home and "canteen" not in bob.home.text)
        ann.says("where is the canteen?")
        await sandbox.until(lambda: ann.chat.find("On the ground floor."))

        bob.presses("Add an answer", at=bob.home)
        await sandbox.until(lambda: bob.modal and "answer" in bob.modal.fields)


async def test_a_front_page_that_nobody_can_see_holds_up_nothing(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        sandbox.faults.error("not_enabled", method="views.publish", times=None)
        ann.opens_home()
        await registered(sandbox, ann, team)
        await sandbox.until(lambda: ann.chat.find("#1 is registered"))
