"""Who may cause what, read off the routes themselves: whoever lacks the role of one is refused by it, in every chat they have."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from handlers.contents import CONTENTS
from handlers.turns.router import NAMED, Route
from handlers.vocabulary.messages import Event, Kind
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import Role
from storage.people.people import Person
from storage.transaction import Transaction
from tests.desk.scenes import alone
from tests.desk.test_acts import Staffed, caused

# What anybody may ask of the desk: their own requests, the articles that are theirs to read, their own settings.
ANYBODY = {
    Kind.COMMAND: "new faq start help my status language cancel history link notify privacy",
    Kind.PRESS: (
        "article helped favour need faq section favourites again my status withdraw speak switch about ask aim "
        "apart meant no_help amend amend_answer help_all faq_yes faq_no faq_missing announce_off outage_other outage_wait "
        "person not_request fill_private offer_yes offer_no join_own part_own privacy export erase_ask erase_yes erase_no "
        "pick pick_asset back skip clear fix resume submit drop confirm rate nps hear link_yes link_no link_undo step "
        "approve decline ask_changes answer_approval "  # whoever is asked: each looks for their own seat, or request
        "plan_suits plan_other plan_calendar visit visited"
    ),
    Kind.SUBMIT: "request rate_comment remark amend own_details approval_answer approval_changes approval_no",
    Kind.FETCHED: "code_answer unfetched",  # what whoever sent a file hears of it
}
TEAMS = [
    route
    for route in CONTENTS.router.routes.values()
    if route.kind in NAMED and route.kind is not Kind.TIMER and route.role.rank
]


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; who may cause what asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


def test_what_anybody_may_is_listed_and_everything_else_asks_for_a_role():
    for kind, names in ANYBODY.items():
        open_to_all = {
            name for (of, name), route in CONTENTS.router.routes.items() if of is kind and route.role is Role.REQUESTER
        }
        assert open_to_all == set(names.split()), (
            f"{kind}: who may is said in handlers/vocabulary/acts.py, and here if all may"
        )


@pytest.mark.parametrize("who", ["requester", "left"])
async def test_every_route_of_the_team_refuses_whoever_is_not_of_it(database: Database, who: str):
    """A command typed, an old button pressed, a window submitted that stood open: by a requester, or by who was an agent."""

    def story(connection: Any) -> None:
        scene = Staffed(Transaction(connection)).begin("resolve", Role.AGENT)
        person = scene.person("Lea") if who == "requester" else left(scene)
        for route in TEAMS:
            event = caused(scene, route, person)
            own = replace(event, chat=person.chat, private=True, thread="")
            alone(scene.tx, partial(refused, scene, route, own, "not_yours"))
            if route.kind in (Kind.PRESS, Kind.SUBMIT):  # words would prove a membership
                alone(scene.tx, partial(refused, scene, route, event, "not_member"))

    def refused(scene: Staffed, route: Route, event: Event, reason: str) -> None:
        scene.refusals.clear()
        scene.gives(event)
        assert scene.refusals == [reason], f"{route.kind} {route.name}"

    await database.run(story)


async def test_every_route_of_a_higher_role_refuses_a_lower_one(database: Database):
    def story(connection: Any) -> None:
        scene = Staffed(Transaction(connection)).begin("resolve", Role.AGENT)
        for role, person in scene.team.items():
            for route in (route for route in TEAMS if route.role.rank > role.rank):
                alone(scene.tx, partial(refused, scene, route, caused(scene, route, person)))

    def refused(scene: Staffed, route: Route, event: Event) -> None:
        assert scene.refused(event), f"{route.kind} {route.name}"

    await database.run(story)


def left(scene: Staffed) -> Person:
    """Return somebody who was an agent until a moment ago."""
    person = scene.person("Lea", Role.AGENT)
    scene.tx.channels.leave(scene.channel.id, person.id, scene.at)
    return scene.tx.people.of_account(person.account_id)
